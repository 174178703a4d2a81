"""Make commits on GitHub that no branch shows yet: trees in pieces that GitHub accepts, then the commit over them.

All that is sent is named by its content, so whatever answer is lost may simply be asked for again.
"""

import base64
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from dulwich import objects as git
from dulwich.object_store import MemoryObjectStore
from dulwich.objects import ObjectID

from ..changes import clean_author, clean_message, prepare_tree
from ..errors import InvalidChange, Unavailable
from ..objects import Objects, encode_path, to_id
from ..protocol import SERVICE, Author, Entry
from .answers import fields, reading
from .branch import LAG_SECONDS, LAG_TRIES
from .history import History
from .listings import EMPTY_TREE, Listings
from .memory import BranchMemory
from .refusals import AnswerLost, is_object_missing, is_too_large
from .transport import Answer, GitHubServer

__all__ = ('Draft', 'Item', 'Writing', 'identity')

# What one request for a tree holds at most; GitHub gives up on larger ones.
CHUNK_BYTES = 2**20

# After the trees of a commit: the commit itself, and the branch.
CLOSING_WRITES = 2

_REFUSED = frozenset({422})


class _TooMuch(Exception):
    """GitHub did not take a piece of several entries, and may take a smaller one."""

    def __init__(self, *, is_told: bool) -> None:
        self.is_told = is_told
        super().__init__()


@dataclass(frozen=True, slots=True)
class Item:
    """What one path is to hold: the content `data`, or nothing more if that is None.

    `blob` is the content's name; with `is_stored` GitHub has it already.
    """

    path: str
    mode: int
    blob: str
    data: bytes | None
    is_stored: bool = False

    @property
    def size(self) -> int:
        """How many bytes of content are sent with a tree."""
        return 0 if self.data is None or self.is_stored else len(self.data)

    def body(self) -> dict[str, Any]:
        """Return the entry of a tree; a deletion has `sha: null`."""
        entry: dict[str, Any] = {'path': self.path, 'mode': f'{self.mode:06o}', 'type': 'blob'}
        if self.data is None:
            return entry | {'sha': None}
        return entry | ({'sha': self.blob} if self.is_stored else {'content': self.data.decode()})


@dataclass(frozen=True, slots=True)
class Draft:
    """A change set fitted to the commit that it builds on: only what differs, deletions first.

    `base_tree` is empty for the first commit of a branch. `expected_tree` is the root tree that must come out, empty
    where too little is known to compute it, and `entries` is all that it will hold, None where that is not known.
    """

    base_tree: str
    items: tuple[Item, ...]
    expected_tree: str
    entries: Mapping[str, Entry] | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be changed."""
        return not self.items


class Writing:
    """The commits that are made in one repository; `memory` holds how much it takes at once."""

    def __init__(self, server: GitHubServer, history: History, listings: Listings, memory: BranchMemory) -> None:
        self._server = server
        self._history = history
        self._listings = listings
        self._memory = memory

    def draft(
        self, changes: Mapping[str, bytes | None], parent: str | None, known: Mapping[str, Entry | None] | None
    ) -> Draft:
        """Fit a change set to a commit, or to nothing; raise `InvalidChange` or `CommitMissing`.

        What stands at the changed paths is taken from the listing of the commit if it is here, or else from what the
        caller knows, or else asked for.
        """
        for path in changes:
            # The API shows every byte that is not UTF-8 as the same replacement character.
            if '\ufffd' in path or encode_path(path) != path.encode('utf-8', 'replace'):
                raise InvalidChange(path, 'is not UTF-8, and the API of GitHub names files in UTF-8 only')
        root = self._history.tree_of(parent) if parent else EMPTY_TREE
        there, is_whole = self._known(root, changes, known)
        store = MemoryObjectStore()
        base = _store_trees(store, there)
        new = prepare_tree(Objects(store, self._server.address), changes, base)
        # Names that are not UTF-8 arrive altered, and then the names of trees cannot be computed from them.
        is_exact = is_whole and base.decode() == root
        return Draft(
            base_tree=root if parent else '',
            items=tuple(_item(path, entry or there[path], changes[path]) for path, entry in new.entries.items()),
            expected_tree=new.id.decode() if is_exact else '',
            entries=_with(there, new.entries) if is_whole else None,
        )

    def upload(self, draft: Draft) -> str:
        """Send what a draft holds, and return the root tree; raise `Unavailable` if it is not what must come out."""
        items = self._with_blobs(draft.items)
        turn = _turn(items)
        tree, position, size = draft.base_tree, 0, self._memory.chunk_entries
        while position < len(items):
            chunk, *later = _chunks(items, position, size, turn)
            try:
                tree = self._grow(tree, chunk, further_writes=len(later) + CLOSING_WRITES)
            except _TooMuch as trouble:
                size = len(chunk) // 2
                if trouble.is_told:
                    self._memory.chunk_entries = size
            else:
                position += len(chunk)
        tree = tree or EMPTY_TREE
        if draft.expected_tree and tree != draft.expected_tree:
            raise Unavailable(
                f'{self._server.address} made the tree {tree} where {draft.expected_tree} must come out.',
                'The branch was not moved. If it stays so, report this as a fault.',
            )
        if draft.entries is not None:
            self._listings.learn(tree, draft.entries)
        return tree

    def commit(
        self, tree: str, parent: str | None, *, message: str, author: Author, committer: Author, when: datetime
    ) -> str:
        """Make a commit over a tree, the same for the same arguments; no branch shows it yet."""
        body = {
            'message': clean_message(message),
            'tree': tree,
            'parents': [parent] if parent else [],
            'author': identity(author, when),
            'committer': identity(committer, when),
        }
        path = self._server.at('git/commits')
        answer = self._write_patiently(path, body, further_writes=1)
        if answer.status in _REFUSED:
            raise self._server.refused(answer)
        sha = _sha(answer, path)
        self._history.learn(sha, tree)
        return sha

    def _known(
        self, root: str, paths: Iterable[str], known: Mapping[str, Entry | None] | None
    ) -> tuple[Mapping[str, Entry], bool]:
        """Return what stands at some paths of a root tree, and whether that is everything that it holds."""
        whole = self._listings.whole(root)
        if whole is None and (known is None or not set(paths) <= known.keys()):
            known = self._listings.at(root, paths)
            whole = self._listings.whole(root)
        if whole is not None:
            return whole, True
        return {path: entry for path in paths if (entry := (known or {}).get(path))}, False

    def _with_blobs(self, items: Sequence[Item]) -> list[Item]:
        """Store the contents that a tree cannot carry: those that are not text, and those that are too large."""
        alone = {item.blob: item.data for item in items if item.data is not None and not _is_carried(item.data)}
        path = self._server.at('git/blobs')
        for number, (blob, data) in enumerate(alone.items(), start=1):
            body = {'content': base64.b64encode(data).decode('ascii'), 'encoding': 'base64'}
            further = len(alone) - number + 1 + CLOSING_WRITES
            answer = self._write_patiently(path, body, further_writes=further)
            if answer.status in _REFUSED or _sha(answer, path) != blob:
                raise self._server.refused(answer)
        return [replace(item, is_stored=True) if item.blob in alone else item for item in items]

    def _grow(self, tree: str, chunk: Sequence[Item], *, further_writes: int) -> str:
        """Put a piece on top of a tree, and return the new tree."""
        body: dict[str, Any] = {'tree': [item.body() for item in chunk]}
        if tree:  # without it every file that is not listed is deleted: only for what begins with nothing
            body['base_tree'] = tree
        path = self._server.at('git/trees')
        try:
            answer = self._write_patiently(path, body, further_writes=further_writes, repeats=len(chunk) == 1)
        except AnswerLost as error:
            raise _TooMuch(is_told=False) from error
        if is_too_large(answer):
            if len(chunk) > 1:
                raise _TooMuch(is_told=True)
            raise Unavailable(
                f'{self._server.address} does not take {chunk[0].path!r}, not even alone: it runs out of time.',
                'Try again later; if it stays so, make the file smaller.',
            )
        if answer.status in _REFUSED:
            deleted = next((item.path for item in chunk if item.data is None), None)
            if deleted is not None and b'BadObject' in answer.body:
                raise InvalidChange(deleted, 'or another file that is to be deleted is not there')
            raise self._server.refused(answer)
        return _sha(answer, path)

    def _write_patiently(
        self, path: str, body: Mapping[str, Any], *, further_writes: int, repeats: bool = True
    ) -> Answer:
        """Write what is named by its content, and once more after a lost answer or while GitHub lags behind itself."""
        for tried in range(1, LAG_TRIES + 1):
            try:
                answer = self._server.write('POST', path, body, allow=_REFUSED, further_writes=further_writes)
            except AnswerLost as error:
                if not repeats:
                    raise
                if tried > 1:
                    raise error.reason from error
                continue
            if not is_object_missing(answer):
                break
            self._server.pause(LAG_SECONDS)
        return answer


def identity(author: Author, when: datetime) -> dict[str, str]:
    """Name an author as the API has it, which wants every field; moments are whole seconds of UTC."""
    clean = clean_author(author)
    moment = when.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')
    return {'name': clean.name, 'email': clean.email or SERVICE.email, 'date': moment}


def _sha(answer: Answer, path: str) -> str:
    found = fields(answer, path)
    with reading(path):
        sha = str(found['sha'])
    if to_id(sha) is None:
        raise Unavailable(f'The answer to {path} names an object {sha!r}.')
    return sha


def _is_carried(data: bytes) -> bool:
    """Tell whether a tree can carry a content along."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return len(data) <= CHUNK_BYTES


def _item(path: str, entry: Entry, data: bytes | None) -> Item:
    return Item(path, entry.mode, entry.blob, data)


def _with(there: Mapping[str, Entry], altered: Mapping[str, Entry | None]) -> dict[str, Entry]:
    return {path: entry for path, entry in {**there, **altered}.items() if entry is not None}


def _turn(items: Sequence[Item]) -> int:
    """Return where the deletions end, if they have to be done first: a file becomes a directory, or the reverse."""
    deleted = {item.path for item in items if item.data is None}
    written = {item.path for item in items if item.data is not None}
    if any(above in deleted for path in written for above in _above(path)) or any(
        above in written for path in deleted for above in _above(path)
    ):
        return len(deleted)
    return 0


def _above(path: str) -> Iterator[str]:
    while '/' in path:
        path = path.rpartition('/')[0]
        yield path


def _chunks(items: Sequence[Item], position: int, size: int, turn: int) -> Iterator[Sequence[Item]]:
    """Cut the items from a position on into pieces; none goes across the turn."""
    start, sent = position, 0
    for index in range(position, len(items)):
        heavy = sent + items[index].size > CHUNK_BYTES
        if index > start and (heavy or index - start == size or index == turn):
            yield items[start:index]
            start, sent = index, 0
        sent += items[index].size
    if start < len(items):
        yield items[start:]


def _store_trees(store: MemoryObjectStore, entries: Mapping[str, Entry]) -> ObjectID:
    """Put the trees of all directories into a store, and return the root."""
    trees: dict[str, git.Tree] = {'': git.Tree()}
    for path, entry in entries.items():
        parent, _, name = path.rpartition('/')
        for directory in (parent, *_above(parent)):
            if directory in trees:
                break
            trees[directory] = git.Tree()
        trees[parent].add(encode_path(name), entry.mode, ObjectID(entry.blob.encode('ascii')))
    for directory in sorted(filter(None, trees), key=lambda path: path.count('/'), reverse=True):
        parent, _, name = directory.rpartition('/')
        store.add_object(trees[directory])
        trees[parent].add(encode_path(name), stat.S_IFDIR, trees[directory].id)
    store.add_object(trees[''])
    return trees[''].id
