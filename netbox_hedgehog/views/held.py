"""What of a fabric waits for a person."""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from utilities.permissions import get_permission_for_model

from ..models import HedgehogFabric, SyncState, model_for

__all__ = ('held_deletions', 'state_rows')


def held_deletions(fabric: HedgehogFabric) -> list[SyncState]:
    """Return the resources whose deletion waits for approval."""
    return list(SyncState.objects.filter(fabric=fabric, is_deletion_held=True).order_by('kind', 'namespace', 'name'))


def state_rows(states: Sequence[SyncState], user: AbstractBaseUser) -> list[dict[str, Any]]:
    """Return the records that the user may see, for `StateTable`; each links to its row if there is one."""
    rows = []
    for kind in dict.fromkeys(state.kind for state in states):
        if not user.has_perm(get_permission_for_model(model_for(kind), 'view')):
            continue
        of_kind = [state for state in states if state.kind == kind]
        urls = _urls(kind, of_kind, user)
        hidden = _hidden(kind, of_kind, urls)
        rows += [
            {
                'status': state.status,
                'kind': kind,
                'name': state.name,
                'reason': state.reason,
                'url': urls.get((state.namespace, state.name), ''),
            }
            for state in of_kind
            if (state.namespace, state.name) not in hidden
        ]
    return rows


def _urls(kind: str, states: Iterable[SyncState], user: AbstractBaseUser) -> dict[tuple[str, str], str]:
    states = list(states)
    rows = model_for(kind).objects.restrict(user, 'view')
    found = rows.filter(fabric=states[0].fabric_id, name__in={state.name for state in states})
    return {(row.namespace, row.name): row.get_absolute_url() for row in found}


def _hidden(kind: str, states: Sequence[SyncState], visible: Container[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the rows that are there and that the user may not view."""
    rows = model_for(kind).objects.filter(fabric=states[0].fabric_id, name__in={state.name for state in states})
    return {key for key in rows.values_list('namespace', 'name') if key not in visible}
