"""The rules of the devices that a connection joins, and of their ports."""

from collections.abc import Iterator, Mapping, Sequence

from ..design import Design, Entry
from ..fields import Structure
from ..gateway import GatewaySpec
from ..identity import Identity
from ..ports import End, Link, canonical_port
from ..problems import Problem, Severity
from ..profiles import SwitchProfile, available_profiles
from ..wiring import ServerSpec, SwitchSpec
from .rivals import name_rival, rivals
from .rule import Rule, Scope

__all__ = ('RULES', 'check_devices')

SWITCH_UNKNOWN = Rule('connection-switch-unknown', 'The switches of a connection exist.', Scope.FABRIC)
SERVER_UNKNOWN = Rule('connection-server-unknown', 'The server of a connection exists.', Scope.FABRIC)
# Upstream does not look it up, and nothing good comes of a link to nowhere.
GATEWAY_UNKNOWN = Rule(
    'connection-gateway-unknown', 'The gateway of a connection exists.', Scope.FABRIC, Severity.WARNING
)
PORT_UNKNOWN = Rule(
    'connection-port-unknown', 'The profile of the switch has the port, in the breakout mode that is set.', Scope.FABRIC
)
PORT_TAKEN = Rule('connection-port-taken', 'A port belongs to one connection.', Scope.FABRIC)
ROLE_MISMATCH = Rule(
    'connection-role-mismatch',
    'A fabric link joins a spine and a leaf, and a mesh link two leaves.',
    Scope.FABRIC,
    Severity.WARNING,
)
ESLAG_UNGROUPED = Rule(
    'connection-eslag-ungrouped', 'The switches of an eslag connection are in a redundancy group.', Scope.FABRIC
)
ESLAG_GROUPS_DIFFER = Rule(
    'connection-eslag-groups-differ', 'The switches of an eslag connection are in one redundancy group.', Scope.FABRIC
)
ESLAG_TYPE = Rule(
    'connection-eslag-type', 'The redundancy group of an eslag connection is of type eslag.', Scope.FABRIC
)
# Upstream compares only those groups that it finds.
ESLAG_OUTSIDER = Rule(
    'connection-eslag-outsider',
    'No switch of an eslag connection stands outside its redundancy group.',
    Scope.FABRIC,
    Severity.WARNING,
)

RULES = (
    SWITCH_UNKNOWN,
    SERVER_UNKNOWN,
    GATEWAY_UNKNOWN,
    PORT_UNKNOWN,
    PORT_TAKEN,
    ROLE_MISMATCH,
    ESLAG_UNGROUPED,
    ESLAG_GROUPS_DIFFER,
    ESLAG_TYPE,
    ESLAG_OUTSIDER,
)

_OTHER_DEVICES: Mapping[str, tuple[type[Structure], Rule]] = {
    'server': (ServerSpec, SERVER_UNKNOWN),
    'gateway': (GatewaySpec, GATEWAY_UNKNOWN),
}


def check_devices(identity: Identity, name: str, found: Sequence[Link], design: Design) -> Iterator[Problem]:
    """Check that devices and ports are there, and free, and fit the purpose of a connection of the type `name`."""
    switches: dict[str, tuple[End, Entry[SwitchSpec]]] = {}
    for link in found:
        for end in link:
            if not end.is_complete:
                continue
            yield from _check_taken(end, identity, design)
            if end.side in _OTHER_DEVICES:
                yield from _check_other_device(end, design)
                continue
            switch = design.find(SwitchSpec, end.device)
            if switch is None:
                yield SWITCH_UNKNOWN.at((*end.path, 'port'), _unknown('Switch', end.device))
                continue
            switches.setdefault(end.device, (end, switch))
            yield from _check_port(end, switch, design)
            if name in ('fabric', 'mesh'):
                yield from _check_role(end, switch.spec)
    if name == 'eslag':
        yield from _check_eslag(switches)


def _check_other_device(end: End, design: Design) -> Iterator[Problem]:
    spec, rule = _OTHER_DEVICES[end.side]
    if design.find(spec, end.device) is None:
        yield rule.at((*end.path, 'port'), _unknown(end.side.capitalize(), end.device))


def _check_taken(end: End, identity: Identity, design: Design) -> Iterator[Problem]:
    for rival in rivals(design.claimants(('port', canonical_port(end.port))), identity):
        yield PORT_TAKEN.at((*end.path, 'port'), f'{name_rival(rival)} uses {end.port}; write another port.')


def _check_port(end: End, switch: Entry[SwitchSpec], design: Design) -> Iterator[Problem]:
    """Check that a switch has a port; what is wrong with the switch itself is told there."""
    profile = available_profiles(design.settings).get(switch.spec.profile or '')
    if profile is None or end.port_name in profile.ports:
        return
    port, path = profile.owner(end.port_name), (*end.path, 'port')
    if port is None:
        message = (
            f'{profile.title} {end.device} has no port {end.port_name}; write one such as {_example(end, profile)}.'
        )
        yield PORT_UNKNOWN.at(path, message)
        return
    lanes = profile.lanes(port.name, switch.spec.portBreakouts or {})
    is_known = lanes is not None and not switch.is_faulty(('spec', 'portBreakouts'))
    if lanes is not None and is_known and int(end.port_name.rpartition('/')[2]) > lanes:
        what = f'{lanes} lanes' if lanes > 1 else 'one lane'
        message = (
            f'{end.device}/{port.name} has {what} in its breakout mode; '
            f'write another lane, or set another mode under portBreakouts of the switch.'
        )
        yield PORT_UNKNOWN.at(path, message)


def _example(end: End, profile: SwitchProfile) -> str:
    return f'{end.device}/{next(iter(profile.ports))}'


def _check_role(end: End, switch: SwitchSpec) -> Iterator[Problem]:
    wanted = 'spine' if end.side == 'spine' else 'leaf'
    # What becomes of a virtual edge nobody knows; the switch is told so.
    if switch.role != 'virtual-edge' and not switch.role.endswith(wanted):
        message = f'{end.device} is a {switch.role}; write a port of a {wanted}, or another type of connection.'
        yield ROLE_MISMATCH.at((*end.path, 'port'), message)


def _check_eslag(switches: Mapping[str, tuple[End, Entry[SwitchSpec]]]) -> Iterator[Problem]:
    """Check the redundancy groups of the switches that exist; those that are half declared are told so themselves."""
    grouped, outside = [], []
    for end, switch in switches.values():
        redundancy = switch.spec.redundancy
        group, kind = (redundancy.group, redundancy.type) if redundancy else (None, None)
        if group and kind:
            grouped.append((end, group, kind))
        elif not group and not kind and not switch.is_faulty(('spec', 'redundancy')):
            outside.append(end)
    if not grouped:
        if outside and len(outside) == len(switches):
            message = 'None of the switches is in a redundancy group; write a group and the type eslag there.'
            yield ESLAG_UNGROUPED.at(('spec', 'eslag', 'links'), message)
        return
    first, group, _ = grouped[0]
    for end, other, kind in grouped:
        path = (*end.path, 'port')
        if other != group:
            message = f'{end.device} is in group {other} and {first.device} in {group}; write switches of one group.'
            yield ESLAG_GROUPS_DIFFER.at(path, message)
        if kind != 'eslag':
            message = f'The group of {end.device} is of type {kind}; write eslag there, or a port of another switch.'
            yield ESLAG_TYPE.at(path, message)
    for end in outside:
        message = f'{end.device} is not in group {group} as {first.device} is; write a port of a switch that is.'
        yield ESLAG_OUTSIDER.at((*end.path, 'port'), message)


def _unknown(kind_name: str, name: str) -> str:
    return f'There is no {kind_name} {name} in this fabric; add it, or write another.'
