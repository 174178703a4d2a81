"""Filters of the fifteen kinds."""

from collections.abc import Sequence

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from netbox.filtersets import PrimaryModelFilterSet
from utilities.filtersets import register_filterset

from ..models import RESOURCE_MODELS, HedgehogFabric, Resource, SyncState, SyncStatusChoices

__all__ = ('RESOURCE_FILTERSETS', 'ResourceFilterSet')


class ResourceFilterSet(PrimaryModelFilterSet):
    """Filters that all kinds share."""

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
    sync_status = django_filters.MultipleChoiceFilter(
        choices=SyncStatusChoices, distinct=False, method='filter_sync_status', label=_('Sync status')
    )

    class Meta:
        fields = ('id', 'namespace', 'name', 'description')

    def search(self, queryset: QuerySet[Resource], name: str, value: str) -> QuerySet[Resource]:
        """Look into names and descriptions, and into whatever the spec says: an address, a VLAN, a port."""
        value = value.strip()
        if not value:
            return queryset
        return queryset.alias(spec_text=Cast('spec', TextField())).filter(
            Q(name__icontains=value)
            | Q(description__icontains=value)
            | Q(comments__icontains=value)
            | Q(spec_text__icontains=value)
        )

    def filter_sync_status(self, queryset: QuerySet[Resource], name: str, value: Sequence[str]) -> QuerySet[Resource]:
        """Keep the rows whose record has one of the statuses; a row without a record is unknown."""
        states = SyncState.objects.filter(
            fabric=OuterRef('fabric'),
            kind=queryset.model.kind.name,
            namespace=OuterRef('namespace'),
            name=OuterRef('name'),
        )
        condition = Q(Exists(states.filter(status__in=value)))
        if SyncStatusChoices.UNKNOWN in value:
            condition |= ~Exists(states)
        return queryset.filter(condition)


def _filterset_for(model: type[Resource]) -> type[ResourceFilterSet]:
    filterset = type(
        f'{model.__name__}FilterSet',
        (ResourceFilterSet,),
        {
            '__module__': 'netbox_hedgehog.filtersets',
            '__doc__': f'Filter resources of the kind {model.kind.name}.',
            'Meta': type('Meta', (ResourceFilterSet.Meta,), {'model': model}),
        },
    )
    return register_filterset(filterset)


RESOURCE_FILTERSETS = {filterset.__name__: filterset for filterset in map(_filterset_for, RESOURCE_MODELS)}
