"""A case for each rule of connections."""

from netbox_hedgehog.catalog import FabricSettings

from .case import Case
from .wiring_texts import BASE, connection, leaf, manifest, spine

__all__ = ('CASES', 'WIRED')

_ESLAG = {'group': 'pair-1', 'type': 'eslag'}
_DEVICES = (
    BASE
    + manifest('Server', 'server-1', {})
    + manifest('Server', 'server-2', {})
    + manifest('VPC', 'vpc-1', {'subnets': {'default': {'subnet': '10.0.1.0/24', 'vlan': 1001}}})
    + spine()
)
# Two leaves of a redundancy group, two without one, a spine and two servers.
WIRED = (
    _DEVICES + leaf(redundancy=_ESLAG, portBreakouts={'E1/1': '4x25G'}) + leaf(2, redundancy=_ESLAG) + leaf(3) + leaf(4)
)


def _server_link(switch_port, server_port='server-1/nic1'):
    return {'server': {'port': server_port}, 'switch': {'port': switch_port}}


def _bundled(*switch_ports, **changes):
    links = [_server_link(port, f'server-1/nic{number}') for number, port in enumerate(switch_ports)]
    return {'bundled': {'links': links, **changes}}


def _eslag(*switch_ports, **changes):
    return {'eslag': {**_bundled(*switch_ports)['bundled'], **changes}}


def _unbundled(switch_port, server_port='server-1/nic1', **changes):
    return {'unbundled': {'link': _server_link(switch_port, server_port), **changes}}


def _fabric(*links):
    """Write fabric links: each a port and an address of a spine, and those of a leaf."""
    return {
        'fabric': {
            'links': [
                {'spine': {'port': spine_port, 'ip': spine_ip}, 'leaf': {'port': leaf_port, 'ip': leaf_ip}}
                for spine_port, spine_ip, leaf_port, leaf_ip in links
            ]
        }
    }


def _link(spine_ip='172.30.128.0/31', leaf_ip='172.30.128.1/31', spine_port='spine-1/E1/1', leaf_port='leaf-3/E1/1'):
    return _fabric((spine_port, spine_ip, leaf_port, leaf_ip))


def _static(within_vpc=None, **changes):
    port = {'port': 'leaf-3/E1/1', 'ip': '192.0.2.1/30', 'nextHop': '192.0.2.2', 'subnets': ['198.51.100.0/24']}
    body = {'link': {'switch': {**port, **changes}}}
    return {'staticExternal': {**body, 'withinVPC': within_vpc} if within_vpc else body}


def _mesh(first, second):
    return {'mesh': {'links': [{'leaf1': {'port': first}, 'leaf2': {'port': second}}]}}


def _gateway(*switch_ports):
    links = [
        {'switch': {'port': port}, 'gateway': {'port': f'gateway-1/eth{number}'}}
        for number, port in enumerate(switch_ports)
    ]
    return {'gateway': {'links': links}}


def _case(rule, path, valid, invalid, **options):
    """Show a rule by the connection c-1, of one kind or another."""
    keeps, breaks = WIRED + connection(**valid), WIRED + connection(**invalid)
    return Case(rule, keeps, breaks, 'Connection/c-1', f'spec.{path}' if path else 'spec', **options)


def _edit(rule, path, before, valid, invalid):
    return _case(rule, path, valid, invalid, before=WIRED + connection(**before))


_SHAPES = (
    _case('connection-type-missing', '', _unbundled('leaf-1/E1/2'), {}),
    _case(
        'connection-type-ambiguous',
        'external',
        _unbundled('leaf-1/E1/2'),
        {**_unbundled('leaf-1/E1/2'), 'external': {'link': {'switch': {'port': 'leaf-1/E1/3'}}}},
    ),
    _case(
        'connection-mclag-removed',
        'mclag',
        _eslag('leaf-1/E1/2', 'leaf-2/E1/2'),
        {'mclag': {'links': [_server_link('leaf-9/E1/2'), _server_link('nowhere')]}},
    ),
    _case(
        'connection-mclag-removed',
        'mclagDomain',
        _mesh('leaf-3/E1/1', 'leaf-4/E1/1'),
        {'mclagDomain': {'peerLinks': [{}], 'sessionLinks': [{}]}},
    ),
    _case('connection-links-missing', 'bundled.links', _bundled('leaf-1/E1/2'), {'bundled': {'links': []}}),
    _case(
        'connection-links-missing',
        'external.link',
        {'external': {'link': {'switch': {'port': 'leaf-1/E1/2'}}}},
        {'external': {}},
    ),
    _case(
        'connection-port-missing',
        'unbundled.link.switch.port',
        _unbundled('leaf-1/E1/2'),
        {'unbundled': {'link': {'server': {'port': 'server-1/nic1'}}}},
    ),
    _case('connection-port-missing', 'unbundled.link.switch.port', _unbundled('leaf-1/E1/2'), _unbundled('')),
    _case('connection-port-malformed', 'unbundled.link.switch.port', _unbundled('leaf-1/E1/2'), _unbundled('leaf-1')),
    _case('connection-port-malformed', 'unbundled.link.switch.port', _unbundled('leaf-1/E1/2'), _unbundled('/E1/2')),
    _case(
        'connection-port-repeated',
        'bundled.links[1].switch.port',
        _bundled('leaf-1/E1/1/1', 'leaf-1/E1/1/2'),
        _bundled('leaf-1/E1/1', 'leaf-1/E1/1/1'),
    ),
    _case(
        'connection-servers-differ',
        'bundled.links[1].server.port',
        _bundled('leaf-1/E1/2', 'leaf-1/E1/3'),
        {'bundled': {'links': [_server_link('leaf-1/E1/2'), _server_link('leaf-1/E1/3', 'server-2/nic1')]}},
    ),
    _case(
        'connection-switches-differ',
        'bundled.links[1].switch.port',
        _bundled('leaf-1/E1/2', 'leaf-1/E1/3'),
        _bundled('leaf-1/E1/2', 'leaf-2/E1/2'),
    ),
    _case(
        'connection-switches-differ',
        'gateway.links[1].switch.port',
        _gateway('leaf-1/E1/2', 'leaf-1/E1/3'),
        _gateway('leaf-1/E1/2', 'leaf-2/E1/2'),
    ),
    _case(
        'connection-switches-differ',
        'vpcLoopback.links[0].switch2.port',
        {'vpcLoopback': {'links': [{'switch1': {'port': 'leaf-1/E1/2'}, 'switch2': {'port': 'leaf-1/E1/3'}}]}},
        {'vpcLoopback': {'links': [{'switch1': {'port': 'leaf-1/E1/2'}, 'switch2': {'port': 'leaf-2/E1/3'}}]}},
    ),
    _case(
        'connection-switches-too-many',
        'eslag.links[4].switch.port',
        _eslag('leaf-1/E1/2', 'leaf-2/E1/2', 'leaf-3/E1/2', 'leaf-4/E1/2'),
        _eslag('leaf-1/E1/2', 'leaf-2/E1/2', 'leaf-3/E1/2', 'leaf-4/E1/2', 'spine-1/E1/2'),
    ),
    _case(
        'connection-switches-not-two',
        'mesh.links[0].leaf2.port',
        _mesh('leaf-3/E1/1', 'leaf-4/E1/1'),
        _mesh('leaf-3/E1/1', 'leaf-3/E1/2'),
    ),
    _case(
        'connection-switches-not-two',
        'fabric.links[1].leaf.port',
        _fabric(('spine-1/E1/1', '', 'leaf-3/E1/1', ''), ('spine-1/E1/2', '', 'leaf-3/E1/2', '')),
        _fabric(('spine-1/E1/1', '', 'leaf-3/E1/1', ''), ('spine-1/E1/2', '', 'leaf-4/E1/2', '')),
        settings=FabricSettings(is_installed=False),
    ),
    _case(
        'connection-mtu-too-large',
        'unbundled.mtu',
        _unbundled('leaf-1/E1/2', mtu=9036),
        _unbundled('leaf-1/E1/2', mtu=9037),
    ),
    _case(
        'connection-mtu-too-large',
        'bundled.mtu',
        _bundled('leaf-1/E1/2', mtu=1436),
        _bundled('leaf-1/E1/2', mtu=1437),
        settings=FabricSettings(fabric_mtu=1500),
    ),
    _case(
        'connection-eslag-mtu-too-large',
        'eslag.mtu',
        _eslag('leaf-1/E1/2', 'leaf-2/E1/2', mtu=9036),
        _eslag('leaf-1/E1/2', 'leaf-2/E1/2', mtu=9037),
    ),
    _edit(
        'connection-type-changed',
        'bundled',
        _unbundled('leaf-1/E1/2'),
        _unbundled('leaf-1/E1/3'),
        _bundled('leaf-1/E1/2'),
    ),
    _edit('connection-vpc-changed', 'staticExternal.withinVPC', _static('vpc-1'), _static('vpc-1', vlan=7), _static()),
)

_ADDRESSES = (
    _case('connection-link-address-missing', 'fabric.links[0].leaf.ip', _link(), _link(leaf_ip=None)),
    _case('connection-link-address-not-31', 'fabric.links[0].spine.ip', _link(), _link('172.30.128.0/30')),
    _case(
        'connection-link-addresses-equal',
        'fabric.links[0].spine.ip',
        _link('172.30.128.1/31', '172.30.128.0/31'),
        _link('172.30.128.1/31', '172.30.128.1/31'),
    ),
    _case(
        'connection-link-addresses-apart',
        'fabric.links[0].spine.ip',
        _link(),
        _link('172.30.128.1/31', '172.30.128.2/31'),
    ),
    _case(
        'connection-link-address-outside',
        'fabric.links[0].spine.ip',
        _link('172.30.255.254/31', '172.30.255.255/31'),
        _link('10.0.0.0/31', '10.0.0.1/31'),
    ),
    Case(
        'connection-link-address-taken',
        WIRED
        + connection(**_link())
        + connection('c-2', **_link('172.30.128.2/31', '172.30.128.3/31', 'spine-1/E1/2')),
        WIRED + connection(**_link()) + connection('c-2', **_link(spine_port='spine-1/E1/2', leaf_port='leaf-4/E1/1')),
        'Connection/c-1',
        'spec.fabric.links[0].spine.ip',
    ),
    _case(
        'connection-link-address-taken',
        'fabric.links[1].spine.ip',
        _fabric(
            ('spine-1/E1/1', '172.30.128.0/31', 'leaf-3/E1/1', '172.30.128.1/31'),
            ('spine-1/E1/2', '172.30.128.2/31', 'leaf-3/E1/2', '172.30.128.3/31'),
        ),
        _fabric(
            ('spine-1/E1/1', '172.30.128.0/31', 'leaf-3/E1/1', '172.30.128.1/31'),
            ('spine-1/E1/2', '172.30.128.0/31', 'leaf-3/E1/2', '172.30.128.1/31'),
        ),
    ),
    _case('connection-static-ip-missing', 'staticExternal.link.switch.ip', _static(), _static(ip=None)),
    _case('connection-static-next-hop-missing', 'staticExternal.link.switch.nextHop', _static(), _static(nextHop=None)),
    _case(
        'connection-static-next-hop-outside',
        'staticExternal.link.switch.nextHop',
        _static(nextHop='192.0.2.3'),
        _static(nextHop='192.0.2.4'),
    ),
    _case(
        'connection-static-subnet-malformed',
        'staticExternal.link.switch.subnets[0]',
        _static(subnets=['198.51.100.0/24']),
        _static(subnets=['198.51.100.1/24']),
    ),
    _case(
        'connection-static-subnet-malformed',
        'staticExternal.link.switch.subnets[1]',
        _static(subnets=[]),
        _static(subnets=['198.51.100.0/24', 'everything']),
    ),
    _case(
        'connection-static-subnet-reserved',
        'staticExternal.link.switch.subnets[0]',
        _static(subnets=['172.29.0.0/16']),
        _static(subnets=['172.30.0.0/16']),
    ),
    _case(
        'connection-static-subnets-overlap',
        'staticExternal.link.switch.subnets[1]',
        _static(subnets=['198.51.100.0/25', '198.51.100.128/25']),
        _static(subnets=['198.51.100.128/25', '198.51.100.0/24']),
    ),
    _case(
        'connection-static-default-route',
        'staticExternal.link.switch.subnets[0]',
        _static(subnets=['0.0.0.0/0']),
        _static(subnets=['0.0.0.0/0', '198.51.100.0/24']),
    ),
)

_DEVICE_CASES = (
    _case(
        'connection-switch-unknown', 'unbundled.link.switch.port', _unbundled('leaf-1/E1/2'), _unbundled('leaf-9/E1/2')
    ),
    _case(
        'connection-server-unknown',
        'unbundled.link.server.port',
        _unbundled('leaf-1/E1/2', 'server-2/any name'),
        _unbundled('leaf-1/E1/2', 'server-9/nic1'),
    ),
    Case(
        'connection-gateway-unknown',
        WIRED + manifest('Gateway', 'gateway-1', {}) + connection(**_gateway('spine-1/E1/1')),
        WIRED + connection(**_gateway('spine-1/E1/1')),
        'Connection/c-1',
        'spec.gateway.links[0].gateway.port',
    ),
    _case(
        'connection-port-unknown', 'unbundled.link.switch.port', _unbundled('leaf-1/M1'), _unbundled('leaf-1/Ethernet0')
    ),
    _case(
        'connection-port-unknown',
        'unbundled.link.switch.port',
        _unbundled('leaf-1/E1/1/4'),
        _unbundled('leaf-2/E1/1/4'),
    ),
    Case(
        'connection-port-taken',
        WIRED
        + connection(**_unbundled('leaf-1/E1/1'))
        + connection('c-2', **_unbundled('leaf-1/E1/1/2', 'server-2/nic1')),
        WIRED
        + connection(**_unbundled('leaf-1/E1/1'))
        + connection('c-2', **_unbundled('leaf-1/E1/1/1', 'server-2/nic1')),
        'Connection/c-1',
        'spec.unbundled.link.switch.port',
    ),
    Case(
        'connection-port-taken',
        WIRED
        + connection(**_unbundled('leaf-1/E1/2'))
        + connection('c-2', **_unbundled('leaf-1/E1/3', 'server-1/nic2')),
        WIRED + connection(**_unbundled('leaf-1/E1/2')) + connection('c-2', **_unbundled('leaf-1/E1/3')),
        'Connection/c-1',
        'spec.unbundled.link.server.port',
    ),
    _case(
        'connection-role-mismatch',
        'mesh.links[0].leaf1.port',
        _mesh('leaf-3/E1/1', 'leaf-4/E1/1'),
        _mesh('spine-1/E1/1', 'leaf-4/E1/1'),
    ),
    _case('connection-role-mismatch', 'fabric.links[0].spine.port', _link(), _link(spine_port='leaf-4/E1/1')),
    _case(
        'connection-eslag-ungrouped',
        'eslag.links',
        _eslag('leaf-1/E1/2', 'leaf-2/E1/2'),
        _eslag('leaf-3/E1/2', 'leaf-4/E1/2'),
    ),
    Case(
        'connection-eslag-groups-differ',
        WIRED + connection(**_eslag('leaf-1/E1/2', 'leaf-2/E1/2')),
        _DEVICES
        + leaf(redundancy=_ESLAG)
        + leaf(2, redundancy={'group': 'pair-2', 'type': 'eslag'})
        + connection(**_eslag('leaf-1/E1/2', 'leaf-2/E1/2')),
        'Connection/c-1',
        'spec.eslag.links[1].switch.port',
    ),
    Case(
        'connection-eslag-type',
        WIRED + connection(**_eslag('leaf-1/E1/2', 'leaf-2/E1/2')),
        _DEVICES
        + leaf(redundancy={'group': 'pair-1', 'type': 'mclag'})
        + leaf(2, redundancy={'group': 'pair-1', 'type': 'mclag'})
        + connection(**_eslag('leaf-1/E1/2', 'leaf-2/E1/2')),
        'Connection/c-1',
        'spec.eslag.links[0].switch.port',
    ),
    _case(
        'connection-eslag-outsider',
        'eslag.links[1].switch.port',
        _eslag('leaf-1/E1/2', 'leaf-2/E1/2'),
        _eslag('leaf-1/E1/2', 'leaf-3/E1/2'),
    ),
    _case('connection-vpc-unknown', 'staticExternal.withinVPC', _static('vpc-1'), _static('vpc-9')),
)

CASES: tuple[Case, ...] = (*_SHAPES, *_ADDRESSES, *_DEVICE_CASES)
