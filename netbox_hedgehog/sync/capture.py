"""Recording what people change: an entry in the outbox, in the same transaction as the change itself.

No network here, ever: a save never waits for Git and never fails because of it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, F, Value, When
from django.utils import timezone
from netbox.context import current_request

from ..catalog import Kind
from ..models import PendingChange, Resource, SyncState, SyncStatusChoices
from .context import is_engine_writing

__all__ = ('capture', 'capture_many')


def capture(resource: Resource, action: str, *, using: str) -> bool:
    """Record that a resource was saved or deleted; tell whether something was recorded.

    Writes in another schema (a NetBox branch) are not captured: merging the branch writes to the main one.
    """
    key = (resource.fabric_id, resource.namespace, resource.name)
    # Over REST this may be anything that JSON has.
    message = str(getattr(resource, '_changelog_message', None) or '')
    return capture_many(resource.kind, [key], action, using=using, message=message)


def capture_many(
    kind: Kind, keys: Sequence[tuple[int, str, str]], action: str, *, using: str, message: str = ''
) -> bool:
    """Record one action on many resources of a kind, given as (fabric id, namespace, name)."""
    if using != DEFAULT_DB_ALIAS or is_engine_writing():
        return False
    who = _author()
    PendingChange.objects.bulk_create(
        PendingChange(
            fabric_id=fabric,
            group=kind.group,
            kind=kind.name,
            namespace=namespace,
            name=name,
            action=action,
            message=message[:200],
            **who,
        )
        for fabric, namespace, name in keys
    )
    for fabric, namespace, name in keys:
        _mark_pending(kind, fabric, namespace, name)
    return True


def _author() -> dict[str, Any]:
    request = current_request.get()
    user = getattr(request, 'user', None)
    known = user if user is not None and user.is_authenticated else None
    return {
        'user': known,
        'user_name': known.get_username() if known else '',
        'request_id': getattr(request, 'id', None),
    }


def _mark_pending(kind: Kind, fabric: int, namespace: str, name: str) -> None:
    """Show the resource as pending from this transaction on; what both sides agreed on stays as it was."""
    now = timezone.now()
    pending = SyncStatusChoices.PENDING
    # Always a write: the row lock makes a pass that is about to record this resource as in sync see the new change.
    states = SyncState.objects.filter(fabric=fabric, kind=kind.name, namespace=namespace, name=name)
    changed = states.update(
        status=pending, reason='', since=Case(When(status=pending, then=F('since')), default=Value(now))
    )
    if not changed:
        SyncState.objects.bulk_create(
            [
                SyncState(
                    fabric_id=fabric,
                    group=kind.group,
                    kind=kind.name,
                    namespace=namespace,
                    name=name,
                    status=pending,
                    since=now,
                )
            ],
            ignore_conflicts=True,
        )
        # A pass may have made it meanwhile.
        states.update(status=pending, reason='')
