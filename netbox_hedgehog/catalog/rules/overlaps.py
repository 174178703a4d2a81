"""Which prefixes of a list overlap each other."""

from collections.abc import Sequence

from ..addresses import Prefix

__all__ = ('overlaps',)


def overlaps(prefixes: Sequence[Prefix]) -> dict[int, int]:
    """Return the position of each prefix that overlaps others, with that of one of them, in the order of positions.

    Prefixes lie inside each other or apart, so that in order of their first address an outer one precedes the inner.
    """
    found: dict[int, int] = {}
    around: list[int] = []
    for position in sorted(range(len(prefixes)), key=lambda position: prefixes[position]):
        while around and not prefixes[around[-1]].holds(prefixes[position]):
            around.pop()
        if around:
            found[position] = around[-1]
            found.setdefault(around[-1], position)
        around.append(position)
    return dict(sorted(found.items()))
