"""What the namespaces of a fabric offer to its VPCs."""

from collections.abc import Iterator
from dataclasses import dataclass

from .addresses import Prefix, parse_prefix
from .design import Design
from .identity import DEFAULT_NAMESPACE
from .settings import LAST_VLAN, VLANSpan
from .vpc import IPv4NamespaceSpec
from .wiring import VLANNamespaceSpec, VLANRange

__all__ = ('LONGEST_SUBNET', 'IPv4Pool', 'VLANPool', 'ipv4_pool', 'valid_span', 'vlan_pool')

# The subnet of a VPC has room for a gateway and a host at least.
LONGEST_SUBNET = 30


@dataclass(frozen=True, slots=True)
class IPv4Pool:
    """The prefixes of an IPv4 namespace. Without `is_whole` some could not be read: what is missing may be there."""

    prefixes: tuple[Prefix, ...]
    is_whole: bool

    def __str__(self) -> str:
        return ', '.join(map(str, self.prefixes)) or 'it has none, add one first'


@dataclass(frozen=True, slots=True)
class VLANPool:
    """The ranges of a VLAN namespace. Without `is_whole` some could not be read: what is missing may be there."""

    spans: tuple[VLANSpan, ...]
    is_whole: bool

    def __str__(self) -> str:
        return ', '.join(map(str, self.spans)) or 'it has none, mend them first'


# What the installer creates where nobody has declared it.
_INSTALLED_PREFIXES = IPv4Pool((Prefix(4, 10 << 24, 16),), is_whole=True)
_INSTALLED_VLANS = VLANPool((VLANSpan(1000, 2999),), is_whole=True)


def ipv4_pool(design: Design, name: str) -> IPv4Pool | None:
    """Return what an IPv4 namespace offers; None if there is no such namespace."""
    found = design.find(IPv4NamespaceSpec, name)
    if found is None:
        return _INSTALLED_PREFIXES if name == DEFAULT_NAMESPACE and not design.settings.is_installed else None
    written = found.spec.subnets or []
    prefixes = tuple(prefix for prefix in map(parse_prefix, written) if prefix)
    return IPv4Pool(prefixes, len(prefixes) == len(written) and not found.is_faulty(('spec', 'subnets')))


def vlan_pool(design: Design, name: str) -> VLANPool | None:
    """Return what a VLAN namespace offers; None if there is no such namespace."""
    found = design.find(VLANNamespaceSpec, name)
    if found is None:
        return _INSTALLED_VLANS if name == DEFAULT_NAMESPACE and not design.settings.is_installed else None
    written = found.spec.ranges or []
    spans = tuple(_valid_spans(written))
    # Of an invalid range the fabric makes none of them all.
    return VLANPool(spans if len(spans) == len(written) else (), not found.is_faulty(('spec', 'ranges')))


def valid_span(written: VLANRange) -> VLANSpan | None:
    """Read a range of VLANs, of which the last one may be left out; None if it makes no sense."""
    first = written.from_ or 0
    last = written.to or first
    return VLANSpan(first, last) if 1 <= first <= last <= LAST_VLAN else None


def _valid_spans(written: list[VLANRange]) -> Iterator[VLANSpan]:
    for item in written:
        if span := valid_span(item):
            yield span
