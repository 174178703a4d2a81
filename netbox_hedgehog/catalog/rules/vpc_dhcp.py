"""The rules of DHCP in a subnet of a VPC: served by the fabric, or relayed."""

from collections.abc import Iterator

from ..addresses import Address, Prefix, is_mac, normal_mac, parse_address, parse_prefix
from ..fields import entries
from ..paths import Path
from ..pools import LONGEST_SUBNET
from ..problems import Problem, Severity
from ..vpc import DHCP, LARGEST_DHCP_MTU, SMALLEST_DHCP_MTU, AdvertisedRoute, DHCPOptions, StaticLease
from .rule import Rule, Scope
from .vpc_subnet import IPV6, Subnet

__all__ = ('RULES', 'check_dhcp')

IGNORED = Rule(
    'vpc-dhcp-ignored',
    'Range and options of DHCP are silently dropped where DHCP is not enabled.',
    Scope.RESOURCE,
    Severity.WARNING,
)
BOTH = Rule('vpc-dhcp-relay-and-server', 'DHCP is either served by the fabric or relayed.', Scope.RESOURCE)
RELAY_UNREADABLE = Rule('vpc-dhcp-relay-unreadable', 'A DHCP relay is written with a prefix length.', Scope.RESOURCE)
RELAY_VPC_ALONE = Rule('vpc-dhcp-relay-vpc-alone', 'The VPC of a DHCP relay comes with a relay.', Scope.RESOURCE)

RANGE_UNREADABLE = Rule('vpc-dhcp-range-unreadable', 'A DHCP range goes from address to address.', Scope.RESOURCE)
RANGE_OUTSIDE = Rule('vpc-dhcp-range-outside', 'Both ends of a DHCP range lie inside the subnet.', Scope.RESOURCE)
RANGE_NETWORK = Rule(
    'vpc-dhcp-range-network', 'No end of a DHCP range is the network address of the subnet.', Scope.RESOURCE
)
RANGE_GATEWAY = Rule(
    'vpc-dhcp-range-gateway',
    'No end of a DHCP range, be it the default, is the gateway of the subnet.',
    Scope.RESOURCE,
)
RANGE_REVERSED = Rule('vpc-dhcp-range-reversed', 'A DHCP range starts before its end.', Scope.RESOURCE)
RANGE_HOLDS_GATEWAY = Rule(
    'vpc-dhcp-range-holds-gateway',
    'A DHCP range is accepted with the gateway inside, which would be handed out as well.',
    Scope.RESOURCE,
    Severity.WARNING,
)

DNS_UNREADABLE = Rule('vpc-dhcp-dns-server-unreadable', 'DNS servers are IP addresses.', Scope.RESOURCE)
TIME_UNREADABLE = Rule('vpc-dhcp-time-server-unreadable', 'Time servers are IP addresses.', Scope.RESOURCE)
MTU = Rule('vpc-dhcp-mtu', 'The MTU that DHCP clients are told is 96 to 9036.', Scope.RESOURCE)
ROUTE_DESTINATION = Rule(
    'vpc-dhcp-route-destination-unreadable', 'An advertised route leads to a prefix.', Scope.RESOURCE
)
ROUTE_GATEWAY_UNREADABLE = Rule(
    'vpc-dhcp-route-gateway-unreadable', 'An advertised route goes through an IP address.', Scope.RESOURCE
)
ROUTE_GATEWAY_OUTSIDE = Rule(
    'vpc-dhcp-route-gateway-outside', 'The gateway of an advertised route lies inside the subnet.', Scope.RESOURCE
)

STATIC_DISABLED = Rule('vpc-dhcp-static-disabled', 'Static leases need DHCP.', Scope.RESOURCE)
STATIC_MAC = Rule('vpc-dhcp-static-mac-unreadable', 'A static lease is named by a MAC address.', Scope.RESOURCE)
STATIC_MAC_REPEATED = Rule(
    'vpc-dhcp-static-mac-repeated',
    'A MAC address that is written in two ways is accepted, but only one of the two leases is kept.',
    Scope.RESOURCE,
    Severity.WARNING,
)
STATIC_UNREADABLE = Rule('vpc-dhcp-static-unreadable', 'The address of a static lease can be read.', Scope.RESOURCE)
STATIC_OUTSIDE = Rule(
    'vpc-dhcp-static-outside', 'The address of a static lease lies inside the subnet.', Scope.RESOURCE
)
STATIC_TAKEN = Rule(
    'vpc-dhcp-static-not-a-host',
    'The address of a static lease is none of network address, gateway and broadcast address.',
    Scope.RESOURCE,
)
STATIC_REPEATED = Rule('vpc-dhcp-static-repeated', 'No two static leases have the same address.', Scope.RESOURCE)

RULES = (
    IGNORED,
    BOTH,
    RELAY_UNREADABLE,
    RELAY_VPC_ALONE,
    RANGE_UNREADABLE,
    RANGE_OUTSIDE,
    RANGE_NETWORK,
    RANGE_GATEWAY,
    RANGE_REVERSED,
    RANGE_HOLDS_GATEWAY,
    DNS_UNREADABLE,
    TIME_UNREADABLE,
    MTU,
    ROUTE_DESTINATION,
    ROUTE_GATEWAY_UNREADABLE,
    ROUTE_GATEWAY_OUTSIDE,
    STATIC_DISABLED,
    STATIC_MAC,
    STATIC_MAC_REPEATED,
    STATIC_UNREADABLE,
    STATIC_OUTSIDE,
    STATIC_TAKEN,
    STATIC_REPEATED,
)


def check_dhcp(subnet: Subnet) -> Iterator[Problem]:
    """Check what the admission code of VPC does with DHCP, after the fabric has filled in the range."""
    dhcp = subnet.spec.dhcp
    if dhcp is None:
        return
    path = (*subnet.path, 'dhcp')
    if not subnet.is_faulty('dhcp', 'relay'):
        yield from _check_relay(path, dhcp)
    if not dhcp.enable:
        if not subnet.is_faulty('dhcp', 'enable'):
            yield from _check_disabled(path, dhcp)
    elif subnet.prefix and subnet.prefix.length <= LONGEST_SUBNET and not subnet.spec.hostBGP:
        yield from _check_range(path, dhcp, subnet.prefix, subnet.gateway)
        if dhcp.options:
            yield from _check_options((*path, 'options'), dhcp.options, subnet.prefix)
        yield from _check_static((*path, 'static'), dict(entries(dhcp.static)), subnet.prefix, subnet.gateway)


def _check_relay(path: Path, dhcp: DHCP) -> Iterator[Problem]:
    if not dhcp.relay:
        if dhcp.relayVPC:
            message = 'Without relay this has no effect; write relay, or leave this out.'
            yield RELAY_VPC_ALONE.at((*path, 'relayVPC'), message)
        return
    if dhcp.enable:
        yield BOTH.at((*path, 'relay'), 'The fabric serves DHCP itself; write enable: false, or leave the relay out.')
    relay = parse_prefix(dhcp.relay)
    if relay is None:
        message = 'Not an address with prefix length; write one such as 10.0.2.200/32.'
        yield RELAY_UNREADABLE.at((*path, 'relay'), message)
    elif relay.family != 4:
        yield IPV6.at((*path, 'relay'), 'This is IPv6, which VPCs do not carry; write an IPv4 address.')


def _check_disabled(path: Path, dhcp: DHCP) -> Iterator[Problem]:
    for field, is_written in (
        ('range', dhcp.range is not None and bool(dhcp.range.start or dhcp.range.end)),
        ('options', dhcp.options is not None),
    ):
        if is_written:
            message = 'The fabric drops this, because DHCP is not enabled; write enable: true, or leave it out.'
            yield IGNORED.at((*path, field), message)
    if any(True for _ in entries(dhcp.static)):
        message = 'Static leases need DHCP; write enable: true, or leave them out.'
        yield STATIC_DISABLED.at((*path, 'static'), message)


def _check_range(path: Path, dhcp: DHCP, prefix: Prefix, gateway: Address | None) -> Iterator[Problem]:
    written = ((dhcp.range and dhcp.range.start) or '', (dhcp.range and dhcp.range.end) or '')
    defaults = (Address(prefix.family, prefix.first + 2), Address(prefix.family, prefix.last))
    ends: list[Address] = []
    for field, text, default in zip(('start', 'end'), written, defaults, strict=True):
        place, address = (*path, 'range', field), parse_address(text) if text else default
        if address is None:
            yield RANGE_UNREADABLE.at(place, f'Not an IP address; write one of {prefix}, or leave it out.')
        elif not prefix.holds(address):
            yield RANGE_OUTSIDE.at(place, f'Outside {prefix}; write an address of the subnet, or leave it out.')
        elif address == prefix.network:
            yield RANGE_NETWORK.at(place, 'This is the network address; write a later one, or leave it out.')
        elif address == gateway:
            message = f'{address}{"" if text else ", the default,"} is the gateway; write another address.'
            yield RANGE_GATEWAY.at(place, message)
        else:
            ends.append(address)
    if len(ends) < len(written):
        return
    start, end = ends
    place = (*path, 'range', 'start' if written[0] else 'end')
    if start.value >= end.value:
        yield RANGE_REVERSED.at(place, f'{start} is not before {end}; write a start before the end.')
    elif gateway and prefix.holds(gateway) and start.value < gateway.value < end.value:
        message = f'The gateway {gateway} lies between {start} and {end}; write a range that leaves it out.'
        yield RANGE_HOLDS_GATEWAY.at((*path, 'range'), message)


def _check_options(path: Path, options: DHCPOptions, prefix: Prefix) -> Iterator[Problem]:
    for field, rule in (('dnsServers', DNS_UNREADABLE), ('timeServers', TIME_UNREADABLE)):
        for position, text in enumerate(getattr(options, field) or []):
            server = parse_address(text)
            if server is None:
                yield rule.at((*path, field, position), 'Not an IP address; write one such as 10.0.1.10.')
            elif server.family != 4:
                message = 'This is IPv6, which VPCs do not carry; write an IPv4 address.'
                yield IPV6.at((*path, field, position), message)
    # Zero is filled in, as is a lease time of zero.
    if options.interfaceMTU and not SMALLEST_DHCP_MTU <= options.interfaceMTU <= LARGEST_DHCP_MTU:
        message = (
            f'{options.interfaceMTU} is out of range; write a number from {SMALLEST_DHCP_MTU} to {LARGEST_DHCP_MTU}.'
        )
        yield MTU.at((*path, 'interfaceMTU'), message)
    for position, route in enumerate(options.advertisedRoutes or []):
        yield from _check_route((*path, 'advertisedRoutes', position), route, prefix)


def _check_route(path: Path, route: AdvertisedRoute, prefix: Prefix) -> Iterator[Problem]:
    destination, gateway = parse_prefix(route.destination or ''), parse_address(route.gateway or '')
    if destination is None:
        message = 'Not a prefix; write where the route leads, such as 10.9.0.0/16.'
        yield ROUTE_DESTINATION.at((*path, 'destination'), message)
    elif destination.family != 4:
        yield IPV6.at((*path, 'destination'), 'This is IPv6, which VPCs do not carry; write an IPv4 prefix.')
    if gateway is None:
        message = f'Not an IP address; write one of {prefix}.'
        yield ROUTE_GATEWAY_UNREADABLE.at((*path, 'gateway'), message)
    elif not prefix.holds(gateway):
        yield ROUTE_GATEWAY_OUTSIDE.at((*path, 'gateway'), f'Outside {prefix}; write an address of the subnet.')


def _check_static(
    path: Path, static: dict[str, StaticLease], prefix: Prefix, gateway: Address | None
) -> Iterator[Problem]:
    macs: dict[str, str] = {}
    kept: dict[Address, str] = {}
    for mac, lease in static.items():
        if not is_mac(mac):
            yield STATIC_MAC.at((*path, mac), 'Not a MAC address; write one such as 00:11:22:33:44:55.')
        elif (first := macs.setdefault(normal_mac(mac), mac)) != mac:
            message = f'The same MAC address as {first}, and the fabric keeps only one of the two; write it once.'
            yield STATIC_MAC_REPEATED.at((*path, mac), message)
        place, address = (*path, mac, 'ip'), parse_address(lease.ip)
        if address is None:
            yield STATIC_UNREADABLE.at(place, f'Not an IP address; write one of {prefix}.')
        elif not prefix.holds(address):
            yield STATIC_OUTSIDE.at(place, f'Outside {prefix}; write an address of the subnet.')
        elif address.value in (prefix.first, prefix.last) or address == gateway:
            message = f'{address} is the {_role(address, prefix)} of the subnet; write another address.'
            yield STATIC_TAKEN.at(place, message)
        elif (other := kept.setdefault(address, mac)) != mac:
            yield STATIC_REPEATED.at(place, f'{address} is leased to {other}; write another address.')


def _role(address: Address, prefix: Prefix) -> str:
    if address.value == prefix.first:
        return 'network address'
    return 'broadcast address' if address.value == prefix.last else 'gateway'
