"""The rules of a fabric's release: which kinds and fields each of the releases added."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..design import Entry
from ..fields import Structure
from ..paths import at, find, parse
from ..problems import Problem, Severity
from ..settings import RELEASES
from .rule import Rule, Scope

__all__ = ('RULES', 'check_release', 'is_newer', 'under_release')

FIELD_OF_NEWER_RELEASE = Rule(
    'field-of-newer-release', 'A spec has only fields that the release of its fabric knows.', Scope.RESOURCE
)
KIND_OF_NEWER_RELEASE = Rule(
    'kind-of-newer-release', 'A resource is of a kind that the release of its fabric knows.', Scope.RESOURCE
)
RULES = (FIELD_OF_NEWER_RELEASE, KIND_OF_NEWER_RELEASE)

_NEWEST = RELEASES[-1]
_KIND_RELEASES: Mapping[str, str] = {'Gateway': '26.01', 'GatewayGroup': '26.01', 'GatewayPeering': '26.01'}
# By kind: which release added what, as a pattern below `spec`; what holds another pattern comes before it.
_FIELD_RELEASES: Mapping[str, Mapping[str, str]] = {
    'VPC': {
        'mode': '25.03',
        'subnets.*.dhcp.options.leaseTimeSeconds': '25.03',
        'subnets.*.dhcp.options.disableDefaultRoute': '25.03',
        'subnets.*.dhcp.options.advertisedRoutes': '25.03',
        'subnets.*.dhcp.static': '25.05',
        'subnets.*.hostBGP': '26.01',
        'subnets.*.dhcp.relayVPC': '26.02',
        'subnets.*.hostBGPMinPrefixLen': '26.03',
        'subnets.*.hostBGPMaxPrefixLen': '26.03',
        'subnets.*.hostBGPExtraPrefixes': '26.03',
    },
    'External': {'static': '26.01'},
    'ExternalAttachment': {'static': '26.01', 'inboundACL': '26.02'},
    'Switch': {
        'enableAllPorts': '25.01',
        'roce': '25.03',
        'ecmp': '25.03',
        'linkFlapErrDisable': '26.03',
        'portFECs': '26.03',
        'portLocators': '26.03',
    },
    'Connection': {
        'gateway': '25.01',
        'gateway.links[].switch': '25.04',
        'mesh': '25.04',
        'bundled.fallback': '25.05',
    },
    'Gateway': {'flowTableCapacity': '26.02', 'logs.rateLimit': '26.03'},
    'GatewayPeering': {'acl': '26.03'},
}
# What a later release may accept, be it by more choices, longer lists or defaults.
_WIDENED = frozenset({'unknown-field', 'not-a-choice', 'too-many-items', 'required'})
# How the switch of a gateway link was called until 25.04 renamed it.
_RENAMED_IN = '25.04'
_OLD_GATEWAY_LINK = re.compile(r'spec\.gateway\.links\[[0-9]+\]\.spine')


def is_newer(release: str) -> bool:
    """Tell whether a release is later than those whose fields are known here."""
    return release > _NEWEST


def check_release(entry: Entry[Structure], release: str) -> Iterator[Problem]:
    """Report the fields that are set and that a release does not know yet, or the kind if it does not know that."""
    kind = entry.kind.name
    if release >= _NEWEST or release not in RELEASES:
        return
    if _KIND_RELEASES.get(kind, '') > release:
        message = f'Release {release} does not know this kind; remove the resource, or raise the release of the fabric.'
        yield KIND_OF_NEWER_RELEASE.at(('kind',), message)
        return
    unknown: list[str] = []
    for pattern, added in _FIELD_RELEASES.get(kind, {}).items():
        if added <= release or any(pattern.startswith(f'{outer}.') for outer in unknown):
            continue
        unknown.append(pattern)
        message = f'Release {release} does not know this field, which {added} added; {_advice(pattern)}.'
        for path, _ in find(entry.declaration.spec, pattern):
            yield FIELD_OF_NEWER_RELEASE.at(('spec', *path), message)


def under_release(problem: Problem, entry: Entry[Structure], release: str) -> Problem | None:
    """See a problem of structure of a resource as a release does; None if it is none there.

    A later release may have more fields and choices, wider bounds, and defaults for what is required: what the known
    ones refuse for that is worth a look, and nothing more.
    """
    if is_newer(release):
        return replace(problem, severity=Severity.WARNING) if _may_be_widened(problem, entry) else problem
    is_renamed = release in RELEASES and release < _RENAMED_IN and _OLD_GATEWAY_LINK.fullmatch(problem.path)
    return None if is_renamed and problem.rule == 'unknown-field' else problem


def _may_be_widened(problem: Problem, entry: Entry[Structure]) -> bool:
    # What Kubernetes asks of metadata has nothing to do with the release of the fabric.
    document, *path = parse(problem.path)
    if document != 'spec':
        return False
    if problem.rule == 'out-of-range':
        number = at({'spec': entry.declaration.spec}, (document, *path))
        # No lower bound is above 1, so that what is positive is too large.
        return isinstance(number, int | float) and number > 0
    return problem.rule in _WIDENED


def _advice(pattern: str) -> str:
    if pattern == 'gateway.links[].switch':
        return 'write spine instead, or raise the release of the fabric'
    return 'remove it, or raise the release of the fabric'
