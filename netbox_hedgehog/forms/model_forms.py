"""Forms that add or edit one object."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import CharField, HiddenInput, ModelForm
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from netbox.forms import PrimaryModelForm
from utilities.exceptions import AbortRequest
from utilities.forms.fields import SlugField
from utilities.forms.rendering import FieldSet, TabbedGroups

from ..catalog import JSONObject, Kind
from ..models import (
    RESOURCE_MODELS,
    SETTINGS,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    NewRepository,
    Resource,
    may_add_credentials,
    may_add_repositories,
)
from .credentials import TOKEN_RIGHTS
from .fabric_settings import FabricSettingsForm, settings_fieldsets
from .fields import MapField, PermittedChoiceField, TokenField
from .manifests import write_labels, write_spec
from .spec.form import SpecForm

__all__ = ('RESOURCE_FORMS', 'GitRepositoryForm', 'HedgehogFabricForm', 'ResourceForm', 'spec_help')


class GitRepositoryForm(PrimaryModelForm):
    """Add or edit a Git repository."""

    credential = PermittedChoiceField(
        queryset=GitCredential.objects.all(),
        required=False,
        label=_('Credential'),
        help_text=GitRepository._meta.get_field('credential').help_text,
    )

    fieldsets = (
        FieldSet('name', 'url', 'default_branch', 'description', 'tags', name=_('Git repository')),
        FieldSet('forge', 'credential', name=_('Access')),
    )

    class Meta:
        model = GitRepository
        fields = (
            'name',
            'url',
            'default_branch',
            'forge',
            'credential',
            'description',
            'owner',
            'comments',
            'tags',
        )


class HedgehogFabricForm(FabricSettingsForm, PrimaryModelForm):
    """Add or edit a fabric. Who may add repositories can give an address, and a token, in place of a repository."""

    slug = SlugField()
    repository = PermittedChoiceField(
        queryset=GitRepository.objects.all(), label=_('Repository'), required=False, quick_add=True
    )
    git_repository_url = CharField(
        label=_('Address'),
        max_length=500,
        required=False,
        help_text=_(
            'https://server/owner/repository. The repository is added, or the one that is there already is used; a '
            'branch that is given below becomes its default branch if it is new.'
        ),
    )
    git_token = TokenField(label=_('Token'), help_text=TOKEN_RIGHTS)

    class Meta:
        model = HedgehogFabric
        fields = (
            'name',
            'slug',
            'description',
            'repository',
            'branch',
            'directory',
            'mode',
            'commit_window_seconds',
            'write_method',
            'authorship',
            'reviewers',
            'deletion_limit',
            'deletion_percent',
            *SETTINGS,
            'owner',
            'comments',
            'tags',
        )

    def __init__(self, *args: Any, user: AbstractBaseUser | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop('git_token', None)
        self._user = user
        self._new_repository: NewRepository | None = None
        offered = {
            'git_repository_url': not self.instance.pk and user is not None and may_add_repositories(user),
            'git_token': not self.instance.pk and user is not None and may_add_credentials(user),
        }
        self._refused = [name for name, is_offered in offered.items() if not is_offered]
        for name in self._refused:
            del self.fields[name]

    @property
    def fieldsets(self) -> Sequence[FieldSet]:
        """The fields in groups; the two ways to name a repository side by side where both are offered."""
        new = [name for name in ('git_repository_url', 'git_token') if name in self.fields]
        repository: Any = 'repository'
        if new:
            repository = TabbedGroups(
                FieldSet('repository', name=_('Existing repository')), FieldSet(*new, name=_('New repository'))
            )
        return (
            FieldSet('name', 'slug', 'description', 'tags', name=_('Fabric')),
            FieldSet(repository, 'branch', 'directory', name=_('Git')),
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
            *settings_fieldsets(),
        )

    def clean(self) -> None:
        """Take the repository that was chosen, or prepare the one whose address was given."""
        super().clean()
        url = self.cleaned_data.get('git_repository_url', '')
        token = self.cleaned_data.pop('git_token', '')
        if any(self.data.get(self.add_prefix(name)) for name in self._refused):
            self.add_error(None, _('You may not add a Git repository or a credential here; choose a repository.'))
        elif url and self.cleaned_data.get('repository'):
            self.add_error('git_repository_url', _('Choose a repository, or give an address; not both.'))
        elif url:
            self._prepare(url, token)
        elif token:
            self.add_error('git_repository_url', _('Give the address of the repository that the token is for.'))
        elif not self.cleaned_data.get('repository') and 'repository' not in self.errors:
            self.add_error('repository', self.fields['repository'].error_messages['required'])

    def _prepare(self, url: str, token: str) -> None:
        fields = {'url': 'git_repository_url', 'token': 'git_token', 'branch': 'branch'}
        try:
            new = NewRepository.prepare(self._user, url, token, self.cleaned_data.get('branch', ''))
        except ValidationError as refused:
            for name, messages in refused.message_dict.items():
                field = fields[name]
                self.add_error(field if field in self.fields else None, messages)
            return
        self._new_repository = new
        self.cleaned_data['repository'] = new.repository

    def save(self, commit: bool = True) -> HedgehogFabric:  # noqa: FBT001, FBT002  as Django has it
        """Save the fabric, and the new repository before it; all of it or nothing."""
        with transaction.atomic():
            if self._new_repository:
                self.instance.repository = self._new_repository.save()
                self._check_once_more()
            return super().save(commit)

    def _check_once_more(self) -> None:
        """Check the fabric against the repository as it is now; what was checked before had no number yet."""
        try:
            self.instance.full_clean()
        except ValidationError as refused:
            raise AbortRequest(' '.join(refused.messages)) from refused


class ResourceForm(SpecForm):
    """Add or edit a resource of any kind: its identity, its spec as fields or YAML, labels and annotations."""

    fabric = PermittedChoiceField(queryset=HedgehogFabric.objects.all(), label=_('Fabric'), selector=True)
    # What the person saw when the form was opened: a form sent later must not overwrite what came from Git meanwhile.
    seen = CharField(required=False, widget=HiddenInput)

    fieldsets = (
        FieldSet('fabric', 'namespace', 'name', 'description', 'tags', name=_('Resource')),
        FieldSet('spec', name=_('Specification')),
        FieldSet('labels', 'annotations', name=_('Metadata')),
    )

    class Meta:
        fields = (
            'fabric',
            'namespace',
            'name',
            'description',
            'labels',
            'annotations',
            'spec',
            'owner',
            'comments',
            'tags',
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # For the fabric another name would be another resource; the model refuses it, too.
            for name in ('fabric', 'namespace', 'name'):
                self.fields[name].disabled = True
            self._now = _fingerprint(self.instance)
            self.initial['seen'] = self._now

    def clean(self) -> None:
        """Refuse a form whose object has changed since it was opened."""
        super().clean()
        seen = self.cleaned_data.get('seen')
        if self.instance.pk and seen and seen != self._now:
            message = _(
                'This resource changed since you opened the form, here or in Git. Open it again in another tab, and '
                'carry your change over.'
            )
            self.add_error(None, message)


def _fingerprint(resource: Resource) -> str:
    content = json.dumps(resource.content.tree(), sort_keys=True)
    return hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()


def spec_help(kind: Kind) -> SafeString:
    """Return the fields of a kind in short, with a link to all of them."""
    fields = [(info.alias or name, info.description) for name, info in kind.spec.model_fields.items()]
    listed = format_html_join('', '<li><code>{}</code> {}</li>', fields)
    url = reverse('plugins:netbox_hedgehog:kind_reference', args=[kind.model_name])
    return format_html(
        '{} <a href="{}" target="_blank">{}</a><ul class="mb-0">{}</ul>',
        _('YAML, as below "spec:" in a manifest.') if fields else _('This kind has no fields; leave it empty.'),
        url,
        _('All fields'),
        listed,
    )


_lazy_spec_help = lazy(spec_help, SafeString)


def map_fields(kind: Kind) -> dict[str, MapField]:
    """Return the fields for the part of a resource that its manifest holds."""

    def write(value: JSONObject) -> str:
        return write_labels(kind, value)

    return {
        'labels': MapField(
            label=_('Labels'), write=write, help_text=_('One in a line, such as <code>tier: gold</code>')
        ),
        'annotations': MapField(label=_('Annotations'), write=write),
        'spec': MapField(
            label=_('Spec'), write=lambda value: write_spec(kind, value), rows=20, help_text=_lazy_spec_help(kind)
        ),
    }


def _form_for(model: type[Resource]) -> type[ModelForm]:
    return type(
        f'{model.__name__}Form',
        (ResourceForm,),
        {
            '__module__': 'netbox_hedgehog.forms',
            '__doc__': f'Add or edit a resource of the kind {model.kind.name}.',
            'Meta': type('Meta', (ResourceForm.Meta,), {'model': model}),
            **map_fields(model.kind),
        },
    )


RESOURCE_FORMS = {form.__name__: form for form in map(_form_for, RESOURCE_MODELS)}
