"""Made-up fabrics of any size, as real ones are: pods of spines and leaves, servers, VPCs, peerings, a way out.

Nothing in one breaks a rule of an installed fabric with the default settings.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from itertools import islice
from typing import Any

from netbox_hedgehog.catalog import KINDS, Declaration

__all__ = ('LARGEST', 'declare', 'manifests')

type Manifest = dict[str, Any]

# The spines of a pod have that many ports for leaves.
LEAVES_OF_POD = 32
SPINES_OF_POD = 4
SERVERS_OF_LEAF = 10
SUBNETS_OF_VPC = 2
VPCS_OF_PAIR = 4
# The pools of the default settings end here; it takes about 210 leaves.
LARGEST = 7000


def manifests(size: int) -> list[Manifest]:
    """Return a fabric of exactly that many resources, of every kind."""
    if not len(list(_outside())) < size <= LARGEST:
        raise ValueError(f'A fabric of {size} resources cannot be made up; ask for up to {LARGEST}.')
    return list(islice(_all(), size))


def declare(manifest: Manifest) -> Declaration:
    """Return a manifest as the catalogue takes it."""
    metadata = manifest['metadata']
    return Declaration(KINDS[manifest['kind']], 'default', metadata['name'], manifest['spec'])


def _manifest(kind: str, name: str, spec: Any) -> Manifest:
    metadata = {'name': name, 'namespace': 'default'}
    return {'apiVersion': KINDS[kind].api_version, 'kind': kind, 'metadata': metadata, 'spec': spec}


def _all() -> Iterator[Manifest]:
    """Yield resources in an order in which each one refers to earlier ones only: any number of them is a fabric."""
    yield from _outside()
    pair = 1
    while True:
        yield from _pair(pair)
        pair += 1


def _outside() -> Iterator[Manifest]:
    """Yield the pools, and the first pair of leaves with what leads out of the fabric."""
    yield _manifest('IPv4Namespace', 'default', {'subnets': ['10.0.0.0/8']})
    yield _manifest('VLANNamespace', 'default', {'ranges': [{'from': 1000, 'to': 2999}]})
    yield _manifest('GatewayGroup', 'default', {})
    yield from _pair(0)
    border = _leaf_name(0)
    yield _manifest(
        'Connection', f'{border}--external', {'external': {'link': {'switch': {'port': f'{border}/E1/48'}}}}
    )
    outside = {'ipv4Namespace': 'default', 'inboundCommunity': '65102:5000', 'outboundCommunity': '50000:50001'}
    yield _manifest('External', 'internet', outside)
    attachment = {
        'connection': f'{border}--external',
        'external': 'internet',
        'neighbor': {'asn': 64102, 'ip': '100.1.10.6'},
        'switch': {'ip': '100.1.10.1/24', 'vlan': 10},
    }
    yield _manifest('ExternalAttachment', f'{border}--internet', attachment)
    permit = {
        'external': {'name': 'internet', 'prefixes': [{'prefix': '0.0.0.0/0'}]},
        'vpc': {'name': _vpc_name(0), 'subnets': ['subnet-1']},
    }
    yield _manifest('ExternalPeering', f'{_vpc_name(0)}--internet', {'permit': permit})
    gateway = {
        'asn': 65534,
        'interfaces': {'enp2s1': {'ips': ['172.30.255.1/31']}},
        'neighbors': [{'asn': _asn(0), 'ip': '172.30.255.0', 'source': 'enp2s1'}],
        'protocolIP': '172.30.11.250/32',
        'vtepIP': '172.30.15.250/32',
        'vtepMAC': 'ca:fe:ba:be:00:01',
        'groups': [{'name': 'default', 'priority': 10}],
        'workers': 8,
    }
    yield _manifest('Gateway', 'gateway-1', gateway)
    ends = {
        'switch': {'port': f'{border}/E1/53', 'ip': '172.30.255.0/31'},
        'gateway': {'port': 'gateway-1/enp2s1', 'ip': '172.30.255.1/31'},
    }
    yield _manifest('Connection', f'{border}--gateway--gateway-1', {'gateway': {'links': [ends]}})
    sides = {name: {'expose': [{'ips': [{'vpcSubnet': 'subnet-1'}]}]} for name in (_vpc_name(0), _vpc_name(2))}
    yield _manifest('GatewayPeering', f'{_vpc_name(0)}--{_vpc_name(2)}', {'gatewayGroup': 'default', 'peering': sides})


def _pair(pair: int) -> Iterator[Manifest]:
    """Yield two leaves that stand in for each other, with their links, servers, VPCs, attachments and a peering."""
    leaves = (2 * pair, 2 * pair + 1)
    pod = leaves[0] // LEAVES_OF_POD
    group = f'eslag-{pair + 1}'
    if leaves[0] % LEAVES_OF_POD == 0:
        yield from (_spine(pod, spine) for spine in range(SPINES_OF_POD))
    yield _manifest('SwitchGroup', group, {})
    for leaf in leaves:
        yield _leaf(leaf, group)
        yield from (_uplink(pod, leaf, spine) for spine in range(SPINES_OF_POD))
    vpcs = range(VPCS_OF_PAIR * pair, VPCS_OF_PAIR * (pair + 1))
    yield from map(_vpc, vpcs)
    first, second, *_ = vpcs
    permit = [{_vpc_name(first): {'subnets': ['subnet-1']}, _vpc_name(second): {}}]
    yield _manifest('VPCPeering', f'{_vpc_name(first)}--{_vpc_name(second)}', {'permit': permit})
    for number in range(SERVERS_OF_LEAF * 2):
        server = f'server-{SERVERS_OF_LEAF * 2 * pair + number + 1:04}'
        yield _manifest('Server', server, {'description': f'Rack {pair + 1}, unit {number + 1}'})
        connection = _server_connection(server, number, leaves)
        yield connection
        if number % 2 == 0:
            vpc, subnet = vpcs[number % VPCS_OF_PAIR], f'subnet-{number % SUBNETS_OF_VPC + 1}'
            attached = {'connection': connection['metadata']['name'], 'subnet': f'{_vpc_name(vpc)}/{subnet}'}
            yield _manifest('VPCAttachment', f'{_vpc_name(vpc)}--{attached["connection"]}', attached)


def _leaf_name(leaf: int) -> str:
    return f'leaf-{leaf + 1:03}'


def _spine_name(pod: int, spine: int) -> str:
    return f'spine-{pod * SPINES_OF_POD + spine + 1:02}'


def _vpc_name(vpc: int) -> str:
    return f'vpc-{vpc + 1:04}'


def _asn(leaf: int) -> int:
    return 65101 + leaf


def _leaf(leaf: int, group: str) -> Manifest:
    spec = {
        'role': 'server-leaf',
        'description': f'Leaf {leaf + 1}',
        'profile': 'dell-s5248f-on',
        'boot': {'serial': f'L{leaf:06}'},
        'groups': [group],
        'redundancy': {'group': group, 'type': 'eslag'},
        'vlanNamespaces': ['default'],
        'asn': _asn(leaf),
        'ip': f'{IPv4Address("172.30.1.0") + leaf}/21',
        'protocolIP': f'{IPv4Address("172.30.9.0") + leaf}/32',
        'vtepIP': f'{IPv4Address("172.30.12.0") + leaf}/32',
        'portBreakouts': {'E1/55': '4x25G'},
    }
    return _manifest('Switch', _leaf_name(leaf), spec)


def _spine(pod: int, spine: int) -> Manifest:
    number = pod * SPINES_OF_POD + spine
    spec = {
        'role': 'spine',
        'profile': 'dell-s5232f-on',
        'boot': {'serial': f'S{number:06}'},
        'asn': 65100,
        'ip': f'{IPv4Address("172.30.0.16") + number}/21',
        'protocolIP': f'{IPv4Address("172.30.8.0") + number}/32',
    }
    return _manifest('Switch', _spine_name(pod, spine), spec)


def _uplink(pod: int, leaf: int, spine: int) -> Manifest:
    address = IPv4Address('172.30.128.0') + 2 * (leaf * SPINES_OF_POD + spine)
    name = _spine_name(pod, spine)
    link = {
        'spine': {'port': f'{name}/E1/{leaf % LEAVES_OF_POD + 1}', 'ip': f'{address}/31'},
        'leaf': {'port': f'{_leaf_name(leaf)}/E1/{49 + spine}', 'ip': f'{address + 1}/31'},
    }
    return _manifest('Connection', f'{name}--fabric--{_leaf_name(leaf)}', {'fabric': {'links': [link]}})


def _server_connection(server: str, number: int, leaves: tuple[int, int]) -> Manifest:
    """Connect a server in one of the three ways."""

    def link(interface: int, leaf: int, port: int) -> Manifest:
        ends = {'server': f'{server}/enp2s{interface}', 'switch': f'{_leaf_name(leaf)}/E1/{port}'}
        return {end: {'port': name} for end, name in ends.items()}

    one, other = leaves
    match number % 4:
        case 0 | 1:
            links = [link(1, one, number + 1), link(2, other, number + 1)]
            return _manifest(
                'Connection', f'{server}--eslag--{_leaf_name(one)}--{_leaf_name(other)}', {'eslag': {'links': links}}
            )
        case 2:
            links = [link(1, one, number + 1), link(2, one, number + 21)]
            return _manifest('Connection', f'{server}--bundled--{_leaf_name(one)}', {'bundled': {'links': links}})
        case _:
            spec = {'unbundled': {'link': link(1, other, number + 1), 'mtu': 9036}}
            return _manifest('Connection', f'{server}--unbundled--{_leaf_name(other)}', spec)


def _vpc(vpc: int) -> Manifest:
    subnets = {}
    for number in range(SUBNETS_OF_VPC):
        position = vpc * SUBNETS_OF_VPC + number
        network = IPv4Network((int(IPv4Address('10.0.0.0')) + 256 * position, 24))
        dhcp = {
            'enable': True,
            'range': {'start': str(network[10]), 'end': str(network[99])},
            'options': {
                'dnsServers': ['1.1.1.1', '8.8.8.8'],
                'timeServers': ['1.1.1.1'],
                'interfaceMTU': 1500,
                'leaseTimeSeconds': 3600,
            },
            'static': {f'00:25:{vpc >> 8:02x}:{vpc & 255:02x}:00:{number:02x}': {'ip': str(network[20])}},
        }
        subnets[f'subnet-{number + 1}'] = {
            'subnet': str(network),
            'gateway': str(network[1]),
            'vlan': 1000 + position,
            'dhcp': dhcp,
            'isolated': True,
        }
    spec = {
        'ipv4Namespace': 'default',
        'vlanNamespace': 'default',
        'subnets': subnets,
        'permit': [['subnet-1', 'subnet-2']],
        'staticRoutes': [{'prefix': '192.168.100.0/24', 'nextHops': [subnets['subnet-1']['gateway']]}],
    }
    return _manifest('VPC', _vpc_name(vpc), spec)
