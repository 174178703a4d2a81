"""The pages of Git repositories."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import (
    AddObject,
    BulkDelete,
    BulkEdit,
    BulkExport,
    BulkImport,
    CloneObject,
    DeleteObject,
    EditObject,
)
from netbox.ui import layout
from netbox.ui.actions import AddObject as AddRelated
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel
from netbox.views import generic
from utilities.query import count_related
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import GitRepository, HedgehogFabric
from ..sync.webhooks import health_of
from .actions import TestRepository
from .panels import RepositoryPanel, WebhookPanel
from .webhook_setup import url_of

__all__ = (
    'GitRepositoryBulkDeleteView',
    'GitRepositoryBulkEditView',
    'GitRepositoryBulkImportView',
    'GitRepositoryDeleteView',
    'GitRepositoryEditView',
    'GitRepositoryListView',
    'GitRepositoryView',
)

_COUNTED = GitRepository.objects.annotate(fabric_count=count_related(HedgehogFabric, 'repository'))


@register_model_view(GitRepository, 'list', path='', detail=False)
class GitRepositoryListView(generic.ObjectListView):
    """All repositories, and how many fabrics use each."""

    queryset = _COUNTED
    filterset = filtersets.GitRepositoryFilterSet
    filterset_form = forms.GitRepositoryFilterForm
    table = tables.GitRepositoryTable
    actions = (AddObject, BulkImport, BulkExport, BulkEdit, BulkDelete)


@register_model_view(GitRepository)
class GitRepositoryView(generic.ObjectView):
    """One repository, and the fabrics in it."""

    queryset = GitRepository.objects.all()
    template_name = 'generic/object.html'
    actions = (TestRepository, CloneObject, EditObject, DeleteObject)
    layout = layout.SimpleLayout(
        left_panels=[RepositoryPanel(), TagsPanel()],
        right_panels=[WebhookPanel(title=_('Webhook')), CustomFieldsPanel(), CommentsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_hedgehog.hedgehogfabric',
                filters={'repository_id': lambda context: context['object'].pk},
                exclude_columns=['repository'],
                actions=[
                    AddRelated(
                        'netbox_hedgehog.hedgehogfabric',
                        url_params={'repository': lambda context: context['object'].pk},
                    )
                ],
            )
        ],
    )

    def get_extra_context(self, request: HttpRequest, instance: GitRepository) -> dict[str, Any]:
        """Read what the webhook's panel shows."""
        return {
            'webhook': health_of(instance),
            'webhook_url': url_of(request, instance),
            'may_change_webhook': request.user.has_perm('netbox_hedgehog.change_gitrepository', obj=instance),
        }


@register_model_view(GitRepository, 'add', detail=False)
@register_model_view(GitRepository, 'edit')
class GitRepositoryEditView(generic.ObjectEditView):
    """Add or edit a repository."""

    queryset = GitRepository.objects.all()
    form = forms.GitRepositoryForm


@register_model_view(GitRepository, 'delete')
class GitRepositoryDeleteView(generic.ObjectDeleteView):
    """Delete a repository that no fabric uses."""

    queryset = GitRepository.objects.all()


@register_model_view(GitRepository, 'bulk_import', path='import', detail=False)
class GitRepositoryBulkImportView(generic.BulkImportView):
    """Import repositories."""

    queryset = GitRepository.objects.all()
    model_form = forms.GitRepositoryImportForm


@register_model_view(GitRepository, 'bulk_edit', path='edit', detail=False)
class GitRepositoryBulkEditView(generic.BulkEditView):
    """Edit repositories."""

    queryset = _COUNTED
    filterset = filtersets.GitRepositoryFilterSet
    table = tables.GitRepositoryTable
    form = forms.GitRepositoryBulkEditForm


@register_model_view(GitRepository, 'bulk_delete', path='delete', detail=False)
class GitRepositoryBulkDeleteView(generic.BulkDeleteView):
    """Delete repositories that no fabric uses."""

    queryset = _COUNTED
    filterset = filtersets.GitRepositoryFilterSet
    table = tables.GitRepositoryTable
