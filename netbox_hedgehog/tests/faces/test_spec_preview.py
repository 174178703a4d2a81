"""What the form tells of a save before it is made, and what it offers: to whom, and without changing anything."""

from core.models import ObjectChange, ObjectType
from django.urls import reverse
from users.models import ObjectPermission
from utilities.testing import TestCase

from netbox_hedgehog.manifests import edit, parse
from netbox_hedgehog.models import VPC, Connection, GitFile, PendingChange, Server, Switch, SyncState
from netbox_hedgehog.reconcile import with_content
from netbox_hedgehog.tests.documents import VPC_BY_HAND
from netbox_hedgehog.tests.specimens import SPECIMENS, make_fabric, make_resource

PATH = 'managed/vpcs/vpc-01.yaml'

# Too long for a number in Python, beyond the columns of PostgreSQL, no text for PostgreSQL, no number in JSON, a digit.
ODD_TEXTS = (
    '9' * 5000,
    '9' * 19,
    'a\0b',
    '"\\ud800"',
    '"\\u0000"',
    '1e999',
    'NaN',
    '\u00b2',
    '\u0667',
    '-7',
    '{{',
    '<',
)


class PreviewTests(TestCase):
    user_permissions = ('netbox_hedgehog.view_hedgehogfabric',)

    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()
        document = parse(PATH, VPC_BY_HAND.encode()).documents[0]
        VPC.objects.bulk_create([VPC(fabric=cls.fabric, name='vpc-01', spec=document.content['spec'])])
        cls.vpc = VPC.objects.get()
        cls.vpc.annotations = {'example.com/owner': 'team-a'}
        VPC.objects.filter(pk=cls.vpc.pk).update(annotations=cls.vpc.annotations)
        PendingChange.objects.all().delete()
        SyncState.objects.update_or_create(
            fabric=cls.fabric,
            kind='VPC',
            namespace='default',
            name='vpc-01',
            defaults={'group': 'vpc.githedgehog.com', 'path': PATH, 'manifest': VPC_BY_HAND, 'commit': 'c' * 40},
        )
        GitFile.objects.create(
            fabric=cls.fabric, path=PATH, blob='b', mode=0o100644, content=VPC_BY_HAND.encode(), documents=[{}]
        )

    def ask(self, resource=None, model=VPC, **fields):
        name = f'plugins:netbox_hedgehog:{model._meta.model_name}_preview_{"edit" if resource else "add"}'
        data = {'fabric': self.fabric.pk, 'namespace': 'default', 'editor': 'yaml', **fields}
        return self.client.post(reverse(name, args=[resource.pk] if resource else []), data)

    def test_the_difference_is_that_of_the_file(self):
        self.add_permissions('netbox_hedgehog.change_vpc', 'netbox_hedgehog.view_vpc')
        spec = 'futureField: {keep: me}\nipv4Namespace: default\nvlanNamespace: default\nsubnets:\n'
        spec += '  default: {vlan: 1009, subnet: 10.0.1.0/24, gateway: 10.0.1.1}\n'
        spec += '  storage: {vlan: 1002, subnet: 10.0.2.0/24}\n'
        answer = self.ask(self.vpc, spec=spec, annotations='example.com/owner: team-a').json()
        lines = answer['difference']['lines']
        assert [line for line in lines if line[0] in '+-'][2:] == ['-      vlan: 1001', '+      vlan: 1009']
        assert answer['difference']['path'] == f'{self.fabric.directory}/{PATH}'
        assert answer['yaml'].splitlines()[0] == 'ipv4Namespace: default'
        assert list(answer['problems']) == ['id_spec_fields']  # the unknown field
        assert answer['fields'] is None

    def test_it_is_what_the_synchroniser_writes(self):
        self.add_permissions('netbox_hedgehog.change_vpc', 'netbox_hedgehog.view_vpc')
        spec = 'subnets: {default: {vlan: 1009}}\n'
        lines = self.ask(self.vpc, spec=spec).json()['difference']['lines']
        self.vpc.spec, self.vpc.annotations = {'subnets': {'default': {'vlan': 1009}}}, {}
        document = parse(PATH, VPC_BY_HAND.encode()).documents[0]
        wanted = edit(document.text, with_content(document.content, self.vpc.content))
        shown = [line[1:] for line in lines if line[0] == '+'][1:]
        assert set(shown) <= set(wanted.splitlines())
        assert {line[1:] for line in lines if line[0] == '-'} & set(wanted.splitlines()) == set()

    def test_a_new_resource_is_a_whole_new_file(self):
        self.add_permissions('netbox_hedgehog.add_server')
        fields = {'editor': 'fields', 'spec.description': 'Rack 7', 'name': 'server-07'}
        answer = self.ask(model=Server, **fields).json()
        assert answer['is_valid']
        assert answer['difference']['path'].endswith('managed/servers/server-07.yaml')
        assert answer['difference']['lines'][0] == '--- /dev/null'
        assert '+  description: Rack 7' in answer['difference']['lines']
        assert not Server.objects.exists()

    def test_without_a_name_there_is_no_file_yet(self):
        self.add_permissions('netbox_hedgehog.add_server')
        answer = self.ask(model=Server, spec='').json()
        assert (answer['is_valid'], answer['difference']) == (False, None)
        assert answer['errors']

    def test_what_is_refused_is_shown_with_its_problems(self):
        self.add_permissions('netbox_hedgehog.change_vpc', 'netbox_hedgehog.view_vpc')
        answer = self.ask(self.vpc, spec='subnets: {default: {vlan: ten}}\n', with_fields='true').json()
        assert 'name="spec.subnets.0.vlan"' in answer['fields']
        assert not answer['is_valid']
        (problem,) = answer['problems']['id_spec.subnets.0.vlan']
        assert 'write a whole number' in problem['message']
        assert '+      vlan: ten' in answer['difference']['lines']

    def test_yaml_that_cannot_be_read_is_no_deletion(self):
        self.add_permissions('netbox_hedgehog.change_vpc', 'netbox_hedgehog.view_vpc')
        answer = self.ask(self.vpc, spec='a: [').json()
        assert (answer['difference'], answer['yaml']) == (None, None)
        assert answer['yaml_error'].startswith('Line 1')

    def test_nothing_is_saved(self):
        self.add_permissions('netbox_hedgehog.change_vpc', 'netbox_hedgehog.view_vpc')
        before = VPC.objects.values().get()
        self.ask(self.vpc, spec='', description='Changed')
        assert VPC.objects.values().get() == before
        assert not PendingChange.objects.exists()
        assert not ObjectChange.objects.filter(changed_object_id=self.vpc.pk).exists()

    def test_only_who_may_save_may_ask(self):
        self.add_permissions('netbox_hedgehog.view_vpc')
        self.assertHttpStatus(self.ask(self.vpc, spec=''), 403)
        self.assertHttpStatus(self.ask(name='vpc-02', spec=''), 403)
        self.add_permissions('netbox_hedgehog.add_vpc')
        self.assertHttpStatus(self.ask(name='vpc-02', spec=''), 200)
        self.assertHttpStatus(self.ask(self.vpc, spec=''), 403)

    def allow_view_of(self, name):
        permission = ObjectPermission.objects.create(name=name, actions=['view'], constraints={'name': name})
        permission.users.add(self.user)
        permission.object_types.add(ObjectType.objects.get_for_model(VPC))

    def test_a_new_name_that_a_hidden_resource_has_shows_nothing_of_it(self):
        self.add_permissions('netbox_hedgehog.add_vpc')
        self.allow_view_of('vpc-02')
        answer = self.ask(name='vpc-01', spec='')
        assert answer.json()['difference'] is None
        assert '10.0.1.0' not in answer.content.decode()
        assert self.ask(name='vpc-03', spec='').json()['difference']['lines']
        self.allow_view_of('vpc-01')
        assert 'vlan: 1001' in str(self.ask(name='vpc-01', spec='').json()['difference'])

    def test_what_is_only_in_git_is_for_who_may_view_every_resource_of_the_kind(self):
        VPC.objects.all().delete()
        self.add_permissions('netbox_hedgehog.add_vpc')
        assert self.ask(name='vpc-01', spec='').json()['difference'] is None
        self.allow_view_of('vpc-01')
        assert self.ask(name='vpc-01', spec='').json()['difference'] is None
        self.add_permissions('netbox_hedgehog.view_vpc')
        assert 'vlan: 1001' in str(self.ask(name='vpc-01', spec='').json()['difference'])

    def test_who_may_change_a_resource_but_not_view_it_sees_nothing_of_its_file(self):
        self.add_permissions('netbox_hedgehog.change_vpc')
        answer = self.ask(self.vpc, spec='subnets: {}\n')
        self.assertHttpStatus(answer, 200)
        assert answer.json()['difference'] is None

    def test_rows_that_no_spec_can_hold_do_not_become_yaml(self):
        self.add_permissions('netbox_hedgehog.add_vpc')
        named = {'spec.subnets.0.key': 'a', 'spec.subnets.0.vlan': '1001'}
        for second, reason in (({'spec.subnets.1.key': 'a'}, 'used twice'), ({}, 'no name')):
            rows = {'spec.subnets.0.was': '', 'spec.subnets.1.was': '', 'spec.subnets.1.vlan': '1002'}
            answer = self.ask(name='vpc-02', editor='fields', **named, **rows, **second).json()
            assert answer['yaml'] is None
            assert reason in answer['yaml_error']
            assert 'id_spec.subnets.1.row' in answer['problems']
            assert not answer['is_valid']

    def test_no_text_is_too_odd_to_be_checked_and_shown(self):
        self.add_permissions('netbox_hedgehog.change_vpc', 'netbox_hedgehog.view_vpc')
        page = reverse('plugins:netbox_hedgehog:vpc_edit', args=[self.vpc.pk])
        rows = {'spec.permit.0.was': '0', 'spec.subnets.0.was': 'default', 'spec.subnets.0.key': 'default'}
        rows |= {'spec_base': '{"permit": [["default"]]}', 'editor': 'fields'}
        names = ('ipv4Namespace', 'permit.0.was', 'permit.0.value', 'subnets.0.was', 'subnets.0.vlan')
        for text in ODD_TEXTS:
            odd = {f'spec.{name}': text for name in names}
            for name in odd:
                with self.subTest(name=name, text=text[:9]):
                    fields = rows | {name: text}
                    self.assertHttpStatus(self.ask(self.vpc, with_fields='true', **fields), 200)
            # The page reads them with the same form, and takes longer to be shown: once with all of them.
            with self.subTest(text=text[:9]):
                assert self.client.post(page, {'name': 'vpc-01', **rows, **odd}).status_code in (200, 302)
            with self.subTest(base=text[:9]):
                base = {'editor': 'fields', 'spec_base': f'{{"x": {text}}}'}
                self.assertHttpStatus(self.ask(self.vpc, with_fields='true', **base), 200)
                assert self.client.post(page, base).status_code in (200, 302)

    def test_other_resources_in_the_same_file_are_not_shown(self):
        self.add_permissions('netbox_hedgehog.change_vpc', 'netbox_hedgehog.view_vpc')
        other = VPC_BY_HAND.replace('vpc-01', 'secret').replace('The end', 'secret')
        both = f'{other}---\n{VPC_BY_HAND}---\n{other.replace("name: secret", "name: secret-2")}'
        GitFile.objects.update(content=both.encode())
        answer = self.ask(self.vpc, spec='subnets: {}\n', annotations='example.com/owner: team-a').json()
        assert answer['difference']['lines']
        assert 'secret' not in str(answer['difference'])

    def test_a_file_that_cannot_be_edited_safely_is_told(self):
        self.add_permissions('netbox_hedgehog.change_vpc', 'netbox_hedgehog.view_vpc')
        anchored = VPC_BY_HAND.replace('    default:   # the first', '    default: &a').replace(
            '    storage:\n      subnet: 10.0.2.0/24\n      vlan: 1002', '    storage: *a'
        )
        GitFile.objects.update(content=anchored.encode())
        (note,) = self.ask(self.vpc, spec='subnets: {}\n').json()['difference']['notes'][-1:]
        assert 'anchor' in note


class OfferTests(TestCase):
    user_permissions = ('netbox_hedgehog.view_hedgehogfabric',)

    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()
        make_resource(Switch, cls.fabric, 'leaf-01', spec=SPECIMENS['Switch'].specs[1])
        for number, spec in enumerate(SPECIMENS['Connection'].specs[:2], start=1):
            make_resource(Connection, cls.fabric, f'connection-{number}', spec=spec)
        make_resource(VPC, cls.fabric, 'vpc-1')
        make_resource(VPC, make_fabric('Other'), 'vpc-far')

    def offers(self, source, **asked):
        response = self.client.get(
            reverse('plugins:netbox_hedgehog:spec_offers'), {'fabric': self.fabric.pk, 'source': source, **asked}
        )
        self.assertHttpStatus(response, 200)
        return response.json()['offers']

    def values(self, source, **asked):
        return [offer['value'] for offer in self.offers(source, **asked)]

    def test_only_what_the_user_may_see(self):
        self.add_permissions('netbox_hedgehog.view_vpc')
        assert self.values('VPC') == ['vpc-1']
        assert self.values('subnets', of='vpc-1') == ['default']
        assert self.values('sides') == ['vpc-1']

    def test_only_of_fabrics_that_the_user_may_see(self):
        address = reverse('plugins:netbox_hedgehog:spec_offers')
        for number in ('0', '', 'x', '99999', '9' * 18, *ODD_TEXTS):
            self.assertHttpStatus(self.client.get(address, {'fabric': number, 'source': 'VPC'}), 404)

    def test_no_text_is_too_odd_to_be_looked_for(self):
        self.add_permissions('netbox_hedgehog.view_vpc', 'netbox_hedgehog.view_switch')
        for text in ODD_TEXTS:
            for source in ('subnets', 'ports:Switch', 'VPC', 'profile-ports', f'ports:{text}'):
                assert self.offers(source, of=text, typed=text, edited=text) == []

    def test_connections_of_the_types_that_fit(self):
        self.add_permissions('netbox_hedgehog.view_connection')
        assert self.values('Connection:unbundled,eslag') == ['connection-1']
        assert self.values('Connection') == ['connection-1', 'connection-2']
        assert self.values('Connection:external') == []

    def test_ports_of_the_profile_with_those_in_use_last(self):
        self.add_permissions('netbox_hedgehog.view_switch')
        offered = self.offers('ports:Switch', of='leaf-01', edited='connection-2')
        used = [offer['value'] for offer in offered if offer['is_used']]
        assert used == ['E1/1']
        assert offered[-1] == {'value': 'E1/1', 'note': 'in use', 'is_used': True, 'id': None}
        self.add_permissions('netbox_hedgehog.view_connection')
        assert self.offers('ports:Switch', of='leaf-01')[-1]['note'].startswith('used by connection-')

    def test_what_was_typed_narrows_them(self):
        self.add_permissions('netbox_hedgehog.view_connection')
        assert self.values('Connection', typed='N-2') == ['connection-2']

    def test_profiles_and_their_ports(self):
        assert 'vs' in self.values('profiles')
        assert 'E1/1' in self.values('profile-ports', of='vs')
        assert self.values('profile-ports', of='nonsense') == []
        breakouts = {offer['value']: offer['note'] for offer in self.offers('profile-breakouts', of='dell-s5232f-on')}
        assert '4x25G' in breakouts['E1/1']

    def test_an_unknown_source_offers_nothing(self):
        assert self.values('nonsense') == []
        assert self.values('ports:Nonsense', of='leaf-01') == []
