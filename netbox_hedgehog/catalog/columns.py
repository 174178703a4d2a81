"""The columns of each kind's list: those that `kubectl get` prints, computed from the spec alone."""

from collections.abc import Callable, Iterable

from .json import JSON, JSONObject
from .kind import Column
from .paths import find
from .references import connected_devices

__all__ = (
    'CONNECTION',
    'EXTERNAL',
    'EXTERNAL_ATTACHMENT',
    'EXTERNAL_PEERING',
    'GATEWAY',
    'GATEWAY_PEERING',
    'IPV4_NAMESPACE',
    'SERVER',
    'SWITCH',
    'VLAN_NAMESPACE',
    'VPC',
    'VPC_ATTACHMENT',
    'VPC_PEERING',
)


def _text(value: JSON) -> str:
    """Write a scalar as a manifest does; anything else is not for a column."""
    match value:
        case bool():
            return f'{value}'.lower()
        case str() | int() | float():
            return f'{value}'
        case _:
            return ''


def _list(texts: Iterable[str]) -> str:
    return ', '.join(filter(None, texts))


def _each(pattern: str) -> Callable[[JSONObject], str]:
    """List the values that a pattern finds in the spec; a plain path finds one."""
    return lambda spec: _list(_text(value) for _, value in find(spec, pattern))


def _keys(spec: JSONObject, pattern: str) -> list[str]:
    return sorted({str(path[-1]) for path, _ in find(spec, pattern)})


def _subnets(spec: JSONObject) -> str:
    """Write each subnet as `default 10.0.1.0/24 vlan 1001`."""
    return _list(
        ' '.join([str(path[-1]), *_fields(subnet, '{}', 'subnet'), *_fields(subnet, 'vlan {}', 'vlan')])
        for path, subnet in find(spec, 'subnets.*')
    )


def _ranges(spec: JSONObject) -> str:
    return _list('-'.join(_fields(vlans, '{}', 'from', 'to')) for _, vlans in find(spec, 'ranges[]'))


def _boot(spec: JSONObject) -> str:
    return _list([*_fields(spec, 'serial {}', 'boot.serial'), *_fields(spec, 'MAC {}', 'boot.mac')])


def _fields(value: JSON | JSONObject, form: str, *patterns: str) -> list[str]:
    texts = (_text(field) for pattern in patterns for _, field in find(value, pattern))
    return [form.format(text) for text in texts if text]


def _peered_vpc(position: int) -> Callable[[JSONObject], str]:
    """Name one of the two VPCs of a peering, in alphabetical order; both only when there are two."""
    return lambda spec: _list(_keys(spec, 'permit[].*')[position : position + 1])


# By field of the spec, as the fabric labels the connection; with several types the first counts.
_CONNECTION_TYPES = {
    'unbundled': 'unbundled',
    'bundled': 'bundled',
    'eslag': 'eslag',
    'fabric': 'fabric',
    'mesh': 'mesh',
    'gateway': 'gateway',
    'vpcLoopback': 'vpc-loopback',
    'external': 'external',
    'staticExternal': 'static-external',
    'mclag': 'mclag',
    'mclagDomain': 'mclag-domain',
}


def _connection_type(spec: JSONObject) -> str:
    return next((label for field, label in _CONNECTION_TYPES.items() if spec.get(field) is not None), '')


def _devices(kind_name: str) -> Callable[[JSONObject], str]:
    """List the devices of a kind that a connection joins."""
    return lambda spec: _list(
        sorted({device.name for device in connected_devices(spec) if device.kind_name == kind_name})
    )


_TRANSLATIONS = {'masquerade': 'masquerade', 'portForward': 'port-forward', 'static': 'static'}


def _nat(spec: JSONObject) -> str:
    return _list(label for field, label in _TRANSLATIONS.items() if any(find(spec, f'peering.*.expose[].nat.{field}')))


_IPV4_NAMESPACE = Column('ipv4_namespace', 'IPv4 namespace', _each('ipv4Namespace'))

VPC = (
    _IPV4_NAMESPACE,
    Column('vlan_namespace', 'VLAN namespace', _each('vlanNamespace')),
    Column('subnets', 'Subnets', _subnets),
)
VPC_ATTACHMENT = (
    Column('subnet', 'VPC subnet', _each('subnet')),
    Column('connection', 'Connection', _each('connection')),
    Column('native_vlan', 'Native VLAN', _each('nativeVLAN')),
)
VPC_PEERING = (
    Column('vpc1', 'VPC 1', _peered_vpc(0)),
    Column('vpc2', 'VPC 2', _peered_vpc(1)),
    Column('remote', 'Remote', _each('remote')),
)
EXTERNAL = (
    _IPV4_NAMESPACE,
    Column('inbound_community', 'Inbound community', _each('inboundCommunity')),
    Column('outbound_community', 'Outbound community', _each('outboundCommunity')),
)
EXTERNAL_ATTACHMENT = (
    Column('external', 'External', _each('external')),
    Column('connection', 'Connection', _each('connection')),
    Column('switch_vlan', 'Switch VLAN', _each('switch.vlan')),
    Column('switch_ip', 'Switch IP', _each('switch.ip')),
    Column('neighbor_asn', 'Neighbor ASN', _each('neighbor.asn')),
    Column('neighbor_ip', 'Neighbor IP', _each('neighbor.ip')),
)
EXTERNAL_PEERING = (
    Column('vpc', 'VPC', _each('permit.vpc.name')),
    Column('vpc_subnets', 'VPC subnets', _each('permit.vpc.subnets[]')),
    Column('external', 'External', _each('permit.external.name')),
    Column('external_prefixes', 'External prefixes', _each('permit.external.prefixes[].prefix')),
)
IPV4_NAMESPACE = (Column('subnets', 'Subnets', _each('subnets[]')),)
VLAN_NAMESPACE = (Column('ranges', 'Ranges', _ranges),)
SWITCH = (
    Column('profile', 'Profile', _each('profile')),
    Column('role', 'Role', _each('role')),
    Column('description', 'Description', _each('description')),
    Column('boot', 'Boot', _boot),
    Column('vtep_ip', 'VTEP IP', _each('vtepIP')),
    Column('redundancy', 'Redundancy', _each('redundancy.type')),
    Column('groups', 'Groups', _each('groups[]')),
)
SERVER = (Column('description', 'Description', _each('description')),)
CONNECTION = (
    Column('type', 'Type', _connection_type),
    Column('switches', 'Switches', _devices('Switch')),
    Column('servers', 'Servers', _devices('Server')),
)
GATEWAY = (
    Column('vtep_ip', 'VTEP IP', _each('vtepIP')),
    Column('groups', 'Groups', _each('groups[].name')),
    Column('workers', 'Workers', _each('workers')),
    Column('protocol_ip', 'Protocol IP', _each('protocolIP')),
)
GATEWAY_PEERING = (
    Column('gateway_group', 'Gateway group', _each('gatewayGroup')),
    Column('peers', 'Peers', lambda spec: _list(_keys(spec, 'peering.*'))),
    Column('nat', 'NAT', _nat),
)
