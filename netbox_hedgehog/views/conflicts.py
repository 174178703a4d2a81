"""Showing conflicts, and settling them."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import View
from utilities.views import ConditionalLoginRequiredMixin, GetReturnURLMixin, register_model_view

from ..catalog import KINDS, Identity
from ..forms.manifests import write_value
from ..models import Conflict, FabricModeChoices, HedgehogFabric, RunTriggerChoices, SideChoices
from ..sync.resolve import may_resolve, resolve_conflicts, visible_conflicts
from .passes import start_pass

__all__ = ('HedgehogFabricResolveView', 'conflict_rows')


def conflict_rows(
    user: AbstractBaseUser, fabric: HedgehogFabric, identity: Identity | None = None, *, limit: int = 100
) -> dict[str, Any]:
    """Return the conflicts of a fabric, or of one of its resources, for the panel that shows them."""
    conflicts = visible_conflicts(fabric, user)
    if identity:
        conflicts = conflicts.filter(kind=identity.kind, namespace=identity.namespace, name=identity.name)
    allowed: dict[Identity, bool] = {}
    rows: list[dict[str, Any]] = []
    for conflict in conflicts[:limit]:
        key = conflict.identity
        if key not in allowed:
            allowed[key] = may_resolve(user, fabric, key.kind, key.namespace, key.name)
        rows.append(_row(conflict, is_first=not rows or rows[-1]['identity'] != key, may_resolve=allowed[key]))
    return {'rows': rows, 'fabric': fabric, 'shows_resource': identity is None}


def _row(conflict: Conflict, **more: Any) -> dict[str, Any]:
    return {
        'pk': conflict.pk,
        'identity': conflict.identity,
        'path': conflict.path or _('the whole resource'),
        'base': _text(conflict, conflict.base),
        'ours': _text(conflict, conflict.ours),
        'theirs': _text(conflict, conflict.theirs),
        'decision': conflict.get_decision_display(),
        'since': conflict.since,
        **more,
    }


def _text(conflict: Conflict, value: dict[str, Any]) -> str | None:
    """Return one side of a conflict as YAML; nothing where the side does not have the field."""
    return write_value(KINDS[conflict.kind], value['value']) if 'value' in value else None


@register_model_view(HedgehogFabric, 'resolve')
class HedgehogFabricResolveView(ConditionalLoginRequiredMixin, GetReturnURLMixin, View):
    """Settle conflicts of a fabric's resources in favour of one side.

    It takes the permission to change the resources and none for the fabric: who may edit a field may decide about it.
    """

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead back: a decision is not made by following a link."""
        return redirect(get_object_or_404(HedgehogFabric, pk=pk).get_absolute_url())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record the decision, and start the pass that carries it to the other side."""
        fabric = get_object_or_404(HedgehogFabric, pk=pk)
        side, chosen = _chosen(request, fabric)
        return_url = self.get_return_url(request, fabric)
        if fabric.mode != FabricModeChoices.ACTIVE:
            messages.error(request, _('This fabric is not active; set its mode to active first.'))
            return redirect(return_url)
        conflicts = list(chosen)
        for conflict in conflicts:
            if not may_resolve(request.user, fabric, conflict.kind, conflict.namespace, conflict.name):
                raise PermissionDenied
        count = sum(
            resolve_conflicts(fabric, conflict.kind, conflict.namespace, conflict.name, side, conflict.path)
            for conflict in conflicts
        )
        if count:
            start_pass(request, fabric, RunTriggerChoices.BUTTON)
        else:
            messages.warning(request, _('There is no such conflict any more.'))
        return redirect(return_url)


def _chosen(request: HttpRequest, fabric: HedgehogFabric) -> tuple[str, Iterable[Conflict]]:
    """Read `<side>:<id of a conflict>`, or `<side>:<id>:all` for all of the same resource."""
    side, _colon, rest = request.POST.get('take', '').partition(':')
    number, _colon, extent = rest.partition(':')
    if side not in SideChoices.values() or not number.isdecimal():
        return side, ()
    conflicts = visible_conflicts(fabric, request.user)
    one = conflicts.filter(pk=number).first()
    if one is None or not extent:
        return side, [one] if one else ()
    return side, conflicts.filter(kind=one.kind, namespace=one.namespace, name=one.name)
