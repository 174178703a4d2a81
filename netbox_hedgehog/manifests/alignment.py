"""Which part of a collection became which, so that only what changed is written anew."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from netbox_hedgehog.catalog import JSON
from netbox_hedgehog.catalog.paths import Path

from .equality import same

__all__ = ('Difference', 'align')

# The positions of a part before and after; None where it was added or removed.
type Pair = tuple[int | None, int | None]

# To change all of an item costs a little less than to remove it and add another: its comments then stay.
_ADD = _REMOVE = 1.0
_CHANGE = 1.9
# With more values to compare, items are paired by position: correct as well, though more lines may change.
_MOST_COMPARISONS = 100_000


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of the parts of a collection, by position.

    `kept` holds the positions before and after; `removed` the first and last of each run of neighbours; `added` the
    positions after, each group with the position before of the kept part that it follows, None for the beginning.
    """

    kept: tuple[tuple[int, int], ...]
    removed: tuple[tuple[int, int], ...]
    added: tuple[tuple[int | None, tuple[int, ...]], ...]

    @classmethod
    def of_keys(cls, old: Sequence[str], new: Sequence[str]) -> 'Difference':
        """Compare the keys of two maps; what is added comes last."""
        positions = {name: position for position, name in enumerate(new)}
        pairs = [(position, positions.pop(name, None)) for position, name in enumerate(old)]
        return cls._of([*pairs, *((None, position) for position in positions.values())])

    @classmethod
    def of_items(cls, old: Sequence[JSON], new: Sequence[JSON]) -> 'Difference':
        """Compare two lists."""
        return cls._of(align(old, new))

    @classmethod
    def _of(cls, pairs: Iterable[Pair]) -> 'Difference':
        kept: list[tuple[int, int]] = []
        removed: list[tuple[int, int]] = []
        added: dict[int | None, tuple[int, ...]] = {}
        for before, after in pairs:
            if before is not None and after is not None:
                kept.append((before, after))
            elif before is not None:
                first = removed.pop()[0] if removed and removed[-1][1] == before - 1 else before
                removed.append((first, before))
            elif after is not None:
                last = kept[-1][0] if kept else None
                added[last] = (*added.get(last, ()), after)
        return cls(tuple(kept), tuple(removed), tuple(added.items()))


def align(old: Sequence[JSON], new: Sequence[JSON]) -> list[Pair]:
    """Pair the items of two lists, in the order of both, so that the least changes."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if not same(old[at], new[at])), shorter)
    shorter -= head
    tail = next((at for at in range(shorter) if not same(old[-1 - at], new[-1 - at])), shorter)
    before, after = range(head, len(old) - tail), range(head, len(new) - tail)
    return [
        *((at, at) for at in range(head)),
        *_align_changed(old, new, before, after),
        *((len(old) - at, len(new) - at) for at in range(tail, 0, -1)),
    ]


def _align_changed(old: Sequence[JSON], new: Sequence[JSON], before: range, after: range) -> Iterator[Pair]:
    """Find the cheapest way from one range of items to the other, as an edit distance does."""
    leaves_before = [dict(_leaves(old[at])) for at in before]
    leaves_after = [dict(_leaves(new[at])) for at in after]
    if len(before) * sum(map(len, leaves_after)) > _MOST_COMPARISONS:
        yield from zip_longest(before, after)
        return
    # What it costs from a pair of positions to the ends, and the best first step on the way.
    costs = {(i, len(after)): (len(before) - i) * _REMOVE for i in range(len(before) + 1)}
    costs |= {(len(before), j): (len(after) - j) * _ADD for j in range(len(after) + 1)}
    steps = dict.fromkeys(costs, (0, 1)) | {(i, len(after)): (1, 0) for i in range(len(before))}
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            costs[i, j], steps[i, j] = min(
                (costs[i + 1, j] + _REMOVE, (1, 0)),
                (costs[i, j + 1] + _ADD, (0, 1)),
                (costs[i + 1, j + 1] + _cost(leaves_before[i], leaves_after[j]), (1, 1)),
            )
    i = j = 0
    while i < len(before) or j < len(after):
        removes, adds = steps[i, j]
        yield before[i] if removes else None, after[j] if adds else None
        i, j = i + removes, j + adds


def _cost(before: Mapping[Path, JSON], after: Mapping[Path, JSON]) -> float:
    """Return what it costs to change one item into another: the less, the more of their values are equal."""
    equal = sum(same(before[path], after[path]) for path in before.keys() & after.keys())
    return _CHANGE * (1 - equal / max(len(before), len(after)))


def _leaves(value: JSON, path: Path = ()) -> Iterator[tuple[Path, JSON]]:
    """Yield each value that has no parts, with its path."""
    match value:
        case dict() if value:
            for key, inner in value.items():
                yield from _leaves(inner, (*path, key))
        case list() if value:
            for position, inner in enumerate(value):
                yield from _leaves(inner, (*path, position))
        case _:
            yield path, value
