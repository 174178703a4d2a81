"""What REST accepts as the content of a resource, what it refuses, and in which words."""

import json
import pickle

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from utilities.api import get_serializer_for_model

from netbox_hedgehog.api import views
from netbox_hedgehog.models import (
    RESOURCE_MODELS,
    VPC,
    GatewayGroup,
    GitRepository,
    HedgehogFabric,
    PendingChange,
    Server,
    SwitchGroup,
    SyncRun,
    SyncState,
)
from netbox_hedgehog.tests.faces.api_client import ROOT, ApiClient
from netbox_hedgehog.tests.specimens import SPECIMENS, make_fabric, make_repository, make_resource


class ResourceContentTests(TestCase):
    def setUp(self):
        self.api = ApiClient()
        for kind in ('vpc', 'switchgroup', 'gatewaygroup', 'server'):
            self.api.allow(f'view_{kind}', f'add_{kind}', f'change_{kind}')
        self.fabric = make_fabric()

    def add(self, slug='vpcs', **fields):
        data = {'fabric': self.fabric.pk, 'name': 'item-1', 'spec': SPECIMENS['VPC'].specs[0]} | fields
        return self.api.post(f'{slug}/', data)

    def refused(self, response, field):
        assert response.status_code == 400, response.content
        assert set(response.json()) == {field}
        return ' '.join(response.json()[field])

    def test_a_resource_shows_its_content_and_how_it_stands_to_git(self):
        response = self.add(labels={'team': 'a'}, annotations={'example.com/owner': 'ada'})
        assert response.status_code == 201
        found = self.api.get(f'vpcs/{response.json()["id"]}/').json()
        assert found['fabric']['slug'] == self.fabric.slug
        assert (found['namespace'], found['name']) == ('default', 'item-1')
        assert found['spec'] == SPECIMENS['VPC'].specs[0]
        assert (found['labels'], found['annotations']) == ({'team': 'a'}, {'example.com/owner': 'ada'})
        assert found['sync'] == {'status': 'pending', 'path': '', 'commit': '', 'since': found['sync']['since']}
        assert found['sync']['since'].endswith('Z')

    def test_a_problem_of_the_spec_names_the_field(self):
        spec = SPECIMENS['VPC'].specs[0] | {'subnets': {'default': {'subnet': '10.0.1.0/24', 'vlan': 70000}}}
        message = self.refused(self.add(spec=spec), 'spec')
        assert message.startswith('spec.subnets.default.vlan: ')

    def test_all_problems_are_told_at_once(self):
        spec = {'subnets': {'default': {'subnet': 5, 'vlan': 70000}}}
        response = self.add(spec=spec, labels={'a b': 'c'})
        assert response.status_code == 400
        answer = response.json()
        assert len(answer['spec']) == 2
        assert answer['labels']

    def test_a_name_that_the_fabric_refuses(self):
        assert 'lower-case' in self.refused(self.add(name='Not_A_Name'), 'name')

    def test_a_name_that_is_taken(self):
        assert self.add().status_code == 201
        response = self.add()
        assert response.status_code == 400
        assert 'already has a resource of this kind' in response.content.decode()

    def test_a_field_that_the_release_does_not_know_is_refused(self):
        spec = SPECIMENS['VPC'].specs[0] | {'futureField': {'keep': ['me']}}
        assert self.refused(self.add(spec=spec), 'spec').startswith('spec.futureField: ')

    def test_an_unknown_field_is_kept_where_the_release_may_know_it(self):
        HedgehogFabric.objects.update(release='newer')
        spec = SPECIMENS['VPC'].specs[0] | {'futureField': {'keep': ['me']}}
        assert self.add(spec=spec).json()['spec'] == spec

    def test_content_that_is_no_map_is_refused_in_a_sentence(self):
        for field in ('spec', 'labels', 'annotations'):
            for value, words in (
                ([], 'This is a list; write a JSON object'),
                ('subnets: {}', 'This is a text; write a JSON object'),
                (5, 'This is a number'),
                (True, 'This is true or false'),
                (None, 'This is null; write a JSON object'),
            ):
                with self.subTest(field=field, value=value):
                    assert words in self.refused(self.add(**{field: value}), field)

    def test_text_that_the_database_cannot_hold_is_refused(self):
        for value in ('a\x00b', '\ud800'):
            for content in (
                {'spec': {'futureField': value}},
                {'spec': {value: 1}},
                {'spec': {value: {'description': 5}}},
                {'spec': {'description': value}},
                {'annotations': {'a': value}},
                {'annotations': {value: 5}},
            ):
                with self.subTest(content=content):
                    response = self.add('servers', **({'spec': {}} | content))
                    assert response.status_code == 400, response.content

    def test_an_empty_spec_is_accepted_where_the_kind_has_none(self):
        for slug, model in (('switch-groups', SwitchGroup), ('gateway-groups', GatewayGroup)):
            response = self.add(slug, spec={})
            assert response.status_code == 201, response.content
            assert model.objects.get().spec == {}

    def test_a_spec_that_is_left_out_is_empty(self):
        response = self.api.post('servers/', {'fabric': self.fabric.pk, 'name': 'item-1'})
        assert response.json()['spec'] == {}

    def test_identity_cannot_change_by_any_way(self):
        vpc, other = make_resource(VPC, self.fabric), make_fabric('Other')
        fields = {'fabric': other.pk, 'namespace': 'elsewhere', 'name': 'item-9'}
        whole = {'fabric': self.fabric.pk, 'namespace': 'default', 'name': 'item-1', 'spec': vpc.spec}
        for field, value in fields.items():
            for send, path, data in (
                (self.api.patch, f'vpcs/{vpc.pk}/', {field: value}),
                (self.api.put, f'vpcs/{vpc.pk}/', whole | {field: value}),
            ):
                with self.subTest(field=field, send=send.__name__):
                    assert 'cannot change once saved' in self.refused(send(path, data), field)
            for send, data in (
                (self.api.patch, {'id': vpc.pk, field: value}),
                (self.api.put, {'id': vpc.pk, **whole, field: value}),
            ):
                with self.subTest(field=field, send=send.__name__, bulk=True):
                    response = send('vpcs/', [data])
                    assert response.status_code == 400
                    assert set(response.json()['errors'][0]['errors']) == {field}
        assert VPC.objects.values('fabric', 'namespace', 'name').get() == {
            'fabric': self.fabric.pk,
            'namespace': 'default',
            'name': 'item-1',
        }

    def test_a_whole_object_can_be_put_back_as_it_was_read(self):
        vpc = make_resource(VPC, self.fabric)
        found = self.api.get(f'vpcs/{vpc.pk}/').json()
        response = self.api.put(f'vpcs/{vpc.pk}/', found | {'fabric': found['fabric']['id']})
        assert response.status_code == 200, response.content
        assert response.json()['spec'] == found['spec']

    def test_how_it_stands_to_git_cannot_be_written(self):
        vpc = make_resource(VPC, self.fabric)
        response = self.api.patch(f'vpcs/{vpc.pk}/', {'sync': {'status': 'synced'}})
        assert response.json()['sync']['status'] == 'pending'
        assert SyncState.objects.get().status == 'pending'

    def test_a_write_is_in_the_outbox_with_its_author_and_message(self):
        self.add(changelog_message='A network for the shop')
        change = PendingChange.objects.get()
        assert (change.user, change.message) == (self.api.user, 'A network for the shop')

    def test_a_ticket_number_will_do_for_a_message(self):
        self.add(changelog_message=4711)
        assert PendingChange.objects.get().message == '4711'

    def test_a_bulk_write_with_one_bad_item_leaves_nothing_in_the_outbox(self):
        good, bad = ({'fabric': self.fabric.pk, 'name': name} for name in ('item-1', 'Not_A_Name'))
        assert self.api.post('servers/', [good, bad]).status_code == 400
        assert Server.objects.count() == PendingChange.objects.count() == 0

    def test_the_list_takes_as_many_queries_for_many_as_for_few(self):
        def queries(number):
            while Server.objects.count() < number:
                make_resource(Server, self.fabric, f'server-{Server.objects.count()}', spec={})
            with CaptureQueriesContext(connection) as captured:
                found = self.api.get('servers/?limit=100').json()['results']
            assert [item['sync']['status'] for item in found] == ['pending'] * number
            return len(captured)

        queries(1)  # fills what is cached between requests
        assert queries(2) == queries(20)

    def test_rows_without_a_record_cost_no_query_each(self):
        for name in ('server-1', 'server-2'):
            make_resource(Server, self.fabric, name, spec={})
        SyncState.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            found = self.api.get('servers/').json()['results']
        assert [item['sync']['status'] for item in found] == ['unknown', 'unknown']
        assert sum('syncstate' in query['sql'] for query in captured) == 1

    def test_brief_answers_leave_the_state_unread(self):
        make_resource(Server, self.fabric, spec={})
        with CaptureQueriesContext(connection) as captured:
            (found,) = self.api.get('servers/?brief=1').json()['results']
        assert 'sync' not in found
        assert not any('syncstate' in query['sql'] for query in captured)


class AddressTests(TestCase):
    def setUp(self):
        self.api = ApiClient()

    def test_each_kind_has_its_address(self):
        for model in RESOURCE_MODELS:
            self.api.allow(f'view_{model._meta.model_name}')
            assert self.api.get(f'{model.kind.slug}/').json()['results'] == []

    def test_netbox_finds_what_it_looks_up_by_name(self):
        for model in (*RESOURCE_MODELS, GitRepository, HedgehogFabric, PendingChange, SyncRun):
            assert get_serializer_for_model(model).Meta.model is model
            # A bulk write in the background hands its viewset to the worker by name.
            viewset = getattr(views, f'{model.__name__}ViewSet')
            assert pickle.loads(pickle.dumps(viewset)) is viewset

    def test_it_can_be_read_in_a_browser(self):
        fabric = make_fabric()
        vpc = make_resource(VPC, fabric)
        self.api.allow('view_vpc', 'view_hedgehogfabric')
        for path in ('', 'vpcs/', f'vpcs/{vpc.pk}/', f'fabrics/{fabric.pk}/', f'fabrics/{fabric.pk}/conflicts/'):
            response = self.api.client.get(ROOT + path, headers=self.api.headers | {'Accept': 'text/html'})
            assert response.status_code == 200
            assert response.headers['Content-Type'].startswith('text/html')

    def test_the_root_lists_them_all(self):
        names = set(self.api.get('').json())
        assert names == {
            'git-repositories',
            'fabrics',
            'vpcs',
            'vpc-attachments',
            'vpc-peerings',
            'externals',
            'external-attachments',
            'external-peerings',
            'ipv4-namespaces',
            'vlan-namespaces',
            'switches',
            'servers',
            'connections',
            'switch-groups',
            'gateways',
            'gateway-groups',
            'gateway-peerings',
            'sync-runs',
            'pending-changes',
            'git-credentials',
        }


class RepositoryAndFabricContentTests(TestCase):
    def setUp(self):
        self.api = ApiClient()
        for model in ('gitrepository', 'hedgehogfabric'):
            self.api.allow(f'view_{model}', f'add_{model}', f'change_{model}')

    def test_a_repository_is_added_by_its_address(self):
        data = {'name': 'Lab', 'url': 'https://git.example.com/lab', 'default_branch': 'main'}
        response = self.api.post('git-repositories/', data)
        found = response.json()
        assert {key: found[key] for key in data} == data
        assert response.headers['Location'] == found['api_url']
        assert found['api_url'].endswith(f'/git-repositories/{found["id"]}/')

    def test_an_address_that_is_not_allowed_is_refused_without_repeating_its_secret(self):
        response = self.api.post('git-repositories/', {'name': 'Lab', 'url': 'https://ada:s3cret@git.example.com/lab'})
        assert response.status_code == 400
        assert set(response.json()) == {'url'}
        assert 's3cret' not in response.content.decode()

    def test_two_spellings_of_one_repository_are_refused(self):
        make_repository('Lab', url='https://git.example.com/lab')
        response = self.api.post('git-repositories/', {'name': 'Again', 'url': 'https://GIT.example.com/lab.git/'})
        assert response.json() == {'url': ['Lab is the same repository.']}

    def test_a_fabric_gets_its_defaults_and_an_empty_state(self):
        repository = make_repository(default_branch='trunk')
        data = {'name': 'Lab', 'slug': 'lab', 'repository': repository.pk}
        found = self.api.post('fabrics/', data).json()
        assert (found['branch'], found['directory']) == ('trunk', 'fabrics/lab/gitops')
        assert found['mode'] == {'value': 'active', 'label': 'Active'}
        assert found['state'] == {
            'commit': '',
            'compared_at': None,
            'verified_at': None,
            'connection': 'unknown',
            'error': '',
            'error_since': None,
            'retry_at': None,
            'proposal': None,
        }

    def test_the_directory_of_a_fabric_is_stored_in_its_normal_form(self):
        data = {'name': 'Lab', 'slug': 'lab', 'repository': make_repository().pk, 'directory': 'a/b/'}
        found = self.api.post('fabrics/', data).json()
        assert found['directory'] == 'a/b'

    def test_the_state_of_a_fabric_cannot_be_written(self):
        fabric = make_fabric()
        response = self.api.patch(f'fabrics/{fabric.pk}/', {'state': {'commit': 'f' * 40}})
        assert response.json()['state']['commit'] == ''


@pytest.mark.django_db
def test_the_address_of_the_api_is_not_open_to_everyone(client):
    response = client.get('/api/plugins/hedgehog/vpcs/')
    assert response.status_code == 403, json.loads(response.content)
