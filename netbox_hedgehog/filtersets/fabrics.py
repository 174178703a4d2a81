"""Filters of fabrics, repositories and credentials."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from netbox.filtersets import PrimaryModelFilterSet
from utilities.filtersets import register_filterset

from ..models import (
    AuthorshipChoices,
    ConnectionStatusChoices,
    CredentialTypeChoices,
    FabricModeChoices,
    ForgeChoices,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    ReleaseChoices,
    WriteMethodChoices,
)

__all__ = ('GitCredentialFilterSet', 'GitRepositoryFilterSet', 'HedgehogFabricFilterSet')


@register_filterset
class GitCredentialFilterSet(PrimaryModelFilterSet):
    """Filter Git credentials; there is no filter for the secret, which could be guessed letter by letter with one."""

    type = django_filters.MultipleChoiceFilter(choices=CredentialTypeChoices, distinct=False)

    class Meta:
        model = GitCredential
        fields = ('id', 'name', 'host', 'username', 'app_id', 'installation_id', 'reference', 'description')

    def search(self, queryset: QuerySet[GitCredential], name: str, value: str) -> QuerySet[GitCredential]:
        """Look into name, server, reference and description."""
        value = value.strip()
        if not value:
            return queryset
        return queryset.filter(
            Q(name__icontains=value)
            | Q(host__icontains=value)
            | Q(reference__icontains=value)
            | Q(description__icontains=value)
            | Q(comments__icontains=value)
        )


@register_filterset
class GitRepositoryFilterSet(PrimaryModelFilterSet):
    """Filter Git repositories."""

    forge = django_filters.MultipleChoiceFilter(choices=ForgeChoices, distinct=False)
    credential_id = django_filters.ModelMultipleChoiceFilter(
        queryset=GitCredential.objects.all(), distinct=False, label=_('Credential (ID)')
    )
    credential = django_filters.ModelMultipleChoiceFilter(
        field_name='credential__name',
        queryset=GitCredential.objects.all(),
        distinct=False,
        to_field_name='name',
        label=_('Credential (name)'),
    )

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
    write_method = django_filters.MultipleChoiceFilter(choices=WriteMethodChoices, distinct=False)
    authorship = django_filters.MultipleChoiceFilter(choices=AuthorshipChoices, distinct=False)
    release = django_filters.MultipleChoiceFilter(choices=ReleaseChoices, distinct=False)
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
            'reviewers',
            'deletion_limit',
            'deletion_percent',
            'is_installed',
            'is_draft',
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
