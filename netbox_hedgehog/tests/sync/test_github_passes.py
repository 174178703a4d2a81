"""When a fabric on GitHub is looked at, and which of its passes wait: for the reserve of people, and for a limit."""

from datetime import UTC, datetime, timedelta

import pytest
from core.models import Job
from django.test import TestCase
from django.utils import timezone
from django_rq import get_queue

from netbox_hedgehog.jobs import SweepJob, SyncFabricJob
from netbox_hedgehog.models import CredentialState, FabricState, RunStatusChoices, RunTriggerChoices, SyncRun
from netbox_hedgehog.repositories import RateLimited
from netbox_hedgehog.repositories.github import Spending
from netbox_hedgehog.sync.opening import ledger_for
from netbox_hedgehog.sync.schedule import outlook_of
from netbox_hedgehog.tests.github import Fault, FaultKind
from netbox_hedgehog.tests.queues import OwnQueues
from netbox_hedgehog.tests.sync.github_base import GitHubFixture
from netbox_hedgehog.tests.sync.test_github_requests import servers

ABSURD = 10**18


class PassFixture(GitHubFixture, OwnQueues):
    files = servers(2)

    def setUp(self):
        super().setUp()
        self.sync()
        Job.objects.all().delete()
        self.clear_rq_queues()
        self.forge.requests.clear()

    def spend_all_but(self, requests: int):
        state = CredentialState.objects.get()
        reset = timezone.now().timestamp() + 1800
        state.budget = {**state.budget, 'quotas': {name: [5000, requests, reset] for name in ('core', 'graphql')}}
        state.save()


class ReserveTests(PassFixture, TestCase):
    def sweep(self):
        with self.captureOnCommitCallbacks(execute=True):
            SweepJob.enqueue(immediate=True)
            self.run_rq_jobs('default')

    def test_the_sweep_leaves_the_last_requests_to_people(self):
        self.spend_all_but(100)
        for _time in range(3):
            self.sweep()
        assert self.forge.requests == []
        self.sync(trigger=RunTriggerChoices.BUTTON)
        assert self.forge.requests

    def test_the_sweep_looks_while_there_is_enough(self):
        self.spend_all_but(1000)
        self.sweep()
        assert [request.operation for request in self.forge.requests] == ['git/get-ref']

    def test_the_pass_of_a_save_leaves_the_last_requests_to_people(self):
        self.spend_all_but(100)
        SyncFabricJob.enqueue(instance=self.fabric, immediate=True, trigger=RunTriggerChoices.SAVE)
        assert self.forge.requests == []


class PostponedTests(PassFixture, TestCase):
    def limit(self, seconds: int = 600):
        self.forge.fail(Fault(FaultKind.SECONDARY_LIMIT, retry_after=seconds, times=50))

    def make(self, **options):
        with self.captureOnCommitCallbacks(execute=True):
            SyncFabricJob.enqueue(instance=self.fabric, immediate=True, **options)
        assert SyncRun.objects.first().status == RunStatusChoices.POSTPONED

    def scheduled(self):
        return SyncFabricJob.get_jobs(self.fabric).filter(status='scheduled')

    def test_what_a_person_asked_for_is_done_when_the_limit_is_over(self):
        self.limit()
        self.make(trigger=RunTriggerChoices.APPROVAL, user=self.user, approve_deletions=True, complete=True)
        job = self.scheduled().get()
        assert job.scheduled == FabricState.objects.get().retry_at
        assert job.user == self.user
        self.forge.faults.clear()
        CredentialState.objects.update(budget={})
        queued = get_queue('default').fetch_job(str(job.job_id))
        assert queued.kwargs['approve_deletions']
        assert queued.kwargs['complete']
        get_queue('default').scheduled_job_registry.remove(queued)
        get_queue('default').enqueue_job(queued)
        self.run_rq_jobs('default')
        run = SyncRun.objects.first()
        assert (run.status, run.trigger, run.user) == ('success', 'approval', self.user)

    def test_it_is_queued_once(self):
        self.limit()
        self.make(trigger=RunTriggerChoices.BUTTON, was_postponed=True)
        assert not self.scheduled().exists()

    def test_what_nobody_asked_for_is_left_to_the_sweep(self):
        self.limit()
        self.make(trigger=RunTriggerChoices.SCHEDULE, complete=True)
        assert not self.scheduled().exists()


class AbsurdTimeTests(PassFixture, TestCase):
    """A server that names a time which is none keeps nobody waiting for longer than a day, and breaks no page."""

    def assert_within_a_day(self, when: datetime):
        assert timezone.now() < when <= timezone.now() + timedelta(days=1)

    def test_the_refusal_itself(self):
        self.forge.fail(Fault(FaultKind.SECONDARY_LIMIT, retry_after=ABSURD, times=50))
        run = self.attempt(trigger=RunTriggerChoices.BUTTON)
        assert run.status == RunStatusChoices.POSTPONED
        self.assert_within_a_day(FabricState.objects.get().retry_at)

    def test_what_was_kept_of_one(self):
        quotas = {name: [5000, 0, ABSURD] for name in ('core', 'graphql')}
        CredentialState.objects.update(budget={'closed_until': ABSURD, 'quotas': quotas})
        ledger = ledger_for(self.repository, for_people=True)
        with pytest.raises(RateLimited) as refused:
            ledger.admit(Spending.READ)
        self.assert_within_a_day(refused.value.until)
        self.assert_within_a_day(ledger.note(403, {}, limited=True, resource='core'))
        outlook = outlook_of(self.fabric)
        self.assert_within_a_day(outlook.closed_until)
        self.assert_within_a_day(outlook.quota_reset)
        assert outlook.closed_until.tzinfo is UTC
