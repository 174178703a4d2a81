"""The OpenAPI schema of our part of the REST API, which client libraries are generated from."""

from django.test import TestCase
from django.urls import include, path
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from netbox_hedgehog.api.urls import urlpatterns
from netbox_hedgehog.models import RESOURCE_MODELS, SETTINGS

ROOT = '/api/plugins/hedgehog/'


class OpenAPITests(TestCase):
    @classmethod
    def setUpTestData(cls):
        reset_generator_stats()
        patterns = [path(ROOT[1:], include((urlpatterns, 'netbox_hedgehog-api')))]
        with GENERATOR_STATS.silence():
            cls.schema = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)
        cls.complaints = [*GENERATOR_STATS._error_cache, *GENERATOR_STATS._warn_cache]

    def operation(self, address, method='post'):
        return self.schema['paths'][ROOT + address][method]

    def answers(self, address, method='post'):
        found = {}
        for status, answer in self.operation(address, method)['responses'].items():
            schema = answer['content']['application/json']['schema']
            found[status] = schema.get('$ref', '').rpartition('/')[2]
        return found

    def test_it_is_made_without_complaints_and_is_valid(self):
        assert self.complaints == []
        validate_schema(self.schema)

    def test_it_describes_each_kind(self):
        for model in RESOURCE_MODELS:
            assert set(self.schema['paths'][f'{ROOT}{model.kind.slug}/']) == {'get', 'post', 'put', 'patch', 'delete'}
            properties = self.schema['components']['schemas'][model.kind.name]['properties']
            assert properties['sync']['readOnly']
            assert properties['spec']['type'] == 'object'

    def test_it_describes_the_actions_of_a_fabric(self):
        assert self.answers('fabrics/{id}/sync/') == {
            '200': 'Plan',
            '202': 'PassQueued',
            '409': 'Refusal',
            '503': 'Refusal',
        }
        assert self.answers('fabrics/{id}/approve/') == {'202': 'PassQueued', '409': 'Refusal'}
        assert self.answers('fabrics/{id}/resolve/') == {'202': 'Resolved', '404': 'Refusal', '409': 'Refusal'}
        assert self.answers('fabrics/{id}/conflicts/', 'get') == {'200': 'PaginatedConflictList'}
        assert self.answers('fabrics/{id}/test/') == {'200': 'Examination'}
        assert self.answers('fabrics/{id}/budget/', 'get') == {'200': 'Budget', '404': 'Refusal'}
        assert self.answers('fabrics/{id}/propose-again/') == {'202': 'PassQueued', '409': 'Refusal'}
        assert self.answers('fabrics/{id}/discard/') == {'202': 'Discarded', '409': 'Refusal'}
        names = ('sync', 'approve', 'resolve', 'test', 'propose-again', 'discard')
        descriptions = {self.operation(f'fabrics/{{id}}/{name}/')['description'] for name in names}
        assert len(descriptions) == len(names)

    def test_it_describes_the_settings_of_a_fabric(self):
        schemas = self.schema['components']['schemas']
        properties = schemas['HedgehogFabricRequest']['properties']
        assert set(SETTINGS) <= set(properties)
        assert not set(SETTINGS) & set(schemas['HedgehogFabricRequest']['required'])
        assert properties['reserved_subnets']['items']['type'] == 'string'
        assert properties['is_draft']['type'] == 'boolean'
        assert properties['spine_asn']['type'] == 'integer'

    def test_it_describes_the_test_of_a_repository(self):
        assert self.answers('git-repositories/{id}/test/') == {'200': 'Examination'}

    def test_it_describes_what_is_free(self):
        described = {
            'vlan-namespaces/{id}/available-vlans/': ('FreeVLAN', 'GivenSubnet', {'limit'}),
            'ipv4-namespaces/{id}/available-prefixes/': ('FreePrefix', 'GivenSubnet', {'limit', 'prefix_length'}),
            'fabrics/{id}/available-asns/': ('FreeASN', 'GivenASN', {'limit', 'role'}),
            'fabrics/{id}/available-addresses/': ('FreeAddress', 'GivenAddress', {'role'}),
            'switches/{id}/available-addresses/': ('FreeAddress', 'GivenAddress', set()),
            'connections/{id}/available-addresses/': ('FreeAddress', 'GivenAddress', set()),
            'gateways/{id}/available-addresses/': ('FreeAddress', 'GivenAddress', set()),
        }
        for address, (free, given, parameters) in described.items():
            with self.subTest(address=address):
                assert self.items(address, 'get', '200') == free
                assert self.items(address, 'post', '201') == given
                # Where nothing is blank, nothing is given.
                assert ('200' in self.answers(address)) == address.endswith('addresses/')
                assert self.answers(address)['409'] == self.answers(address, 'get')['409'] == 'Refusal'
                found = {parameter['name'] for parameter in self.operation(address, 'get')['parameters']}
                assert found - {'brief', 'fields', 'omit'} == parameters | {'id'}

    def items(self, address, method, status):
        """Return what an answer lists."""
        answer = self.operation(address, method)['responses'][status]
        return answer['content']['application/json']['schema']['items']['$ref'].rpartition('/')[2]

    def test_records_are_read_only(self):
        for slug in ('sync-runs', 'pending-changes'):
            assert set(self.schema['paths'][f'{ROOT}{slug}/']) == {'get'}
