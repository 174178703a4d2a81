"""What our pages show beside NetBox's own."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.template import Context, Library

from ..models import HedgehogFabric, Resource

__all__ = ('draft_notice', 'drafts_shown', 'notice_of')

register = Library()


@register.inclusion_tag('netbox_hedgehog/inc/draft.html', takes_context=True)
def draft_notice(context: Context, shown: Any) -> dict[str, Any]:
    """Say that the design of the fabric is under way to which the page belongs.

    `shown` is a fabric or a resource, a new one too, or the model whose list is shown.
    """
    request = context['request']
    return notice_of(request, drafts_shown(request, shown))


def notice_of(request: HttpRequest, fabrics: Iterable[HedgehogFabric]) -> dict[str, Any]:
    """Return the fabrics to name, each with whether the user may change it."""
    change = 'netbox_hedgehog.change_hedgehogfabric'
    return {'drafts': [{'fabric': fabric, 'may_change': request.user.has_perm(change, fabric)} for fabric in fabrics]}


def drafts_shown(request: HttpRequest, shown: Any) -> list[HedgehogFabric]:
    """Return the fabrics of a page whose design is under way."""
    if isinstance(shown, HedgehogFabric):
        return [shown] if shown.pk and shown.is_draft else []
    if isinstance(shown, Resource) and shown.fabric_id:
        return [shown.fabric] if shown.fabric.is_draft else []
    return _drafts_asked_for(request)


def _drafts_asked_for(request: HttpRequest) -> list[HedgehogFabric]:
    """Find the fabrics by which a list is filtered, or to which a form adds a resource."""
    asked = request.POST or request.GET
    names = ('fabric', 'fabric_id')
    given = {value for name in names for value in asked.getlist(name)}
    if not given:
        return []
    drafts = HedgehogFabric.objects.restrict(request.user, 'view').filter(is_draft=True)
    return [fabric for fabric in drafts if {str(fabric.pk), fabric.slug} & given]
