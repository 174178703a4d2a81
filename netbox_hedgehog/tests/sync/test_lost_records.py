"""The commit was made and its record was lost: what people do afterwards is still told from what we did."""

from unittest import mock

import pytest
from django.test import TestCase

from netbox_hedgehog.models import PendingChange, Server
from netbox_hedgehog.repositories import BareRepository, HeadMoved, Unavailable
from netbox_hedgehog.sync import PlanStale, orchestrator
from netbox_hedgehog.tests.documents import server
from netbox_hedgehog.tests.sync.base import SyncFixture


class LostRecordTests(SyncFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.sync()
        self.file = self.path('managed/servers/server-01.yaml')

    def commit_and_die(self):
        """Make a pass whose worker dies between the commit and the transaction that records it."""
        before = self.work.commits()[0]
        with (
            mock.patch('netbox_hedgehog.sync.orchestrator.engine_transaction', side_effect=MemoryError),
            pytest.raises(MemoryError),
        ):
            self.attempt()
        assert self.work.commits()[0] != before

    def test_created_then_deleted_stays_deleted(self):
        row = Server.objects.create(fabric=self.fabric, name='server-01', spec={'description': 'New'})
        self.commit_and_die()
        row.delete()
        self.sync()
        assert not Server.objects.exists()
        assert self.file not in self.work.files()
        assert PendingChange.objects.count() == 0

    def test_deleted_then_created_again_stays(self):
        self.hand_over('managed/servers/server-01.yaml', server(1))
        Server.objects.get().delete()
        self.commit_and_die()
        Server.objects.create(fabric=self.fabric, name='server-01', spec={'description': 'Rack 1'})
        self.sync()
        assert Server.objects.get().spec == {'description': 'Rack 1'}
        assert 'Rack 1' in self.work.show(self.file)

    def test_edited_then_edited_again_is_no_conflict_with_oneself(self):
        self.hand_over('managed/servers/server-01.yaml', server(1))
        row = Server.objects.get()
        row.spec = {'description': 'Rack 2'}
        row.save()
        self.commit_and_die()
        row.spec = {'description': 'Rack 3'}
        row.save()
        self.sync()
        assert self.status_of('Server', 'server-01') == 'synced'
        assert 'Rack 3' in self.work.show(self.file)

    def test_what_the_lost_pass_had_taken_from_git_is_taken_again(self):
        self.hand_over('managed/servers/server-01.yaml', server(1))
        self.work.pull()
        self.work.replace(self.file, 'description: Rack 1', 'description: Rack 1\n  profile: gpu')
        self.work.push()
        row = Server.objects.get()
        row.spec = {'description': 'Rack 2'}
        row.save()
        self.commit_and_die()
        self.sync()
        assert Server.objects.get().spec == {'description': 'Rack 2', 'profile': 'gpu'}
        assert self.status_of('Server', 'server-01') == 'synced'

    def test_a_lost_record_and_then_a_lost_race_in_one_pass_lose_no_edit(self):
        self.hand_over('managed/servers/server-01.yaml', server(1))
        row = Server.objects.get()
        row.spec = {'description': 'Rack 2'}
        row.save()

        def edit_then_fail():
            row.spec = {'description': 'Rack 3'}
            row.save()
            raise PlanStale('edited')

        attempts = []
        commit, transaction = BareRepository.commit, orchestrator.engine_transaction

        def commit_unless_second(repository, *arguments, **options):
            attempts.append('commit')
            if len(attempts) == 2:
                raise HeadMoved('main', expected=None, found=None)
            return commit(repository, *arguments, **options)

        def record_unless_first():
            return edit_then_fail() if len(attempts) == 1 else transaction()

        with (
            mock.patch.object(BareRepository, 'commit', commit_unless_second),
            mock.patch.object(orchestrator, 'engine_transaction', record_unless_first),
        ):
            self.sync()
        assert len(attempts) == 3
        assert Server.objects.get().spec == {'description': 'Rack 3'}
        assert 'Rack 3' in self.work.show(self.file)
        assert self.status_of('Server', 'server-01') == 'synced'

    def test_the_pass_that_died_is_recorded_as_failed(self):
        Server.objects.create(fabric=self.fabric, name='server-01')
        self.commit_and_die()
        run = self.fabric.runs.first()
        assert run.status == 'failed'
        assert 'MemoryError' in run.error


class FirstCommitTests(SyncFixture, TestCase):
    def test_a_first_commit_that_failed_is_made_by_the_next_pass(self):
        with mock.patch.object(BareRepository, 'commit', side_effect=Unavailable('The server hung up.')):
            assert self.attempt().status == 'failed'
        assert self.work.commits() == []
        self.sync()
        assert len(self.work.commits()) == 1
