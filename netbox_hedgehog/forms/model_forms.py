"""Forms that add or edit one object."""

import hashlib
import json
from typing import Any

from django.forms import CharField, HiddenInput, ModelForm
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from netbox.forms import PrimaryModelForm
from utilities.forms.fields import DynamicModelChoiceField, SlugField
from utilities.forms.rendering import FieldSet

from ..catalog import JSONObject, Kind
from ..models import RESOURCE_MODELS, GitRepository, HedgehogFabric, Resource
from .fields import MapField
from .manifests import write_labels, write_spec

__all__ = ('RESOURCE_FORMS', 'GitRepositoryForm', 'HedgehogFabricForm', 'ResourceForm', 'spec_help')


class GitRepositoryForm(PrimaryModelForm):
    """Add or edit a Git repository."""

    fieldsets = (FieldSet('name', 'url', 'default_branch', 'description', 'tags', name=_('Git repository')),)

    class Meta:
        model = GitRepository
        fields = ('name', 'url', 'default_branch', 'description', 'owner', 'comments', 'tags')


class HedgehogFabricForm(PrimaryModelForm):
    """Add or edit a fabric."""

    slug = SlugField()
    repository = DynamicModelChoiceField(queryset=GitRepository.objects.all(), label=_('Repository'), quick_add=True)

    fieldsets = (
        FieldSet('name', 'slug', 'description', 'tags', name=_('Fabric')),
        FieldSet('repository', 'branch', 'directory', name=_('Git')),
        FieldSet('mode', 'commit_window_seconds', 'deletion_limit', 'deletion_percent', name=_('Synchronisation')),
    )

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
            'deletion_limit',
            'deletion_percent',
            'owner',
            'comments',
            'tags',
        )


class ResourceForm(PrimaryModelForm):
    """Add or edit a resource of any kind: its identity, and labels, annotations and spec as YAML."""

    fabric = DynamicModelChoiceField(queryset=HedgehogFabric.objects.all(), label=_('Fabric'), selector=True)
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
