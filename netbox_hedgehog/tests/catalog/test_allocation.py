"""The next free VLAN, prefix, ASN and address: never taken, the lowest, and accepted by the rules."""

import copy
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbox_hedgehog.catalog import KINDS, Declaration, Design, FabricSettings, Identity, Severity, VLANSpan
from netbox_hedgehog.catalog.allocation import (
    LengthRefused,
    PoolExhausted,
    PoolUnknown,
    free_asns,
    free_prefixes,
    free_vlans,
    next_asn,
    next_prefix,
    next_vlan,
)
from netbox_hedgehog.catalog.blank_addresses import LinkHalfGiven, addresses_for_role, blank_addresses
from netbox_hedgehog.catalog.judgement import problems_of
from netbox_hedgehog.catalog.paths import spell

SMALL = FabricSettings(
    management_subnet='172.30.0.0/28',
    management_dhcp_start='172.30.0.9',
    management_dhcp_end='172.30.0.14',
    protocol_subnet='172.30.8.0/30',
    vtep_subnet='172.30.12.0/31',
    fabric_subnet='172.30.128.0/30',
    leaf_asn_start=65101,
    leaf_asn_end=65103,
)


def resource(kind, name, spec):
    return Declaration(KINDS[kind], 'default', name, spec)


def vlan_namespace(*ranges, name='default'):
    spans = [{'from': first, 'to': last} for first, last in ranges]
    return resource('VLANNamespace', name, {'ranges': spans})


def ipv4_namespace(*subnets, name='default'):
    return resource('IPv4Namespace', name, {'subnets': list(subnets)})


def vpc(name='vpc-1', **subnets):
    return resource('VPC', name, {'subnets': subnets})


def switch(name, role='server-leaf', **fields):
    return resource('Switch', name, {'role': role, 'profile': 'vs', **fields})


def spine_link(spine_name, leaf_name, **addresses):
    ends = {side: {'port': f'{name}/E1/1'} for side, name in (('spine', spine_name), ('leaf', leaf_name))}
    for side, ip in addresses.items():
        ends[side]['ip'] = ip
    return ends


def connection(name, kind, *links):
    return resource('Connection', name, {kind: {'links': list(links)}})


def design(*declarations, settings=None):
    return Design(settings or FabricSettings(), declarations)


def entries(found, kind):
    return [entry for entry in found if entry.kind.name == kind]


def offers(found, *kinds):
    """Return what is offered for the resources of some kinds, by name and field."""
    wanted = [entry for entry in found if entry.kind.name in kinds]
    return {
        f'{identity.name} {spell(offer.path)}': offer.value
        for identity, given_to in blank_addresses(found, wanted).items()
        for offer in given_to
    }


def filled(found):
    """Return the design with all that is offered for it."""
    changed = []
    for identity, given_to in blank_addresses(found, list(found)).items():
        declaration = found.entry(identity).declaration
        spec = copy.deepcopy(declaration.spec)
        for offer in given_to:
            place = spec
            for step in offer.path[1:-1]:
                place = place[step]
            place[offer.path[-1]] = offer.value
        changed.append(resource(identity.kind, identity.name, spec))
    return found.with_changes(changed)


def errors_at(found, kind, name, path):
    identity = Identity(KINDS[kind].group, kind, 'default', name)
    return [
        problem
        for problem in problems_of(found, identity)
        if problem.severity is Severity.ERROR and problem.path == path
    ]


class TestVLANs:
    def test_the_lowest_that_no_vpc_of_the_namespace_takes(self):
        found = design(
            vlan_namespace((1005, 1006), (1000, 1002)),
            vpc(default={'vlan': 1000}, other={'vlan': 1005}),
            resource('VPC', 'vpc-2', {'vlanNamespace': 'other', 'subnets': {'default': {'vlan': 1001}}}),
        )
        assert list(free_vlans(found, 'default')) == [1001, 1002, 1006]
        assert next_vlan(found, 'default') == 1001

    def test_what_the_fabric_keeps_for_itself_is_left_out(self):
        settings = FabricSettings(
            vpc_irb_vlan_ranges=(VLANSpan(3000, 3001),), th5_workaround_vlan_ranges=(VLANSpan(3003, 3003),)
        )
        assert list(free_vlans(design(vlan_namespace((2999, 3004)), settings=settings), 'default')) == [
            2999,
            3002,
            3004,
        ]

    def test_a_range_of_one_vlan_may_leave_out_its_end(self):
        found = design(resource('VLANNamespace', 'default', {'ranges': [{'from': 7}]}))
        assert list(free_vlans(found, 'default')) == [7]

    def test_beside_an_invalid_range_nothing_is_free_as_the_fabric_drops_all(self):
        found = design(resource('VLANNamespace', 'default', {'ranges': [{'from': 7}, {'from': 9, 'to': 8}]}))
        assert list(free_vlans(found, 'default')) == []

    def test_an_exhausted_namespace_says_so(self):
        with pytest.raises(PoolExhausted, match='VLANNamespace default has no free VLAN; add a range'):
            next_vlan(design(vlan_namespace((1000, 1000)), vpc(default={'vlan': 1000})), 'default')

    def test_a_namespace_that_is_not_there_says_so(self):
        with pytest.raises(PoolUnknown, match='There is no VLANNamespace other in this fabric'):
            next_vlan(design(vlan_namespace((1000, 1000))), 'other')

    def test_before_the_installation_the_default_namespaces_need_not_be_there(self):
        found = design(settings=FabricSettings(is_installed=False))
        assert next_vlan(found, 'default') == 1000
        assert str(next_prefix(found, 'default', 24)) == '10.0.0.0/24'
        with pytest.raises(PoolUnknown):
            next_vlan(design(), 'default')

    @given(
        st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20)), min_size=1, max_size=4),
        st.sets(st.integers(1, 80)),
        st.integers(1, 80),
    )
    def test_offers_are_all_that_is_free_in_order(self, ranges, taken, kept):
        settings = FabricSettings(vpc_irb_vlan_ranges=(VLANSpan(kept, kept + 5),))
        spans = [(first, first + more) for first, more in ranges]
        subnets = {f'subnet-{vlan}': {'vlan': vlan} for vlan in taken}
        found = design(vlan_namespace(*spans), vpc(**subnets), settings=settings)
        inside = {vlan for first, last in spans for vlan in range(first, last + 1)}
        free = sorted(inside - taken - set(range(kept, kept + 6)))
        assert list(free_vlans(found, 'default')) == free
        if free:
            subnets['new'] = {'vlan': free[0], 'subnet': '10.0.0.0/24'}
            assert not errors_at(found.with_changes([vpc(**subnets)]), 'VPC', 'vpc-1', 'spec.subnets.new.vlan')


class TestPrefixes:
    def test_the_lowest_that_overlaps_nothing(self):
        found = design(
            ipv4_namespace('10.1.0.0/23', '10.0.0.0/22'),
            vpc(
                default={'subnet': '10.0.0.128/25'},
                other={
                    'subnet': '10.0.2.0/24',
                    'hostBGP': True,
                    'hostBGPExtraPrefixes': {'10.1.0.0/32': {}},
                },
            ),
            resource('VPC', 'vpc-2', {'ipv4Namespace': 'other', 'subnets': {'default': {'subnet': '10.0.1.0/24'}}}),
        )
        assert [str(prefix) for prefix in free_prefixes(found, 'default', 24)] == [
            '10.0.1.0/24',
            '10.0.3.0/24',
            '10.1.1.0/24',
        ]
        assert str(next_prefix(found, 'default', 26)) == '10.0.0.0/26'

    def test_what_is_reserved_is_left_out(self):
        settings = FabricSettings(reserved_subnets=('10.0.0.0/25', '10.0.1.0/24', 'fe80::/10'))
        found = design(ipv4_namespace('10.0.0.0/22', 'fd00::/8'), settings=settings)
        assert [str(prefix) for prefix in free_prefixes(found, 'default', 24)] == ['10.0.2.0/24', '10.0.3.0/24']

    def test_an_exhausted_namespace_says_so(self):
        found = design(ipv4_namespace('10.0.0.0/24'), vpc(default={'subnet': '10.0.0.0/25'}))
        with pytest.raises(PoolExhausted, match='IPv4Namespace default has no free /24; add a subnet'):
            next_prefix(found, 'default', 24)
        assert str(next_prefix(found, 'default', 25)) == '10.0.0.128/25'

    @pytest.mark.parametrize('length', [0, 31, 32])
    def test_a_length_that_no_subnet_has_is_refused(self, length):
        with pytest.raises(LengthRefused, match='write one of 1 to 30'):
            next_prefix(design(ipv4_namespace('10.0.0.0/24')), 'default', length)

    @given(
        st.lists(st.sampled_from(['10.0.0.0/26', '10.0.0.32/27', '10.0.0.64/26', '10.0.1.0/25']), min_size=1),
        st.lists(st.tuples(st.integers(0, 511), st.integers(25, 32)), max_size=6),
        st.integers(25, 30),
    )
    def test_offers_are_all_that_is_free_in_order(self, namespace, taken, length):
        texts = {str(ip_network((0x0A000000 + number, size), strict=False)) for number, size in taken}
        subnets = {f's-{number}': {'subnet': text} for number, text in enumerate(texts)}
        found = design(ipv4_namespace(*namespace), vpc(**subnets))
        networks = [ip_network(text) for text in texts]
        free = sorted(
            {
                candidate
                for outer in map(ip_network, namespace)
                if outer.prefixlen <= length
                for candidate in outer.subnets(new_prefix=length)
                if not any(candidate.overlaps(network) for network in networks)
            }
        )
        assert [str(prefix) for prefix in free_prefixes(found, 'default', length)] == [str(each) for each in free]
        if free:
            subnets['new'] = {'subnet': str(free[0]), 'vlan': 1000}
            assert not errors_at(found.with_changes([vpc(**subnets)]), 'VPC', 'vpc-1', 'spec.subnets.new.subnet')


class TestASNs:
    def test_each_leaf_has_its_own_and_all_spines_share_one(self):
        found = design(switch('leaf-1', asn=65101), switch('spine-1', 'spine', asn=65100), settings=SMALL)
        assert list(free_asns(found, 'border-leaf')) == [65102, 65103]
        assert next_asn(found, 'spine') == 65100

    def test_an_exhausted_range_says_so(self):
        leaves = (switch(f'leaf-{asn}', asn=asn) for asn in range(65101, 65104))
        with pytest.raises(PoolExhausted, match='No leaf ASN of 65101-65103 is free'):
            next_asn(design(*leaves, settings=SMALL), 'mixed-leaf')

    def test_a_role_without_an_asn_says_so(self):
        with pytest.raises(PoolExhausted, match='No ASN belongs to the role virtual-edge'):
            next_asn(design(), 'virtual-edge')


class TestDevices:
    def test_blank_fabric_is_filled_as_the_installer_does_it(self):
        """One control node and one gateway node stand before the switches; a spine before the leaves."""
        found = design(
            switch('leaf-2'),
            switch('leaf-1', 'border-leaf'),
            switch('leaf-3'),
            switch('spine-1', 'spine', ip=''),
            resource('Gateway', 'gateway-1', {}),
        )
        assert offers(found, 'Switch', 'Gateway') == {
            'spine-1 spec.ip': '172.30.0.7/21',
            'spine-1 spec.protocolIP': '172.30.8.0/32',
            'leaf-1 spec.ip': '172.30.0.8/21',
            'leaf-1 spec.protocolIP': '172.30.8.1/32',
            'leaf-1 spec.vtepIP': '172.30.12.0/32',
            'leaf-2 spec.ip': '172.30.0.9/21',
            'leaf-2 spec.protocolIP': '172.30.8.2/32',
            'leaf-2 spec.vtepIP': '172.30.12.1/32',
            'leaf-3 spec.ip': '172.30.0.10/21',
            'leaf-3 spec.protocolIP': '172.30.8.3/32',
            'leaf-3 spec.vtepIP': '172.30.12.2/32',
            'gateway-1 spec.protocolIP': '172.30.8.4/32',
            'gateway-1 spec.vtepIP': '172.30.12.3/32',
        }

    def test_only_blank_fields_are_filled(self):
        found = design(
            switch('leaf-1', ip='172.30.0.9/21', protocolIP='172.30.8.0/32'),
            switch('leaf-2', ip='172.30.0.10/21', protocolIP=5, vtepIP=None),
            resource('Gateway', 'gateway-1', {'protocolIP': '172.30.8.1/32', 'vtepIP': '172.30.12.0/32'}),
        )
        assert offers(found, 'Switch') == {
            'leaf-1 spec.vtepIP': '172.30.12.1/32',
            'leaf-2 spec.vtepIP': '172.30.12.2/32',
        }

    def test_nodes_that_are_not_declared_keep_their_addresses_below_the_lowest_switch(self):
        """A fabric with three control nodes: its first switch stands behind them."""
        found = design(switch('leaf-1', ip='172.30.0.8/21'), switch('leaf-2'))
        assert offers(found, 'Switch')['leaf-2 spec.ip'] == '172.30.0.9/21'

    def test_addresses_below_the_lowest_switch_are_the_last(self):
        taken = [switch(f'leaf-{number}', ip=f'172.30.0.{number}/28') for number in (7, 8)]
        assert offers(design(*taken, switch('spine', 'spine'), settings=SMALL), 'Switch')['spine spec.ip'] == (
            '172.30.0.6/28'
        )

    def test_an_address_is_taken_whatever_the_prefix_length(self):
        found = design(switch('leaf-1', ip='172.30.0.6/32', vtepIP='172.30.12.0/24'), switch('leaf-2'))
        found = offers(found, 'Switch')
        assert found['leaf-2 spec.ip'] == '172.30.0.7/21'
        assert found['leaf-2 spec.vtepIP'] == '172.30.12.1/32'

    def test_a_control_node_at_another_place_is_left_out(self):
        settings = FabricSettings(
            management_subnet='192.168.200.0/24',
            management_dhcp_start='192.168.200.200',
            control_vip='192.168.200.2/32',
        )
        (offer, *_) = addresses_for_role(design(switch('leaf-1', ip='192.168.200.1/24'), settings=settings), 'spine')
        assert offer.value == '192.168.200.3/24'

    def test_a_new_switch_is_offered_what_a_saved_one_gets(self):
        found = design(switch('leaf-1', ip='172.30.0.6/21'))
        assert [(spell(offer.path), offer.value) for offer in addresses_for_role(found, 'server-leaf')] == [
            ('spec.ip', '172.30.0.7/21'),
            ('spec.protocolIP', '172.30.8.0/32'),
            ('spec.vtepIP', '172.30.12.0/32'),
        ]
        assert [offer.path[1] for offer in addresses_for_role(found, 'spine')] == ['ip', 'protocolIP']

    @pytest.mark.parametrize(
        ('taken', 'role', 'message'),
        [
            ([{'ip': f'172.30.0.{last}/28'} for last in (6, 7, 8)], 'spine', 'management subnet 172.30.0.0/28'),
            ([{'protocolIP': f'172.30.8.{last}/32'} for last in range(4)], 'spine', 'protocol subnet 172.30.8.0/30'),
            ([{'vtepIP': f'172.30.12.{last}/32'} for last in range(2)], 'mixed-leaf', 'VTEP subnet 172.30.12.0/31'),
        ],
    )
    def test_an_exhausted_subnet_says_so(self, taken, role, message):
        found = design(*(switch(f'leaf-{number}', **fields) for number, fields in enumerate(taken)), settings=SMALL)
        with pytest.raises(PoolExhausted, match=message):
            addresses_for_role(found, role)

    def test_settings_that_cannot_be_read_say_so(self):
        with pytest.raises(PoolUnknown, match='management subnet of this fabric is no IPv4 prefix'):
            addresses_for_role(design(settings=FabricSettings(management_subnet='garbage')), 'spine')


class TestLinks:
    def test_each_link_gets_two_addresses_of_its_own(self):
        found = design(
            connection('b--fabric--c', 'fabric', spine_link('b', 'c'), spine_link('b', 'c')),
            connection('a--mesh--b', 'mesh', {'leaf1': {'port': 'a/E1/1'}, 'leaf2': {'port': 'b/E1/1'}}),
            connection('c--gateway--g', 'gateway', {'switch': {'port': 'c/E1/9'}, 'gateway': {'port': 'g/eth1'}}),
            connection('s--bundled--c', 'bundled', {'server': {'port': 's/1'}, 'switch': {'port': 'c/E1/2'}}),
        )
        assert offers(found, 'Connection') == {
            'a--mesh--b spec.mesh.links[0].leaf1.ip': '172.30.128.0/31',
            'a--mesh--b spec.mesh.links[0].leaf2.ip': '172.30.128.1/31',
            'b--fabric--c spec.fabric.links[0].spine.ip': '172.30.128.2/31',
            'b--fabric--c spec.fabric.links[0].leaf.ip': '172.30.128.3/31',
            'b--fabric--c spec.fabric.links[1].spine.ip': '172.30.128.4/31',
            'b--fabric--c spec.fabric.links[1].leaf.ip': '172.30.128.5/31',
            'c--gateway--g spec.gateway.links[0].switch.ip': '172.30.128.6/31',
            'c--gateway--g spec.gateway.links[0].gateway.ip': '172.30.128.7/31',
        }

    def test_addresses_of_half_a_link_and_of_gateways_are_taken(self):
        found = design(
            connection('a', 'fabric', spine_link('s', 'l', spine='172.30.128.0/31')),
            resource('Gateway', 'g', {'interfaces': {'eth1': {'ips': ['172.30.128.3/31']}}}),
            connection('b', 'fabric', spine_link('s', 'm')),
        )
        assert offers(found, 'Connection') == {
            'a spec.fabric.links[0].leaf.ip': '172.30.128.1/31',
            'b spec.fabric.links[0].spine.ip': '172.30.128.4/31',
            'b spec.fabric.links[0].leaf.ip': '172.30.128.5/31',
        }

    @pytest.mark.parametrize('given_ip', ['172.30.128.0/30', '10.0.0.0/31', '172.30.128.2/31'])
    def test_an_address_that_leaves_none_for_the_other_end_is_named(self, given_ip):
        found = design(
            connection('a', 'fabric', spine_link('s', 'l', spine=given_ip)),
            connection('b', 'fabric', spine_link('s', 'm', spine='172.30.128.3/31', leaf='172.30.128.2/31')),
        )
        with pytest.raises(LinkHalfGiven, match=r'^spec\.fabric\.links\[0\]\.spine\.ip leaves no address'):
            offers(found, 'Connection')

    def test_an_end_that_is_not_there_gets_nothing(self):
        found = design(connection('a', 'fabric', {'spine': {'port': 's/E1/1'}}), connection('b', 'fabric'))
        assert offers(found, 'Connection') == {}

    def test_an_exhausted_subnet_says_so(self):
        found = design(connection('a', 'fabric', *(spine_link('s', 'l') for _ in range(3))), settings=SMALL)
        with pytest.raises(PoolExhausted, match=r'subnet of the links 172\.30\.128\.0/30'):
            offers(found, 'Connection')


@st.composite
def fabrics(draw):
    """Draw fabrics whose devices and links have some of their addresses, each of them once."""

    def some(first, count):
        numbers = draw(st.permutations(range(count)))
        return (first + number for number in numbers)

    management, protocol, vtep = some(6, 6), some(0, 6), some(0, 6)
    declarations = []
    for number in range(draw(st.integers(0, 4))):
        role = draw(st.sampled_from(['spine', 'server-leaf', 'border-leaf', 'mixed-leaf']))
        fields = {}
        if draw(st.booleans()):
            fields['ip'] = f'172.30.0.{next(management)}/21'
        if draw(st.booleans()):
            fields['protocolIP'] = f'172.30.8.{next(protocol)}/32'
        if role != 'spine' and draw(st.booleans()):
            fields['vtepIP'] = f'172.30.12.{next(vtep)}/32'
        declarations.append(switch(f'switch-{number}', role, **fields))
    pairs = some(0, 5)
    for number in range(draw(st.integers(0, 3))):
        ends = {}
        if draw(st.booleans()):
            pair = 2 * next(pairs)
            ends = {'spine': f'172.30.128.{pair}/31', 'leaf': f'172.30.128.{pair + 1}/31'}
            if draw(st.booleans()):
                del ends[draw(st.sampled_from(['spine', 'leaf']))]
        declarations.append(connection(f'link-{number}', 'fabric', spine_link('s', 'l', **ends)))
    if draw(st.booleans()):
        declarations.append(resource('Gateway', 'gateway-1', {}))
    return design(*draw(st.permutations(declarations)))


@given(fabrics())
def test_what_is_filled_is_unique_accepted_and_leaves_nothing_blank(found):
    after = filled(found)
    assert blank_addresses(after, list(after)) == {}
    for thing, kinds, field in (
        ('management', ('Switch',), 'ip'),
        ('protocol', ('Switch', 'Gateway'), 'protocolIP'),
        ('vtep', ('Switch', 'Gateway'), 'vtepIP'),
    ):
        values = [
            entry.declaration.spec[field]
            for kind in kinds
            for entry in entries(after, kind)
            if entry.declaration.spec.get(field)
        ]
        assert len(set(values)) == len(values), thing
    given_links = [
        end['ip']
        for entry in entries(after, 'Connection')
        for link in entry.declaration.spec['fabric']['links']
        for end in link.values()
    ]
    assert len(set(given_links)) == len(given_links)
    for identity, given_to in blank_addresses(found, list(found)).items():
        for offer in given_to:
            assert not errors_at(after, identity.kind, identity.name, spell(offer.path))


@given(fabrics())
def test_what_is_offered_does_not_depend_on_the_order_of_declarations(found):
    backwards = Design(found.settings, reversed([entry.declaration for entry in found]))
    assert blank_addresses(found, list(found)) == blank_addresses(backwards, list(backwards))
