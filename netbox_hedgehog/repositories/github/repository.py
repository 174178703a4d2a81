"""A branch of a repository on GitHub, reached by its API and without a clone."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import override

from ..address import RemoteAddress
from ..errors import CommitMissing, EmptyRepository
from ..objects import Change, encode_path
from ..protocol import SERVICE, Author, Commit, Entry, Repository
from .access import GitHubAccess
from .addresses import api_of
from .answers import fields
from .beginning import Beginning
from .branch import Branch
from .contents import Contents
from .history import History
from .listings import Listings
from .proposals import Proposals
from .signed import SignedCommits
from .transport import GitHubServer
from .writing import Writing

__all__ = ('GitHubRepository',)


class GitHubRepository(Repository):
    """One branch of a repository on github.com, on GitHub Enterprise Cloud or on an Enterprise Server.

    What was asked for once is kept for as long as the object lives; what is worth keeping longer is in the memory of
    its access. A first commit of several files into a repository without any commit becomes two.
    """

    def __init__(self, server: GitHubServer, branch: str, access: GitHubAccess) -> None:
        self._server = server
        self._memory = access.memory
        self._memory.belong_to(f'{server.api_url}/repos/{server.repository}#{branch}')
        server.full_name = self._memory.full_name or server.repository
        self._history = History(server, self._memory)
        self._listings = Listings(server, self._memory)
        self._contents = Contents(server)
        self._branch = Branch(server, branch, self._history, self._memory)
        self._writing = Writing(server, self._history, self._listings, self._memory)
        self._beginning = Beginning(server, self._branch, self._history, self._writing)
        self._signed = SignedCommits(server, self._branch, self._history) if access.verified else None
        self._listed = ''

    @classmethod
    def at(
        cls, address: RemoteAddress, branch: str, access: GitHubAccess, *, timeout_seconds: float = 60
    ) -> 'GitHubRepository':
        """Open a branch of the repository at an address; nothing is asked of the server yet."""
        api_url, graphql_url, owner, name = api_of(address)
        server = GitHubServer(
            api_url,
            graphql_url,
            access.credential,
            repository=f'{owner}/{name}',
            address=str(address),
            ledger=access.ledger,
            token_cache=access.token_cache,
            timeout_seconds=timeout_seconds,
            now=access.now,
            pause=access.pause,
        )
        return cls(server, branch, access)

    @property
    def server(self) -> GitHubServer:
        """The server that the repository is on."""
        return self._server

    @override
    def head(self) -> str:
        return self._branch.head()

    @override
    def default_branch(self) -> str | None:
        path = self._server.at('')
        found = fields(self._server.get(path), path).get('default_branch')
        return str(found) if found else None

    @override
    def tree(self, commit: str, prefix: str) -> dict[str, Entry]:
        found = self._listings.below(self._root(commit), prefix)
        self._listed = commit
        return found

    @override
    def read(self, blobs: Collection[str]) -> dict[str, bytes]:
        return self._contents.read(blobs, commit=self._listed or self._memory.head)

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
        if expected_head is None:
            sha = self._beginning.commit(changes, message=message, author=author, committer=committer, when=when)
            tree = self._history.tree_of(sha)
        else:
            try:
                sha, tree = self._append(
                    changes,
                    known,
                    message=message,
                    author=author,
                    committer=committer,
                    expected=expected_head,
                    when=when,
                )
            except (CommitMissing, EmptyRepository) as error:  # history was rewritten, and the commit is gone
                raise self._branch.moved(expected_head) from error
        self._memory.settle(sha, tree)
        return sha

    @override
    def log(self, prefix: str, *, start: str, limit: int) -> list[Commit]:
        return self._history.log(prefix.strip('/'), start=start, limit=limit)

    @override
    def compare(self, a: str, b: str, prefix: str) -> dict[str, Change]:
        before, after = self.tree(a, prefix), self.tree(b, prefix)
        changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        return {path: (before.get(path), after.get(path)) for path in sorted(changed, key=encode_path)}

    @override
    def is_ancestor(self, ancestor: str, descendant: str) -> bool:
        return self._history.is_ancestor(ancestor, descendant)

    @override
    def close(self) -> None:
        self._memory.full_name = self._server.full_name
        self._server.close()

    def proposals(self) -> Proposals:
        """Return what is proposed to the branch."""
        return Proposals(
            self._server,
            self._branch.name,
            history=self._history,
            writing=self._writing,
            memory=self._memory,
            verified=self._signed is not None,
        )

    def _append(
        self,
        changes: Mapping[str, bytes | None],
        known: Mapping[str, Entry | None] | None,
        *,
        message: str,
        author: Author,
        committer: Author,
        expected: str,
        when: datetime,
    ) -> tuple[str, str]:
        """Put a commit on top of the expected one; return it with its root tree."""
        draft = self._writing.draft(changes, expected, known)
        if self._signed and not draft.is_empty:
            return self._signed.commit(draft, message=message, expected=expected)
        tree = self._writing.upload(draft)
        if tree == draft.base_tree:
            if self._branch.tip() != expected:
                raise self._branch.moved(expected)
            return expected, tree
        sha = self._writing.commit(tree, expected, message=message, author=author, committer=committer, when=when)
        self._branch.move(expected, sha)
        return sha, tree

    def _root(self, commit: str) -> str:
        """Return the root tree of a commit, and remember that of the head."""
        tree = self._history.tree_of(commit)
        if commit == self._memory.head:
            self._memory.tree = tree
        return tree
