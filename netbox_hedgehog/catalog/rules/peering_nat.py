"""The rules of address translation in gateway peerings: the admission code of GatewayPeering, as and nat."""

import re
from collections.abc import Iterator, Mapping

from ..gateway import NAT, Expose, PeeringSide, PortForward
from ..paths import Path
from ..problems import Problem
from .rule import Rule, Scope

__all__ = ('RULES', 'check_expose', 'check_port', 'check_sides')

AS_AND_NAT = Rule('gateway-peering-as-and-nat', 'An entry has both as and nat, or neither of them.', Scope.RESOURCE)
NAT_CHOICE = Rule(
    'gateway-peering-nat-choice',
    'The nat of an entry has exactly one of masquerade, portForward and static.',
    Scope.RESOURCE,
)
FORWARD_EMPTY = Rule('gateway-peering-forward-empty', 'A portForward has at least one port.', Scope.RESOURCE)
PORT_FORM = Rule(
    'gateway-peering-port-form',
    'A port is a number from 1 to 65535, or a range of such numbers like 8000-8999.',
    Scope.RESOURCE,
)
BOTH_STATEFUL = Rule(
    'gateway-peering-both-stateful',
    'At most one side of a gateway peering has masquerade or portForward.',
    Scope.RESOURCE,
)
STATIC_AND_STATEFUL = Rule(
    'gateway-peering-static-and-stateful',
    'Static NAT on one side of a gateway peering does not meet masquerade or portForward on the other.',
    Scope.RESOURCE,
)

RULES = (AS_AND_NAT, NAT_CHOICE, FORWARD_EMPTY, PORT_FORM, BOTH_STATEFUL, STATIC_AND_STATEFUL)

# As Go's strconv.Atoi reads a number.
_NUMBER = re.compile(r'\+?0*([0-9]{1,5})', re.ASCII)
_LAST_PORT = 65535
_PORT_ADVICE = 'write a number from 1 to 65535, or a range such as 8000-8999.'


def check_expose(path: Path, expose: Expose) -> Iterator[Problem]:
    """Check how the addresses of an entry are translated."""
    # An entry that exposes the default route has neither, which is another rule.
    if not expose.default and expose.as_ and expose.nat is None:
        yield AS_AND_NAT.at((*path, 'nat'), 'Missing; write how addresses become those of as, or leave as out.')
    if not expose.default and not expose.as_ and expose.nat is not None:
        yield AS_AND_NAT.at((*path, 'as'), 'Missing; write what nat turns the addresses into, or leave nat out.')
    if expose.nat is not None:
        yield from _check_nat((*path, 'nat'), expose.nat)


def _check_nat(path: Path, nat: NAT) -> Iterator[Problem]:
    count = sum(way is not None for way in (nat.masquerade, nat.portForward, nat.static))
    if count != 1:
        problem = 'More than one way is set' if count else 'No way is set'
        yield NAT_CHOICE.at(path, f'{problem}; write exactly one of masquerade, portForward and static.')
    if nat.portForward is not None:
        yield from _check_forward((*path, 'portForward', 'ports'), nat.portForward)


def _check_forward(path: Path, forward: PortForward) -> Iterator[Problem]:
    if not forward.ports:
        yield FORWARD_EMPTY.at(path, 'Missing; write at least one item with port and as.')
    for position, item in enumerate(forward.ports or []):
        yield from check_port((*path, position, 'port'), item.port or '')
        yield from check_port((*path, position, 'as'), item.as_ or '')


def check_port(path: Path, text: str) -> Iterator[Problem]:
    """Check a port, or a range of ports."""
    first, dash, last = text.partition('-')
    begin = _read_port(first.rstrip(' ') if dash else first)
    end = _read_port(last.lstrip(' ')) if dash else begin
    if begin is None or end is None:
        yield PORT_FORM.at(path, f'{"Not a port" if text else "Missing"}; {_PORT_ADVICE}')
    elif begin > end:
        yield PORT_FORM.at(path, f'The range ends before it begins; write {end}-{begin}.')


def _read_port(text: str) -> int | None:
    found = _NUMBER.fullmatch(text)
    number = int(found[1]) if found else 0
    return number if 1 <= number <= _LAST_PORT else None


def check_sides(sides: Mapping[str, PeeringSide]) -> Iterator[Problem]:
    """Check whether the gateway can do both what it does for one side and what it does for the other."""
    stateful = {name for name, side in sides.items() if any(map(_is_stateful, _nats(side)))}
    static = {name for name, side in sides.items() if any(nat.static is not None for nat in _nats(side))}
    if len(stateful) > 1:
        message = 'Both sides have masquerade or portForward; write them on one side only.'
        yield BOTH_STATEFUL.at(('spec', 'peering'), message)
    elif any(name != other for name in stateful for other in static):
        message = 'Static NAT does not go with masquerade or portForward; write static on both sides, or nat on one.'
        yield STATIC_AND_STATEFUL.at(('spec', 'peering'), message)


def _nats(side: PeeringSide) -> list[NAT]:
    return [expose.nat for expose in side.expose or [] if expose.nat is not None]


def _is_stateful(nat: NAT) -> bool:
    return nat.masquerade is not None or nat.portForward is not None
