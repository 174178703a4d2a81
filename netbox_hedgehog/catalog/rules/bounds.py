"""The bounds that the settings of a fabric put on numbers, told where a number breaks those of its type already."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..design import Entry
from ..fields import Structure
from ..paths import Path, at, parse
from ..problems import Problem
from ..roles import SPINE, is_leaf
from ..settings import FabricSettings
from ..structure import spell_number
from ..wiring import ConnectionSpec, SwitchSpec

__all__ = ('within_bounds',)

type _Bounds = tuple[int, int]

# What the structure of a spec says of a number that is none, or that does not fit into its type.
_ABOUT_NUMBERS = frozenset({'out-of-range', 'wrong-type'})


def within_bounds(problem: Problem, entry: Entry[Structure], settings: FabricSettings) -> Problem:
    """Tell the bounds of the fabric in a problem of structure, instead of those that hold for any fabric.

    Who keeps to the others would only be told these next.
    """
    find = _BOUNDS.get(type(entry.spec)) if problem.rule in _ABOUT_NUMBERS else None
    path = parse(problem.path) if find else ()
    bounds = find(path, entry, settings) if find else None
    if bounds is None:
        return problem
    return replace(problem, message=spell_number(at(entry.declaration.document, path), *bounds))


def _of_connection(path: Path, entry: Entry[ConnectionSpec], settings: FabricSettings) -> _Bounds | None:
    return (1, settings.server_mtu) if path[0] == 'spec' and path[-1] == 'mtu' else None


def _of_switch(path: Path, entry: Entry[SwitchSpec], settings: FabricSettings) -> _Bounds | None:
    # Without a role nobody knows which ASN is due.
    if path != ('spec', 'asn') or entry.is_faulty(('spec', 'role')):
        return None
    if entry.spec.role == SPINE:
        return settings.spine_asn, settings.spine_asn
    return (settings.leaf_asn_start, settings.leaf_asn_end) if is_leaf(entry.spec.role) else None


_BOUNDS: Mapping[type[Structure], Callable[[Path, Entry[Any], FabricSettings], _Bounds | None]] = {
    ConnectionSpec: _of_connection,
    SwitchSpec: _of_switch,
}
