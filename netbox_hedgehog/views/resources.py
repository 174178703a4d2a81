"""The pages of the fifteen kinds."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Field, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import AddObject, BulkDelete, BulkEdit, BulkExport, BulkImport
from netbox.ui import layout
from netbox.ui.breadcrumbs import Breadcrumb, filtered_list_url
from netbox.ui.panels import CommentsPanel
from netbox.views import generic
from utilities.forms import DeleteForm
from utilities.jobs import is_background_request
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..api.deletion_order import referrers_first
from ..catalog import Kind
from ..forms.bulk_edit import merge_patch
from ..forms.manifests import write_spec
from ..forms.notices import Notice
from ..manifests import Unwritable
from ..models import RESOURCE_MODELS, Resource, SyncState, SyncStatusChoices
from ..models.deletion import Tie, ties
from ..models.references import referrers, targets
from ..reconcile import below, canonical_path
from ..sync.verdicts import describe_problem
from ..tables.panels import ProblemTable, ReferenceTable
from .conflicts import conflict_rows
from .links import file_url
from .manifest_import import ManifestImportView
from .panels import CodePanel, ConflictsPanel, GitPanel, MapPanel, OptionalTablePanel, resource_panel
from .spec import ResourceEditView, ResourcePreviewView

__all__ = ('RESOURCE_VIEWS',)

_REFERRERS_SHOWN = 200
_TIES_SHOWN = 20


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
            'manifest_note': _manifest_note(instance, state),
            'manifest_placeholder': _('There is no manifest in Git. Its place is {path}.').format(path=place),
            'conflicts': conflict_rows(request.user, instance.fabric, instance.identity),
            'problem_table': ProblemTable(_problems(instance, state)),
            'target_table': ReferenceTable(targets(instance, request.user)),
            'referrer_table': ReferenceTable(referrers(instance, request.user, limit=_REFERRERS_SHOWN)),
        }


class ResourceBulkEditView(generic.BulkEditView):
    """Edit resources."""

    template_name = 'netbox_hedgehog/draft/bulk_edit.html'

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


class ResourceDeleteView(generic.ObjectDeleteView):
    """Delete a resource; what refers to it is shown before."""

    template_name = 'netbox_hedgehog/draft/delete.html'

    def get_extra_context(self, request: HttpRequest, instance: Resource) -> dict[str, Any]:
        """Show what refers to the resource, in the form: of NetBox's dialog that is all that becomes visible."""
        if request.method != 'GET':
            return {}
        tied = {**_tied(ties([instance], request.user)), 'margin': 'm-3'}
        form = DeleteForm(instance=instance, initial=request.GET)
        form.fields['ties'] = Field(required=False, widget=Notice('netbox_hedgehog/inc/ties.html', tied))
        return {'form': form}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete it, or say what keeps it, as far as the user may know."""
        resource = self.get_object(**kwargs)
        refusals = _refusals(ties([resource], request.user))
        if refusals:
            messages.error(request, refusals)
            return redirect(resource.get_absolute_url())
        return super().post(request, *args, **kwargs)


class ResourceBulkDeleteView(generic.BulkDeleteView):
    """Delete resources, each after those of the selection that refer to it."""

    queryset: QuerySet[Resource]
    template_name = 'netbox_hedgehog/resource_bulk_delete.html'

    def get_extra_context(self, request: HttpRequest) -> dict[str, Any]:
        """Find what refers to what was selected."""
        return _tied(ties(self._selected(request), request.user))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show what was selected, or delete it; if that is refused, the reasons are told."""
        if '_confirm' in request.POST:
            # A job has nobody to tell; its log says that something is in the way.
            refusals = '' if is_background_request(request) else _refusals(ties(self._selected(request), request.user))
            if refusals:
                messages.error(request, refusals)
                return redirect(self.get_return_url(request))
            self.queryset = referrers_first(self.queryset, self._selected(request))
        return super().post(request, **kwargs)

    def _selected(self, request: HttpRequest) -> QuerySet[Resource]:
        if request.POST.get('_all'):
            return self.filterset(request.GET, self.queryset, request=request).qs.select_related('fabric')
        return self.queryset.filter(pk__in=request.POST.getlist('pk')).select_related('fabric')


def _tied(found: list[Tie]) -> dict[str, Any]:
    """Arrange what is said before a deletion, what keeps a resource first."""
    found.sort(key=lambda tie: not tie.keeps)
    return {
        'ties': found[:_TIES_SHOWN],
        'more_ties': max(0, len(found) - _TIES_SHOWN),
        'stays': any(tie.keeps for tie in found),
    }


def _refusals(found: list[Tie]) -> str:
    """Say what keeps resources; of many the first ones."""
    return ' '.join([tie.refusal for tie in found if tie.keeps][:_TIES_SHOWN])


def _key(resource: Resource) -> dict[str, str]:
    kind = resource.kind
    return {'group': kind.group, 'kind': kind.name, 'namespace': resource.namespace, 'name': resource.name}


def _problems(resource: Resource, state: SyncState | None) -> list[dict[str, str]]:
    """Return what is wrong with the row, and what was found only in the manifest, such as an old apiVersion."""
    return [*map(describe_problem, resource.problems()), *(state.problems if state else [])]


def _manifest_note(resource: Resource, state: SyncState | None) -> dict[str, Any] | None:
    """Say that Git may hold another text than the one that is shown, why, and where to look."""
    texts = {
        SyncStatusChoices.QUARANTINED: _('This is the last text that could be read. Git holds something else since:'),
        SyncStatusChoices.HELD: _('This is the last text that both sides agreed on. Git may hold something else:'),
    }
    if state is None or state.status not in texts or not state.manifest:
        return None
    fabric = resource.fabric
    links = [(fabric.get_absolute_url(), _('What needs attention in this fabric'))]
    if url := file_url(fabric, state.path):
        links.insert(0, (url, _('The file in Git')))
    return {'text': texts[state.status], 'reason': state.reason, 'links': links}


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
        ResourceDeleteView,
        {'name': 'delete'},
        queryset=rows,
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
