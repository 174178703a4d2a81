"""dulwich's client for Git over HTTP, with every refusal of the server told in the words of this room."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import TYPE_CHECKING, Literal, override

import urllib3
from dulwich.client import Urllib3HttpGitClient
from dulwich.errors import GitProtocolError

from .errors import Forbidden, NotFound, RateLimited, RepositoryError, Unauthorized, Unavailable, Unsupported

if TYPE_CHECKING:
    from dulwich.client import HTTPResponse  # a protocol that exists for type checkers only

__all__ = ('HttpClient', 'Refused')

REFUSAL_BYTES = 1000

type Read = Callable[[int], bytes]


class Refused(Exception):
    """The server answered a request for objects with a sentence instead of the objects."""


class HttpClient(Urllib3HttpGitClient):
    """Git over HTTP to one repository.

    Connections are tried once: who calls knows better whether and when to try again. Credentials go to the origin of
    the URL only, as dulwich sees to.
    """

    def __init__(self, url: str, *, timeout_seconds: float, username: str | None, password: str | None) -> None:
        # Neither configuration files nor thin packs: nothing of this machine's or of an earlier fetch is used.
        super().__init__(
            url, timeout=timeout_seconds, thin_packs=False, quiet=True, username=username, password=password
        )
        self.pool_manager.connection_pool_kw['retries'] = urllib3.Retry(
            total=None, connect=0, read=0, status=0, other=0, redirect=3
        )
        self._url = url
        self._timeout_seconds = timeout_seconds
        self._presented = username is not None

    @override
    def _http_request(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        data: bytes | Iterator[bytes] | None = None,
        raise_for_status: bool = True,
    ) -> 'tuple[HTTPResponse, Read]':
        try:
            response, read = super()._http_request(url, headers, data, raise_for_status=False)
        except GitProtocolError as error:
            raise self.unreachable(error.__cause__ or error) from error
        if response.status != 200:
            response.close()
            raise self._refusal(response, 'write' if 'git-receive-pack' in url else 'read')
        if data is None and not (response.content_type or '').startswith('application/x-git-'):
            response.close()
            raise Unsupported(
                self._url, 'it does not answer as a Git server does', 'Check the address: it may be that of a web page.'
            )
        return response, _after_refusal(read) if url.endswith('/git-upload-pack') else read

    @staticmethod
    @override
    def _warn_filter_objects() -> None:
        """Say nothing: a server without filters sends more than was asked for, at every fetch, and all is well."""

    def unreachable(self, error: BaseException) -> Unavailable:
        """Say why a server could not be talked to, or why the talk broke off."""
        match getattr(error, 'reason', None) or error:
            case urllib3.exceptions.SSLError() as fault:
                remedy = 'Have the authority that issued its certificate trusted on this machine.'
                return Unavailable(f'The connection to {self._url} is not secure: {fault}', remedy)
            case urllib3.exceptions.NameResolutionError():
                return Unavailable(f'The host of {self._url} is not known.', 'Check the address and the name service.')
            case urllib3.exceptions.NewConnectionError():
                return Unavailable(f'{self._url} accepts no connection.')
            case TimeoutError() | urllib3.exceptions.TimeoutError():
                return Unavailable(f'{self._url} did not answer within {self._timeout_seconds:g} seconds.')
            case fault:
                return Unavailable(f'The connection to {self._url} broke: {fault}')

    def _refusal(self, response: 'HTTPResponse', permission: Literal['read', 'write']) -> RepositoryError:
        wait = response.headers.get('Retry-After')
        match response.status:
            case 429:
                return RateLimited(self._url, _until(wait))
            case 403 if wait:
                return RateLimited(self._url, _until(wait))
            case 401:
                return Unauthorized(self._url, presented=self._presented)
            case 403:
                return Forbidden(self._url, permission)
            case 404 | 410:
                return NotFound(self._url)
            case status:
                return Unavailable(f'{self._url} answered with the HTTP status {status}.', status=status)


def _after_refusal(read: Read) -> Read:
    """Let the answer be read, unless it begins with a refusal, whose words dulwich would not let us see."""
    start = read(8)
    if start[4:] == b'ERR ':
        raise Refused(read(REFUSAL_BYTES).decode('utf-8', 'replace').strip())
    ahead = BytesIO(start)

    def read_on(size: int) -> bytes:
        data = ahead.read(size)
        return data + read(size - len(data)) if len(data) < size else data

    return read_on


def _until(wait: str | None) -> datetime | None:
    """Read a Retry-After header: seconds from now, or a date."""
    if wait is None:
        return None
    try:
        if wait.isdecimal():
            return datetime.now(UTC) + timedelta(seconds=int(wait))
        return parsedate_to_datetime(wait).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
