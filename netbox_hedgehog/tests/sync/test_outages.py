"""A repository that cannot be used: saves go on, nothing is lost, and the status says what is the matter."""

import shutil

from django.test import TestCase
from django.urls import reverse

from netbox_hedgehog.models import (
    FabricState,
    PendingChange,
    RunStatusChoices,
    Server,
    SyncRun,
    SyncState,
)
from netbox_hedgehog.tests.documents import server
from netbox_hedgehog.tests.sync.base import SyncFixture


class OutageTests(SyncFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.sync()
        self.away = self.root / 'away.git'

    def save(self, name='server-01'):
        data = {'fabric': self.fabric.pk, 'namespace': 'default', 'name': name, 'spec': 'description: New'}
        response = self.client.post(reverse('plugins:netbox_hedgehog:server_add'), data)
        assert response.status_code == 302

    def test_a_save_while_the_repository_is_away_is_pending_and_committed_when_it_is_back(self):
        self.bare.rename(self.away)
        self.save()
        run = self.attempt()
        assert run.status == RunStatusChoices.FAILED
        assert run.error
        state = FabricState.objects.get()
        assert state.connection != 'ok'
        assert state.error
        assert state.retry_at > run.started
        assert self.status_of('Server', 'server-01') == 'pending'
        assert PendingChange.objects.count() == 1
        self.away.rename(self.bare)
        before = len(self.work.commits())
        self.sync()
        assert len(self.work.commits()) == before + 1
        assert self.status_of('Server', 'server-01') == 'synced'
        assert PendingChange.objects.count() == 0
        state.refresh_from_db()
        assert (state.connection, state.error, state.failures) == ('ok', '', 0)

    def test_a_vanished_repository_is_not_begun_again(self):
        self.bare.rename(self.away)
        self.save()
        self.attempt()
        assert not self.bare.exists()

    def test_an_emptied_repository_deletes_nothing(self):
        self.hand_over('managed/servers/server-01.yaml', server(1))
        shutil.rmtree(self.bare)
        from netbox_hedgehog.repositories import create_bare

        create_bare(self.bare, 'main')
        assert self.attempt().status == RunStatusChoices.FAILED
        assert Server.objects.count() == 1

    def test_a_missing_branch_deletes_nothing(self):
        from netbox_hedgehog.tests.worktree import git

        self.hand_over('managed/servers/server-01.yaml', server(1))
        git(self.bare, 'branch', '-m', 'main', 'trunk')
        run = self.attempt()
        assert run.status == RunStatusChoices.FAILED
        assert 'main' in run.error
        assert Server.objects.count() == 1

    def test_repeated_failures_wait_longer_and_a_success_ends_the_wait(self):
        self.bare.rename(self.away)
        waits = []
        for _attempt in range(4):
            run = self.attempt()
            waits.append((FabricState.objects.get().retry_at - run.completed).total_seconds())
        assert waits[3] > waits[0] * 3
        self.away.rename(self.bare)
        self.sync()
        assert FabricState.objects.get().retry_at is None

    def test_a_commit_whose_answer_was_lost_is_recognised(self):
        """The commit was made and the worker died before it could record that."""
        self.save()
        commit = self._commit_and_die()
        self.sync()
        assert self.work.commits()[0] == commit
        assert self.status_of('Server', 'server-01') == 'synced'
        assert SyncState.objects.get().commit == commit
        assert PendingChange.objects.count() == 0

    def _commit_and_die(self) -> str:
        from unittest import mock

        with mock.patch('netbox_hedgehog.sync.orchestrator.engine_transaction', side_effect=MemoryError):
            try:
                self.attempt()
            except MemoryError:
                return self.work.commits()[0]
        raise AssertionError

    def test_a_push_between_reading_and_committing_is_merged_not_overwritten(self):
        from unittest import mock

        from netbox_hedgehog.reconcile import reconcile

        self.save()
        pushed = []

        def push_meanwhile(*arguments):
            if not pushed:
                self.work.pull()
                self.work.write(self.path('managed/servers/server-02.yaml'), server(2))
                pushed.append(self.work.push())
            return reconcile(*arguments)

        with mock.patch('netbox_hedgehog.sync.orchestrator.reconcile', push_meanwhile):
            self.sync()
        assert set(Server.objects.values_list('name', flat=True)) == {'server-01', 'server-02'}
        assert self.work.commits()[1] == pushed[0]
        self.work.fsck()

    def test_an_edit_between_planning_and_applying_is_not_overwritten(self):
        from unittest import mock

        from netbox_hedgehog.reconcile import reconcile

        self.hand_over('managed/servers/server-01.yaml', server(1))
        self.work.replace(self.path('managed/servers/server-01.yaml'), 'Rack 1', 'Rack 2')
        self.work.push()
        edits = []

        def edit_meanwhile(*arguments):
            plan = reconcile(*arguments)
            if not edits:
                row = Server.objects.get()
                row.spec['profile'] = 'gpu'
                row.save()
                edits.append(row)
            return plan

        with mock.patch('netbox_hedgehog.sync.orchestrator.reconcile', edit_meanwhile):
            self.sync()
        assert Server.objects.get().spec == {'description': 'Rack 2', 'profile': 'gpu'}
        assert 'profile: gpu' in self.work.show(self.path('managed/servers/server-01.yaml'))
        assert self.status_of('Server', 'server-01') == 'synced'

    def test_every_pass_is_recorded(self):
        self.save()
        run = self.sync(trigger='button', user=self.user)
        stored = SyncRun.objects.get(pk=run.pk)
        assert stored.status == 'success'
        assert stored.commit_before == self.work.commits()[1]
        assert stored.commit_after == self.work.commits()[0]
        assert stored.counts['files_written'] == 1
        assert stored.duration_seconds > 0
        (change,) = stored.changes
        assert change['path'] == 'managed/servers/server-01.yaml'
        assert change['users'] == ['ada']
        assert f'HNP-Batch: {stored.batch}' in self.work.message()
