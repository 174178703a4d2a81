"""The ports that a connection joins, as far as its purpose counts."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .fields import Structure
from .paths import Path
from .wiring import ConnectionSpec

__all__ = (
    'CONNECTION_TYPES',
    'LOWER_SIDES',
    'REMOVED_CONNECTION_TYPES',
    'End',
    'Link',
    'canonical_port',
    'connection_type',
    'links',
    'missing_ends',
)

# The first one that is set decides what a connection is. In the order in which upstream looks at them.
CONNECTION_TYPES = (
    'unbundled',
    'bundled',
    'eslag',
    'fabric',
    'mesh',
    'gateway',
    'vpcLoopback',
    'external',
    'staticExternal',
)
# Known to the CRD alone: the fabric cannot store a connection of these types any more.
REMOVED_CONNECTION_TYPES = ('mclag', 'mclagDomain')
# The types whose links have addresses, and the end that gets the lower one of the two.
LOWER_SIDES: Mapping[str, str] = {'fabric': 'spine', 'mesh': 'leaf1', 'gateway': 'switch'}
# Where the links of a connection may stand.
_LINK_FIELDS = ('link', 'links', 'peerLinks', 'sessionLinks')


class End(NamedTuple):
    """One end of a link: `side` is the field it stands in (server, spine, leaf1), `path` leads to that field."""

    path: Path
    side: str
    port: str
    ip: str

    @property
    def device(self) -> str:
        """What stands before the first slash."""
        return self.port.partition('/')[0]

    @property
    def port_name(self) -> str:
        """What stands after the first slash."""
        return self.port.partition('/')[2]

    @property
    def is_complete(self) -> bool:
        """Whether both a device and a port are named."""
        return bool(self.device and self.port_name)


# Its ends, in the order of the schema; those that are not there are left out.
type Link = tuple[End, ...]


def connection_type(spec: ConnectionSpec) -> str:
    """Return the type of a connection as its field is called; empty if it has none."""
    return next(
        (name for name in (*CONNECTION_TYPES, *REMOVED_CONNECTION_TYPES) if getattr(spec, name) is not None), ''
    )


def links(spec: ConnectionSpec) -> Iterator[Link]:
    """Yield the links of a connection, each with its ends in the order of the schema; of its first type alone."""
    for path, link in _bodies(spec):
        yield tuple(_ends(path, link))


def missing_ends(spec: ConnectionSpec) -> Iterator[Path]:
    """Yield the places of the ends that the links of a connection should have, and have not."""
    for path, link in _bodies(spec):
        for side in type(link).model_fields:
            if getattr(link, side) is None:
                yield (*path, side)


def _bodies(spec: ConnectionSpec) -> Iterator[tuple[Path, Structure]]:
    name = connection_type(spec)
    body = getattr(spec, name) if name else None
    # Not by `getattr`: to ask a model for a field that it has not takes longer than all the rest.
    fields: Mapping[str, Any] = vars(body) if body is not None else {}
    for field in _LINK_FIELDS:
        found = fields.get(field)
        path: Path = ('spec', name, field)
        for position, link in enumerate(found if isinstance(found, list) else []):
            yield (*path, position), link
        if isinstance(found, Structure):
            yield path, found


def _ends(path: Path, link: Structure) -> Iterator[End]:
    for side in type(link).model_fields:
        end: Any = getattr(link, side)
        if end is not None:
            yield End((*path, side), side, end.port or '', vars(end).get('ip') or '')


def canonical_port(port: str) -> str:
    """Write a port in the shorter of its two names: the first lane of a breakout, `E1/4/1`, is also `E1/4`."""
    device, _, name = port.partition('/')
    if name.startswith('E') and name.count('/') == 2 and name.endswith('/1'):
        name = name.removesuffix('/1')
    return f'{device}/{name}'
