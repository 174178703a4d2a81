"""The order in which several resources go: each after those that refer to it."""

from contextlib import suppress
from graphlib import CycleError, TopologicalSorter

from django.db.models import Case, QuerySet, Value, When

from ..catalog import Identity
from ..models import HedgehogFabric, Resource, design_of

__all__ = ('referrers_first',)


def referrers_first(rows: QuerySet[Resource], selected: QuerySet[Resource]) -> QuerySet[Resource]:
    """Order rows so that those that are selected can be deleted one by one, where nothing else refers to them.

    NetBox deletes a selection in the order of its query, and a resource stays while another one refers to it. Those
    that refer to each other in a circle have no such order: they stay.
    """
    kind = selected.model.kind
    by_fabric: dict[int, dict[Identity, int]] = {}
    for fabric, namespace, name, pk in selected.order_by().values_list('fabric', 'namespace', 'name', 'pk'):
        by_fabric.setdefault(fabric, {})[Identity(kind.group, kind.name, namespace, name)] = pk
    turns: dict[int, int] = {}
    for fabric in HedgehogFabric.objects.filter(pk__in=by_fabric):
        turns |= _turns(fabric, by_fabric[fabric.pk])
    if not turns:
        return rows
    order = Case(*(When(pk=pk, then=Value(turn)) for pk, turn in turns.items()), default=Value(0))
    return rows.order_by(order, *rows.model._meta.ordering)


def _turns(fabric: HedgehogFabric, chosen: dict[Identity, int]) -> dict[int, int]:
    """Return when each of those that others refer to, or that refer to others, is due; nothing where none do."""
    design = design_of(fabric)
    among = {identity: [other for other in design.referrers(identity) if other in chosen] for identity in chosen}
    sorter = TopologicalSorter({identity: others for identity, others in among.items() if others})
    with suppress(CycleError):
        sorter.prepare()
    turns: dict[int, int] = {}
    while due := sorter.get_ready():
        turns |= dict.fromkeys((chosen[identity] for identity in due), max(turns.values(), default=-1) + 1)
        sorter.done(*due)
    return turns
