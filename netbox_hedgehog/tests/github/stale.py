"""Reads that lag behind: for a while a reference reads as what it was before it was last moved."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .forge import Forge
    from .repository import HostedRepository

__all__ = ('StaleReads',)


class StaleReads:
    """How many reads, or how long after a move, are answered with the past."""

    def __init__(self, forge: 'Forge') -> None:
        self._forge = forge
        self._reads = 0
        self._lag = timedelta()

    def set(self, reads: int, lag: timedelta) -> None:
        self._reads, self._lag = reads, lag

    def read(self, repository: 'HostedRepository', name: str, *, is_stale: bool = False) -> str | None:
        """Return what a reader sees a reference point to."""
        current, previous = repository.store.reference(name), repository.previous(name)
        if previous is None:
            return current
        before, moved = previous
        if is_stale or self._is_lagging(moved):
            return before
        if self._reads:
            self._reads -= 1
            return before
        return current

    def _is_lagging(self, moved: datetime) -> bool:
        return bool(self._lag) and self._forge.now() < moved + self._lag
