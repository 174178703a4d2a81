"""What every repository can do, whichever way it is reached."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

__all__ = ('SERVICE', 'Author', 'Commit', 'Entry', 'Repository')


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at a path: a file, a symbolic link or a submodule, told apart by `mode`; `blob` has 40 hex digits."""

    mode: int
    blob: str


@dataclass(frozen=True, slots=True)
class Author:
    """Who a commit names. Line breaks, control characters and angle brackets do not reach the commit."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Commit:
    """One step of the history."""

    sha: str
    parents: tuple[str, ...]
    author: Author
    committer_time: datetime
    message: str


# Commits are made by the service in the name of their author.
SERVICE = Author('netbox_hedgehog', 'netbox-hedgehog@localhost')


class Repository(Protocol):
    """One branch of one repository.

    Paths are relative to the root of the repository and use `/`. Bytes of a path that are not UTF-8 appear as lone
    surrogates, as Python does it for file names, so that no entry is left out. A prefix is a directory, `''` the root.
    Every method raises members of `RepositoryError` and nothing else. An object serves one thread and is short-lived.
    """

    def head(self) -> str:
        """Return the commit at the tip of the branch, or raise `EmptyRepository` or `BranchMissing`."""

    def default_branch(self) -> str | None:
        """Return the branch that a clone checks out, which need not exist yet; None if the repository names none."""

    def tree(self, commit: str, prefix: str) -> dict[str, Entry]:
        """List everything below a directory at a commit, in the order of paths; nothing if there is no directory.

        The map is complete, or an error is raised.
        """

    def read(self, blobs: Collection[str]) -> dict[str, bytes]:
        """Return the contents of all the named blobs, each verified against its name."""

    def commit(
        self,
        changes: Mapping[str, bytes | None],
        *,
        message: str,
        author: Author,
        expected_head: str | None,
        when: datetime,
        committer: Author = SERVICE,
        known: Mapping[str, Entry | None] | None = None,
    ) -> str:
        """Write all changes as one commit on top of `expected_head`, or none, and return the branch's new head.

        `None` as content deletes a file; `None` as `expected_head` creates the branch with its first commit. A file
        that exists keeps its mode. A change set that changes nothing makes no commit and returns `expected_head`.

        `known` is what the caller has read at the changed paths of `expected_head`, None where there was nothing; who
        gives it spares a backend from reading the tree once more.

        The same arguments give the same commit id, and repeating a call whose answer was lost returns that id as long
        as the branch still stands there. Raises `HeadMoved` if the branch stands elsewhere, `InvalidChange` if a change
        cannot be applied, `Ambiguous` if it is not known whether the commit was taken.
        """

    def log(self, prefix: str, *, start: str, limit: int) -> list[Commit]:
        """Return the newest commits, from `start` back, that changed something at or below a path.

        A merge counts when it differs from each of its parents. The search ends after a bounded number of commits.
        """

    def compare(self, a: str, b: str, prefix: str) -> dict[str, tuple[Entry | None, Entry | None]]:
        """Return what differs below a directory between two commits, in the order of paths; None is absence."""

    def is_ancestor(self, ancestor: str, descendant: str) -> bool:
        """Tell whether a commit is, or precedes, another; raise `Ambiguous` if a bounded search cannot tell."""

    def close(self) -> None:
        """Let go of files and connections."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
