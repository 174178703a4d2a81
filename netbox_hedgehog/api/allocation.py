"""Giving free values of a fabric to its resources: never one value to two, however many ask at once."""

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import router, transaction
from django.utils.translation import gettext as _
from netbox.api.viewsets.mixins import discard_events_on_rollback
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.serializers import as_serializer_error
from utilities.exceptions import AbortRequest

from ..catalog import DEFAULT_NAMESPACE, Identity
from ..catalog.paths import Path
from ..models import HedgehogFabric, Resource, design_of
from ..models.permissions import permission_needed
from ..models.turns import take_turn

__all__ = ('Allocation', 'allocation')


@contextmanager
def allocation(user: AbstractBaseUser, fabric: HedgehogFabric) -> Iterator['Allocation']:
    """Give out values of a fabric, all of them or none, while nobody else does, nor saves any that are free."""
    using = router.db_for_write(Resource)
    with transaction.atomic(using=using), discard_events_on_rollback(Allocation, using=using):
        take_turn(fabric.pk, using)
        given = Allocation(user, fabric)
        yield given
        given.save()


class Allocation:
    """The design of a fabric while values are given out, and the resources that get them."""

    def __init__(self, user: AbstractBaseUser, fabric: HedgehogFabric) -> None:
        self.design = design_of(fabric)
        self._user = user
        self._fabric = fabric
        self._rows: dict[Identity, Resource] = {}

    def find(self, model: type[Resource], name: str, field: str) -> Resource:
        """Return the resource that a field of the request names, to be changed."""
        rows = model.objects.filter(fabric=self._fabric, namespace=DEFAULT_NAMESPACE, name=name)
        row = rows.restrict(self._user, 'view').first() or rows.restrict(self._user, 'change').first()
        if row is None:
            message = _('There is no {kind} {name} in this fabric; add it, or write another.')
            raise ValidationError({field: [message.format(kind=model.kind.name, name=name)]})
        return self.change(row)

    def change(self, resource: Resource) -> Resource:
        """Read a resource again to change it; it stays locked until the transaction ends."""
        if resource.identity in self._rows:
            return self._rows[resource.identity]
        rows = type(resource).objects.restrict(self._user, 'change')
        row = rows.select_for_update(of=('self',)).filter(pk=resource.pk).first()
        if row is None:
            raise PermissionDenied(permission_needed(type(resource), 'change'))
        if not isinstance(row.spec, dict):
            message = _('The spec of {resource} is no map; mend it first.')
            raise ValidationError({'spec': [message.format(resource=row.identity)]})
        row.snapshot()
        row.spec = copy.deepcopy(row.spec)
        self._rows[row.identity] = row
        return row

    def put(self, row: Resource, path: Path, value: Any) -> None:
        """Write a value into a field of a resource; maps on the way are added where they are missing."""
        place: Any = row.spec
        for step in path[1:-1]:
            if isinstance(place, dict) and place.get(step) is None:
                place[step] = {}
            place = place[step]
        place[path[-1]] = value
        self.design = self.design.with_changes([row.declaration])

    def save(self) -> None:
        """Save what has changed, each resource once: checked, logged, and still permitted afterwards."""
        for row in self._rows.values():
            try:
                row.full_clean()
                row.save()
            except ModelValidationError as refused:
                raise ValidationError(as_serializer_error(refused)) from refused
            except AbortRequest as refused:
                raise ValidationError({'detail': refused.message}) from refused
            if not type(row).objects.restrict(self._user, 'change').filter(pk=row.pk).exists():
                raise PermissionDenied(permission_needed(type(row), 'change'))

    def take_message(self, row: Resource, wanted: Mapping[str, Any]) -> None:
        """Take the message for the change log over from the request."""
        if wanted.get('changelog_message'):
            row._changelog_message = wanted['changelog_message']
