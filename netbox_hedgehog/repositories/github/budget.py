"""How much may still be asked of GitHub: a decision before each request, so that a limit is never overrun.

Times are seconds since the epoch. The limits are those that GitHub documents ("Rate limits for the REST API"): the
primary one is announced in the headers of every answer; of the secondary ones nothing is announced, so they are counted
here. A share of each is left to people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from .ledger import LONGEST_WAIT, Spending, number_of, seconds_to_wait

__all__ = (
    'HOUR',
    'POINTS_PER_MINUTE',
    'RESERVE',
    'WRITES_PER_HOUR',
    'WRITES_PER_MINUTE',
    'Admitted',
    'Budget',
    'Postponed',
    'Quota',
    'admit',
    'commit_window',
    'note',
)

HOUR = 3600
MINUTE = 60

POINTS_PER_MINUTE = 900
WRITES_PER_MINUTE = 80
WRITES_PER_HOUR = 500

# The share of every limit that background work leaves to people.
RESERVE = 0.1

# GitHub asks for a second between writes where there are many; so many of a minute may follow each other at once.
BURST = 10
SECONDS_BETWEEN_WRITES = 1

# The writes of an ordinary batch: a tree, a commit, the branch, and one to spare.
WRITES_PER_BATCH = 4
REQUESTS_PER_BATCH = 6
# Until a tenth of an hour's writes is used, nobody waits longer than the fabric's own window; from a third on, batches
# come no faster than the hour can bear for good.
NARROW_UNTIL, WIDE_FROM = 0.1, 0.35

_POINTS = {
    Spending.READ: 1,
    Spending.QUERY: 1,
    Spending.WRITE: 5,
    Spending.MUTATION: 5,
    Spending.FREE: 0,
}
_WRITING = frozenset({Spending.WRITE, Spending.MUTATION})


@dataclass(frozen=True, slots=True)
class Quota:
    """A primary limit as GitHub announced it, less what was asked since."""

    limit: int
    remaining: int
    reset: float


@dataclass(frozen=True, slots=True)
class Budget:
    """What one credential has used lately.

    `writes` are the times of the content-creating requests of the last hour, `points` of the last minute as pairs of
    time and points; `closed_until` is set while GitHub refuses, and `refusals` counts such answers in a row.
    """

    quotas: Mapping[str, Quota] = field(default_factory=dict)
    writes: tuple[float, ...] = ()
    points: tuple[tuple[float, int], ...] = ()
    closed_until: float = 0
    refusals: int = 0

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_json` wrote."""
        return cls(
            {name: Quota(*values) for name, values in data.get('quotas', {}).items()},
            tuple(data.get('writes', ())),
            tuple((when, points) for when, points in data.get('points', ())),
            data.get('closed_until', 0),
            data.get('refusals', 0),
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            'quotas': {name: [quota.limit, quota.remaining, quota.reset] for name, quota in self.quotas.items()},
            'writes': list(self.writes),
            'points': [list(pair) for pair in self.points],
            'closed_until': self.closed_until,
            'refusals': self.refusals,
        }

    def recent(self, now: float) -> Self:
        """Forget what no longer counts, and believe nobody who names a time more than a day ahead."""
        latest = now + LONGEST_WAIT
        return replace(
            self,
            quotas={
                name: replace(quota, reset=min(quota.reset, latest))
                for name, quota in self.quotas.items()
                if quota.reset > now
            },
            closed_until=min(self.closed_until, latest),
            writes=tuple(when for when in self.writes if when > now - HOUR),
            points=tuple(pair for pair in self.points if pair[0] > now - MINUTE),
        )

    def writes_since(self, moment: float) -> int:
        """Count the writes after a moment of the last hour."""
        return sum(when > moment for when in self.writes)


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request may be sent after a pause; `budget` has counted it."""

    budget: Budget
    pause_seconds: float


@dataclass(frozen=True, slots=True)
class Postponed:
    """A request would overrun a limit before `until`, and must not be sent."""

    until: float


def admit(
    budget: Budget, spending: Spending, now: float, *, further_writes: int = 0, for_people: bool = False
) -> Admitted | Postponed:
    """Decide whether a request may be sent, and count it.

    `further_writes` are those that a batch needs after this one: a batch that cannot be completed within the hour is
    not begun.
    """
    budget = budget.recent(now)
    if spending is Spending.FREE:
        return Admitted(budget, 0)
    share = 1 if for_people else 1 - RESERVE
    until = max(
        budget.closed_until,
        _quota_until(budget, spending, share),
        _points_until(budget, spending, share, now),
        _writes_until(budget, further_writes, share, now) if spending in _WRITING else 0,
    )
    if until > now:
        return Postponed(until)
    pause = _pause(budget, now) if spending in _WRITING else 0
    return Admitted(_counted(budget, spending, now + pause), pause)


def note(budget: Budget, headers: Mapping[str, str], now: float, *, limited: bool, resource: str) -> Budget:
    """Take over what an answer says about the limits; `limited` when it was a refusal for their sake.

    Header names are lower-case. An Enterprise Server limits nothing by default, and says nothing.
    """
    budget = _with_quota(budget, headers, resource).recent(now)
    if not limited:
        return replace(budget, refusals=0) if budget.refusals else budget
    refusals = budget.refusals + 1
    closed_until = now + seconds_to_wait(headers, now, refusals=refusals)
    return replace(budget, refusals=refusals, closed_until=max(budget.closed_until, closed_until))


def commit_window(budget: Budget, base_seconds: float, now: float) -> float:
    """Return for how many seconds to collect changes before the next batch.

    With a budget that is hardly used that is the fabric's own window; it widens with the use of the hour to the pace
    that could be kept up for ever, so that a storm of edits is late rather than refused.
    """
    budget = budget.recent(now)
    bearable = HOUR * WRITES_PER_BATCH / (WRITES_PER_HOUR * (1 - RESERVE))
    used = len(budget.writes) / (WRITES_PER_HOUR * (1 - RESERVE))
    widening = min(1.0, max(0.0, used - NARROW_UNTIL) / (WIDE_FROM - NARROW_UNTIL))
    window = base_seconds + max(0.0, bearable - base_seconds) * widening
    quota = budget.quotas.get('core')
    if quota:
        # At least one batch: what comes after the reset does not have to wait for what was used up before it.
        left = max(1.0, (quota.remaining - quota.limit * RESERVE) / REQUESTS_PER_BATCH)
        window = max(window, (quota.reset - now) / left if left < quota.limit / REQUESTS_PER_BATCH / 2 else 0)
    return max(window, budget.closed_until - now)


def _quota_until(budget: Budget, spending: Spending, share: float) -> float:
    quota = budget.quotas.get(_resource(spending))
    if quota is None:
        return 0
    return quota.reset if quota.remaining - 1 < quota.limit * (1 - share) else 0


def _points_until(budget: Budget, spending: Spending, share: float, now: float) -> float:
    excess = sum(points for _, points in budget.points) + _POINTS[spending] - POINTS_PER_MINUTE * share
    for when, points in budget.points:
        if excess <= 0:
            break
        excess -= points
        now = when + MINUTE
    return now


def _writes_until(budget: Budget, further: int, share: float, now: float) -> float:
    per_hour, per_minute = int(WRITES_PER_HOUR * share), int(WRITES_PER_MINUTE * share)
    # A batch that is larger than the hour itself begins with the whole hour free; its end is up to each write.
    needed = min(1 + further, per_hour)
    return max(
        _free_at(budget.writes, needed, per_hour, HOUR),
        _free_at([when for when in budget.writes if when > now - MINUTE], 1, per_minute, MINUTE),
    )


def _free_at(times: tuple[float, ...] | list[float], needed: int, limit: int, period: float) -> float:
    """Return when so many more fit into a sliding period; 0 if they do now."""
    excess = len(times) + needed - limit
    return sorted(times)[excess - 1] + period if excess > 0 else 0


def _pause(budget: Budget, now: float) -> float:
    if budget.writes_since(now - MINUTE) < BURST:
        return 0
    return max(0.0, max(budget.writes) + SECONDS_BETWEEN_WRITES - now)


def _counted(budget: Budget, spending: Spending, when: float) -> Budget:
    name = _resource(spending)
    quotas = dict(budget.quotas)
    if name in quotas:
        quotas[name] = replace(quotas[name], remaining=quotas[name].remaining - 1)
    return replace(
        budget,
        quotas=quotas,
        writes=(*budget.writes, when) if spending in _WRITING else budget.writes,
        points=(*budget.points, (when, _POINTS[spending])),
    )


def _resource(spending: Spending) -> str:
    return 'graphql' if spending in (Spending.QUERY, Spending.MUTATION) else 'core'


def _with_quota(budget: Budget, headers: Mapping[str, str], resource: str) -> Budget:
    limit, remaining, reset = (
        number_of(headers.get(f'x-ratelimit-{name}', '')) for name in ('limit', 'remaining', 'reset')
    )
    if limit is None or remaining is None or reset is None:
        return budget
    return replace(budget, quotas={**budget.quotas, resource: Quota(limit, remaining, reset)})
