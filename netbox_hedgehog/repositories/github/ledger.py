"""What a request costs with GitHub, and who decides whether it may be sent: the rates are shared by all workers."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Protocol, override

__all__ = ('Ledger', 'Spending', 'Unlimited', 'wait_until')

# GitHub's least wait where it refuses for its limits and names no time.
LEAST_WAIT = timedelta(seconds=60)


class Spending(Enum):
    """What a request costs: WRITE and MUTATION are 5 points and create content, FREE counts nowhere."""

    READ = 'read'
    WRITE = 'write'
    QUERY = 'query'
    MUTATION = 'mutation'
    FREE = 'free'


class Ledger(Protocol):
    """The account of what one credential has spent."""

    def admit(self, spending: Spending, *, further_writes: int = 0) -> float:
        """Return how many seconds to pause before a request; raise `RateLimited` instead of overrunning a limit.

        `further_writes` is how many more writes the same batch will need after this one.
        """

    def note(self, status: int, headers: Mapping[str, str], *, limited: bool, resource: str) -> datetime | None:
        """Take down what an answer says about the limits; return until when to wait if it was a refusal for them.

        The names of the headers are in lower case.
        """


class Unlimited(Ledger):
    """An account that admits everything, and repeats what GitHub says about waiting."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now

    @override
    def admit(self, spending: Spending, *, further_writes: int = 0) -> float:
        return 0

    @override
    def note(self, status: int, headers: Mapping[str, str], *, limited: bool, resource: str) -> datetime | None:
        return wait_until(headers, self._now()) if limited else None


def wait_until(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return when to ask again after a refusal for the limits, in the order of precedence that GitHub documents."""
    retry_after, reset = headers.get('retry-after', ''), headers.get('x-ratelimit-reset', '')
    try:
        if retry_after.isdecimal():
            return now + timedelta(seconds=int(retry_after))
        if headers.get('x-ratelimit-remaining') == '0' and reset.isdecimal():
            return max(now, datetime.fromtimestamp(int(reset), UTC))
    except (OSError, OverflowError, ValueError):  # a number that is no time
        return now + LEAST_WAIT
    return now + LEAST_WAIT
