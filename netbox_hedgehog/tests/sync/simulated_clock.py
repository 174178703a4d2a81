"""A clock for tests in which much time passes."""

from datetime import UTC, datetime, timedelta

__all__ = ('SimulatedClock',)


class SimulatedClock:
    """The time of the test: it passes only when told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
