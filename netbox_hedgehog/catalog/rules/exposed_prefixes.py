"""The rules of the prefixes that gateway peerings expose: their form, and what else is exposed to the same side."""

from collections.abc import Iterator
from itertools import islice

from ..addresses import parse_prefix
from ..claims import Claim, PrefixClaim, claims
from ..design import Design, Entry
from ..gateway import GatewayPeeringSpec
from ..paths import Path
from ..problems import Problem, Severity
from .rivals import name_rival, rivals
from .rule import Rule, Scope

__all__ = ('RULES', 'check_form', 'check_rivals')

PREFIX_FORM = Rule('gateway-peering-prefix-form', 'The prefixes of a gateway peering can be read.', Scope.RESOURCE)
NOT_IPV4 = Rule(
    'gateway-peering-not-ipv4', 'The prefixes of a gateway peering are IPv4 prefixes.', Scope.RESOURCE, Severity.WARNING
)
OVERLAP = Rule(
    'gateway-peering-prefix-overlap',
    'What gateway peerings expose to one VPC or external does not overlap.',
    Scope.FABRIC,
)
UNSEEN = Rule(
    'gateway-peering-prefix-unseen',
    'Where several gateway peerings expose something to one VPC or external, all of it is written as cidr: the fabric '
    'cannot compare a vpcSubnet or not, and refuses all of these peerings.',
    Scope.FABRIC,
)

RULES = (PREFIX_FORM, NOT_IPV4, OVERLAP, UNSEEN)


def check_form(path: Path, cidr: str | None, excluded: str | None = None) -> Iterator[Problem]:
    """Check the prefixes that are written at a path."""
    for field, text in (('cidr', cidr), ('not', excluded)):
        if not text:
            continue
        prefix = parse_prefix(text)
        if prefix is None:
            yield PREFIX_FORM.at((*path, field), 'Not a prefix; write one such as 10.0.1.0/24.')
        elif prefix.family != 4:
            yield NOT_IPV4.at((*path, field), 'The fabric routes IPv4 only; write a prefix such as 10.0.1.0/24.')


def check_rivals(entry: Entry[GatewayPeeringSpec], design: Design) -> Iterator[Problem]:
    """Compare what a peering exposes with what other peerings expose to the same side."""
    exposed = tuple(claims(entry.spec))
    for claim in exposed:
        if isinstance(claim, PrefixClaim):
            overlapping = (claimant for _, claimant in design.overlapping(claim.pool, claim.prefix))
            for rival in rivals(overlapping, entry.identity):
                message = f'{name_rival(rival)} exposes an overlapping prefix to {claim.pool[1]}; write another.'
                yield OVERLAP.at(claim.path, message)
    yield from _check_unseen([claim for claim in exposed if isinstance(claim, Claim)], entry, design)


def _check_unseen(exposed: list[Claim], entry: Entry[GatewayPeeringSpec], design: Design) -> Iterator[Problem]:
    told = {side for word, side in (claim.thing for claim in exposed) if word == 'exposing-unseen-to'}
    for claim in exposed:
        word, side = claim.thing
        if word == 'exposing-unseen-to':
            for rival in islice(rivals(design.claimants(('exposing-to', side)), entry.identity), 1):
                message = f'{name_rival(rival)} exposes to {side}, too, and only cidr can be compared; write cidr.'
                yield UNSEEN.at(claim.path, message)
        elif side not in told:
            # The peering itself is as it should be, and refused for what another one exposes.
            told.add(side)
            for rival in islice(rivals(design.claimants(('exposing-unseen-to', side)), entry.identity), 1):
                message = f'{name_rival(rival)} exposes to {side}, too, and not as cidr; write cidr there.'
                yield UNSEEN.at(claim.path, message)
