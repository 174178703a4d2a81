"""The rules of VPCs: what the admission code of VPC checks of the object alone, and what it looks up."""

from collections.abc import Iterator

from ..addresses import parse_address, parse_interface
from ..design import Design, Entry
from ..fields import entries
from ..identity import DEFAULT_NAMESPACE
from ..pools import ipv4_pool, vlan_pool
from ..problems import Problem, Severity
from ..settings import FabricSettings
from ..vpc import VPCSpec
from . import vpc_dhcp, vpc_subnet
from .kind_rules import KindRules
from .overlaps import overlaps
from .rivals import name_rival, rivals
from .rule import Rule, Scope
from .subnets import lacks_subnet
from .vpc_dhcp import check_dhcp
from .vpc_subnet import IPV6, Subnet, check_subnet, read_subnet

__all__ = ('VPC',)

_MOST_SUBNETS = 20

MODE = Rule('vpc-mode-unsupported', 'The mode l3flat of VPCs is not supported yet.', Scope.RESOURCE)
SUBNETS_MISSING = Rule('vpc-subnets-missing', 'A VPC has at least one subnet.', Scope.RESOURCE)
SUBNETS_TOO_MANY = Rule('vpc-subnets-too-many', 'A VPC has at most 20 subnets.', Scope.RESOURCE)
SUBNETS_OVERLAP = Rule(
    'vpc-subnets-overlap', 'The subnets and extra prefixes of a VPC do not overlap each other.', Scope.RESOURCE
)
VLAN_REPEATED = Rule(
    'vpc-vlan-repeated',
    'The subnets of a VPC have different VLANs; those of hostBGP subnets may coincide.',
    Scope.RESOURCE,
)
PERMIT_TOO_SHORT = Rule('vpc-permit-too-short', 'A permit of a VPC names at least two subnets.', Scope.RESOURCE)
PERMIT_REPEATED = Rule('vpc-permit-repeated', 'A permit of a VPC names each subnet once.', Scope.RESOURCE)
PERMIT_UNKNOWN = Rule('vpc-permit-subnet-unknown', 'A permit of a VPC names subnets of the VPC.', Scope.RESOURCE)
ROUTE_PREFIX = Rule('vpc-static-route-prefix-unreadable', 'A static route leads to a prefix.', Scope.RESOURCE)
ROUTE_HOST_BITS = Rule('vpc-static-route-host-bits', 'The prefix of a static route has no host bits.', Scope.RESOURCE)
ROUTE_NEXT_HOPS = Rule('vpc-static-route-next-hops-missing', 'A static route has a next hop.', Scope.RESOURCE)
ROUTE_NEXT_HOP = Rule(
    'vpc-static-route-next-hop-unreadable',
    'The next hops of a static route are IP addresses, though the fabric accepts any text.',
    Scope.RESOURCE,
    Severity.WARNING,
)

IPV4_NAMESPACE_UNKNOWN = Rule('vpc-ipv4-namespace-unknown', 'The IPv4 namespace of a VPC exists.', Scope.FABRIC)
VLAN_NAMESPACE_UNKNOWN = Rule('vpc-vlan-namespace-unknown', 'The VLAN namespace of a VPC exists.', Scope.FABRIC)
SUBNET_OUTSIDE = Rule(
    'vpc-subnet-outside-namespace',
    'Each subnet and each extra prefix of a VPC lies inside one subnet of the IPv4 namespace.',
    Scope.FABRIC,
)
SUBNET_TAKEN = Rule(
    'vpc-subnet-taken', 'The subnets and extra prefixes of the VPCs of an IPv4 namespace do not overlap.', Scope.FABRIC
)
VLAN_OUTSIDE = Rule(
    'vpc-vlan-outside-namespace',
    'The VLAN of a subnet lies in a range of the VLAN namespace; that of a hostBGP subnet may be any.',
    Scope.FABRIC,
)
VLAN_TAKEN = Rule('vpc-vlan-taken', 'A VLAN is used by one VPC of a VLAN namespace only.', Scope.FABRIC)
RELAY_VPC_UNKNOWN = Rule('vpc-dhcp-relay-vpc-unknown', 'The VPC of a DHCP relay exists.', Scope.FABRIC)


def _check_own(entry: Entry[VPCSpec], settings: FabricSettings) -> Iterator[Problem]:
    spec, field = entry.spec, ('spec', 'subnets')
    if spec.mode == 'l3flat':
        yield MODE.at(('spec', 'mode'), 'The mode l3flat is not supported yet; write l3vni, or leave it out.')
    subnets = [read_subnet(entry, name, subnet) for name, subnet in entries(spec.subnets)]
    if not subnets and not entry.is_faulty(field):
        yield SUBNETS_MISSING.at(field, 'Missing; write at least one subnet.')
    if len(subnets) > _MOST_SUBNETS:
        yield SUBNETS_TOO_MANY.at(field, f'These are {len(subnets)} subnets; write {_MOST_SUBNETS} or fewer.')
    for subnet in subnets:
        yield from check_subnet(subnet, settings)
        yield from check_dhcp(subnet)
    yield from _check_overlaps(entry)
    yield from _check_vlans(subnets)
    yield from _check_permit(entry)
    yield from _check_static_routes(entry)


def _check_overlaps(entry: Entry[VPCSpec]) -> Iterator[Problem]:
    for position, other in overlaps([claim.prefix for claim in entry.prefixes]).items():
        message = f'Overlaps {entry.prefixes[other].prefix} of this VPC; write prefixes that do not overlap.'
        yield SUBNETS_OVERLAP.at(entry.prefixes[position].path, message)


def _check_vlans(subnets: list[Subnet]) -> Iterator[Problem]:
    users: dict[int, list[Subnet]] = {}
    for subnet in subnets:
        if subnet.spec.vlan and not subnet.spec.hostBGP:
            users.setdefault(subnet.spec.vlan, []).append(subnet)
    for vlan, sharers in users.items():
        if len(sharers) == 1:
            continue
        for position, subnet in enumerate(sharers):
            other = sharers[0 if position else 1]
            message = f'Subnet {other.name} has VLAN {vlan}, too; write another.'
            yield VLAN_REPEATED.at((*subnet.path, 'vlan'), message)


def _check_permit(entry: Entry[VPCSpec]) -> Iterator[Problem]:
    for position, names in enumerate(entry.spec.permit or []):
        path = ('spec', 'permit', position)
        if len(names) < 2:
            yield PERMIT_TOO_SHORT.at(path, 'Fewer than two subnets permit nothing; write two or more of this VPC.')
        named: set[str] = set()
        for place, name in enumerate(names):
            if lacks_subnet(entry, name):
                message = f'There is no subnet {name} in this VPC; add it, or write another.'
                yield PERMIT_UNKNOWN.at((*path, place), message)
            elif name in named:
                yield PERMIT_REPEATED.at((*path, place), f'Subnet {name} is named before; leave it out.')
            named.add(name)


def _check_static_routes(entry: Entry[VPCSpec]) -> Iterator[Problem]:
    for position, route in enumerate(entry.spec.staticRoutes or []):
        path = ('spec', 'staticRoutes', position)
        found = parse_interface(route.prefix or '')
        if found is None:
            if not entry.is_faulty(path):
                message = 'Not a prefix; write where the route leads, such as 10.42.0.0/24.'
                yield ROUTE_PREFIX.at((*path, 'prefix'), message)
        elif found[0] != found[1].network:
            yield ROUTE_HOST_BITS.at((*path, 'prefix'), f'Has host bits; write {found[1]}.')
        elif found[1].family != 4:
            yield IPV6.at((*path, 'prefix'), 'This is IPv6, which VPCs do not carry; write an IPv4 prefix.')
        if not route.nextHops and not entry.is_faulty(path):
            yield ROUTE_NEXT_HOPS.at((*path, 'nextHops'), 'Missing; write at least one address.')
        for place, text in enumerate(route.nextHops or []):
            address = parse_address(text)
            if address is None or address.family != 4:
                message = 'Not an IPv4 address; write that of the next hop.'
                yield ROUTE_NEXT_HOP.at((*path, 'nextHops', place), message)


def _check_fabric(entry: Entry[VPCSpec], design: Design) -> Iterator[Problem]:
    yield from _check_ipv4(entry, design)
    yield from _check_vlan(entry, design)
    for name, subnet in entries(entry.spec.subnets):
        relay_vpc = subnet.dhcp.relayVPC if subnet.dhcp else None
        if relay_vpc and design.find(VPCSpec, relay_vpc) is None:
            message = f'There is no VPC {relay_vpc} in this fabric; add it, or write another.'
            yield RELAY_VPC_UNKNOWN.at(('spec', 'subnets', name, 'dhcp', 'relayVPC'), message)


def _check_ipv4(entry: Entry[VPCSpec], design: Design) -> Iterator[Problem]:
    """Check the prefixes against the IPv4 namespace, and against the other VPCs of it."""
    field = ('spec', 'ipv4Namespace')
    if entry.is_faulty(field):
        return
    name = entry.spec.ipv4Namespace or DEFAULT_NAMESPACE
    pool = ipv4_pool(design, name)
    if pool is None:
        message = f'There is no IPv4Namespace {name} in this fabric; add it, or write another.'
        yield IPV4_NAMESPACE_UNKNOWN.at(field, message)
    for thing, prefix, path in entry.prefixes:
        if pool and pool.is_whole and not any(outer.holds(prefix) for outer in pool.prefixes):
            message = f'Outside IPv4Namespace {name}; write a prefix inside one of its subnets: {pool}.'
            yield SUBNET_OUTSIDE.at(path, message)
        for rival in rivals((taker for _, taker in design.overlapping(thing, prefix)), entry.identity):
            yield SUBNET_TAKEN.at(path, f'Overlaps a prefix of {name_rival(rival)}; write a free one.')


def _check_vlan(entry: Entry[VPCSpec], design: Design) -> Iterator[Problem]:
    """Check the VLANs against the VLAN namespace, and against the other VPCs of it."""
    field = ('spec', 'vlanNamespace')
    if entry.is_faulty(field):
        return
    name = entry.spec.vlanNamespace or DEFAULT_NAMESPACE
    pool = vlan_pool(design, name)
    if pool is None:
        message = f'There is no VLANNamespace {name} in this fabric; add it, or write another.'
        yield VLAN_NAMESPACE_UNKNOWN.at(field, message)
    for subnet_name, subnet in entries(entry.spec.subnets):
        vlan, path = subnet.vlan, ('spec', 'subnets', subnet_name, 'vlan')
        if not vlan:
            continue
        is_placed = subnet.hostBGP or pool is None or not pool.is_whole
        if pool and not is_placed and not any(span.holds(vlan) for span in pool.spans):
            message = f'VLAN {vlan} is outside VLANNamespace {name}; write one from its ranges: {pool}.'
            yield VLAN_OUTSIDE.at(path, message)
        for rival in rivals(design.claimants(('vlan', name, vlan)), entry.identity):
            yield VLAN_TAKEN.at(path, f'{name_rival(rival)} uses VLAN {vlan}, too; write a free one.')


VPC: KindRules[VPCSpec] = KindRules(
    rules=(
        MODE,
        SUBNETS_MISSING,
        SUBNETS_TOO_MANY,
        *vpc_subnet.RULES,
        *vpc_dhcp.RULES,
        SUBNETS_OVERLAP,
        VLAN_REPEATED,
        PERMIT_TOO_SHORT,
        PERMIT_REPEATED,
        PERMIT_UNKNOWN,
        ROUTE_PREFIX,
        ROUTE_HOST_BITS,
        ROUTE_NEXT_HOPS,
        ROUTE_NEXT_HOP,
        IPV4_NAMESPACE_UNKNOWN,
        VLAN_NAMESPACE_UNKNOWN,
        SUBNET_OUTSIDE,
        SUBNET_TAKEN,
        VLAN_OUTSIDE,
        VLAN_TAKEN,
        RELAY_VPC_UNKNOWN,
    ),
    own=_check_own,
    fabric=_check_fabric,
    glances={'IPv4Namespace': _check_ipv4, 'VLANNamespace': _check_vlan},
)
