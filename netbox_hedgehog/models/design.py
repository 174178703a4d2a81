"""The resources of a fabric as the catalogue judges them: all of them, as the current transaction sees them.

A process keeps what it has read, and reads again what has changed. One query asks for a sum over the row versions
(PostgreSQL's `xmin` and `ctid`, which together name one version of one row) of each block of rows with neighbouring
numbers; only the content of a block whose sum is another one is asked for.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Lock

from django.apps import apps
from django.db import connections, router
from django.db.models import F, Model

from ..catalog import KINDS, Declaration, Design, Identity
from .fabric import HedgehogFabric

__all__ = ('design_of', 'forget_designs', 'rows_of')

# How many fabrics a process keeps; one of 6,500 resources takes some 50 MB.
_KEPT = 4

# Rows of a block, as a power of two. More of them make an edit read more; fewer, every save compare more sums.
_BLOCK_BITS = 4

# The name of the kind, and the number of each row of the block without its last bits.
type _Block = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A design, the sum over the row versions of each block that it was made from, and what the block declares."""

    design: Design
    sums: Mapping[_Block, int]
    identities: Mapping[_Block, frozenset[Identity]]


class _Readings:
    """What was read last, by database and fabric."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], _Reading] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, int]) -> _Reading | None:
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: tuple[str, int], reading: _Reading) -> None:
        with self._lock:
            self._kept[key] = reading
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


_readings = _Readings()


def design_of(fabric: HedgehogFabric) -> Design:
    """Return everything that is declared for a fabric, under its settings. The design is shared: it never changes."""
    using = router.db_for_read(HedgehogFabric)
    settings = fabric.settings
    sums = _sums(fabric.pk, using, KINDS)
    known = _readings.get((using, fabric.pk)) or _Reading(Design(settings), {}, {})
    if sums != known.sums:
        known = _read(known, sums, fabric.pk, using)
    if known.design.settings != settings:
        known = replace(known, design=known.design.with_settings(settings))
    _readings.keep((using, fabric.pk), known)
    return known.design


def forget_designs() -> None:
    """Read everything anew the next time; nothing depends on it but how long that takes."""
    _readings.clear()


def rows_of(fabric: HedgehogFabric, identities: Iterable[Identity]) -> Iterator[Model]:
    """Yield the rows of resources of a fabric; one query for each kind."""
    by_kind: dict[str, set[Identity]] = {}
    for identity in identities:
        by_kind.setdefault(identity.kind, set()).add(identity)
    for kind, wanted in by_kind.items():
        rows = _model(kind).objects.filter(fabric=fabric, name__in={identity.name for identity in wanted})
        yield from (row for row in rows if row.identity in wanted)


# Names of the catalogue and of our own tables: nothing from outside gets into the queries.


def _sums(fabric_id: int, using: str, kinds: Collection[str]) -> dict[_Block, int]:
    parts = [
        f"SELECT '{kind}', id >> {_BLOCK_BITS}, bit_xor(hashtidextended(ctid, xmin::text::bigint)) "  # noqa: S608
        f'FROM {_table(kind)} WHERE fabric_id = %s GROUP BY 2'
        for kind in kinds
    ]
    with connections[using].cursor() as cursor:
        cursor.execute(' UNION ALL '.join(parts), [fabric_id] * len(parts))
        return {(kind, block): total for kind, block, total in cursor.fetchall()}


def _table(kind: str) -> str:
    return _model(kind)._meta.db_table


def _model(kind: str) -> type[Model]:
    return apps.get_model('netbox_hedgehog', kind)


def _read(known: _Reading, sums: Mapping[_Block, int], fabric_id: int, using: str) -> _Reading:
    changed = [block for block, total in sums.items() if known.sums.get(block) != total]
    read = _declarations(changed, fabric_id, using)
    # What came or changed between the queries is read again the next time, though it may have gone by then.
    settled = _sums(fabric_id, using, {kind for kind, _ in changed}) if changed else {}
    moved = {block for block in changed if settled.get(block) != sums[block]}
    declared = [declaration for declarations in read.values() for declaration in declarations]
    left = known.identities.keys() - sums.keys()
    gone = {identity for block in (*changed, *left) for identity in known.identities.get(block, ())}
    # A row that was deleted and added again may be in another block, and has the same identity.
    removed = gone - {declaration.identity for declaration in declared}
    old = known.design
    design = old.with_changes(declared, removed) if known.identities else Design(old.settings, declared)
    identities = {block: found for block, found in known.identities.items() if block not in left}
    identities |= {block: frozenset(one.identity for one in read.get(block, ())) for block in changed}
    return _Reading(design, {block: total for block, total in sums.items() if block not in moved}, identities)


def _declarations(blocks: Iterable[_Block], fabric_id: int, using: str) -> dict[_Block, list[Declaration]]:
    numbers: dict[str, list[int]] = {}
    for kind, number in blocks:
        numbers.setdefault(kind, []).append(number)
    found: dict[_Block, list[Declaration]] = {}
    for kind, wanted in numbers.items():
        rows = _model(kind).objects.using(using).annotate(block=F('pk').bitrightshift(_BLOCK_BITS))
        rows = rows.filter(fabric=fabric_id, block__in=wanted).order_by('pk')
        for number, *declared in rows.values_list('block', 'namespace', 'name', 'spec', 'labels', 'annotations'):
            found.setdefault((kind, number), []).append(Declaration(KINDS[kind], *declared))
    return found
