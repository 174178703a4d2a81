"""Forms that filter lists."""

from django import forms
from django.utils.translation import gettext_lazy as _
from netbox.forms import NetBoxModelFilterSetForm, PrimaryModelFilterSetForm
from users.models import User
from utilities.forms.fields import DynamicModelMultipleChoiceField, MultipleChoiceField, TagFilterField
from utilities.forms.rendering import FieldSet

from ..catalog import KINDS
from ..models import (
    RESOURCE_MODELS,
    ChangeActionChoices,
    ConnectionStatusChoices,
    FabricModeChoices,
    GitRepository,
    HedgehogFabric,
    PendingChange,
    Resource,
    RunStatusChoices,
    RunTriggerChoices,
    SyncRun,
    SyncStatusChoices,
)

__all__ = (
    'RESOURCE_FILTER_FORMS',
    'GitRepositoryFilterForm',
    'HedgehogFabricFilterForm',
    'PendingChangeFilterForm',
    'ResourceFilterForm',
    'SyncRunFilterForm',
)


class _FabricForm(forms.Form):
    fabric_id = DynamicModelMultipleChoiceField(
        queryset=HedgehogFabric.objects.all(), required=False, label=_('Fabric')
    )


class GitRepositoryFilterForm(PrimaryModelFilterSetForm):
    """Filter Git repositories."""

    model = GitRepository
    name = forms.CharField(required=False, label=_('Name'))
    url = forms.CharField(required=False, label=_('URL'))
    default_branch = forms.CharField(required=False, label=_('Default branch'))
    tag = TagFilterField(GitRepository)

    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('name', 'url', 'default_branch', name=_('Git repository')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )


class HedgehogFabricFilterForm(PrimaryModelFilterSetForm):
    """Filter fabrics."""

    model = HedgehogFabric
    repository_id = DynamicModelMultipleChoiceField(
        queryset=GitRepository.objects.all(), required=False, label=_('Repository')
    )
    mode = MultipleChoiceField(choices=FabricModeChoices, required=False, label=_('Mode'))
    connection = MultipleChoiceField(choices=ConnectionStatusChoices, required=False, label=_('Connection'))
    branch = forms.CharField(required=False, label=_('Branch'))
    directory = forms.CharField(required=False, label=_('Directory'))
    tag = TagFilterField(HedgehogFabric)

    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('repository_id', 'branch', 'directory', name=_('Git')),
        FieldSet('mode', 'connection', name=_('Synchronisation')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )


class ResourceFilterForm(_FabricForm, PrimaryModelFilterSetForm):
    """Filter resources of any kind."""

    namespace = forms.CharField(required=False, label=_('Namespace'))
    name = forms.CharField(required=False, label=_('Name'))
    sync_status = MultipleChoiceField(choices=SyncStatusChoices, required=False, label=_('Sync status'))

    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('fabric_id', 'namespace', 'name', 'sync_status', name=_('Resource')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )


class PendingChangeFilterForm(_FabricForm, NetBoxModelFilterSetForm):
    """Filter pending changes."""

    model = PendingChange
    kind = MultipleChoiceField(choices=[(name, name) for name in KINDS], required=False, label=_('Kind'))
    name = forms.CharField(required=False, label=_('Name'))
    action = MultipleChoiceField(choices=ChangeActionChoices, required=False, label=_('Action'))
    user_id = DynamicModelMultipleChoiceField(queryset=User.objects.all(), required=False, label=_('User'))

    fieldsets = (FieldSet('q', 'filter_id'), FieldSet('fabric_id', 'kind', 'name', 'action', 'user_id'))


class SyncRunFilterForm(_FabricForm, NetBoxModelFilterSetForm):
    """Filter sync runs."""

    model = SyncRun
    status = MultipleChoiceField(choices=RunStatusChoices, required=False, label=_('Status'))
    trigger = MultipleChoiceField(choices=RunTriggerChoices, required=False, label=_('Trigger'))
    user_id = DynamicModelMultipleChoiceField(queryset=User.objects.all(), required=False, label=_('User'))

    fieldsets = (FieldSet('q', 'filter_id'), FieldSet('fabric_id', 'status', 'trigger', 'user_id'))


def _form_for(model: type[Resource]) -> type[ResourceFilterForm]:
    return type(
        f'{model.__name__}FilterForm',
        (ResourceFilterForm,),
        {
            '__module__': 'netbox_hedgehog.forms',
            '__doc__': f'Filter resources of the kind {model.kind.name}.',
            'model': model,
            'tag': TagFilterField(model),
        },
    )


RESOURCE_FILTER_FORMS = {form.__name__: form for form in map(_form_for, RESOURCE_MODELS)}
