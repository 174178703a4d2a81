"""The pages of Git repositories."""

from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import AddObject, BulkDelete, BulkEdit, BulkExport, BulkImport
from netbox.ui import actions, layout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel
from netbox.views import generic
from utilities.query import count_related
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import GitRepository, HedgehogFabric
from .panels import RepositoryPanel

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
    layout = layout.SimpleLayout(
        left_panels=[RepositoryPanel(), TagsPanel()],
        right_panels=[CustomFieldsPanel(), CommentsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_hedgehog.hedgehogfabric',
                filters={'repository_id': lambda context: context['object'].pk},
                exclude_columns=['repository'],
                actions=[
                    actions.AddObject(
                        'netbox_hedgehog.hedgehogfabric',
                        url_params={'repository': lambda context: context['object'].pk},
                    )
                ],
            )
        ],
    )


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
