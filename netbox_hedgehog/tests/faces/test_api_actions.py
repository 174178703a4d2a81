"""What can be done with a fabric over REST: synchronise, look first, approve, and settle conflicts; and who may."""

import shutil

from core.choices import JobStatusChoices
from core.models import Job
from django.db import connection
from django.test import TestCase

from netbox_hedgehog.models import (
    VPC,
    Conflict,
    FabricModeChoices,
    GitRepository,
    HedgehogFabric,
    PendingChange,
    Server,
    SyncRun,
    SyncState,
)
from netbox_hedgehog.tests.documents import VPC_BY_HAND, server
from netbox_hedgehog.tests.faces.api_client import ApiClient
from netbox_hedgehog.tests.faces.everything import nothing_changes
from netbox_hedgehog.tests.queues import OwnQueues
from netbox_hedgehog.tests.sync.base import SyncFixture

VLAN = '/spec/subnets/default/vlan'


class ActionFixture(SyncFixture, OwnQueues):
    """An ordinary user without any permission, and a fabric that is in sync."""

    def setUp(self):
        super().setUp()
        self.sync()
        self.api = ApiClient()

    def act(self, action, **data):
        """Send the request, and let its transaction's callbacks run as if it had been committed."""
        with self.captureOnCommitCallbacks(execute=True):
            return self.api.post(f'fabrics/{self.fabric.pk}/{action}/', data)

    def set_mode(self, mode):
        HedgehogFabric.objects.filter(pk=self.fabric.pk).update(mode=mode)

    def assert_queued(self, response, trigger):
        """Check the answer, and make the pass that it promises as the worker would."""
        assert response.status_code == 202, response.content
        answer = response.json()
        job = Job.objects.get(pk=answer['job']['id'])
        assert answer['job']['status']['value'] == 'pending'
        assert answer['job']['url'].endswith(f'/api/core/jobs/{job.pk}/')
        assert answer['fabric']['slug'] == 'dc1'
        assert 'directory' not in answer['fabric']
        self.run_rq_jobs('default')
        job.refresh_from_db()
        assert job.status == JobStatusChoices.STATUS_COMPLETED, job.error
        run = SyncRun.objects.get(pk=job.data['run'])
        assert (run.trigger, run.user) == (trigger, self.api.user)
        return answer

    def assert_refused(self, response, status):
        assert response.status_code == status, response.content
        assert not Job.objects.exists()
        return response.json()['detail']


class SyncTests(ActionFixture, TestCase):
    def test_a_pass_is_queued_and_commits_what_is_pending(self):
        Server.objects.create(fabric=self.fabric, name='server-01')
        self.api.allow('sync_hedgehogfabric')
        self.assert_queued(self.act('sync'), 'api')
        assert self.path('managed/servers/server-01.yaml') in self.work.files()

    def test_a_complete_pass_finds_what_slipped_past_the_outbox(self):
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE netbox_hedgehog_vpc SET labels = jsonb_build_object('team', 'a')")
        self.api.allow('sync_hedgehogfabric')
        self.assert_queued(self.act('sync', complete=True), 'api')
        assert 'team: a' in self.work.show(self.path('managed/vpcs/vpc-01.yaml'))

    def test_a_dry_run_answers_with_the_plan_and_changes_nothing(self):
        Server.objects.create(fabric=self.fabric, name='server-01')
        self.work.pull()
        self.work.write(self.path('raw/more.yaml'), server(2) + '---\nkind: [broken\n')
        self.work.push()
        self.api.allow('sync_hedgehogfabric')
        with nothing_changes(self.root):
            response = self.act('sync', dry_run=True)
        assert response.status_code == 200, response.content
        plan = response.json()
        assert plan['is_empty'] is False
        assert {file['path'] for file in plan['files']} >= {
            'managed/servers/server-01.yaml',
            'managed/servers/server-02.yaml',
        }
        assert plan['rows'] == [{'action': 'create', 'kind': 'Server', 'namespace': 'default', 'name': 'server-02'}]
        (problem,) = plan['problems']
        assert (problem['path'], problem['code']) == ('raw/more.yaml', 'syntax-error')
        assert problem['line'] > 7

    def test_a_misspelt_dry_run_is_refused_and_no_pass_is_made(self):
        self.api.allow('sync_hedgehogfabric')
        response = self.act('sync', dryrun=True)
        assert response.status_code == 400, response.content
        assert response.json() == {'dryrun': ['There is no such key; the keys are: dry_run, complete.']}
        assert not Job.objects.exists()

    def test_a_dry_run_of_a_fabric_in_sync_is_empty(self):
        self.api.allow('sync_hedgehogfabric')
        plan = self.act('sync', dry_run=True).json()
        assert plan['is_empty'] is True
        assert plan['head'] == self.work.commits()[0]

    def test_a_dry_run_before_the_first_pass_makes_no_repository(self):
        repository = GitRepository.objects.create(name='new', url=str(self.root / 'new.git'))
        self.fabric = HedgehogFabric.objects.create(name='New', slug='new', repository=repository)
        self.api.allow('sync_hedgehogfabric')
        with nothing_changes(self.root):
            plan = self.act('sync', dry_run=True).json()
        assert plan['head'] is None
        assert 'managed/vpcs/.gitkeep' in [file['path'] for file in plan['files']]

    def test_a_dry_run_without_its_repository_says_what_to_do(self):
        shutil.rmtree(self.bare)
        self.api.allow('sync_hedgehogfabric')
        response = self.act('sync', dry_run=True)
        assert response.status_code == 503, response.content
        answer = response.json()
        assert set(answer) == {'detail', 'remedy'}
        assert 'no Git repository' in answer['detail']

    def test_a_dry_run_of_a_paused_fabric_is_answered(self):
        self.pause()
        self.api.allow('sync_hedgehogfabric')
        assert self.act('sync', dry_run=True).status_code == 200

    def test_a_paused_fabric_is_not_synchronised(self):
        self.pause()
        self.api.allow('sync_hedgehogfabric')
        assert 'paused' in self.assert_refused(self.act('sync'), 409)

    def test_a_request_that_is_not_understood(self):
        self.api.allow('sync_hedgehogfabric')
        response = self.act('sync', dry_run='perhaps')
        assert response.status_code == 400
        assert set(response.json()) == {'dry_run'}

    def test_it_takes_the_permission_to_synchronise(self):
        self.api.allow('view_hedgehogfabric', 'add_hedgehogfabric', 'change_hedgehogfabric', 'approve_hedgehogfabric')
        self.assert_refused(self.act('sync'), 403)
        self.assert_refused(self.act('sync', dry_run=True), 403)

    def test_the_permission_may_be_for_other_fabrics(self):
        self.api.allow('sync_hedgehogfabric', constraints={'slug': 'dc2'})
        self.assert_refused(self.act('sync'), 403)
        self.assert_refused(self.act('sync', dry_run=True), 403)
        self.api.allow('sync_hedgehogfabric', constraints={'slug': 'dc1'})
        assert self.act('sync').status_code == 202

    def test_a_token_that_may_not_write_may_not_synchronise(self):
        self.api = ApiClient('reader', write_enabled=False)
        self.api.allow('sync_hedgehogfabric')
        self.assert_refused(self.act('sync'), 403)

    def test_nobody_may_without_a_token(self):
        response = self.client_class().post(f'/api/plugins/hedgehog/fabrics/{self.fabric.pk}/sync/')
        self.assert_refused(response, 403)

    def test_a_fabric_that_does_not_exist(self):
        self.api.allow('sync_hedgehogfabric')
        assert self.api.post('fabrics/0/sync/').status_code == 404


class ApproveTests(ActionFixture, TestCase):
    def setUp(self):
        super().setUp()
        HedgehogFabric.objects.update(deletion_limit=1)
        self.work.pull()
        paths = [self.path(f'managed/servers/server-{number:02}.yaml') for number in (1, 2, 3)]
        for number, path in enumerate(paths, 1):
            self.work.write(path, server(number))
        self.work.push()
        self.sync()
        for path in paths:
            self.work.remove(path)
        self.work.push()
        self.sync()
        assert Server.objects.count() == 3

    def test_approved_deletions_are_carried_out(self):
        self.api.allow('approve_hedgehogfabric')
        self.assert_queued(self.act('approve'), 'approval')
        assert Server.objects.count() == 0

    def test_synchronising_does_not_approve(self):
        self.api.allow('sync_hedgehogfabric')
        self.assert_queued(self.act('sync'), 'api')
        assert Server.objects.count() == 3

    def test_it_takes_the_permission_to_approve(self):
        self.api.allow('view_hedgehogfabric', 'add_hedgehogfabric', 'sync_hedgehogfabric')
        self.assert_refused(self.act('approve'), 403)
        self.api.allow('approve_hedgehogfabric', constraints={'slug': 'dc2'})
        self.assert_refused(self.act('approve'), 403)
        assert Server.objects.count() == 3

    def test_a_token_that_may_not_write_may_not_approve(self):
        self.api = ApiClient('reader', write_enabled=False)
        self.api.allow('approve_hedgehogfabric')
        self.assert_refused(self.act('approve'), 403)

    def test_a_fabric_that_is_not_active_carries_nothing_out(self):
        self.api.allow('approve_hedgehogfabric')
        for mode, word in ((FabricModeChoices.PAUSED, 'paused'), (FabricModeChoices.OBSERVE, 'observe')):
            self.set_mode(mode)
            assert word in self.assert_refused(self.act('approve'), 409)


class ConflictFixture(ActionFixture):
    """A VPC whose VLAN and label were changed to different values on the two sides."""

    def setUp(self):
        super().setUp()
        self.file = self.path('managed/vpcs/vpc-01.yaml')
        self.hand_over('managed/vpcs/vpc-01.yaml', VPC_BY_HAND)
        vpc = VPC.objects.get()
        vpc.spec['subnets']['default']['vlan'] = 1011
        vpc.spec['subnets']['storage']['vlan'] = 1012
        vpc.save()
        self.work.pull()
        self.work.replace(self.file, 'vlan: 1001', 'vlan: 1021')
        self.work.replace(self.file, 'vlan: 1002', 'vlan: 1022')
        self.work.push()
        self.sync()
        assert Conflict.objects.count() == 2

    def conflicts(self):
        return self.api.get(f'fabrics/{self.fabric.pk}/conflicts/')

    def settle(self, **data):
        return self.act('resolve', **({'kind': 'VPC', 'name': 'vpc-01', 'side': 'netbox'} | data))


class ConflictTests(ConflictFixture, TestCase):
    def test_conflicts_are_listed_with_the_values_of_both_sides(self):
        self.api.allow('view_hedgehogfabric', 'view_vpc')
        answer = self.conflicts().json()
        assert answer['count'] == 2
        assert answer['results'][0] == {
            'group': 'vpc.githedgehog.com',
            'kind': 'VPC',
            'namespace': 'default',
            'name': 'vpc-01',
            'path': VLAN,
            'base': {'value': 1001},
            'netbox': {'value': 1011},
            'git': {'value': 1021},
            'commit': self.work.commits()[0],
            'since': answer['results'][0]['since'],
            'decision': '',
        }

    def test_it_takes_the_permission_to_view_the_fabric(self):
        self.api.allow('view_vpc')
        assert self.conflicts().status_code == 403
        self.api.allow('view_hedgehogfabric', constraints={'slug': 'dc2'})
        assert self.conflicts().status_code == 404

    def test_a_conflict_is_as_confidential_as_its_resource(self):
        self.api.allow('view_hedgehogfabric', 'view_server')
        assert self.conflicts().json()['count'] == 0
        self.api.allow('view_vpc', constraints={'name': 'vpc-02'})
        assert self.conflicts().json()['count'] == 0
        VPC.objects.all().delete()
        assert self.conflicts().json()['count'] == 2


class ResolveTests(ConflictFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.api.allow('change_vpc')

    def vlans(self):
        subnets = VPC.objects.get().spec['subnets']
        return subnets['default']['vlan'], subnets['storage']['vlan']

    def test_all_fields_are_settled_for_netbox_by_one_commit_of_the_user(self):
        before = len(self.work.commits())
        answer = self.assert_queued(self.settle(), 'api')
        assert answer['resolved'] == 2
        assert len(self.work.commits()) == before + 1
        assert self.work.diff_lines() == [
            '-      vlan: 1021',
            '+      vlan: 1011',
            '-      vlan: 1022',
            '+      vlan: 1012',
        ]
        assert 'HNP-User: ordinary' in self.work.message()
        assert self.status_of('VPC', 'vpc-01') == 'synced'
        assert Conflict.objects.count() == PendingChange.objects.count() == 0

    def test_all_fields_are_settled_for_git_without_a_commit(self):
        before = self.work.commits()
        self.assert_queued(self.settle(side='git'), 'api')
        assert self.work.commits() == before
        assert self.vlans() == (1021, 1022)
        assert Conflict.objects.count() == PendingChange.objects.count() == 0

    def test_a_single_field_is_settled_and_the_other_waits(self):
        answer = self.assert_queued(self.settle(side='git', path=VLAN), 'api')
        assert answer['resolved'] == 1
        assert self.vlans() == (1021, 1012)
        assert Conflict.objects.get().path == '/spec/subnets/storage/vlan'
        assert self.status_of('VPC', 'vpc-01') == 'conflict'

    def test_a_conflict_about_the_whole_resource_is_settled(self):
        Conflict.objects.all().delete()
        PendingChange.objects.all().delete()
        self.work.pull()
        self.work.remove(self.file)
        self.work.push()
        self.sync()
        assert Conflict.objects.get().path == ''
        assert self.settle(path='', side='git').status_code == 403, 'it would delete the resource'
        self.api.allow('add_vpc')
        self.api.allow('delete_vpc')
        self.assert_queued(self.settle(path='', side='git'), 'api')
        assert not VPC.objects.exists()
        assert not SyncState.objects.filter(kind='VPC').exists()

    def test_it_shows_as_pending_until_the_pass(self):
        self.settle()
        assert self.status_of('VPC', 'vpc-01') == 'pending'
        assert set(Conflict.objects.values_list('decision', flat=True)) == {'netbox'}

    def test_a_decision_survives_a_queue_that_lost_it(self):
        self.settle()
        Job.objects.all().delete()
        self.clear_rq_queues()
        self.sync(trigger='schedule')
        assert self.status_of('VPC', 'vpc-01') == 'synced'

    def test_there_may_be_nothing_to_settle(self):
        assert 'settled already' in self.assert_refused(self.settle(name='vpc-02'), 404)
        self.assert_refused(self.settle(path='/spec/mode'), 404)

    def test_a_request_that_is_not_understood(self):
        for data in ({'side': 'both'}, {'kind': 'Pod'}, {'kind': ''}, {'name': ''}, {'side': None}):
            response = self.settle(**data)
            assert response.status_code == 400
            assert set(response.json()) == set(data)
        assert not Job.objects.exists()

    def test_a_fabric_that_is_not_active_settles_nothing(self):
        for mode, word in ((FabricModeChoices.PAUSED, 'paused'), (FabricModeChoices.OBSERVE, 'observe')):
            self.set_mode(mode)
            assert word in self.assert_refused(self.settle(), 409)
        assert set(Conflict.objects.values_list('decision', flat=True)) == {''}


class ResolvePermissionTests(ConflictFixture, TestCase):
    def test_it_takes_the_permission_to_change_the_resource(self):
        self.api.allow('view_vpc', 'change_server', 'sync_hedgehogfabric', 'change_hedgehogfabric')
        self.assert_refused(self.settle(), 403)
        self.api.allow('change_vpc', constraints={'name': 'vpc-02'})
        self.assert_refused(self.settle(), 403)
        assert set(Conflict.objects.values_list('decision', flat=True)) == {''}
        self.api.allow('change_vpc', constraints={'fabric__slug': 'dc1'})
        assert self.settle().status_code == 202

    def test_a_token_that_may_not_write_may_not_settle(self):
        self.api = ApiClient('reader', write_enabled=False)
        self.api.allow('change_vpc')
        self.assert_refused(self.settle(), 403)

    def test_a_row_that_is_gone_takes_the_permission_for_its_kind(self):
        VPC.objects.all().delete()
        self.assert_refused(self.settle(), 403)
        self.api.allow('change_vpc')
        assert self.settle().status_code == 202
