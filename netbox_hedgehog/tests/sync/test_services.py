"""The entry points for scripts."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import TestCase, TransactionTestCase

from netbox_hedgehog.models import PendingChange, Server
from netbox_hedgehog.sync import GitHubSyncService, GitOpsEditService
from netbox_hedgehog.tests.documents import server
from netbox_hedgehog.tests.emptying import EmptiedAfterwards
from netbox_hedgehog.tests.sync.base import SyncFixture


class ServiceTests(SyncFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.sync()

    def test_an_edit_is_saved_and_committed_by_its_user_with_its_message(self):
        self.hand_over('managed/servers/server-01.yaml', server(1))
        row = Server.objects.get()
        row.spec = {'description': 'Rack 2'}
        result = GitOpsEditService().update_and_commit(row, user=self.user, message='CHG-1 move it')
        assert result.success, result.error
        assert result.commit == self.work.commits()[0]
        assert self.work.message().splitlines()[0] == 'CHG-1 move it'
        assert self.work.message().count('HNP-Change') == 1
        assert self.work.author() == 'ada <ada@example.com>'

    def test_an_invalid_edit_is_refused(self):
        row = Server(fabric=self.fabric, name='server-01', spec={'description': 5})
        with pytest.raises(ValidationError):
            GitOpsEditService().update_and_commit(row)
        assert not PendingChange.objects.exists()

    def test_a_resource_is_brought_to_git(self):
        row = Server.objects.create(fabric=self.fabric, name='server-01')
        result = GitHubSyncService(self.fabric).sync_cr_to_github(row, operation='create', user=self.user)
        assert result.success
        assert self.path('managed/servers/server-01.yaml') in self.work.files(result.commit)


class TransactionTests(SyncFixture, EmptiedAfterwards, TransactionTestCase):
    def test_inside_a_transaction_nothing_is_committed_to_git(self):
        self.sync()
        commits = self.work.commits()
        with transaction.atomic():
            row = Server.objects.create(fabric=self.fabric, name='server-01')
            result = GitHubSyncService(self.fabric).sync_cr_to_github(row, operation='create')
            assert not result.success
            assert 'transaction' in result.error
            transaction.set_rollback(True)
        assert self.work.commits() == commits
        self.sync()
        assert self.work.commits() == commits
