"""The next free values through REST: who may ask, what is listed, what is given and written, and to whom first."""

import copy
from threading import Barrier, Thread

from core.models import ObjectChange
from django.db import connection
from django.test import TestCase, TransactionTestCase

from netbox_hedgehog.models import (
    VPC,
    Connection,
    Gateway,
    IPv4Namespace,
    PendingChange,
    Switch,
    VLANNamespace,
)
from netbox_hedgehog.tests.faces.api_client import ApiClient
from netbox_hedgehog.tests.specimens import make_fabric

KINDS = ('hedgehogfabric', 'vpc', 'vlannamespace', 'ipv4namespace', 'switch', 'connection', 'gateway')
VPC_SPEC = {'subnets': {'default': {'subnet': '10.0.0.0/24', 'vlan': 1000}}}


def add(model, fabric, name, spec):
    """Save a resource that need not be complete: as it may come from Git."""
    resource = model(fabric=fabric, name=name, spec=copy.deepcopy(spec))
    resource.save()
    return resource


def add_pools(fabric, last_vlan=1003):
    vlans = add(VLANNamespace, fabric, 'default', {'ranges': [{'from': 1000, 'to': last_vlan}]})
    return vlans, add(IPv4Namespace, fabric, 'default', {'subnets': ['10.0.0.0/22']})


class AvailableTestCase(TestCase):
    def setUp(self):
        self.api = ApiClient()
        self.fabric = make_fabric()
        self.vlans, self.prefixes = add_pools(self.fabric)
        self.vpc = add(VPC, self.fabric, 'vpc-1', VPC_SPEC)
        self.vlans_url = f'vlan-namespaces/{self.vlans.pk}/available-vlans/'
        self.prefixes_url = f'ipv4-namespaces/{self.prefixes.pk}/available-prefixes/'
        self.asns_url = f'fabrics/{self.fabric.pk}/available-asns/'
        self.fabric_url = f'fabrics/{self.fabric.pk}/available-addresses/'

    def allow_all(self):
        self.api.allow(*(f'view_{kind}' for kind in KINDS), *(f'change_{kind}' for kind in KINDS[1:]))

    def get(self, url, status=200):
        return self.answer(self.api.get(url), status)

    def post(self, url, data=None, status=201):
        return self.answer(self.api.post(url, data), status)

    def answer(self, response, status):
        assert response.status_code == status, response.content
        return response.json()

    def subnets(self):
        self.vpc.refresh_from_db()
        return self.vpc.spec['subnets']


class PoolTests(AvailableTestCase):
    def setUp(self):
        super().setUp()
        self.allow_all()

    def test_free_vlans_are_listed(self):
        assert self.get(self.vlans_url) == [{'vlan': 1001}, {'vlan': 1002}, {'vlan': 1003}]
        assert self.get(f'{self.vlans_url}?limit=1') == [{'vlan': 1001}]
        assert self.get(f'{self.vlans_url}?limit=-1') == []

    def test_free_prefixes_are_listed(self):
        assert self.get(self.prefixes_url) == [{'prefix': f'10.0.{number}.0/24'} for number in (1, 2, 3)]
        assert self.get(f'{self.prefixes_url}?prefix_length=23') == [{'prefix': '10.0.2.0/23'}]
        assert self.get(f'{self.prefixes_url}?prefix_length=30&limit=2') == [
            {'prefix': '10.0.1.0/30'},
            {'prefix': '10.0.1.4/30'},
        ]
        for length in ('31', '0', 'x'):
            assert set(self.get(f'{self.prefixes_url}?prefix_length={length}', 400)) == {'prefix_length'}

    def test_a_vlan_is_given_to_a_subnet_without_one(self):
        self.vpc.spec['subnets']['storage'] = {'subnet': '10.0.1.0/24'}
        self.vpc.save()
        answer = self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'storage'})
        assert answer == {'vpc': 'vpc-1', 'subnet': 'storage', 'vlan': 1001}
        assert self.subnets()['storage'] == {'subnet': '10.0.1.0/24', 'vlan': 1001}

    def test_a_subnet_that_is_added_gets_both(self):
        answer = self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'storage', 'prefix_length': 28})
        assert answer == {'vpc': 'vpc-1', 'subnet': 'storage', 'vlan': 1001, 'prefix': '10.0.1.0/28'}
        answer = self.post(self.prefixes_url, {'vpc': 'vpc-1', 'subnet': 'backup', 'prefix_length': 25})
        assert answer == {'vpc': 'vpc-1', 'subnet': 'backup', 'vlan': 1002, 'prefix': '10.0.1.128/25'}
        assert self.subnets() == {
            **VPC_SPEC['subnets'],
            'storage': {'vlan': 1001, 'subnet': '10.0.1.0/28'},
            'backup': {'vlan': 1002, 'subnet': '10.0.1.128/25'},
        }

    def test_no_subnet_is_added_under_a_name_that_is_none(self):
        for name in ('x.y z', 'Storage'):
            assert set(self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': name}, 400)) == {'subnet'}
        assert self.subnets() == VPC_SPEC['subnets']

    def test_a_list_of_subnets_is_given_one_each(self):
        wanted = [{'vpc': 'vpc-1', 'subnet': name} for name in ('a', 'b')]
        assert [(each['subnet'], each['prefix'], each['vlan']) for each in self.post(self.prefixes_url, wanted)] == [
            ('a', '10.0.1.0/24', 1001),
            ('b', '10.0.2.0/24', 1002),
        ]
        assert set(self.subnets()) == {'default', 'a', 'b'}

    def test_an_exhausted_pool_gives_nothing_to_anybody(self):
        wanted = [{'vpc': 'vpc-1', 'subnet': f's-{number}'} for number in range(4)]
        answer = self.post(self.vlans_url, wanted, 409)
        assert 'VLANNamespace default has no free VLAN' in answer['detail']
        assert set(self.subnets()) == {'default'}
        assert not ObjectChange.objects.filter(changed_object_id=self.vpc.pk).exists()
        answer = self.post(self.prefixes_url, {'vpc': 'vpc-1', 'subnet': 'a', 'prefix_length': 22}, 409)
        assert 'IPv4Namespace default has no free /22' in answer['detail']

    def test_what_is_given_is_logged_with_the_message_and_waits_for_git(self):
        PendingChange.objects.all().delete()
        self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'a', 'changelog_message': 'A subnet for the lab'})
        change = ObjectChange.objects.get(changed_object_id=self.vpc.pk, action='update')
        assert change.message == 'A subnet for the lab'
        assert change.user_name == 'ordinary'
        assert set(change.prechange_data['spec']['subnets']) == {'default'}
        assert change.postchange_data['spec']['subnets']['a']['vlan'] == 1001
        assert PendingChange.objects.get().name == 'vpc-1'

    def test_what_is_there_already_is_not_replaced(self):
        answer = self.post(self.vlans_url, {'vpc': 'vpc-1'}, 400)
        assert answer == {'subnet': ['Subnet default has 1000 already; empty it first.']}

    def test_a_vpc_that_is_not_there_or_lives_elsewhere_is_named(self):
        answer = self.post(self.vlans_url, {'vpc': 'vpc-9'}, 400)
        assert answer == {'vpc': ['There is no VPC vpc-9 in this fabric; add it, or write another.']}
        other = add(VLANNamespace, self.fabric, 'other', {'ranges': [{'from': 5}]})
        answer = self.post(f'vlan-namespaces/{other.pk}/available-vlans/', {'vpc': 'vpc-1', 'subnet': 'a'}, 400)
        assert answer == {'vpc': ['VPC vpc-1 uses VLANNamespace default; ask for what is free there.']}
        elsewhere = add(VPC, make_fabric('Other'), 'vpc-2', VPC_SPEC)
        assert set(self.post(self.vlans_url, {'vpc': elsewhere.name, 'subnet': 'a'}, 400)) == {'vpc'}

    def test_what_is_wrong_in_a_list_is_told_by_position(self):
        wanted = [{'vpc': 'vpc-1', 'subnet': 'a'}, {'vpc': 'vpc-9'}]
        assert [set(errors) for errors in self.post(self.vlans_url, wanted, 400)] == [set(), {'vpc'}]
        assert set(self.subnets()) == {'default'}
        assert self.post(self.vlans_url, [{'vpc': 'vpc-1'}, {}], 400) == [{}, {'vpc': ['This field is required.']}]

    def test_a_spec_that_cannot_be_read_is_not_touched(self):
        for spec in ({'subnets': []}, {'subnets': {'a': 5}}, ['subnets']):
            VPC.objects.filter(pk=self.vpc.pk).update(spec=spec)
            assert 'mend' in str(self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'a'}, 400))
            self.vpc.refresh_from_db()
            assert self.vpc.spec == spec

    def test_a_length_that_no_subnet_has_is_refused(self):
        answer = self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'a', 'prefix_length': 31}, 400)
        assert answer == [{'prefix_length': ['Ensure this value is less than or equal to 30.']}]


class SwitchTests(AvailableTestCase):
    def setUp(self):
        super().setUp()
        self.allow_all()
        self.leaf = add(Switch, self.fabric, 'leaf-1', {'role': 'server-leaf', 'profile': 'vs'})
        self.spine = add(Switch, self.fabric, 'spine-1', {'role': 'spine', 'profile': 'vs'})

    def test_free_asns_are_listed(self):
        assert self.get(f'{self.asns_url}?limit=2') == [{'asn': 65101}, {'asn': 65102}]
        assert self.get(f'{self.asns_url}?role=spine') == [{'asn': 65100}]
        assert set(self.get(f'{self.asns_url}?role=king', 400)) == {'role'}

    def test_switches_get_their_asns(self):
        answer = self.post(self.asns_url, [{'switch': 'spine-1'}, {'switch': 'leaf-1'}])
        assert answer == [{'switch': 'spine-1', 'asn': 65100}, {'switch': 'leaf-1', 'asn': 65101}]
        self.leaf.refresh_from_db()
        assert self.leaf.spec == {'role': 'server-leaf', 'profile': 'vs', 'asn': 65101}
        assert set(self.post(self.asns_url, {'switch': 'leaf-1'}, 400)) == {'switch'}

    def test_a_new_switch_is_told_what_it_would_get(self):
        assert self.get(f'{self.fabric_url}?role=server-leaf') == [
            {'path': 'spec.ip', 'address': '172.30.0.6/21'},
            {'path': 'spec.protocolIP', 'address': '172.30.8.0/32'},
            {'path': 'spec.vtepIP', 'address': '172.30.12.0/32'},
        ]
        assert set(self.get(self.fabric_url, 400)) == {'role'}

    def test_blank_addresses_of_a_switch_are_offered_and_filled(self):
        url = f'switches/{self.leaf.pk}/available-addresses/'
        offered = self.get(url)
        assert [each['path'] for each in offered] == ['spec.ip', 'spec.protocolIP', 'spec.vtepIP']
        given = self.post(url)
        assert [{'path': each['path'], 'address': each['address']} for each in given] == offered
        assert {(each['kind'], each['name']) for each in given} == {('Switch', 'leaf-1')}
        self.leaf.refresh_from_db()
        assert (self.leaf.spec['ip'], self.leaf.spec['vtepIP']) == ('172.30.0.6/21', '172.30.12.0/32')
        assert self.get(url) == []
        assert self.post(url) == []
        assert self.get(f'switches/{self.spine.pk}/available-addresses/')[0]['address'] == '172.30.0.7/21'

    def test_gateways_and_links_are_filled_alike(self):
        ends = {'switch': {'port': 'leaf-1/E1/1'}, 'gateway': {'port': 'gw-1/eth1'}}
        link = add(Connection, self.fabric, 'leaf-1--gateway--gw-1', {'gateway': {'links': [ends]}})
        gateway = add(Gateway, self.fabric, 'gw-1', {})
        url = f'connections/{link.pk}/available-addresses/'
        assert self.get(url) == [
            {'path': 'spec.gateway.links[0].switch.ip', 'address': '172.30.128.0/31'},
            {'path': 'spec.gateway.links[0].gateway.ip', 'address': '172.30.128.1/31'},
        ]
        self.post(url)
        link.refresh_from_db()
        assert link.spec['gateway']['links'][0]['switch'] == {'port': 'leaf-1/E1/1', 'ip': '172.30.128.0/31'}
        url = f'gateways/{gateway.pk}/available-addresses/'
        assert [each['address'] for each in self.post(url)] == ['172.30.8.0/32', '172.30.12.0/32']

    def test_a_whole_fabric_is_filled_in_the_order_of_the_installer(self):
        given = self.post(self.fabric_url, {'changelog_message': 'Day 0'})
        assert [(each['name'], each['address']) for each in given if each['path'] == 'spec.ip'] == [
            ('spine-1', '172.30.0.6/21'),
            ('leaf-1', '172.30.0.7/21'),
        ]
        assert ObjectChange.objects.filter(message='Day 0').count() == 2

    def test_an_exhausted_pool_is_told(self):
        add(Switch, self.fabric, 'leaf-2', {'role': 'server-leaf', 'vtepIP': '172.30.12.0/32'})
        type(self.fabric).objects.filter(pk=self.fabric.pk).update(vtep_subnet='172.30.12.0/32')
        url = f'switches/{self.leaf.pk}/available-addresses/'
        for answer in (self.get(url, 409), self.post(url, status=409)):
            assert 'No address of the VTEP subnet 172.30.12.0/32 is free' in answer['detail']
        self.leaf.refresh_from_db()
        assert 'ip' not in self.leaf.spec


class PermissionTests(AvailableTestCase):
    def setUp(self):
        super().setUp()
        self.switch = add(Switch, self.fabric, 'leaf-1', {'role': 'server-leaf'})
        self.urls = (
            self.vlans_url,
            self.prefixes_url,
            self.asns_url,
            f'{self.fabric_url}?role=spine',
            f'switches/{self.switch.pk}/available-addresses/',
        )

    def test_without_any_permission_nothing_is_listed_or_given(self):
        for url in self.urls:
            self.get(url, 403)
            self.post(url, {'vpc': 'vpc-1', 'subnet': 'a', 'switch': 'leaf-1'}, 404)

    def test_the_pool_must_be_visible(self):
        self.api.allow(*(f'view_{kind}' for kind in KINDS), constraints={'pk': 0})
        self.api.allow('change_vpc', 'change_switch')
        for url in self.urls:
            self.get(url, 404)
            self.post(url, {'vpc': 'vpc-1', 'subnet': 'a', 'switch': 'leaf-1'}, 404)

    def test_the_resource_that_is_written_must_be_changeable(self):
        self.api.allow(*(f'view_{kind}' for kind in KINDS))
        for url in self.urls:
            self.get(url)
            self.post(url, {'vpc': 'vpc-1', 'subnet': 'a', 'switch': 'leaf-1'}, 403)
        assert set(self.subnets()) == {'default'}

    def test_filling_takes_the_right_to_change_also_where_nothing_is_blank(self):
        self.api.allow(*(f'view_{kind}' for kind in KINDS))
        addresses = {'ip': '172.30.0.9/21', 'protocolIP': '172.30.8.9/32', 'vtepIP': '172.30.12.9/32'}
        switch = add(Switch, self.fabric, 'leaf-2', {'role': 'server-leaf', **addresses})
        url = f'switches/{switch.pk}/available-addresses/'
        assert self.get(url) == []
        self.post(url, {}, 403)

    def test_a_resource_that_the_user_may_not_see_is_not_there(self):
        self.api.allow('view_vlannamespace')
        assert set(self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'a'}, 400)) == {'vpc'}

    def test_the_right_to_change_a_resource_must_outlast_the_change(self):
        self.api.allow('view_vlannamespace')
        self.api.allow('change_vpc', constraints={'spec__subnets__a__isnull': True})
        self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'a'}, 403)
        assert set(self.subnets()) == {'default'}
        self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'b'})

    def test_a_token_that_may_not_write_gets_nothing(self):
        self.api = ApiClient('reader', write_enabled=False)
        self.allow_all()
        self.get(self.vlans_url)
        self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'a'}, 403)


class SimultaneousTests(TransactionTestCase):
    """Many who ask at the same moment, each on a connection of its own."""

    ASKERS = 4

    def setUp(self):
        self.fabric = make_fabric()
        self.vlans, self.prefixes = add_pools(self.fabric, last_vlan=1100)
        self.clients = [ApiClient(f'asker-{number}') for number in range(self.ASKERS)]
        for number, client in enumerate(self.clients):
            add(VPC, self.fabric, f'vpc-{number}', {'subnets': {}})
            add(Switch, self.fabric, f'leaf-{number}', {'role': 'server-leaf', 'profile': 'vs'})
            for kind in KINDS:
                client.allow(f'view_{kind}', f'change_{kind}')

    def ask_at_once(self, ask):
        barrier, answers = Barrier(self.ASKERS), []

        def run(number):
            barrier.wait()
            try:
                answers.append(ask(number, self.clients[number]))
            finally:
                connection.close()

        threads = [Thread(target=run, args=(number,)) for number in range(self.ASKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [answer.status_code for answer in answers] == [201] * self.ASKERS, [each.content for each in answers]
        return [answer.json() for answer in answers]

    def test_nobody_gets_what_another_gets(self):
        url = f'vlan-namespaces/{self.vlans.pk}/available-vlans/'
        found = self.ask_at_once(lambda number, client: client.post(url, {'vpc': f'vpc-{number}', 'prefix_length': 28}))
        assert sorted(each['vlan'] for each in found) == [1000, 1001, 1002, 1003]
        assert len({each['prefix'] for each in found}) == self.ASKERS
        switches = [Switch.objects.get(name=f'leaf-{number}').pk for number in range(self.ASKERS)]
        found = self.ask_at_once(
            lambda number, client: client.post(f'switches/{switches[number]}/available-addresses/')
        )
        addresses = [each['address'] for answer in found for each in answer]
        assert len(set(addresses)) == len(addresses) == 3 * self.ASKERS

    def test_one_vpc_gets_all_that_is_asked_for_it(self):
        url = f'ipv4-namespaces/{self.prefixes.pk}/available-prefixes/'
        found = self.ask_at_once(
            lambda number, client: client.post(url, {'vpc': 'vpc-0', 'subnet': f's-{number}', 'prefix_length': 28})
        )
        subnets = VPC.objects.get(name='vpc-0').spec['subnets']
        assert {each['subnet']: each['prefix'] for each in found} == {
            name: fields['subnet'] for name, fields in subnets.items()
        }
        assert len({fields['vlan'] for fields in subnets.values()}) == self.ASKERS
