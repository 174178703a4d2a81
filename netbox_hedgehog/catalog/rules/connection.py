"""The rules of connections: the admission code of Connection, and the fields of its CRD."""

from collections.abc import Iterator, Mapping, Sequence

from ..design import Design, Entry
from ..ports import (
    CONNECTION_TYPES,
    REMOVED_CONNECTION_TYPES,
    End,
    Link,
    canonical_port,
    connection_type,
    links,
    missing_ends,
)
from ..problems import Problem, Severity
from ..settings import FabricSettings
from ..vpc import VPCSpec
from ..wiring import ConnectionSpec
from . import connection_addresses, connection_devices
from .kind_rules import KindRules
from .rule import Rule, Scope

__all__ = ('CONNECTION',)

TYPE_MISSING = Rule('connection-type-missing', 'A connection has a type.', Scope.RESOURCE)
# The fabric takes the first one it looks for, and says nothing of the others.
TYPE_AMBIGUOUS = Rule('connection-type-ambiguous', 'A connection has one type.', Scope.RESOURCE, Severity.WARNING)
MCLAG_REMOVED = Rule('connection-mclag-removed', 'MCLAG connections can no longer be stored.', Scope.RESOURCE)
LINKS_MISSING = Rule('connection-links-missing', 'A connection has links.', Scope.RESOURCE)
PORT_MISSING = Rule('connection-port-missing', 'Each end of a link names a port.', Scope.RESOURCE)
PORT_MALFORMED = Rule('connection-port-malformed', 'A port is written <device>/<port>.', Scope.RESOURCE)
PORT_REPEATED = Rule('connection-port-repeated', 'A connection names each port once.', Scope.RESOURCE)
SERVERS_DIFFER = Rule('connection-servers-differ', 'All links of a connection belong to one server.', Scope.RESOURCE)
SWITCHES_DIFFER = Rule(
    'connection-switches-differ', 'Bundled, gateway and loopback connections belong to one switch.', Scope.RESOURCE
)
SWITCHES_TOO_MANY = Rule('connection-switches-too-many', 'An eslag connection has up to four switches.', Scope.RESOURCE)
SWITCHES_NOT_TWO = Rule(
    'connection-switches-not-two', 'Fabric and mesh connections join exactly two switches.', Scope.RESOURCE
)
MTU_TOO_LARGE = Rule(
    'connection-mtu-too-large', 'The MTU towards servers leaves room for the encapsulation.', Scope.RESOURCE
)
# Upstream compares the MTU of unbundled and bundled connections alone.
ESLAG_MTU_TOO_LARGE = Rule(
    'connection-eslag-mtu-too-large',
    'The MTU of an eslag connection leaves room for the encapsulation.',
    Scope.RESOURCE,
    Severity.WARNING,
)
VPC_UNKNOWN = Rule('connection-vpc-unknown', 'The VPC of a static external exists.', Scope.FABRIC)
TYPE_CHANGED = Rule('connection-type-changed', 'The type of a connection stays as it is.', Scope.RESOURCE)
VPC_CHANGED = Rule('connection-vpc-changed', 'The VPC of a static external stays as it is.', Scope.RESOURCE)

_MAX_SWITCHES: Mapping[str, int] = {'bundled': 1, 'gateway': 1, 'vpcLoopback': 1, 'eslag': 4, 'fabric': 2, 'mesh': 2}
# What is at the other end is no part of the fabric.
_ONE_ENDED = ('external', 'staticExternal')
_SWITCH_TO_SWITCH = ('fabric', 'mesh')


def check_own(entry: Entry[ConnectionSpec], settings: FabricSettings) -> Iterator[Problem]:
    """Check a connection alone."""
    spec = entry.spec
    yield from _check_type(entry)
    if not _is_checked(spec):
        return
    name, found = connection_type(spec), tuple(links(spec))
    yield from _check_ends(spec, name, found)
    yield from _check_joined(name, found)
    yield from _check_mtu(name, spec, settings)
    yield from connection_addresses.check_addresses(name, spec, found, settings)


def check_fabric(entry: Entry[ConnectionSpec], design: Design) -> Iterator[Problem]:
    """Check a connection against the devices, the VPCs and the other connections of its fabric."""
    spec = entry.spec
    if not _is_checked(spec):
        return
    name, found = connection_type(spec), tuple(links(spec))
    yield from connection_devices.check_devices(entry.identity, name, found, design)
    yield from connection_addresses.check_unique(entry.identity, name, found, design)
    vpc = _vpc(spec)
    if vpc and name == 'staticExternal' and design.find(VPCSpec, vpc) is None:
        message = f'There is no VPC {vpc} in this fabric; add it, or write another.'
        yield VPC_UNKNOWN.at(('spec', 'staticExternal', 'withinVPC'), message)


def check_update(before: Entry[ConnectionSpec], after: Entry[ConnectionSpec]) -> Iterator[Problem]:
    """Check an edit of a connection. What the fabric never stored is free to become something else."""
    old, new = connection_type(before.spec), connection_type(after.spec)
    if old not in CONNECTION_TYPES or not new:
        return
    if new != old:
        message = f'The type cannot change; write {old}, or delete the connection and add another.'
        yield TYPE_CHANGED.at(('spec', new), message)
    elif old == 'staticExternal' and _vpc(before.spec) != _vpc(after.spec):
        was = f'write {_vpc(before.spec)}' if _vpc(before.spec) else 'leave it out'
        message = f'The VPC cannot change; {was}, or delete the connection and add another.'
        yield VPC_CHANGED.at(('spec', 'staticExternal', 'withinVPC'), message)


def _vpc(spec: ConnectionSpec) -> str:
    return (spec.staticExternal.withinVPC if spec.staticExternal else None) or ''


def _types(spec: ConnectionSpec) -> list[str]:
    return [name for name in (*CONNECTION_TYPES, *REMOVED_CONNECTION_TYPES) if getattr(spec, name) is not None]


def _is_checked(spec: ConnectionSpec) -> bool:
    """Tell whether the fabric looks at a connection at all: a type that was removed turns all its checks off."""
    return bool(connection_type(spec)) and all(getattr(spec, name) is None for name in REMOVED_CONNECTION_TYPES)


def _check_type(entry: Entry[ConnectionSpec]) -> Iterator[Problem]:
    first, *others = _types(entry.spec) or ['']
    if not first:
        if not entry.is_faulty(('spec',)):
            yield TYPE_MISSING.at(('spec',), f'Missing; write one of {", ".join(CONNECTION_TYPES)}.')
    elif first in REMOVED_CONNECTION_TYPES:
        for name in (first, *others):
            message = (
                'MCLAG is no longer supported; write eslag for servers, and no connection between the two switches.'
            )
            yield MCLAG_REMOVED.at(('spec', name), message)
    else:
        for name in others:
            message = f'The fabric reads this connection as {first} and ignores {name}; remove one of the two.'
            yield TYPE_AMBIGUOUS.at(('spec', name), message)


def _check_ends(spec: ConnectionSpec, name: str, found: Sequence[Link]) -> Iterator[Problem]:
    """Check that there are links, and that each end of them is a port."""
    body = getattr(spec, name)
    field = 'links' if 'links' in type(body).model_fields else 'link'
    if not getattr(body, field):
        yield LINKS_MISSING.at(('spec', name, field), 'Missing; write the ports that are joined.')
    ends = 1 if name in _ONE_ENDED else 2
    for place in missing_ends(spec) if any(len(link) < ends for link in found) else ():
        yield PORT_MISSING.at((*place, 'port'), 'Missing; write it as <device>/<port>.')
    for link in found:
        for end in link:
            path = (*end.path, 'port')
            if not end.port:
                yield PORT_MISSING.at(path, 'Missing; write it as <device>/<port>.')
            elif not end.is_complete:
                message = f'{end.port} is not a device and its port; write it as <device>/<port>.'
                yield PORT_MALFORMED.at(path, message)


def _check_joined(name: str, found: Sequence[Link]) -> Iterator[Problem]:
    """Check that no port stands twice, and that there are as many devices as the type asks for."""
    ends = [end for link in found for end in link if end.is_complete]
    ports: set[str] = set()
    for end in ends:
        port = canonical_port(end.port)
        if port in ports:
            yield PORT_REPEATED.at((*end.path, 'port'), f'{end.port} is in this connection already; write another.')
        ports.add(port)
    for end in _beyond(1, [end for end in ends if end.side == 'server']):
        message = 'A connection has one server; write a port of the same server, or add another connection.'
        yield SERVERS_DIFFER.at((*end.path, 'port'), message)
    on_switches = [end for end in ends if end.side not in ('server', 'gateway')]
    limit = _MAX_SWITCHES.get(name)
    for end in _beyond(limit, on_switches) if limit else ():
        path = (*end.path, 'port')
        if name == 'eslag':
            yield SWITCHES_TOO_MANY.at(
                path, f'{end.device} is one switch too many; write ports of four switches or fewer.'
            )
        elif name in _SWITCH_TO_SWITCH:
            yield SWITCHES_NOT_TWO.at(path, f'{end.device} is a third switch; write a port of one of the other two.')
        else:
            yield SWITCHES_DIFFER.at(path, f'{end.device} is a second switch; write a port of {on_switches[0].device}.')
    if name in _SWITCH_TO_SWITCH and len(on_switches) > 1 and len({end.device for end in on_switches}) == 1:
        message = f'Both ends are ports of {on_switches[1].device}; write a port of another switch.'
        yield SWITCHES_NOT_TWO.at((*on_switches[1].path, 'port'), message)


def _beyond(limit: int, ends: list[End]) -> Iterator[End]:
    """Yield the first end at each device that is one too many."""
    devices: set[str] = set()
    for end in ends:
        if end.device not in devices and len(devices) >= limit:
            yield end
        devices.add(end.device)


def _check_mtu(name: str, spec: ConnectionSpec, settings: FabricSettings) -> Iterator[Problem]:
    mtu: int | None = vars(getattr(spec, name)).get('mtu')
    if mtu and mtu > settings.server_mtu:
        rule = ESLAG_MTU_TOO_LARGE if name == 'eslag' else MTU_TOO_LARGE
        yield rule.at(('spec', name, 'mtu'), f'{mtu} is too large; write {settings.server_mtu} or less.')


CONNECTION: KindRules[ConnectionSpec] = KindRules(
    rules=(
        TYPE_MISSING,
        TYPE_AMBIGUOUS,
        MCLAG_REMOVED,
        LINKS_MISSING,
        PORT_MISSING,
        PORT_MALFORMED,
        PORT_REPEATED,
        SERVERS_DIFFER,
        SWITCHES_DIFFER,
        SWITCHES_TOO_MANY,
        SWITCHES_NOT_TWO,
        MTU_TOO_LARGE,
        ESLAG_MTU_TOO_LARGE,
        *connection_addresses.RULES,
        *connection_devices.RULES,
        VPC_UNKNOWN,
        TYPE_CHANGED,
        VPC_CHANGED,
    ),
    own=check_own,
    fabric=check_fabric,
    update=check_update,
)
