"""Webhooks from the signed request to the row in NetBox, and everything that must not come of a request."""

import json
import uuid
from datetime import timedelta
from unittest import mock

import requests
from core.models import Job
from django.test import Client, LiveServerTestCase, TestCase
from django.urls import reverse
from django.utils import timezone
from django_rq import get_queue
from redis.exceptions import ConnectionError as QueueDown
from utilities.testing.mixins import RQQueueTestMixin

from netbox_hedgehog.jobs import SweepJob
from netbox_hedgehog.models import (
    FabricState,
    GitRepository,
    Server,
    SyncRun,
    WebhookDelivery,
    WebhookState,
)
from netbox_hedgehog.models.secrets import encrypt
from netbox_hedgehog.repositories.github.signature import sign
from netbox_hedgehog.sync import BidirectionalSyncOrchestrator
from netbox_hedgehog.sync.webhooks import install_webhook
from netbox_hedgehog.tests.documents import server
from netbox_hedgehog.tests.faces.everything import nothing_changes
from netbox_hedgehog.tests.sync.base import SyncFixture
from netbox_hedgehog.tests.worktree import git

SECRET = 'correct horse battery staple'
ZERO = '0' * 40


class WebhookFixture(SyncFixture, RQQueueTestMixin):
    """A fabric that is in sync, and a server that calls for it."""

    def setUp(self):
        super().setUp()
        self.sync()
        self.state = WebhookState.objects.create(repository=self.repository, secret=encrypt(SECRET))
        self.caller = Client(enforce_csrf_checks=True)
        Job.objects.all().delete()
        self.clear_rq_queues()

    def url(self, repository=None):
        key = (repository or self.repository).pk
        return reverse('plugins:netbox_hedgehog:github_webhook', args=[key])

    def call(
        self,
        payload,
        *,
        event='push',
        secret=SECRET,
        guid=None,
        url=None,
        content_type='application/json',
        signature=None,
        **headers,
    ):
        """Send a request as GitHub would, and let the callbacks of its transaction run."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        signature = sign(secret, body) if signature is None else signature
        headers |= {'X-GitHub-Event': event, 'X-GitHub-Delivery': str(guid or uuid.uuid4())}
        headers |= {'X-Hub-Signature-256': signature} if signature else {}
        with self.captureOnCommitCallbacks(execute=True):
            return self.caller.post(url or self.url(), body, content_type=content_type, headers=headers)

    def push_payload(self, after, *, branch='main', **more):
        return {'ref': f'refs/heads/{branch}', 'before': ZERO, 'after': after, 'forced': False, **more}

    def edit_in_git(self, number=1, fabric='dc1'):
        self.work.pull()
        self.work.write(f'fabrics/{fabric}/gitops/managed/servers/server-{number:02}.yaml', server(number))
        return self.work.push()

    def work_off(self):
        """Do what is queued for now, as a worker would, outside of any transaction."""
        with self.captureOnCommitCallbacks(execute=True):
            self.run_rq_jobs('default')

    def look_again(self):
        """Do what is scheduled for later, as if the time had come."""
        queue = get_queue('default')
        for key in queue.scheduled_job_registry.get_job_ids():
            job = queue.fetch_job(key)
            queue.scheduled_job_registry.remove(job)
            queue.enqueue_job(job)
        self.work_off()

    def servers(self):
        return set(Server.objects.values_list('name', flat=True))

    def delivery(self):
        return WebhookDelivery.objects.get()


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


class RefusalTests(WebhookFixture, TestCase):
    """What is not proved to come from the server leaves no trace but a count."""

    def assert_refused(self, response, status=403):
        assert response.status_code == status, response.content
        assert not Job.objects.exists()
        assert not WebhookDelivery.objects.exists()
        return response.content

    def test_a_call_that_is_not_genuine_is_refused_with_one_and_the_same_text(self):
        payload = self.push_payload(self.edit_in_git())
        body = json.dumps(payload).encode()
        other = GitRepository.objects.create(name='other', url=str(self.root / 'other.git'))
        empty = GitRepository.objects.create(name='empty', url=str(self.root / 'empty.git'))
        WebhookState.objects.create(repository=other, secret=encrypt('another secret'))
        WebhookState.objects.create(repository=empty)
        missing = reverse('plugins:netbox_hedgehog:github_webhook', args=[9999])
        enormous = missing.replace('9999', '9' * 30)
        answers = {
            self.assert_refused(self.call(payload, secret='wrong')),
            self.assert_refused(self.call(payload, signature='')),
            self.assert_refused(self.call(payload, signature='sha256=')),
            self.assert_refused(self.call(payload, signature='sha256=' + '0' * 64)),
            self.assert_refused(self.call(payload, signature=sign(SECRET, body).upper())),
            self.assert_refused(self.call(payload, signature=sign(SECRET, body).replace('sha256', 'sha1'))),
            self.assert_refused(self.call(payload, signature=sign(SECRET, body + b' '))),
            self.assert_refused(self.call(payload, signature='sha256=\u00e9')),
            self.assert_refused(self.call(payload, secret='', url=self.url(empty))),
            self.assert_refused(self.call(payload, url=self.url(other))),
            self.assert_refused(self.call(payload, url=missing)),
            self.assert_refused(self.call(payload, url=enormous)),
            self.assert_refused(self.call(b'{broken', secret='wrong')),
            self.assert_refused(self.call(payload, secret='wrong', content_type='text/plain')),
        }
        assert len(answers) == 1
        self.state.refresh_from_db()
        assert self.state.last_delivery is None

    def test_nothing_but_the_count_changes(self):
        payload = self.push_payload(self.edit_in_git())
        self.call(payload, secret='wrong')
        with nothing_changes(self.root):
            for _time in range(3):
                self.call(payload, secret='wrong')
        self.state.refresh_from_db()
        assert self.state.rejections == 1
        assert self.state.last_rejection

    def test_rejections_of_another_second_are_counted(self):
        payload = self.push_payload('1' * 40)
        self.call(payload, secret='wrong')
        WebhookState.objects.update(last_rejection=timezone.now() - timedelta(seconds=2))
        self.call(payload, secret='wrong')
        self.state.refresh_from_db()
        assert self.state.rejections == 2

    def test_a_refused_call_leaves_no_session(self):
        response = self.call(self.push_payload('1' * 40), secret='wrong')
        assert not response.cookies

    def test_only_post_is_answered(self):
        for method in ('get', 'head', 'put', 'patch', 'delete', 'options', 'trace'):
            assert getattr(self.caller, method)(self.url()).status_code == 405

    def test_what_is_too_large_is_refused_before_it_is_proved(self):
        body = b'"' + b'x' * (25 * 1024 * 1024) + b'"'
        self.assert_refused(self.call(body), status=413)

    def test_what_declares_itself_too_large_is_not_read(self):
        with mock.patch('django.http.HttpRequest.read', side_effect=AssertionError):
            response = self.caller.post(
                self.url(), b'{}', content_type='application/json', headers={'Content-Length': str(2**40)}
            )
        self.assert_refused(response, status=413)

    def test_a_body_larger_than_a_form_may_be_is_accepted(self):
        commits = [{'id': str(number) * 40, 'message': 'x' * 5000} for number in range(1000)]
        response = self.call(self.push_payload(self.edit_in_git(), commits=commits))
        assert response.status_code == 202
        self.work_off()
        assert self.servers() == {'server-01'}

    def test_a_genuine_call_that_is_no_json_is_refused(self):
        self.assert_refused(self.call(b'payload=%7B%7D', content_type='application/x-www-form-urlencoded'), status=415)
        self.assert_refused(self.call(self.push_payload('1' * 40), content_type='text/plain'), status=415)
        for body in (b'{', b'[]', b'\xff', b'{"ref": 1, "after": 2}'):
            self.assert_refused(self.call(body), status=400)

    def test_a_delivery_without_a_usable_id_is_refused(self):
        payload = self.push_payload('1' * 40)
        body = json.dumps(payload).encode()
        headers = {'X-GitHub-Event': 'push', 'X-Hub-Signature-256': sign(SECRET, body)}
        response = self.caller.post(self.url(), body, content_type='application/json', headers=headers)
        self.assert_refused(response, status=400)
        self.assert_refused(self.call(payload, guid='x' * 101), status=400)

    def test_a_ping_is_answered(self):
        response = self.call({'zen': 'Keep it logically awesome.', 'hook_id': 1}, event='ping')
        assert response.status_code == 200
        self.state.refresh_from_db()
        assert self.state.last_delivery
        assert not WebhookDelivery.objects.exists()

    def test_events_that_concern_no_fabric_are_ignored(self):
        assert self.call({'action': 'opened'}, event='issues').status_code == 202
        assert not WebhookDelivery.objects.exists()
        assert not Job.objects.exists()


class SecretTests(WebhookFixture, TestCase):
    def test_while_a_secret_is_replaced_both_are_valid_and_the_first_call_ends_the_old_one(self):
        new = install_webhook(self.repository, 'https://netbox.example.com/', replace_secret=True).secret
        assert len(new) == 64
        assert self.call({}, event='ping').status_code == 200, 'the former secret'
        assert self.call({}, event='ping', secret=new).status_code == 200
        assert self.call({}, event='ping').status_code == 403
        assert self.call({}, event='ping', secret=new).status_code == 200

    def test_replacing_twice_keeps_the_one_that_the_server_knows(self):
        for _time in range(2):
            new = install_webhook(self.repository, 'https://netbox.example.com/', replace_secret=True).secret
        assert self.call({}, event='ping').status_code == 200
        assert self.call({}, event='ping', secret=new).status_code == 200

    def test_a_secret_that_the_server_confirmed_is_the_former_one(self):
        WebhookState.objects.update(previous_secret=encrypt('from long ago'), is_told=True)
        new = install_webhook(self.repository, 'https://netbox.example.com/', replace_secret=True).secret
        assert self.call({}, event='ping', secret='from long ago').status_code == 403
        assert self.call({}, event='ping').status_code == 200
        assert self.call({}, event='ping', secret=new).status_code == 200

    def test_a_secret_that_cannot_be_decrypted_refuses_everything(self):
        WebhookState.objects.update(secret='gAAAAA', previous_secret='')
        assert self.call({}, event='ping').status_code == 403
        assert self.call({}, event='ping', secret='').status_code == 403


class LiveTests(SyncFixture, RQQueueTestMixin, LiveServerTestCase):
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
