"""What a person pushes becomes a change in NetBox, and never comes back as a commit."""

from core.models import ObjectChange
from django.test import TestCase

from netbox_hedgehog.models import VPC, GitFile, PendingChange, Server, SyncRun, SyncState
from netbox_hedgehog.tests.documents import VPC_BY_HAND, server, vpc
from netbox_hedgehog.tests.sync.base import SyncFixture


class PullTests(SyncFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.sync()
        self.file = self.path('managed/vpcs/vpc-01.yaml')
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)

    def assert_no_echo(self, commit):
        assert self.work.commits()[0] == commit
        assert PendingChange.objects.count() == 0
        self.sync()
        assert self.work.commits()[0] == commit

    def push_and_sync(self):
        commit = self.work.push()
        self.sync()
        return commit

    def test_an_edited_file_changes_the_row(self):
        self.work.replace(self.file, 'vlan: 1001', 'vlan: 1011')
        commit = self.push_and_sync()
        assert VPC.objects.get().spec['subnets']['default']['vlan'] == 1011
        self.assert_no_echo(commit)

    def test_the_change_log_says_that_it_came_from_git(self):
        self.work.replace(self.file, 'vlan: 1001', 'vlan: 1011')
        commit = self.push_and_sync()
        change = ObjectChange.objects.filter(action='update').latest('time')
        assert change.user_name == 'hedgehog-sync'
        assert commit[:12] in change.message

    def test_a_new_file_creates_a_row(self):
        self.work.write(self.path('managed/servers/server-01.yaml'), server(1))
        commit = self.push_and_sync()
        assert Server.objects.get().spec == {'description': 'Rack 1'}
        self.assert_no_echo(commit)

    def test_a_deleted_file_removes_the_row(self):
        self.work.remove(self.file)
        self.work.write(self.path('managed/vpcs/.gitkeep'), '')
        commit = self.push_and_sync()
        assert VPC.objects.count() == SyncState.objects.count() == 0
        self.assert_no_echo(commit)

    def test_a_moved_file_keeps_the_row(self):
        before = VPC.objects.get().pk
        text = self.work.read(self.file)
        self.work.remove(self.file)
        self.work.write(self.path('managed/production/net.yaml'), text)
        commit = self.push_and_sync()
        assert VPC.objects.get().pk == before
        assert SyncState.objects.get().path == 'managed/production/net.yaml'
        self.assert_no_echo(commit)

    def test_comments_order_and_quoting_change_no_row(self):
        stamp = VPC.objects.get().last_updated
        self.work.write(
            self.file, '# new comment\n' + self.work.read(self.file).replace("'10.0.1.0/24'", '10.0.1.0/24')
        )
        commit = self.push_and_sync()
        assert VPC.objects.get().last_updated == stamp
        self.assert_no_echo(commit)

    def test_several_documents_in_a_managed_file_are_several_rows(self):
        path = self.path('managed/vpcs/more.yaml')
        self.work.write(path, vpc('vpc-02', 12) + '---\n# second\n' + vpc('vpc-03', 13))
        commit = self.push_and_sync()
        assert VPC.objects.count() == 3
        self.assert_no_echo(commit)
        VPC.objects.get(name='vpc-02').delete()
        self.sync()
        assert self.work.show(path) == '# second\n' + vpc('vpc-03', 13)

    def test_only_the_changed_file_is_read_and_compared(self):
        for number in range(2, 12):
            self.work.write(self.path(f'managed/servers/server-{number:02}.yaml'), server(number))
        self.push_and_sync()
        self.work.replace(self.file, 'vlan: 1001', 'vlan: 1011')
        self.push_and_sync()
        assert SyncRun.objects.first().counts['compared'] == 1

    def test_unmanaged_files_and_other_directories_are_no_source(self):
        self.work.write(self.path('unmanaged/vpc.yaml'), vpc('vpc-07', 7))
        self.work.write(self.path('drafts/vpc.yaml'), vpc('vpc-08', 8))
        commit = self.push_and_sync()
        assert VPC.objects.count() == 1
        self.assert_no_echo(commit)

    def test_a_foreign_document_in_managed_is_reported_and_remembered(self):
        self.work.write(self.path('managed/config.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n')
        commit = self.push_and_sync()
        assert GitFile.objects.get(path='managed/config.yaml').problems[0]['code'] == 'foreign-kind'
        self.assert_no_echo(commit)

    def test_many_deletions_at_once_wait_for_approval(self):
        for number in range(1, 21):
            self.work.write(self.path(f'managed/servers/server-{number:02}.yaml'), server(number))
        self.push_and_sync()
        for number in range(1, 15):
            self.work.remove(self.path(f'managed/servers/server-{number:02}.yaml'))
        self.push_and_sync()
        assert Server.objects.count() == 20
        assert self.status_of('Server', 'server-01') == 'held'
        self.sync()
        assert Server.objects.count() == 20
        self.work.pull()
        for number in range(1, 11):
            self.work.write(self.path(f'managed/servers/server-{number:02}.yaml'), server(number))
        self.push_and_sync()
        self.sync(trigger='button')
        assert Server.objects.count() == 20, 'fewer are left, and they were held all the same'
        self.sync(approve_deletions=True)
        assert Server.objects.count() == 16

    def test_many_small_deletions_count_as_one(self):
        for number in range(1, 31):
            self.work.write(self.path(f'managed/servers/server-{number:02}.yaml'), server(number))
        self.push_and_sync()
        for start in (1, 7, 13):
            self.work.pull()
            for number in range(start, start + 6):
                self.work.remove(self.path(f'managed/servers/server-{number:02}.yaml'))
            self.push_and_sync()
        assert Server.objects.count() == 24

    def test_a_held_deletion_stays_held_when_the_row_is_touched(self):
        for number in range(1, 21):
            self.work.write(self.path(f'managed/servers/server-{number:02}.yaml'), server(number))
        self.push_and_sync()
        for number in range(1, 15):
            self.work.remove(self.path(f'managed/servers/server-{number:02}.yaml'))
        self.push_and_sync()
        row = Server.objects.get(name='server-01')
        row.description = 'Only in NetBox'
        row.save()
        self.sync()
        assert Server.objects.count() == 20
        assert self.status_of('Server', 'server-01') == 'held'

    def test_an_approval_releases_what_was_held_and_nothing_else(self):
        for number in range(1, 41):
            self.work.write(self.path(f'managed/servers/server-{number:02}.yaml'), server(number))
        self.push_and_sync()
        for number in range(1, 13):
            self.work.remove(self.path(f'managed/servers/server-{number:02}.yaml'))
        self.push_and_sync()
        for number in range(13, 31):
            self.work.remove(self.path(f'managed/servers/server-{number:02}.yaml'))
        self.work.push()
        self.sync(approve_deletions=True)
        assert Server.objects.count() == 28
        assert self.status_of('Server', 'server-13') == 'held'

    def test_a_name_with_unusual_characters_is_a_file_like_any_other(self):
        path = self.path('managed/servers/server\u00a001.yaml')
        self.work.write(path, server(1))
        commit = self.push_and_sync()
        row = Server.objects.get()
        row.description = 'touched'
        row.save()
        self.assert_no_echo_after_touch(commit)

    def assert_no_echo_after_touch(self, commit):
        self.sync()
        assert self.work.commits()[0] == commit
        assert Server.objects.count() == 1
        assert self.status_of('Server', 'server-01') == 'synced'

    def test_a_restored_file_ends_the_hold(self):
        for number in range(1, 21):
            self.work.write(self.path(f'managed/servers/server-{number:02}.yaml'), server(number))
        self.push_and_sync()
        for number in range(1, 15):
            self.work.remove(self.path(f'managed/servers/server-{number:02}.yaml'))
        self.push_and_sync()
        for number in range(1, 15):
            self.work.write(self.path(f'managed/servers/server-{number:02}.yaml'), server(number))
        self.push_and_sync()
        assert self.status_of('Server', 'server-01') == 'synced'

    def test_a_vanished_directory_deletes_nothing(self):
        self.work.write('elsewhere/x.txt', 'x')
        for path in self.work.files():
            self.work.remove(path)
        self.push_and_sync()
        assert VPC.objects.count() == 1
        assert self.status_of('VPC', 'vpc-01') == 'held'

    def test_a_rewritten_history_deletes_nothing_without_approval(self):
        from netbox_hedgehog.tests.worktree import git

        git(self.work.path, 'fetch', '-q', 'origin')
        first = self.work.commits()[-1]
        git(self.work.bare, 'update-ref', 'refs/heads/main', first)
        self.sync()
        self.sync(trigger='button')
        assert VPC.objects.count() == 1
        assert self.status_of('VPC', 'vpc-01') == 'held'
        self.work.fsck()
