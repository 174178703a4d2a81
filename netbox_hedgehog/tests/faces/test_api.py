"""NetBox's own API test cases for every model, with what each test needs of a kind taken from its specimen."""

import uuid

from django.utils import timezone
from utilities.testing import APIViewTestCases

from netbox_hedgehog.graphql.queries import query_name
from netbox_hedgehog.models import (
    RESOURCE_MODELS,
    ChangeActionChoices,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    PendingChange,
    RunStatusChoices,
    RunTriggerChoices,
    SyncRun,
)
from netbox_hedgehog.tests.specimens import SPECIMENS, make_credential, make_fabric, make_repository, make_resources


class HedgehogAPITests:
    """What NetBox's API test cases have to know about a plugin."""

    view_namespace = 'plugins-api:netbox_hedgehog'
    # GraphQL answers with an error where an object refers to one that may not be viewed.
    user_permissions = ('netbox_hedgehog.view_hedgehogfabric', 'netbox_hedgehog.view_gitrepository')

    @property
    def graphql_base_name(self):
        return query_name(self.model)


class GitRepositoryAPITests(HedgehogAPITests, APIViewTestCases.APIViewTestCase):
    model = GitRepository
    user_permissions = ()
    brief_fields = ['api_url', 'description', 'display', 'id', 'name']
    create_data = [
        {'name': f'Repository {number}', 'url': f'https://git.example.com/fabrics/r{number}', 'default_branch': 'trunk'}
        for number in (4, 5, 6)
    ]
    update_data = {'name': 'Renamed', 'url': 'https://git.example.com/elsewhere', 'description': 'It moved'}
    bulk_update_data = {'default_branch': 'release', 'description': 'Both at once'}
    bulk_update_invalid_data = {'default_branch': 'not a branch'}

    @classmethod
    def setUpTestData(cls):
        for number in (1, 2, 3):
            make_repository(f'Repository {number}')


class GitCredentialAPITests(HedgehogAPITests, APIViewTestCases.APIViewTestCase):
    model = GitCredential
    user_permissions = ()
    # It can be written, and is in no answer: see test_credentials.
    validation_excluded_fields = ('secret',)
    brief_fields = ['description', 'display', 'id', 'name', 'url']
    create_data = [
        {'name': f'Credential {number}', 'type': 'token', 'host': 'github.com', 'secret': f'token-{number}'}
        for number in (4, 5, 6)
    ]
    update_data = {'name': 'Renamed', 'host': 'ghe.example.com', 'secret': 'another-token', 'username': 'robot'}
    bulk_update_data = {'username': 'robot', 'description': 'Both at once'}
    bulk_update_invalid_data = {'host': 'https://github.com'}

    @classmethod
    def setUpTestData(cls):
        for number in (1, 2, 3):
            make_credential(f'Credential {number}')


class HedgehogFabricAPITests(HedgehogAPITests, APIViewTestCases.APIViewTestCase):
    model = HedgehogFabric
    user_permissions = ('netbox_hedgehog.view_gitrepository', 'netbox_hedgehog.view_gitcredential')
    brief_fields = ['description', 'display', 'id', 'name', 'slug', 'url']
    update_data = {
        'name': 'Renamed',
        'mode': 'observe',
        'write_method': 'pull-request',
        'authorship': 'verified',
        'reviewers': 'ada',
        'deletion_limit': 3,
        'release': '26.01',
        'is_installed': True,
        'is_draft': False,
        'vpc_irb_vlan_ranges': ['3000-3500', '3600'],
        'spine_asn': 4200000000,
        'include_cumulus': False,
        'description': 'It moved',
    }
    bulk_update_data = {'commit_window_seconds': 9, 'mode': 'paused', 'is_draft': False}
    bulk_update_invalid_data = {'directory': '../outside'}

    @classmethod
    def setUpTestData(cls):
        repository = make_repository(forge='github')
        for number in (1, 2, 3):
            make_fabric(f'Fabric {number}', repository)
        cls.create_data = [
            {'name': f'Fabric {number}', 'slug': f'fabric-{number}', 'repository': repository.pk, 'branch': 'main'}
            for number in (4, 5, 6)
        ]


class ResourceAPITests(HedgehogAPITests):
    """The test case of any kind; a concrete one is made for each below."""

    brief_fields = ['description', 'display', 'id', 'name', 'namespace', 'url']
    bulk_update_data = {'labels': {'team': 'a'}, 'description': 'Both at once'}
    bulk_update_invalid_data = {'name': 'another-name'}

    @classmethod
    def setUpTestData(cls):
        specimen = SPECIMENS[cls.model.kind.name]
        fabric = make_fabric()
        make_resources(cls.model, fabric)
        cls.create_data = [
            {'fabric': fabric.pk, 'name': name, 'spec': spec, 'annotations': {'example.com/owner': 'team-a'}}
            for name, spec in zip(specimen.new_names, specimen.specs, strict=True)
        ]
        cls.update_data = {'spec': specimen.update, 'labels': {'team': 'b'}, 'description': 'Changed'}


def _case_for(model):
    attributes = {'model': model, '__module__': __name__}
    return type(f'{model.__name__}APITests', (ResourceAPITests, APIViewTestCases.APIViewTestCase), attributes)


globals().update({case.__name__: case for case in map(_case_for, RESOURCE_MODELS)})


class ReadOnlyAPITests(
    HedgehogAPITests,
    APIViewTestCases.GetObjectViewTestCase,
    APIViewTestCases.ListObjectsViewTestCase,
    APIViewTestCases.GraphQLTestCase,
):
    """The test case of a record of the synchroniser."""

    def test_nothing_can_be_written(self):
        for action in ('add', 'change', 'delete'):
            self.add_permissions(f'netbox_hedgehog.{action}_{self.model._meta.model_name}')
        record = self.model.objects.first()
        for method, url in (
            ('post', self._get_list_url()),
            ('put', self._get_detail_url(record)),
            ('patch', self._get_detail_url(record)),
            ('delete', self._get_detail_url(record)),
        ):
            response = getattr(self.client, method)(url, {}, format='json', **self.header)
            self.assertHttpStatus(response, 405)
        assert self.model.objects.count() == 3


class SyncRunAPITests(ReadOnlyAPITests):
    model = SyncRun
    brief_fields = ['commit_after', 'completed', 'display', 'id', 'started', 'status', 'url']

    @classmethod
    def setUpTestData(cls):
        fabric = make_fabric()
        for number in (1, 2, 3):
            SyncRun.objects.create(
                fabric=fabric,
                trigger=RunTriggerChoices.SCHEDULE,
                batch=uuid.uuid4(),
                status=RunStatusChoices.ATTENTION,
                completed=timezone.now(),
                commit_before=f'{number}' * 40,
                commit_after=f'{number + 1}' * 40,
                counts={'files_written': number},
                changes=[
                    {
                        'side': 'git',
                        'action': 'write',
                        'path': 'managed/vpcs/vpc-1.yaml',
                        'kind': 'VPC',
                        'namespace': 'default',
                        'name': 'vpc-1',
                    }
                ],
                problems=[{'path': 'raw/a.yaml', 'line': 3, 'column': 1, 'code': 'not-yaml', 'message': 'Not YAML.'}],
            )


class PendingChangeAPITests(ReadOnlyAPITests):
    model = PendingChange
    brief_fields = ['action', 'created', 'display', 'id', 'kind', 'name', 'namespace', 'url']

    @classmethod
    def setUpTestData(cls):
        fabric = make_fabric()
        for number in (1, 2, 3):
            PendingChange.objects.create(
                fabric=fabric,
                group='vpc.githedgehog.com',
                kind='VPC',
                namespace='default',
                name=f'vpc-{number}',
                action=ChangeActionChoices.UPDATE,
                user_name='ada',
                message='Widen the subnet',
            )


# It is a pattern, not a test.
del ReadOnlyAPITests
