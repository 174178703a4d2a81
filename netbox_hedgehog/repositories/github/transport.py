"""One GitHub server as one credential sees it: requests go out, answers or refusals come back.

Nothing is tried again here, except what GitHub itself asks for: a new token for an expired one, and the new name of a
repository that was renamed. Redirects are never followed with the token, and never to where the configuration does not
lead. URLs are built from the configuration, not from answers.
"""

import hashlib
import json
import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, cast
from urllib.parse import quote, urlencode, urljoin, urlsplit

import requests
import urllib3

from ..errors import CredentialUnusable, RateLimited, RepositoryError, Unavailable
from .credentials import AppKey, Bearer, Credential, InstallationTokens, ProcessTokens, TokenCache
from .downloads import MOST_REDIRECTS, REDIRECTS, follow_download
from .ledger import Ledger, Spending, Unlimited, seconds_to_wait
from .refusals import AMBIGUOUS, AnswerLost, QueryRefused, is_limited, is_query_limited, refusal, sentence

__all__ = ('API_VERSION', 'JSON', 'RAW', 'Answer', 'GitHubServer')

logger = logging.getLogger(__name__)

JSON = 'application/vnd.github+json'
RAW = 'application/vnd.github.raw+json'
API_VERSION = '2022-11-28'
USER_AGENT = 'netbox-hedgehog'

CONNECT_SECONDS = 10

# GitHub hands out files of 100 MB at most.
ANSWER_BYTES = 128 * 2**20
PIECE_BYTES = 2**16


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said; the names of headers are found in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Decode the body, or raise `Unavailable` if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Unavailable('The answer of the server is not JSON.', status=self.status) from error


@dataclass(frozen=True, slots=True)
class _Question:
    """A request, before a token is added to it."""

    method: str
    url: str
    spending: Spending
    resource: str = 'core'
    accept: str = JSON
    etag: str = ''
    body: bytes | None = None
    further_writes: int = 0

    @property
    def is_write(self) -> bool:
        return self.spending in (Spending.WRITE, Spending.MUTATION)


class GitHubServer:
    """A GitHub server, asked about one repository (`owner/name`) with one credential.

    Paths are relative to the root of the API. Where GitHub says that the repository was renamed, the paths that begin
    with its old name go to the new one from then on, and `full_name` is the new name.
    """

    def __init__(
        self,
        api_url: str,
        graphql_url: str,
        credential: Credential,
        *,
        repository: str,
        address: str = '',
        full_name: str = '',
        ledger: Ledger | None = None,
        token_cache: TokenCache | None = None,
        timeout_seconds: float = 60,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.address = address or f'{api_url}/repos/{repository}'
        self.repository = repository
        self.full_name = full_name or repository
        self.now = now
        self.pause = pause
        self._api_url = api_url
        self._graphql_url = graphql_url
        self._timeout_seconds = timeout_seconds
        self._ledger = ledger or Unlimited(now)
        self._session = requests.Session()
        self._session.headers.update({'User-Agent': USER_AGENT, 'X-GitHub-Api-Version': API_VERSION})
        self._secrets: list[str] = []
        self._tokens: InstallationTokens | None = None
        if isinstance(credential, AppKey):
            self._secrets.append(credential.private_key)
            self._tokens = InstallationTokens(
                credential,
                repository,
                current_name=lambda: self.full_name,
                api_url=api_url,
                cache=token_cache or ProcessTokens(),
                ask=self._ask_as_app,
                refuse=self.refused,
                now=now,
            )
        else:
            self._token = credential.value.strip()
            self._secrets.append(self._token)

    @property
    def api_url(self) -> str:
        """The root of the REST API."""
        return self._api_url

    def scope(self, path: str, accept: str = JSON) -> str:
        """Return a digest of what an entity tag is good for: who asks for what, and how.

        The tokens of an App follow each other by the hour, and each sees the same. Should the server's tags differ by
        token, then the answer comes in full; it is never taken for unchanged when it is not.
        """
        account = self._tokens.account if self._tokens else self._current_token(renew=False)
        parts = (self._url(path), account, accept, API_VERSION)
        return hashlib.sha256('\0'.join(parts).encode()).hexdigest()

    def at(self, path: str) -> str:
        """Return the path of something in the repository."""
        return f'/repos/{self.repository}/{path}' if path else f'/repos/{self.repository}'

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        accept: str = JSON,
        etag: str = '',
        allow: frozenset[int] = frozenset(),
    ) -> Answer:
        """Read something; with an entity tag the answer may be 304, which costs nothing.

        A status of 400 or more that is not in `allow` is raised as the error that it means.
        """
        spending = Spending.FREE if path == '/rate_limit' else Spending.READ
        question = _Question('GET', self._url(path, params), spending, accept=accept, etag=etag)
        return self._require(question, self._ask_patiently(question), allow)

    def write(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any],
        *,
        allow: frozenset[int] = frozenset(),
        further_writes: int = 0,
    ) -> Answer:
        """Write something, as `get` reads; raise `AnswerLost` if it is not known whether it was done.

        Routes that take no body get none: `body` is empty for them.
        """
        data = json.dumps(body, separators=(',', ':')).encode() if body else None
        question = _Question(method, self._url(path), Spending.WRITE, body=data, further_writes=further_writes)
        return self._require(question, self._ask_patiently(question), allow)

    def query(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return what GraphQL finds, or raise `QueryRefused` with its errors."""
        return self._graphql(document, variables, Spending.QUERY, 0)

    def mutate(self, document: str, variables: Mapping[str, Any], *, further_writes: int = 0) -> dict[str, Any]:
        """Have GraphQL change something, as `query` reads; raise `AnswerLost` if it is not known whether it did."""
        return self._graphql(document, variables, Spending.MUTATION, further_writes)

    @contextmanager
    def download(self, path: str) -> Iterator[BinaryIO]:
        """Stream a file that the API hands out by redirecting to another host, which never sees the token."""
        question = _Question('GET', self._url(path), Spending.READ)
        answer = self._require(question, self._ask_patiently(question, follow=False))
        url = answer.headers.get('location', '')
        response = follow_download(
            self._session,
            urljoin(self._api_url, url),
            api_url=self._api_url,
            timeout=(CONNECT_SECONDS, self._timeout_seconds),
        )
        try:
            # requests does not say what a streamed body is; it is the file-like answer of urllib3.
            yield cast('BinaryIO', response.raw)
        finally:
            response.close()

    def refused(self, answer: Answer, *, branch: str = '', is_write: bool = True) -> RepositoryError:
        """Return the error that an answer amounts to, for statuses that were allowed and yet refuse."""
        return refusal(
            answer,
            address=self.address,
            branch=branch,
            permission='write' if is_write else 'read',
            secrets=self._secrets,
        )

    def sentence(self, text: object) -> str:
        """Bring the words of the server into one line that holds no secret."""
        return sentence(text, self._secrets)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _graphql(
        self, document: str, variables: Mapping[str, Any], spending: Spending, further_writes: int
    ) -> dict[str, Any]:
        body = json.dumps({'query': document, 'variables': variables}, separators=(',', ':')).encode()
        question = _Question(
            'POST', self._graphql_url, spending, resource='graphql', body=body, further_writes=further_writes
        )
        answer = self._require(question, self._ask_patiently(question))
        found = answer.json()
        errors = found.get('errors') if isinstance(found, dict) else [{'message': 'no answer'}]
        if errors:
            errors = [error for error in errors if isinstance(error, dict)]
            kinds = [str(error.get('type', '')) for error in errors]
            raise QueryRefused(kinds, self.sentence(' '.join(str(error.get('message', '')) for error in errors)))
        data = found.get('data')
        return data if isinstance(data, dict) else {}

    def _ask_patiently(self, question: _Question, *, follow: bool = True) -> Answer:
        """Ask, once more with a new token or at the new name where that is what the answer calls for."""
        answer = self._ask(question)
        if answer.status == 401 and self._tokens is not None:
            answer = self._ask(question, renew=True)
        if follow and answer.status in REDIRECTS:
            answer = self._ask(self._at_new_name(question, answer))
            if answer.status in REDIRECTS:
                raise self._astray(answer)
        return answer

    def _ask(self, question: _Question, *, renew: bool = False) -> Answer:
        seconds = self._ledger.admit(question.spending, further_writes=question.further_writes)
        if seconds > 0:
            self.pause(seconds)
        answer = self._send(question, self._current_token(renew=renew))
        limited = is_limited(answer) or (question.url == self._graphql_url and is_query_limited(answer))
        until = self._ledger.note(
            answer.status,
            _lowered(answer),
            limited=limited,
            resource=answer.headers.get('x-ratelimit-resource', question.resource),
        )
        if limited:
            raise RateLimited(self.address, until)
        return answer

    def _ask_as_app(self, method: str, path: str, assertion: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Ask as the App itself, whose limits are not those of its installations and in no account."""
        data = json.dumps(body).encode() if body is not None else None
        # Not a write: asking twice for a token does no harm.
        answer = self._send(_Question(method, self._url(path), Spending.FREE, body=data), assertion)
        if is_limited(answer):
            now = self.now()
            seconds = seconds_to_wait(_lowered(answer), now.timestamp())
            raise RateLimited(self.address, now + timedelta(seconds=seconds))
        return answer

    def _current_token(self, *, renew: bool) -> str:
        if self._tokens is None:
            if not (self._token.isascii() and self._token.isprintable()):
                # What cannot be sent would be quoted in the error of whoever tried.
                reason = 'The token holds characters that no token has.'
                raise CredentialUnusable(reason, 'Enter the token again, without anything around it.')
            return self._token
        token = self._tokens.token(renew=renew)
        if token not in self._secrets:
            self._secrets.append(token)
        return token

    def _require(self, question: _Question, answer: Answer, allow: frozenset[int] = frozenset()) -> Answer:
        if answer.status >= 400 and answer.status not in allow:
            raise self.refused(answer, is_write=question.is_write)
        return answer

    def _send(self, question: _Question, token: str) -> Answer:
        """Send one request, and make an answer of whatever comes back."""
        headers = {'Accept': question.accept}
        if question.etag:
            headers['If-None-Match'] = question.etag
        if question.body is not None:
            headers['Content-Type'] = 'application/json'
        try:
            with self._session.request(
                question.method,
                question.url,
                data=question.body,
                headers=headers,
                auth=Bearer(token),
                timeout=(CONNECT_SECONDS, self._timeout_seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                answer = Answer(response.status_code, response.headers, self._body(response))
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            reason, sent = self._unreachable(error)
            raise self._lost(question, reason, sent=sent) from error
        logger.debug(
            '%s %s: %s (request %s)',
            question.method,
            urlsplit(question.url).path,
            answer.status,
            answer.headers.get('x-github-request-id', 'without number'),
        )
        if question.is_write and answer.status in AMBIGUOUS:
            raise self._lost(question, _as_unavailable(self.refused(answer)), sent=True)
        if answer.status < 300 and answer.headers.get('content-type', '').startswith('text/html'):
            remedy = 'Check the address, and the proxies on the way: what answers is not the API of GitHub.'
            page = Unavailable(f'{self.address} answered with a page for people.', remedy, status=answer.status)
            raise self._lost(question, page, sent=True)
        return answer

    def _body(self, response: requests.Response) -> bytes:
        body = bytearray()
        for piece in response.iter_content(PIECE_BYTES):
            body += piece
            if len(body) > ANSWER_BYTES:
                raise Unavailable(f'{self.address} sends more than {ANSWER_BYTES // 2**20} MiB at once.')
        return bytes(body)

    def _lost(self, question: _Question, reason: Unavailable, *, sent: bool) -> Exception:
        return AnswerLost(reason) if question.is_write and sent else reason

    def _unreachable(self, error: Exception) -> tuple[Unavailable, bool]:
        """Say why the server could not be talked to, and whether the request may have reached it."""
        match error:
            case requests.exceptions.SSLError() if _is_certificate_refused(error):
                remedy = 'Have the authority that issued its certificate trusted on this machine.'
                reason = f'The connection to {self.address} is not secure: {self.sentence(error)}'
                return Unavailable(reason, remedy), False
            case requests.exceptions.ProxyError():
                return Unavailable(f'The proxy on the way to {self.address} does not let through.'), False
            case requests.exceptions.ConnectTimeout():
                return Unavailable(f'{self.address} accepted no connection within {CONNECT_SECONDS} seconds.'), False
            case requests.exceptions.Timeout():
                return Unavailable(f'{self.address} did not answer within {self._timeout_seconds:g} seconds.'), True
        cause = getattr(error.args[0], 'reason', None) if error.args else None
        if isinstance(cause, urllib3.exceptions.NameResolutionError):
            remedy = 'Check the address and the name service.'
            return Unavailable(f'The host of {self.address} is not known.', remedy), False
        if isinstance(cause, urllib3.exceptions.NewConnectionError):
            return Unavailable(f'{self.address} accepts no connection.'), False
        return Unavailable(f'The connection to {self.address} broke: {self.sentence(error)}'), True

    def _url(self, path: str, params: Mapping[str, str | int] | None = None) -> str:
        old, new = f'/repos/{self.repository}', f'/repos/{self.full_name}'
        if new != old and (path == old or path.startswith(f'{old}/')):
            path = new + path.removeprefix(old)
        url = self._api_url + quote(path, safe="/:@!$&'()*+,;=~", errors='replace')
        if params:
            url += '?' + urlencode(params, safe='/', errors='replace')
        return url

    def _at_new_name(self, question: _Question, answer: Answer) -> _Question:
        """Find out what the repository is called now, and put the same question to it."""
        before = self._url(self.at(''))
        if not question.url.startswith(before):
            raise self._astray(answer)
        self._same_server(before, answer)
        url = before
        for _ in range(MOST_REDIRECTS):  # the old name leads to the repository's number
            moved = self._ask(_Question('GET', url, Spending.READ))
            if moved.status not in REDIRECTS:
                break
            url = self._same_server(before, moved)
        found = self._require(question, moved).json()
        name = found.get('full_name') if isinstance(found, dict) else None
        if not isinstance(name, str) or name.count('/') != 1:
            raise self._astray(answer)
        logger.warning('The repository %s is called %s now.', self.full_name, name)
        self.full_name = name
        rest = question.url.removeprefix(before)
        return _Question(
            question.method,
            self._url(self.at('')) + rest,
            question.spending,
            resource=question.resource,
            accept=question.accept,
            body=question.body,
            further_writes=question.further_writes,
        )

    def _same_server(self, base: str, answer: Answer) -> str:
        """Return where a redirect leads, if it stays on this server: the token goes nowhere else."""
        url = urljoin(base, answer.headers.get('location', ''))
        if urlsplit(url)[:2] != urlsplit(self._api_url)[:2]:
            raise self._astray(answer)
        return url

    def _astray(self, answer: Answer) -> Unavailable:
        host = urlsplit(urljoin(self._api_url, answer.headers.get('location', ''))).netloc
        return Unavailable(
            f'{self.address} redirects to {self.sentence(host)}, where nothing is sent to.',
            'Check the address: give the one at which the repository is today.',
            status=answer.status,
        )


def _lowered(answer: Answer) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


def _as_unavailable(error: RepositoryError) -> Unavailable:
    return error if isinstance(error, Unavailable) else Unavailable(error.message, error.remedy)


def _is_certificate_refused(error: Exception) -> bool:
    """Tell whether the handshake ended over the server's certificate, before anything was sent.

    Every other error of TLS may as well come after that. requests and urllib3 wrap the error of the system, and keep it
    as the reason or as the first argument.
    """
    inner: object = error
    while isinstance(inner, Exception):
        if isinstance(inner, ssl.SSLCertVerificationError):
            return True
        inner = getattr(inner, 'reason', None) or next(iter(inner.args), None)
    return False
