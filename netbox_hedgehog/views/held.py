"""What of a fabric waits for a person."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from utilities.permissions import get_permission_for_model

from ..models import GitFile, HedgehogFabric, SyncState, SyncStatusChoices, model_for

__all__ = ('held_deletions', 'state_rows')


def held_deletions(fabric: HedgehogFabric) -> list[SyncState]:
    """Return the resources whose deletion is held: both sides had agreed on them, and Git no longer has them."""
    held = list(SyncState.objects.filter(fabric=fabric, status=SyncStatusChoices.HELD, base__isnull=False))
    files = GitFile.objects.filter(fabric=fabric, path__in={state.path for state in held})
    present = {
        (document['kind'], document['namespace'], document['name'])
        for documents in files.values_list('documents', flat=True)
        for document in documents
    }
    return [state for state in held if (state.kind, state.namespace, state.name) not in present]


def state_rows(states: Sequence[SyncState], user: AbstractBaseUser) -> list[dict[str, Any]]:
    """Return the records, of kinds that the user may see, for `StateTable`; each links to its row if there is one."""
    rows = []
    for kind in dict.fromkeys(state.kind for state in states):
        if not user.has_perm(get_permission_for_model(model_for(kind), 'view')):
            continue
        of_kind = [state for state in states if state.kind == kind]
        urls = _urls(kind, of_kind, user)
        rows += [
            {
                'status': state.status,
                'kind': kind,
                'name': state.name,
                'reason': state.reason,
                'url': urls.get((state.namespace, state.name), ''),
            }
            for state in of_kind
        ]
    return rows


def _urls(kind: str, states: Iterable[SyncState], user: AbstractBaseUser) -> dict[tuple[str, str], str]:
    states = list(states)
    rows = model_for(kind).objects.restrict(user, 'view')
    found = rows.filter(fabric=states[0].fabric_id, name__in={state.name for state in states})
    return {(row.namespace, row.name): row.get_absolute_url() for row in found}
