"""The contents of files by their names: one by one, many at once by GraphQL, or nearly all in one archive.

Every content is verified against its name, so that it does not matter what the way did to it: an archive leaves files
out and rewrites others at will (`.gitattributes`), and those are asked for again.
"""

import logging
import tarfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from itertools import batched
from typing import BinaryIO

import urllib3

from ..blobs import blob_id
from ..errors import RateLimited, RepositoryError, Unavailable
from ..objects import to_id
from .refusals import QueryRefused
from .transport import RAW, GitHubServer

__all__ = ('SINGLE_READS', 'Contents')

logger = logging.getLogger(__name__)

# Up to so many files one by one are cheaper than everything at once.
SINGLE_READS = 40

BLOBS_PER_QUERY = 100

# What an archive may unpack to; a repository of manifests is far below.
ARCHIVE_BYTES = 512 * 2**20
FILE_BYTES = 100 * 2**20

_TEXTS = 'query($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {objects} }} }}'

_MISSING = frozenset({404, 422})

# What a broken or altered archive raises, and a connection that breaks while it is read.
_BROKEN = (tarfile.TarError, zlib.error, EOFError, OSError, urllib3.exceptions.HTTPError)


class Contents:
    """The contents of one repository."""

    def __init__(self, server: GitHubServer) -> None:
        self._server = server

    def read(self, blobs: Collection[str], *, commit: str) -> dict[str, bytes]:
        """Return all the named contents; many are looked for first in the archive of a commit, if one is given."""
        found: dict[str, bytes] = {}
        wanted = dict.fromkeys(blobs)
        if len(wanted) > SINGLE_READS and commit:
            found |= self._from_archive(wanted, commit)
        missing = [blob for blob in wanted if blob not in found]
        if len(missing) > SINGLE_READS:
            found |= self._from_queries(missing)
        for blob in wanted:
            if blob not in found:
                found[blob] = self._single(blob)
        return found

    def _single(self, blob: str) -> bytes:
        if to_id(blob) is not None:
            answer = self._server.get(self._server.at(f'git/blobs/{blob}'), accept=RAW, allow=_MISSING)
            if answer.status not in _MISSING:
                if blob_id(answer.body) != blob:
                    raise Unavailable(f'{self._server.address} hands out the content {blob} altered.')
                return answer.body
        raise Unavailable(f'{self._server.address} does not hold the content {blob}.')

    def _from_archive(self, wanted: Collection[str], commit: str) -> dict[str, bytes]:
        """Return what an archive holds of the wanted contents: without one, nothing, as after any other fault of it."""
        found: dict[str, bytes] = {}
        try:
            with self._server.download(self._server.at(f'tarball/{commit}')) as stream:
                for data in _files(stream):
                    name = blob_id(data)
                    if name in wanted:
                        found[name] = data
                    if len(found) == len(wanted):
                        break
        except RateLimited:
            raise
        except _BROKEN as error:
            logger.warning('An archive of %s cannot be read: %s', self._server.address, self._server.sentence(error))
        except RepositoryError as error:
            logger.warning('%s', error)
        return found

    def _from_queries(self, wanted: Iterable[str]) -> dict[str, bytes]:
        """Return what GraphQL hands out as text; binary and large contents it does not."""
        found: dict[str, bytes] = {}
        try:
            for names in batched(filter(to_id, wanted), BLOBS_PER_QUERY):
                for text in self._texts(names):
                    data = text.encode('utf-8', 'replace')
                    found[blob_id(data)] = data
        except RateLimited:
            raise
        except (QueryRefused, RepositoryError) as error:  # not every server and token reaches GraphQL
            logger.info('Contents are read one by one: %s', error)
        return found

    def _texts(self, names: Iterable[str]) -> Iterator[str]:
        objects = ' '.join(f'b{name}: object(oid: "{name}") {{ ... on Blob {{ text }} }}' for name in names)
        owner, _, name = self._server.full_name.partition('/')
        found = self._server.query(_TEXTS.format(objects=objects), {'owner': owner, 'name': name})
        repository = found.get('repository')
        for blob in repository.values() if isinstance(repository, dict) else ():
            text = blob.get('text') if isinstance(blob, dict) else None
            if isinstance(text, str):
                yield text


def _files(stream: BinaryIO) -> Iterator[bytes]:
    """Read the files of an archive as they come; nothing is unpacked to disk, and links are not followed."""
    total = 0
    with tarfile.open(fileobj=stream, mode='r|gz') as archive:
        for member in archive:
            if not member.isreg() or member.size > FILE_BYTES:
                continue
            total += member.size
            if total > ARCHIVE_BYTES:
                return
            content = archive.extractfile(member)
            if content is not None:
                yield content.read()
