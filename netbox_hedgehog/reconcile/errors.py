"""What this room refuses."""

__all__ = ('DirectoryRefused', 'ReconcileError')


class ReconcileError(Exception):
    """The base of this room's errors."""


class DirectoryRefused(ReconcileError):
    """A directory that a fabric must not use; the text says why."""
