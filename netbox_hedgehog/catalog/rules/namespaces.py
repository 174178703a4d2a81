"""The rules of the pools that VPCs take from: IPv4 namespaces and VLAN namespaces."""

from collections.abc import Iterator

from ..addresses import Prefix, parse_prefix
from ..design import Entry
from ..paths import Path
from ..pools import valid_span
from ..problems import Problem, Severity
from ..settings import LAST_VLAN, FabricSettings, VLANSpan
from ..vpc import IPv4NamespaceSpec
from ..wiring import VLANNamespaceSpec
from .kind_rules import KindRules
from .overlaps import overlaps
from .rule import Rule, Scope

__all__ = ('IPV4_NAMESPACE', 'VLAN_NAMESPACE')

# Prefixes that the admission code accepts, though the schema allows more: each costs entries in the ACLs of switches.
_MOST_PREFIXES = 10

IPV4_EMPTY = Rule(
    'ipv4-namespace-empty',
    'An IPv4 namespace without subnets is accepted, but no VPC can use it.',
    Scope.RESOURCE,
    Severity.WARNING,
)
IPV4_TOO_MANY = Rule('ipv4-namespace-too-many', 'An IPv4 namespace has at most 10 subnets.', Scope.RESOURCE)
IPV4_UNREADABLE = Rule(
    'ipv4-namespace-subnet-unreadable', 'The subnets of an IPv4 namespace are prefixes.', Scope.RESOURCE
)
IPV4_IPV6 = Rule(
    'ipv4-namespace-ipv6',
    'IPv6 prefixes are accepted in an IPv4 namespace, but VPCs carry IPv4 alone.',
    Scope.RESOURCE,
    Severity.WARNING,
)
IPV4_OVERLAP = Rule(
    'ipv4-namespace-subnets-overlap', 'The subnets of an IPv4 namespace do not overlap each other.', Scope.RESOURCE
)
IPV4_RESERVED = Rule(
    'ipv4-namespace-subnet-reserved',
    'The subnets of an IPv4 namespace do not overlap those that the fabric reserves.',
    Scope.RESOURCE,
)

VLAN_EMPTY = Rule(
    'vlan-namespace-empty',
    'A VLAN namespace without ranges is accepted, but no VPC can use it.',
    Scope.RESOURCE,
    Severity.WARNING,
)
VLAN_INVALID = Rule(
    'vlan-namespace-range-invalid',
    'A range of VLANs lies within 1-4094, its first VLAN not after the last; otherwise the fabric drops all ranges.',
    Scope.RESOURCE,
    Severity.WARNING,
)
VLAN_OVERLAP = Rule(
    'vlan-namespace-ranges-overlap', 'The ranges of a VLAN namespace do not overlap each other.', Scope.RESOURCE
)
VLAN_RESERVED = Rule(
    'vlan-namespace-range-reserved',
    'The ranges of a VLAN namespace do not overlap the VLANs that the fabric keeps for itself.',
    Scope.RESOURCE,
)


def _check_ipv4_namespace(entry: Entry[IPv4NamespaceSpec], settings: FabricSettings) -> Iterator[Problem]:
    """Check what the admission code of IPv4Namespace does; it compares subnets without their host bits."""
    field: Path = ('spec', 'subnets')
    written = entry.spec.subnets or []
    if not written and not entry.is_faulty(field):
        yield IPV4_EMPTY.at(field, 'Without subnets no VPC can use this namespace; write a prefix such as 10.0.0.0/16.')
    if len(written) > _MOST_PREFIXES:
        yield IPV4_TOO_MANY.at(field, f'These are {len(written)} subnets; write {_MOST_PREFIXES} or fewer.')
    found: list[tuple[Path, Prefix]] = []
    for position, text in enumerate(written):
        path = (*field, position)
        if prefix := parse_prefix(text):
            found.append((path, prefix))
        else:
            yield IPV4_UNREADABLE.at(path, 'Not a prefix; write one such as 10.0.0.0/16.')
    yield from _check_prefixes(found, settings)


def _check_prefixes(found: list[tuple[Path, Prefix]], settings: FabricSettings) -> Iterator[Problem]:
    for path, prefix in found:
        if prefix.family != 4:
            yield IPV4_IPV6.at(path, 'This is IPv6, which VPCs do not carry; write an IPv4 prefix.')
        for reserved in settings.reserved:
            if reserved.overlaps(prefix):
                message = f'Overlaps {reserved}, which the fabric reserves; write a prefix outside it.'
                yield IPV4_RESERVED.at(path, message)
    for position, other in overlaps([prefix for _, prefix in found]).items():
        message = f'Overlaps the subnet {found[other][1]} of this namespace; write prefixes that do not overlap.'
        yield IPV4_OVERLAP.at(found[position][0], message)


def _check_vlan_namespace(entry: Entry[VLANNamespaceSpec], settings: FabricSettings) -> Iterator[Problem]:
    """Check what the admission code of VLANNamespace does.

    A range that makes no sense makes the fabric drop all ranges before it looks at them: then that alone is told.
    """
    field: Path = ('spec', 'ranges')
    written = entry.spec.ranges or []
    if not written and not entry.is_faulty(field):
        yield VLAN_EMPTY.at(
            field, 'Without ranges no VPC can use this namespace; write one such as from: 1000, to: 2999.'
        )
    spans = [valid_span(item) for item in written]
    for position, span in enumerate(spans):
        if span is None and not entry.is_faulty((*field, position)):
            message = (
                'Not a range, and the fabric then drops all ranges; '
                f'write VLANs of 1-{LAST_VLAN}, the smaller one as from.'
            )
            yield VLAN_INVALID.at((*field, position), message)
    valid = [span for span in spans if span]
    if len(valid) == len(written):
        yield from _check_spans(valid, settings)


def _check_spans(spans: list[VLANSpan], settings: FabricSettings) -> Iterator[Problem]:
    """Check ranges that all make sense: touching numbers overlap, neighbouring ones do not."""
    kept = (*settings.vpc_irb_vlan_ranges, *settings.th5_workaround_vlan_ranges)
    for position, span in enumerate(spans):
        path: Path = ('spec', 'ranges', position)
        others = spans[:position] + spans[position + 1 :]
        if other := next((other for other in others if other.overlaps(span)), None):
            yield VLAN_OVERLAP.at(
                path, f'Overlaps the range {other} of this namespace; write ranges that do not overlap.'
            )
        for taken in kept:
            if taken.overlaps(span):
                message = f'Overlaps {taken}, which the fabric keeps for itself; write VLANs outside it.'
                yield VLAN_RESERVED.at(path, message)


IPV4_NAMESPACE: KindRules[IPv4NamespaceSpec] = KindRules(
    rules=(IPV4_EMPTY, IPV4_TOO_MANY, IPV4_UNREADABLE, IPV4_IPV6, IPV4_OVERLAP, IPV4_RESERVED),
    own=_check_ipv4_namespace,
)
VLAN_NAMESPACE: KindRules[VLANNamespaceSpec] = KindRules(
    rules=(VLAN_EMPTY, VLAN_INVALID, VLAN_OVERLAP, VLAN_RESERVED),
    own=_check_vlan_namespace,
)
