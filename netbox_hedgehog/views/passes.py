"""Starting passes by hand: now, as a preview, and with held deletions approved."""

from typing import Any

from core.models import Job
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from netbox.ui import layout
from netbox.views import generic
from netbox.views.generic.base import BaseObjectView
from utilities.forms import ConfirmationForm
from utilities.views import GetReturnURLMixin, register_model_view

from ..jobs import SyncFabricJob
from ..models import FabricModeChoices, HedgehogFabric, RunTriggerChoices
from ..repositories import RepositoryError
from ..sync import BidirectionalSyncOrchestrator, describe_plan
from ..tables.panels import ChangeTable, FileTable, StateTable
from ..tables.records import describe_counts
from .held import held_deletions, state_rows
from .panels import OptionalTablePanel, PlanPanel

__all__ = (
    'FabricActionView',
    'HedgehogFabricApproveView',
    'HedgehogFabricPreviewView',
    'HedgehogFabricSyncView',
    'start_pass',
)

_ROWS_SHOWN = 500


def start_pass(request: HttpRequest, fabric: HedgehogFabric, trigger: str, **options: bool) -> Job:
    """Queue a pass in the name of the user, and tell them where to follow it."""
    job = SyncFabricJob.enqueue(
        instance=fabric,
        user=request.user,
        trigger=trigger,
        notifications='on_failure',
        **options,
    )
    text = _('Queued job {link} to synchronise {fabric}.')
    link = format_html('<a href="{}">#{}</a>', job.get_absolute_url(), job.pk)
    messages.success(request, format_html(text, link=link, fabric=fabric))
    return job


class FabricActionView(GetReturnURLMixin, BaseObjectView):
    """Something that is done with a fabric, by POST and with a permission of its own."""

    queryset = HedgehogFabric.objects.all()
    action = ''

    def get_required_permission(self) -> str:
        """Return the permission; the constraints of a user's rights decide about the single fabric."""
        return f'netbox_hedgehog.{self.action}_hedgehogfabric'

    def _is_possible(self, request: HttpRequest, fabric: HedgehogFabric, *modes: str) -> bool:
        if fabric.mode in modes:
            return True
        text = _('{fabric} is in the mode "{mode}"; set another one first.')
        messages.error(request, text.format(fabric=fabric, mode=fabric.get_mode_display()))
        return False


@register_model_view(HedgehogFabric, 'sync')
class HedgehogFabricSyncView(FabricActionView):
    """Synchronise a fabric now."""

    action = 'sync'

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead back: a pass is not started by following a link."""
        return redirect(get_object_or_404(self.queryset, pk=pk).get_absolute_url())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Queue the pass."""
        fabric = get_object_or_404(self.queryset, pk=pk)
        if self._is_possible(request, fabric, FabricModeChoices.ACTIVE, FabricModeChoices.OBSERVE):
            start_pass(request, fabric, RunTriggerChoices.BUTTON)
        return redirect(self.get_return_url(request, fabric))


@register_model_view(HedgehogFabric, 'approve')
class HedgehogFabricApproveView(FabricActionView):
    """Let the deletions go that are held because there are too many at once."""

    action = 'approve'
    template_name = 'netbox_hedgehog/approve.html'

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what would be deleted, and ask."""
        fabric = get_object_or_404(self.queryset, pk=pk)
        held = held_deletions(fabric)
        if not held:
            messages.info(request, _('No deletion is held.'))
            return redirect(fabric.get_absolute_url())
        context = {
            'object': fabric,
            'form': ConfirmationForm(),
            'return_url': self.get_return_url(request, fabric),
            'count': len(held),
            'table': StateTable(state_rows(held[:_ROWS_SHOWN], request.user)),
        }
        return render(request, self.template_name, context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Queue the pass that carries the deletions out."""
        fabric = get_object_or_404(self.queryset, pk=pk)
        is_confirmed = ConfirmationForm(request.POST).is_valid()
        if is_confirmed and self._is_possible(request, fabric, FabricModeChoices.ACTIVE):
            start_pass(request, fabric, RunTriggerChoices.APPROVAL, approve_deletions=True)
        return redirect(self.get_return_url(request, fabric))


@register_model_view(HedgehogFabric, 'preview')
class HedgehogFabricPreviewView(generic.ObjectView):
    """What a pass would do now, on either side. Nothing is changed."""

    queryset = HedgehogFabric.objects.all()
    template_name = 'generic/object.html'
    actions = ()
    layout = layout.Layout(
        layout.Row(
            layout.Column(
                PlanPanel(title=gettext_lazy('Preview')),
                OptionalTablePanel('change_table', title=gettext_lazy('Changes')),
                OptionalTablePanel('waiting_table', title=gettext_lazy('What waits for a person')),
                OptionalTablePanel('problem_table', title=gettext_lazy('Files that need attention')),
            )
        )
    )

    def get_required_permission(self) -> str:
        """Return the permission to synchronise: a preview asks the repository, and shows what is in it."""
        return 'netbox_hedgehog.sync_hedgehogfabric'

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Make the plan; a repository that cannot be read leads back with the reason and what to do."""
        fabric = self.get_object(**kwargs)
        orchestrator = BidirectionalSyncOrchestrator(fabric, trigger=RunTriggerChoices.BUTTON, user=request.user)
        try:
            self.plan = describe_plan(fabric, orchestrator.preview())
        except RepositoryError as error:
            messages.error(request, f'{error.message} {error.remedy}')
            return redirect(fabric.get_absolute_url())
        return super().get(request, **kwargs)

    def get_extra_context(self, request: HttpRequest, instance: HedgehogFabric) -> dict[str, Any]:
        """Arrange the plan in tables."""
        plan = self.plan
        return {
            'plan': plan,
            'summary': describe_counts(plan['counts']),
            'change_table': ChangeTable(_changes(plan)[:_ROWS_SHOWN]),
            'waiting_table': StateTable(_waiting(plan)[:_ROWS_SHOWN]),
            'problem_table': FileTable(plan['problems'][:_ROWS_SHOWN]),
        }


def _changes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the changes of a plan, those in Git first."""
    files = [
        {
            'side': _('Git'),
            **{key: file[key] for key in ('action', 'path', 'reason')},
            'resource': ', '.join(file['resources']),
        }
        for file in plan['files']
    ]
    rows = [{'side': _('NetBox'), 'action': row['action'], 'resource': _name(row)} for row in plan['rows']]
    return files + rows


def _waiting(plan: dict[str, Any]) -> list[dict[str, Any]]:
    conflicts = [
        {**conflict, 'status': 'conflict', 'reason': ', '.join(conflict['fields']), 'url': ''}
        for conflict in plan['conflicts']
    ]
    return conflicts + [{**held, 'status': 'held', 'url': ''} for held in plan['held']]


def _name(row: dict[str, str]) -> str:
    return f'{row["kind"]} {row["namespace"]}/{row["name"]}'
