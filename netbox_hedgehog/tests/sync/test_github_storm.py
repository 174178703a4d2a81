"""Fifty people edit at once under the limits that GitHub documents: the storm is late, and nothing is refused."""

import itertools
import os
import random
from datetime import datetime, timedelta
from unittest import mock

from core.models import Job
from django.contrib.auth import get_user_model
from django.db.models.functions import Coalesce
from django.test import TestCase
from django_rq import get_queue

from netbox_hedgehog.jobs import SweepJob
from netbox_hedgehog.models import PendingChange, Server, SyncRun, SyncState
from netbox_hedgehog.sync.context import acting_as
from netbox_hedgehog.tests.queues import OwnQueues
from netbox_hedgehog.tests.sync.base import DIRECTORY
from netbox_hedgehog.tests.sync.github_base import GitHubFixture
from netbox_hedgehog.tests.sync.simulated_clock import SimulatedClock
from netbox_hedgehog.tests.sync.test_github_requests import servers

PEOPLE, MINUTES, OBJECTS = 50, 10, 100
# More than GitHub takes in ten minutes, and in an hour, if each were a commit. Whoever wants to see five thousand waits
# minutes: one transaction around the test keeps every former row for PostgreSQL to step over.
EDITS = int(os.environ.get('HEDGEHOG_STORM_EDITS', '1000'))


class StormTests(GitHubFixture, OwnQueues, TestCase):
    """Passes come when the jobs say so: after a save, after a refusal, and by the round of each minute."""

    files = servers(OBJECTS)

    def setUp(self):
        self.clock = SimulatedClock()
        patch = mock.patch('django.utils.timezone.now', self.clock)
        patch.start()
        self.addCleanup(patch.stop)
        super().setUp()
        self.sync()
        Job.objects.all().delete()
        self.clear_rq_queues()
        self.next_round = self.clock() + timedelta(minutes=1)

    def pause(self, seconds: float):
        self.clock.sleep(seconds)

    def test_a_thousand_edits_in_ten_minutes_are_few_commits_and_no_refusal(self):
        people = itertools.cycle([get_user_model().objects.create_user(f'person-{n}') for n in range(PEOPLE)])
        chance = random.Random(4711)
        start, before, runs = self.clock(), len(self.remote.log('main')), SyncRun.objects.count()
        self.forge.requests.clear()
        wanted: dict[str, str] = {}
        offsets = sorted(chance.randrange(MINUTES * 60) for _ in range(EDITS))
        for offset, numbers in itertools.groupby(range(EDITS), offsets.__getitem__):
            self.wait_until(start + timedelta(seconds=offset))
            with self.captureOnCommitCallbacks() as callbacks:
                for number in numbers:
                    name = f'server-{chance.randrange(OBJECTS):05}'
                    wanted[name] = f'Edit {number}'
                    # An update of the queryset: captured like a save, and without the change log, which is not in
                    # question.
                    with acting_as(next(people)):
                        Server.objects.filter(fabric=self.fabric, name=name).update(spec={'description': wanted[name]})
            # The wake-ups of one second are the same, and all but the first find a pass queued.
            with self.captureOnCommitCallbacks(execute=True):
                callbacks[0]()
        while PendingChange.objects.exists():
            assert self.clock() - start < timedelta(minutes=MINUTES + 2)
            self.wait_until(self.clock() + timedelta(seconds=5))
        refused = [request for request in self.forge.requests if request.status in (403, 429)]
        assert refused == []
        passes = SyncRun.objects.all()[: SyncRun.objects.count() - runs]
        assert {run.status for run in passes} <= {'success', 'postponed'}, [run.error for run in passes]
        assert 10 <= len(self.remote.log('main')) - before <= 60
        assert set(SyncState.objects.values_list('status', flat=True)) == {'synced'}
        files = self.remote.files()
        for name, description in wanted.items():
            assert f'description: {description}\n'.encode() in files[f'{DIRECTORY}/managed/servers/{name}.yaml']

    def wait_until(self, moment: datetime):
        """Let time pass, and do meanwhile what a worker would: each job when it is due, and a round each minute."""
        while True:
            waiting = Job.objects.filter(status__in=('pending', 'scheduled')).annotate(
                due=Coalesce('scheduled', 'created')
            )
            job = waiting.order_by('due').first()
            due = min(job.due, self.next_round) if job else self.next_round
            if due > moment:
                break
            self.clock.time = max(self.clock.time, due)
            with self.captureOnCommitCallbacks(execute=True):
                if job and due == job.due:
                    self.perform(job)
                else:
                    SweepJob.enqueue(immediate=True)
                    self.next_round += timedelta(minutes=1)
        self.clock.time = max(self.clock.time, moment)

    def perform(self, job: Job):
        queue = get_queue('default')
        queued = queue.fetch_job(str(job.job_id))
        if job.scheduled:
            queue.scheduled_job_registry.remove(queued)
        else:
            queue.remove(queued)
        queued.perform()
