"""Commits and what precedes what, as far as it was asked; a commit never changes, so each is asked for once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from ..changes import clean_message
from ..errors import CommitMissing, Unavailable
from ..objects import to_id
from ..protocol import Author, Commit
from .answers import entries, fields, reading
from .memory import BranchMemory
from .transport import GitHubServer

__all__ = ('History', 'KnownCommit')

PAGE_COMMITS = 100

# How GitHub says that there is no such commit, by route.
_MISSING = frozenset({404, 422})

type Relation = Literal['ahead', 'behind', 'identical', 'diverged', 'unrelated']

_RELATIONS: dict[str, Relation] = {
    'ahead': 'ahead',
    'behind': 'behind',
    'identical': 'identical',
    'diverged': 'diverged',
}


@dataclass(frozen=True, slots=True)
class KnownCommit:
    """A commit with its root tree."""

    commit: Commit
    tree: str


class History:
    """The commits of one repository."""

    def __init__(self, server: GitHubServer, memory: BranchMemory) -> None:
        self._server = server
        self._memory = memory
        self._commits: dict[str, KnownCommit] = {}
        self._trees: dict[str, str] = {}
        self._relations: dict[tuple[str, str], Relation] = {}

    def commit(self, sha: str) -> KnownCommit:
        """Return a commit, or raise `CommitMissing`."""
        found = self._commits.get(sha)
        if found is None:
            found = self._commits[sha] = self._fetch(sha)
        return found

    def tree_of(self, sha: str) -> str:
        """Return the root tree of a commit."""
        if sha == self._memory.head and self._memory.tree:
            return self._memory.tree
        if sha in self._trees:
            return self._trees[sha]
        return self.commit(sha).tree

    def learn(self, sha: str, tree: str) -> None:
        """Remember the root tree of a commit that was just made."""
        self._trees[sha] = tree

    def is_ancestor(self, ancestor: str, descendant: str) -> bool:
        """Tell whether a commit is, or precedes, another; raise `CommitMissing` if the later one is not there."""
        if ancestor in self._parents(descendant):
            return True
        return ancestor == descendant or self.relation(ancestor, descendant) in ('ahead', 'identical')

    def relation(self, base: str, other: str) -> Relation:
        """Say how one commit stands to another; `ahead` if `base` precedes it. Either may be missing: `unrelated`."""
        if (base, other) not in self._relations:
            found = self._compare(base, other)
            self._relations[base, other] = found
            opposite: dict[Relation, Relation] = {'ahead': 'behind', 'behind': 'ahead'}
            self._relations[other, base] = opposite.get(found, found)
        return self._relations[base, other]

    def log(self, path: str, *, start: str, limit: int) -> list[Commit]:
        """Return the newest commits, from `start` back, that changed something at or below a path."""
        if to_id(start) is None:
            raise CommitMissing(start)
        if limit < 1:
            return []
        address = self._server.at('commits')
        found: list[Commit] = []
        for page in range(1, limit // PAGE_COMMITS + 2):
            params: dict[str, str | int] = {'sha': start, 'per_page': min(limit, PAGE_COMMITS), 'page': page}
            answer = self._server.get(address, params=params | ({'path': path} if path else {}), allow=_MISSING)
            if answer.status in _MISSING:
                raise CommitMissing(start)
            listed = entries(answer, address)
            with reading(address):
                found += [_listed(entry) for entry in listed]
            if len(listed) < PAGE_COMMITS or len(found) >= limit:
                break
        return found[:limit]

    def _parents(self, sha: str) -> tuple[str, ...]:
        return self.commit(sha).commit.parents

    def _fetch(self, sha: str) -> KnownCommit:
        if to_id(sha) is None:
            raise CommitMissing(sha)
        path = self._server.at(f'git/commits/{sha}')
        answer = self._server.get(path, allow=_MISSING)
        if answer.status in _MISSING:
            raise CommitMissing(sha)
        found = fields(answer, path)
        with reading(path):
            return KnownCommit(_described(found['sha'], found['parents'], found), str(found['tree']['sha']))

    def _compare(self, base: str, other: str) -> Relation:
        if to_id(base) is None or to_id(other) is None:
            return 'unrelated'
        path = self._server.at(f'compare/{base}...{other}')
        # The files are on the first page only, and nobody wants them.
        answer = self._server.get(path, params={'per_page': 1, 'page': 2}, allow=_MISSING)
        if answer.status in _MISSING:  # one is not there, or they have no commit in common
            return 'unrelated'
        status = str(fields(answer, path).get('status'))
        if status not in _RELATIONS:
            raise Unavailable(f'{self._server.address} compares commits in a way that is not known: {status!r}.')
        return _RELATIONS[status]


def _listed(entry: Mapping[str, Any]) -> Commit:
    return _described(entry['sha'], entry['parents'], entry['commit'])


def _described(sha: Any, parents: Any, found: Mapping[str, Any]) -> Commit:
    return Commit(
        sha=str(sha),
        parents=tuple(str(parent['sha']) for parent in parents),
        author=Author(str(found['author']['name']), str(found['author']['email'])),
        committer_time=datetime.fromisoformat(found['committer']['date']).astimezone(UTC),
        message=clean_message(str(found['message'])),
    )
