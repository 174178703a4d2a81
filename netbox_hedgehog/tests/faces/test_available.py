"""The next free values through REST: who may ask, what is listed, what is given and written, and to whom first."""

import copy
import json
import re
import time
from pathlib import Path
from threading import Thread

from core.models import ObjectChange
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase
from django.urls import reverse
from ipam.models import Prefix
from users.models import User

from netbox_hedgehog.models import (
    VPC,
    Connection,
    Gateway,
    IPv4Namespace,
    PendingChange,
    Switch,
    VLANNamespace,
)
from netbox_hedgehog.tests.emptying import EmptiedAfterwards
from netbox_hedgehog.tests.faces.api_client import ApiClient
from netbox_hedgehog.tests.specimens import make_fabric

KINDS = ('hedgehogfabric', 'vpc', 'vlannamespace', 'ipv4namespace', 'switch', 'connection', 'gateway')
# Other tests may run in other databases of the same server.
WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
"""
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

    def test_a_spec_that_cannot_be_read_is_not_touched(self):
        for spec in ({'subnets': []}, {'subnets': {'a': 5}}, ['subnets']):
            VPC.objects.filter(pk=self.vpc.pk).update(spec=spec)
            assert 'mend' in str(self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'a'}, 400))
            self.vpc.refresh_from_db()
            assert self.vpc.spec == spec

    def test_a_length_that_no_subnet_has_is_refused(self):
        answer = self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'a', 'prefix_length': 31}, 400)
        assert answer == {'prefix_length': ['Ensure this value is less than or equal to 30.']}


class RequestTests(AvailableTestCase):
    """What is not asked for as it should be is told in the shape of the request, and nothing is given."""

    def setUp(self):
        super().setUp()
        self.allow_all()
        self.switch = add(Switch, self.fabric, 'leaf-1', {'role': 'server-leaf'})

    def test_one_item_has_its_problems_in_a_map_and_a_list_in_a_list(self):
        missing = {'vpc': ['This field is required.']}
        for wanted, answer in (
            ({}, missing),
            ([{}], [missing]),
            ([{'vpc': 'vpc-1', 'subnet': 'a'}, {}], [{}, missing]),
            (['vpc-1'], [{'__all__': ['Invalid data. Expected a dictionary, but got str.']}]),
            (5, {'__all__': ['Invalid data. Expected a dictionary, but got int.']}),
        ):
            with self.subTest(wanted=wanted):
                assert self.post(self.vlans_url, wanted, 400) == answer
        assert self.subnets() == VPC_SPEC['subnets']

    def test_an_unknown_key_is_named_with_those_that_there_are(self):
        item = {'vpc': 'vpc-1', 'subnet': 'a', 'prefixlen': 28}
        problem = 'There is no such key; the keys are: changelog_message, vpc, subnet, prefix_length.'
        assert self.post(self.vlans_url, item, 400) == {'prefixlen': [problem]}
        assert self.post(self.vlans_url, [{'vpc': 'vpc-1'}, item], 400) == [{}, {'prefixlen': [problem]}]
        answer = self.post(self.prefixes_url, {'subnet': 'a', 'length': 28, 'prefix_length': 31}, 400)
        assert set(answer) == {'vpc', 'length', 'prefix_length'}
        assert self.subnets() == VPC_SPEC['subnets']

    def test_an_unknown_key_is_named_wherever_something_is_given(self):
        urls = (self.asns_url, self.fabric_url, f'switches/{self.switch.pk}/available-addresses/')
        for url in urls:
            with self.subTest(url=url):
                assert 'role' in self.post(url, {'switch': 'leaf-1', 'role': 'spine'}, 400)
        self.switch.refresh_from_db()
        assert self.switch.spec == {'role': 'server-leaf'}

    def test_an_empty_list_is_answered_as_netbox_answers_it(self):
        self.api.user.is_superuser = True
        self.api.user.save()
        prefix = Prefix.objects.create(prefix='192.0.2.0/24')
        url = reverse('ipam-api:prefix-available-ips', args=[prefix.pk])
        answers = [
            self.api.client.post(url, [], content_type='application/json', headers=self.api.headers),
            *(self.api.post(each, []) for each in (self.vlans_url, self.prefixes_url, self.asns_url)),
        ]
        assert [(answer.status_code, answer.json()) for answer in answers] == [(201, [])] * 4
        assert set(self.post(self.fabric_url, [], 400)) == {'__all__'}

    def test_a_message_that_the_change_log_cannot_hold_is_refused(self):
        item = {'vpc': 'vpc-1', 'subnet': 'a'}
        for message in ('x' * 201, {'text': 'a'}):
            assert set(self.post(self.vlans_url, item | {'changelog_message': message}, 400)) == {'changelog_message'}
        self.post(self.vlans_url, item | {'changelog_message': 42})
        assert ObjectChange.objects.filter(changed_object_id=self.vpc.pk, message='42').exists()


class DocumentedTests(AvailableTestCase):
    """The examples of the operator's page, as they stand there."""

    def setUp(self):
        super().setUp()
        self.allow_all()
        self.switch = add(Switch, self.fabric, 'leaf-1', {'role': 'server-leaf', 'profile': 'vs'})
        page = Path(__file__).parents[3] / 'docs' / 'operator' / 'next-free-values.md'
        rows = [line.strip('|').split('|') for line in page.read_text().splitlines() if line.startswith('| ')]
        self.rows = [[re.findall('`([^`]+)`', cell) for cell in row] for row in rows]
        self.answers = [row[0].strip() for row in rows]

    def address(self, endpoint):
        owner = {'vlan-namespaces': self.vlans, 'ipv4-namespaces': self.prefixes, 'fabrics': self.fabric}
        return endpoint.replace('<id>', str(owner.get(endpoint.partition('/')[0], self.switch).pk))

    def test_what_is_listed_and_what_is_given(self):
        examples = [row for row in self.rows if len(row) == 3 and row[0] and '<id>' in row[0][0]]
        assert len(examples) == 5
        for (endpoint, *_others), listed, given in examples:
            with self.subTest(endpoint=endpoint), transaction.atomic():
                url = self.address(endpoint)
                if listed and listed[0].startswith('['):
                    assert self.get(url)[0] == json.loads(listed[0])[0]
                else:
                    assert self.get(url + listed[0])
                assert self.post(url, json.loads(given[0]) if given else None)
                transaction.set_rollback(True)

    def test_the_answers(self):
        given, refused, exhausted = (
            json.loads(next(re.findall('`([^`]+)`', answer)[0] for answer in self.answers if answer.startswith(status)))
            for status in ('201, ', '400, ', '409, ')
        )
        wanted = {'vpc': 'vpc-1', 'subnet': 'storage'}
        assert self.post(self.vlans_url, wanted) == given
        assert self.post(self.vlans_url, wanted, 400) == refused
        VLANNamespace.objects.update(spec={'ranges': [{'from': 1000, 'to': 1001}]})
        assert self.post(self.vlans_url, wanted | {'subnet': 'backup'}, 409) == exhausted
        url = f'switches/{self.switch.pk}/available-addresses/'
        assert self.post(url)
        assert self.post(url, status=200) == []


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

    def test_where_nothing_is_blank_nothing_is_created(self):
        for url in (f'switches/{self.leaf.pk}/available-addresses/', self.fabric_url):
            assert self.post(url)
            logged = ObjectChange.objects.count()
            assert self.post(url, status=200) == []
            assert ObjectChange.objects.count() == logged

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
        subnet, switch, address = {'vpc': 'vpc-1', 'subnet': 'a'}, {'switch': 'leaf-1'}, {}
        # What is asked for, by the address, with the kinds that listing and giving take a permission for.
        self.asked = (
            (self.vlans_url, subnet, 'vlannamespace', 'vpc'),
            (self.prefixes_url, subnet, 'ipv4namespace', 'vpc'),
            (self.asns_url, switch, 'hedgehogfabric', 'switch'),
            (f'{self.fabric_url}?role=spine', address, 'hedgehogfabric', 'switch'),
            (f'switches/{self.switch.pk}/available-addresses/', address, 'switch', 'switch'),
        )

    def assert_named(self, permission, answer):
        message = f'This takes the permission netbox_hedgehog.{permission}; ask an administrator of NetBox for it.'
        assert answer == {'detail': message}

    def test_without_any_permission_nothing_is_listed_or_given(self):
        for url, wanted, listed, _given in self.asked:
            self.assert_named(f'view_{listed}', self.get(url, 403))
            self.assert_named(f'view_{listed}', self.post(url, wanted, 403))

    def test_the_pool_must_be_visible(self):
        self.api.allow(*(f'view_{kind}' for kind in KINDS), constraints={'pk': 0})
        self.api.allow('change_vpc', 'change_switch')
        for url, wanted, _listed, _given in self.asked:
            self.get(url, 404)
            self.post(url, wanted, 404)

    def test_the_resource_that_is_written_must_be_changeable(self):
        self.api.allow(*(f'view_{kind}' for kind in KINDS))
        for url, wanted, _listed, given in self.asked:
            self.get(url)
            self.assert_named(f'change_{given}', self.post(url, wanted, 403))
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
        self.assert_named('change_vpc', self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'a'}, 403))
        assert set(self.subnets()) == {'default'}
        self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'b'})

    def test_a_token_that_may_not_write_gets_nothing(self):
        self.api = ApiClient('reader', write_enabled=False)
        self.allow_all()
        self.get(self.vlans_url)
        self.post(self.vlans_url, {'vpc': 'vpc-1', 'subnet': 'a'}, 403)


class SimultaneousTests(EmptiedAfterwards, TransactionTestCase):
    """Many who ask at the same moment, each on a connection of its own, and each in a way of its own.

    One test asks for all: what is written is committed, and to empty the database of NetBox afterwards takes longer.
    """

    SECONDS = 120

    def setUp(self):
        self.fabric = make_fabric()
        vlans, prefixes = add_pools(self.fabric, last_vlan=1100)
        self.vlans_url = f'vlan-namespaces/{vlans.pk}/available-vlans/'
        self.prefixes_url = f'ipv4-namespaces/{prefixes.pk}/available-prefixes/'
        self.vpcs = [add(VPC, self.fabric, f'vpc-{number}', {'subnets': {}}) for number in (0, 1)]
        self.switches = [add(Switch, self.fabric, f'leaf-{number}', {'role': 'server-leaf'}) for number in (0, 1)]

    def ask_during_a_save(self, requests):
        """Send requests while somebody saves what is free as yet; all of them wait until that is committed."""
        clients = [ApiClient(f'asker-{number}') for number in range(len(requests))]
        User.objects.update(is_superuser=True)
        answers = [None] * len(requests)

        def ask(number):
            try:
                answers[number] = clients[number].post(*requests[number])
            finally:
                connection.close()

        threads = [Thread(target=ask, args=(number,)) for number in range(len(requests))]
        try:
            with transaction.atomic():
                saved = VPC(fabric=self.fabric, name='vpc-9', spec=VPC_SPEC)
                saved.full_clean()
                saved.save()
                for thread in threads:
                    thread.start()
                self.await_waiting(len(threads))
        finally:
            for thread in threads:
                thread.join()
        assert {answer.status_code for answer in answers} == {201}, [answer.content for answer in answers]
        return [answer.json() for answer in answers]

    def await_waiting(self, count):
        until = time.monotonic() + self.SECONDS
        waiting = 0
        with connection.cursor() as cursor:
            while waiting < count:
                assert time.monotonic() < until, f'only {waiting} of {count} wait for their turn'
                # The server leaves the processor to those who are waited for.
                cursor.execute('SELECT pg_sleep(0.05)')
                cursor.execute(WAITING)
                (waiting,) = cursor.fetchone()

    def test_nobody_gets_what_another_has_and_nothing_that_is_given_is_lost(self):
        subnets = [
            (url, {'vpc': vpc.name, 'subnet': f's-{number}', 'prefix_length': 28})
            for vpc in self.vpcs
            for number, url in enumerate((self.vlans_url, self.prefixes_url))
        ]
        switches = [(f'switches/{switch.pk}/available-addresses/',) for switch in self.switches]
        answers = self.ask_during_a_save([*subnets, *switches])
        given, filled = answers[: len(subnets)], answers[len(subnets) :]
        assert sorted(each['vlan'] for each in given) == [1001, 1002, 1003, 1004]
        assert sorted(each['prefix'] for each in given) == [f'10.0.1.{number}/28' for number in (0, 16, 32, 48)]
        assert {(each['vpc'], each['subnet'], each['vlan'], each['prefix']) for each in given} == {
            (vpc.name, name, fields['vlan'], fields['subnet'])
            for vpc in VPC.objects.exclude(name='vpc-9')
            for name, fields in vpc.spec['subnets'].items()
        }
        addresses = [each['address'] for answer in filled for each in answer]
        assert len(set(addresses)) == len(addresses) == 3 * len(switches)
