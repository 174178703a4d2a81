"""The pages of the plugin; those of the fifteen kinds come from one factory.

A class of a generated name that is defined by hand goes below the last line, and replaces the generated one.
"""

from .conflicts import HedgehogFabricResolveView
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

__all__ = (
    'RESOURCE_VIEWS',
    'GitRepositoryBulkDeleteView',
    'GitRepositoryBulkEditView',
    'GitRepositoryBulkImportView',
    'GitRepositoryDeleteView',
    'GitRepositoryEditView',
    'GitRepositoryListView',
    'GitRepositoryView',
    'HedgehogFabricApproveView',
    'HedgehogFabricBulkDeleteView',
    'HedgehogFabricBulkEditView',
    'HedgehogFabricBulkImportView',
    'HedgehogFabricDeleteView',
    'HedgehogFabricEditView',
    'HedgehogFabricListView',
    'HedgehogFabricPreviewView',
    'HedgehogFabricResolveView',
    'HedgehogFabricSyncView',
    'HedgehogFabricView',
    'KindReferenceView',
    'PendingChangeListView',
    'PendingChangeView',
    'SyncRunListView',
    'SyncRunView',
)

globals().update(RESOURCE_VIEWS)
