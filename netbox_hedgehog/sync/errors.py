"""How a pass can end without having done its work."""

__all__ = ('FabricPaused', 'PlanStale', 'SyncError')


class SyncError(Exception):
    """The base of this room's errors."""


class PlanStale(SyncError):
    """NetBox changed since the plan was made: make it again."""


class FabricPaused(SyncError):
    """The fabric is paused; set its mode to active first."""
