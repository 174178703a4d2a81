"""What is still free in the pools of a fabric: VLANs, prefixes and ASNs, the lowest first."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from .addresses import ADDRESS_BITS, Prefix
from .design import Design
from .pools import LONGEST_SUBNET, IPv4Pool, VLANPool, ipv4_pool, vlan_pool
from .roles import LEAF_ROLES, SPINE, is_leaf

__all__ = (
    'LengthRefused',
    'PoolExhausted',
    'PoolUnknown',
    'Unavailable',
    'free_asns',
    'free_prefixes',
    'free_vlans',
    'next_asn',
    'next_prefix',
    'next_vlan',
)


class Unavailable(Exception):
    """Nothing can be given; the message says what is missing, and what to do about it."""


class PoolUnknown(Unavailable):
    """The pool is not declared, or the setting of the fabric that describes it cannot be read."""


class PoolExhausted(Unavailable):
    """Everything in the pool is taken."""


class LengthRefused(Unavailable):
    """No subnet of a VPC has this prefix length."""


def free_vlans(design: Design, namespace: str) -> Iterator[int]:
    """Yield the VLANs of a namespace that no VPC takes and the fabric does not need itself; raises `PoolUnknown`."""
    settings = design.settings
    kept = (*settings.vpc_irb_vlan_ranges, *settings.th5_workaround_vlan_ranges)
    seen = 0
    for span in sorted(_declared(vlan_pool(design, namespace), 'VLANNamespace', namespace).spans):
        for vlan in range(max(span.first, seen + 1), span.last + 1):
            seen = vlan
            if not any(other.holds(vlan) for other in kept) and not design.claimants(('vlan', namespace, vlan)):
                yield vlan


def next_vlan(design: Design, namespace: str) -> int:
    """Return the lowest free VLAN of a namespace; raises `Unavailable`."""
    message = f'VLANNamespace {namespace} has no free VLAN; add a range to it.'
    return _first(free_vlans(design, namespace), message)


def free_prefixes(design: Design, namespace: str, length: int) -> Iterator[Prefix]:
    """Yield the free prefixes of one length in an IPv4 namespace; raises `PoolUnknown` and `LengthRefused`."""
    if not 1 <= length <= LONGEST_SUBNET:
        message = f'A subnet of a VPC has no prefix length of {length}; write one of 1 to {LONGEST_SUBNET}.'
        raise LengthRefused(message)
    pool = _declared(ipv4_pool(design, namespace), 'IPv4Namespace', namespace)
    taken = _gathered((*design.prefixes(('ipv4', namespace)), *design.settings.reserved))
    lasts = [last for _, last in taken]
    size = 1 << (ADDRESS_BITS[4] - length)
    candidate = 0
    for subnet in sorted(prefix for prefix in pool.prefixes if prefix.family == 4):
        candidate = _aligned(max(candidate, subnet.first), size)
        while candidate + size - 1 <= subnet.last:
            at = bisect_left(lasts, candidate)
            if at == len(taken) or taken[at][0] >= candidate + size:
                yield Prefix(4, candidate, length)
                candidate += size
            else:
                candidate = _aligned(taken[at][1] + 1, size)


def next_prefix(design: Design, namespace: str, length: int) -> Prefix:
    """Return the lowest free prefix of a length in an IPv4 namespace; raises `Unavailable`."""
    message = f'IPv4Namespace {namespace} has no free /{length}; add a subnet to it, or ask for a longer prefix.'
    return _first(free_prefixes(design, namespace, length), message)


def free_asns(design: Design, role: str) -> Iterator[int]:
    """Yield the ASNs that a switch of a role can get: all spines share one, each leaf has its own."""
    settings = design.settings
    if role == SPINE:
        yield settings.spine_asn
    elif is_leaf(role):
        shared = (settings.spine_asn, settings.gateway_asn)
        for asn in range(settings.leaf_asn_start, settings.leaf_asn_end + 1):
            if asn not in shared and not design.claimants(('leaf-asn', asn)):
                yield asn


def next_asn(design: Design, role: str) -> int:
    """Return the lowest ASN that a switch of a role can get; raises `PoolExhausted`."""
    settings = design.settings
    if role not in (SPINE, *LEAF_ROLES):
        message = f'No ASN belongs to the role {role}; write one by hand.'
    else:
        message = (
            f'No leaf ASN of {settings.leaf_asn_start}-{settings.leaf_asn_end} is free; '
            'extend the range in the settings of the fabric.'
        )
    return _first(free_asns(design, role), message)


def _declared[P: IPv4Pool | VLANPool](pool: P | None, kind: str, name: str) -> P:
    if pool is None:
        message = f'There is no {kind} {name} in this fabric; add it, or write another.'
        raise PoolUnknown(message)
    return pool


def _gathered(prefixes: Iterable[Prefix]) -> list[tuple[int, int]]:
    """Return the first and last numbers of IPv4 prefixes, those that overlap made one, in order."""
    gathered: list[tuple[int, int]] = []
    for prefix in sorted(prefix for prefix in prefixes if prefix.family == 4):
        if gathered and prefix.first <= gathered[-1][1]:
            gathered[-1] = gathered[-1][0], max(gathered[-1][1], prefix.last)
        else:
            gathered.append((prefix.first, prefix.last))
    return gathered


def _aligned(value: int, size: int) -> int:
    return -(-value // size) * size


def _first[T](values: Iterator[T], message: str) -> T:
    for value in values:
        return value
    raise PoolExhausted(message)
