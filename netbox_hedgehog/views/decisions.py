"""What a person decides about a pull request that was closed without being merged."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from utilities.forms import ConfirmationForm
from utilities.views import register_model_view

from ..models import FabricModeChoices, HedgehogFabric, PendingChange, RunTriggerChoices
from ..sync.decisions import discard, newest_change, propose_again
from ..sync.errors import DecisionStale
from ..sync.proposal import proposal_of
from ..tables import PendingChangeTable
from .passes import FabricActionView, start_pass

__all__ = ('HedgehogFabricDiscardView', 'HedgehogFabricProposeAgainView')

_ROWS_SHOWN = 500


class _DecisionView(FabricActionView):
    """A decision, which takes the permission to decide about what is held."""

    action = 'approve'

    def _is_open(self, request: HttpRequest, fabric: HedgehogFabric) -> bool:
        """Tell whether there is something to decide; if not, the user is told."""
        if not proposal_of(fabric).is_refused:
            messages.info(request, _('There is no pull request that was closed without being merged.'))
            return False
        return self._is_possible(request, fabric, FabricModeChoices.ACTIVE)


@register_model_view(HedgehogFabric, 'propose_again', path='propose-again')
class HedgehogFabricProposeAgainView(_DecisionView):
    """Open a new pull request with what was in the closed one."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead back: nothing is decided by following a link."""
        return redirect(get_object_or_404(self.queryset, pk=pk).get_absolute_url())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let the request go, and queue the pass that opens the next one."""
        fabric = get_object_or_404(self.queryset, pk=pk)
        if self._is_open(request, fabric):
            try:
                propose_again(fabric)
            except DecisionStale as stale:
                messages.warning(request, str(stale))
            else:
                start_pass(request, fabric, RunTriggerChoices.BUTTON)
        return redirect(fabric.get_absolute_url())


class DiscardForm(ConfirmationForm):
    """A confirmation that is about the changes that were shown, and about none that was made since."""

    newest = forms.IntegerField(widget=forms.HiddenInput(), required=False)


@register_model_view(HedgehogFabric, 'discard')
class HedgehogFabricDiscardView(_DecisionView):
    """Give up the changes that are not in Git."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what would be lost, and ask."""
        fabric = get_object_or_404(self.queryset, pk=pk)
        if not self._is_open(request, fabric):
            return redirect(fabric.get_absolute_url())
        changes = _pending(fabric)
        listed = list(changes.restrict(request.user, 'view')[:_ROWS_SHOWN])
        context = {
            'object': fabric,
            'form': DiscardForm(initial={'newest': newest_change(fabric)}),
            'return_url': fabric.get_absolute_url(),
            'proposal': proposal_of(fabric),
            'hidden_count': changes.count() - len(listed),
            'table': PendingChangeTable(
                listed, exclude=('id', 'pk', 'fabric', 'actions', 'group', 'request_id'), orderable=False
            ),
        }
        return render(request, 'netbox_hedgehog/discard.html', context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give up what was shown, and queue the pass that takes over what Git holds."""
        fabric = get_object_or_404(self.queryset, pk=pk)
        form = DiscardForm(request.POST)
        if not form.is_valid() or not self._is_open(request, fabric):
            return redirect(fabric.get_absolute_url())
        try:
            count = discard(fabric, form.cleaned_data['newest'])
        except DecisionStale as stale:
            messages.warning(request, str(stale))
            return redirect(request.path)
        messages.success(request, _('The changes of {count} resources are given up.').format(count=count))
        start_pass(request, fabric, RunTriggerChoices.BUTTON)
        return redirect(fabric.get_absolute_url())


def _pending(fabric: HedgehogFabric) -> QuerySet[PendingChange]:
    return PendingChange.objects.filter(fabric=fabric)
