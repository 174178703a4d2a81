"""The pages of fabrics."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.models.deletion import CountOnly
from netbox.object_actions import (
    AddObject,
    BulkDelete,
    BulkEdit,
    BulkExport,
    BulkImport,
    CloneObject,
    DeleteObject,
    EditObject,
    ObjectAction,
)
from netbox.ui import layout
from netbox.ui.panels import CommentsPanel, ContextTablePanel
from netbox.views import generic
from utilities.forms import DeleteForm
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import (
    RESOURCE_MODELS,
    FabricState,
    GitFile,
    HedgehogFabric,
    PendingChange,
    SyncRun,
    SyncState,
    SyncStatusChoices,
)
from ..models.condition import HELD, condition_of, count_states, with_counts
from ..reconcile import MANAGED, RAW, UNMANAGED, below
from ..reconcile.layout import KEEP
from ..reconcile.unmanaged import COMMENTS_SUFFIX, NOTE_SUFFIX
from ..sync.proposal import Proposal
from ..sync.schedule import outlook_of
from ..tables.columns import labels_of
from ..tables.panels import FileTable, KindCountTable, StateTable
from .actions import ApproveDeletions, Preview, SyncNow, TestFabric
from .conflicts import conflict_rows
from .held import held_deletions, state_rows
from .links import file_url
from .panels import (
    BudgetPanel,
    ConditionPanel,
    ConflictsPanel,
    FabricGitPanel,
    FabricPanel,
    FabricSettingsPanel,
    FabricStatePanel,
    OptionalTablePanel,
    ProposalPanel,
)
from .secret_forms import SecretEditView

__all__ = (
    'HedgehogFabricBulkDeleteView',
    'HedgehogFabricBulkEditView',
    'HedgehogFabricBulkImportView',
    'HedgehogFabricDeleteView',
    'HedgehogFabricEditView',
    'HedgehogFabricListView',
    'HedgehogFabricView',
)

_RUNS_SHOWN = 10
_ROWS_SHOWN = 100
_FILES_REMAIN = gettext_lazy('The files in Git stay as they are: only what is in NetBox is deleted.')


@register_model_view(HedgehogFabric, 'list', path='', detail=False)
class HedgehogFabricListView(generic.ObjectListView):
    """All fabrics, and how each stands."""

    queryset = with_counts(HedgehogFabric.objects.select_related('state'))
    filterset = filtersets.HedgehogFabricFilterSet
    filterset_form = forms.HedgehogFabricFilterForm
    table = tables.HedgehogFabricTable
    template_name = 'netbox_hedgehog/draft/list.html'
    actions = (AddObject, BulkImport, BulkExport, BulkEdit, BulkDelete)


@register_model_view(HedgehogFabric)
class HedgehogFabricView(generic.ObjectView):
    """One fabric: whether NetBox and Git agree, since when, and what stands in the way."""

    queryset = HedgehogFabric.objects.select_related('repository')
    template_name = 'generic/object.html'
    actions = (SyncNow, Preview, TestFabric, ApproveDeletions, CloneObject, EditObject, DeleteObject)
    layout = layout.SimpleLayout(
        left_panels=[
            ConditionPanel(title=gettext_lazy('NetBox and Git')),
            ProposalPanel(title=gettext_lazy('Pull request')),
            ContextTablePanel('kind_table', title=gettext_lazy('Resources')),
            BudgetPanel(title=gettext_lazy('API budget')),
            TagsPanel(),
            CustomFieldsPanel(),
            CommentsPanel(),
        ],
        right_panels=[
            FabricPanel(),
            FabricGitPanel(),
            FabricStatePanel(),
            FabricSettingsPanel(),
        ],
        bottom_panels=[
            ConflictsPanel(),
            OptionalTablePanel('held_table', title=gettext_lazy('Held')),
            OptionalTablePanel('pending_table', title=gettext_lazy('Pending changes')),
            OptionalTablePanel('file_table', title=gettext_lazy('Files that need attention')),
            OptionalTablePanel('run_table', title=gettext_lazy('Recent runs')),
        ],
    )

    def get_permitted_actions(
        self, user: AbstractBaseUser, model: HedgehogFabric | None = None
    ) -> list[type[ObjectAction]]:
        """Offer the approval only where a deletion is held."""
        permitted = super().get_permitted_actions(user, model=model)
        if ApproveDeletions in permitted and not (model and held_deletions(model)):
            permitted.remove(ApproveDeletions)
        return permitted

    def get_extra_context(self, request: HttpRequest, instance: HedgehogFabric) -> dict[str, Any]:
        """Read what the panels show besides the row."""
        state = FabricState.objects.filter(fabric=instance).first()
        by_kind = count_states(instance)
        counts: Counter[str] = Counter()
        for of_kind in by_kind.values():
            counts.update(of_kind)
        waiting = SyncState.objects.filter(fabric=instance, status__in=HELD).order_by('kind', 'namespace', 'name')
        return {
            'state': state,
            'proposal': Proposal.of(state),
            'outlook': outlook_of(instance),
            'may_decide': request.user.has_perm('netbox_hedgehog.approve_hedgehogfabric', obj=instance),
            'condition': condition_of(instance.mode, state, counts, _unreadable(instance)),
            'statuses': _statuses(counts),
            'kind_table': KindCountTable(instance, by_kind, empty_text=_empty_text(instance)),
            'run_table': _run_table(instance, request.user),
            'pending_table': _pending_table(instance, request.user),
            'conflicts': conflict_rows(request.user, instance, limit=_ROWS_SHOWN),
            'held_table': StateTable(state_rows(waiting[:_ROWS_SHOWN], request.user)),
            'file_table': FileTable(_file_rows(instance)),
        }


@register_model_view(HedgehogFabric, 'add', detail=False)
@register_model_view(HedgehogFabric, 'edit')
class HedgehogFabricEditView(SecretEditView):
    """Add or edit a fabric; a new one with its repository, if need be."""

    queryset = HedgehogFabric.objects.all()
    template_name = 'netbox_hedgehog/draft/edit.html'
    secret_form = forms.HedgehogFabricForm
    secret_fields = ('git_token',)

    def form(self, data: Any = None, **kwargs: Any) -> forms.HedgehogFabricForm:
        """Make the form with what the user may add."""
        return super().form(data, user=self.request.user, **kwargs)


@register_model_view(HedgehogFabric, 'delete')
class HedgehogFabricDeleteView(generic.ObjectDeleteView):
    """Delete a fabric with its resources, and leave the files."""

    queryset = HedgehogFabric.objects.all()
    template_name = 'netbox_hedgehog/draft/delete.html'

    def _get_dependent_objects(self, obj: HedgehogFabric) -> dict[type[Model], CountOnly]:
        """Count what goes with the fabric: thousands of names would help nobody to decide."""
        models: tuple[Any, ...] = (*RESOURCE_MODELS, PendingChange, SyncRun)
        of_fabric: list[QuerySet[Any]] = [model.objects.filter(fabric=obj) for model in models]
        counts = {rows.model: rows.count() for rows in of_fabric}
        return {model: CountOnly(count) for model, count in counts.items() if count}

    def get_extra_context(self, request: HttpRequest, instance: HedgehogFabric) -> dict[str, Any]:
        """Say beside the question what becomes of the files."""
        if request.method != 'GET':
            return {}
        form = DeleteForm(instance=instance, initial=request.GET)
        form.fields['changelog_message'].help_text = _FILES_REMAIN
        return {'form': form}


@register_model_view(HedgehogFabric, 'bulk_import', path='import', detail=False)
class HedgehogFabricBulkImportView(generic.BulkImportView):
    """Import fabrics."""

    queryset = HedgehogFabric.objects.all()
    model_form = forms.HedgehogFabricImportForm


@register_model_view(HedgehogFabric, 'bulk_edit', path='edit', detail=False)
class HedgehogFabricBulkEditView(generic.BulkEditView):
    """Edit fabrics."""

    queryset = with_counts(HedgehogFabric.objects.select_related('state'))
    filterset = filtersets.HedgehogFabricFilterSet
    table = tables.HedgehogFabricTable
    template_name = 'netbox_hedgehog/draft/bulk_edit.html'
    form = forms.HedgehogFabricBulkEditForm


@register_model_view(HedgehogFabric, 'bulk_delete', path='delete', detail=False)
class HedgehogFabricBulkDeleteView(generic.BulkDeleteView):
    """Delete fabrics with their resources, and leave the files."""

    queryset = with_counts(HedgehogFabric.objects.select_related('state'))
    filterset = filtersets.HedgehogFabricFilterSet
    table = tables.HedgehogFabricTable
    template_name = 'netbox_hedgehog/draft/bulk_delete.html'

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Say beside the question what becomes of the files."""
        if '_confirm' not in request.POST:
            messages.info(request, _FILES_REMAIN)
        return super().post(request, **kwargs)


def _empty_text(fabric: HedgehogFabric) -> str:
    text = _('No resources yet. Their manifests lie in {managed}; what is dropped into {raw} is taken over.')
    return text.format(managed=below(fabric.directory, MANAGED), raw=below(fabric.directory, RAW))


def _unreadable(fabric: HedgehogFabric) -> int:
    return GitFile.objects.filter(fabric=fabric).exclude(problems=[]).count()


def _statuses(counts: Counter[str]) -> list[dict[str, Any]]:
    return [
        {'label': label, 'count': counts[status], 'colour': SyncStatusChoices.colors.get(status)}
        for status, label in labels_of(SyncStatusChoices).items()
        if counts[status]
    ]


def _run_table(fabric: HedgehogFabric, user: AbstractBaseUser) -> tables.SyncRunTable:
    runs = SyncRun.objects.restrict(user, 'view').filter(fabric=fabric).select_related('user')
    return tables.SyncRunTable(
        list(runs[:_RUNS_SHOWN]),
        exclude=('id', 'pk', 'fabric', 'actions', 'completed', 'batch', 'commit_before', 'duration', 'user'),
        orderable=False,
    )


def _pending_table(fabric: HedgehogFabric, user: AbstractBaseUser) -> tables.PendingChangeTable:
    changes = PendingChange.objects.restrict(user, 'view').filter(fabric=fabric)
    return tables.PendingChangeTable(
        list(changes[:_ROWS_SHOWN]),
        exclude=('id', 'pk', 'fabric', 'actions', 'group', 'request_id'),
        orderable=False,
    )


def _file_rows(fabric: HedgehogFabric) -> list[dict[str, Any]]:
    """Return the files that could not be read, or were set aside, with place and reason."""
    needs_attention = Q(path__startswith=f'{UNMANAGED}/') | ~Q(problems=[])
    is_ours = Q(path__endswith=f'/{KEEP}') | Q(path__endswith=NOTE_SUFFIX) | Q(path__endswith=COMMENTS_SUFFIX)
    files = GitFile.objects.filter(needs_attention, fabric=fabric).exclude(is_ours).order_by('path')
    rows: list[dict[str, Any]] = []
    for file in files[:_ROWS_SHOWN]:
        link = {'path': file.path, 'file_url': file_url(fabric, file.path)}
        rows += [{**link, **problem} for problem in file.problems] or [{**link, **_set_aside(file.path)}]
    return rows


def _set_aside(path: str) -> dict[str, str]:
    text = _('Could not be taken over; the reason stands in {note}. Mend it and move it back to raw/.')
    return {'code': '', 'message': text.format(note=f'{path}{NOTE_SUFFIX}')}
