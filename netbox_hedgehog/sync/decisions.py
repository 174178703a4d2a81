"""What a person decides about a pull request that was closed without being merged."""

from django.db import transaction
from django.db.models import Max, QuerySet

from ..catalog import Identity
from ..models import HedgehogFabric, PendingChange, SyncState, SyncStatusChoices, model_for
from .errors import DecisionStale
from .lease import lease
from .proposal import Proposal, proposal_of

__all__ = ('discard', 'newest_change', 'propose_again')


def newest_change(fabric: HedgehogFabric) -> int | None:
    """Return the key of the newest change that waits: a decision is about those up to it."""
    return _waiting(fabric).aggregate(newest=Max('pk'))['newest']


def propose_again(fabric: HedgehogFabric) -> None:
    """Let the next pass open a new request for what was refused; raises `DecisionStale`."""
    with lease(fabric), transaction.atomic():
        _let_go(fabric)
        held = [
            state.pk
            for state in _locked_states(fabric, {change.identity for change in _waiting(fabric)})
            if state.status == SyncStatusChoices.HELD
        ]
        SyncState.objects.filter(pk__in=held).update(status=SyncStatusChoices.PENDING, reason='')


def discard(fabric: HedgehogFabric, newest: int | None) -> int:
    """Give up the changes up to the newest one that was shown, and return of how many resources.

    What NetBox holds becomes the base, so that for the next pass Git's content is a change that nobody contradicts.
    Raises `DecisionStale` if there are newer changes: nobody has seen what would be lost.
    """
    with lease(fabric), transaction.atomic():
        _let_go(fabric)
        # As they are now: a key that is lower may still be committed later.
        changes = list(_waiting(fabric).filter(pk__lte=newest or 0))
        keys = [change.pk for change in changes]
        identities = {change.identity for change in changes}
        # A save has its state's row until it commits: from here on, one is either seen below or comes after us.
        states = _locked_states(fabric, identities)
        if _waiting(fabric).exclude(pk__in=keys).exists():
            raise DecisionStale
        for state in states:
            rows = model_for(state.kind).objects.filter(fabric=fabric, namespace=state.namespace, name=state.name)
            row = rows.first()
            state.base = row.content.tree() if row else None
            state.status, state.reason = SyncStatusChoices.UNKNOWN, ''
            state.save(update_fields=('base', 'status', 'reason'))
        _waiting(fabric).filter(pk__in=keys).delete()
    return len(identities)


def _waiting(fabric: HedgehogFabric) -> QuerySet[PendingChange]:
    return PendingChange.objects.filter(fabric=fabric)


def _let_go(fabric: HedgehogFabric) -> None:
    """Forget the closed request; its branch is kept in mind, for the next one begins there anew."""
    proposal = proposal_of(fabric)
    if not proposal.is_refused:
        raise DecisionStale
    Proposal(branch=proposal.branch, head=proposal.head).store(fabric)


def _locked_states(fabric: HedgehogFabric, identities: set[Identity]) -> list[SyncState]:
    names = {identity.name for identity in identities}
    states = SyncState.objects.filter(fabric=fabric, name__in=names).select_for_update(of=('self',)).order_by('pk')
    return [state for state in states if state.identity in identities]
