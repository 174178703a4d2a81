"""Filters: one for every field of every model, and those that look into records and specs."""

from django.test import TestCase
from utilities.testing import BaseFilterSetTestMixin, ChangeLoggedFilterSetTestMixin

from netbox_hedgehog import filtersets
from netbox_hedgehog.models import (
    RESOURCE_MODELS,
    SETTINGS,
    VPC,
    ChangeActionChoices,
    FabricState,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    PendingChange,
    RunStatusChoices,
    RunTriggerChoices,
    SyncRun,
    SyncState,
)
from netbox_hedgehog.tests.specimens import make_credential, make_fabric, make_repository, make_resources


class Checks:
    def assert_found(self, count, **parameters):
        assert self.filterset(parameters, self.queryset).qs.count() == count, parameters


class GitCredentialFilterTests(Checks, ChangeLoggedFilterSetTestMixin, TestCase):
    queryset = GitCredential.objects.all()
    filterset = filtersets.GitCredentialFilterSet
    ignore_fields = ('secret', 'repositories')

    @classmethod
    def setUpTestData(cls):
        make_credential('One', description='Number 1')
        make_credential('Two', username='robot')
        make_credential('Three', '', type='environment', host='github.com', reference='HEDGEHOG_TOKEN')

    def test_search(self):
        self.assert_found(1, q='Number 1')
        self.assert_found(2, q='git.example.com')
        self.assert_found(1, q='hedgehog_token')
        self.assert_found(3, q='  ')

    def test_fields(self):
        self.assert_found(2, name=['One', 'Two'])
        self.assert_found(2, type=['token'])
        self.assert_found(1, host=['github.com'])
        self.assert_found(1, username=['robot'])

    def test_there_is_no_filter_for_the_secret(self):
        assert not [name for name in self.filterset.get_filters() if 'secret' in name]


class GitRepositoryFilterTests(Checks, ChangeLoggedFilterSetTestMixin, TestCase):
    queryset = GitRepository.objects.all()
    filterset = filtersets.GitRepositoryFilterSet
    ignore_fields = ('address_key', 'fabrics', 'branch_states', 'webhook', 'deliveries')

    @classmethod
    def setUpTestData(cls):
        for number in (1, 2, 3):
            make_repository(f'Repository {number}', description=f'Number {number}')
        cls.credential = make_credential()
        make_repository('Private', default_branch='trunk', forge='github', credential=cls.credential)

    def test_search(self):
        self.assert_found(1, q='Number 2')
        self.assert_found(4, q='git.example.com')
        self.assert_found(4, q='  ')

    def test_fields(self):
        self.assert_found(2, name=['Repository 1', 'Repository 2'])
        self.assert_found(3, default_branch=['main'])
        self.assert_found(1, forge=['github'])
        self.assert_found(1, credential=['Robot'])
        self.assert_found(1, credential_id=[self.credential.pk])


class HedgehogFabricFilterTests(Checks, ChangeLoggedFilterSetTestMixin, TestCase):
    queryset = HedgehogFabric.objects.all()
    filterset = filtersets.HedgehogFabricFilterSet
    ignore_fields = ('state', *(name for name in SETTINGS if name not in ('release', 'is_installed', 'is_draft')))

    @classmethod
    def setUpTestData(cls):
        repository = make_repository(forge='github')
        fabrics = [make_fabric(f'Fabric {number}', repository) for number in (1, 2)]
        fabric = make_fabric('Fabric 3', mode='paused')
        HedgehogFabric.objects.filter(pk=fabric.pk).update(
            write_method='pull-request', authorship='verified', reviewers='ada', release='newer', is_draft=False
        )
        FabricState.objects.create(fabric=fabrics[0], connection='unreachable')

    def test_search(self):
        self.assert_found(1, q='fabric-2')
        self.assert_found(3, q='fabric')

    def test_repository(self):
        self.assert_found(2, repository=['Manifests'])
        self.assert_found(2, repository_id=[GitRepository.objects.get(name='Manifests').pk])

    def test_mode_and_connection(self):
        self.assert_found(1, mode=['paused'])
        self.assert_found(1, connection=['unreachable'])

    def test_settings(self):
        self.assert_found(1, release=['newer', '25.01'])
        self.assert_found(2, release=['26.03'])
        self.assert_found(1, is_draft=False)
        self.assert_found(2, is_draft=True)
        self.assert_found(3, is_installed=False)

    def test_way_of_writing(self):
        self.assert_found(1, write_method=['pull-request'])
        self.assert_found(2, authorship=['author'])
        self.assert_found(1, reviewers=['ada'])


class ResourceFilterTests(Checks, ChangeLoggedFilterSetTestMixin):
    ignore_fields = ('labels', 'annotations', 'spec')

    @classmethod
    def setUpTestData(cls):
        cls.fabric, cls.other = make_fabric(), make_fabric('Other')
        cls.resources = make_resources(cls.queryset.model, cls.fabric)
        make_resources(cls.queryset.model, cls.other)
        for resource, status in zip(cls.resources, ('synced', 'conflict', 'conflict'), strict=True):
            states = SyncState.objects.filter(fabric=cls.fabric, kind=cls.queryset.model.kind.name, name=resource.name)
            states.update(status=status)
        SyncState.objects.filter(fabric=cls.other, name='item-3').delete()

    def test_fabric(self):
        self.assert_found(3, fabric=['lab'])
        self.assert_found(3, fabric_id=[self.other.pk])

    def test_name_and_description(self):
        self.assert_found(2, name=['item-1'])
        self.assert_found(1, description=['The item-1 of Lab'])
        self.assert_found(6, namespace=['default'])

    def test_sync_status(self):
        self.assert_found(1, sync_status=['synced'])
        self.assert_found(3, sync_status=['synced', 'conflict'])
        self.assert_found(2, sync_status=['pending'])
        self.assert_found(1, sync_status=['unknown'])

    def test_search(self):
        self.assert_found(1, q='ITEM-3 OF OTHER')
        self.assert_found(3, q='of lab')


def _tests_of(model):
    attributes = {
        'queryset': model.objects.all(),
        'filterset': getattr(filtersets, f'{model.__name__}FilterSet'),
        '__module__': __name__,
    }
    return type(f'{model.__name__}FilterTests', (ResourceFilterTests, TestCase), attributes)


globals().update({f'{model.__name__}FilterTests': _tests_of(model) for model in RESOURCE_MODELS})


class SearchInSpecTests(TestCase):
    def test_a_search_finds_addresses_and_vlans_in_specs(self):
        make_resources(VPC, make_fabric())
        for text, name in (('10.0.233.0/24', 'item-1'), ('1002', 'item-2')):
            found = filtersets.VPCFilterSet({'q': text}, VPC.objects.all()).qs
            assert [resource.name for resource in found] == [name]


class PendingChangeFilterTests(Checks, BaseFilterSetTestMixin, TestCase):
    queryset = PendingChange.objects.all()
    filterset = filtersets.PendingChangeFilterSet

    @classmethod
    def setUpTestData(cls):
        make_resources(VPC, make_fabric())
        PendingChange.objects.filter(name='item-1').update(action=ChangeActionChoices.DELETE, message='Not needed')

    def test_fields(self):
        self.assert_found(3, kind=['VPC'])
        self.assert_found(0, kind=['Switch'])
        self.assert_found(1, action=['delete'])
        self.assert_found(1, name=['item-2'])
        self.assert_found(3, fabric=['lab'])

    def test_search(self):
        self.assert_found(1, q='needed')


class SyncRunFilterTests(Checks, BaseFilterSetTestMixin, TestCase):
    queryset = SyncRun.objects.all()
    filterset = filtersets.SyncRunFilterSet
    ignore_fields = ('counts', 'changes', 'problems')

    @classmethod
    def setUpTestData(cls):
        fabric = make_fabric()
        change = {'side': 'git', 'action': 'write', 'kind': 'VPC', 'namespace': 'default', 'name': 'item-1'}
        for number, status in enumerate(RunStatusChoices.values()):
            SyncRun.objects.create(
                fabric=fabric,
                trigger=RunTriggerChoices.BUTTON,
                status=status,
                batch=f'00000000-0000-4000-8000-00000000000{number}',
                commit_after=f'{number}' * 40,
                changes=[change] if number == 1 else [],
                requests=number if number < 3 else 0,
            )

    def test_fields(self):
        self.assert_found(1, status=['failed'])
        self.assert_found(len(RunStatusChoices.values()), trigger=['button'])
        self.assert_found(len(RunStatusChoices.values()), fabric=['lab'])

    def test_search(self):
        self.assert_found(1, q='2222')

    def test_runs_of_a_resource(self):
        self.assert_found(1, resource='VPC default/item-1')
        self.assert_found(0, resource='VPC default/item-2')
        self.assert_found(0, resource='nonsense')
