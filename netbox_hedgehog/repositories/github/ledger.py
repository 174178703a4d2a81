"""What a request costs with GitHub, and who decides whether it may be sent: the rates are shared by all workers."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Protocol, override

__all__ = ('LONGEST_WAIT', 'Ledger', 'Spending', 'Unlimited', 'number_of', 'seconds_to_wait')

# A refusal for the limits that names no time: a minute at least, then longer, "with an exponentially increasing wait".
FIRST_GROWING_WAIT = 60
LONGEST_GROWING_WAIT = 3600

# No limit of GitHub lasts longer than an hour; a header that says more than a day is no time to believe.
LONGEST_WAIT = 24 * 3600

# More digits are no time, and Python refuses to convert very many of them.
MOST_DIGITS = 18


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
        now = self._now()
        return now + timedelta(seconds=seconds_to_wait(headers, now.timestamp())) if limited else None


def seconds_to_wait(headers: Mapping[str, str], now: float, *, refusals: int = 1) -> float:
    """Return for how long not to ask after a refusal for the limits, at most a day.

    The order is the one that GitHub documents: `retry-after`, the reset of an empty account, or else a wait that grows
    with the number of such refusals in a row. `now` is in seconds since the epoch; header names are in lower case.
    """
    retry_after = number_of(headers.get('retry-after', ''))
    if retry_after is not None:
        return min(retry_after, LONGEST_WAIT)
    reset = number_of(headers.get('x-ratelimit-reset', ''))
    if reset is not None and headers.get('x-ratelimit-remaining') == '0':
        return min(max(0.0, reset - now), LONGEST_WAIT)
    # The exponent is bounded too: a row of refusals has no end.
    return min(FIRST_GROWING_WAIT << min(refusals - 1, 10), LONGEST_GROWING_WAIT)


def number_of(text: str) -> int | None:
    """Read a number out of a header; None if there is none, and the largest readable one in the place of a larger."""
    if not text.isdecimal():
        return None
    return int(text) if len(text) <= MOST_DIGITS else 10**MOST_DIGITS
