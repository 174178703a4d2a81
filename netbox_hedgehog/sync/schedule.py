"""When the next pass of a fabric comes: its commit window, widened while the budget of its credential is short."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef
from django.utils import timezone

from ..models import FabricModeChoices, FabricState, HedgehogFabric, PendingChange, SyncState, SyncStatusChoices
from ..models.condition import WAITING
from ..repositories import RepositoryError
from ..repositories.github.budget import RESERVE, WRITES_PER_HOUR, Budget, Quota, commit_window
from .access import budget_key
from .ledger import budget_of, time_of

__all__ = ('Outlook', 'commit_window_of', 'outlook_of')

_NOTICEABLE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may be expected of a fabric on GitHub: what its credential has left, and when nothing will be waiting.

    `quota` is the primary limit as GitHub announced it last, None before its first answer and after the limit's reset.
    `empty_at` is None where nothing waits, and where nothing is written because the fabric is not active.
    """

    budget: Budget
    own_window: timedelta
    window: timedelta
    waiting: int
    empty_at: datetime | None

    @property
    def quota(self) -> Quota | None:
        """The requests of the hour."""
        return self.budget.quotas.get('core')

    @property
    def quota_reset(self) -> datetime | None:
        """When the requests of the hour begin anew."""
        return time_of(self.quota.reset) if self.quota else None

    @property
    def quota_used_percent(self) -> float:
        """The share of the requests that is used."""
        return 100 * (1 - self.quota.remaining / self.quota.limit) if self.quota and self.quota.limit else 0

    @property
    def writes_used(self) -> int:
        """The requests of the last hour that created content."""
        return len(self.budget.writes)

    @property
    def writes_limit(self) -> int:
        """How many of them GitHub takes in an hour."""
        return WRITES_PER_HOUR

    @property
    def writes_reserved(self) -> int:
        """How many of those background work leaves to people."""
        return round(WRITES_PER_HOUR * RESERVE)

    @property
    def writes_used_percent(self) -> float:
        """The share of them that is used."""
        return min(100, 100 * self.writes_used / WRITES_PER_HOUR)

    @property
    def closed_until(self) -> datetime | None:
        """Until when GitHub asks to wait, if it does."""
        closed_until = time_of(self.budget.closed_until)
        return closed_until if closed_until > timezone.now() else None

    @property
    def window_seconds(self) -> float:
        """For how many seconds changes are collected now."""
        return self.window.total_seconds()

    @property
    def is_widened(self) -> bool:
        """Whether changes are collected for noticeably longer than the fabric itself wants."""
        return self.window - self.own_window >= _NOTICEABLE


def commit_window_of(fabric: HedgehogFabric) -> timedelta:
    """Return for how long changes are collected: at least the fabric's own window, longer while the budget is short."""
    budget = _budget_of(fabric)
    own = timedelta(seconds=fabric.commit_window_seconds)
    return own if budget is None else _widened(own, budget)


def outlook_of(fabric: HedgehogFabric) -> Outlook | None:
    """Return what is left and what waits; nothing for a fabric that no budget limits."""
    budget = _budget_of(fabric)
    if budget is None:
        return None
    own = timedelta(seconds=fabric.commit_window_seconds)
    window = _widened(own, budget)
    waiting, oldest = _waiting_for_the_next_pass(fabric)
    return Outlook(
        budget=budget.recent(timezone.now().timestamp()),
        own_window=own,
        window=window,
        waiting=waiting,
        empty_at=_empty_at(fabric, oldest, window, budget),
    )


def _budget_of(fabric: HedgehogFabric) -> Budget | None:
    """Return the budget that limits a fabric. A fault is none of this room's: the pass meets it too, and records it."""
    try:
        if not fabric.repository.is_on_github:
            return None
        return budget_of(budget_key(fabric.repository))
    except RepositoryError:
        return None


def _widened(own: timedelta, budget: Budget) -> timedelta:
    return timedelta(seconds=commit_window(budget, own.total_seconds(), timezone.now().timestamp()))


def _waiting_for_the_next_pass(fabric: HedgehogFabric) -> tuple[int, datetime | None]:
    """Return how many changes the next pass writes, and the time of the oldest: not those that wait for a person."""
    elsewhere = SyncState.objects.filter(
        fabric=OuterRef('fabric'),
        kind=OuterRef('kind'),
        namespace=OuterRef('namespace'),
        name=OuterRef('name'),
        status__in=(SyncStatusChoices.PROPOSED, *WAITING),
    )
    changes = PendingChange.objects.filter(~Exists(elsewhere), fabric=fabric)
    found = changes.order_by().aggregate(count=Count('pk'), oldest=Min('created'))
    return found['count'], found['oldest']


def _empty_at(fabric: HedgehogFabric, oldest: datetime | None, window: timedelta, budget: Budget) -> datetime | None:
    """Return when the next pass begins: one takes everything that waits."""
    if oldest is None or fabric.mode != FabricModeChoices.ACTIVE:
        return None
    retry_at = FabricState.objects.filter(fabric=fabric).values_list('retry_at', flat=True).first()
    closed_until = time_of(budget.closed_until)
    return max(filter(None, (oldest + window, retry_at, closed_until, timezone.now())))
