"""The pages of Git credentials."""

from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import AddObject, BulkDelete, BulkEdit, BulkExport, BulkImport
from netbox.ui import actions, layout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel
from netbox.views import generic
from utilities.query import count_related
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import GitCredential, GitRepository
from .panels import CredentialPanel
from .secret_forms import SecretEditView

__all__ = (
    'GitCredentialBulkDeleteView',
    'GitCredentialBulkEditView',
    'GitCredentialBulkImportView',
    'GitCredentialDeleteView',
    'GitCredentialEditView',
    'GitCredentialListView',
    'GitCredentialView',
)

_COUNTED = GitCredential.objects.annotate(repository_count=count_related(GitRepository, 'credential'))


@register_model_view(GitCredential, 'list', path='', detail=False)
class GitCredentialListView(generic.ObjectListView):
    """All credentials, and how many repositories use each."""

    queryset = _COUNTED
    filterset = filtersets.GitCredentialFilterSet
    filterset_form = forms.GitCredentialFilterForm
    table = tables.GitCredentialTable
    actions = (AddObject, BulkImport, BulkExport, BulkEdit, BulkDelete)


@register_model_view(GitCredential)
class GitCredentialView(generic.ObjectView):
    """One credential, and the repositories that it serves."""

    queryset = GitCredential.objects.all()
    template_name = 'generic/object.html'
    layout = layout.SimpleLayout(
        left_panels=[CredentialPanel(), TagsPanel()],
        right_panels=[CustomFieldsPanel(), CommentsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_hedgehog.gitrepository',
                filters={'credential_id': lambda context: context['object'].pk},
                exclude_columns=['credential'],
                actions=[
                    actions.AddObject(
                        'netbox_hedgehog.gitrepository',
                        url_params={'credential': lambda context: context['object'].pk},
                    )
                ],
            )
        ],
    )


@register_model_view(GitCredential, 'add', detail=False)
@register_model_view(GitCredential, 'edit')
class GitCredentialEditView(SecretEditView):
    """Add or edit a credential."""

    queryset = GitCredential.objects.all()
    secret_form = forms.GitCredentialForm
    secret_fields = ('secret',)


@register_model_view(GitCredential, 'delete')
class GitCredentialDeleteView(generic.ObjectDeleteView):
    """Delete a credential that no repository uses."""

    queryset = GitCredential.objects.all()


@register_model_view(GitCredential, 'bulk_import', path='import', detail=False)
class GitCredentialBulkImportView(generic.BulkImportView):
    """Import credentials."""

    queryset = GitCredential.objects.all()
    model_form = forms.GitCredentialImportForm


@register_model_view(GitCredential, 'bulk_edit', path='edit', detail=False)
class GitCredentialBulkEditView(generic.BulkEditView):
    """Edit credentials."""

    queryset = _COUNTED
    filterset = filtersets.GitCredentialFilterSet
    table = tables.GitCredentialTable
    form = forms.GitCredentialBulkEditForm


@register_model_view(GitCredential, 'bulk_delete', path='delete', detail=False)
class GitCredentialBulkDeleteView(generic.BulkDeleteView):
    """Delete credentials that no repository uses."""

    queryset = _COUNTED
    filterset = filtersets.GitCredentialFilterSet
    table = tables.GitCredentialTable
