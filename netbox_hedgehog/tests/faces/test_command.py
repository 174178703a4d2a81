"""`netbox hedgehog_sync`, against a real repository: what it does, what it prints, and how it ends."""

import json
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import connection
from django.test import TestCase

from netbox_hedgehog.models import (
    VPC,
    Conflict,
    FabricModeChoices,
    GitRepository,
    HedgehogFabric,
    Server,
    SyncRun,
    SyncState,
)
from netbox_hedgehog.tests.documents import VPC_BY_HAND, server
from netbox_hedgehog.tests.faces.everything import nothing_changes
from netbox_hedgehog.tests.sync.base import SyncFixture


class CommandTests(SyncFixture, TestCase):
    def run_command(self, *arguments):
        self.out = StringIO()
        call_command('hedgehog_sync', *arguments, stdout=self.out, no_color=True)
        return self.out.getvalue()

    def fail_command(self, *arguments, status):
        with pytest.raises(CommandError) as caught:
            self.run_command(*arguments)
        assert caught.value.returncode == status
        return str(caught.value)

    def test_without_names_all_active_fabrics_are_synchronised(self):
        second, paused = self.make_fabric('dc2'), self.make_fabric('dc3', mode=FabricModeChoices.PAUSED)
        for fabric in (self.fabric, second, paused):
            Server.objects.create(fabric=fabric, name='server-01')
        lines = self.run_command().splitlines()
        assert [line.partition(':')[0] for line in lines] == ['DC1', 'DC2']
        assert set(SyncRun.objects.values_list('fabric__slug', 'trigger')) == {('dc1', 'command'), ('dc2', 'command')}
        assert SyncState.objects.get(fabric=paused).status == 'pending'

    def test_a_fabric_is_named_by_slug_or_name_and_synchronised_once(self):
        self.make_fabric('dc2')
        lines = self.run_command('dc1', 'DC1').splitlines()
        assert [line.partition(':')[0] for line in lines] == ['DC1']

    def test_a_line_tells_the_commits_and_what_was_done(self):
        self.sync()
        before = self.work.commits()[0]
        Server.objects.create(fabric=self.fabric, name='server-01')
        line = self.run_command('dc1').strip()
        after = self.work.commits()[0]
        assert line == f'DC1: {before[:12]} -> {after[:12]}: 1 file(s) written'
        assert self.run_command('dc1').strip() == f'DC1: at {after[:12]}: in sync'

    def test_what_came_from_git_is_told(self):
        self.sync()
        self.work.pull()
        self.work.write(self.path('managed/vpcs/vpc-01.yaml'), VPC_BY_HAND)
        commit = self.work.push()
        assert self.run_command('dc1').strip() == f'DC1: at {commit[:12]}: 1 resource(s) created'
        assert VPC.objects.count() == 1

    def test_a_problem_is_told_with_file_and_line_and_is_no_failure(self):
        self.sync()
        self.work.pull()
        self.work.write(self.path('managed/servers/server-01.yaml'), server(1) + '  description: twice\n')
        self.work.push()
        lines = self.run_command('dc1').splitlines()
        assert '1 problem(s)' in lines[0]
        assert lines[1].startswith('  managed/servers/server-01.yaml:7: ')
        assert lines[1].endswith('(duplicate-key)')

    def test_a_complete_pass_finds_what_slipped_past_the_outbox(self):
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE netbox_hedgehog_vpc SET labels = jsonb_build_object('team', 'a')")
        assert 'in sync' in self.run_command('dc1')
        assert '1 file(s) written' in self.run_command('dc1', '--complete')
        assert 'team: a' in self.work.show(self.path('managed/vpcs/vpc-01.yaml'))

    def test_a_dry_run_prints_the_plan_and_changes_nothing(self):
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)
        vpc = VPC.objects.get()
        vpc.spec['subnets']['default']['vlan'] = 1011
        vpc.save()
        Server.objects.create(fabric=self.fabric, name='server-01')
        self.work.pull()
        self.work.replace(self.path('managed/vpcs/vpc-01.yaml'), 'vlan: 1001', 'vlan: 1021')
        self.work.write(self.path('managed/servers/server-02.yaml'), server(2))
        self.work.write(self.path('managed/servers/server-03.yaml'), server(3) + '  description: twice\n')
        commit = self.work.push()
        with nothing_changes(self.root):
            printed = self.run_command('dc1', '--dry-run')
        assert printed.startswith(f'DC1: at {commit[:12]}: 1 file(s) written, 1 resource(s) created, 1 in conflict, ')
        lines = printed.splitlines()[1:]
        assert '  write managed/servers/server-01.yaml (Server default/server-01)' in lines
        assert '  create Server default/server-02 in NetBox' in lines
        assert '  conflict in VPC default/vpc-01 (/spec/subnets/default/vlan)' in lines
        assert any(line.startswith('  managed/servers/server-03.yaml:7: ') for line in lines)

    def test_a_dry_run_tells_what_is_held(self):
        HedgehogFabric.objects.update(deletion_limit=1)
        for number in (1, 2, 3):
            self.hand_over(f'managed/servers/server-{number:02}.yaml', server(number))
        for number in (1, 2, 3):
            self.work.remove(self.path(f'managed/servers/server-{number:02}.yaml'))
        self.work.push()
        printed = self.run_command('dc1', '--dry-run')
        assert '3 held' in printed
        assert '  hold Server default/server-01: ' in printed
        assert '3 held' in self.run_command('dc1')
        assert Server.objects.count() == 3

    def test_a_dry_run_with_nothing_to_do(self):
        self.sync()
        assert self.run_command('dc1', '--dry-run').strip() == f'DC1: at {self.work.commits()[0][:12]}: nothing to do'

    def test_json_is_printed_for_programs(self):
        Server.objects.create(fabric=self.fabric, name='server-01')
        (report,) = json.loads(self.run_command('--json'))
        assert (report['fabric'], report['slug'], report['status']) == ('DC1', 'dc1', 'success')
        assert report['commit_after'] == self.work.commits()[0]
        assert report['run'] == SyncRun.objects.get().pk
        assert report['counts']['agreed'] == 1
        assert report['problems'] == []

    def test_json_of_a_dry_run_holds_the_plan(self):
        Server.objects.create(fabric=self.fabric, name='server-01')
        (report,) = json.loads(self.run_command('--json', '--dry-run'))
        assert report['status'] == 'planned'
        assert 'managed/servers/server-01.yaml' in [file['path'] for file in report['plan']['files']]
        assert not SyncRun.objects.exists()

    def test_a_conflict_is_told_and_is_no_failure(self):
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)
        vpc = VPC.objects.get()
        vpc.spec['subnets']['default']['vlan'] = 1011
        vpc.save()
        self.work.pull()
        self.work.replace(self.path('managed/vpcs/vpc-01.yaml'), 'vlan: 1001', 'vlan: 1021')
        self.work.push()
        assert '1 in conflict' in self.run_command()
        assert Conflict.objects.count() == 1

    def test_a_pass_that_fails_ends_with_one_and_keeps_no_other_waiting(self):
        self.sync()
        shutil.rmtree(self.bare)
        other = GitRepository.objects.create(name='other', url=str(self.root / 'other.git'))
        HedgehogFabric.objects.create(name='DC2', slug='dc2', repository=other)
        assert self.fail_command(status=1) == '1 of 2 failed: DC1'
        first, *rest = self.out.getvalue().splitlines()
        assert first.startswith('DC1: failed: There is no Git repository at ')
        assert any(line.startswith('DC2: no commit -> ') for line in rest)

    def test_a_dry_run_that_fails_says_what_to_do(self):
        self.sync()
        shutil.rmtree(self.bare)
        self.fail_command('--dry-run', status=1)
        failure, remedy = self.out.getvalue().splitlines()
        assert failure.startswith('DC1: failed: There is no Git repository at ')
        assert remedy.startswith('  Check the address')

    def test_json_is_printed_for_a_failure_too(self):
        self.sync()
        shutil.rmtree(self.bare)
        self.fail_command('--json', status=1)
        (report,) = json.loads(self.out.getvalue())
        assert report['status'] == 'failed'
        assert 'no Git repository' in report['error']

    def test_a_paused_fabric_fails_when_it_is_named(self):
        self.pause()
        self.fail_command('dc1', status=1)
        assert 'paused' in self.out.getvalue()

    def test_an_unknown_fabric_is_a_mistake_and_nothing_is_done(self):
        message = self.fail_command('dc1', 'dc9', status=2)
        assert message == 'There is no fabric dc9. Known fabrics: dc1'
        assert not SyncRun.objects.exists()

    def test_without_a_fabric_there_is_nothing_to_do(self):
        HedgehogFabric.objects.all().delete()
        assert self.run_command().strip() == 'There is no active fabric.'
        assert json.loads(self.run_command('--json')) == []

    def test_the_help_tells_how_it_ends(self):
        command = load_command_class(get_commands()['hedgehog_sync'], 'hedgehog_sync')
        text = command.create_parser('netbox', 'hedgehog_sync').format_help()
        assert 'FABRIC' in text
        assert '\n  1  a pass failed' in text
