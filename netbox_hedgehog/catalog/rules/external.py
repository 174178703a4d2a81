"""The rules of externals: the admission code of External."""

import re
from collections.abc import Iterator

from ..addresses import parse_prefix
from ..design import Design, Entry
from ..identity import DEFAULT_NAMESPACE
from ..pools import ipv4_pool
from ..problems import Problem, Severity
from ..settings import FabricSettings
from ..vpc import ExternalSpec, StaticExternal
from .kind_rules import KindRules
from .overlaps import overlaps
from .rule import Rule, Scope

__all__ = ('EXTERNAL',)

COMMUNITY = Rule(
    'external-community-form',
    'A community (inboundCommunity, outboundCommunity) is two numbers from 0 to 65535 without leading zeros.',
    Scope.RESOURCE,
)
STATIC_COMMUNITY = Rule(
    'external-static-community', 'A static external has no communities, which belong to BGP.', Scope.RESOURCE
)
PREFIX_MISSING = Rule('external-prefix-missing', 'A static external has at least one prefix.', Scope.RESOURCE)
PREFIX_FORM = Rule('external-prefix-form', 'The prefixes of a static external can be read.', Scope.RESOURCE)
PREFIX_OVERLAP = Rule(
    'external-prefix-overlap', 'The prefixes of a static external do not overlap each other.', Scope.RESOURCE
)
PREFIX_NOT_IPV4 = Rule(
    'external-prefix-not-ipv4', 'The prefixes of a static external are IPv4 prefixes.', Scope.RESOURCE, Severity.WARNING
)
NAMESPACE_UNKNOWN = Rule('external-ipv4-namespace-unknown', 'The IPv4 namespace of an external exists.', Scope.FABRIC)

# Each half is a number from 0 to 65535.
_COMMUNITY = re.compile(r'(0|[1-9][0-9]{0,4}):(0|[1-9][0-9]{0,4})')
_LARGEST_HALF = 65535


def _check_own(entry: Entry[ExternalSpec], settings: FabricSettings) -> Iterator[Problem]:
    spec = entry.spec
    for field, text in (('inboundCommunity', spec.inboundCommunity), ('outboundCommunity', spec.outboundCommunity)):
        if text and spec.static is not None:
            message = 'A static external has no community; leave it out, or remove static.'
            yield STATIC_COMMUNITY.at(('spec', field), message)
        elif text and not _is_community(text):
            message = (
                'Not a community; write two numbers from 0 to 65535 with a colon between them, such as 65102:5000.'
            )
            yield COMMUNITY.at(('spec', field), message)
    if spec.static is not None:
        yield from _check_static(spec.static)


def _check_static(static: StaticExternal) -> Iterator[Problem]:
    if not static.prefixes:
        message = 'No prefix; write at least one that is reached through the external, such as 0.0.0.0/0.'
        yield PREFIX_MISSING.at(('spec', 'static', 'prefixes'), message)
    written = [(position, parse_prefix(text)) for position, text in enumerate(static.prefixes or [])]
    readable = [(position, prefix) for position, prefix in written if prefix]
    for position, prefix in written:
        if prefix is None:
            message = 'Not a prefix; write one such as 10.0.0.0/8.'
            yield PREFIX_FORM.at(('spec', 'static', 'prefixes', position), message)
        elif prefix.family != 4:
            message = 'The fabric routes IPv4 only; write a prefix such as 10.0.0.0/8.'
            yield PREFIX_NOT_IPV4.at(('spec', 'static', 'prefixes', position), message)
    for mine, other in overlaps([prefix for _, prefix in readable]).items():
        message = f'Overlaps {readable[other][1]} of this external; write prefixes that do not overlap.'
        yield PREFIX_OVERLAP.at(('spec', 'static', 'prefixes', readable[mine][0]), message)


def _is_community(text: str) -> bool:
    found = _COMMUNITY.fullmatch(text)
    return found is not None and all(int(half) <= _LARGEST_HALF for half in found.groups())


def _check_fabric(entry: Entry[ExternalSpec], design: Design) -> Iterator[Problem]:
    name = entry.spec.ipv4Namespace or DEFAULT_NAMESPACE
    if ipv4_pool(design, name) is None:
        message = f'There is no IPv4Namespace {name} in this fabric; add it, or write another.'
        yield NAMESPACE_UNKNOWN.at(('spec', 'ipv4Namespace'), message)


EXTERNAL: KindRules[ExternalSpec] = KindRules(
    rules=(
        COMMUNITY,
        STATIC_COMMUNITY,
        PREFIX_MISSING,
        PREFIX_FORM,
        PREFIX_OVERLAP,
        PREFIX_NOT_IPV4,
        NAMESPACE_UNKNOWN,
    ),
    own=_check_own,
    fabric=_check_fabric,
)
