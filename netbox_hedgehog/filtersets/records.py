"""Filters of what the synchroniser records."""

import re

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from netbox.filtersets import BaseFilterSet
from users.models import User
from utilities.filtersets import register_filterset

from ..catalog import KINDS
from ..models import (
    ChangeActionChoices,
    HedgehogFabric,
    PendingChange,
    RunStatusChoices,
    RunTriggerChoices,
    SyncRun,
)

__all__ = ('PendingChangeFilterSet', 'SyncRunFilterSet')

_IDENTITY = re.compile(r'(?P<kind>\w+) (?P<namespace>[^/ ]+)/(?P<name>[^/ ]+)')


class _FabricRecordFilterSet(BaseFilterSet):
    q = django_filters.CharFilter(method='search', label=_('Search'))
    fabric_id = django_filters.ModelMultipleChoiceFilter(
        queryset=HedgehogFabric.objects.all(), distinct=False, label=_('Fabric (ID)')
    )
    fabric = django_filters.ModelMultipleChoiceFilter(
        field_name='fabric__slug',
        queryset=HedgehogFabric.objects.all(),
        distinct=False,
        to_field_name='slug',
        label=_('Fabric (slug)'),
    )
    user_id = django_filters.ModelMultipleChoiceFilter(
        queryset=User.objects.all(), distinct=False, label=_('User (ID)')
    )
    user = django_filters.ModelMultipleChoiceFilter(
        field_name='user__username',
        queryset=User.objects.all(),
        distinct=False,
        to_field_name='username',
        label=_('User (name)'),
    )


@register_filterset
class PendingChangeFilterSet(_FabricRecordFilterSet):
    """Filter pending changes."""

    kind = django_filters.MultipleChoiceFilter(choices=[(name, name) for name in KINDS], distinct=False)
    action = django_filters.MultipleChoiceFilter(choices=ChangeActionChoices, distinct=False)

    class Meta:
        model = PendingChange
        fields = ('id', 'group', 'namespace', 'name', 'user_name', 'request_id', 'message', 'created')

    def search(self, queryset: QuerySet[PendingChange], name: str, value: str) -> QuerySet[PendingChange]:
        """Look into name, user and message."""
        value = value.strip()
        if not value:
            return queryset
        return queryset.filter(Q(name__icontains=value) | Q(user_name__icontains=value) | Q(message__icontains=value))


@register_filterset
class SyncRunFilterSet(_FabricRecordFilterSet):
    """Filter sync runs."""

    status = django_filters.MultipleChoiceFilter(choices=RunStatusChoices, distinct=False)
    trigger = django_filters.MultipleChoiceFilter(choices=RunTriggerChoices, distinct=False)
    resource = django_filters.CharFilter(
        method='filter_resource', label=_('Resource that was changed, as <kind> <namespace>/<name>')
    )

    class Meta:
        model = SyncRun
        fields = ('id', 'batch', 'started', 'completed', 'commit_before', 'commit_after', 'error', 'requests')

    def search(self, queryset: QuerySet[SyncRun], name: str, value: str) -> QuerySet[SyncRun]:
        """Look for a commit, or for words of the error."""
        value = value.strip()
        if not value:
            return queryset
        return queryset.filter(
            Q(commit_before__istartswith=value) | Q(commit_after__istartswith=value) | Q(error__icontains=value)
        )

    def filter_resource(self, queryset: QuerySet[SyncRun], name: str, value: str) -> QuerySet[SyncRun]:
        """Keep the passes that changed a resource on either side."""
        identity = _IDENTITY.fullmatch(value.strip())
        return queryset.filter(changes__contains=[identity.groupdict()]) if identity else queryset.none()
