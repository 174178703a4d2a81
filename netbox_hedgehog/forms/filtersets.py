"""Forms that filter lists."""

from django import forms
from django.utils.translation import gettext_lazy as _
from netbox.forms import NetBoxModelFilterSetForm, PrimaryModelFilterSetForm
from users.models import User
from utilities.forms import BOOLEAN_WITH_BLANK_CHOICES
from utilities.forms.fields import DynamicModelMultipleChoiceField, MultipleChoiceField, TagFilterField
from utilities.forms.rendering import FieldSet

from ..catalog import KINDS
from ..models import (
    RESOURCE_MODELS,
    AuthorshipChoices,
    ChangeActionChoices,
    ConnectionStatusChoices,
    CredentialTypeChoices,
    FabricModeChoices,
    ForgeChoices,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    PendingChange,
    ReleaseChoices,
    Resource,
    RunStatusChoices,
    RunTriggerChoices,
    SyncRun,
    SyncStatusChoices,
    WriteMethodChoices,
)

__all__ = (
    'RESOURCE_FILTER_FORMS',
    'GitCredentialFilterForm',
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


class GitCredentialFilterForm(PrimaryModelFilterSetForm):
    """Filter Git credentials."""

    model = GitCredential
    name = forms.CharField(required=False, label=_('Name'))
    type = MultipleChoiceField(choices=CredentialTypeChoices, required=False, label=_('Type'))
    host = forms.CharField(required=False, label=_('Server'))
    tag = TagFilterField(GitCredential)

    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('name', 'type', 'host', name=_('Git credential')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )


class GitRepositoryFilterForm(PrimaryModelFilterSetForm):
    """Filter Git repositories."""

    model = GitRepository
    name = forms.CharField(required=False, label=_('Name'))
    url = forms.CharField(required=False, label=_('URL'))
    default_branch = forms.CharField(required=False, label=_('Default branch'))
    forge = MultipleChoiceField(choices=ForgeChoices, required=False, label=_('Kind of server'))
    credential_id = DynamicModelMultipleChoiceField(
        queryset=GitCredential.objects.all(), required=False, label=_('Credential')
    )
    tag = TagFilterField(GitRepository)

    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('name', 'url', 'default_branch', name=_('Git repository')),
        FieldSet('forge', 'credential_id', name=_('Access')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )


class HedgehogFabricFilterForm(PrimaryModelFilterSetForm):
    """Filter fabrics."""

    model = HedgehogFabric
    repository_id = DynamicModelMultipleChoiceField(
        queryset=GitRepository.objects.all(), required=False, label=_('Repository')
    )
    mode = MultipleChoiceField(choices=FabricModeChoices, required=False, label=_('Mode'))
    write_method = MultipleChoiceField(choices=WriteMethodChoices, required=False, label=_('Way of writing'))
    authorship = MultipleChoiceField(choices=AuthorshipChoices, required=False, label=_('Authorship'))
    connection = MultipleChoiceField(choices=ConnectionStatusChoices, required=False, label=_('Connection'))
    branch = forms.CharField(required=False, label=_('Branch'))
    directory = forms.CharField(required=False, label=_('Directory'))
    release = MultipleChoiceField(choices=ReleaseChoices, required=False, label=_('Hedgehog release'))
    is_installed = forms.NullBooleanField(
        required=False, label=_('Installed'), widget=forms.Select(choices=BOOLEAN_WITH_BLANK_CHOICES)
    )
    is_draft = forms.NullBooleanField(
        required=False, label=_('Design under way'), widget=forms.Select(choices=BOOLEAN_WITH_BLANK_CHOICES)
    )
    tag = TagFilterField(HedgehogFabric)

    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('repository_id', 'branch', 'directory', name=_('Git')),
        FieldSet('mode', 'connection', 'write_method', 'authorship', name=_('Synchronisation')),
        FieldSet('release', 'is_installed', 'is_draft', name=_('Validation')),
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
