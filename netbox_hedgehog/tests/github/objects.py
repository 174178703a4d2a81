"""The Git side of the double: objects and references of a real bare repository, addressed as GitHub's API does.

Objects are immutable, so what was read once is kept. References are always read from disk, because a plain
`git push` into the directory is as good as a request.
"""

import re
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha1
from pathlib import Path
from typing import Self

from dulwich.objects import Commit, ObjectID, ShaFile
from dulwich.pack import write_pack_index
from dulwich.refs import Ref
from dulwich.repo import Repo

__all__ = (
    'EXECUTABLE',
    'FILE',
    'NOTHING',
    'SUBMODULE',
    'SYMLINK',
    'TREE',
    'Entry',
    'MalformedChange',
    'ObjectStore',
    'Signature',
    'is_object_id',
)

FILE, EXECUTABLE, SYMLINK, TREE, SUBMODULE = 0o100644, 0o100755, 0o120000, 0o040000, 0o160000
NOTHING = '0' * 40
TYPES = {'commit': 1, 'tree': 2, 'blob': 3, 'tag': 4}
KEPT_OBJECTS, KEPT_TREE_ENTRIES, KEPT_LISTINGS = 60_000, 500_000, 8
# Above so many new objects a pack is written instead of a file for each.
LOOSE_OBJECTS = 40

type Entries = Mapping[str, tuple[int, str]]


class MalformedChange(Exception):
    """A tree cannot be made as asked: it deletes what is not there, or puts a file where a directory is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a recursive listing."""

    path: str
    mode: int
    sha: str

    @property
    def type(self) -> str:
        return {TREE: 'tree', SUBMODULE: 'commit'}.get(self.mode, 'blob')


@dataclass(frozen=True, slots=True)
class Signature:
    """Who made a commit, and when."""

    name: str
    email: str
    when: datetime

    @classmethod
    def of(cls, identity: bytes, time: int, offset_seconds: int) -> Self:
        name, _, email = identity.decode('utf-8', 'replace').partition(' <')
        return cls(
            name, email.removesuffix('>'), datetime.fromtimestamp(time, timezone(timedelta(seconds=offset_seconds)))
        )

    @property
    def identity(self) -> bytes:
        name, email = (re.sub(r'[<>\n\0]', '', part).strip() for part in (self.name, self.email))
        return f'{name} <{email}>'.encode()

    @property
    def date(self) -> str:
        """Give the time as GitHub does, in UTC and in whole seconds."""
        return self.when.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')


def is_object_id(text: object) -> bool:
    return isinstance(text, str) and re.fullmatch(r'[0-9a-f]{40}', text) is not None


class ObjectStore:
    """A bare repository. Calls that write must not run at the same time: the repository's lock sees to that."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._repo = Repo(str(path))
        self._kept: dict[str, tuple[str, bytes]] = {}
        self._unwritten: dict[str, tuple[str, bytes]] = {}
        self._trees: dict[str, dict[str, tuple[int, str]]] = {}
        self._tree_entries = 0
        self._flat: dict[str, list[Entry]] = {}
        self._commits: dict[str, Commit] = {}

    @classmethod
    def create(cls, path: Path, branch: str) -> Self:
        """Lay out an empty bare repository without a process, because every test needs one."""
        for directory in ('objects/pack', 'objects/info', 'refs/heads', 'hooks', 'info'):
            (path / directory).mkdir(parents=True)
        (path / 'HEAD').write_text(f'ref: refs/heads/{branch}\n')
        (path / 'config').write_text(
            '[core]\n\trepositoryformatversion = 0\n\tbare = true\n[http]\n\treceivepack = true\n'
            '[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n'
            # What a push would tidy up here is what this process has read already.
            '[gc]\n\tauto = 0\n[receive]\n\tautogc = false\n'
        )
        return cls(path)

    def close(self) -> None:
        self._repo.close()

    # Objects

    def read(self, sha: str) -> tuple[str, bytes] | None:
        """Return an object's type and content, None where there is none."""
        found = self._kept.get(sha) or self._unwritten.get(sha)
        if found is None:
            if not is_object_id(sha):
                return None
            try:
                number, content = self._repo.object_store.get_raw(ObjectID(sha.encode()))
            except KeyError:
                return None
            found = ({number: name for name, number in TYPES.items()}[number], content)
            self._keep(sha, found)
        return found

    def type_of(self, sha: object) -> str | None:
        found = self.read(sha) if isinstance(sha, str) else None
        return found[0] if found else None

    def blob(self, sha: str) -> bytes | None:
        found = self.read(sha)
        return found[1] if found and found[0] == 'blob' else None

    def size(self, sha: str) -> int:
        found = self.read(sha)
        return len(found[1]) if found else 0

    def write(self, kind: str, content: bytes) -> str:
        return self.write_all([(kind, content)])[0]

    def write_all(self, objects: Iterable[tuple[str, bytes]]) -> list[str]:
        """Store objects and return their ids, in order."""
        named = [
            (sha1(b'%s %d\0' % (kind.encode(), len(content)) + content).hexdigest(), kind, content)
            for kind, content in objects
        ]
        for sha, kind, content in named:
            if sha not in self._kept and not self._is_stored(sha):
                self._unwritten[sha] = (kind, content)
            self._keep(sha, (kind, content))
        return [sha for sha, _, _ in named]

    def _write_out(self) -> None:
        """Put on disk what a reference is about to make visible; before that, nobody else can ask for it."""
        new, self._unwritten = self._unwritten, {}
        if len(new) > LOOSE_OBJECTS:
            self._write_pack(new)
        for sha, (kind, content) in new.items() if len(new) <= LOOSE_OBJECTS else ():
            self._write_loose(sha, kind, content)

    def _is_stored(self, sha: str) -> bool:
        return sha in self._unwritten or ObjectID(sha.encode()) in self._repo.object_store

    def _write_loose(self, sha: str, kind: str, content: bytes) -> None:
        path = self.path / 'objects' / sha[:2] / sha[2:]
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_suffix('.new')
        unfinished.write_bytes(zlib.compress(b'%s %d\0' % (kind.encode(), len(content)) + content, 1))
        unfinished.replace(path)

    def _keep(self, sha: str, found: tuple[str, bytes]) -> None:
        if len(self._kept) > KEPT_OBJECTS:
            self._kept.clear()
        self._kept[sha] = found

    def _write_pack(self, objects: Mapping[str, tuple[str, bytes]]) -> None:
        """Write a pack without deltas, which takes a tenth of the time that looking for deltas takes."""
        parts = [b'PACK' + (2).to_bytes(4) + len(objects).to_bytes(4)]
        offset, index = len(parts[0]), []
        for sha, (kind, content) in objects.items():
            part = _pack_header(TYPES[kind], len(content)) + zlib.compress(content, 1)
            index.append((bytes.fromhex(sha), offset, zlib.crc32(part)))
            parts.append(part)
            offset += len(part)
        pack = b''.join(parts)
        checksum = sha1(pack).digest()
        base = self.path / 'objects' / 'pack' / f'pack-{checksum.hex()}'
        base.with_suffix('.pack').write_bytes(pack + checksum)
        with base.with_suffix('.idx').open('wb') as file:
            write_pack_index(file, sorted(index), checksum)

    # Trees

    def entries(self, tree: str) -> dict[str, tuple[int, str]]:
        """List a tree's own entries: name to mode and id."""
        found = self._trees.get(tree)
        if found is None:
            found = {}
            content = (self.read(tree) or ('', b''))[1]
            position = 0
            while position < len(content):
                space = content.index(b' ', position)
                end = content.index(b'\0', space)
                name = content[space + 1 : end].decode('utf-8', 'surrogateescape')
                found[name] = (int(content[position:space], 8), content[end + 1 : end + 21].hex())
                position = end + 21
            if self._tree_entries > KEPT_TREE_ENTRIES:
                self._trees.clear()
                self._tree_entries = 0
            self._trees[tree] = found
            self._tree_entries += len(found)
        return found

    def listing(self, tree: str) -> list[Entry]:
        """List a tree and everything below it, directories too, in Git's order."""
        found = self._flat.get(tree)
        if found is None:
            found = list(self._walk(tree, ''))
            if len(self._flat) >= KEPT_LISTINGS:
                self._flat.clear()
            self._flat[tree] = found
        return found

    def _walk(self, tree: str, prefix: str) -> Iterator[Entry]:
        for name, (mode, sha) in self.entries(tree).items():
            yield Entry(prefix + name, mode, sha)
            if mode == TREE:
                yield from self._walk(sha, f'{prefix}{name}/')

    def files(self, tree: str) -> dict[str, Entry]:
        return {entry.path: entry for entry in self.listing(tree) if entry.mode != TREE}

    def at(self, tree: str, path: str) -> tuple[int, str] | None:
        """Return mode and id of what a tree has at a path; the empty path is the tree itself."""
        found: tuple[int, str] | None = (TREE, tree)
        for part in filter(None, path.split('/')):
            if found is None or found[0] != TREE:
                return None
            found = self.entries(found[1]).get(part)
        return found

    def edit(self, base: str | None, changes: Sequence[tuple[str, tuple[int, str] | None]]) -> str:
        """Return the tree that a base becomes by changes: path to mode and id, or to None to delete.

        Raises MalformedChange.
        """
        made: list[tuple[str, bytes]] = []
        tree = self._edit(dict(self.entries(base)) if base else {}, changes, made)
        self.write_all(made)
        return tree or self.write('tree', b'')

    def _edit(
        self,
        entries: dict[str, tuple[int, str]],
        changes: Sequence[tuple[str, tuple[int, str] | None]],
        made: list[tuple[str, bytes]],
    ) -> str | None:
        below: dict[str, list[tuple[str, tuple[int, str] | None]]] = {}
        here: dict[str, tuple[int, str] | None] = {}
        for path, value in changes:
            name, _, rest = path.partition('/')
            if rest:
                below.setdefault(name, []).append((rest, value))
            else:
                here[name] = value
        if below.keys() & here.keys():
            raise MalformedChange
        for name, value in here.items():
            present = entries.get(name)
            if value is None:
                if present is None:
                    raise MalformedChange
                del entries[name]
            elif present and (present[0] == TREE) != (value[0] == TREE):
                raise MalformedChange
            else:
                entries[name] = value
        for name, deeper in below.items():
            present = entries.get(name)
            if present and present[0] != TREE:
                raise MalformedChange
            tree = self._edit(dict(self.entries(present[1])) if present else {}, deeper, made)
            if tree:
                entries[name] = (TREE, tree)
            else:
                entries.pop(name, None)
        return self._add_tree(entries, made) if entries else None

    def _add_tree(self, entries: Entries, made: list[tuple[str, bytes]]) -> str:
        rows = sorted(
            ((name.encode('utf-8', 'surrogateescape'), mode, sha) for name, (mode, sha) in entries.items()),
            key=lambda row: row[0] + b'/' if row[1] == TREE else row[0],
        )
        content = b''.join(b'%o %s\0%s' % (mode, name, bytes.fromhex(sha)) for name, mode, sha in rows)
        made.append(('tree', content))
        return sha1(b'tree %d\0' % len(content) + content).hexdigest()

    # Commits

    def commit(self, sha: str) -> Commit | None:
        found = self._commits.get(sha)
        if found is None:
            raw = self.read(sha)
            if raw is None or raw[0] != 'commit':
                return None
            parsed = ShaFile.from_raw_string(TYPES['commit'], raw[1])
            assert isinstance(parsed, Commit)
            found = self._commits[sha] = parsed
        return found

    def tree_of(self, commit: str) -> str:
        found = self.commit(commit)
        if found is None:
            raise KeyError(commit)
        return found.tree.decode()

    def parents(self, commit: str) -> list[str]:
        found = self.commit(commit)
        return [parent.decode() for parent in found.parents] if found else []

    def add_commit(
        self,
        *,
        tree: str,
        parents: Sequence[str],
        message: str,
        author: Signature,
        committer: Signature,
        signature: str = '',
    ) -> str:
        """Store a commit exactly as given, so that its id is Git's own."""
        commit = Commit()
        commit.tree = ObjectID(tree.encode())
        commit.parents = [ObjectID(parent.encode()) for parent in parents]
        commit.author, commit.committer = author.identity, committer.identity
        commit.author_time, commit.author_timezone = _moment(author)
        commit.commit_time, commit.commit_timezone = _moment(committer)
        commit.message = message.encode()
        if signature:
            commit.gpgsig = signature.encode()
        return self.write('commit', commit.as_raw_string())

    def ancestors(self, commit: str) -> set[str]:
        """Return a commit and everything that it descends from."""
        seen = {commit}
        waiting = deque([commit])
        while waiting:
            for parent in self.parents(waiting.popleft()):
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        return seen

    def is_ancestor(self, ancestor: str, commit: str) -> bool:
        """Tell whether a commit descends from another, or is it."""
        seen = {commit}
        waiting = deque([commit])
        while waiting:
            current = waiting.popleft()
            if current == ancestor:
                return True
            for parent in self.parents(current):
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        return False

    def history(self, commit: str) -> list[str]:
        """List a commit and its ancestors, newest first and children before parents."""
        found = self.ancestors(commit)
        children = dict.fromkeys(found, 0)
        for sha in found:
            for parent in self.parents(sha):
                children[parent] += 1
        ready = [commit]
        ordered = []
        while ready:
            ready.sort(key=lambda sha: self._time(sha))
            current = ready.pop()
            ordered.append(current)
            for parent in self.parents(current):
                children[parent] -= 1
                if not children[parent]:
                    ready.append(parent)
        return ordered

    def _time(self, commit: str) -> int:
        found = self.commit(commit)
        return found.commit_time if found else 0

    def path_history(self, commit: str, path: str) -> list[str]:
        """List the commits that changed a path, newest first, leaving out what did not matter as `git log` does."""
        wanted = self._simplified(commit, path)
        return [sha for sha in self.history(commit) if sha in wanted]

    def _simplified(self, commit: str, path: str) -> set[str]:
        changed, seen, waiting = set(), {commit}, [commit]
        while waiting:
            current = waiting.pop()
            mine = self.at(self.tree_of(current), path)
            parents = self.parents(current)
            same = next((parent for parent in parents if self.at(self.tree_of(parent), path) == mine), None)
            if same is None and (parents or mine is not None):
                changed.add(current)
            for parent in [same] if same else parents:
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        return changed

    def merge_base(self, one: str, other: str) -> str | None:
        common = self.ancestors(one) & self.ancestors(other)
        return next((sha for sha in self.history(one) if sha in common), None)

    def changed_files(self, old: str | None, new: str) -> list[tuple[str, Entry | None, Entry | None]]:
        """Compare two trees: path, what was there, what is there, in the order of the paths."""
        before, after = self.files(old) if old else {}, self.files(new)
        paths = sorted(path for path in before.keys() | after.keys() if _differ(before.get(path), after.get(path)))
        return [(path, before.get(path), after.get(path)) for path in paths]

    # References

    def reference(self, name: str) -> str | None:
        """Return what a full reference name points to."""
        try:
            return self._repo.refs[Ref(name.encode())].decode()
        except KeyError:
            return None

    def references(self, prefix: str) -> dict[str, str]:
        found = {}
        for name in self._repo.refs.allkeys():
            text = name.decode()
            if text.startswith(prefix) and (sha := self.reference(text)):
                found[text] = sha
        return dict(sorted(found.items()))

    def set_reference(self, name: str, new: str | None, *, expected: str | None) -> bool:
        """Move, make or (new None) remove a reference, if it still is where it is expected to be."""
        refs = self._repo.refs
        old = ObjectID((expected or NOTHING).encode())
        if new is None:
            return refs.remove_if_equals(Ref(name.encode()), old)
        self._write_out()
        return refs.set_if_equals(Ref(name.encode()), old, ObjectID(new.encode()))

    def is_empty(self) -> bool:
        is_born = self._repo.refs.follow(Ref(b'HEAD'))[1] is not None
        return not is_born and not self.references('refs/')


def _pack_header(kind: int, size: int) -> bytes:
    byte = kind << 4 | size & 0x0F
    size >>= 4
    header = bytearray()
    while size:
        header.append(byte | 0x80)
        byte = size & 0x7F
        size >>= 7
    header.append(byte)
    return bytes(header)


def _moment(signature: Signature) -> tuple[int, int]:
    offset = signature.when.utcoffset() or timedelta()
    return int(signature.when.timestamp()), int(offset.total_seconds())


def _differ(one: Entry | None, other: Entry | None) -> bool:
    return (one and (one.mode, one.sha)) != (other and (other.mode, other.sha))
