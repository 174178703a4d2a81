"""Webhooks from the signed request to the row in NetBox."""

import json
import uuid
from datetime import timedelta
from unittest import mock

import requests
from core.models import Job
from django.test import LiveServerTestCase, TestCase
from django.urls import reverse
from django.utils import timezone
from django_rq import get_queue
from redis.exceptions import ConnectionError as QueueDown

from netbox_hedgehog.jobs import SweepJob
from netbox_hedgehog.models import FabricState, GitRepository, Server, SyncRun, WebhookDelivery, WebhookState
from netbox_hedgehog.models.secrets import encrypt
from netbox_hedgehog.repositories.github.signature import sign
from netbox_hedgehog.sync import BidirectionalSyncOrchestrator
from netbox_hedgehog.tests.documents import server
from netbox_hedgehog.tests.emptying import EmptiedAfterwards
from netbox_hedgehog.tests.queues import OwnQueues
from netbox_hedgehog.tests.sync.base import SyncFixture
from netbox_hedgehog.tests.sync.webhook_calls import SECRET, ZERO, WebhookFixture
from netbox_hedgehog.tests.worktree import git


class PushTests(WebhookFixture, TestCase):
    def test_a_push_reaches_netbox(self):
        commit = self.edit_in_git()
        response = self.call(self.push_payload(commit))
        assert response.status_code == 202
        assert self.delivery().status == 'received'
        assert self.delivery().fabrics == [self.fabric.pk]
        self.work_off()
        assert self.servers() == {'server-01'}
        run = SyncRun.objects.first()
        assert (run.trigger, run.commit_after) == ('webhook', commit)
        assert self.delivery().status == 'processed'
        assert self.delivery().completed
        self.state.refresh_from_db()
        assert self.state.last_delivery
        assert self.state.rejections == 0

    def test_the_payload_is_a_hint_and_its_content_is_not_believed(self):
        commit = self.edit_in_git()
        lies = {
            'repository': {'full_name': 'evil/other', 'clone_url': 'https://evil.example.com/other.git'},
            'commits': [{'id': commit, 'added': ['fabrics/dc1/gitops/managed/servers/server-66.yaml'], 'removed': []}],
            'deleted': True,
        }
        self.call(self.push_payload(commit, **lies))
        self.work_off()
        assert self.servers() == {'server-01'}

    def test_a_processed_delivery_is_not_processed_again(self):
        payload = self.push_payload(self.edit_in_git())
        guid = uuid.uuid4()
        self.call(payload, guid=guid)
        self.work_off()
        runs, jobs = SyncRun.objects.count(), Job.objects.count()
        response = self.call(payload, guid=guid)
        assert response.status_code == 200
        assert b'already processed' in response.content
        assert (SyncRun.objects.count(), Job.objects.count()) == (runs, jobs)
        assert WebhookDelivery.objects.count() == 1

    def test_a_delivery_that_arrives_twice_at_once_makes_one_pass(self):
        payload = self.push_payload(self.edit_in_git())
        guid = uuid.uuid4()
        for _time in range(2):
            assert self.call(payload, guid=guid).status_code == 202
        assert Job.objects.count() == 1
        self.work_off()
        assert self.delivery().status == 'processed'

    def test_two_repositories_may_get_the_same_event(self):
        other = GitRepository.objects.create(name='other', url=str(self.root / 'other.git'))
        WebhookState.objects.create(repository=other, secret=encrypt(SECRET))
        payload, guid = self.push_payload(self.edit_in_git()), uuid.uuid4()
        self.call(payload, guid=guid, url=self.url(other))
        assert not Job.objects.exists()
        self.call(payload, guid=guid)
        self.work_off()
        assert self.servers() == {'server-01'}

    def test_a_failed_delivery_runs_when_it_is_delivered_again(self):
        payload, guid = self.push_payload(self.edit_in_git()), uuid.uuid4()
        away = self.root / 'away.git'
        self.bare.rename(away)
        self.call(payload, guid=guid)
        self.work_off()
        assert self.delivery().status == 'failed'
        assert FabricState.objects.get().retry_at > timezone.now()
        away.rename(self.bare)
        assert self.call(payload, guid=guid).status_code == 202
        self.work_off()
        assert self.servers() == {'server-01'}
        assert self.delivery().status == 'processed'

    def test_a_new_delivery_waits_for_a_repository_that_failed(self):
        self.bare.rename(self.root / 'away.git')
        self.attempt()
        runs = SyncRun.objects.count()
        self.call(self.push_payload('1' * 40))
        self.work_off()
        assert SyncRun.objects.count() == runs
        assert self.delivery().status == 'received'

    def test_a_later_pass_completes_a_failed_delivery(self):
        payload = self.push_payload(self.edit_in_git())
        away = self.root / 'away.git'
        self.bare.rename(away)
        self.call(payload)
        self.work_off()
        away.rename(self.bare)
        FabricState.objects.update(retry_at=None)
        self.sweep()
        assert self.servers() == {'server-01'}
        assert self.delivery().status == 'processed'

    def test_deliveries_out_of_order_cost_no_second_pass(self):
        first, second = self.edit_in_git(1), self.edit_in_git(2)
        self.call(self.push_payload(second))
        self.call(self.push_payload(first))
        assert Job.objects.count() == 1
        self.work_off()
        runs = SyncRun.objects.count()
        late = self.call(self.push_payload(first))
        assert late.status_code == 202
        self.work_off()
        self.look_again()
        assert SyncRun.objects.count() == runs
        assert self.servers() == {'server-01', 'server-02'}
        assert set(WebhookDelivery.objects.values_list('status', flat=True)) == {'processed'}

    def test_many_deliveries_are_answered_by_one_pass(self):
        commits = [self.edit_in_git(number) for number in (1, 2, 3)]
        runs = SyncRun.objects.count()
        for number in range(70):
            self.call(self.push_payload(commits[number % 3]))
        assert Job.objects.count() == 1
        self.work_off()
        assert SyncRun.objects.count() == runs + 1
        assert set(WebhookDelivery.objects.values_list('status', flat=True)) == {'processed'}

    def test_while_a_pass_is_running_one_more_is_queued(self):
        self.call(self.push_payload('1' * 40))
        Job.objects.update(status='running')
        for number in range(2, 5):
            self.call(self.push_payload(str(number) * 40))
        assert sorted(Job.objects.values_list('status', flat=True)) == ['pending', 'running']

    def test_a_lost_delivery_is_healed_by_the_poll(self):
        self.edit_in_git()
        self.sweep()
        assert self.servers() == {'server-01'}
        assert SyncRun.objects.first().trigger == 'schedule'

    def test_our_own_commit_causes_no_work(self):
        Server.objects.create(fabric=self.fabric, name='server-07')
        self.sync()
        runs = SyncRun.objects.count()
        response = self.call(self.push_payload(self.work.commits()[0]))
        assert response.status_code == 202
        assert self.delivery().status == 'processed'
        assert not Job.objects.exists()
        assert SyncRun.objects.count() == runs

    def test_our_own_commit_causes_no_work_if_its_call_comes_before_its_record(self):
        Server.objects.create(fabric=self.fabric, name='server-07')
        self.sync()
        commit, runs = self.work.commits()[0], SyncRun.objects.count()
        unrecorded = {'_is_ours': mock.DEFAULT, '_has_compared': mock.DEFAULT}
        with mock.patch.multiple('netbox_hedgehog.sync.deliveries', **unrecorded) as answers:
            for answer in answers.values():
                answer.return_value = False
            self.call(self.push_payload(commit))
        self.work_off()
        assert SyncRun.objects.count() == runs
        assert self.delivery().status == 'processed'

    def test_a_commit_that_was_compared_already_causes_no_work(self):
        commit = self.edit_in_git()
        self.sync()
        self.call(self.push_payload(commit))
        assert not Job.objects.exists()
        assert self.delivery().status == 'processed'

    def test_a_rewind_to_a_commit_that_was_compared_is_looked_at(self):
        before = self.work.commits()[0]
        self.edit_in_git()
        self.sync()
        git(self.bare, 'update-ref', 'refs/heads/main', before)
        self.call(self.push_payload(before, forced=True))
        assert Job.objects.count() == 1
        self.work_off()
        assert self.servers() == {'server-01'}, 'a rewritten history deletes nothing'
        assert self.delivery().status == 'processed'

    def test_a_branch_of_no_fabric_is_answered_and_left_alone(self):
        for branch in ('feature', 'mai', 'main/x', 'x' * 300):
            assert self.call(self.push_payload('1' * 40, branch=branch)).status_code == 202
        assert self.call({'ref': 'refs/tags/main', 'after': '1' * 40}).status_code == 202
        assert not Job.objects.exists()
        assert set(WebhookDelivery.objects.values_list('status', flat=True)) == {'processed'}

    def test_a_paused_fabric_is_left_alone(self):
        self.pause()
        assert self.call(self.push_payload(self.edit_in_git())).status_code == 202
        assert not Job.objects.exists()
        assert self.delivery().status == 'processed'

    def test_every_fabric_of_the_branch_looks_and_the_last_completes_the_delivery(self):
        second = self.make_fabric('dc2')
        self.sync_both(second)
        commit = self.edit_in_git(5, fabric='dc2')
        self.call(self.push_payload(commit))
        assert set(self.delivery().fabrics) == {self.fabric.pk, second.pk}
        first, last = Job.objects.order_by('pk')
        self.perform(first)
        assert self.delivery().status == 'received'
        self.perform(last)
        assert self.delivery().status == 'processed'
        assert Server.objects.get().fabric == second

    def test_one_fabric_that_fails_keeps_the_delivery_failed_until_it_is_well(self):
        second = self.make_fabric('dc2')
        self.sync_both(second)
        commit = self.edit_in_git(5, fabric='dc2')
        self.call(self.push_payload(commit))
        first, last = Job.objects.order_by('pk')
        away = self.root / 'away.git'
        self.bare.rename(away)
        self.perform(first)
        away.rename(self.bare)
        self.perform(last)
        assert self.delivery().status == 'failed'
        assert self.delivery().fabrics == [self.fabric.pk]
        FabricState.objects.update(retry_at=None)
        self.sweep()
        assert self.delivery().status == 'processed'

    def sync_both(self, second):
        for fabric in (second, self.fabric):
            BidirectionalSyncOrchestrator(fabric).run()
        Job.objects.all().delete()
        self.clear_rq_queues()

    def perform(self, job):
        queue = get_queue('default')
        queued = queue.fetch_job(str(job.job_id))
        queue.remove(queued)
        queued.perform()

    def sweep(self):
        """Make the round that is made each minute, half a minute from now, and what it queues."""
        WebhookDelivery.objects.update(received=timezone.now() - timedelta(seconds=40))
        Job.objects.filter(status__in=('pending', 'scheduled')).update(created=timezone.now() - timedelta(hours=1))
        with self.captureOnCommitCallbacks(execute=True):
            SweepJob.enqueue(immediate=True)
        self.work_off()


class LagTests(WebhookFixture, TestCase):
    """A server may call before it shows the commit."""

    def setUp(self):
        super().setUp()
        self.head = self.work.commits()[0]
        self.commit = self.edit_in_git()
        self.show(self.head)

    def show(self, commit):
        git(self.bare, 'update-ref', 'refs/heads/main', commit)

    def test_the_branch_is_looked_at_again_until_it_shows_the_commit(self):
        runs = SyncRun.objects.count()
        self.call(self.push_payload(self.commit))
        self.work_off()
        assert self.servers() == set()
        assert SyncRun.objects.count() == runs
        assert self.delivery().status == 'received'
        self.look_again()
        self.show(self.commit)
        self.look_again()
        assert self.servers() == {'server-01'}
        assert self.delivery().status == 'processed'
        assert not Job.objects.filter(status='scheduled').exists()

    def test_after_three_looks_it_is_left_to_the_poll(self):
        self.call(self.push_payload(self.commit))
        self.work_off()
        for seconds in (3, 10, 30):
            job = Job.objects.get(status='scheduled')
            assert round((job.scheduled - job.created).total_seconds()) == seconds
            self.look_again()
        assert not Job.objects.filter(status='scheduled').exists()
        assert self.delivery().status == 'processed'
        self.show(self.commit)
        with self.captureOnCommitCallbacks(execute=True):
            SweepJob.enqueue(immediate=True)
        self.work_off()
        assert self.servers() == {'server-01'}

    def test_a_save_does_not_wait_for_the_next_look(self):
        self.call(self.push_payload(self.commit))
        self.work_off()
        self.look_again()
        with self.captureOnCommitCallbacks(execute=True):
            Server.objects.create(fabric=self.fabric, name='server-07')
        looks, saves = Job.objects.filter(status='scheduled').order_by('-scheduled')
        assert saves.scheduled < looks.scheduled

    def test_a_commit_that_was_pushed_over_is_let_go(self):
        self.call(self.push_payload('1' * 40))
        self.work_off()
        for _look in range(3):
            self.look_again()
        assert self.delivery().status == 'processed'
        assert not Job.objects.filter(status='scheduled').exists()


class SweepTests(WebhookFixture, TestCase):
    def sweep(self):
        with self.captureOnCommitCallbacks(execute=True):
            SweepJob.enqueue(immediate=True)

    def test_what_has_just_arrived_is_not_overdue(self):
        with mock.patch('netbox_hedgehog.views.webhooks.wake_now'):
            self.call(self.push_payload('1' * 40))
        self.sweep()
        assert not Job.objects.filter(name='Hedgehog fabric sync').exists()

    def test_old_deliveries_are_forgotten(self):
        self.call(self.push_payload('1' * 40, branch='other'))
        self.call(self.push_payload('2' * 40, branch='other'))
        newest = WebhookDelivery.objects.first()
        WebhookDelivery.objects.exclude(pk=newest.pk).update(received=timezone.now() - timedelta(days=8))
        self.sweep()
        assert self.delivery() == newest

    def test_a_fabric_that_was_paused_or_deleted_meanwhile_is_not_waited_for(self):
        second = self.make_fabric('dc2')
        self.call(self.push_payload('1' * 40))
        WebhookDelivery.objects.update(received=timezone.now() - timedelta(seconds=40))
        self.pause()
        second.delete()
        self.sweep()
        assert self.delivery().status == 'processed'


class PullRequestTests(WebhookFixture, TestCase):
    def setUp(self):
        super().setUp()
        FabricState.objects.update(proposal={'number': 7, 'status': 'open'})

    def test_the_fabric_of_a_closed_request_is_woken(self):
        assert self.call({'action': 'closed', 'number': 7}, event='pull_request').status_code == 202
        assert Job.objects.count() == 1
        assert self.delivery().fabrics == [self.fabric.pk]

    def test_other_requests_and_other_actions_wake_nobody(self):
        for action, number in (('closed', 8), ('labeled', 7)):
            assert self.call({'action': action, 'number': number}, event='pull_request').status_code == 202
        assert not Job.objects.exists()


class LiveTests(SyncFixture, OwnQueues, EmptiedAfterwards, LiveServerTestCase):
    """Over real HTTP, without a transaction around it."""

    def setUp(self):
        super().setUp()
        self.sync()
        WebhookState.objects.create(repository=self.repository, secret=encrypt(SECRET))
        Job.objects.all().delete()
        self.clear_rq_queues()
        self.work.pull()
        self.work.write(self.path('managed/servers/server-01.yaml'), server(1))
        self.commit = self.work.push()

    def call(self, secret=SECRET):
        path = reverse('plugins:netbox_hedgehog:github_webhook', args=[self.repository.pk])
        body = json.dumps({'ref': 'refs/heads/main', 'before': ZERO, 'after': self.commit}).encode()
        headers = {
            'Content-Type': 'application/json',
            'X-GitHub-Event': 'push',
            'X-GitHub-Delivery': str(uuid.uuid4()),
            'X-Hub-Signature-256': sign(secret, body),
        }
        return requests.post(self.live_server_url + path, body, headers=headers, timeout=30, allow_redirects=False)

    def test_a_signed_request_reaches_netbox(self):
        assert self.call(secret='wrong').status_code == 403
        response = self.call()
        assert response.status_code == 202
        assert not response.cookies
        assert response.elapsed < timedelta(seconds=10)
        self.run_rq_jobs('default')
        assert Server.objects.get().name == 'server-01'
        assert WebhookDelivery.objects.get().status == 'processed'

    def test_a_call_while_the_queue_is_down_is_accepted_and_the_sweep_finds_it(self):
        with mock.patch('django_rq.queues.DjangoRQ.enqueue', side_effect=QueueDown('no route')):
            response = self.call()
        assert response.status_code == 202
        assert WebhookDelivery.objects.get().status == 'received'
        self.run_rq_jobs('default')
        assert not Server.objects.exists()
        WebhookDelivery.objects.update(received=timezone.now() - timedelta(seconds=40))
        Job.objects.update(created=timezone.now() - timedelta(seconds=90))
        SweepJob.enqueue(immediate=True)
        self.run_rq_jobs('default')
        assert Server.objects.get().name == 'server-01'
        assert SyncRun.objects.first().trigger == 'webhook'
        assert WebhookDelivery.objects.get().status == 'processed'
