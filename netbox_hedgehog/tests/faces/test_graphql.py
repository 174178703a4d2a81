"""GraphQL beyond NetBox's standard cases: all types are tested, none is dear, none is shown to strangers."""

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from utilities.testing import APIViewTestCases

from netbox_hedgehog.graphql import schema
from netbox_hedgehog.models import (
    RESOURCE_MODELS,
    VPC,
    FabricState,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    PendingChange,
    Server,
    SyncRun,
    SyncState,
)
from netbox_hedgehog.tests.faces.api_client import ApiClient
from netbox_hedgehog.tests.specimens import SPECIMENS, make_fabric, make_resource


class CoverageTests(APIViewTestCases.GraphQLSchemaCoverageTestCase):
    """Each of our types is in one of NetBox's standard test cases."""

    graphql_test_modules = ('faces.test_api', 'faces.test_graphql')

    def get_schema_type_classes(self):
        """Leave NetBox's own types to NetBox."""
        found = super().get_schema_type_classes()
        return {cls: model for cls, model in found.items() if model._meta.app_label == 'netbox_hedgehog'}

    def test_each_model_has_its_queries(self):
        models = set(self.get_schema_type_classes().values())
        assert models == {GitCredential, GitRepository, HedgehogFabric, SyncRun, PendingChange, *RESOURCE_MODELS}

    def test_every_name_of_ours_is_prefixed(self):
        (query,) = schema
        assert all(field.name.startswith('hedgehog_') for field in query.__strawberry_definition__.fields)
        for cls in self.get_schema_type_classes():
            assert cls.__strawberry_definition__.name.startswith('Hedgehog')


class QueryTests(TestCase):
    def setUp(self):
        self.api = ApiClient()
        self.api.allow('view_hedgehogfabric', 'view_gitrepository', 'view_vpc', 'view_server')
        self.fabric = make_fabric()

    def ask(self, query):
        response = self.api.client.post(
            '/graphql/', {'query': query}, content_type='application/json', headers=self.api.headers
        )
        assert response.status_code == 200, response.content
        answer = response.json()
        assert 'errors' not in answer, answer['errors']
        return answer['data']

    def test_a_resource_shows_its_content_and_how_it_stands_to_git(self):
        vpc = make_resource(VPC, self.fabric, labels={'team': 'a'})
        SyncState.objects.update(status='synced', path='managed/vpcs/item-1.yaml', commit='f' * 40)
        fields = 'namespace name labels annotations spec sync fabric { slug repository { url } }'
        found = self.ask(f'{{ hedgehog_vpc(id: {vpc.pk}) {{ {fields} }} }}')['hedgehog_vpc']
        since = found['sync'].pop('since')
        assert since.startswith('20')
        assert found == {
            'namespace': 'default',
            'name': 'item-1',
            'labels': {'team': 'a'},
            'annotations': {},
            'spec': SPECIMENS['VPC'].specs[0],
            'sync': {'status': 'synced', 'path': 'managed/vpcs/item-1.yaml', 'commit': 'f' * 40},
            'fabric': {'slug': 'lab', 'repository': {'url': self.fabric.repository.url}},
        }

    def test_resources_are_chosen_by_fabric_and_by_what_is_in_them(self):
        make_resource(VPC, self.fabric, labels={'team': 'a'})
        make_resource(VPC, make_fabric('Other'), labels={'team': 'b'})
        for filters in (
            f'fabric_id: {self.fabric.pk}',
            'fabric: {slug: {exact: "lab"}}',
            'fabric: {mode: {exact: ACTIVE}, name: {exact: "Lab"}}',
            'labels: {path: "team", lookup: {string_lookup: {exact: "a"}}}',
        ):
            found = self.ask(f'{{ hedgehog_vpc_list(filters: {{ {filters} }}) {{ fabric {{ slug }} }} }}')
            assert found['hedgehog_vpc_list'] == [{'fabric': {'slug': 'lab'}}], filters

    def test_a_fabric_shows_how_it_stands(self):
        query = '{ hedgehog_fabric_list { slug sync } }'
        (found,) = self.ask(query)['hedgehog_fabric_list']
        assert found['sync']['connection'] == 'unknown'
        FabricState.objects.create(fabric=self.fabric, commit='f' * 40, connection='ok')
        (found,) = self.ask(query)['hedgehog_fabric_list']
        assert (found['sync']['commit'], found['sync']['connection']) == ('f' * 40, 'ok')

    def count(self, query, number, name):
        with CaptureQueriesContext(connection) as captured:
            assert len(self.ask(query)[name]) == number
        return len(captured)

    def test_the_state_of_many_costs_as_many_queries_as_that_of_few(self):
        plain = '{ hedgehog_server_list { name sync } }'
        inside = '{ hedgehog_server_list { ...f } } fragment f on HedgehogServerType { ... { sync } fabric { sync } }'
        make_resource(Server, self.fabric, 'server-0', spec={})
        few = [self.count(query, 1, 'hedgehog_server_list') for query in (plain, inside, plain, inside)][2:]
        for number in range(1, 20):
            make_resource(Server, self.fabric, f'server-{number}', spec={})
        assert [self.count(query, 20, 'hedgehog_server_list') for query in (plain, inside)] == few

    def test_the_state_is_not_read_unless_it_is_asked_for(self):
        make_resource(Server, self.fabric, spec={})
        with CaptureQueriesContext(connection) as captured:
            self.ask('{ hedgehog_server_list { name } }')
        assert not any('syncstate' in query['sql'] for query in captured)

    def test_what_may_not_be_viewed_is_not_shown(self):
        for name in ('server-1', 'server-2'):
            make_resource(Server, self.fabric, name, spec={})
        stranger = ApiClient('stranger')
        stranger.allow('view_server', constraints={'name': 'server-2'})
        self.api = stranger
        assert self.ask('{ hedgehog_server_list { name } }')['hedgehog_server_list'] == [{'name': 'server-2'}]
        assert self.ask('{ hedgehog_vpc_list { name } }')['hedgehog_vpc_list'] == []
        assert self.ask('{ hedgehog_fabric_list { name } }')['hedgehog_fabric_list'] == []

    def test_nothing_can_be_changed(self):
        response = self.api.client.post(
            '/graphql/', {'query': 'mutation { x }'}, content_type='application/json', headers=self.api.headers
        )
        assert 'errors' in response.json()
