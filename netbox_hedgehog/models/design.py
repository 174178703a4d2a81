"""The resources of a fabric as the catalogue judges them: all of them, as the current transaction sees them.

A process keeps what it has read, and reads again what has another row version (PostgreSQL's `xmin` and `ctid`, which
together name one version of one row). One query asks for a sum over the versions of each kind; only of a kind whose
sum is another one are the versions themselves asked for, and only of rows with another version is the content.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Lock

from django.apps import apps
from django.db import connections, router
from django.db.models import Model

from ..catalog import KINDS, Declaration, Design, Identity
from .fabric import HedgehogFabric

__all__ = ('design_of', 'forget_designs', 'rows_of')

# How many fabrics a process keeps; one of 6,500 resources takes some 50 MB.
_KEPT = 4

# The name of the kind and the number of the row, with the version of the row.
type _Key = tuple[str, int]
type _Versions = dict[_Key, str]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A design, the rows that it was made from with their versions and sums of versions, and what each row declares."""

    design: Design
    sums: Mapping[str, str]
    versions: _Versions
    identities: Mapping[_Key, Identity]


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
    sums = _sums(fabric.pk, using)
    known = _readings.get((using, fabric.pk)) or _Reading(Design(settings), {}, {}, {})
    kinds = [kind for kind in KINDS if sums[kind] != known.sums.get(kind)]
    if kinds:
        known = _read(known, sums, kinds, fabric.pk, using)
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


def _sums(fabric_id: int, using: str) -> dict[str, str]:
    version = 'hashtextextended(xmin::text || ctid::text, 0)'
    parts = [
        f"SELECT '{kind}', count(*) || ' ' || sum({version}) FROM {_table(kind)} WHERE fabric_id = %s"  # noqa: S608
        for kind in KINDS
    ]
    with connections[using].cursor() as cursor:
        cursor.execute(' UNION ALL '.join(parts), [fabric_id] * len(parts))
        return dict(cursor.fetchall())


def _versions(kinds: Iterable[str], fabric_id: int, using: str) -> _Versions:
    found: _Versions = {}
    with connections[using].cursor() as cursor:
        for kind in kinds:
            query = f'SELECT id, xmin::text || ctid::text FROM {_table(kind)} WHERE fabric_id = %s'  # noqa: S608
            cursor.execute(query, [fabric_id])
            found |= {(kind, pk): version for pk, version in cursor.fetchall()}
    return found


def _table(kind: str) -> str:
    return _model(kind)._meta.db_table


def _model(kind: str) -> type[Model]:
    return apps.get_model('netbox_hedgehog', kind)


def _read(known: _Reading, sums: Mapping[str, str], kinds: Collection[str], fabric_id: int, using: str) -> _Reading:
    versions = _versions(kinds, fabric_id, using)
    changed = [key for key, version in versions.items() if known.versions.get(key) != version]
    gone = {key for key in known.versions if key[0] in kinds and key not in versions}
    read = dict(_declarations(changed, using))
    identities = {key: identity for key, identity in known.identities.items() if key not in gone}
    identities |= {key: declaration.identity for key, declaration in read.items()}
    # A row that was deleted and added again has another number, and the same identity.
    removed = {known.identities[key] for key in gone} - {declaration.identity for declaration in read.values()}
    if known.identities:
        design = known.design.with_changes(read.values(), removed)
    else:
        design = Design(known.design.settings, read.values())
    # What went or changed between the queries is read again the next time: it has another version than is kept here.
    kept = {key: version for key, version in known.versions.items() if key not in gone}
    kept |= {key: version for key, version in versions.items() if key in identities}
    return _Reading(design, sums, kept, identities)


def _declarations(keys: list[_Key], using: str) -> Iterator[tuple[_Key, Declaration]]:
    by_kind: dict[str, list[int]] = {}
    for kind, pk in keys:
        by_kind.setdefault(kind, []).append(pk)
    for kind, pks in by_kind.items():
        rows = _model(kind).objects.using(using).filter(pk__in=pks).order_by('pk')
        for pk, *declared in rows.values_list('pk', 'namespace', 'name', 'spec', 'labels', 'annotations'):
            yield (kind, pk), Declaration(KINDS[kind], *declared)
