"""Turn a change set into the objects of one commit, without writing anything."""

import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dulwich import objects as git
from dulwich.index import validate_path_element_hfs, validate_path_element_ntfs
from dulwich.objects import ObjectID, ShaFile

from .errors import InvalidChange
from .objects import Objects, decode_path, encode_path
from .protocol import Author, Entry

__all__ = ('NEW_FILE', 'NewCommit', 'NewTree', 'clean_author', 'clean_message', 'prepare_commit', 'prepare_tree')

NEW_FILE = stat.S_IFREG | 0o644

# Longer paths cannot be checked out.
PATH_BYTES = 4096


@dataclass(frozen=True, slots=True)
class NewCommit:
    """A commit, with the objects that its parent does not have; its parent itself if it would change nothing."""

    sha: str
    objects: tuple[ShaFile, ...]


@dataclass(frozen=True, slots=True)
class NewTree:
    """A root tree, with the objects that are new in it, and what it holds at the paths that a change set altered."""

    id: ObjectID
    objects: tuple[ShaFile, ...]
    entries: Mapping[str, Entry | None]


def prepare_commit(
    objects: Objects,
    changes: Mapping[str, bytes | None],
    *,
    parent: str | None,
    message: str,
    author: Author,
    committer: Author,
    when: datetime,
) -> NewCommit:
    """Build a commit on top of `parent`, or the first one of a branch; raise `InvalidChange` or `CommitMissing`."""
    base = objects.commit(parent) if parent else None
    tree = prepare_tree(objects, changes, base.tree if base else None)
    if parent and base and tree.id == base.tree:
        return NewCommit(parent, ())
    commit = _commit(tree.id, parent, message, author, committer, when)
    return NewCommit(commit.id.decode(), (*tree.objects, commit))


def prepare_tree(objects: Objects, changes: Mapping[str, bytes | None], base: ObjectID | None) -> NewTree:
    """Apply a change set to a root tree, or to nothing; raise `InvalidChange` if that is not possible."""
    edit = _TreeEdit(objects, base)
    deleted = sorted(path for path, data in changes.items() if data is None)
    written = sorted((path, data) for path, data in changes.items() if data is not None)
    # Deletions come first, so that a file may become a directory, and a directory a file, in one commit.
    for path in deleted:
        edit.delete(path)
    edit.fold()
    for path, data in written:
        edit.write(path, data)
    edit.fold()
    return NewTree(edit.root, edit.new_objects(), edit.altered)


class _TreeEdit:
    """The directories that a change set touches, loaded on first use.

    A directory under change is in `_trees` by its path; its parent learns of the change when it is folded.
    """

    def __init__(self, objects: Objects, root: ObjectID | None) -> None:
        self._objects = objects
        self._known = {root}
        self._blobs: dict[ObjectID, ShaFile] = {}
        self.altered: dict[str, Entry | None] = {}
        self._trees = {b'': objects.tree(root) if root else git.Tree()}

    @property
    def root(self) -> ObjectID:
        return self._trees[b''].id

    def delete(self, path: str) -> None:
        directory, name = self._place(path)
        if name not in directory:
            raise InvalidChange(path, 'is not there to delete')
        _require_file(path, directory[name][0])
        del directory[name]
        self.altered[path] = None

    def write(self, path: str, data: bytes) -> None:
        directory, name = self._place(path)
        if name in directory:
            mode, old = directory[name]
            _require_file(path, mode)
        else:
            _require_sound(path)
            mode, old = NEW_FILE, None
        blob = git.Blob.from_string(data)
        if blob.id != old:
            self._blobs[blob.id] = blob
            directory[name] = (mode, blob.id)
            self.altered[path] = Entry(mode, blob.id.decode())

    def fold(self) -> None:
        """Write each directory into the one above it; a directory without entries disappears, as in Git."""
        for path in sorted(self._trees, key=lambda path: path.count(b'/'), reverse=True):
            if path:
                parent, _, name = path.rpartition(b'/')
                tree = self._trees[path]
                if len(tree):
                    self._trees[parent][name] = (stat.S_IFDIR, tree.id)
                else:
                    del self._trees[path], self._trees[parent][name]

    def new_objects(self) -> tuple[ShaFile, ...]:
        trees = {tree.id: tree for tree in self._trees.values() if tree.id not in self._known}
        return (*self._blobs.values(), *trees.values())

    def _place(self, path: str) -> tuple[git.Tree, bytes]:
        """Return the directory that a path lies in, opening all on the way, and the last name of the path."""
        *directories, name = names = encode_path(path).split(b'/')
        if b'' in names:
            raise InvalidChange(path, 'is absolute or has an empty part')
        tree, place = self._trees[b''], b''
        for part in directories:
            parent, place = tree, place + b'/' + part if place else part
            if place not in self._trees:
                self._trees[place] = self._open(path, parent, part)
            tree = self._trees[place]
        return tree, name

    def _open(self, path: str, parent: git.Tree, name: bytes) -> git.Tree:
        if name not in parent:
            _require_sound(path)
            return git.Tree()
        mode, tree = parent[name]
        if not stat.S_ISDIR(mode):
            raise InvalidChange(path, f'cannot lie below {decode_path(name)!r}, which is {_kind(mode)}')
        self._known.add(tree)
        return self._objects.tree(tree)


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return 'a directory'
    if stat.S_ISREG(mode):
        return 'a file'
    return 'a symbolic link' if stat.S_ISLNK(mode) else 'a submodule'


def _require_file(path: str, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise InvalidChange(path, f'is {_kind(mode)}, and only files are written or deleted')


def _require_sound(path: str) -> None:
    """Refuse a new path that Git, or a checkout on some system, would not keep as it is spelt.

    A path that is there already may be changed and deleted however it is spelt.
    """
    data = encode_path(path)
    if len(data) > PATH_BYTES:
        raise InvalidChange(path, f'is longer than {PATH_BYTES} bytes')
    if any(not validate_path_element_ntfs(name) or not validate_path_element_hfs(name) for name in data.split(b'/')):
        raise InvalidChange(path, 'has a part that Git keeps for itself, or is not UTF-8')
    if '\\' in path or not unicodedata.is_normalized('NFC', path) or any(map(_is_control, path)):
        raise InvalidChange(path, 'has a backslash, a control character or a letter in decomposed form')


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ('Cc', 'Zl', 'Zp')


def _commit(
    tree: ObjectID, parent: str | None, message: str, author: Author, committer: Author, when: datetime
) -> git.Commit:
    # No encoding header: UTF-8 is what its absence means, and other ways to make this commit write none.
    commit = git.Commit()
    commit.tree = tree
    commit.parents = [ObjectID(parent.encode('ascii'))] if parent else []
    commit.author, commit.committer = _identity(author), _identity(committer)
    commit.author_time = commit.commit_time = int(when.timestamp())
    offset = when.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    commit.author_timezone = commit.commit_timezone = minutes * 60
    commit.message = clean_message(message).encode('utf-8', 'replace')
    return commit


def clean_message(message: str) -> str:
    """Return a message as a commit holds it: with one line break at its end, and without what would cut it short."""
    return message.replace('\0', '').rstrip('\n') + '\n'


def clean_author(author: Author) -> Author:
    """Return an author as a commit names it: on one line, and never without a name."""
    email = ''.join(_clean(author.email).split())
    return Author(_clean(author.name) or email or 'unknown', email)


def _identity(author: Author) -> bytes:
    clean = clean_author(author)
    return f'{clean.name} <{clean.email}>'.encode('utf-8', 'replace')


def _clean(text: str) -> str:
    """Drop what would end a name early in a commit, or begin another line of it."""
    return ' '.join(''.join(' ' if _is_control(letter) or letter in '<>' else letter for letter in text).split())
