"""The settings of a fabric: what makes sense, and how a FabricConfig is read."""

import inspect
import re
from dataclasses import replace

import pytest
import yaml

from netbox_hedgehog.catalog import settings as settings_module
from netbox_hedgehog.catalog.rules import SETTINGS_RULES
from netbox_hedgehog.catalog.settings import (
    FabricSettings,
    SettingsRefused,
    VLANSpan,
    check_settings,
    settings_from_config,
)
from netbox_hedgehog.tests.catalog.reference_data import REFERENCE, needs_reference


def check(**changes):
    return [(problem.path, problem.rule) for problem in check_settings(replace(FabricSettings(), **changes))]


def test_the_defaults_make_sense():
    assert check() == []


@needs_reference
def test_the_defaults_are_those_of_upstream():
    config = yaml.safe_load((REFERENCE / 'fabric-config-defaults.yaml').read_text())
    assert settings_from_config(config) == FabricSettings()


@pytest.mark.parametrize(
    ('changes', 'path', 'rule'),
    [
        ({'release': '25.02'}, 'release', 'setting-release-unknown'),
        ({'reserved_subnets': ()}, 'reserved_subnets', 'setting-empty'),
        ({'reserved_subnets': ('10.0.0.0/8', '10.0.0.1')}, 'reserved_subnets[1]', 'setting-not-a-prefix'),
        ({'management_subnet': 'x'}, 'management_subnet', 'setting-not-a-prefix'),
        ({'management_dhcp_start': '172.30.4.0/21'}, 'management_dhcp_start', 'setting-not-an-address'),
        ({'management_dhcp_end': '172.30.8.0'}, 'management_dhcp_end', 'setting-dhcp-outside-management'),
        ({'control_vip': ''}, 'control_vip', 'setting-not-an-address'),
        ({'protocol_subnet': '172.30.8.0'}, 'protocol_subnet', 'setting-not-a-prefix'),
        ({'vtep_subnet': ''}, 'vtep_subnet', 'setting-not-a-prefix'),
        ({'fabric_subnet': '172.30.128.0/33'}, 'fabric_subnet', 'setting-not-a-prefix'),
        ({'vpc_irb_vlan_ranges': ()}, 'vpc_irb_vlan_ranges', 'setting-empty'),
        ({'vpc_irb_vlan_ranges': (VLANSpan(0, 5),)}, 'vpc_irb_vlan_ranges[0]', 'setting-not-vlans'),
        ({'th5_workaround_vlan_ranges': (VLANSpan(9, 8),)}, 'th5_workaround_vlan_ranges[0]', 'setting-not-vlans'),
        ({'th5_workaround_vlan_ranges': (VLANSpan(1, 4095),)}, 'th5_workaround_vlan_ranges[0]', 'setting-not-vlans'),
        ({'spine_asn': 0}, 'spine_asn', 'setting-not-an-asn'),
        ({'gateway_asn': 2**32}, 'gateway_asn', 'setting-not-an-asn'),
        ({'leaf_asn_end': 65100}, 'leaf_asn_end', 'setting-asns-reversed'),
        ({'spine_asn': 65533}, 'spine_asn', 'setting-spine-asn-of-leaf'),
        ({'fabric_mtu': 9217}, 'fabric_mtu', 'setting-mtu'),
        ({'fabric_mtu': 0}, 'fabric_mtu', 'setting-mtu'),
        ({'server_facing_mtu_offset': 0}, 'server_facing_mtu_offset', 'setting-mtu-offset'),
        ({'gateway_communities': ('50001:0', '50001')}, 'gateway_communities[1]', 'setting-not-a-community'),
        ({'gateway_communities': ('65536:0',)}, 'gateway_communities[0]', 'setting-not-a-community'),
    ],
)
def test_a_setting_that_makes_no_sense_is_reported_at_its_attribute(changes, path, rule):
    assert check(**changes) == [(path, rule)]


@pytest.mark.parametrize(
    'changes',
    [
        {'release': 'newer'},
        {
            'management_subnet': '192.168.200.0/24',
            'management_dhcp_start': '192.168.200.100',
            'management_dhcp_end': '192.168.200.254',
        },
        {'vpc_irb_vlan_ranges': (VLANSpan(1, 1), VLANSpan(4094, 4094))},
        {'spine_asn': 1, 'leaf_asn_start': 2, 'leaf_asn_end': 2, 'gateway_asn': 2**32 - 1},
        {'fabric_mtu': 9216, 'server_facing_mtu_offset': 1},
        {'gateway_communities': ()},
    ],
)
def test_settings_at_their_bounds_make_sense(changes):
    assert check(**changes) == []


def test_all_problems_are_reported_at_once_with_what_to_write():
    settings = replace(FabricSettings(), fabric_mtu=0, spine_asn=0, reserved_subnets=('a', 'b'))
    problems = check_settings(settings)
    assert [problem.path for problem in problems] == [
        'reserved_subnets[0]',
        'reserved_subnets[1]',
        'spine_asn',
        'fabric_mtu',
    ]
    assert all('; write ' in problem.message and problem.message.endswith('.') for problem in problems)


def test_a_config_is_read_in_the_spelling_of_upstream():
    config = {
        'release': '26.01',
        'managementSubnet': '192.168.200.0/24',
        'vpcIRBVLANRange': [{'from': 3000, 'to': 3010}, {'from': 3020}],
        'spineASN': 65000,
        'enableGateway': False,
        'gatewayCommunities': {'10': '1:10', '9': '1:9', 0: '1:0'},
        'reservedSubnets': ['10.0.0.0/8'],
        'users': 'never looked at',
        'controlVIP': None,
    }
    assert settings_from_config(config) == FabricSettings(
        release='26.01',
        management_subnet='192.168.200.0/24',
        vpc_irb_vlan_ranges=(VLANSpan(3000, 3010), VLANSpan(3020, 3020)),
        spine_asn=65000,
        enable_gateway=False,
        gateway_communities=('1:0', '1:9', '1:10'),
        reserved_subnets=('10.0.0.0/8',),
    )


def test_what_is_left_out_has_its_default():
    assert settings_from_config({}) == FabricSettings()


def test_a_whole_config_leaves_out_the_flags_that_are_false():
    read = settings_from_config({'fabricMode': 'spine-leaf', 'includeCumulus': True})
    assert (read.enable_gateway, read.include_sonic_cls_plus, read.include_cumulus) == (False, False, True)


@pytest.mark.parametrize(
    ('config', 'path'),
    [
        ({'spineAsn': 1}, 'spineAsn'),
        ({'spineASN': '65100'}, 'spineASN'),
        ({'spineASN': True}, 'spineASN'),
        ({'spineASN': 2**32}, 'spineASN'),
        ({'fabricMTU': 65536}, 'fabricMTU'),
        ({'enableGateway': 'true'}, 'enableGateway'),
        ({'vtepSubnet': 5}, 'vtepSubnet'),
        ({'reservedSubnets': '10.0.0.0/8'}, 'reservedSubnets'),
        ({'reservedSubnets': ['10.0.0.0/8', 1]}, 'reservedSubnets[1]'),
        ({'vpcIRBVLANRange': {'from': 1}}, 'vpcIRBVLANRange'),
        ({'vpcIRBVLANRange': [{'from': 1}, {'to': 2}]}, 'vpcIRBVLANRange[1]'),
        ({'vpcIRBVLANRange': [{'from': 1, 'till': 2}]}, 'vpcIRBVLANRange[0]'),
        ({'vpcIRBVLANRange': [{'from': 'a'}]}, 'vpcIRBVLANRange[0]'),
        ({'gatewayCommunities': ['1:1']}, 'gatewayCommunities'),
        ({'gatewayCommunities': {'a': '1:1'}}, 'gatewayCommunities.a'),
        ({'gatewayCommunities': {'0': 1}}, 'gatewayCommunities.0'),
        ({'release': 26.03}, 'release'),
        ({5: 1}, '5'),
    ],
)
def test_a_config_that_cannot_be_read_is_refused_with_the_place(config, path):
    with pytest.raises(SettingsRefused) as refused:
        settings_from_config(config)
    assert [problem.path for problem in refused.value.problems] == [path]


def test_all_that_is_wrong_with_a_config_is_told():
    with pytest.raises(SettingsRefused) as refused:
        settings_from_config({'a': 1, 'b': 2, 'spineASN': None, 'fabricMTU': 'x'})
    assert [problem.path for problem in refused.value.problems] == ['a', 'b', 'fabricMTU']
    assert 'fabricMTU: Not a whole number' in str(refused.value)


def test_what_is_reported_of_settings_agrees_with_the_table():
    reported = set(re.findall(r"'(setting-[a-z-]+|unknown-setting)'", inspect.getsource(settings_module)))
    assert reported == SETTINGS_RULES.keys()
    assert all(rule.summary.endswith('.') for rule in SETTINGS_RULES.values())
