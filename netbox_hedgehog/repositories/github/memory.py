"""What is remembered of a branch from one reading to the next, so that an unchanged branch costs one free request."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Self

__all__ = ('BranchMemory',)

CHUNK_ENTRIES = 100


@dataclass
class BranchMemory:
    """What was last seen of one branch; the caller keeps it, or hands in `head` alone, if that is all that is known.

    Without it the next reading costs more, and is believed even if it lags behind what was seen before.

    `place` says of which branch, and is empty before it was opened. `etag` is that of the answer that showed `head`,
    and is worthless for another `etag_scope`; `tree` is the root tree of `head`. `suspect` is an older commit that the
    branch was seen at, first at `suspect_since` (ISO 8601). `full_name` is what the repository was renamed to,
    `node_id` its name in GraphQL, `chunk_entries` how many files it takes at once, and `listing_truncated` whether it
    is too large to be listed so.
    """

    place: str = ''
    head: str = ''
    tree: str = ''
    etag: str = ''
    etag_scope: str = ''
    suspect: str = ''
    suspect_since: str = ''
    full_name: str = ''
    node_id: str = ''
    chunk_entries: int = CHUNK_ENTRIES
    listing_truncated: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_json` wrote; what it did not write, or in another type, is left out."""
        memory = cls()
        for field in fields(cls):
            value = data.get(field.name)
            if type(value) is type(getattr(memory, field.name)):
                setattr(memory, field.name, value)
        memory.chunk_entries = min(max(memory.chunk_entries, 1), CHUNK_ENTRIES)
        return memory

    def to_json(self) -> dict[str, Any]:
        """Return plain data, without a secret."""
        return asdict(self)

    def belong_to(self, place: str) -> None:
        """Forget everything that was seen elsewhere: the address or the branch may have been changed."""
        if self.place not in ('', place):
            for field in fields(self):
                setattr(self, field.name, field.default)
        self.place = place

    def settle(self, head: str, tree: str = '', *, etag: str = '', etag_scope: str = '') -> None:
        """Take down where the branch stands."""
        if head != self.head:
            self.tree = self.etag = ''
        self.head, self.tree = head, tree or self.tree
        if etag:
            self.etag, self.etag_scope = etag, etag_scope
        self.suspect = self.suspect_since = ''

    def suspected_for(self, commit: str, now: datetime) -> float:
        """Return for how many seconds the branch has been seen at an older commit, which begins now if it is new."""
        if self.suspect != commit or not self.suspect_since:
            self.suspect, self.suspect_since = commit, now.isoformat()
        return (now - datetime.fromisoformat(self.suspect_since)).total_seconds()
