"""The rules of the ACL of a gateway peering: the admission code of GatewayPeering.acl."""

import re
from collections.abc import Iterator

from ..design import Design, Entry
from ..fields import entries
from ..gateway import ACLRule, GatewayPeeringSpec, RuleEndpoint
from ..names import is_subdomain
from ..paths import Path
from ..problems import Problem, Severity
from ..references import EXTERNAL_PREFIX
from ..vpc import VPCSpec
from .exposed_prefixes import check_form
from .peering_nat import check_port
from .rule import Rule, Scope

__all__ = ('RULES', 'check_own', 'check_subnets')

NAME = Rule(
    'gateway-peering-acl-name',
    'The name of a rule has the form of the name of a resource, and at most 64 characters.',
    Scope.RESOURCE,
)
DIRECTION_MISSING = Rule('gateway-peering-acl-direction-missing', 'A rule has from, to or both.', Scope.RESOURCE)
SIDE_UNKNOWN = Rule(
    'gateway-peering-acl-side-unknown', 'The from and to of a rule are sides of the peering.', Scope.RESOURCE
)
ENDPOINT_CHOICE = Rule(
    'gateway-peering-acl-endpoint-choice', 'What a rule matches has at most one of cidr and vpcSubnet.', Scope.RESOURCE
)
PROTOCOL = Rule(
    'gateway-peering-acl-protocol', 'The protocol of a rule is tcp, udp or a number in quotes.', Scope.RESOURCE
)
PROTOCOL_RANGE = Rule(
    'gateway-peering-acl-protocol-range',
    'The number of a protocol lies between 0 and 255.',
    Scope.RESOURCE,
    Severity.WARNING,
)
SUBNET_UNKNOWN = Rule(
    'gateway-peering-acl-subnet-unknown', 'A subnet that a rule matches exists in the VPC of its side.', Scope.FABRIC
)
SUBNET_OF_EXTERNAL = Rule(
    'gateway-peering-acl-subnet-of-external',
    'A rule matches the addresses of an external as cidr, because an external has no subnets.',
    Scope.FABRIC,
)

RULES = (
    NAME,
    DIRECTION_MISSING,
    SIDE_UNKNOWN,
    ENDPOINT_CHOICE,
    PROTOCOL,
    PROTOCOL_RANGE,
    SUBNET_UNKNOWN,
    SUBNET_OF_EXTERNAL,
)

_LONGEST_NAME = 64
_NUMBER = re.compile(r'[+-]?0*([0-9]{1,18})', re.ASCII)
_LAST_PROTOCOL = 255


def check_own(entry: Entry[GatewayPeeringSpec]) -> Iterator[Problem]:
    """Check the rules of the ACL by themselves."""
    # Which sides there are is only known where there are two.
    sides = tuple(name for name, _ in entries(entry.spec.peering))
    for path, rule in _rules(entry.spec):
        if rule.name and (len(rule.name) > _LONGEST_NAME or not is_subdomain(rule.name)):
            message = (
                f'Not a name; write up to {_LONGEST_NAME} lower-case letters, digits, hyphens and dots, '
                'with a letter or digit at both ends and beside each dot.'
            )
            yield NAME.at((*path, 'name'), message)
        yield from _check_direction(path, rule, sides)
        yield from _check_match(path, rule)


def _rules(spec: GatewayPeeringSpec) -> Iterator[tuple[Path, ACLRule]]:
    for position, rule in enumerate((spec.acl and spec.acl.rules) or []):
        yield ('spec', 'acl', 'rules', position), rule


def _check_direction(path: Path, rule: ACLRule, sides: tuple[str, ...]) -> Iterator[Problem]:
    if not rule.from_ and not rule.to:
        yield DIRECTION_MISSING.at((*path, 'from'), 'Missing; write from, to or both.')
    for field, name in (('from', rule.from_), ('to', rule.to)):
        if name and len(sides) == 2 and name not in sides:
            yield SIDE_UNKNOWN.at((*path, field), f'Not a side of this peering; write {sides[0]} or {sides[1]}.')


def _check_match(path: Path, rule: ACLRule) -> Iterator[Problem]:
    for where, endpoint in _endpoints(path, rule):
        if endpoint.cidr and endpoint.vpcSubnet:
            yield ENDPOINT_CHOICE.at(where, 'Both cidr and vpcSubnet are set; leave one of them out.')
        yield from check_form(where, endpoint.cidr)
        for position, port in enumerate(endpoint.ports or []):
            yield from check_port((*where, 'ports', position), port)
    protocol = (rule.match and rule.match.proto) or ''
    if protocol in ('', 'tcp', 'udp'):
        return
    number = _NUMBER.fullmatch(protocol)
    message = 'Not a protocol; write tcp, udp, or a number from 0 to 255 in quotes.'
    if number is None:
        yield PROTOCOL.at((*path, 'match', 'proto'), message)
    elif protocol.startswith('-') or int(number[1]) > _LAST_PROTOCOL:
        yield PROTOCOL_RANGE.at((*path, 'match', 'proto'), message)


def _endpoints(path: Path, rule: ACLRule) -> Iterator[tuple[Path, RuleEndpoint]]:
    if rule.match is None:
        return
    for field, endpoints in (('src', rule.match.src), ('dst', rule.match.dst)):
        for position, endpoint in enumerate(endpoints or []):
            yield (*path, 'match', field, position), endpoint


def check_subnets(entry: Entry[GatewayPeeringSpec], design: Design) -> Iterator[Problem]:
    """Check that the subnets which the rules match exist: of from in src, and of to in dst."""
    sides = [name for name, _ in entries(entry.spec.peering)]
    if len(sides) != 2:
        return
    opposite = {sides[0]: sides[1], sides[1]: sides[0]}
    for path, rule in _rules(entry.spec):
        # Where one of the two is left out, it is the opposite of the other.
        source = rule.from_ or opposite.get(rule.to or '')
        target = rule.to or opposite.get(rule.from_ or '')
        for where, endpoint in _endpoints(path, rule):
            side = source if 'src' in where else target
            if endpoint.vpcSubnet and side in opposite:
                yield from _check_subnet((*where, 'vpcSubnet'), endpoint.vpcSubnet, side, design)


def _check_subnet(path: Path, subnet: str, side: str, design: Design) -> Iterator[Problem]:
    if side.startswith(EXTERNAL_PREFIX):
        yield SUBNET_OF_EXTERNAL.at(path, f'{side} is an external and has no subnets; write cidr instead.')
        return
    vpc = design.find(VPCSpec, side)
    if vpc is None or vpc.is_faulty(('spec', 'subnets')):
        return
    if subnet not in dict(entries(vpc.spec.subnets)):
        yield SUBNET_UNKNOWN.at(path, f'VPC {side} has no subnet {subnet}; add it, or write another.')
