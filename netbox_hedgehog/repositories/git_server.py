"""The three things that a Git server is asked: where its references stand, for objects, and to take a commit."""

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass

import urllib3
from dulwich.errors import GitProtocolError, SendPackError
from dulwich.object_store import MemoryObjectStore, ObjectStoreGraphWalker
from dulwich.objects import ObjectID, ShaFile
from dulwich.pack import UnpackedObject, pack_objects_to_data
from dulwich.refs import HEADREF, Ref

from .branches import branch_name
from .errors import HeadMoved, Unavailable, Unsupported
from .git_http import HttpClient, Refused
from .objects import DAMAGE, to_id

__all__ = ('AnswerLost', 'GitServer', 'Objection', 'References')

# More than that in one answer is not a repository of manifests, and would be held in memory several times over.
FETCH_BYTES = 128 * 2**20

# How much of what a server says is passed on to people.
SENTENCE_LETTERS = 500


class AnswerLost(Exception):
    """The server was told to move a branch, and it is not known whether it did."""


@dataclass(frozen=True, slots=True)
class References:
    """Where references stand, and the branch that HEAD names if HEAD was asked for."""

    commits: Mapping[Ref, str]
    default_branch: str | None


@dataclass(frozen=True, slots=True)
class Objection:
    """What a server says instead of moving a branch: its status for the branch, and all its words to people."""

    status: str
    sentence: str


class GitServer:
    """One repository on a server that speaks Git's smart HTTP protocol."""

    def __init__(self, url: str, *, timeout_seconds: float, username: str | None, password: str | None) -> None:
        self._url = url
        self._client = HttpClient(url, timeout_seconds=timeout_seconds, username=username, password=password)

    def references(self, *prefixes: bytes) -> References:
        """List the references whose names begin with one of the prefixes."""
        try:
            with self._talking():
                answer = self._client.get_refs('', ref_prefix=prefixes)
                self._require_sha1(answer.object_format)
                commits = {ref: sha.decode('ascii') for ref, sha in answer.refs.items() if sha}
        except Refused as error:
            raise Unavailable(f'{self._url} refuses: {error}') from error
        if not all(map(to_id, commits.values())):
            raise self._senseless()
        return References(commits, branch_name(answer.symrefs.get(HEADREF)))

    def fetch(
        self, store: MemoryObjectStore, names: Sequence[ObjectID], *, depth: int | None = None, leave_out: str = ''
    ) -> Set[ObjectID]:
        """Put objects, and what they need, into a store; return the commits at which history was cut off.

        `leave_out` is one of Git's object filters. A server without filters sends everything. Raises `Refused` if the
        server does not have an object, or does not hand it out by name.
        """
        pack, finish, abandon = store.add_pack()
        received = 0

        def receive(data: bytes) -> int:
            nonlocal received
            received += len(data)
            if received > FETCH_BYTES:
                remedy = 'Allow filters on the server (uploadpack.allowFilter), or keep large files elsewhere.'
                raise Unavailable(f'{self._url} sends more than {FETCH_BYTES // 2**20} MiB at once.', remedy)
            return pack.write(data)

        try:
            with self._talking():
                result = self._client.fetch_pack(
                    '',
                    lambda refs, depth=None: list(names),
                    ObjectStoreGraphWalker([], lambda name: []),
                    receive,
                    depth=depth,
                    ref_prefix=[b'HEAD'],
                    filter_spec=leave_out.encode('ascii') or None,
                )
                self._require_sha1(result.object_format)
                finish()
        finally:
            abandon()  # closes the spool file, also after finish()
        return result.new_shallow or frozenset()

    def push(
        self, ref: Ref, objects: Sequence[ShaFile], *, expected: ObjectID | None, new: ObjectID
    ) -> Objection | None:
        """Move a branch from the expected commit to a new one; return the server's objection, if it states one.

        No objection is no proof. Raises `HeadMoved` if the server advertises another commit, and then nothing was
        sent; raises `AnswerLost` if the talk broke off after that.
        """
        sent = False
        said: list[bytes] = []

        def update(advertised: Mapping[Ref, ObjectID]) -> dict[Ref, ObjectID]:
            # dulwich sends what is advertised now as the commit to replace. Without this guard, a push built on an
            # older one would replace the newer one. The server itself guards the time from now on.
            nonlocal sent
            found = advertised.get(ref)
            if found not in (expected, new):
                raise HeadMoved(
                    branch_name(ref) or '',
                    expected=expected.decode() if expected else None,
                    found=found.decode() if found else None,
                )
            sent = True
            return {ref: new}

        def pack(
            have: Set[ObjectID], want: Set[ObjectID], *, ofs_delta: bool = False, progress: object = None
        ) -> tuple[int, Iterator[UnpackedObject]]:
            return pack_objects_to_data(objects, ofs_delta=ofs_delta)

        try:
            with self._talking():
                result = self._client.send_pack('', update, pack, progress=said.append)
        except SendPackError as error:
            raise Unavailable(f'{self._url} could not store the commit: {_sentence(error.args[0])}') from error
        except Unavailable as error:
            if not sent or (error.status and error.status < 500):
                raise
            raise AnswerLost from error
        status = (result.ref_status or {}).get(ref)
        return Objection(status, _sentence(f'{status}. {_sentence(b"".join(said))}')) if status else None

    def close(self) -> None:
        """Close the connections."""
        self._client.pool_manager.clear()

    def _require_sha1(self, object_format: str | None) -> None:
        if object_format not in (None, 'sha1'):
            raise Unsupported(self._url, 'it names objects by SHA-256', 'Use a repository that names objects by SHA-1.')

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """Tell the faults of a talk in the words of this room, except those that the caller decides about."""
        try:
            yield
        except SendPackError:
            raise
        except urllib3.exceptions.HTTPError as error:
            raise self._client.unreachable(error) from error
        except GitProtocolError as error:
            raise Unavailable(f'The talk with {self._url} broke off: {_sentence(error)}') from error
        except DAMAGE as error:
            raise self._senseless() from error

    def _senseless(self) -> Unavailable:
        return Unavailable(f'The answer of {self._url} makes no sense.')


def _sentence(text: object) -> str:
    """Bring what a server says into one line of bounded length."""
    words = text.decode('utf-8', 'replace') if isinstance(text, bytes) else str(text)
    return ' '.join(words.split())[:SENTENCE_LETTERS]
