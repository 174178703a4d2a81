"""Forms that change many objects at once."""

from django import forms
from django.utils.translation import gettext_lazy as _
from netbox.forms import PrimaryModelBulkEditForm
from utilities.forms import add_blank_choice
from utilities.forms.fields import ChoiceField, DynamicModelChoiceField
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import BulkEditNullBooleanSelect

from ..catalog import JSON
from ..models import (
    RESOURCE_MODELS,
    AuthorshipChoices,
    FabricModeChoices,
    ForgeChoices,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    ReleaseChoices,
    Resource,
    WriteMethodChoices,
)
from ..models.validators import validate_branch
from .fields import MapField
from .manifests import write_spec

__all__ = (
    'RESOURCE_BULK_EDIT_FORMS',
    'GitCredentialBulkEditForm',
    'GitRepositoryBulkEditForm',
    'HedgehogFabricBulkEditForm',
    'ResourceBulkEditForm',
    'merge_patch',
)


def merge_patch(target: JSON, patch: JSON) -> JSON:
    """Apply a JSON merge patch (RFC 7386): maps are merged key by key, null removes a key, all else is replaced."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result


class GitCredentialBulkEditForm(PrimaryModelBulkEditForm):
    """Edit Git credentials. Server and secret belong to one credential each, so they are not among the fields."""

    username = forms.CharField(label=_('User name'), max_length=100, required=False)

    model = GitCredential
    fieldsets = (FieldSet('username', 'description', name=_('Git credential')),)
    nullable_fields = ('username', 'description', 'comments')


class GitRepositoryBulkEditForm(PrimaryModelBulkEditForm):
    """Edit Git repositories."""

    default_branch = forms.CharField(
        label=_('Default branch'), max_length=200, required=False, validators=[validate_branch]
    )

    forge = ChoiceField(label=_('Kind of server'), choices=add_blank_choice(ForgeChoices), required=False)
    credential = DynamicModelChoiceField(label=_('Credential'), queryset=GitCredential.objects.all(), required=False)

    model = GitRepository
    fieldsets = (
        FieldSet('default_branch', 'description', name=_('Git repository')),
        FieldSet('forge', 'credential', name=_('Access')),
    )
    nullable_fields = ('forge', 'credential', 'description', 'comments')


class HedgehogFabricBulkEditForm(PrimaryModelBulkEditForm):
    """Edit fabrics."""

    mode = ChoiceField(label=_('Mode'), choices=add_blank_choice(FabricModeChoices), required=False)
    commit_window_seconds = forms.IntegerField(label=_('Commit window'), min_value=0, max_value=300, required=False)
    write_method = ChoiceField(label=_('Way of writing'), choices=add_blank_choice(WriteMethodChoices), required=False)
    reviewers = forms.CharField(label=_('Reviewers'), max_length=500, required=False)
    authorship = ChoiceField(label=_('Authorship'), choices=add_blank_choice(AuthorshipChoices), required=False)
    deletion_limit = forms.IntegerField(label=_('Deletion limit'), min_value=0, required=False)
    deletion_percent = forms.IntegerField(
        label=_('Deletion limit in percent'), min_value=0, max_value=100, required=False
    )
    release = ChoiceField(label=_('Hedgehog release'), choices=add_blank_choice(ReleaseChoices), required=False)
    is_installed = forms.NullBooleanField(label=_('Installed'), required=False, widget=BulkEditNullBooleanSelect())
    is_draft = forms.NullBooleanField(label=_('Design under way'), required=False, widget=BulkEditNullBooleanSelect())

    model = HedgehogFabric
    fieldsets = (
        FieldSet('description', name=_('Fabric')),
        FieldSet(
            'mode',
            'commit_window_seconds',
            'write_method',
            'reviewers',
            'authorship',
            'deletion_limit',
            'deletion_percent',
            name=_('Synchronisation'),
        ),
        FieldSet('release', 'is_installed', 'is_draft', name=_('Validation')),
    )
    nullable_fields = ('reviewers', 'description', 'comments')


class ResourceBulkEditForm(PrimaryModelBulkEditForm):
    """Edit resources of any kind; `spec_patch` is merged into each spec."""

    fieldsets = (FieldSet('description', name=_('Resource')), FieldSet('spec_patch', name=_('Specification')))
    nullable_fields = ('description', 'comments')


_PATCH_HELP = _(
    'YAML that is merged into each spec, key by key: <code>field: value</code> sets a field and leaves the others, '
    '<code>field: null</code> removes it. A list is replaced as a whole.'
)


def _form_for(model: type[Resource]) -> type[ResourceBulkEditForm]:
    kind = model.kind
    patch = MapField(label=_('Spec patch'), write=lambda value: write_spec(kind, value), rows=6, help_text=_PATCH_HELP)
    return type(
        f'{model.__name__}BulkEditForm',
        (ResourceBulkEditForm,),
        {
            '__module__': 'netbox_hedgehog.forms',
            '__doc__': f'Edit resources of the kind {kind.name}.',
            'model': model,
            'spec_patch': patch,
        },
    )


RESOURCE_BULK_EDIT_FORMS = {form.__name__: form for form in map(_form_for, RESOURCE_MODELS)}
