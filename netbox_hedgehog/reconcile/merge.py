"""The three-way merge of one resource: which change of which side goes where, and what only a person can decide.

The laws are those of any merge of two sides against a base: what neither changed stays; what one changed is taken; what
both changed alike agrees; what both changed differently is a conflict, and then each side keeps its own value and the
base keeps the old one, so that merging again finds the same conflict.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Final, Literal

from ..catalog import KeyedList, Kind, ListShape, SetList
from ..manifests import same

__all__ = ('ABSENT', 'Decision', 'FieldConflict', 'Merge', 'Side', 'merge')


class _Absent(Enum):
    """A field that is not there: different from null, from an empty map and from an empty list."""

    ABSENT = 'absent'


ABSENT: Final = _Absent.ABSENT
type _Value = Any | Literal[_Absent.ABSENT]


class Side(StrEnum):
    """Whose value settles a conflict."""

    NETBOX = 'netbox'
    GIT = 'git'


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's choice between two values. It is about these values: once a side has moved it says nothing."""

    side: Side
    ours: _Value
    theirs: _Value

    def is_about(self, ours: _Value, theirs: _Value) -> bool:
        """Tell whether these are the values that the person saw."""
        return _alike(ours, self.ours, None) and _alike(theirs, self.theirs, None)


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that both sides changed to different values.

    `path` is a JSON pointer (RFC 6901) into the content; an item of a keyed list is addressed by its key. The empty
    pointer is the whole resource.
    """

    path: str
    base: _Value
    ours: _Value
    theirs: _Value


@dataclass(frozen=True, slots=True)
class Merge:
    """What each side holds after the merge; the three differ only at the paths in conflict."""

    netbox: _Value
    git: _Value
    base: _Value
    conflicts: tuple[FieldConflict, ...] = ()


@dataclass(slots=True)
class _Merger:
    shapes: Mapping[tuple[str, ...], ListShape]
    decisions: Mapping[str, Decision]
    conflicts: list[FieldConflict] = field(default_factory=list)

    def value(self, base: _Value, ours: _Value, theirs: _Value, path: tuple[str, ...]) -> Merge:
        shape = self._shape_at(path)
        if _alike(ours, theirs, shape):
            # Alike is not identical when only the order of a set differs: neither side is rewritten for that.
            return Merge(ours, theirs, theirs)
        if _alike(ours, base, shape):
            return Merge(theirs, theirs, theirs)
        if _alike(theirs, base, shape):
            return Merge(ours, ours, ours)
        if isinstance(ours, dict) and isinstance(theirs, dict) and (base is ABSENT or isinstance(base, dict)):
            return self.mapping({} if base is ABSENT else base, ours, theirs, path)
        if isinstance(ours, list) and isinstance(theirs, list) and isinstance(base, list):
            if isinstance(shape, SetList) and all(_is_set(side) for side in (base, ours, theirs)):
                merged = _merge_sets(base, ours, theirs)
                return Merge(merged, merged, merged)
            if isinstance(shape, KeyedList):
                result = self.keyed(shape, base, ours, theirs, path)
                if result:
                    return result
        return self.conflict(base, ours, theirs, path)

    def mapping(
        self, base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any], path: tuple[str, ...]
    ) -> Merge:
        netbox: dict[str, Any] = {}
        git: dict[str, Any] = {}
        agreed: dict[str, Any] = {}
        for key in dict.fromkeys((*theirs, *ours, *base)):
            part = self.value(
                base.get(key, ABSENT),
                ours.get(key, ABSENT),
                theirs.get(key, ABSENT),
                (*path, key),
            )
            for side, value in ((netbox, part.netbox), (git, part.git), (agreed, part.base)):
                if value is not ABSENT:
                    side[key] = value
        return Merge(netbox, git, agreed)

    def keyed(
        self, shape: KeyedList, base: list[Any], ours: list[Any], theirs: list[Any], path: tuple[str, ...]
    ) -> Merge | None:
        """Merge item by item; nothing when an item has no key, a key occurs twice, or the orders contradict."""
        maps = [_by_key(items, shape) for items in (base, ours, theirs)]
        if any(items is None for items in maps):
            return None
        by_base, by_ours, by_theirs = (items or {} for items in maps)
        order = _merge_order(list(by_base), list(by_ours), list(by_theirs), is_meaningful=shape.ordered)
        if order is None:
            return None
        merged = self.mapping(by_base, by_ours, by_theirs, path)
        netbox, git, agreed = (_in_order(side, order) for side in (merged.netbox, merged.git, merged.base))
        return Merge(netbox, git, agreed)

    def conflict(self, base: _Value, ours: _Value, theirs: _Value, path: tuple[str, ...]) -> Merge:
        pointer = _pointer(path)
        decision = self.decisions.get(pointer)
        if decision and decision.is_about(ours, theirs):
            chosen = ours if decision.side is Side.NETBOX else theirs
            return Merge(chosen, chosen, chosen)
        self.conflicts.append(FieldConflict(pointer, base, ours, theirs))
        return Merge(ours, theirs, base)

    def _shape_at(self, path: tuple[str, ...]) -> ListShape | None:
        if path[:1] != ('spec',):
            return None
        for pattern, shape in self.shapes.items():
            if len(pattern) == len(path) and all(want in ('*', part) for want, part in zip(pattern, path, strict=True)):
                return shape
        return None


def merge(
    kind: Kind, base: _Value, ours: _Value, theirs: _Value, decisions: Mapping[str, Decision] | None = None
) -> Merge:
    """Merge two content trees against the one they last agreed on.

    `ours` is NetBox, `theirs` is Git, and any of the three may be `ABSENT`. `decisions` settles conflicts by path.
    """
    shapes = {('spec', *pattern.split('.')): shape for pattern, shape in kind.list_shapes.items()}
    merger = _Merger(shapes, decisions or {})
    result = merger.value(base, ours, theirs, ())
    return Merge(result.netbox, result.git, result.base, tuple(merger.conflicts))


def _alike(one: _Value, other: _Value, shape: ListShape | None) -> bool:
    if one is ABSENT or other is ABSENT:
        return one is other
    if isinstance(shape, SetList) and _is_set(one) and _is_set(other):
        return set(one) == set(other)
    return same(one, other)


def _is_set(value: _Value) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value) and len(set(value)) == len(value)


def _merge_sets(base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
    """Keep what neither side removed, in Git's order, and append what NetBox added."""
    removed = set(base) - set(ours)
    kept = [item for item in theirs if item not in removed]
    return kept + [item for item in ours if item not in base and item not in kept]


def _by_key(items: list[Any], shape: KeyedList) -> dict[str, Any] | None:
    result: dict[str, Any] = {}
    for item in items:
        values = [_at(item, path) for path in shape.keys]
        if any(value is None or isinstance(value, dict | list) for value in values):
            return None
        key = ' '.join(str(value) for value in values)
        if key in result:
            return None
        result[key] = item
    return result


def _at(item: Any, dotted: str) -> Any:
    for part in dotted.split('.'):
        if not isinstance(item, dict):
            return None
        item = item.get(part)
    return item


def _merge_order(base: list[str], ours: list[str], theirs: list[str], *, is_meaningful: bool) -> list[str] | None:
    """Return the order of all keys; nothing when both sides changed a meaningful order, differently."""
    known = [key for key in base if key in ours and key in theirs]
    order_ours = [key for key in ours if key in known]
    order_theirs = [key for key in theirs if key in known]
    if order_ours in (known, order_theirs) or (order_theirs != known and not is_meaningful):
        lead, follow = theirs, ours
    elif order_theirs == known:
        lead, follow = ours, theirs
    else:
        return None
    order = list(lead)
    for position, key in enumerate(follow):
        if key not in order:
            # Behind its neighbour, so that an insertion in the middle stays there.
            after = next((order.index(earlier) + 1 for earlier in reversed(follow[:position]) if earlier in order), 0)
            order.insert(after, key)
    return order


def _in_order(items: Any, order: list[str]) -> list[Any]:
    return [items[key] for key in order if key in items]


def _pointer(path: tuple[str, ...]) -> str:
    return ''.join(f'/{part.replace("~", "~0").replace("/", "~1")}' for part in path)
