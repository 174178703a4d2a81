"""A case for each rule of switches."""

from netbox_hedgehog.catalog import FabricSettings

from .case import Case
from .wiring_texts import BASE, leaf, manifest, spine

__all__ = ('CASES',)

_DAY_ZERO = FabricSettings(is_installed=False)
_SOUND = BASE + leaf()
_ESLAG = {'group': 'pair-1', 'type': 'eslag'}
_MCLAG = {'group': 'pair-1', 'type': 'mclag'}
_OTHER_VLANS = manifest('VLANNamespace', 'vlans-2', {'ranges': [{'from': 2999, 'to': 3000}]})
_MORE_VLANS = manifest('VLANNamespace', 'vlans-3', {'ranges': [{'from': 500, 'to': 999}]})
_GATEWAY = manifest(
    'Gateway',
    'gateway-1',
    {
        'protocolIP': '172.30.8.11/32',
        'vtepIP': '172.30.12.11/32',
        'vtepMAC': '02:00:00:00:00:01',
        'asn': 65534,
        'interfaces': {'eth1': {'ips': ['172.30.128.1/31']}},
        'neighbors': [{'ip': '172.30.128.0', 'asn': 65100}],
    },
)


def _case(rule, path, valid, invalid, **options):
    """Show a rule by the switch leaf-1 with one change or another."""
    return Case(rule, BASE + leaf(**valid), BASE + leaf(**invalid), 'Switch/leaf-1', f'spec.{path}', **options)


_PROFILES = (
    _case('switch-profile-missing', 'profile', {'profile': 'vs'}, {'profile': None}),
    _case('switch-profile-unknown', 'profile', {'profile': 'vs'}, {'profile': 'nexus'}),
    _case(
        'switch-profile-unknown',
        'profile',
        {'profile': 'vs'},
        {'profile': 'cumulus-vx'},
        settings=FabricSettings(include_cumulus=False),
    ),
    _case(
        'switch-profile-unchecked',
        'profile',
        {'profile': 'vs'},
        {'profile': 'nexus', 'portSpeeds': {'Ethernet0': '1T'}},
        settings=FabricSettings(allow_extra_switch_profiles=True),
    ),
    _case('switch-role-virtual-edge', 'role', {'role': 'border-leaf'}, {'role': 'virtual-edge'}),
    _case(
        'switch-redundancy-incomplete', 'redundancy.type', {'redundancy': _ESLAG}, {'redundancy': {'group': 'pair-1'}}
    ),
    _case('switch-redundancy-incomplete', 'redundancy.group', {'redundancy': {}}, {'redundancy': {'type': 'eslag'}}),
    _case('switch-redundancy-mclag', 'redundancy.type', {'redundancy': _ESLAG}, {'redundancy': _MCLAG}),
    _case(
        'switch-eslag-unsupported',
        'redundancy.type',
        {'redundancy': _ESLAG},
        {'redundancy': _ESLAG, 'profile': 'celestica-ds5000'},
    ),
    _case('switch-roce-unsupported', 'roce', {'roce': True}, {'roce': True, 'profile': 'celestica-ds2000'}),
    _case(
        'switch-roce-qpn-unsupported',
        'ecmp.roceQPN',
        {'ecmp': {'roceQPN': True}, 'profile': 'celestica-ds5000'},
        {'ecmp': {'roceQPN': True}},
    ),
    *(
        _case('switch-boot-mac', 'boot.mac', {'boot': {'mac': sound}}, {'boot': {'mac': wrong}})
        for sound, wrong in (
            ('0c:20:12:ff:00:00', '0c:20:12:ff:00'),
            ('34-AD-61-00-02-03', '34AD61000203'),
            ('0c20.12ff.0000', '0c:20:12:ff:00:0g'),
            ('', '02:00:5e:10:00:00:00:01'),
        )
    ),
    _case('switch-group-empty', 'groups[1]', {'groups': ['pair-1']}, {'groups': ['pair-1', '']}),
    _case('switch-group-unknown', 'groups[1]', {'groups': ['pair-1', 'pair-2']}, {'groups': ['pair-1', 'pair-3']}),
    _case(
        'switch-group-unknown',
        'redundancy.group',
        {'redundancy': _ESLAG},
        {'redundancy': {'group': 'pair-3', 'type': 'eslag'}},
    ),
    _case(
        'switch-vlan-namespace-unknown',
        'vlanNamespaces[0]',
        {'vlanNamespaces': ['default']},
        {'vlanNamespaces': ['vlans-9']},
    ),
    Case('switch-vlan-namespace-unknown', _SOUND, leaf(), 'Switch/leaf-1', 'spec.vlanNamespaces'),
    Case(
        'switch-vlan-namespaces-overlap',
        BASE + _MORE_VLANS + leaf(vlanNamespaces=['default', 'vlans-3']),
        BASE + _OTHER_VLANS + leaf(vlanNamespaces=['default', 'vlans-2']),
        'Switch/leaf-1',
        'spec.vlanNamespaces[1]',
    ),
    _case(
        'switch-vlan-namespaces-overlap',
        'vlanNamespaces[1]',
        {'vlanNamespaces': ['default']},
        {'vlanNamespaces': ['default', 'default']},
    ),
)

_ADDRESSES = (
    _case('switch-ip-missing', 'ip', {}, {'ip': None}),
    _case('switch-ip-outside', 'ip', {'ip': '172.30.3.255/21'}, {'ip': '172.30.8.1/21'}),
    _case('switch-ip-in-dhcp-range', 'ip', {'ip': '172.30.3.255/21'}, {'ip': '172.30.4.0/21'}),
    _case('switch-ip-of-control', 'ip', {'ip': '172.30.0.2/21'}, {'ip': '172.30.0.1/21'}),
    Case('switch-ip-taken', _SOUND + leaf(2), _SOUND + leaf(2, ip='172.30.0.11/22'), 'Switch/leaf-1', 'spec.ip'),
    _case('switch-protocol-ip-missing', 'protocolIP', {}, {'protocolIP': ''}),
    _case('switch-protocol-ip-outside', 'protocolIP', {'protocolIP': '172.30.8.0/32'}, {'protocolIP': '172.30.8.1/31'}),
    _case('switch-protocol-ip-outside', 'protocolIP', {}, {'protocolIP': '172.30.12.0/32'}),
    Case('switch-protocol-ip-taken', _SOUND + spine(), _SOUND + _GATEWAY, 'Switch/leaf-1', 'spec.protocolIP'),
    _case('switch-vtep-ip-missing', 'vtepIP', {}, {'vtepIP': None}),
    Case(
        'switch-vtep-ip-on-spine',
        BASE + spine(),
        BASE + spine(vtepIP='172.30.12.9/32'),
        'Switch/spine-1',
        'spec.vtepIP',
    ),
    _case('switch-vtep-ip-outside', 'vtepIP', {'vtepIP': '172.30.15.255/32'}, {'vtepIP': '172.30.16.0/32'}),
    Case('switch-vtep-ip-taken', _SOUND + spine(), _SOUND + _GATEWAY, 'Switch/leaf-1', 'spec.vtepIP'),
    Case(
        'switch-vtep-ip-taken',
        BASE + leaf(redundancy=_MCLAG) + leaf(2, redundancy=_MCLAG, vtepIP='172.30.12.11/32'),
        BASE + leaf(redundancy=_MCLAG) + leaf(2, redundancy=_ESLAG, vtepIP='172.30.12.11/32'),
        'Switch/leaf-1',
        'spec.vtepIP',
    ),
    _case('switch-address-malformed', 'ip', {}, {'ip': '172.30.0.11'}),
    _case('switch-address-malformed', 'vtepIP', {'vtepIP': ''}, {'vtepIP': '172.30.12.1/032'}, settings=_DAY_ZERO),
    _case('switch-asn-missing', 'asn', {}, {'asn': 0}),
    _case('switch-asn-outside', 'asn', {'asn': 65533}, {'asn': 65534}),
    Case('switch-asn-not-of-spines', BASE + spine(), BASE + spine(asn=65101), 'Switch/spine-1', 'spec.asn'),
    Case('switch-asn-taken', _SOUND + leaf(2), _SOUND + leaf(2, asn=65101), 'Switch/leaf-1', 'spec.asn'),
    Case(
        'switch-asn-taken',
        BASE + leaf(redundancy=_MCLAG) + leaf(2, redundancy=_MCLAG, asn=65101),
        BASE + leaf(redundancy=_MCLAG) + leaf(2, asn=65101),
        'Switch/leaf-1',
        'spec.asn',
    ),
    _case(
        'switch-asn-too-large',
        'asn',
        {'asn': 2147483647},
        {'asn': 2147483648},
        settings=FabricSettings(leaf_asn_end=4200000000),
    ),
)

_PORTS = (
    _case('switch-port-unknown', 'portSpeeds.E1/34', {'portSpeeds': {'E1/33': '1G'}}, {'portSpeeds': {'E1/34': '1G'}}),
    _case(
        'switch-port-unknown',
        'portBreakouts.E1/1/1',
        {'portBreakouts': {'E1/1': '4x25G'}},
        {'portBreakouts': {'E1/1/1': '4x25G'}},
    ),
    _case(
        'switch-port-unknown',
        'portAutoNegs.E1/1/3',
        {'portBreakouts': {'E1/1': '2x50G'}, 'portAutoNegs': {'E1/1/2': True}},
        {'portBreakouts': {'E1/1': '2x50G'}, 'portAutoNegs': {'E1/1/3': True}},
    ),
    _case(
        'switch-port-lane-missing',
        'portAutoNegs.E1/1',
        {'portAutoNegs': {'E1/1/1': True}},
        {'portAutoNegs': {'E1/1': True}},
    ),
    _case(
        'switch-port-lane-missing',
        'portFECs.E1/1',
        {'portFECs': {'E1/1': 'rs', 'E1/2/1': 'rs', 'E1/33': 'fc'}},
        {'portFECs': {'E1/1': 'rs'}, 'portBreakouts': {'E1/1': '4x25G'}},
    ),
    _case('switch-port-for-management', 'portFECs.M1', {'portFECs': {'E1/33': 'rs'}}, {'portFECs': {'M1': 'rs'}}),
    _case(
        'switch-port-group-unknown',
        'portGroupSpeeds.13',
        {'profile': 'vs', 'portGroupSpeeds': {'12': 'SPEED_10G'}},
        {'profile': 'vs', 'portGroupSpeeds': {'13': '10G'}},
    ),
    _case(
        'switch-port-group-speed',
        'portGroupSpeeds.1',
        {'profile': 'vs', 'portGroupSpeeds': {'1': '10G'}},
        {'profile': 'vs', 'portGroupSpeeds': {'1': '40G'}},
    ),
    _case(
        'switch-port-speed-fixed',
        'portSpeeds.E1/1',
        {'profile': 'vs', 'portGroupSpeeds': {'1': '10G'}},
        {'profile': 'vs', 'portSpeeds': {'E1/1': '10G'}},
    ),
    _case(
        'switch-port-speed-fixed', 'portSpeeds.M1', {'portSpeeds': {'E1/33': 'SPEED_1G'}}, {'portSpeeds': {'M1': '1G'}}
    ),
    _case('switch-port-speed-fixed', 'portSpeeds.E1/1', {}, {'portSpeeds': {'E1/1': '100G'}}),
    _case('switch-port-speed', 'portSpeeds.E1/33', {'portSpeeds': {'E1/33': '10G'}}, {'portSpeeds': {'E1/33': '25G'}}),
    _case(
        'switch-port-breakout-fixed',
        'portBreakouts.E1/33',
        {'portBreakouts': {'E1/32': '4x10G'}},
        {'portBreakouts': {'E1/33': '4x10G'}},
    ),
    _case(
        'switch-port-breakout',
        'portBreakouts.E1/1',
        {'portBreakouts': {'E1/1': '1x40G'}},
        {'portBreakouts': {'E1/1': '8x10G'}},
    ),
    _case(
        'switch-port-auto-neg-fixed',
        'portAutoNegs.E1/33',
        {'portAutoNegs': {'E1/1/1': False}},
        {'portAutoNegs': {'E1/33': True}},
    ),
    _case(
        'switch-port-locators-unsupported',
        'portLocators',
        {'portLocators': {'*': ''}},
        {'portLocators': {'*': ''}, 'profile': 'vs'},
    ),
    _case(
        'switch-port-locator-time',
        'portLocators.E1/1/1',
        {'portLocators': {'E1/1/1': '1h30m', 'E1/33': '2026-01-31 12:00:00', 'E1/2/1': ''}},
        {'portLocators': {'E1/1/1': 'soon'}},
    ),
    _case('switch-port-locators-expire', 'portLocators', {}, {'portLocators': {'E1/33': '5m'}}),
    _case(
        'switch-ports-too-many',
        'portBreakouts',
        {
            'profile': 'celestica-ds4000',
            'portBreakouts': {f'E1/{port}': '4x100G' for port in range(1, 32)},
        },
        {
            'profile': 'celestica-ds4000',
            'portBreakouts': {f'E1/{port}': '8x50G' if port % 2 else '4x100G' for port in range(1, 33)},
        },
    ),
    _case(
        'switch-pipeline-full',
        'portBreakouts',
        {'profile': 'celestica-ds5000', 'portBreakouts': {'E1/1': '8x100G', 'E1/4': '2x400G'}},
        {'profile': 'celestica-ds5000', 'portBreakouts': {'E1/1': '8x100G', 'E1/4': '4x200G'}},
    ),
    Case(
        'switch-breakouts-frozen',
        BASE + leaf(roce=True, portBreakouts={'E1/1': '4x25G', 'E1/2': None}, description='Moved'),
        BASE + leaf(roce=True, portBreakouts={'E1/1': '4x10G'}),
        'Switch/leaf-1',
        'spec.portBreakouts.E1/1',
        before=BASE + leaf(roce=True, portBreakouts={'E1/1': '4x25G'}),
    ),
    Case(
        'switch-breakouts-frozen',
        BASE + leaf(portBreakouts={'E1/1': '4x25G'}),
        BASE + leaf(roce=True),
        'Switch/leaf-1',
        'spec.portBreakouts.E1/1',
        before=BASE + leaf(portBreakouts={'E1/1': '4x25G'}),
    ),
)

CASES: tuple[Case, ...] = (*_PROFILES, *_ADDRESSES, *_PORTS)
