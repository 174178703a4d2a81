"""How a pass can end without having done its work."""

__all__ = (
    'BothSidesBusy',
    'DecisionStale',
    'FabricPaused',
    'InsideTransaction',
    'PassAbandoned',
    'PlanStale',
    'ProposalTakenOver',
    'SyncError',
)


class SyncError(Exception):
    """The base of this room's errors."""


class PlanStale(SyncError):
    """NetBox changed since the plan was made: make it again."""


class BothSidesBusy(SyncError):
    """Somebody kept editing during every attempt of a pass; the repository is not to blame."""


class DecisionStale(SyncError):
    """What a person decided about is no longer what they were shown; nothing was done."""

    def __init__(self) -> None:
        super().__init__('What there was to decide has changed since it was shown. Look at it again.')


class InsideTransaction(SyncError):
    """A pass was asked for inside a transaction that may still be rolled back: its commit could not be."""


class PassAbandoned(SyncError):
    """An error that nobody foresaw ended a pass; it carries the name of that error and nothing of its text."""

    def __init__(self, cause: str) -> None:
        super().__init__(f'The pass ended unexpectedly ({cause}); its job and the log of the worker tell more.')


class FabricPaused(SyncError):
    """The fabric is paused; set its mode to active first."""


class ProposalTakenOver(SyncError):
    """Somebody else committed to the branch of a pull request that is ours; nothing of theirs is overwritten."""

    def __init__(self, branch: str, url: str) -> None:
        super().__init__(
            f'Somebody else committed to {branch}, the branch of the pull request {url}. '
            'Merge or close the request; what is still to be written then goes into a new one.'
        )
