"""NetBox's side of the engine: capture what people change, make plans real, record what happened."""

from .capture import capture, capture_many
from .errors import FabricPaused, PlanStale, SyncError
from .orchestrator import BidirectionalSyncOrchestrator
from .report import counts_of, describe_plan
from .services import GitHubSyncService, GitOpsEditService, SyncResult

__all__ = (
    'BidirectionalSyncOrchestrator',
    'FabricPaused',
    'GitHubSyncService',
    'GitOpsEditService',
    'PlanStale',
    'SyncError',
    'SyncResult',
    'capture',
    'capture_many',
    'counts_of',
    'describe_plan',
)
