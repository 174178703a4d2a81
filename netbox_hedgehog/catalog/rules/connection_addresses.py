"""The rules of the addresses of connections: those of links within the fabric, and those of static externals."""

from collections.abc import Iterator, Sequence

from ..addresses import Address, Prefix, parse_address, parse_interface
from ..design import Design
from ..identity import Identity
from ..paths import Path
from ..ports import LOWER_SIDES, End, Link
from ..problems import Problem, Severity
from ..settings import FabricSettings
from ..wiring import ConnectionSpec
from .rivals import name_rival, rivals
from .rule import Rule, Scope

__all__ = ('RULES', 'check_addresses', 'check_unique')

LINK_ADDRESS_MISSING = Rule(
    'connection-link-address-missing',
    'On a running fabric a new link comes with its addresses, because nobody fills them in.',
    Scope.RESOURCE,
    Severity.WARNING,
)
LINK_ADDRESS_NOT_31 = Rule('connection-link-address-not-31', 'The addresses of a link are a /31.', Scope.RESOURCE)
LINK_ADDRESSES_EQUAL = Rule(
    'connection-link-addresses-equal', 'The two ends of a link have two addresses.', Scope.RESOURCE
)
LINK_ADDRESSES_APART = Rule(
    'connection-link-addresses-apart', 'The two addresses of a link belong to one /31.', Scope.RESOURCE
)
LINK_ADDRESS_OUTSIDE = Rule(
    'connection-link-address-outside',
    'The addresses of links lie in the subnet of the fabric for them.',
    Scope.RESOURCE,
)
LINK_ADDRESS_TAKEN = Rule('connection-link-address-taken', 'The address of a link belongs to one port.', Scope.FABRIC)
STATIC_IP_MISSING = Rule(
    'connection-static-ip-missing', 'The port to a static external has an address.', Scope.RESOURCE
)
STATIC_NEXT_HOP_MISSING = Rule(
    'connection-static-next-hop-missing', 'A static external has a next hop.', Scope.RESOURCE
)
STATIC_NEXT_HOP_OUTSIDE = Rule(
    'connection-static-next-hop-outside', 'The next hop lies in the subnet of the port.', Scope.RESOURCE
)
STATIC_SUBNET_MALFORMED = Rule(
    'connection-static-subnet-malformed',
    'The subnets of a static external are prefixes without host bits.',
    Scope.RESOURCE,
)
STATIC_SUBNET_RESERVED = Rule(
    'connection-static-subnet-reserved',
    'The subnets of a static external do not overlap those that the fabric reserves.',
    Scope.RESOURCE,
)
STATIC_SUBNETS_OVERLAP = Rule(
    'connection-static-subnets-overlap', 'The subnets of a static external do not overlap each other.', Scope.RESOURCE
)
STATIC_DEFAULT_ROUTE = Rule(
    'connection-static-default-route', 'Where a static external has a default route, it has no other.', Scope.RESOURCE
)

RULES = (
    LINK_ADDRESS_MISSING,
    LINK_ADDRESS_NOT_31,
    LINK_ADDRESSES_EQUAL,
    LINK_ADDRESSES_APART,
    LINK_ADDRESS_OUTSIDE,
    LINK_ADDRESS_TAKEN,
    STATIC_IP_MISSING,
    STATIC_NEXT_HOP_MISSING,
    STATIC_NEXT_HOP_OUTSIDE,
    STATIC_SUBNET_MALFORMED,
    STATIC_SUBNET_RESERVED,
    STATIC_SUBNETS_OVERLAP,
    STATIC_DEFAULT_ROUTE,
)

_DEFAULT_ROUTE = Prefix(4, 0, 0)
_STATIC_PORT: Path = ('spec', 'staticExternal', 'link', 'switch')


def check_addresses(
    name: str, spec: ConnectionSpec, found: Sequence[Link], settings: FabricSettings
) -> Iterator[Problem]:
    """Check the addresses of a connection of the type `name` alone."""
    if name in LOWER_SIDES:
        for link in found:
            yield from _check_link(link, settings)
    if name == 'staticExternal':
        yield from _check_static(spec, settings)


def check_unique(identity: Identity, name: str, found: Sequence[Link], design: Design) -> Iterator[Problem]:
    """Check that each address of a link has no other place in the fabric."""
    if name not in LOWER_SIDES:
        return
    seen: dict[Address, End] = {}
    for link in found:
        given = [(end, parsed[0]) for end in link if (parsed := parse_interface(end.ip))]
        for end, address in given if len(given) == len(link) == 2 else ():
            # That both ends of one link have the same address is told as such.
            if address in seen and seen[address].path[:-1] != end.path[:-1]:
                message = f'{seen[address].port} has the address {address}; write another.'
                yield LINK_ADDRESS_TAKEN.at((*end.path, 'ip'), message)
            seen.setdefault(address, end)
            for rival in rivals(design.claimants(('link-address', address)), identity):
                message = f'{name_rival(rival)} has the address {address}; write another.'
                yield LINK_ADDRESS_TAKEN.at((*end.path, 'ip'), message)


def _check_link(link: Link, settings: FabricSettings) -> Iterator[Problem]:
    """Check the two addresses of a link; while one is blank, the fabric does not look at the other."""
    if len(link) != 2:
        return
    blank = [end for end in link if not end.ip]
    if blank:
        for end in blank if settings.is_installed else ():
            message = (
                f'A running fabric does not fill this in; write an address of a free /31 of {settings.fabric_subnet}.'
            )
            yield LINK_ADDRESS_MISSING.at((*end.path, 'ip'), message)
        return
    networks, addresses = [], []
    for end, (address, network) in [(end, parsed) for end in link if (parsed := parse_interface(end.ip))]:
        path = (*end.path, 'ip')
        if network.length != 31:
            message = f'{end.ip} is a /{network.length}; write the address of a /31.'
            yield LINK_ADDRESS_NOT_31.at(path, message)
        else:
            networks.append(network)
            addresses.append(address)
        if settings.links and not settings.links.holds(address):
            message = f'{address} is outside the subnet of the links; write an address of {settings.links}.'
            yield LINK_ADDRESS_OUTSIDE.at(path, message)
    if len(networks) < 2:
        return
    path = (*link[1].path, 'ip')
    if addresses[0] == addresses[1]:
        yield LINK_ADDRESSES_EQUAL.at(
            path, f'Both ends have the address {addresses[0]}; write the other one of {networks[0]}.'
        )
    elif networks[0] != networks[1]:
        message = f'{link[0].ip} at the other end is from another /31; write the other address of {networks[0]}.'
        yield LINK_ADDRESSES_APART.at(path, message)


def _check_static(spec: ConnectionSpec, settings: FabricSettings) -> Iterator[Problem]:
    body = spec.staticExternal
    port = body.link.switch if body and body.link else None
    if port is None:
        return
    parsed = parse_interface(port.ip or '')
    if not port.ip:
        message = 'Missing; write the address of the port with its prefix length, such as 192.0.2.1/24.'
        yield STATIC_IP_MISSING.at((*_STATIC_PORT, 'ip'), message)
    path: Path = (*_STATIC_PORT, 'nextHop')
    next_hop = parse_address(port.nextHop or '')
    if not port.nextHop:
        subnet = parsed[1] if parsed else 'the subnet of the port'
        yield STATIC_NEXT_HOP_MISSING.at(path, f'Missing; write an address of {subnet}.')
    elif next_hop and parsed and not parsed[1].holds(next_hop):
        message = f'{next_hop} is outside the subnet of the port; write an address of {parsed[1]}.'
        yield STATIC_NEXT_HOP_OUTSIDE.at(path, message)
    yield from _check_subnets(port.subnets or [], settings)


def _check_subnets(texts: list[str], settings: FabricSettings) -> Iterator[Problem]:
    path: Path = (*_STATIC_PORT, 'subnets')
    subnets: list[tuple[Prefix, int]] = []
    for position, text in enumerate(texts):
        parsed = parse_interface(text)
        if parsed is None:
            yield STATIC_SUBNET_MALFORMED.at((*path, position), 'Not a prefix; write one such as 192.0.2.0/24.')
        elif parsed[0] != parsed[1].network:
            message = f'{text} has host bits; write {parsed[1]}.'
            yield STATIC_SUBNET_MALFORMED.at((*path, position), message)
        else:
            subnets.append((parsed[1], position))
    for subnet, position in subnets:
        if subnet == _DEFAULT_ROUTE:
            if len(texts) > 1:
                message = f'The default route makes all others needless; write {subnet} alone, or leave it out.'
                yield STATIC_DEFAULT_ROUTE.at((*path, position), message)
            continue
        for reserved in settings.reserved:
            if reserved.overlaps(subnet):
                message = f'{subnet} overlaps {reserved}, which the fabric reserves; write one outside it.'
                yield STATIC_SUBNET_RESERVED.at((*path, position), message)
    yield from _check_overlaps(sorted(item for item in subnets if item[0] != _DEFAULT_ROUTE), path)


def _check_overlaps(subnets: list[tuple[Prefix, int]], path: Path) -> Iterator[Problem]:
    """Compare each subnet with the widest one before it: in order, what overlaps it lies inside."""
    outer: tuple[Prefix, int] | None = None
    for subnet, position in subnets:
        if outer and outer[0].overlaps(subnet):
            message = f'{subnet} overlaps {outer[0]}; remove one of them.'
            yield STATIC_SUBNETS_OVERLAP.at((*path, max(position, outer[1])), message)
        else:
            outer = subnet, position
