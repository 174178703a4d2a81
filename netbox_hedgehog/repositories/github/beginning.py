"""The first commit of a branch.

The API makes no Git objects in a repository that holds none. There the smallest file of the change set is written by
the Contents API, which makes a commit of it; all other files follow in a second one.
"""

import base64
from collections.abc import Mapping
from datetime import datetime

from ..changes import clean_message
from ..errors import EmptyRepository, HeadMoved, InvalidChange
from ..protocol import Author
from .answers import fields, reading
from .branch import Branch
from .history import History
from .refusals import AnswerLost, is_rule
from .transport import GitHubServer
from .writing import Writing, identity

__all__ = ('Beginning',)

FIRST_MESSAGE = 'Initialise the repository\n'

# How GitHub says that another writer began at the same time.
_LOST_RACE = frozenset({409, 422})


class Beginning:
    """Makes a branch where there is none."""

    def __init__(self, server: GitHubServer, branch: Branch, history: History, writing: Writing) -> None:
        self._server = server
        self._branch = branch
        self._history = history
        self._writing = writing

    def commit(
        self, changes: Mapping[str, bytes | None], *, message: str, author: Author, committer: Author, when: datetime
    ) -> str:
        """Create the branch with a change set, and return its head; raise `HeadMoved` if it exists otherwise."""
        draft = self._writing.draft(changes, None, None)
        is_empty = False
        try:
            tip = self._branch.find()
        except EmptyRepository:
            tip, is_empty = None, True
        if tip is not None:
            if self._is_ours(tip, draft.expected_tree, message, author):
                return tip
            raise HeadMoved(self._branch.name, expected=None, found=tip)
        if is_empty:
            return self._begin(changes, message=message, author=author, committer=committer, when=when)
        tree = self._writing.upload(draft)
        sha = self._writing.commit(tree, None, message=message, author=author, committer=committer, when=when)
        self._branch.create(sha)
        return sha

    def _begin(
        self, changes: Mapping[str, bytes | None], *, message: str, author: Author, committer: Author, when: datetime
    ) -> str:
        files = {path: data for path, data in changes.items() if data is not None}
        if not files:
            raise InvalidChange('', 'is nothing: GitHub begins an empty repository with a file')
        path = min(files, key=lambda path: (len(files[path]), path))
        rest = {other: data for other, data in files.items() if other != path}
        first = self._put(
            path,
            files[path],
            # The message says what the whole commit does, and marks it as done: it belongs to the last one.
            message=FIRST_MESSAGE if rest else message,
            author=author,
            committer=committer,
            when=when,
        )
        if not rest:
            return first
        draft = self._writing.draft(rest, first, dict.fromkeys(rest))
        tree = self._writing.upload(draft)
        sha = self._writing.commit(tree, first, message=message, author=author, committer=committer, when=when)
        self._branch.move(first, sha)
        return sha

    def _put(self, path: str, data: bytes, *, message: str, author: Author, committer: Author, when: datetime) -> str:
        """Have the Contents API make the first commit of all, and return it."""
        body = {
            'message': clean_message(message),
            'content': base64.b64encode(data).decode('ascii'),
            'branch': self._branch.name,
            'author': identity(author, when),
            'committer': identity(committer, when),
        }
        address = self._server.at(f'contents/{path}')
        expected_tree = self._writing.draft({path: data}, None, None).expected_tree
        try:
            answer = self._server.write('PUT', address, body, allow=_LOST_RACE)
        except AnswerLost as error:
            tip = self._branch.tip()
            if tip is None:
                raise error.reason from error
            if self._is_ours(tip, expected_tree, message, author):
                return tip
            raise HeadMoved(self._branch.name, expected=None, found=tip) from error
        if answer.status in _LOST_RACE:
            tip = self._branch.tip()
            if tip is None or is_rule(answer):
                raise self._server.refused(answer, branch=self._branch.name)
            raise HeadMoved(self._branch.name, expected=None, found=tip)
        found = fields(answer, address)
        with reading(address):
            sha, is_first = str(found['commit']['sha']), not found['commit']['parents']
        if not is_first:  # the file stands on what another writer began with: the caller has to look at it
            raise HeadMoved(self._branch.name, expected=None, found=sha)
        return sha

    def _is_ours(self, tip: str, expected_tree: str, message: str, author: Author) -> bool:
        """Tell whether a branch shows what the same call made before, of which the answer was lost."""
        known = self._history.commit(tip)
        before = [self._history.commit(parent).commit for parent in known.commit.parents]
        return (
            known.tree == expected_tree
            and known.commit.message == clean_message(message)
            and known.commit.author.name == identity(author, known.commit.committer_time)['name']
            and all(commit.message == FIRST_MESSAGE and not commit.parents for commit in before)
        )
