"""What our pages show beside NetBox's own."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template import Context, Library
from netbox.tables import BaseTable

from ..models import GitRepository, HedgehogFabric, PendingChange, Resource, SyncRun

__all__ = ('draft_notice', 'drafts_shown', 'notice_of')

register = Library()


@register.inclusion_tag('netbox_hedgehog/inc/draft.html', takes_context=True)
def draft_notice(context: Context, shown: Any) -> dict[str, Any]:
    """Say of which fabrics that the page shows something of the design is under way.

    `shown` is a fabric, a repository, a record or a resource, a new one too, or the table of a list.
    """
    request = context['request']
    return notice_of(request, drafts_shown(request, shown))


def notice_of(request: HttpRequest, fabrics: Iterable[HedgehogFabric]) -> dict[str, Any]:
    """Return the fabrics to name, each with whether the user may change it."""
    drafts = list(fabrics)
    if not drafts:
        return {'drafts': []}
    changeable = HedgehogFabric.objects.restrict(request.user, 'change').filter(pk__in=[each.pk for each in drafts])
    numbers = set(changeable.values_list('pk', flat=True))
    return {'drafts': [{'fabric': fabric, 'may_change': fabric.pk in numbers} for fabric in drafts]}


def drafts_shown(request: HttpRequest, shown: Any) -> list[HedgehogFabric]:
    """Return the fabrics whose design is under way, and of which a page shows something."""
    match shown:
        case HedgehogFabric():
            return [shown] if shown.pk and shown.is_draft else []
        case SyncRun() | PendingChange() | Resource() if shown.fabric_id:
            return [shown.fabric] if shown.fabric.is_draft else []
        case GitRepository():
            return list(_drafts(request).filter(repository=shown))
        case BaseTable():
            return _drafts_among(request, shown.data.data)
    return _drafts_asked_for(request, request.POST or request.GET)


def _drafts(request: HttpRequest) -> QuerySet[HedgehogFabric]:
    return HedgehogFabric.objects.restrict(request.user, 'view').filter(is_draft=True)


def _drafts_among(request: HttpRequest, rows: QuerySet[Any]) -> list[HedgehogFabric]:
    """Find the fabrics of the rows of a list, on all of its pages, and those that it is filtered by."""
    if rows.model is HedgehogFabric:
        return list(_drafts(request).filter(pk__in=rows.order_by().values('pk')))
    drafts = list(_drafts(request))
    if not drafts:
        return []
    numbers = [fabric.pk for fabric in drafts]
    present = set(rows.order_by().filter(fabric__in=numbers).values_list('fabric', flat=True).distinct())
    present.update(fabric.pk for fabric in _drafts_asked_for(request, request.GET))
    return [fabric for fabric in drafts if fabric.pk in present]


def _drafts_asked_for(request: HttpRequest, asked: Any) -> list[HedgehogFabric]:
    """Find the fabrics by which a list is filtered, or to which a form adds a resource."""
    given = {value for name in ('fabric', 'fabric_id') for value in asked.getlist(name)}
    return [fabric for fabric in _drafts(request) if {str(fabric.pk), fabric.slug} & given] if given else []
