"""Filters of fabrics and repositories."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from netbox.filtersets import PrimaryModelFilterSet
from utilities.filtersets import register_filterset

from ..models import ConnectionStatusChoices, FabricModeChoices, GitRepository, HedgehogFabric

__all__ = ('GitRepositoryFilterSet', 'HedgehogFabricFilterSet')


@register_filterset
class GitRepositoryFilterSet(PrimaryModelFilterSet):
    """Filter Git repositories."""

    class Meta:
        model = GitRepository
        fields = ('id', 'name', 'url', 'default_branch', 'description')

    def search(self, queryset: QuerySet[GitRepository], name: str, value: str) -> QuerySet[GitRepository]:
        """Look into name, address and description."""
        value = value.strip()
        if not value:
            return queryset
        return queryset.filter(
            Q(name__icontains=value)
            | Q(url__icontains=value)
            | Q(description__icontains=value)
            | Q(comments__icontains=value)
        )


@register_filterset
class HedgehogFabricFilterSet(PrimaryModelFilterSet):
    """Filter fabrics."""

    repository_id = django_filters.ModelMultipleChoiceFilter(
        queryset=GitRepository.objects.all(), distinct=False, label=_('Repository (ID)')
    )
    repository = django_filters.ModelMultipleChoiceFilter(
        field_name='repository__name',
        queryset=GitRepository.objects.all(),
        distinct=False,
        to_field_name='name',
        label=_('Repository (name)'),
    )
    mode = django_filters.MultipleChoiceFilter(choices=FabricModeChoices, distinct=False)
    connection = django_filters.MultipleChoiceFilter(
        field_name='state__connection', choices=ConnectionStatusChoices, distinct=False, label=_('Connection')
    )

    class Meta:
        model = HedgehogFabric
        fields = (
            'id',
            'name',
            'slug',
            'branch',
            'directory',
            'commit_window_seconds',
            'deletion_limit',
            'deletion_percent',
            'description',
        )

    def search(self, queryset: QuerySet[HedgehogFabric], name: str, value: str) -> QuerySet[HedgehogFabric]:
        """Look into name, slug, directory and description."""
        value = value.strip()
        if not value:
            return queryset
        return queryset.filter(
            Q(name__icontains=value)
            | Q(slug__icontains=value)
            | Q(directory__icontains=value)
            | Q(description__icontains=value)
            | Q(comments__icontains=value)
        )
