"""Whose names a user may read: a record about a resource is as confidential as the resource."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from utilities.permissions import get_permission_for_model

from ..models import HedgehogFabric, model_for

__all__ = ('visible_entries',)


def visible_entries(
    entries: Iterable[Mapping[str, Any]], fabric: HedgehogFabric, user: AbstractBaseUser | AnonymousUser
) -> list[Mapping[str, Any]]:
    """Return the entries (maps with kind, namespace and name) about resources that the user may view.

    One whose row is gone from NetBox is shown to whoever may view the kind. Costs two queries for each kind.
    """
    entries = list(entries)
    hidden: set[tuple[str, str, str]] = set()
    forbidden: set[str] = set()
    for kind in {entry['kind'] for entry in entries}:
        model = model_for(kind)
        if not user.has_perm(get_permission_for_model(model, 'view')):
            forbidden.add(kind)
            continue
        names = {entry['name'] for entry in entries if entry['kind'] == kind}
        rows = model.objects.filter(fabric=fabric, name__in=names)
        seen = set(rows.restrict(user, 'view').values_list('namespace', 'name'))
        hidden.update((kind, *key) for key in rows.values_list('namespace', 'name') if key not in seen)
    return [
        entry
        for entry in entries
        if entry['kind'] not in forbidden and (entry['kind'], entry['namespace'], entry['name']) not in hidden
    ]
