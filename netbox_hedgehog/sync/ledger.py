"""The budget of a credential in the database: shared by all workers, and kept across restarts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import override

from django.db import transaction
from django.utils import timezone

from ..models import CredentialState
from ..repositories import RateLimited
from ..repositories.github import Spending
from ..repositories.github.budget import Admitted, Budget, Postponed, admit, note
from ..repositories.github.ledger import Ledger

__all__ = ('DatabaseLedger', 'budget_of', 'time_of')

# No limit of GitHub's lasts longer than an hour: what names a later time is a fault of the server's.
_LONGEST_WAIT = timedelta(days=1)


def budget_of(key: str) -> Budget:
    """Return what one credential has used lately."""
    state = CredentialState.objects.filter(key=key).first()
    return Budget.from_json(state.budget) if state else Budget()


def time_of(seconds: float) -> datetime:
    """Return a time of a budget, which a server may have named: a day from now at the latest."""
    latest = timezone.now() + _LONGEST_WAIT
    return datetime.fromtimestamp(min(max(seconds, 0), latest.timestamp()), UTC)


class DatabaseLedger(Ledger):
    """Admits requests of one credential, and counts them in its row.

    A write is counted before it is sent, so that two workers never both take what is left for one. A read is counted
    when it is answered: an unchanged branch, answered with 304, costs nothing and writes nothing.
    `requests` counts what this object let pass.
    """

    def __init__(self, key: str, address: str, *, for_people: bool) -> None:
        self._key = key
        self._address = address
        self._for_people = for_people
        self._uncounted: Spending | None = None
        self.requests = 0

    @override
    def admit(self, spending: Spending, *, further_writes: int = 0) -> float:
        if spending in (Spending.READ, Spending.QUERY):
            admitted = self._decide(budget_of(self._key), spending, further_writes)
            self._uncounted = spending
        else:
            with self._row() as state:
                admitted = self._decide(Budget.from_json(state.budget), spending, further_writes)
                state.budget = admitted.budget.to_json()
            self._uncounted = None
        self.requests += 1
        return admitted.pause_seconds

    @override
    def note(self, status: int, headers: Mapping[str, str], *, limited: bool, resource: str) -> datetime | None:
        if status == 304:
            return None
        if status == 401:
            headers = {}  # what it says of limits is said to nobody in particular
        now = timezone.now().timestamp()
        with self._row() as state:
            budget = Budget.from_json(state.budget)
            if self._uncounted:
                counted = admit(budget, self._uncounted, now, for_people=True)
                budget = counted.budget if isinstance(counted, Admitted) else budget
            budget = note(budget, headers, now, limited=limited, resource=resource)
            state.budget = budget.to_json()
        return time_of(budget.closed_until) if limited else None

    def _decide(self, budget: Budget, spending: Spending, further_writes: int) -> Admitted:
        decision = admit(
            budget, spending, timezone.now().timestamp(), further_writes=further_writes, for_people=self._for_people
        )
        if isinstance(decision, Postponed):
            raise RateLimited(self._address, time_of(decision.until))
        return decision

    @contextmanager
    def _row(self) -> Iterator[CredentialState]:
        with transaction.atomic():
            state, _ = CredentialState.objects.select_for_update().get_or_create(key=self._key)
            yield state
            state.save(update_fields=('budget',))
