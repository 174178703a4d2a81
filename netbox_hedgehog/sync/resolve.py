"""Conflicts as people meet them: who sees them, who may settle them, and how a decision is recorded."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from utilities.permissions import get_permission_for_model

from ..models import (
    ChangeActionChoices,
    Conflict,
    HedgehogFabric,
    SideChoices,
    SyncState,
    SyncStatusChoices,
    model_for,
)
from .capture import capture_many

__all__ = ('may_resolve', 'resolve_conflicts', 'visible_conflicts')

type User = AbstractBaseUser | AnonymousUser


def visible_conflicts(fabric: HedgehogFabric, user: User) -> QuerySet[Conflict]:
    """Return the conflicts of a fabric that are about resources which the user may view.

    A conflict shows what is in a resource, so it is as confidential as the resource. One whose row is gone from NetBox
    is shown to whoever may view the kind. One that is settled in an open pull request is none any more.
    """
    proposed = SyncState.objects.filter(
        fabric=OuterRef('fabric'),
        kind=OuterRef('kind'),
        namespace=OuterRef('namespace'),
        name=OuterRef('name'),
        status=SyncStatusChoices.PROPOSED,
    )
    conflicts = Conflict.objects.filter(~Exists(proposed), fabric=fabric)
    visible = Q(pk__in=())
    for kind in conflicts.order_by().values_list('kind', flat=True).distinct():
        model = model_for(kind)
        if user.has_perm(get_permission_for_model(model, 'view')):
            rows = model.objects.filter(
                fabric=OuterRef('fabric'), namespace=OuterRef('namespace'), name=OuterRef('name')
            )
            visible |= Q(kind=kind) & (Exists(rows.restrict(user, 'view')) | ~Exists(rows))
    return conflicts.filter(visible)


def may_resolve(user: User, fabric: HedgehogFabric, kind: str, namespace: str, name: str) -> bool:
    """Tell whether a user may settle the conflicts of a resource: it takes the permission to change that resource.

    Where one side deleted it, settling creates or deletes a resource, so it takes these permissions too.
    """
    model = model_for(kind)
    resource = model.objects.filter(fabric=fabric, namespace=namespace, name=name).first()
    conflicts = Conflict.objects.filter(fabric=fabric, kind=kind, namespace=namespace, name=name)
    actions = ['change', *(['add', 'delete'] if conflicts.filter(path='').exists() else [])]
    return all(user.has_perm(get_permission_for_model(model, action), obj=resource) for action in actions)


@transaction.atomic
def resolve_conflicts(
    fabric: HedgehogFabric, kind: str, namespace: str, name: str, side: str, path: str | None = None
) -> int:
    """Record that `side` (a value of `SideChoices`) settles one resource's conflicts; return how many there were.

    `path` names a single field as its conflict does, None means all of them. Neither side is written here: the decision
    goes through the outbox like any other change, in the name of the current user, and the caller enqueues the pass
    that applies it.
    """
    conflicts = Conflict.objects.filter(fabric=fabric, kind=kind, namespace=namespace, name=name)
    if path is not None:
        conflicts = conflicts.filter(path=path)
    count = conflicts.update(decision=side)
    if count:
        capture_many(
            model_for(kind).kind,
            [(fabric.pk, namespace, name)],
            ChangeActionChoices.UPDATE,
            using=DEFAULT_DB_ALIAS,
            message=f'Settle the conflict in favour of {dict(SideChoices)[side]}',
        )
    return count
