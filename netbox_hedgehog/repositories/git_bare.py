"""A bare Git repository in a directory of this machine, without work tree, clone or git command."""

import os
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal, override

from dulwich.errors import NotGitRepository, RefFormatError
from dulwich.file import FileLocked
from dulwich.objects import ObjectID, ShaFile
from dulwich.refs import HEADREF, SYMREF, DiskRefsContainer, SymrefLoop
from dulwich.repo import InvalidWorktreeConfiguration, Repo, UnsupportedExtension, UnsupportedVersion

from .branches import branch_name, branch_ref
from .changes import NewCommit, prepare_commit
from .errors import (
    Ambiguous,
    BranchMissing,
    CommitMissing,
    EmptyRepository,
    Forbidden,
    HeadMoved,
    InvalidChange,
    NotFound,
    RepositoryError,
    Unavailable,
    Unsupported,
)
from .objects import DAMAGE, DAMAGE_REMEDY, Change, Objects, to_id
from .protocol import SERVICE, Author, Commit, Entry, Repository

__all__ = ('BareRepository', 'create_bare')

# A writer holds a lock for milliseconds; one that is older was left behind by a crash.
STALE_LOCK_SECONDS = 60

# From this number on, new objects go into one pack instead of one file each.
PACK_FROM_OBJECTS = 100

# How many commits log() and is_ancestor() look back.
HISTORY_BOUND = 10_000


def create_bare(path: Path, branch: str) -> None:
    """Create an empty bare repository whose HEAD points to a branch; raise `InvalidChange` if the path is taken.

    It appears complete or not at all. Directories that are missing above it are made.
    """
    ref = branch_ref(branch)
    with _reporting(path, 'write'):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix='.new-', dir=path.parent) as directory:
            made = Path(directory) / 'repository'
            Repo.init_bare(made, mkdir=True, default_branch=ref).close()
            try:
                made.rename(path)
            except OSError as error:
                if path.exists():
                    raise InvalidChange(str(path), 'is taken already') from error
                raise


class BareRepository(Repository):
    """One branch of a bare repository on disk, where the file system decides which of several writers wins.

    It must be a file system on which creating a file exclusively excludes everybody who writes to it.
    """

    def __init__(self, path: Path, branch: str) -> None:
        self._path = path
        self._address = str(path)
        self._branch = branch
        self._ref = branch_ref(branch)
        with _reporting(path):
            self._repo = _open(path)
            self._objects = Objects(self._repo.object_store, self._address, self._repo.get_shallow())

    @override
    def head(self) -> str:
        with _reporting(self._path):
            tip = self._tip()
            if tip is not None:
                return tip
            if any(name.startswith(b'refs/') for name in self._repo.refs.allkeys()):
                raise BranchMissing(self._address, self._branch)
            raise EmptyRepository(self._address)

    @override
    def default_branch(self) -> str | None:
        with _reporting(self._path):
            target = self._repo.refs.read_ref(HEADREF) or b''
        return branch_name(target.removeprefix(SYMREF)) if target.startswith(SYMREF) else None

    @override
    def tree(self, commit: str, prefix: str) -> dict[str, Entry]:
        return self._objects.entries(commit, prefix)

    @override
    def read(self, blobs: Collection[str]) -> dict[str, bytes]:
        found = {}
        for blob in blobs:
            data = self._objects.content(blob)
            if data is None:
                raise Unavailable(f'{self._address} does not hold the content {blob}.')
            found[blob] = data
        return found

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
        try:
            new = prepare_commit(
                self._objects,
                changes,
                parent=expected_head,
                message=message,
                author=author,
                committer=committer,
                when=when,
            )
        except CommitMissing as error:  # history was rewritten, and the commit is gone
            raise self._moved(expected_head) from error
        with _reporting(self._path, 'write'):
            return self._append(new, expected_head)

    @override
    def log(self, prefix: str, *, start: str, limit: int) -> list[Commit]:
        return self._objects.log(prefix, start=start, limit=limit, bound=HISTORY_BOUND)[0]

    @override
    def compare(self, a: str, b: str, prefix: str) -> dict[str, Change]:
        return self._objects.compare(a, b, prefix)

    @override
    def is_ancestor(self, ancestor: str, descendant: str) -> bool:
        answer = self._objects.is_ancestor(ancestor, descendant, bound=HISTORY_BOUND)
        if answer is None:
            raise Ambiguous(self._address, f'whether {ancestor} precedes {descendant}', sha=ancestor)
        return answer

    @override
    def close(self) -> None:
        # An error on its way up may hold on to a damaged pack, which is then closed with the error.
        with suppress(BufferError):
            self._repo.close()

    def _append(self, new: NewCommit, expected: str | None) -> str:
        """Store a commit's objects and move the branch to it, if the branch stands at the expected commit."""
        tip = self._tip()
        if tip == new.sha:
            return tip  # there is nothing to change, or this very call has succeeded before
        if tip != expected:
            raise self._moved(expected)
        try:
            self._store(new.objects)
            moved = self._swap(expected, ObjectID(new.sha.encode('ascii')))
        except FileLocked as error:
            raise self._locked(error, expected) from error
        if not moved:
            raise self._moved(expected)
        return new.sha

    def _store(self, objects: tuple[ShaFile, ...]) -> None:
        store = self._repo.object_store
        if len(objects) < PACK_FROM_OBJECTS:
            for item in objects:
                store.add_object(item)
        else:
            store.add_objects([(item, None) for item in objects])

    def _swap(self, expected: str | None, new: ObjectID) -> bool:
        """Move the branch if nobody has: compare and set under Git's own lock."""
        refs = self._repo.refs
        if expected is None:  # which set_if_equals would take as "whatever is there"
            return refs.add_if_new(self._ref, new)
        return refs.set_if_equals(self._ref, ObjectID(expected.encode('ascii')), new)

    def _tip(self) -> str | None:
        """Return where the branch stands, None if there is no such branch."""
        names, found = self._repo.refs.follow(self._ref)
        if found is None:
            # dulwich takes a file that it cannot read for a missing branch, and a missing branch has consequences.
            try:
                found = ObjectID((self._path / os.fsdecode(names[-1])).read_bytes().strip())
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                return None
        tip = found.decode('ascii', 'replace')
        if to_id(tip) is None:
            raise Unavailable(f'The branch {self._branch} of {self._address} is damaged.', DAMAGE_REMEDY)
        return tip

    def _moved(self, expected: str | None) -> HeadMoved:
        with _reporting(self._path):
            return HeadMoved(self._branch, expected=expected, found=self._tip())

    def _locked(self, error: FileLocked, expected: str | None) -> RepositoryError:
        lock = Path(os.fsdecode(error.lockfilename))
        try:
            age_seconds = time.time() - lock.stat().st_mtime
        except FileNotFoundError:
            age_seconds = 0
        if age_seconds < STALE_LOCK_SECONDS:
            return self._moved(expected)
        return Unavailable(
            f'{self._address} has been locked by {lock} for {age_seconds / 60:.0f} minutes.',
            f'Remove {lock} if no program is writing to the repository.',
        )


def _open(path: Path) -> Repo:
    try:
        next(path.iterdir(), None)  # a directory that may not be read is not one without a repository
        repo = Repo(path)
    except (FileNotFoundError, NotADirectoryError, NotGitRepository) as error:
        raise NotFound(str(path), occupied=path.exists()) from error
    except (UnsupportedVersion, UnsupportedExtension, InvalidWorktreeConfiguration) as error:
        raise Unsupported(str(path), 'it has a format that is not known here', 'Use an ordinary bare one.') from error
    reason, remedy = _unsupported(repo)
    if reason:
        repo.close()
        raise Unsupported(str(path), reason, remedy)
    repo.object_store.fsync_object_files = True
    return repo


def _unsupported(repo: Repo) -> tuple[str, str]:
    """Say why a repository cannot be used, and what to do instead; nothing if it can."""
    if not repo.bare or not repo.get_config().get_boolean((b'core',), b'bare', default=True):
        return 'it has a work tree, which would not follow its branch', 'Use a bare repository: `git clone --bare`.'
    if repo.object_format.name != 'sha1':
        return 'it names objects by SHA-256', 'Use a repository that names objects by SHA-1.'
    if not isinstance(repo.refs, DiskRefsContainer):
        return 'it keeps its branches as a reftable', 'Use a repository that keeps its branches as files.'
    return '', ''


@contextmanager
def _reporting(path: Path, permission: Literal['read', 'write'] = 'read') -> Iterator[None]:
    """Tell the faults of files and of dulwich in the words of this room."""
    address = str(path)
    try:
        yield
    except PermissionError as error:
        if permission == 'write':
            raise Forbidden(address, permission) from error
        raise Unavailable(f'{address} may not be read.', 'Let the account that runs NetBox read it.') from error
    except OSError as error:
        raise Unavailable(f'{address} cannot be used: {error.strerror or type(error).__name__}.') from error
    except (*DAMAGE, RefFormatError, SymrefLoop, StopIteration) as error:  # the last from an empty packed-refs file
        raise Unavailable(f'{address} is damaged.', DAMAGE_REMEDY) from error
