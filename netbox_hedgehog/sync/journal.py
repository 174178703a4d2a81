"""What a pass was about to commit: written before the push, so that a commit whose record was lost is recognised.

A worker may die, or its answer may get lost, between the commit and the transaction that records it. Without the
journal the next pass would compare with a base from before the commit, and take what we wrote for somebody else's
change.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from ..catalog import Identity
from ..models import FabricState, HedgehogFabric, SyncState, SyncStatusChoices
from ..reconcile import Agreed, Gone, NetBoxSnapshot, Plan
from ..repositories import EmptyRepository, Repository

__all__ = ('adopt', 'adopt_lost_commit', 'entry_of', 'is_settled', 'write_journal')

# How far back a lost commit is looked for.
_COMMITS = 200


def write_journal(fabric: HedgehogFabric, plan: Plan, netbox: NetBoxSnapshot, batch: str) -> None:
    """Note which batch is about to be committed, and what NetBox held of each resource in it.

    What NetBox held is what both sides agree on once the commit stands: whatever the commit took from Git besides is
    then still seen as Git's change, and whatever a person edits afterwards as theirs.
    """
    entries = [[*entry_of(identity, netbox)] for identity in plan.committed if is_settled(plan, identity)]
    FabricState.objects.update_or_create(fabric=fabric, defaults={'journal': {'batch': batch, 'entries': entries}})


def is_settled(plan: Plan, identity: Identity) -> bool:
    """Tell whether both sides agree on a resource once the plan's files stand."""
    return isinstance(plan.outcomes.get(identity), Agreed | Gone)


def entry_of(identity: Identity, netbox: NetBoxSnapshot) -> tuple[object, ...]:
    """Return what NetBox held of a resource, as it is noted: its identity, and its content or None."""
    content = netbox.rows.get(identity)
    return identity.group, identity.kind, identity.namespace, identity.name, content and content.tree()


def adopt(fabric: HedgehogFabric, entries: Iterable[Sequence[Any]]) -> None:
    """Make noted contents the base: what both sides have agreed on."""
    for *identity, tree in entries:
        _adopt(fabric, Identity(*identity), tree)


def adopt_lost_commit(fabric: HedgehogFabric, repository: Repository) -> None:
    """Make the noted contents the base if the noted batch is in the history; the note has then done its work."""
    state = FabricState.objects.filter(fabric=fabric).exclude(journal={}).first()
    if state is None:
        return
    entries = state.journal['entries'] if _is_committed(fabric, repository, state) else []
    with transaction.atomic():
        adopt(fabric, entries)
        FabricState.objects.filter(fabric=fabric).update(journal={})


def _is_committed(fabric: HedgehogFabric, repository: Repository, state: FabricState) -> bool:
    try:
        head = repository.head()
    except EmptyRepository:
        return False
    trailer = f'HNP-Batch: {state.journal["batch"]}'
    for commit in repository.log(fabric.prefix, start=head, limit=_COMMITS):
        if trailer in commit.message.splitlines():
            return True
        if commit.sha == state.commit:
            return False
    return False


def _adopt(fabric: HedgehogFabric, identity: Identity, tree: dict[str, object] | None) -> None:
    known = SyncState.objects.filter(
        fabric=fabric, kind=identity.kind, namespace=identity.namespace, name=identity.name
    ).update(base=tree)
    if not known and tree is not None:
        SyncState.objects.create(
            fabric=fabric,
            group=identity.group,
            kind=identity.kind,
            namespace=identity.namespace,
            name=identity.name,
            base=tree,
            status=SyncStatusChoices.PENDING,
        )
