"""GitHub's documented limits, counted for each owner of tokens.

Primary: so many requests in an hour. Secondary: points in a minute (1 for reading, 5 for writing), requests that make
content in a minute and in an hour, and requests at the same time.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .exchange import Refusal

__all__ = ('Limits',)

PRIMARY = 'API rate limit exceeded for user ID {owner}.'
SECONDARY = (
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to '
    'GitHub Support for help, please include the request ID.'
)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class _Window:
    """What was spent within a sliding time."""

    length: timedelta
    spent: deque[tuple[datetime, int]] = field(default_factory=deque)
    total: int = 0

    def clear_before(self, now: datetime) -> None:
        while self.spent and self.spent[0][0] <= now - self.length:
            self.total -= self.spent.popleft()[1]

    def add(self, now: datetime, amount: int) -> None:
        self.spent.append((now, amount))
        self.total += amount

    def seconds_until_free(self, now: datetime) -> int:
        return max(1, int((self.spent[0][0] + self.length - now).total_seconds()) + 1) if self.spent else 1


@dataclass
class _Hour:
    """The primary counter: it starts with the first request and is set back an hour later."""

    reset: datetime
    used: int = 0


@dataclass
class Limits:
    """The limits, which a test may lower or switch off, and what was spent."""

    enabled: bool = True
    per_hour: int = 5_000
    anonymous_per_hour: int = 60
    points_per_minute: int = 900
    graphql_points_per_minute: int = 2_000
    content_per_minute: int = 80
    content_per_hour: int = 500
    concurrent: int = 100
    # How many requests were refused for a limit: a well-behaved client causes none while it knows of it.
    refused: int = 0
    running: int = 0
    _hours: dict[tuple[str, str], _Hour] = field(default_factory=dict)
    _windows: dict[tuple[str, str], _Window] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget what was spent."""
        self._hours.clear()
        self._windows.clear()
        self.refused = 0

    def admit(self, owner: str, resource: str, now: datetime, *, points: int, makes_content: bool) -> None:
        """Count a request; raise Refusal when it goes over a limit, and then count nothing."""
        if not self.enabled:
            return
        hour = self._hour(owner, resource, now)
        if hour.used >= self._per_hour(owner):
            self.refused += 1
            raise Refusal(403, PRIMARY.format(owner=owner or '0'))
        windows = self._secondary(owner, resource, points, makes_content=makes_content)
        for window, amount, most in windows:
            window.clear_before(now)
            if window.total + amount > most:
                self.refused += 1
                raise Refusal(403, SECONDARY, headers={'retry-after': str(window.seconds_until_free(now))})
        if self.running > self.concurrent:
            self.refused += 1
            raise Refusal(403, SECONDARY, headers={'retry-after': '60'})
        for window, amount, _ in windows:
            window.add(now, amount)
        hour.used += 1

    def _secondary(
        self, owner: str, resource: str, points: int, *, makes_content: bool
    ) -> list[tuple[_Window, int, int]]:
        most = self.graphql_points_per_minute if resource == 'graphql' else self.points_per_minute
        found = [(self._window(owner, f'points/{resource}', MINUTE), points, most)]
        if makes_content:
            found += [
                (self._window(owner, 'content/minute', MINUTE), 1, self.content_per_minute),
                (self._window(owner, 'content/hour', HOUR), 1, self.content_per_hour),
            ]
        return found

    def give_back(self, owner: str, resource: str) -> None:
        """Take a request off the primary counter: a conditional one that was answered with 304 is free."""
        if self.enabled and (hour := self._hours.get((owner, resource))):
            hour.used -= 1

    def exhaust(self, owner: str, now: datetime, resource: str = 'core') -> None:
        """Spend all of an owner's hour, for a test of what happens then."""
        self._hour(owner, resource, now).used = self._per_hour(owner)

    def state(self, owner: str, resource: str, now: datetime) -> Mapping[str, int]:
        hour = self._hour(owner, resource, now)
        limit = self._per_hour(owner)
        return {
            'limit': limit,
            'used': hour.used,
            'remaining': max(0, limit - hour.used),
            'reset': int(hour.reset.timestamp()),
        }

    def headers(self, owner: str, resource: str, now: datetime) -> dict[str, str]:
        if not self.enabled:
            return {}
        state = self.state(owner, resource, now)
        return {f'x-ratelimit-{name}': str(value) for name, value in state.items()} | {'x-ratelimit-resource': resource}

    def _per_hour(self, owner: str) -> int:
        return self.per_hour if owner else self.anonymous_per_hour

    def _hour(self, owner: str, resource: str, now: datetime) -> _Hour:
        hour = self._hours.get((owner, resource))
        if hour is None or hour.reset <= now:
            hour = self._hours[owner, resource] = _Hour(now + HOUR)
        return hour

    def _window(self, owner: str, name: str, length: timedelta) -> _Window:
        return self._windows.setdefault((owner, name), _Window(length))
