"""What the tables of cases cannot say of VPCs, and of what belongs to them."""

import pytest

from netbox_hedgehog.catalog import Declaration, Design, FabricSettings, Severity, judge
from netbox_hedgehog.catalog.addresses import parse_prefix
from netbox_hedgehog.catalog.registry import KINDS
from netbox_hedgehog.catalog.rules.overlaps import overlaps

from .case import problems
from .texts import NAMESPACES, manifest, vpc, with_subnet

PLAIN = '{subnets: {default: {subnet: 10.0.1.0/24, vlan: 1001}}}'


def rules_of(text, name='VPC/vpc-1', settings=None):
    return [problem.rule for problem in problems(text, name, settings)]


def test_the_default_namespaces_need_not_be_declared_before_the_installation():
    assert rules_of(vpc(PLAIN)) == ['vpc-ipv4-namespace-unknown', 'vpc-vlan-namespace-unknown']
    assert rules_of(vpc(PLAIN), settings=FabricSettings(is_installed=False)) == []


def test_a_default_that_is_declared_counts_before_the_installation_too():
    text = NAMESPACES.replace('10.0.0.0/16', '10.5.0.0/16') + vpc(PLAIN)
    assert rules_of(text, settings=FabricSettings(is_installed=False)) == ['vpc-subnet-outside-namespace']


@pytest.mark.parametrize('field', ['subnets: [10.0.0.0/33]', 'subnets: [10.9.0.0/16, 7]', 'subnets: five'])
def test_a_namespace_that_cannot_be_read_is_told_where_it_stands(field):
    text = manifest('IPv4Namespace', 'default', f'{{{field}}}') + manifest('VLANNamespace', 'default', '{ranges: five}')
    assert rules_of(text + vpc(PLAIN)) == []


def test_nothing_fits_into_a_namespace_that_is_empty():
    text = manifest('IPv4Namespace', 'default', '{}') + manifest('VLANNamespace', 'default', '{}')
    assert rules_of(text + vpc(PLAIN)) == ['vpc-subnet-outside-namespace', 'vpc-vlan-outside-namespace']


def test_an_unreadable_subnet_has_one_problem():
    text = with_subnet('subnet: 10.0.1.0, vlan: 1001, gateway: 10.0.1.1, dhcp: {enable: true, range: {end: 1.1.1.1}}')
    assert rules_of(text) == ['vpc-subnet-unreadable']


def test_a_faulty_subnet_is_there_for_those_that_name_it():
    text = NAMESPACES + vpc('{subnets: {default: {subnet: 10.0.1.0/24, vlan: 1001}, two: 5}, permit: [[default, two]]}')
    attachment = manifest('VPCAttachment', 'att-1', '{subnet: vpc-1/two, connection: none}')
    assert rules_of(text + attachment) == ['wrong-type']
    assert rules_of(text + attachment, 'VPCAttachment/att-1') == ['vpc-attachment-connection-unknown']


def test_what_stands_in_another_namespace_takes_nothing():
    other = vpc(PLAIN, 'vpc-2').replace('name: vpc-2', 'name: vpc-2, namespace: other')
    assert rules_of(NAMESPACES + vpc(PLAIN) + other) == []


def test_vpcs_of_different_namespaces_do_not_clash():
    others = manifest('IPv4Namespace', 'ns-2', '{subnets: [10.0.0.0/16]}') + manifest(
        'VLANNamespace', 'vl-2', '{ranges: [{from: 1000, to: 1100}]}'
    )
    spec = PLAIN.replace('{subnets', '{ipv4Namespace: ns-2, vlanNamespace: vl-2, subnets', 1)
    assert rules_of(NAMESPACES + others + vpc(PLAIN) + vpc(spec, 'vpc-2')) == []


def test_an_invalid_range_hides_the_others_as_the_fabric_drops_them_all():
    text = manifest('VLANNamespace', 'vl-1', '{ranges: [{from: 9, to: 8}, {from: 3000}, {from: 3000}]}')
    assert rules_of(text, 'VLANNamespace/vl-1') == ['vlan-namespace-range-invalid']


def test_of_an_invalid_range_no_vlan_is_left():
    text = manifest('IPv4Namespace', 'default', '{subnets: [10.0.0.0/16]}') + manifest(
        'VLANNamespace', 'default', '{ranges: [{from: 2000, to: 1005}, {from: 1001, to: 1100}]}'
    )
    assert rules_of(text + vpc(PLAIN)) == ['vpc-vlan-outside-namespace']


def test_peers_in_a_namespace_that_does_not_exist_are_told_as_such_once():
    text = (
        NAMESPACES
        + vpc(PLAIN)
        + vpc('{ipv4Namespace: ns-9, subnets: {default: {subnet: 10.0.2.0/24, vlan: 1002}}}', 'vpc-2')
        + manifest('VPCPeering', 'peer-1', '{permit: [{vpc-1: {}, vpc-2: {}}]}')
    )
    assert rules_of(text, 'VPC/vpc-2') == ['vpc-ipv4-namespace-unknown']
    assert rules_of(text, 'VPCPeering/peer-1') == []


def test_overlaps_are_found_on_both_sides():
    texts = ['10.0.0.0/8', '10.1.0.0/16', '11.0.0.0/8', '10.1.2.0/24', '11.0.0.0/8']
    assert overlaps([parse_prefix(text) for text in texts]) == {0: 1, 1: 0, 2: 4, 3: 1, 4: 2}


def test_a_fabric_in_which_all_take_the_same_is_judged_without_a_flood():
    spec = {'subnets': {'default': {'subnet': '10.0.1.0/24', 'vlan': 1001}}}
    declarations = [Declaration(KINDS['VPC'], 'default', f'vpc-{number}', spec) for number in range(300)]
    found = judge(Design(FabricSettings(is_installed=False), declarations))
    assert all(0 < len(told) <= 20 for told in found.values())
    assert {problem.severity for told in found.values() for problem in told} == {Severity.ERROR}
