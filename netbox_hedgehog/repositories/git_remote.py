"""A repository on any Git server, reached by smart HTTP without a clone.

What is fetched lives in memory for as long as the object does; nothing is written to disk.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import batched
from typing import override

from dulwich.object_store import MemoryObjectStore
from dulwich.objects import ObjectID
from dulwich.refs import HEADREF

from .branches import branch_ref
from .changes import NewCommit, prepare_commit
from .errors import (
    Ambiguous,
    BranchMissing,
    CommitMissing,
    EmptyRepository,
    HeadMoved,
    ProtectedBranch,
    RepositoryError,
    Unavailable,
)
from .git_http import Refused
from .git_server import AnswerLost, GitServer
from .objects import Change, Objects, to_id
from .protocol import SERVICE, Author, Commit, Entry, Repository

__all__ = ('RemoteRepository',)

WITHOUT_CONTENTS = 'blob:none'
COMMITS_ONLY = 'tree:0'

# How many generations back log() and is_ancestor() look: first what nearly always suffices, then the most.
LOG_DEPTHS = (64, 1_000)
ANCESTRY_DEPTHS = (64, 10_000)
HISTORY_BOUND = 10_000

CONTENTS_PER_FETCH = 500

# How servers say that another writer was faster. Everything else that they object is a rule.
RACE_STATUS = re.compile(
    'cannot lock|failed to lock|failed to update ref|fetch first|non-fast-forward|already exists|incorrect old value'
)


class RemoteRepository(Repository):
    """One branch of a repository on a server, which decides which of several writers wins.

    Credentials go to the server of `url` and appear in no message; the URL holds none.
    """

    def __init__(
        self,
        url: str,
        branch: str,
        *,
        timeout_seconds: float = 30,
        username: str | None = None,
        password: str | None = None,
    ) -> None:
        self._url = url
        self._branch = branch
        self._ref = branch_ref(branch)
        self._server = GitServer(url, timeout_seconds=timeout_seconds, username=username, password=password)
        self._store = MemoryObjectStore()
        self._objects = Objects(self._store, url)
        # Commits whose trees are all in the store.
        self._brought: set[str] = set()

    @override
    def head(self) -> str:
        tip = self._tip()
        if tip is not None:
            return tip
        if self._server.references(b'refs/').commits:
            raise BranchMissing(self._url, self._branch)
        raise EmptyRepository(self._url)

    @override
    def default_branch(self) -> str | None:
        return self._server.references(HEADREF).default_branch

    @override
    def tree(self, commit: str, prefix: str) -> dict[str, Entry]:
        self._bring(commit)
        return self._objects.entries(commit, prefix)

    @override
    def read(self, blobs: Collection[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for wanted in batched(dict.fromkeys(blobs), CONTENTS_PER_FETCH):
            found |= self._contents(wanted)
        return found

    @override
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
        try:
            if expected_head is not None:
                self._bring(expected_head)
        except CommitMissing as error:  # history was rewritten, and the commit is gone
            raise self._moved(expected_head) from error
        new = prepare_commit(
            self._objects,
            changes,
            parent=expected_head,
            message=message,
            author=author,
            committer=committer,
            when=when,
        )
        if new.objects:
            return self._append(new, expected_head)
        if self._tip() != expected_head:
            raise self._moved(expected_head)
        return new.sha

    @override
    def log(self, prefix: str, *, start: str, limit: int) -> list[Commit]:
        found: list[Commit] = []
        for depth in LOG_DEPTHS:
            history = self._history(start, depth, WITHOUT_CONTENTS)
            found, complete = history.log(prefix, start=start, limit=limit, bound=HISTORY_BOUND)
            if complete:
                break
        return found

    @override
    def compare(self, a: str, b: str, prefix: str) -> dict[str, Change]:
        self._bring(a, b)
        return self._objects.compare(a, b, prefix)

    @override
    def is_ancestor(self, ancestor: str, descendant: str) -> bool:
        for depth in ANCESTRY_DEPTHS:
            history = self._history(descendant, depth, COMMITS_ONLY)
            answer = history.is_ancestor(ancestor, descendant, bound=HISTORY_BOUND)
            if answer is not None:
                return answer
        raise Ambiguous(self._url, f'whether {ancestor} precedes {descendant}', sha=ancestor)

    @override
    def close(self) -> None:
        self._server.close()

    def _append(self, new: NewCommit, expected: str | None) -> str:
        """Push a commit, and believe that it was taken only when the branch shows it."""
        if expected is None:
            self._tip()  # a server that names objects by SHA-256 says so here, and not when it is pushed to
        try:
            objection = self._server.push(
                self._ref,
                new.objects,
                expected=ObjectID(expected.encode('ascii')) if expected else None,
                new=ObjectID(new.sha.encode('ascii')),
            )
        except AnswerLost as error:
            return self._confirm(new, expected, error)
        if objection is None:
            return self._confirm(new, expected, None)
        tip = self._tip()
        if tip != expected or RACE_STATUS.search(objection.status):
            raise HeadMoved(self._branch, expected=expected, found=tip, answer=objection.sentence)
        raise ProtectedBranch(self._branch, objection.sentence)

    def _confirm(self, new: NewCommit, expected: str | None, lost: AnswerLost | None) -> str:
        """Find out whether a commit was taken: some servers say so wrongly, and some answers get lost."""
        doubt = Ambiguous(self._url, f'whether it took the commit {new.sha}', sha=new.sha)
        try:
            tip = self._tip()
            if tip == new.sha or (tip and tip != expected and self.is_ancestor(new.sha, tip)):
                return new.sha
        except RepositoryError as error:
            raise doubt from error
        if tip == expected:  # it may show the commit later
            raise doubt from lost
        raise HeadMoved(self._branch, expected=expected, found=tip) from lost

    def _tip(self) -> str | None:
        """Return where the branch stands, None if there is no such branch."""
        return self._server.references(self._ref).commits.get(self._ref)

    def _moved(self, expected: str | None) -> HeadMoved:
        return HeadMoved(self._branch, expected=expected, found=self._tip())

    def _bring(self, *commits: str) -> None:
        """Have the trees of commits in the store, and their contents if the server knows no filters."""
        missing = [commit for commit in dict.fromkeys(commits) if commit not in self._brought]
        if missing:
            self._fetch_commits(self._store, missing, 1, WITHOUT_CONTENTS)
            self._brought.update(missing)

    def _history(self, start: str, depth: int, leave_out: str) -> Objects:
        """Fetch the last generations of commits into a store of their own: their trees are not complete."""
        store = MemoryObjectStore()
        return Objects(store, self._url, self._fetch_commits(store, [start], depth, leave_out))

    def _fetch_commits(
        self, store: MemoryObjectStore, commits: Collection[str], depth: int, leave_out: str
    ) -> Collection[ObjectID]:
        names = {commit: to_id(commit) for commit in commits}
        try:
            return self._server.fetch(store, _required(names), depth=depth, leave_out=leave_out)
        except Refused as error:
            missing = [commit for commit in commits if commit in str(error)]
            if missing:
                raise CommitMissing(missing[0]) from error
            raise Unavailable(f'{self._url} refuses: {error}') from error

    def _contents(self, wanted: Collection[str]) -> dict[str, bytes]:
        """Return contents from the store, or else by name, or else with all the commits that were brought."""
        found = _present(self._objects, wanted)
        missing = [blob for blob in wanted if blob not in found]
        if missing:
            found |= self._fetch_contents(missing)
        for blob in wanted:
            if blob not in found:
                raise Unavailable(f'{self._url} does not hold the content {blob}.')
        return found

    def _fetch_contents(self, blobs: Collection[str]) -> dict[str, bytes]:
        store = MemoryObjectStore()
        names = [name for name in map(to_id, blobs) if name]
        try:
            self._server.fetch(store, names)
        except Refused:  # this server hands out contents only with their commits
            if self._brought:
                self._fetch_commits(store, self._brought, 1, '')
        return _present(Objects(store, self._url), blobs)


def _required(names: Mapping[str, ObjectID | None]) -> list[ObjectID]:
    found = []
    for commit, name in names.items():
        if name is None:
            raise CommitMissing(commit)
        found.append(name)
    return found


def _present(objects: Objects, blobs: Iterable[str]) -> dict[str, bytes]:
    return {blob: data for blob in blobs if (data := objects.content(blob)) is not None}
