"""One branch on GitHub: where it stands, and how it is moved so that nobody's commit is lost.

A branch is moved by GraphQL's `updateRefs`, which compares it with the commit that it is expected at. The REST route
checks only that a move goes forward, which lets a branch that was set back jump over what was taken away; so it is used
where `updateRefs` is refused, and for what only its answers tell: which rule is in the way.
"""

from typing import Any

from ..branches import branch_ref
from ..errors import (
    Ambiguous,
    BranchMissing,
    CommitMissing,
    EmptyRepository,
    HeadMoved,
    RateLimited,
    RepositoryError,
    Unavailable,
)
from ..objects import to_id
from .answers import fields, reading
from .history import History
from .memory import BranchMemory
from .refusals import (
    AnswerLost,
    QueryRefused,
    is_fast_forward_refused,
    is_object_missing,
    is_reference_missing,
)
from .transport import Answer, GitHubServer

__all__ = ('Branch',)

# A branch that shows an older commit is believed to have been set back only when it does so for longer than reads lag.
REWIND_SECONDS = 60

# How long what was just made may stay invisible, and how often it is tried again.
LAG_SECONDS = 1
LAG_TRIES = 3

_UPDATE_REFS = 'mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }'

_NOTHING_THERE = frozenset({404})
_REFUSED = frozenset({403, 409, 422})


class Branch:
    """One branch of a repository; what was last seen of it is in `memory`."""

    def __init__(self, server: GitHubServer, name: str, history: History, memory: BranchMemory) -> None:
        branch_ref(name)  # raises for what cannot name a branch
        self._server = server
        self._name = name
        self._history = history
        self._memory = memory

    @property
    def name(self) -> str:
        """What the branch is called."""
        return self._name

    def head(self) -> str:
        """Return where the branch stands, by a read that costs nothing if it stands where it did.

        Reads may lag behind writes: a commit that precedes the one that was last seen is not believed before it has
        been seen for a minute.
        """
        path, memory = self._path, self._memory
        scope = self._server.scope(path)
        etag = memory.etag if memory.head and memory.etag_scope == scope else ''
        for tried in range(1, LAG_TRIES + 1):
            answer = self._server.get(path, etag=etag, allow=_NOTHING_THERE)
            # What was there a moment ago may be invisible for another.
            if answer.status not in _NOTHING_THERE or not memory.head or tried == LAG_TRIES:
                break
            self._server.pause(LAG_SECONDS)
        if answer.status == 304:
            memory.settle(memory.head, memory.tree, etag=memory.etag, etag_scope=scope)
            return memory.head
        seen = self._sha(answer)
        if seen is None:
            raise self._missing()
        if memory.head not in ('', seen) and self._is_lagging(seen):
            return memory.head
        memory.settle(seen, etag=answer.headers.get('etag', ''), etag_scope=scope)
        return seen

    def find(self) -> str | None:
        """Return where the branch stands, None if there is no such branch; raise `EmptyRepository`."""
        found = self._sha(self._server.get(self._path, allow=_NOTHING_THERE))
        if found is None:
            self._require_repository()
        return found

    def tip(self) -> str | None:
        """Return where the branch stands, None if there is no such branch, or nothing at all."""
        try:
            return self.find()
        except EmptyRepository:
            return None

    def moved(self, expected: str | None) -> HeadMoved:
        """Say where the branch stands instead of where it was expected."""
        return HeadMoved(self._name, expected=expected, found=self.tip())

    def move(self, expected: str, new: str, *, forcibly: bool = False) -> None:
        """Move the branch to a commit if it stands at the expected one; whatever follows a lost answer is found out.

        `forcibly` drops what the new commit does not continue, and is for branches that are ours alone. Raises
        `HeadMoved`, `BranchMissing`, `ProtectedBranch`, and `Ambiguous` if it is not known whether it was moved.
        """
        doubt = self._swap(expected, new, forcibly=forcibly)
        if doubt is None:
            return
        lost: Exception | None = doubt if isinstance(doubt, AnswerLost) else None
        for _ in range(LAG_TRIES):
            if self._has_arrived(expected, new, lost):
                return
            try:
                answer = self._patch(new, forcibly=forcibly)
            except AnswerLost as error:
                lost = error
                continue
            if answer.status < 400:
                return
            if not is_object_missing(answer):
                self._refuse(answer, expected, new, lost)
                return
            self._server.pause(LAG_SECONDS)
        if self._has_arrived(expected, new, lost):
            return
        if lost is None:
            raise self._server.refused(answer, branch=self._name)
        raise self._ambiguous(new) from lost

    def create(self, new: str) -> None:
        """Create the branch at a commit if there is none; raise `HeadMoved` if there is."""
        body = {'ref': f'refs/heads/{self._name}', 'sha': new}
        lost: AnswerLost | None = None
        for _ in range(LAG_TRIES):
            try:
                answer = self._server.write('POST', self._server.at('git/refs'), body, allow=_REFUSED)
            except AnswerLost as error:
                lost = error
                if self._stands_at(new, error):
                    return
                continue
            if answer.status < 400:
                return
            if not is_object_missing(answer):
                break
            self._server.pause(LAG_SECONDS)
        else:
            if lost is None:
                raise self._server.refused(answer, branch=self._name)
            raise self._ambiguous(new) from lost
        if not self._stands_at(new, lost):  # taken by somebody, or it would have been seen: a rule
            raise self._server.refused(answer, branch=self._name)

    def delete(self, expected: str) -> None:
        """Delete the branch if it stands at a commit, which is looked at just before; one that is gone is no fault."""
        if self.tip() != expected:
            return
        path = self._server.at(f'git/refs/heads/{self._name}')
        try:
            answer = self._server.write('DELETE', path, {}, allow=_REFUSED)
        except AnswerLost as error:
            if self.tip() is None:
                return
            raise error.reason from error
        if answer.status >= 400 and not is_reference_missing(answer):
            raise self._server.refused(answer, branch=self._name)

    @property
    def _path(self) -> str:
        return self._server.at(f'git/ref/heads/{self._name}')

    def _sha(self, answer: Answer) -> str | None:
        if answer.status in _NOTHING_THERE:
            return None
        found = fields(answer, self._path)
        with reading(self._path):
            sha = str(found['object']['sha'])
        if to_id(sha) is None:
            raise Unavailable(f'{self._server.address} says that the branch {self._name} stands at {sha!r}.')
        return sha

    def _missing(self) -> RepositoryError:
        self._require_repository()
        return BranchMissing(self._server.address, self._name)

    def _require_repository(self) -> None:
        """Raise `NotFound` where it is the repository that is missing, or that may not be seen any more."""
        self._repository()

    def _repository(self) -> dict[str, Any]:
        path = self._server.at('')
        return fields(self._server.get(path), path)

    def _is_lagging(self, seen: str) -> bool:
        """Tell whether a read shows the past: a commit that precedes the one last seen, and not for long yet."""
        memory = self._memory
        if memory.head in self._parents(seen) or self._history.relation(memory.head, seen) != 'behind':
            return False
        return memory.suspected_for(seen, self._server.now()) < REWIND_SECONDS

    def _parents(self, seen: str) -> tuple[str, ...]:
        for _ in range(LAG_TRIES):
            try:
                return self._history.commit(seen).commit.parents
            except CommitMissing:  # the branch may show a commit before the commit itself can be read
                self._server.pause(LAG_SECONDS)
        raise Unavailable(f'{self._server.address} does not show the commit {seen} of the branch {self._name} yet.')

    def _swap(self, expected: str, new: str, *, forcibly: bool) -> Exception | None:
        """Compare and move in one step; return what stands in the way."""
        update = {
            'name': f'refs/heads/{self._name}',
            'beforeOid': expected,
            'afterOid': new,
            'force': forcibly,
        }
        variables = {'input': {'repositoryId': self._node_id(), 'refUpdates': [update]}}
        try:
            self._server.mutate(_UPDATE_REFS, variables)
        except RateLimited:
            raise
        except (AnswerLost, QueryRefused, RepositoryError) as error:
            return error
        return None

    def _node_id(self) -> str:
        if not self._memory.node_id:
            found = self._repository()
            with reading(self._server.at('')):
                self._memory.node_id = str(found['node_id'])
        return self._memory.node_id

    def _patch(self, new: str, *, forcibly: bool) -> Answer:
        path = self._server.at(f'git/refs/heads/{self._name}')
        return self._server.write('PATCH', path, {'sha': new, 'force': forcibly}, allow=_REFUSED)

    def _refuse(self, answer: Answer, expected: str, new: str, lost: Exception | None) -> None:
        """Say why the branch was not moved, unless it was: an earlier request may have done what this one could not."""
        if is_fast_forward_refused(answer) or lost:
            if self._has_arrived(expected, new, lost):
                return
            if is_fast_forward_refused(answer):  # and the read still shows the past
                said = self._server.sentence(answer.json().get('message', ''))
                raise HeadMoved(self._name, expected=expected, found=expected, answer=said)
        raise self._server.refused(answer, branch=self._name)

    def _has_arrived(self, expected: str, new: str, lost: Exception | None) -> bool:
        """Tell whether the branch holds a commit; False if it stands where it did, else raise `HeadMoved`."""
        try:
            tip = self.tip()
            if tip == expected:
                return False
            if tip == new or (tip is not None and self._history.is_ancestor(new, tip)):
                return True
        except RepositoryError as error:
            if lost is None:
                raise
            raise self._ambiguous(new) from error
        raise HeadMoved(self._name, expected=expected, found=tip) from lost

    def _stands_at(self, new: str, lost: AnswerLost | None) -> bool:
        try:
            tip = self.tip()
        except RepositoryError as error:
            if lost is None:
                raise
            raise self._ambiguous(new) from error
        if tip not in (None, new):
            raise HeadMoved(self._name, expected=None, found=tip)
        return tip == new

    def _ambiguous(self, new: str) -> Ambiguous:
        return Ambiguous(self._server.address, f'whether the branch {self._name} took the commit {new}', sha=new)
