"""Propose changes instead of making them: a branch of our own, and a pull request from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from ..errors import AddressRefused
from ..protocol import SERVICE, Author, Entry
from .answers import fields, pages, reading, write_repeatable
from .branch import Branch
from .history import History
from .memory import BranchMemory
from .refusals import AnswerLost
from .signed import SignedCommits
from .transport import Answer, GitHubServer
from .writing import Draft, Writing

__all__ = ('Proposal', 'Proposals')

# What GitHub takes at most.
TITLE_LETTERS = 256
BODY_LETTERS = 65_536

# What is added to the name of a branch where its replacement is made.
SPARE = '-next'

_REFUSABLE = frozenset({422})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pull request; `head` is the commit that its branch stands at, or stood at last.

    `unavailable` are reviewers that were asked for, but cannot be asked here.
    """

    number: int
    url: str
    state: Literal['open', 'closed']
    merged: bool
    head: str
    branch: str
    unavailable: tuple[str, ...] = ()


class Proposals:
    """What is proposed to one branch of a repository.

    The branches that proposals come from belong to us alone; the one they go to is never written here. With `verified`
    the commits are made and signed by GitHub, in the name of the account.
    """

    def __init__(
        self,
        server: GitHubServer,
        target: str,
        *,
        history: History,
        writing: Writing,
        memory: BranchMemory,
        verified: bool = False,
    ) -> None:
        self._server = server
        self._target = target
        self._history = history
        self._writing = writing
        self._memory = memory
        self._verified = verified
        self._pulls = server.at('pulls')

    def propose(
        self,
        branch: str,
        changes: Mapping[str, bytes | None],
        *,
        base_head: str,
        parent: str | None = None,
        expected: str | None = None,
        message: str,
        author: Author,
        when: datetime,
        known: Mapping[str, Entry | None] | None = None,
        committer: Author = SERVICE,
    ) -> str:
        """Write all changes as one commit on a branch of our own, and return the commit that it stands at.

        The commit continues `parent`, which the branch stands at, or begins anew on `base_head`, a commit of the branch
        that is proposed to. `expected` is where we left our branch, None if it is to be created. `known` is what stands
        at the changed paths of the commit that is built on. Changes that change nothing there make no commit, move
        nothing, and return that commit.

        The same arguments give the same commit, so a call whose answer was lost may be repeated; but commits that
        GitHub signs are dated by it. Raises `HeadMoved` if
        our branch does not stand where we left it, and otherwise what `Repository.commit` raises.
        """
        own = self._own(branch)
        base = parent or base_head
        draft = self._writing.draft(changes, base, known)
        if draft.is_empty:
            return base
        if self._verified:
            return self._sign(own, draft, base, expected, message)
        tree = self._writing.upload(draft)
        if tree == draft.base_tree:
            return base
        sha = self._writing.commit(tree, base, message=message, author=author, committer=committer, when=when)
        if expected is None:
            own.create(sha)
        else:
            own.move(expected, sha, forcibly=base != expected)
        return sha

    def delete_branch(self, branch: str, *, expected: str) -> None:
        """Remove a branch of our own if it stands where we left it; one that is gone is no fault."""
        self._own(branch).delete(expected)

    def open_request(self, branch: str, *, title: str, body: str, reviewers: Collection[str] = ()) -> Proposal:
        """Open a pull request for a branch, or return the one that is open already.

        A reviewer is a login, or a team as `organisation/team`. One who cannot be asked does not stop the proposal.
        """
        wanted = {'title': _bounded(title, TITLE_LETTERS), 'body': _bounded(body, BODY_LETTERS)}
        request = {**wanted, 'head': branch, 'base': self._target}
        try:
            answer = self._server.write('POST', self._pulls, request, allow=_REFUSABLE)
        except AnswerLost:
            found = self.open_request_of(branch)
            if found is not None:
                return self._ask_for_review(found, reviewers)
            answer = write_repeatable(self._server, 'POST', self._pulls, request, allow=_REFUSABLE)
        if answer.status in _REFUSABLE:
            found = self.open_request_of(branch)
            if found is None:
                raise self._server.refused(answer)
            return found
        return self._ask_for_review(self._read(answer), reviewers)

    def open_request_of(self, branch: str) -> Proposal | None:
        """Return the open pull request of a branch."""
        owner = self._server.full_name.partition('/')[0]
        wanted = {'head': f'{owner}:{branch}', 'base': self._target, 'state': 'open'}
        for entry in pages(self._server, self._pulls, wanted):
            with reading(self._pulls):
                # The filter may be ignored, and a fork may have a branch of the same name.
                if entry['head']['ref'] == branch and _is_from_here(entry):
                    return _proposal(entry)
        return None

    def update_request(self, number: int, *, title: str, body: str) -> Proposal:
        """Change the words of a pull request."""
        wanted = {'title': _bounded(title, TITLE_LETTERS), 'body': _bounded(body, BODY_LETTERS)}
        return self._read(write_repeatable(self._server, 'PATCH', f'{self._pulls}/{number}', wanted))

    def close_request(self, number: int) -> Proposal:
        """Close a pull request without merging it: nothing of it is wanted any more."""
        return self._read(write_repeatable(self._server, 'PATCH', f'{self._pulls}/{number}', {'state': 'closed'}))

    def request(self, number: int) -> Proposal:
        """Return what became of a pull request."""
        return self._read(self._server.get(f'{self._pulls}/{number}'))

    def _sign(self, own: Branch, draft: Draft, base: str, expected: str | None, message: str) -> str:
        """Have GitHub make the commit, which it does only on a branch that stands at the commit to be continued."""
        if expected is None:
            own.create(base)
            expected = base
        if expected == base:
            return SignedCommits(self._server, own, self._history).commit(draft, message=message, expected=base)[0]
        # Our branch is not set back to the base first: GitHub closes a pull request that has no commits.
        spare = self._own(own.name + SPARE)
        left = spare.tip()
        if left is None:
            spare.create(base)
        elif left != base:  # an attempt was interrupted
            spare.move(left, base, forcibly=True)
        sha, _tree = SignedCommits(self._server, spare, self._history).commit(draft, message=message, expected=base)
        own.move(expected, sha, forcibly=True)
        spare.delete(sha)
        return sha

    def _own(self, branch: str) -> Branch:
        if branch == self._target:
            raise AddressRefused(
                f'The branch {branch} is the one that changes are proposed to.', 'Propose them from another branch.'
            )
        return Branch(self._server, branch, self._history, self._memory)

    def _ask_for_review(self, proposal: Proposal, reviewers: Collection[str]) -> Proposal:
        """Ask all reviewers at once; GitHub refuses all for one, so after a refusal each is asked alone."""
        names = tuple(dict.fromkeys(reviewers))
        if not names or self._takes_review(proposal.number, names):
            return proposal
        if len(names) > 1:
            names = tuple(name for name in names if not self._takes_review(proposal.number, (name,)))
        return replace(proposal, unavailable=names)

    def _takes_review(self, number: int, names: Collection[str]) -> bool:
        body = {
            'reviewers': [name for name in names if '/' not in name],
            'team_reviewers': [name.partition('/')[2] for name in names if '/' in name],
        }
        path = f'{self._pulls}/{number}/requested_reviewers'
        return write_repeatable(self._server, 'POST', path, body, allow=_REFUSABLE).status not in _REFUSABLE

    def _read(self, answer: Answer) -> Proposal:
        found = fields(answer, self._pulls)
        with reading(self._pulls):
            return _proposal(found)


def _proposal(entry: Mapping[str, Any]) -> Proposal:
    return Proposal(
        number=int(entry['number']),
        url=str(entry['html_url']),
        state='open' if entry['state'] == 'open' else 'closed',
        # Entries of a list have only the time.
        merged=bool(entry.get('merged') or entry.get('merged_at')),
        head=str(entry['head']['sha']),
        branch=str(entry['head']['ref']),
    )


def _is_from_here(entry: Mapping[str, Any]) -> bool:
    """Tell whether a pull request comes from the repository that it goes to; a deleted fork is null."""
    source = entry['head']['repo']
    return source is not None and source['id'] == entry['base']['repo']['id']


def _bounded(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1] + '…'
