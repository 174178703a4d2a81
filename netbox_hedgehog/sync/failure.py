"""What a failed pass leaves behind: a truthful status, and the time of the next attempt."""

import random
from datetime import datetime, timedelta

from ..models import ConnectionStatusChoices, FabricState, HedgehogFabric
from ..reconcile import ReconcileError
from ..repositories import (
    AddressRefused,
    BranchMissing,
    CredentialUnusable,
    EmptyRepository,
    Forbidden,
    NotFound,
    ProtectedBranch,
    RateLimited,
    RepositoryError,
    Unauthorized,
    Unsupported,
)
from .errors import PassAbandoned, ProposalTakenOver

__all__ = ('record_failure',)

type PassFault = ReconcileError | RepositoryError | PassAbandoned | ProposalTakenOver

_FIRST_RETRY_SECONDS = 5
_LONGEST_RETRY_SECONDS = 600

_REFUSED = (
    ReconcileError,
    AddressRefused,
    CredentialUnusable,
    Forbidden,
    ProposalTakenOver,
    ProtectedBranch,
    Unauthorized,
    Unsupported,
)
_MISSING = (BranchMissing, EmptyRepository, NotFound)


def record_failure(fabric: HedgehogFabric, error: PassFault, when: datetime) -> None:
    """Write how the repository answered; pending changes stay pending, and the wait before the next attempt doubles."""
    state = FabricState.objects.filter(fabric=fabric).first() or FabricState(fabric=fabric)
    state.connection = _connection(error)
    state.error = f'{error} {error.remedy}' if isinstance(error, RepositoryError) else str(error)
    state.error_since = state.error_since or when
    state.failures += 1
    state.retry_at = _next_attempt(error, state.failures, when)
    state.save()


def _connection(error: PassFault) -> str:
    if isinstance(error, _REFUSED):
        return ConnectionStatusChoices.REFUSED
    if isinstance(error, _MISSING):
        return ConnectionStatusChoices.MISSING
    if isinstance(error, RateLimited):
        return ConnectionStatusChoices.LIMITED
    if isinstance(error, PassAbandoned):
        return ConnectionStatusChoices.UNKNOWN
    return ConnectionStatusChoices.UNREACHABLE


def _next_attempt(error: PassFault, failures: int, when: datetime) -> datetime:
    if isinstance(error, RateLimited) and error.until:
        return error.until
    seconds = min(_FIRST_RETRY_SECONDS * 2 ** (failures - 1), _LONGEST_RETRY_SECONDS)
    # Jitter keeps fabrics that failed together from coming back together.
    return when + timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311  no secret depends on it
