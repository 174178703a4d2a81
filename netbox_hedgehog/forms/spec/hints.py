"""What a form knows of a field beyond its type: what is offered for it, and how it is arranged.

A place is a pattern below `spec`, as in the catalogue: `subnets.*.vlan`, `links[].switch.port`. A pattern that begins
with dots is about every place that ends so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ('NO_HINT', 'Hint', 'NextFree', 'hint_at')


@dataclass(frozen=True, slots=True)
class NextFree:
    """Where NetBox's REST API offers the next free value of a field, below the plugin's address.

    `{id}` in the path is the number of a resource of the kind `kind_name`: the one that the input `named_by` names
    (`default` where it is empty), or the one that is edited where `named_by` is empty. Without a kind it is the
    fabric's number, and `{role}` is the role of a switch. `key` is where a value stands in the answer; addresses are
    offered for each field by its path. `without_id` is asked where there is no resource yet.
    """

    path: str
    key: str
    kind_name: str = ''
    named_by: str = ''
    without_id: str = ''


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of a field.

    `source` names what is offered for its value. Of a value such as `<VPC>/<subnet>` the part after the slash has an
    input of its own, which `part_label` names; `part_source` is what is offered for it, or `part_help` what to write
    where nobody knows what there is. `depends` is the input that a source looks at:
    a name, `key` for the key of the entry around it, or a name after a dot for a neighbour. A map's keys have
    `key_label` and `key_source`. `starts_with` is the number of rows that a new list shows. The fields of a structure
    that are named by `first` stand before the others.
    """

    label: str = ''
    source: str = ''
    part_label: str = ''
    part_source: str = ''
    part_help: str = ''
    depends: str = ''
    key_label: str = ''
    key_source: str = ''
    row_label: str = ''
    starts_with: int = 0
    first: tuple[str, ...] = ()
    is_tri_state: bool = False
    is_ordered: bool = False
    suggestions: tuple[str, ...] = ()
    next_free: NextFree | None = None


NO_HINT = Hint()

_SERVER_CONNECTIONS = 'Connection:unbundled,bundled,eslag'
# NetBox has a description of its own, which stays in NetBox.
_DESCRIPTION = Hint(label='description in the fabric')
_SUBNET_OF_KEY = Hint(source='subnets', depends='key')


def _device(kind_name: str) -> Hint:
    return Hint(label=kind_name.lower(), source=kind_name, part_label='port', part_source=f'ports:{kind_name}')


# A switch has its ports by its profile, and a gateway lists its interfaces; nothing is known of a server's.
_SERVER_PORT = Hint(
    label='server',
    source='Server',
    part_label='port',
    part_help='As the server calls it, such as enp2s1.',
)


def _links(count: int = 1) -> Hint:
    return Hint(row_label='Link', starts_with=count)


_SWITCH_ADDRESS = Hint(
    next_free=NextFree(
        'switches/{id}/available-addresses/',
        'address',
        kind_name='Switch',
        without_id='fabrics/{fabric}/available-addresses/?role={role}',
    )
)
_GATEWAY_ADDRESS = Hint(next_free=NextFree('gateways/{id}/available-addresses/', 'address', kind_name='Gateway'))
_PORT_FIRST = Hint(first=('port', 'ip'))
_NEXT_ASN = Hint(next_free=NextFree('fabrics/{fabric}/available-asns/?limit=50&role={role}', 'asn'))
_LINK_ADDRESS = Hint(next_free=NextFree('connections/{id}/available-addresses/', 'address', kind_name='Connection'))

_HINTS: Mapping[str, Mapping[str, Hint]] = {
    'VPC': {
        '': Hint(first=('subnets', 'ipv4Namespace', 'vlanNamespace', 'mode')),
        'subnets.*': Hint(first=('subnet', 'vlan', 'gateway', 'isolated', 'restricted')),
        'subnets.*.dhcp': Hint(first=('enable', 'range')),
        'subnets.*.dhcp.range': Hint(first=('start', 'end')),
        'ipv4Namespace': Hint(source='IPv4Namespace'),
        'vlanNamespace': Hint(source='VLANNamespace'),
        'permit': Hint(row_label='Group of subnets'),
        'permit[]': Hint(label='subnets', source='page:spec.subnets'),
        'staticRoutes': Hint(row_label='Route'),
        'subnets': Hint(key_label='Name', row_label='Subnet', starts_with=1),
        'subnets.*.isolated': Hint(is_tri_state=True),
        'subnets.*.restricted': Hint(is_tri_state=True),
        'subnets.*.dhcp.relayVPC': Hint(source='VPC'),
        'subnets.*.dhcp.static': Hint(key_label='MAC address', row_label='Lease'),
        'subnets.*.dhcp.options.advertisedRoutes': Hint(row_label='Route'),
        'subnets.*.hostBGPExtraPrefixes': Hint(key_label='Prefix', row_label='Prefix'),
        'subnets.*.vlan': Hint(
            next_free=NextFree(
                'vlan-namespaces/{id}/available-vlans/?limit=50', 'vlan', 'VLANNamespace', 'vlanNamespace'
            )
        ),
        'subnets.*.subnet': Hint(
            label='prefix',
            next_free=NextFree(
                'ipv4-namespaces/{id}/available-prefixes/?prefix_length=24&limit=50',
                'prefix',
                'IPv4Namespace',
                'ipv4Namespace',
            ),
        ),
    },
    'VPCAttachment': {
        '': Hint(first=('subnet', 'connection')),
        'subnet': Hint(label='VPC', source='VPC', part_label='subnet', part_source='subnets'),
        'connection': Hint(source=_SERVER_CONNECTIONS),
    },
    'VPCPeering': {
        'permit': Hint(row_label='Pair', starts_with=1),
        'permit[]': Hint(label='sides', key_label='VPC', key_source='VPC', row_label='Side', starts_with=2),
        'permit[].*.subnets': _SUBNET_OF_KEY,
    },
    'External': {'ipv4Namespace': Hint(source='IPv4Namespace')},
    'ExternalAttachment': {
        '': Hint(first=('external', 'connection', 'switch', 'neighbor', 'static')),
        'inboundACL.statements[]': Hint(first=('seq', 'action', 'protocol', 'srcPrefix', 'dstPrefix')),
        'external': Hint(source='External'),
        'connection': Hint(source='Connection:external'),
        'inboundACL.statements': Hint(row_label='Statement'),
        'inboundACL.statements[].action': Hint(suggestions=('permit', 'deny', 'discard', 'transit')),
        'inboundACL.statements[].protocol': Hint(suggestions=('ip', 'tcp', 'udp', 'icmp')),
    },
    'ExternalPeering': {
        'permit': Hint(first=('vpc', 'external')),
        'permit.vpc.name': Hint(source='VPC'),
        'permit.vpc.subnets': Hint(source='subnets', depends='.name'),
        'permit.external.name': Hint(source='External'),
        'permit.external.prefixes': Hint(row_label='Prefix', starts_with=1),
    },
    'IPv4Namespace': {},
    'Server': {'description': _DESCRIPTION},
    'VLANNamespace': {'ranges': Hint(row_label='Range', starts_with=1)},
    'Switch': {
        '': Hint(
            first=(
                'role',
                'profile',
                'description',
                'boot',
                'asn',
                'ip',
                'protocolIP',
                'vtepIP',
                'groups',
                'redundancy',
            )
        ),
        'description': _DESCRIPTION,
        'asn': _NEXT_ASN,
        'ip': _SWITCH_ADDRESS,
        'protocolIP': _SWITCH_ADDRESS,
        'vtepIP': _SWITCH_ADDRESS,
        'groups': Hint(source='SwitchGroup'),
        'profile': Hint(source='profiles'),
        'redundancy.group': Hint(source='SwitchGroup'),
        'vlanNamespaces': Hint(source='VLANNamespace'),
        'portAutoNegs': Hint(key_label='Port', key_source='profile-ports', depends='profile', row_label='Port'),
        'portBreakouts': Hint(key_label='Port', key_source='profile-breakouts', depends='profile', row_label='Port'),
        'portFECs': Hint(key_label='Port', key_source='profile-ports', depends='profile', row_label='Port'),
        'portGroupSpeeds': Hint(key_label='Port group', row_label='Port group'),
        'portLocators': Hint(key_label='Port', key_source='profile-ports', depends='profile', row_label='Port'),
        'portSpeeds': Hint(key_label='Port', key_source='profile-ports', depends='profile', row_label='Port'),
    },
    'Connection': {
        'bundled': Hint(first=('links',)),
        'eslag': Hint(first=('links',)),
        'mclag': Hint(first=('links',)),
        'bundled.links': _links(),
        'eslag.links': _links(2),
        'mclag.links': _links(2),
        'fabric.links': _links(),
        'mesh.links': _links(),
        'gateway.links': _links(),
        'vpcLoopback.links': _links(),
        'mclagDomain.peerLinks': _links(),
        'mclagDomain.sessionLinks': _links(),
        'staticExternal.withinVPC': Hint(source='VPC'),
        **dict.fromkeys(('..spine', '..leaf', '..leaf1', '..leaf2', '..switch', '..gateway'), _PORT_FIRST),
        '..server.port': _SERVER_PORT,
        '..gateway.port': _device('Gateway'),
        '..port': _device('Switch'),
        'fabric.links[].spine.ip': _LINK_ADDRESS,
        'fabric.links[].leaf.ip': _LINK_ADDRESS,
        'mesh.links[].leaf1.ip': _LINK_ADDRESS,
        'mesh.links[].leaf2.ip': _LINK_ADDRESS,
        'gateway.links[].switch.ip': _LINK_ADDRESS,
        'gateway.links[].gateway.ip': _LINK_ADDRESS,
    },
    'Gateway': {
        '': Hint(first=('asn', 'protocolIP', 'vtepIP', 'vtepMAC', 'vtepMTU', 'groups', 'interfaces', 'neighbors')),
        'neighbors[]': Hint(first=('ip', 'asn')),
        'groups': Hint(row_label='Group'),
        'groups[].name': Hint(source='GatewayGroup'),
        'interfaces': Hint(key_label='Name', row_label='Interface', starts_with=1),
        'neighbors': Hint(row_label='Neighbor', starts_with=1),
        'logs.default': Hint(suggestions=('off', 'error', 'warning', 'info', 'debug', 'trace')),
        'logs.tags': Hint(key_label='Tag', row_label='Tag'),
        'protocolIP': _GATEWAY_ADDRESS,
        'vtepIP': _GATEWAY_ADDRESS,
    },
    'GatewayPeering': {
        '': Hint(first=('gatewayGroup', 'peering')),
        'peering.*.expose[]': Hint(first=('ips', 'nat')),
        'acl.rules[]': Hint(first=('name', 'action', 'from', 'to', 'match')),
        'acl.rules[].match': Hint(first=('proto', 'src')),
        'gatewayGroup': Hint(source='GatewayGroup'),
        'peering': Hint(
            label='sides', key_label='VPC or external', key_source='sides', row_label='Side', starts_with=2
        ),
        'peering.*.expose': Hint(row_label='Offer', starts_with=1),
        'peering.*.expose[].ips': Hint(label='addresses', row_label='Address', starts_with=1),
        'peering.*.expose[].ips[].vpcSubnet': _SUBNET_OF_KEY,
        'peering.*.expose[].as': Hint(label='seen as', row_label='Address'),
        'peering.*.expose[].nat': Hint(label='NAT'),
        'peering.*.expose[].nat.portForward.ports[].as': Hint(label='seen as'),
        '..not': Hint(label='except'),
        'peering.*.expose[].nat.portForward.ports': Hint(row_label='Port', starts_with=1),
        'acl.rules': Hint(row_label='Rule', is_ordered=True),
        'acl.rules[].from': Hint(source='page:spec.peering'),
        'acl.rules[].to': Hint(source='page:spec.peering'),
        'acl.rules[].match.proto': Hint(suggestions=('tcp', 'udp')),
        'acl.rules[].match.src': Hint(label='sources', row_label='Source'),
        'acl.rules[].match.dst': Hint(label='destinations', row_label='Destination'),
    },
}


def hint_at(kind_name: str, pattern: str) -> Hint:
    """Return what is known of a place."""
    hints = _HINTS.get(kind_name, {})
    if pattern in hints:
        return hints[pattern]
    ending = (hint for ends, hint in hints.items() if ends.startswith('..') and f'.{pattern}'.endswith(ends[1:]))
    return next(ending, NO_HINT)
