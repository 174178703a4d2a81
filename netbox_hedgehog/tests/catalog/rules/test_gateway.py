"""Gateways before the fabric is installed, and beyond what the cases show."""

import pytest

from netbox_hedgehog.catalog import FabricSettings

from .case import problems
from .cases_gateway import GROUP, gateway, second

DAY_ZERO = FabricSettings(is_installed=False)


def rules(text, name='g1', settings=None):
    return [(problem.path, problem.rule) for problem in problems(text, f'Gateway/{name}', settings)]


BLANK = gateway(protocolIP='', vtepIP='', vtepMAC='', asn='', neighbors='', interfaces='{enp2s1: {mtu: 9100}}')


def test_what_the_installer_fills_in_may_be_blank_before_it_has_run():
    assert rules(BLANK, settings=DAY_ZERO) == []
    assert {rule for _, rule in rules(BLANK)} == {
        'gateway-protocol-address',
        'gateway-vtep-address',
        'gateway-vtep-mac',
        'gateway-asn-missing',
        'gateway-neighbor-missing',
        'gateway-interface-address-missing',
        'gateway-group-unknown',
    }


def test_what_is_written_already_is_checked_before_the_installation_too():
    fabric = gateway(protocolIP='172.30.8.1/31', interfaces='{}', groups='[{name: gr-9}]')
    assert rules(fabric, settings=DAY_ZERO) == [
        ('spec.protocolIP', 'gateway-protocol-address'),
        ('spec.interfaces', 'gateway-interface-missing'),
        ('spec.groups[0].name', 'gateway-group-unknown'),
    ]


@pytest.mark.parametrize(('communities', 'is_full'), [((), False), (('1:0',), True), (('1:0', '1:1'), False)])
def test_a_group_has_as_many_gateways_as_there_are_communities(communities, is_full):
    settings = FabricSettings(gateway_communities=communities)
    fabric = GROUP + gateway() + second(groups='[{name: default}]')
    for name in ('g1', 'g2'):
        assert bool(rules(fabric, name, settings)) is is_full


def test_both_gateways_that_share_an_address_are_told_of_the_other():
    fabric = GROUP + gateway() + second(vtepIP='172.30.12.5/32')
    for name, other in (('g1', 'g2'), ('g2', 'g1')):
        (problem,) = problems(fabric, f'Gateway/{name}')
        assert problem.message == f'Gateway {other} has 172.30.12.5, too; write another address.'


def test_loopback_addresses_are_refused_for_the_vtep_alone():
    assert rules(GROUP + gateway(neighbors='[{ip: 127.0.0.1, asn: 1}]')) == []
