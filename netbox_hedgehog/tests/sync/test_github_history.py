"""A branch that is read late, and one that somebody has rewritten."""

from datetime import timedelta
from unittest import mock

from django.test import TestCase
from django.utils import timezone

from netbox_hedgehog.models import PendingChange, RunStatusChoices, Server, SyncState
from netbox_hedgehog.tests.sync.base import DIRECTORY
from netbox_hedgehog.tests.sync.github_base import GitHubFixture
from netbox_hedgehog.tests.sync.test_github_requests import manifest, servers


class HistoryTests(GitHubFixture, TestCase):
    files = servers(3)

    def setUp(self):
        super().setUp()
        self.sync()
        self.before = self.remote.head()

    def push(self, text: str = 'Pushed') -> str:
        name = f'{DIRECTORY}/managed/servers/server-00000.yaml'
        return self.remote.push({name: manifest('server-00000').replace(b'Rack of server-00000', text.encode())}, text)

    def description(self) -> str:
        return Server.objects.get(name='server-00000').spec['description']

    def later(self):
        moment = timezone.now() + timedelta(seconds=61)
        return mock.patch('django.utils.timezone.now', return_value=moment)

    def test_a_lagging_read_is_no_rewind(self):
        self.push()
        self.sync()
        self.forge.stale_reads(1)
        run = self.sync()
        assert run.commit_after == self.remote.head()
        assert self.description() == 'Pushed'
        assert not run.problems

    def test_a_rewind_is_believed_after_a_minute_and_shown(self):
        head = self.push()
        self.sync()
        self.remote.rewind('main', self.before)
        assert self.sync().commit_after == head, 'one read proves nothing'
        with self.later():
            run = self.sync()
        assert run.commit_after == self.before
        assert run.status == RunStatusChoices.ATTENTION
        (problem,) = run.problems
        assert problem['code'] == 'history'
        assert head[:12] in problem['message']
        assert self.description() == 'Rack of server-00000'

    def test_an_edit_is_never_committed_on_top_of_what_somebody_dropped(self):
        dropped = self.push('Dropped')
        self.sync()
        self.remote.rewind('main', self.before)
        row = Server.objects.get(name='server-00001')
        row.spec = {'description': 'Edited meanwhile'}
        row.save()
        self.attempt()
        assert dropped not in [commit.id.decode() for commit in self.remote.log('main')]
        assert PendingChange.objects.count() == 1
        with self.later():
            self.sync()
        assert dropped not in [commit.id.decode() for commit in self.remote.log('main')]
        assert b'Edited meanwhile' in self.remote.files()[f'{DIRECTORY}/managed/servers/server-00001.yaml']
        assert not PendingChange.objects.exists()

    def test_a_rewritten_branch_deletes_nothing_without_a_person(self):
        self.remote.push({f'{DIRECTORY}/managed/servers/server-new.yaml': manifest('server-new')}, 'Add')
        self.sync()
        self.remote.rewind('main', self.before)
        self.sync()
        with self.later():
            run = self.sync()
        assert run.status == RunStatusChoices.ATTENTION
        assert Server.objects.filter(name='server-new').exists()
        assert SyncState.objects.get(name='server-new').status == 'held'
