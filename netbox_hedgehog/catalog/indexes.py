"""The indexes of a design: who refers to what, and who takes what. What they answer depends on no history.

An index that was copied shares its lists with the copy. They are replaced, never changed, and each of them once per
change, however many resources that changes.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .addresses import ADDRESS_BITS, Prefix
from .identity import Identity
from .paths import Path

__all__ = ('Claimant', 'Index', 'Pool')


class Claimant(NamedTuple):
    """Who takes something, and where that is written; in order by resource, then by field."""

    identity: Identity
    path: Path


class Index[K: Hashable, V: tuple[Any, ...]]:
    """The values under each key, in order; a key without values is not there."""

    __slots__ = ('_values',)

    def __init__(self, values: Mapping[K, Sequence[V]] | None = None) -> None:
        self._values: dict[K, Sequence[V]] = dict(values or {})

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: K) -> bool:
        return key in self._values

    def __getitem__(self, key: K) -> Sequence[V]:
        return self._values.get(key, ())

    def copy(self) -> 'Index[K, V]':
        """Return another index with the same values."""
        return Index(self._values)

    def change(self, leaving: Mapping[K, Sequence[V]], coming: Mapping[K, Sequence[V]]) -> None:
        """Take values out, and put others in."""
        for key in leaving.keys() | coming.keys():
            if values := self._changed(self[key], leaving.get(key, ()), coming.get(key, ())):
                self._values[key] = values
            else:
                del self._values[key]

    def _changed(self, values: Sequence[V], leaving: Sequence[V], coming: Sequence[V]) -> Sequence[V]:
        if not values:
            return coming if len(coming) == 1 else sorted(coming)
        changed = list(values)
        for value in leaving:
            del changed[bisect_left(changed, value)]
        for value in coming:
            insort(changed, value)
        return changed


class Pool:
    """The prefixes of a pool, and who takes them; looked up by what overlaps."""

    __slots__ = ('_lengths', '_takers', 'prefixes')

    def __init__(self, other: 'Pool | None' = None) -> None:
        self._takers: Index[Prefix, Claimant] = other._takers.copy() if other else Index()
        # All prefixes in order, for those that lie inside another one.
        self.prefixes: list[Prefix] = list(other.prefixes) if other else []
        # How many prefixes have each length: a pool knows few lengths, and others need not be looked up.
        self._lengths: Counter[int] = Counter(other._lengths) if other else Counter()

    def change(self, leaving: Mapping[Prefix, Sequence[Claimant]], coming: Mapping[Prefix, Sequence[Claimant]]) -> None:
        """Take takers of prefixes out, and put others in."""
        known = {prefix for prefix in (*leaving, *coming) if prefix in self._takers}
        self._takers.change(leaving, coming)
        for prefix in leaving.keys() | coming.keys():
            if prefix in self._takers and prefix not in known:
                insort(self.prefixes, prefix)
                self._lengths[prefix.length] += 1
            elif prefix in known and prefix not in self._takers:
                del self.prefixes[bisect_left(self.prefixes, prefix)]
                self._lengths[prefix.length] -= 1
        self._lengths = +self._lengths

    def overlapping(self, prefix: Prefix) -> Iterator[tuple[Prefix, Claimant]]:
        """Yield what overlaps a prefix: prefixes lie inside each other or apart."""
        bits = ADDRESS_BITS[prefix.family]
        for length in sorted(self._lengths):
            if length >= prefix.length:
                break
            shift = bits - length
            outer = Prefix(prefix.family, prefix.first >> shift << shift, length)
            for taker in self._takers[outer]:
                yield outer, taker
        at = bisect_left(self.prefixes, Prefix(prefix.family, prefix.first, prefix.length))
        while at < len(self.prefixes):
            inner = self.prefixes[at]
            if inner.family != prefix.family or inner.first > prefix.last:
                return
            if inner.length >= prefix.length:
                for taker in self._takers[inner]:
                    yield inner, taker
            at += 1
