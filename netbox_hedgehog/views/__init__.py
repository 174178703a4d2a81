"""The pages of the plugin; those of the fifteen kinds come from one factory.

A class of a generated name that is defined by hand goes below the last line, and replaces the generated one.
"""

from .conflicts import HedgehogFabricResolveView
from .credentials import (
    GitCredentialBulkDeleteView,
    GitCredentialBulkEditView,
    GitCredentialBulkImportView,
    GitCredentialDeleteView,
    GitCredentialEditView,
    GitCredentialListView,
    GitCredentialView,
)
from .decisions import HedgehogFabricDiscardView, HedgehogFabricProposeAgainView
from .doctor import GitRepositoryTestView, HedgehogFabricTestView
from .fabrics import (
    HedgehogFabricBulkDeleteView,
    HedgehogFabricBulkEditView,
    HedgehogFabricBulkImportView,
    HedgehogFabricDeleteView,
    HedgehogFabricEditView,
    HedgehogFabricListView,
    HedgehogFabricView,
)
from .passes import HedgehogFabricApproveView, HedgehogFabricPreviewView, HedgehogFabricSyncView
from .records import PendingChangeListView, PendingChangeView, SyncRunListView, SyncRunView
from .reference import KindReferenceView
from .repositories import (
    GitRepositoryBulkDeleteView,
    GitRepositoryBulkEditView,
    GitRepositoryBulkImportView,
    GitRepositoryDeleteView,
    GitRepositoryEditView,
    GitRepositoryListView,
    GitRepositoryView,
)
from .resources import RESOURCE_VIEWS
from .spec import SpecOffersView
from .webhook_setup import GitRepositoryInstallWebhookView, GitRepositoryReplaceSecretView
from .webhooks import GitHubWebhookView

__all__ = (
    'RESOURCE_VIEWS',
    'GitCredentialBulkDeleteView',
    'GitCredentialBulkEditView',
    'GitCredentialBulkImportView',
    'GitCredentialDeleteView',
    'GitCredentialEditView',
    'GitCredentialListView',
    'GitCredentialView',
    'GitHubWebhookView',
    'GitRepositoryBulkDeleteView',
    'GitRepositoryBulkEditView',
    'GitRepositoryBulkImportView',
    'GitRepositoryDeleteView',
    'GitRepositoryEditView',
    'GitRepositoryInstallWebhookView',
    'GitRepositoryListView',
    'GitRepositoryReplaceSecretView',
    'GitRepositoryTestView',
    'GitRepositoryView',
    'HedgehogFabricApproveView',
    'HedgehogFabricBulkDeleteView',
    'HedgehogFabricBulkEditView',
    'HedgehogFabricBulkImportView',
    'HedgehogFabricDeleteView',
    'HedgehogFabricDiscardView',
    'HedgehogFabricEditView',
    'HedgehogFabricListView',
    'HedgehogFabricPreviewView',
    'HedgehogFabricProposeAgainView',
    'HedgehogFabricResolveView',
    'HedgehogFabricSyncView',
    'HedgehogFabricTestView',
    'HedgehogFabricView',
    'KindReferenceView',
    'PendingChangeListView',
    'PendingChangeView',
    'SpecOffersView',
    'SyncRunListView',
    'SyncRunView',
)

globals().update(RESOURCE_VIEWS)
