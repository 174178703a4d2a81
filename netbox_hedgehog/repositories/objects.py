"""Read commits, trees and contents out of a store of Git objects, wherever it is kept."""

import codecs
import heapq
import re
import stat
import struct
import zlib
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone

from dulwich import objects as git
from dulwich.errors import ApplyDeltaError, ChecksumMismatch, FileFormatException
from dulwich.object_store import BaseObjectStore
from dulwich.objects import ObjectID

from .blobs import object_id
from .errors import CommitMissing, Unavailable
from .protocol import Author, Commit, Entry

__all__ = ('DAMAGE', 'DAMAGE_REMEDY', 'Change', 'Objects', 'decode_path', 'encode_path', 'to_id')

# What dulwich raises for bytes that are not what Git would have put there.
DAMAGE = (
    ApplyDeltaError,
    ChecksumMismatch,
    FileFormatException,
    AssertionError,
    LookupError,
    OverflowError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

DAMAGE_REMEDY = 'Check the repository with `git fsck --full`, and restore what is damaged.'

_SHA = re.compile(r'[0-9a-f]{40}')

type Change = tuple[Entry | None, Entry | None]


def encode_path(path: str) -> bytes:
    """Turn a path into the bytes that Git keeps, lone surrogates into the bytes they stand for."""
    return path.encode('utf-8', 'surrogateescape')


def decode_path(path: bytes) -> str:
    """Turn the bytes that Git keeps into a path; bytes that are not UTF-8 become lone surrogates."""
    return path.decode('utf-8', 'surrogateescape')


def to_id(sha: str) -> ObjectID | None:
    """Return dulwich's form of an object's name, or None for what cannot be one."""
    return ObjectID(sha.encode('ascii')) if _SHA.fullmatch(sha) else None


class Objects:
    """The objects of one repository: typed, verified against their names, every fault told in our own words.

    At a `shallow` commit the store ends: the commit names parents that are not in it.
    """

    def __init__(self, store: BaseObjectStore, address: str, shallow: Collection[ObjectID] = ()) -> None:
        self.store = store
        self._address = address
        self._shallow = frozenset(shallow)

    def commit(self, sha: str) -> git.Commit:
        """Return a commit, or raise `CommitMissing`."""
        name = to_id(sha)
        commit = self._load(git.Commit, name) if name else None
        if commit is None:
            raise CommitMissing(sha)
        if None in (commit.author, commit.commit_time):
            raise self._damaged(f'the commit {sha} is incomplete')
        return commit

    def tree(self, name: ObjectID) -> git.Tree:
        """Return a tree that a commit in this store needs: its absence is damage."""
        tree = self._load(git.Tree, name)
        if tree is None:
            raise self._damaged(f'the directory {name.decode()} is missing')
        if any(b'/' in entry or entry in (b'', b'.', b'..') for entry in tree):
            raise self._damaged(f'the directory {name.decode()} has an impossible entry')
        return tree

    def content(self, sha: str) -> bytes | None:
        """Return a file's content, or None if the store does not hold it."""
        name = to_id(sha)
        blob = self._load(git.Blob, name) if name else None
        return blob.as_raw_string() if blob else None

    def entries(self, commit: str, prefix: str) -> dict[str, Entry]:
        """List everything below a directory at a commit."""
        root = self._directory(self.commit(commit), prefix)
        return {path: entry for path, (_, entry) in self._differences(None, root, prefix).items() if entry}

    def compare(self, a: str, b: str, prefix: str) -> dict[str, Change]:
        """Return what differs below a directory between two commits, without looking into what is equal."""
        before, after = (self._directory(self.commit(commit), prefix) for commit in (a, b))
        return self._differences(before, after, prefix)

    def log(self, prefix: str, *, start: str, limit: int, bound: int) -> tuple[list[Commit], bool]:
        """Return the newest commits that changed a path, and whether there can be no others among those wanted."""
        found: list[Commit] = []
        complete = True
        for number, commit in enumerate(self._ancestry(start), start=1):
            if commit.id in self._shallow:
                complete = False  # what it changed shows only beside its parents
            elif self._changes(commit, prefix):
                found.append(_describe(commit))
            if len(found) == limit:
                return found, True
            if number == bound:
                return found, False
        return found, complete

    def is_ancestor(self, ancestor: str, descendant: str, *, bound: int) -> bool | None:
        """Tell whether a commit is or precedes another; None if the store ends, or the bound is hit, before that."""
        wanted, cut = to_id(ancestor), False
        for number, commit in enumerate(self._ancestry(descendant), start=1):
            if wanted == commit.id or wanted in commit.parents:
                return True
            cut = cut or commit.id in self._shallow
            if number == bound:
                return None
        return None if cut else False

    def _ancestry(self, start: str) -> Iterator[git.Commit]:
        """Walk from a commit to the beginning, the latest first."""
        first = self.commit(start)
        seen = {first.id}
        waiting = [(-first.commit_time, first.id, first)]
        while waiting:
            commit = heapq.heappop(waiting)[-1]
            yield commit
            for name in commit.parents if commit.id not in self._shallow else ():
                if name not in seen:
                    seen.add(name)
                    parent = self.commit(name.decode())
                    heapq.heappush(waiting, (-parent.commit_time, name, parent))

    def _changes(self, commit: git.Commit, prefix: str) -> bool:
        """Tell whether a commit changed something at or below a path, compared with each of its parents."""
        names = _names(prefix)
        if not names:
            return True
        here = self._at(commit, names)
        before = [self._at(self.commit(parent.decode()), names) for parent in commit.parents]
        return here not in before if before else here is not None

    def _directory(self, commit: git.Commit, prefix: str) -> ObjectID | None:
        found = self._at(commit, _names(prefix))
        return found[1] if found and stat.S_ISDIR(found[0]) else None

    def _at(self, commit: git.Commit, names: list[bytes]) -> tuple[int, ObjectID] | None:
        mode, name = stat.S_IFDIR, commit.tree
        for part in names:
            if not stat.S_ISDIR(mode) or part not in (tree := self.tree(name)):
                return None
            mode, name = tree[part]
        return mode, name

    def _differences(self, before: ObjectID | None, after: ObjectID | None, prefix: str) -> dict[str, Change]:
        # A stack, not recursion: how deep a tree nests is up to whoever pushed it.
        waiting = [(b''.join(name + b'/' for name in _names(prefix)), before, after)]
        found: dict[bytes, Change] = {}
        while waiting:
            directory, old_tree, new_tree = waiting.pop()
            if old_tree == new_tree:
                continue
            old, new = self._children(old_tree), self._children(new_tree)
            for name in old.keys() | new.keys():
                was, now = old.get(name), new.get(name)
                if was == now:
                    continue
                old_id, new_id = _subtree(was), _subtree(now)
                if old_id or new_id:
                    waiting.append((directory + name + b'/', old_id, new_id))
                change = _leaf(was), _leaf(now)
                if any(change):
                    found[directory + name] = change
        return {decode_path(path): found[path] for path in sorted(found)}

    def _children(self, name: ObjectID | None) -> Mapping[bytes, tuple[int, ObjectID]]:
        if name is None:
            return {}
        tree = self.tree(name)
        return {entry: tree[entry] for entry in tree}

    def _load[Kind: git.ShaFile](self, kind: type[Kind], name: ObjectID) -> Kind | None:
        try:
            found = self.store[name]
            data = found.as_raw_string()
        except KeyError:
            return None
        except OSError as error:
            raise Unavailable(f'{self._address} cannot be read: {error.strerror}.') from error
        except DAMAGE as error:
            raise self._damaged(f'the object {name.decode()} cannot be decoded') from error
        if not isinstance(found, kind):
            return None
        if object_id(kind.type_name, data) != name.decode():
            raise self._damaged(f'the object {name.decode()} has changed')
        return found

    def _damaged(self, reason: str) -> Unavailable:
        return Unavailable(f'{self._address} is damaged: {reason}.', DAMAGE_REMEDY)


def _names(path: str) -> list[bytes]:
    return [name for name in encode_path(path).split(b'/') if name]


def _subtree(entry: tuple[int, ObjectID] | None) -> ObjectID | None:
    return entry[1] if entry and stat.S_ISDIR(entry[0]) else None


def _leaf(entry: tuple[int, ObjectID] | None) -> Entry | None:
    return Entry(entry[0], entry[1].decode()) if entry and not stat.S_ISDIR(entry[0]) else None


def _describe(commit: git.Commit) -> Commit:
    name, _, email = commit.author.rstrip(b'>').rpartition(b' <')
    return Commit(
        sha=commit.id.decode(),
        parents=tuple(parent.decode() for parent in commit.parents),
        author=Author(_text(name, commit), _text(email, commit)),
        committer_time=_moment(commit.commit_time, commit.commit_timezone),
        message=_text(commit.message, commit),
    )


def _text(data: bytes, commit: git.Commit) -> str:
    encoding = (commit.encoding or b'utf-8').decode('ascii', 'replace')
    try:
        codecs.lookup(encoding)
    except LookupError:
        encoding = 'utf-8'
    return data.decode(encoding, 'replace')


def _moment(seconds: int, offset: int) -> datetime:
    """Return a commit's time; one that no calendar holds, which only a tampered commit has, becomes 1970."""
    zone = timezone(timedelta(seconds=offset)) if abs(offset) < 24 * 60 * 60 else UTC
    try:
        return datetime.fromtimestamp(seconds, zone)
    except (OSError, OverflowError, ValueError):
        return datetime.fromtimestamp(0, UTC)
