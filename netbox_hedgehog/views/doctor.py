"""Testing a connection: a page with a line for each question that was asked of the server."""

from collections.abc import Callable

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from netbox.views.generic.base import BaseObjectView
from utilities.views import register_model_view

from ..models import GitRepository, HedgehogFabric
from ..sync.doctor import Finding, examine_fabric, examine_repository, is_in_order, report_of
from ..tables.panels import FindingTable

__all__ = ('GitRepositoryTestView', 'HedgehogFabricTestView')


class _TestView(BaseObjectView):
    """Asks by POST alone: a test sends requests, and takes them from the budget."""

    permission = ''
    examine: Callable[..., list[Finding]]

    def get_required_permission(self) -> str:
        """Return the permission; the constraints of a user's rights decide about the single object."""
        return self.permission

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead back: nothing is asked by following a link."""
        return redirect(get_object_or_404(self.queryset, pk=pk).get_absolute_url())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, and show what was found."""
        subject: Model = get_object_or_404(self.queryset, pk=pk)
        findings = self.examine(subject, base_url=f'{request.scheme}://{request.get_host()}')
        tested_at = timezone.now()
        context = {
            'object': subject,
            'table': FindingTable([_row(finding) for finding in findings]),
            'is_in_order': is_in_order(findings),
            'tested_at': tested_at,
            'report': f'{subject}, {tested_at:%Y-%m-%d %H:%M:%S} UTC\n{report_of(findings)}',
        }
        return render(request, 'netbox_hedgehog/test.html', context)


@register_model_view(GitRepository, 'test')
class GitRepositoryTestView(_TestView):
    """Test the default branch of a repository, for all fabrics on it."""

    queryset = GitRepository.objects.all()
    permission = 'netbox_hedgehog.change_gitrepository'
    examine = staticmethod(examine_repository)


@register_model_view(HedgehogFabric, 'test')
class HedgehogFabricTestView(_TestView):
    """Test the branch and the directory of a fabric."""

    queryset = HedgehogFabric.objects.select_related('repository')
    permission = 'netbox_hedgehog.sync_hedgehogfabric'
    examine = staticmethod(examine_fabric)


def _row(finding: Finding) -> dict[str, str]:
    return {name: getattr(finding, name) for name in ('verdict', 'check', 'message', 'remedy')}
