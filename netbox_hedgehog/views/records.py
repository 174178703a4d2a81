"""The pages of what the synchroniser records: nobody edits them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from netbox.object_actions import BulkExport
from netbox.ui import layout
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import HedgehogFabric, PendingChange, SideChoices, SyncRun
from ..sync.visibility import visible_entries
from ..tables.panels import ChangeTable, FileTable
from ..tables.records import describe_counts
from .links import file_url
from .panels import OptionalTablePanel, PendingChangePanel, PlanPanel, SyncRunPanel

__all__ = ('PendingChangeListView', 'PendingChangeView', 'SyncRunListView', 'SyncRunView')

_ROWS_SHOWN = 500


@register_model_view(PendingChange, 'list', path='', detail=False)
class PendingChangeListView(generic.ObjectListView):
    """Accepted changes that are not yet in a confirmed commit."""

    queryset = PendingChange.objects.all()
    filterset = filtersets.PendingChangeFilterSet
    filterset_form = forms.PendingChangeFilterForm
    table = tables.PendingChangeTable
    template_name = 'netbox_hedgehog/draft/list.html'
    actions = (BulkExport,)


@register_model_view(PendingChange)
class PendingChangeView(generic.ObjectView):
    """One change: who, what and why."""

    queryset = PendingChange.objects.all()
    template_name = 'netbox_hedgehog/record.html'
    actions = ()
    layout = layout.SimpleLayout(left_panels=[PendingChangePanel()])


@register_model_view(SyncRun, 'list', path='', detail=False)
class SyncRunListView(generic.ObjectListView):
    """Passes, the newest first."""

    queryset = SyncRun.objects.all()
    filterset = filtersets.SyncRunFilterSet
    filterset_form = forms.SyncRunFilterForm
    table = tables.SyncRunTable
    template_name = 'netbox_hedgehog/draft/list.html'
    actions = (BulkExport,)


@register_model_view(SyncRun)
class SyncRunView(generic.ObjectView):
    """One pass: what it did on either side, and what it found."""

    queryset = SyncRun.objects.select_related('fabric__repository')
    template_name = 'netbox_hedgehog/record.html'
    actions = ()
    layout = layout.SimpleLayout(
        left_panels=[SyncRunPanel()],
        right_panels=[PlanPanel(title=gettext_lazy('Result'))],
        bottom_panels=[
            OptionalTablePanel('change_table', title=gettext_lazy('Changes')),
            OptionalTablePanel('problem_table', title=gettext_lazy('Files that need attention')),
        ],
    )

    def get_extra_context(self, request: HttpRequest, instance: SyncRun) -> dict[str, Any]:
        """Arrange the record in tables."""
        changes = visible_entries(instance.changes, instance.fabric, request.user)[:_ROWS_SHOWN]
        return {
            'summary': describe_counts(instance.counts),
            'change_table': ChangeTable([_change(instance.fabric, change) for change in changes]),
            'problem_table': FileTable([_linked(instance.fabric, row) for row in instance.problems[:_ROWS_SHOWN]]),
        }


def _linked(fabric: HedgehogFabric, row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, 'file_url': file_url(fabric, row.get('path', ''))}


def _change(fabric: HedgehogFabric, change: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_linked(fabric, change),
        'side': dict(SideChoices).get(change['side'], change['side']),
        'resource': f'{change["kind"]} {change["namespace"]}/{change["name"]}',
        'users': ', '.join(change.get('users', ())) or _('Git') * (change['side'] == SideChoices.NETBOX),
    }
