"""The pages of the fifteen kinds."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import AddObject, BulkDelete, BulkEdit, BulkExport, BulkImport
from netbox.ui import layout
from netbox.ui.breadcrumbs import Breadcrumb, filtered_list_url
from netbox.ui.panels import CommentsPanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..api.deletion_order import referrers_first
from ..catalog import Kind
from ..forms.bulk_edit import merge_patch
from ..forms.manifests import write_spec
from ..manifests import Unwritable
from ..models import RESOURCE_MODELS, Resource, SyncState
from ..models.references import referrers, targets
from ..reconcile import below, canonical_path
from ..sync.verdicts import describe_problem
from ..tables.panels import ProblemTable, ReferenceTable
from .conflicts import conflict_rows
from .manifest_import import ManifestImportView
from .panels import CodePanel, ConflictsPanel, GitPanel, MapPanel, OptionalTablePanel, resource_panel
from .spec import ResourceEditView, ResourcePreviewView

__all__ = ('RESOURCE_VIEWS',)

_REFERRERS_SHOWN = 200


class ResourceListView(generic.ObjectListView):
    """The list of a kind."""

    template_name = 'netbox_hedgehog/draft/list.html'
    actions = (AddObject, BulkImport, BulkExport, BulkEdit, BulkDelete)

    def export_yaml(self) -> str:
        """Export manifests; the versions that they have in Git are read in one query."""
        kind = self.queryset.model.kind
        states = SyncState.objects.filter(kind=kind.name).values_list('fabric', 'namespace', 'name', 'api_version')
        versions = {tuple(key): version for *key, version in states}
        return '---\n'.join(
            resource.to_yaml(versions.get((resource.fabric_id, resource.namespace, resource.name), ''))
            for resource in self.queryset
        )


class ResourceView(generic.ObjectView):
    """The page of a resource."""

    template_name = 'generic/object.html'

    def get_extra_context(self, request: HttpRequest, instance: Resource) -> dict[str, Any]:
        """Read what the panels show besides the row."""
        state = instance.sync_state
        if state:
            state.fabric = instance.fabric  # its links need what is known already
        place = below(instance.fabric.directory, canonical_path(instance.identity))
        return {
            'sync_state': state or SyncState(fabric_id=instance.fabric_id, **_key(instance), since=None),
            'spec_text': _spec_text(instance),
            'spec_text_placeholder': _('The spec is empty.'),
            'manifest': state.manifest if state else '',
            'manifest_placeholder': _('There is no manifest in Git. Its place is {path}.').format(path=place),
            'conflicts': conflict_rows(request.user, instance.fabric, instance.identity),
            'problem_table': ProblemTable(_problems(instance, state)),
            'target_table': ReferenceTable(targets(instance, request.user)),
            'referrer_table': ReferenceTable(referrers(instance, request.user, limit=_REFERRERS_SHOWN)),
        }


class ResourceBulkEditView(generic.BulkEditView):
    """Edit resources."""

    def pre_save_operations(self, form: Form, obj: Resource) -> None:
        """Merge the patch into the spec; a finding names the resource that it is about."""
        patch = form.cleaned_data.get('spec_patch')
        if not patch:
            return
        obj.spec = merge_patch(obj.spec, patch)
        try:
            obj.clean()
        except ValidationError as error:
            raise ValidationError([f'{obj}: {message}' for message in error.messages]) from error


class ResourceBulkDeleteView(generic.BulkDeleteView):
    """Delete resources, each after those of the selection that refer to it."""

    queryset: QuerySet[Resource]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show what was selected, or delete it."""
        if '_confirm' in request.POST:
            self.queryset = referrers_first(self.queryset, self._selected(request))
        return super().post(request, **kwargs)

    def _selected(self, request: HttpRequest) -> QuerySet[Resource]:
        if request.POST.get('_all'):
            return self.filterset(request.GET, self.queryset, request=request).qs
        return self.queryset.filter(pk__in=request.POST.getlist('pk'))


def _key(resource: Resource) -> dict[str, str]:
    kind = resource.kind
    return {'group': kind.group, 'kind': kind.name, 'namespace': resource.namespace, 'name': resource.name}


def _problems(resource: Resource, state: SyncState | None) -> list[dict[str, str]]:
    """Return what is wrong with the row, and what was found only in the manifest, such as an old apiVersion."""
    return [*map(describe_problem, resource.problems()), *(state.problems if state else [])]


def _spec_text(resource: Resource) -> str:
    try:
        return write_spec(resource.kind, resource.spec)
    except Unwritable as refused:
        return str(refused)


def _layout(kind: Kind) -> layout.SimpleLayout:
    return layout.SimpleLayout(
        left_panels=[
            resource_panel(kind),
            CodePanel('spec_text', title=gettext_lazy('Spec in NetBox')),
            MapPanel('labels', title=gettext_lazy('Labels')),
            MapPanel('annotations', title=gettext_lazy('Annotations')),
            OptionalTablePanel('problem_table', title=gettext_lazy('Problems')),
            TagsPanel(),
            CustomFieldsPanel(),
            CommentsPanel(),
        ],
        right_panels=[
            GitPanel(),
            ConflictsPanel(),
            CodePanel('manifest', title=gettext_lazy('Manifest in Git')),
            OptionalTablePanel('target_table', title=gettext_lazy('Refers to')),
            OptionalTablePanel('referrer_table', title=gettext_lazy('Referred to by')),
        ],
        breadcrumbs=[
            Breadcrumb('fabric', url=filtered_list_url(f'plugins:netbox_hedgehog:{kind.model_name}_list', 'fabric_id'))
        ],
    )


def _face(package: Any, model: type[Resource], suffix: str) -> type:
    """Return the class for a kind, which its package holds under the conventional name."""
    return getattr(package, f'{model.__name__}{suffix}')


def _views_for(model: type[Resource]) -> Mapping[str, type]:
    """Make and register the views of a kind."""
    views: dict[str, type] = {}

    def add(suffix: str, base: type, *registrations: dict[str, Any], **attributes: Any) -> None:
        name = f'{model.__name__}{suffix}'
        # A job in the background finds its view by module and name.
        view = type(name, (base,), {'__module__': 'netbox_hedgehog.views', '__doc__': base.__doc__, **attributes})
        for registration in registrations:
            register_model_view(model, **registration)(view)
        views[name] = view

    rows: QuerySet[Resource] = model.objects.all()
    listed: dict[str, Any] = {
        'queryset': model.objects.with_sync(),
        'filterset': _face(filtersets, model, 'FilterSet'),
        'table': _face(tables, model, 'Table'),
    }
    add(
        'ListView',
        ResourceListView,
        {'name': 'list', 'path': '', 'detail': False},
        filterset_form=_face(forms, model, 'FilterForm'),
        **listed,
    )
    add('View', ResourceView, {}, queryset=rows, layout=_layout(model.kind))
    add(
        'EditView',
        ResourceEditView,
        {'name': 'edit'},
        {'name': 'add', 'detail': False},
        queryset=rows,
        form=_face(forms, model, 'Form'),
    )
    add(
        'PreviewView',
        ResourcePreviewView,
        {'name': 'preview_edit', 'path': 'preview'},
        {'name': 'preview_add', 'path': 'preview', 'detail': False},
        queryset=rows,
        form=_face(forms, model, 'Form'),
    )
    add(
        'DeleteView',
        generic.ObjectDeleteView,
        {'name': 'delete'},
        queryset=rows,
        template_name='netbox_hedgehog/draft/delete.html',
    )
    add(
        'BulkImportView',
        ManifestImportView,
        {'name': 'bulk_import', 'path': 'import', 'detail': False},
        queryset=rows,
        model_form=_face(forms, model, 'ImportForm'),
    )
    add(
        'BulkEditView',
        ResourceBulkEditView,
        {'name': 'bulk_edit', 'path': 'edit', 'detail': False},
        form=_face(forms, model, 'BulkEditForm'),
        **listed,
    )
    add(
        'BulkDeleteView',
        ResourceBulkDeleteView,
        {'name': 'bulk_delete', 'path': 'delete', 'detail': False},
        **listed,
    )
    return views


RESOURCE_VIEWS = {name: view for model in RESOURCE_MODELS for name, view in _views_for(model).items()}
