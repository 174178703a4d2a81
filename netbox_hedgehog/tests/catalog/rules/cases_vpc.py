"""The rules of VPCs, kept and broken."""

from netbox_hedgehog.catalog import FabricSettings

from .case import Case
from .texts import NAMESPACES, manifest, vpc, with_subnet

_PLAIN = 'subnet: 10.0.1.0/24, vlan: 1001'
_BGP = 'subnet: 10.0.1.0/24, hostBGP: true'
_VPC_1 = with_subnet(_PLAIN)
_DEFAULT = 'spec.subnets.default'


def _subnet(rule, invalid, field, valid=_PLAIN):
    """Break a rule in a field of the one subnet."""
    return Case(rule, with_subnet(valid), with_subnet(invalid), 'VPC/vpc-1', f'{_DEFAULT}.{field}')


def _host_bgp(rule, invalid, field, valid=''):
    return _subnet(rule, f'{_BGP}{invalid}', field, f'{_BGP}{valid}')


def _dhcp(rule, invalid, field, valid='enable: true', rest=''):
    def text(body):
        return with_subnet(f'{_PLAIN}{rest}, dhcp: {{{body}}}')

    return Case(rule, text(valid), text(invalid), 'VPC/vpc-1', f'{_DEFAULT}.dhcp.{field}')


def _served(rule, invalid, field, valid='', rest=''):
    """Break a rule where the fabric serves DHCP."""
    return _dhcp(rule, f'enable: true{invalid}', field, f'enable: true{valid}', rest)


def _options(rule, invalid, valid, field):
    told = 'interfaceMTU: 9036, leaseTimeSeconds: 3600'
    if 'interfaceMTU' in invalid:
        told = 'leaseTimeSeconds: 3600'
    return _served(rule, f', options: {{{told}, {invalid}}}', f'options.{field}', f', options: {{{told}, {valid}}}')


def _route(rule, invalid, field):
    valid = 'advertisedRoutes: [{destination: 10.9.0.0/16, gateway: 10.0.1.9}]'
    return _options(rule, f'advertisedRoutes: [{{{invalid}}}]', valid, f'advertisedRoutes[0].{field}')


def _static(rule, invalid, entry, valid="'00:11:22:33:44:55': {ip: 10.0.1.10}"):
    return _served(rule, f', static: {{{invalid}}}', f'static.{entry}', f', static: {{{valid}}}')


def _two(first, second, rest=''):
    return NAMESPACES + vpc(f'{{subnets: {{default: {{{first}}}, two: {{{second}}}}}{rest}}}')


def _spec(rule, invalid, path, valid=''):
    """Break a rule in a field besides the two subnets."""
    return Case(
        rule,
        _two(_PLAIN, 'subnet: 10.0.2.0/24, vlan: 1002', valid),
        _two(_PLAIN, 'subnet: 10.0.2.0/24, vlan: 1002', invalid),
        'VPC/vpc-1',
        path,
    )


def _neighbour(rule, valid, invalid, path, second='vpc-2'):
    """Break a rule by what another VPC has; both are told."""
    return tuple(
        Case(rule, _VPC_1 + vpc(valid, second), _VPC_1 + vpc(invalid, second), f'VPC/{name}', path)
        for name in ('vpc-1', second)
    )


def _route_to(prefix, hops='[10.0.1.9]'):
    return f', staticRoutes: [{{prefix: {prefix}, nextHops: {hops}}}]'


def _subnets(count):
    bodies = (f's{number}: {{subnet: 10.0.{number}.0/24, vlan: {1000 + number}}}' for number in range(count))
    return NAMESPACES + vpc(f'{{subnets: {{{", ".join(bodies)}}}}}')


def _extras(count):
    written = ', '.join(f'10.0.9.{number}/32: {{}}' for number in range(count))
    return f', hostBGPExtraPrefixes: {{{written}}}'


def _extra(text, lengths=''):
    return f", hostBGPExtraPrefixes: {{'{text}': {{{lengths}}}}}"


_EXTRA = 'hostBGPExtraPrefixes["{}"]'
_MAC = '00:11:22:33:44:55'

_SUBNET_CASES = (
    Case(
        'vpc-subnet-name',
        _VPC_1,
        NAMESPACES + vpc(f'{{subnets: {{Front: {{{_PLAIN}}}}}}}'),
        'VPC/vpc-1',
        'spec.subnets.Front',
    ),
    _subnet('vpc-subnet-missing', 'vlan: 1001', 'subnet'),
    _subnet('vpc-subnet-unreadable', 'subnet: 10.0.1.0/255.255.255.0, vlan: 1001', 'subnet'),
    Case(
        'vpc-ipv6',
        _VPC_1,
        NAMESPACES
        + manifest('IPv4Namespace', 'ns-6', "{subnets: ['fd00::/24']}")
        + vpc("{ipv4Namespace: ns-6, subnets: {default: {subnet: 'fd00::/28', vlan: 1001}}}"),
        'VPC/vpc-1',
        f'{_DEFAULT}.subnet',
    ),
    _subnet('vpc-subnet-too-long', 'subnet: 10.0.1.0/31, vlan: 1001', 'subnet', 'subnet: 10.0.1.0/30, vlan: 1001'),
    _subnet('vpc-subnet-reserved', 'subnet: 172.30.1.0/24, vlan: 1001', 'subnet'),
    _subnet('vpc-gateway-unreadable', f'{_PLAIN}, gateway: 10.0.1', 'gateway', f'{_PLAIN}, gateway: 10.0.1.254'),
    _subnet('vpc-gateway-outside', f'{_PLAIN}, gateway: 10.0.2.1', 'gateway', f'{_PLAIN}, gateway: 10.0.1.254'),
    _subnet('vpc-vlan-missing', 'subnet: 10.0.1.0/24', 'vlan', _BGP),
    _subnet('vpc-host-bgp-only', f'{_PLAIN}, hostBGPMaxPrefixLen: 32', 'hostBGPMaxPrefixLen'),
    _host_bgp('vpc-host-bgp-dhcp', ', dhcp: {enable: true}', 'dhcp.enable', ', dhcp: {enable: false}'),
    _host_bgp(
        'vpc-host-bgp-lengths-reversed',
        ', hostBGPMaxPrefixLen: 28',
        'hostBGPMaxPrefixLen',
        ', hostBGPMinPrefixLen: 24, hostBGPMaxPrefixLen: 28',
    ),
    _host_bgp(
        'vpc-host-bgp-length-too-short',
        ', hostBGPMinPrefixLen: 23',
        'hostBGPMinPrefixLen',
        ', hostBGPMinPrefixLen: 24',
    ),
    _host_bgp('vpc-host-bgp-prefixes-too-many', _extras(101), 'hostBGPExtraPrefixes', _extras(100)),
    _host_bgp('vpc-host-bgp-prefix-unreadable', _extra('10.0.9.0'), _EXTRA.format('10.0.9.0'), _extra('10.0.9.0/32')),
    _host_bgp(
        'vpc-host-bgp-prefix-host-bits', _extra('10.0.9.1/24'), _EXTRA.format('10.0.9.1/24'), _extra('10.0.9.0/24')
    ),
    _host_bgp(
        'vpc-host-bgp-length-too-short',
        _extra('10.0.9.0/24', 'minPrefixLen: 20'),
        f'{_EXTRA.format("10.0.9.0/24")}.minPrefixLen',
        _extra('10.0.9.0/24', 'minPrefixLen: 28'),
    ),
    _host_bgp(
        'vpc-host-bgp-prefix-reserved', _extra('172.30.0.0/24'), _EXTRA.format('172.30.0.0/24'), _extra('10.0.9.0/24')
    ),
)

_DHCP_CASES = (
    _dhcp('vpc-dhcp-ignored', 'range: {start: 10.0.1.10}', 'range'),
    _dhcp('vpc-dhcp-relay-and-server', 'enable: true, relay: 10.0.2.200/32', 'relay', 'relay: 10.0.2.200/32'),
    _dhcp('vpc-dhcp-relay-unreadable', 'relay: 10.0.2.200', 'relay', 'relay: 10.0.2.200/32'),
    _dhcp('vpc-dhcp-relay-vpc-alone', 'relayVPC: vpc-1', 'relayVPC', 'relay: 10.0.2.200/32, relayVPC: vpc-1'),
    _dhcp(
        'vpc-dhcp-relay-vpc-unknown',
        'relay: 10.0.2.200/32, relayVPC: vpc-9',
        'relayVPC',
        'relay: 10.0.2.200/32, relayVPC: vpc-1',
    ),
    _served('vpc-dhcp-range-unreadable', ', range: {start: ten}', 'range.start', ', range: {start: 10.0.1.10}'),
    _served('vpc-dhcp-range-outside', ', range: {end: 10.0.2.9}', 'range.end', ', range: {end: 10.0.1.99}'),
    _served('vpc-dhcp-range-network', ', range: {start: 10.0.1.0}', 'range.start', ', range: {start: 10.0.1.2}'),
    _served('vpc-dhcp-range-gateway', ', range: {start: 10.0.1.1}', 'range.start'),
    _served('vpc-dhcp-range-gateway', '', 'range.start', ', range: {start: 10.0.1.10}', rest=', gateway: 10.0.1.2'),
    _served(
        'vpc-dhcp-range-reversed',
        ', range: {start: 10.0.1.20, end: 10.0.1.10}',
        'range.start',
        ', range: {start: 10.0.1.10, end: 10.0.1.20}',
    ),
    _served('vpc-dhcp-range-holds-gateway', '', 'range', ', range: {end: 10.0.1.253}', rest=', gateway: 10.0.1.254'),
    _options('vpc-dhcp-dns-server-unreadable', 'dnsServers: [one]', 'dnsServers: [1.1.1.1]', 'dnsServers[0]'),
    _options('vpc-dhcp-time-server-unreadable', 'timeServers: [one]', 'timeServers: [1.1.1.1]', 'timeServers[0]'),
    _options('vpc-dhcp-mtu', 'interfaceMTU: 95', 'interfaceMTU: 96', 'interfaceMTU'),
    _options('vpc-dhcp-mtu', 'interfaceMTU: 9037', 'interfaceMTU: 9036', 'interfaceMTU'),
    _route('vpc-dhcp-route-destination-unreadable', 'gateway: 10.0.1.9', 'destination'),
    _route('vpc-dhcp-route-gateway-unreadable', 'destination: 10.9.0.0/16', 'gateway'),
    _route('vpc-dhcp-route-gateway-outside', 'destination: 10.9.0.0/16, gateway: 10.0.2.9', 'gateway'),
    _dhcp('vpc-dhcp-static-disabled', f"static: {{'{_MAC}': {{ip: 10.0.1.10}}}}", 'static'),
    _static('vpc-dhcp-static-mac-unreadable', 'one: {ip: 10.0.1.10}', 'one'),
    _static(
        'vpc-dhcp-static-mac-repeated',
        f"'{_MAC}': {{ip: 10.0.1.10}}, 00-11-22-33-44-55: {{ip: 10.0.1.11}}",
        '00-11-22-33-44-55',
    ),
    _static('vpc-dhcp-static-unreadable', f"'{_MAC}': {{ip: ten}}", f'{_MAC}.ip'),
    _static('vpc-dhcp-static-outside', f"'{_MAC}': {{ip: 10.0.2.10}}", f'{_MAC}.ip'),
    _static('vpc-dhcp-static-not-a-host', f"'{_MAC}': {{ip: 10.0.1.255}}", f'{_MAC}.ip'),
    _static('vpc-dhcp-static-not-a-host', f"'{_MAC}': {{ip: 10.0.1.1}}", f'{_MAC}.ip'),
    _static(
        'vpc-dhcp-static-repeated',
        f"'{_MAC}': {{ip: 10.0.1.10}}, '00:11:22:33:44:56': {{ip: 10.0.1.10}}",
        '00:11:22:33:44:56.ip',
    ),
)

_VPC_CASES = (
    _spec('vpc-mode-unsupported', ', mode: l3flat', 'spec.mode', ', mode: l3vni'),
    Case('vpc-subnets-missing', _VPC_1, NAMESPACES + vpc('{}'), 'VPC/vpc-1', 'spec.subnets'),
    Case('vpc-subnets-too-many', _subnets(20), _subnets(21), 'VPC/vpc-1', 'spec.subnets'),
    Case(
        'vpc-subnets-overlap',
        _two(_PLAIN, 'subnet: 10.0.2.0/24, vlan: 1002'),
        _two(_PLAIN, 'subnet: 10.0.1.128/25, vlan: 1002'),
        'VPC/vpc-1',
        'spec.subnets.two.subnet',
    ),
    Case(
        'vpc-vlan-repeated',
        _two(_PLAIN, 'subnet: 10.0.2.0/24, vlan: 1001, hostBGP: true'),
        _two(_PLAIN, 'subnet: 10.0.2.0/24, vlan: 1001'),
        'VPC/vpc-1',
        'spec.subnets.two.vlan',
    ),
    _spec('vpc-permit-too-short', ', permit: [[default]]', 'spec.permit[0]', ', permit: [[default, two]]'),
    _spec('vpc-permit-repeated', ', permit: [[default, default]]', 'spec.permit[0][1]', ', permit: [[default, two]]'),
    _spec('vpc-permit-subnet-unknown', ', permit: [[default, six]]', 'spec.permit[0][1]', ', permit: [[default, two]]'),
    _spec(
        'vpc-static-route-prefix-unreadable',
        _route_to('all'),
        'spec.staticRoutes[0].prefix',
        _route_to('10.9.0.0/24'),
    ),
    _spec(
        'vpc-static-route-host-bits',
        _route_to('10.9.0.1/24'),
        'spec.staticRoutes[0].prefix',
        _route_to('10.9.0.0/24'),
    ),
    _spec(
        'vpc-static-route-next-hops-missing',
        _route_to('10.9.0.0/24', '[]'),
        'spec.staticRoutes[0].nextHops',
        _route_to('10.9.0.0/24'),
    ),
    _spec(
        'vpc-static-route-next-hop-unreadable',
        _route_to('10.9.0.0/24', '[10.0.1.9, router]'),
        'spec.staticRoutes[0].nextHops[1]',
        _route_to('10.9.0.0/24'),
    ),
    _spec('vpc-ipv4-namespace-unknown', ', ipv4Namespace: ns-9', 'spec.ipv4Namespace', ', ipv4Namespace: default'),
    _spec('vpc-vlan-namespace-unknown', ', vlanNamespace: vl-9', 'spec.vlanNamespace'),
    Case(
        'vpc-ipv4-namespace-unknown',
        _VPC_1,
        vpc(f'{{subnets: {{default: {{{_PLAIN}}}}}}}'),
        'VPC/vpc-1',
        'spec.ipv4Namespace',
        FabricSettings(),
    ),
    _subnet('vpc-subnet-outside-namespace', 'subnet: 10.1.1.0/24, vlan: 1001', 'subnet'),
    _host_bgp(
        'vpc-subnet-outside-namespace', _extra('10.1.9.0/24'), _EXTRA.format('10.1.9.0/24'), _extra('10.0.9.0/24')
    ),
    *_neighbour(
        'vpc-subnet-taken',
        '{subnets: {default: {subnet: 10.0.2.0/24, vlan: 1002}}}',
        '{subnets: {default: {subnet: 10.0.1.64/26, vlan: 1002}}}',
        f'{_DEFAULT}.subnet',
    ),
    _subnet('vpc-vlan-outside-namespace', 'subnet: 10.0.1.0/24, vlan: 999', 'vlan'),
    *_neighbour(
        'vpc-vlan-taken',
        '{subnets: {default: {subnet: 10.0.2.0/24, vlan: 1002}}}',
        '{subnets: {default: {subnet: 10.0.2.0/24, vlan: 1001}}}',
        f'{_DEFAULT}.vlan',
    ),
)

CASES = (*_SUBNET_CASES, *_DHCP_CASES, *_VPC_CASES)
