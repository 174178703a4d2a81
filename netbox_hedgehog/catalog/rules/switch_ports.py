"""The rules of what is set on the ports of a switch: speeds, breakouts, auto-negotiation, error correction, lights."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from pydantic import TypeAdapter, ValidationError

from ..design import Entry
from ..fields import Duration, entries
from ..paths import Path
from ..problems import Problem, Severity
from ..profiles import Port, SwitchProfile
from ..wiring import SwitchSpec
from .rule import Rule, Scope

__all__ = ('RULES', 'check_ports')

PORT_UNKNOWN = Rule(
    'switch-port-unknown', 'Settings of ports name ports, and lanes of them, that the switch has.', Scope.RESOURCE
)
LANE_MISSING = Rule(
    'switch-port-lane-missing',
    'Settings of a port that can be broken out name its lanes, such as E1/55/1.',
    Scope.RESOURCE,
)
NO_DATA_PORT = Rule('switch-port-for-management', 'The management port has no settings.', Scope.RESOURCE)
GROUP_UNKNOWN = Rule('switch-port-group-unknown', 'portGroupSpeeds names groups that the switch has.', Scope.RESOURCE)
GROUP_SPEED = Rule(
    'switch-port-group-speed', 'The speed of a port group is one that its ports support.', Scope.RESOURCE
)
SPEED_FIXED = Rule(
    'switch-port-speed-fixed',
    'portSpeeds names ports that have a speed of their own, not that of a port group or a breakout mode.',
    Scope.RESOURCE,
)
SPEED = Rule('switch-port-speed', 'The speed of a port is one that it supports.', Scope.RESOURCE)
BREAKOUT_FIXED = Rule('switch-port-breakout-fixed', 'portBreakouts names ports that can be broken out.', Scope.RESOURCE)
BREAKOUT = Rule('switch-port-breakout', 'The breakout mode of a port is one that it supports.', Scope.RESOURCE)
AUTO_NEG_FIXED = Rule(
    'switch-port-auto-neg-fixed',
    'portAutoNegs names ports whose auto-negotiation can be set.',
    Scope.RESOURCE,
)
LOCATOR_UNSUPPORTED = Rule(
    'switch-port-locators-unsupported', 'portLocators needs a switch that has locator lights.', Scope.RESOURCE
)
LOCATOR_TIME = Rule(
    'switch-port-locator-time', 'A locator light goes off after a duration, or at a time in UTC.', Scope.RESOURCE
)
LOCATORS_EXPIRE = Rule(
    'switch-port-locators-expire',
    'The fabric rewrites portLocators and removes what has expired: a manifest that has them never comes to rest.',
    Scope.RESOURCE,
    Severity.WARNING,
)
PORTS_TOO_MANY = Rule(
    'switch-ports-too-many', 'A switch has no more ports and lanes in use than its hardware allows.', Scope.RESOURCE
)
PIPELINE_FULL = Rule(
    'switch-pipeline-full', 'A pipeline of a switch has no more ports and lanes in use than it allows.', Scope.RESOURCE
)

RULES = (
    PORT_UNKNOWN,
    LANE_MISSING,
    NO_DATA_PORT,
    GROUP_UNKNOWN,
    GROUP_SPEED,
    SPEED_FIXED,
    SPEED,
    BREAKOUT_FIXED,
    BREAKOUT,
    AUTO_NEG_FIXED,
    LOCATOR_UNSUPPORTED,
    LOCATOR_TIME,
    LOCATORS_EXPIRE,
    PORTS_TOO_MANY,
    PIPELINE_FULL,
)

_ALL_PORTS = '*'
# What the fabric cuts from a speed before it looks at it.
_SPEED_PREFIX = 'SPEED_'
_TIME = re.compile(r'\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d', re.ASCII)
_DURATION: TypeAdapter[str] = TypeAdapter(Duration)


def check_ports(entry: Entry[SwitchSpec], profile: SwitchProfile) -> Iterator[Problem]:
    """Check that the profile of a switch allows everything that is set on its ports."""
    spec = entry.spec
    if spec.portGroupSpeeds:
        yield from _check_group_speeds(spec, profile)
    if spec.portSpeeds:
        yield from _check_speeds(spec, profile)
    if spec.portBreakouts:
        yield from _check_breakouts(spec, profile)
    if spec.portAutoNegs:
        yield from _check_auto_negs(spec, profile)
    if spec.portFECs:
        yield from _check_fecs(spec, profile)
    if spec.portLocators and not entry.is_faulty(('spec', 'portLocators', _ALL_PORTS)):
        yield from _check_locators(spec, profile)


def _check_group_speeds(spec: SwitchSpec, profile: SwitchProfile) -> Iterator[Problem]:
    for group, speed in entries(spec.portGroupSpeeds):
        path: Path = ('spec', 'portGroupSpeeds', group)
        supported = profile.port_groups.get(group)
        if supported is None:
            has = f'write {_choice(tuple(profile.port_groups))}' if profile.port_groups else 'remove it'
            yield GROUP_UNKNOWN.at(path, f'{profile.title} has no port group {group}; {has}.')
        elif speed.removeprefix(_SPEED_PREFIX) not in supported.speeds:
            yield GROUP_SPEED.at(path, f'The ports do not support {speed}; write {_choice(supported.speeds)}.')


def _check_speeds(spec: SwitchSpec, profile: SwitchProfile) -> Iterator[Problem]:
    for name, speed in entries(spec.portSpeeds):
        path: Path = ('spec', 'portSpeeds', name)
        port = profile.owner(name)
        if port is None:
            yield _unknown(path, name, profile)
        elif port.profile is None or not port.profile.speeds:
            yield SPEED_FIXED.at(path, _why_no_speed(port))
        elif speed.removeprefix(_SPEED_PREFIX) not in port.profile.speeds:
            yield SPEED.at(path, f'The port does not support {speed}; write {_choice(port.profile.speeds)}.')


def _why_no_speed(port: Port) -> str:
    if port.group:
        return f'The port changes its speed with its group; write it under portGroupSpeeds for group {port.group}.'
    if port.can_break_out:
        return f'The speed follows from the breakout mode; write the mode under portBreakouts for {port.name}.'
    return 'The speed of this port cannot be set; remove it.'


def _check_breakouts(spec: SwitchSpec, profile: SwitchProfile) -> Iterator[Problem]:
    is_sound = True
    for name, mode in entries(spec.portBreakouts):
        path: Path = ('spec', 'portBreakouts', name)
        port = profile.ports.get(name)
        found = None
        if port is None:
            found = _unknown(path, name, profile)
        elif port.profile is None or not port.profile.breakouts:
            found = BREAKOUT_FIXED.at(path, 'The port cannot be broken out; remove it.')
        elif mode not in port.profile.breakouts:
            modes = _choice(tuple(port.profile.breakouts))
            found = BREAKOUT.at(path, f'The port does not support {mode}; write {modes}.')
        if found:
            is_sound = False
            yield found
    if is_sound and (profile.max_ports or profile.pipelines):
        yield from _check_capacity(spec.portBreakouts or {}, profile)


def _check_capacity(breakouts: Mapping[str, str | None], profile: SwitchProfile) -> Iterator[Problem]:
    """Count what the modes leave in use. With the modes by default every switch keeps its limits."""
    path = ('spec', 'portBreakouts')
    in_use: Counter[str] = Counter()
    for port in profile.ports.values():
        if not port.is_management:
            in_use[port.pipeline] += profile.lanes(port.name, breakouts) or 1
    total = in_use.total()
    if profile.max_ports and total > profile.max_ports:
        message = f'{total} ports and lanes are too many; write modes that leave {profile.max_ports} in use.'
        yield PORTS_TOO_MANY.at(path, message)
    for pipeline, limit in profile.pipelines.items():
        if in_use[pipeline] > limit:
            ports = ', '.join(port.name for port in profile.ports.values() if port.pipeline == pipeline)
            message = (
                f'{in_use[pipeline]} ports and lanes are too many for {ports} together; '
                f'write modes that leave {limit} in use.'
            )
            yield PIPELINE_FULL.at(path, message)


def _check_auto_negs(spec: SwitchSpec, profile: SwitchProfile) -> Iterator[Problem]:
    for name, _ in entries(spec.portAutoNegs):
        path: Path = ('spec', 'portAutoNegs', name)
        port = profile.owner(name)
        if port and not (port.profile and port.profile.auto_neg_allowed):
            yield AUTO_NEG_FIXED.at(path, 'Auto-negotiation of this port cannot be set; remove it.')
        else:
            yield from _check_lane(path, name, port, spec, profile, is_lane_always_named=True)


def _check_fecs(spec: SwitchSpec, profile: SwitchProfile) -> Iterator[Problem]:
    for name, _ in entries(spec.portFECs):
        path: Path = ('spec', 'portFECs', name)
        yield from _check_lane(path, name, profile.owner(name), spec, profile, is_lane_always_named=False)


def _check_locators(spec: SwitchSpec, profile: SwitchProfile) -> Iterator[Problem]:
    found = dict(entries(spec.portLocators))
    if not found:
        return
    if 'portLocator' not in profile.features:
        yield LOCATOR_UNSUPPORTED.at(('spec', 'portLocators'), f'{profile.title} has no locator lights; remove them.')
        return
    message = 'The fabric removes this when the time is up; remove it here, and switch the lights on in the cluster.'
    yield LOCATORS_EXPIRE.at(('spec', 'portLocators'), message)
    # Beside the entry for all ports the fabric drops all others.
    for name in [_ALL_PORTS] if _ALL_PORTS in found else found:
        path: Path = ('spec', 'portLocators', name)
        if not _is_time(found[name]):
            message = 'Neither a duration nor a time; write one such as 5m or 2026-01-31 12:00:00.'
            yield LOCATOR_TIME.at(path, message)
        if name != _ALL_PORTS:
            yield from _check_lane(path, name, profile.owner(name), spec, profile, is_lane_always_named=True)


def _is_time(text: str) -> bool:
    if not text or _TIME.fullmatch(text):
        return True
    try:
        _DURATION.validate_python(text)
    except ValidationError:
        return False
    return True


def _check_lane(
    path: Path, name: str, port: Port | None, spec: SwitchSpec, profile: SwitchProfile, *, is_lane_always_named: bool
) -> Iterator[Problem]:
    """Check that a name is that of a data port, or of a lane that the port has."""
    if port is None:
        yield _unknown(path, name, profile)
        return
    if port.is_management:
        yield NO_DATA_PORT.at(path, 'This is the management port; write a data port, or remove it.')
        return
    lanes = profile.lanes(port.name, spec.portBreakouts or {})
    if not port.can_break_out or lanes is None:
        return
    if name != port.name:
        if int(name.rpartition('/')[2]) > lanes:
            yield PORT_UNKNOWN.at(path, f'{port.name} has no such lane in its mode; write {_lanes(port, lanes)}.')
    elif lanes > 1 or is_lane_always_named:
        yield LANE_MISSING.at(path, f'Each lane has its own setting; write {_lanes(port, lanes)}.')


def _lanes(port: Port, lanes: int) -> str:
    return f'{port.name}/1' if lanes == 1 else f'one of {port.name}/1 to {port.name}/{lanes}'


def _unknown(path: Path, name: str, profile: SwitchProfile) -> Problem:
    first = next(iter(profile.ports))
    return PORT_UNKNOWN.at(path, f'{profile.title} has no port {name}; write one such as {first}, or remove it.')


def _choice(items: tuple[str, ...]) -> str:
    return items[0] if len(items) == 1 else f'one of {", ".join(items)}'
