"""Commits that GitHub makes and signs itself: shown as verified, and in the name of the account.

Neither author nor date can be chosen, so a commit is recognised by its message and by what it continues.
"""

import base64

from ..changes import clean_message
from ..errors import Ambiguous, HeadMoved, ProtectedBranch, RepositoryError, Unavailable
from .answers import reading
from .branch import Branch
from .history import History
from .refusals import AnswerLost, QueryRefused, names_rule
from .transport import GitHubServer
from .writing import Draft

__all__ = ('SignedCommits',)

# Where a commit is looked for of which the answer was lost: others may have been quick to commit on top of it.
LOOK_BACK = 20

TRIES = 2

_CREATE_COMMIT = """
mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid tree { oid } } }
}
"""


class SignedCommits:
    """Makes commits on one branch that GitHub signs."""

    def __init__(self, server: GitHubServer, branch: Branch, history: History) -> None:
        self._server = server
        self._branch = branch
        self._history = history

    def commit(self, draft: Draft, *, message: str, expected: str) -> tuple[str, str]:
        """Put a change set on the branch if it stands at the expected commit; return the new commit and its tree.

        It is made in one piece or not at all, so a large one may be refused as a whole.
        """
        lost: AnswerLost | None = None
        for _ in range(TRIES):
            try:
                return self._create(draft, message, expected)
            except AnswerLost as error:
                lost = error
            except QueryRefused as error:
                return self._recognised(message, expected, error)
            found = self._find(message, expected, lost)
            if found is not None:
                return found
        raise self._ambiguous(expected) from lost

    def _create(self, draft: Draft, message: str, expected: str) -> tuple[str, str]:
        headline, _, body = clean_message(message).partition('\n')
        additions = [
            {'path': item.path, 'contents': base64.b64encode(item.data).decode('ascii')}
            for item in draft.items
            if item.data is not None
        ]
        deletions = [{'path': item.path} for item in draft.items if item.data is None]
        wanted = {
            'branch': {'repositoryNameWithOwner': self._server.full_name, 'branchName': self._branch.name},
            'expectedHeadOid': expected,
            'message': {'headline': headline, 'body': body.strip('\n')},
            'fileChanges': {'additions': additions, 'deletions': deletions},
        }
        found = self._server.mutate(_CREATE_COMMIT, {'input': wanted})
        with reading('createCommitOnBranch'):
            commit = found['createCommitOnBranch']['commit']
            sha, tree = str(commit['oid']), str(commit['tree']['oid'])
        if draft.expected_tree and tree != draft.expected_tree:
            raise Unavailable(
                f'{self._server.address} made the tree {tree} where {draft.expected_tree} must come out.',
                f'Look at the commit {sha}. If it stays so, choose commits that are not signed by GitHub.',
            )
        return sha, tree

    def _recognised(self, message: str, expected: str, error: QueryRefused) -> tuple[str, str]:
        """Return the commit that an earlier request made, or say why this one was refused."""
        found = self._find(message, expected, None)
        if found is not None:
            return found
        said = error.sentence
        if 'STALE_DATA' in error.kinds or self._branch.tip() != expected:
            raise HeadMoved(self._branch.name, expected=expected, found=self._branch.tip(), answer=said) from error
        if names_rule(said):
            raise ProtectedBranch(self._branch.name, said) from error
        remedy = 'If it stays so, write fewer files at once, or choose commits that are not signed by GitHub.'
        raise Unavailable(f'{self._server.address} refused the commit: {said}', remedy) from error

    def _find(self, message: str, expected: str, lost: AnswerLost | None) -> tuple[str, str] | None:
        """Look on the branch for a commit with our message on top of the expected one."""
        try:
            tip = self._branch.tip()
            if tip in (None, expected):
                return None
            for commit in self._history.log('', start=tip, limit=LOOK_BACK):
                if commit.parents == (expected,) and _words(commit.message) == _words(message):
                    return commit.sha, self._history.tree_of(commit.sha)
        except RepositoryError as error:
            if lost is None:
                raise
            raise self._ambiguous(expected) from error
        return None

    def _ambiguous(self, expected: str) -> Ambiguous:
        doubt = f'whether it took a commit on top of {expected}'
        return Ambiguous(self._server.address, doubt, sha=expected)


def _words(message: str) -> list[str]:
    """Return a message without its spacing, which is GitHub's once headline and body are given apart."""
    return message.split()
