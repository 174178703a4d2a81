"""The rules of one subnet of a VPC: its prefix, gateway and VLAN, and the hosts that announce addresses of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..addresses import Address, Prefix, parse_address, parse_interface, parse_prefix
from ..design import Entry
from ..faults import Faults
from ..fields import entries
from ..paths import Path
from ..pools import LONGEST_SUBNET
from ..problems import Problem, Severity
from ..settings import FabricSettings
from ..vpc import HostBGPPrefix, VPCSpec, VPCSubnet
from .rule import Rule, Scope
from .subnets import has_name_form

__all__ = ('IPV6', 'RULES', 'Subnet', 'check_subnet', 'read_subnet')

# What a host may announce unless the subnet says otherwise, and at most.
_HOST_LENGTH = 32
_MOST_EXTRA_PREFIXES = 100

NAME = Rule(
    'vpc-subnet-name',
    'The name of a subnet is an RFC 1123 label, because attachments and DHCP make a label and a name of it.',
    Scope.RESOURCE,
    Severity.WARNING,
)
MISSING = Rule('vpc-subnet-missing', 'Each subnet of a VPC has a prefix.', Scope.RESOURCE)
UNREADABLE = Rule('vpc-subnet-unreadable', 'The prefix of a subnet can be read.', Scope.RESOURCE)
IPV6 = Rule(
    'vpc-ipv6',
    'IPv6 is accepted in many fields of a VPC, but VPCs carry IPv4 alone.',
    Scope.RESOURCE,
    Severity.WARNING,
)
TOO_LONG = Rule('vpc-subnet-too-long', 'The prefix of a subnet is a /30 or shorter.', Scope.RESOURCE)
RESERVED = Rule(
    'vpc-subnet-reserved', 'The subnets of a VPC do not overlap those that the fabric reserves.', Scope.RESOURCE
)
GATEWAY_UNREADABLE = Rule('vpc-gateway-unreadable', 'The gateway of a subnet is an IP address.', Scope.RESOURCE)
GATEWAY_OUTSIDE = Rule('vpc-gateway-outside', 'The gateway of a subnet lies inside it.', Scope.RESOURCE)
VLAN_MISSING = Rule('vpc-vlan-missing', 'Each subnet without hostBGP has a VLAN.', Scope.RESOURCE)

HOST_BGP_ONLY = Rule('vpc-host-bgp-only', 'Fields of hostBGP are for hostBGP subnets alone.', Scope.RESOURCE)
HOST_BGP_DHCP = Rule('vpc-host-bgp-dhcp', 'A hostBGP subnet has no DHCP server.', Scope.RESOURCE)
HOST_BGP_REVERSED = Rule(
    'vpc-host-bgp-lengths-reversed',
    'The shortest length that a host may announce is no longer than the longest one, each of which is 32 if left out.',
    Scope.RESOURCE,
)
HOST_BGP_TOO_SHORT = Rule(
    'vpc-host-bgp-length-too-short',
    'Hosts announce nothing that is shorter than the prefix they announce it from.',
    Scope.RESOURCE,
)
EXTRA_TOO_MANY = Rule(
    'vpc-host-bgp-prefixes-too-many', 'A hostBGP subnet has at most 100 extra prefixes.', Scope.RESOURCE
)
EXTRA_UNREADABLE = Rule(
    'vpc-host-bgp-prefix-unreadable', 'The extra prefixes of a hostBGP subnet are IPv4 prefixes.', Scope.RESOURCE
)
EXTRA_HOST_BITS = Rule(
    'vpc-host-bgp-prefix-host-bits', 'The extra prefixes of a hostBGP subnet have no host bits.', Scope.RESOURCE
)
EXTRA_RESERVED = Rule(
    'vpc-host-bgp-prefix-reserved',
    'The extra prefixes of a hostBGP subnet do not overlap those that the fabric reserves.',
    Scope.RESOURCE,
)

RULES = (
    NAME,
    MISSING,
    UNREADABLE,
    IPV6,
    TOO_LONG,
    RESERVED,
    GATEWAY_UNREADABLE,
    GATEWAY_OUTSIDE,
    VLAN_MISSING,
    HOST_BGP_ONLY,
    HOST_BGP_DHCP,
    HOST_BGP_REVERSED,
    HOST_BGP_TOO_SHORT,
    EXTRA_TOO_MANY,
    EXTRA_UNREADABLE,
    EXTRA_HOST_BITS,
    EXTRA_RESERVED,
)


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet with its effective values.

    `prefix` is None where it cannot be read. `gateway` is the first address where none is written; None where it
    cannot be read or does not count, because hosts of a hostBGP subnet are their own.
    """

    name: str
    path: Path
    spec: VPCSubnet
    prefix: Prefix | None
    gateway: Address | None
    faults: Faults

    def is_faulty(self, *field: str) -> bool:
        """Tell whether a field of the subnet has an error of structure: what follows from its value is not known."""
        return self.faults.touch((*self.path, *field))


def read_subnet(vpc: Entry[VPCSpec], name: str, spec: VPCSubnet) -> Subnet:
    """Read a subnet of a VPC as the fabric sees it after it has filled in what is left out."""
    prefix = parse_prefix(spec.subnet or '')
    gateway = None
    if spec.gateway and not spec.hostBGP:
        gateway = parse_address(spec.gateway)
    elif prefix and not spec.hostBGP:
        gateway = Address(prefix.family, prefix.first + 1)
    return Subnet(name, ('spec', 'subnets', name), spec, prefix, gateway, vpc.faults)


def check_subnet(subnet: Subnet, settings: FabricSettings) -> Iterator[Problem]:
    """Check what the admission code of VPC does with each subnet, apart from DHCP."""
    if not has_name_form(subnet.name):
        message = (
            'A subnet of this name cannot be attached or have DHCP; write up to 63 lower-case letters, digits and '
            'hyphens, with a letter or digit at both ends.'
        )
        yield NAME.at(subnet.path, message)
    yield from _check_prefix(subnet, settings)
    if subnet.spec.hostBGP:
        yield from _check_host_bgp(subnet, settings)
    elif not subnet.is_faulty('hostBGP'):
        yield from _check_ordinary(subnet)


def _check_prefix(subnet: Subnet, settings: FabricSettings) -> Iterator[Problem]:
    path = (*subnet.path, 'subnet')
    prefix = subnet.prefix
    if not subnet.spec.subnet:
        yield MISSING.at(path, 'Missing; write a prefix such as 10.0.1.0/24.')
    elif prefix is None:
        yield UNREADABLE.at(path, 'Not a prefix; write one such as 10.0.1.0/24.')
    else:
        if prefix.family != 4:
            yield IPV6.at(path, 'This is IPv6, which VPCs do not carry; write an IPv4 prefix.')
        if prefix.length > LONGEST_SUBNET:
            yield TOO_LONG.at(path, f'A /{prefix.length} is too small; write a prefix of /{LONGEST_SUBNET} or shorter.')
        yield from _check_reserved(RESERVED, path, prefix, settings)


def _check_reserved(rule: Rule, path: Path, prefix: Prefix, settings: FabricSettings) -> Iterator[Problem]:
    for reserved in settings.reserved:
        if reserved.overlaps(prefix):
            yield rule.at(path, f'Overlaps {reserved}, which the fabric reserves; write a prefix outside it.')


def _check_ordinary(subnet: Subnet) -> Iterator[Problem]:
    spec, prefix = subnet.spec, subnet.prefix
    for field in ('hostBGPMinPrefixLen', 'hostBGPMaxPrefixLen', 'hostBGPExtraPrefixes'):
        if getattr(spec, field):
            message = 'Only hostBGP subnets have this; write hostBGP: true, or leave it out.'
            yield HOST_BGP_ONLY.at((*subnet.path, field), message)
    if spec.gateway and subnet.gateway is None:
        message = 'Not an IP address; write one of the subnet, or leave it out for the first one.'
        yield GATEWAY_UNREADABLE.at((*subnet.path, 'gateway'), message)
    elif spec.gateway and subnet.gateway and prefix and not prefix.holds(subnet.gateway):
        message = f'Outside {prefix}; write an address of the subnet, or leave it out for the first one.'
        yield GATEWAY_OUTSIDE.at((*subnet.path, 'gateway'), message)
    if not spec.vlan:
        yield VLAN_MISSING.at((*subnet.path, 'vlan'), 'Missing; write a free VLAN of the VLAN namespace.')


def _check_host_bgp(subnet: Subnet, settings: FabricSettings) -> Iterator[Problem]:
    spec = subnet.spec
    if spec.dhcp and spec.dhcp.enable:
        message = 'A hostBGP subnet has no DHCP server; write false, or leave it out.'
        yield HOST_BGP_DHCP.at((*subnet.path, 'dhcp', 'enable'), message)
    shortest, longest = spec.hostBGPMinPrefixLen or _HOST_LENGTH, spec.hostBGPMaxPrefixLen or _HOST_LENGTH
    fields = ('hostBGPMinPrefixLen', 'hostBGPMaxPrefixLen')
    is_longest_written = spec.hostBGPMaxPrefixLen is not None
    at = ((*subnet.path, fields[0]), (*subnet.path, fields[1 if is_longest_written else 0]))
    if subnet.prefix:
        yield from _check_lengths(at, subnet.prefix, shortest, longest)
    written = dict(entries(spec.hostBGPExtraPrefixes))
    if len(written) > _MOST_EXTRA_PREFIXES:
        message = f'These are {len(written)} prefixes; write {_MOST_EXTRA_PREFIXES} or fewer.'
        yield EXTRA_TOO_MANY.at((*subnet.path, 'hostBGPExtraPrefixes'), message)
    for text, lengths in written.items():
        yield from _check_extra(
            (*subnet.path, 'hostBGPExtraPrefixes', text), text, lengths, shortest, longest, settings
        )


def _check_extra(
    path: Path, text: str, lengths: HostBGPPrefix, shortest: int, longest: int, settings: FabricSettings
) -> Iterator[Problem]:
    """Check an extra prefix, which has the lengths of its subnet unless it says otherwise."""
    found = parse_interface(text)
    if found is None or found[1].family != 4:
        yield EXTRA_UNREADABLE.at(path, 'Not an IPv4 prefix; write one such as 10.0.9.0/24.')
        return
    address, prefix = found
    if address != prefix.network:
        yield EXTRA_HOST_BITS.at(path, f'Has host bits; write {prefix}.')
    at = tuple(
        (*path, field) if getattr(lengths, field) is not None else path for field in ('minPrefixLen', 'maxPrefixLen')
    )
    longest = lengths.maxPrefixLen or longest
    yield from _check_lengths((at[0], at[1]), prefix, lengths.minPrefixLen or shortest, longest)
    yield from _check_reserved(EXTRA_RESERVED, path, prefix, settings)


def _check_lengths(at: tuple[Path, Path], prefix: Prefix, shortest: int, longest: int) -> Iterator[Problem]:
    """Check the lengths that a host may announce within a prefix; `at` says where the two are written."""
    if shortest > longest:
        message = f'The shortest length, {shortest}, is longer than the longest, {longest}; write them in order.'
        yield HOST_BGP_REVERSED.at(at[1], message)
    if shortest < prefix.length:
        message = f'A length of {shortest} is shorter than that of {prefix}; write {prefix.length} or more.'
        yield HOST_BGP_TOO_SHORT.at(at[0], message)
