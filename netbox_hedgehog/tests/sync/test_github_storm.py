"""Fifty people edit at once under the limits that GitHub documents: the storm is late, and nothing is refused."""

import heapq
import itertools
import random
from datetime import UTC, datetime, timedelta
from unittest import mock

from django.contrib.auth import get_user_model
from django.test import TestCase

from netbox_hedgehog.models import FabricState, PendingChange, RunStatusChoices, RunTriggerChoices, Server, SyncState
from netbox_hedgehog.sync.context import acting_as
from netbox_hedgehog.sync.schedule import commit_window_of
from netbox_hedgehog.tests.sync.base import DIRECTORY
from netbox_hedgehog.tests.sync.github_base import GitHubFixture
from netbox_hedgehog.tests.sync.test_github_requests import servers

PEOPLE, EDITS, MINUTES, OBJECTS = 50, 5000, 10, 1000


class SimulatedClock:
    """The time of the test: it passes only when told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class StormTests(GitHubFixture, TestCase):
    files = servers(OBJECTS)

    def setUp(self):
        self.clock = SimulatedClock()
        patch = mock.patch('django.utils.timezone.now', self.clock)
        patch.start()
        self.addCleanup(patch.stop)
        super().setUp()
        self.sync()

    def pause(self, seconds: float):
        self.clock.sleep(seconds)

    def test_five_thousand_edits_in_ten_minutes_are_few_commits_and_no_refusal(self):
        people = [get_user_model().objects.create_user(f'person-{number}') for number in range(PEOPLE)]
        chance = random.Random(4711)
        start, order = self.clock(), itertools.count()
        events: list[tuple[datetime, int, str]] = [
            (start + timedelta(seconds=chance.uniform(0, MINUTES * 60)), next(order), 'edit') for _ in range(EDITS)
        ]
        heapq.heapify(events)
        wanted: dict[str, str] = {}
        is_queued, before = False, len(self.remote.log('main'))
        self.forge.requests.clear()
        while events:
            when, number, what = heapq.heappop(events)
            self.clock.time = max(self.clock.time, when)
            if what == 'edit':
                name = f'server-{chance.randrange(OBJECTS):05}'
                wanted[name] = f'Edit {number}'
                # An update of the queryset: captured like a save, and without the change log, which is not in question.
                with acting_as(people[number % PEOPLE]):
                    Server.objects.filter(fabric=self.fabric, name=name).update(spec={'description': wanted[name]})
            else:
                is_queued = False
                run = self.attempt(trigger=RunTriggerChoices.SAVE)
                assert run.status in (RunStatusChoices.SUCCESS, RunStatusChoices.POSTPONED), run.error
                if run.status == RunStatusChoices.POSTPONED:
                    retry_at = FabricState.objects.get(fabric=self.fabric).retry_at
                    heapq.heappush(events, (retry_at, next(order), 'pass'))
                    is_queued = True
            if not is_queued and PendingChange.objects.filter(fabric=self.fabric).exists():
                due = self.clock() + commit_window_of(self.fabric)
                heapq.heappush(events, (due, next(order), 'pass'))
                is_queued = True
        refused = [request for request in self.forge.requests if request.status in (403, 429)]
        assert refused == []
        assert len(self.remote.log('main')) - before <= 60
        assert self.clock() - start < timedelta(minutes=MINUTES + 2)
        assert not PendingChange.objects.exists()
        assert set(SyncState.objects.values_list('status', flat=True)) == {'synced'}
        files = self.remote.files()
        for name, description in wanted.items():
            assert f'description: {description}\n'.encode() in files[f'{DIRECTORY}/managed/servers/{name}.yaml']
