"""How to sign in to GitHub: with a token, or as a GitHub App that is handed short-lived ones."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, override

import jwt
import requests
from requests.auth import AuthBase

from ..errors import CredentialUnusable, Forbidden, Unavailable

if TYPE_CHECKING:
    from .transport import Answer

__all__ = ('AppKey', 'Bearer', 'Credential', 'InstallationTokens', 'ProcessTokens', 'Token', 'TokenCache')

# GitHub accepts ten minutes at most, and clocks differ.
ASSERTION_AGE = timedelta(seconds=60)
ASSERTION_LIFE = timedelta(minutes=9)

# A token is renewed so long before its end that a batch begun with it can be completed.
RENEWAL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Token:
    """A personal access token, or another one that is given from outside."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AppKey:
    """The private key (PEM) of a GitHub App, whose installation is looked up unless it is named.

    `app_id` is the App's number or its client id.
    """

    app_id: str
    private_key: str = field(repr=False)
    installation_id: int | None = None


type Credential = Token | AppKey


class Bearer(AuthBase):
    """Add a token to a request, or none; in either case keep `requests` from adding what a .netrc file holds."""

    def __init__(self, token: str = '') -> None:
        self._token = token

    @override
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers['Authorization'] = f'Bearer {self._token}'
        return request


class TokenCache(Protocol):
    """Where the tokens of installations are kept while they live. Keys hold nothing secret."""

    def get(self, key: str) -> tuple[str, datetime] | None:
        """Return a token and its end."""

    def put(self, key: str, token: str, expires: datetime) -> None:
        """Keep a token until its end, in the place of an earlier one."""


class ProcessTokens(TokenCache):
    """Tokens kept in the memory of this process."""

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[str, datetime]] = {}

    @override
    def get(self, key: str) -> tuple[str, datetime] | None:
        return self._tokens.get(key)

    @override
    def put(self, key: str, token: str, expires: datetime) -> None:
        self._tokens[key] = token, expires


class Ask(Protocol):
    """Ask something of the server as the App itself, and get every answer except those that are no answer at all."""

    def __call__(self, method: str, path: str, assertion: str, body: Mapping[str, Any] | None = None) -> 'Answer': ...


class InstallationTokens:
    """The tokens that a GitHub App gets for one repository (`owner/name`) on one server.

    `current_name` tells what the repository is called now, should it have been renamed.
    """

    def __init__(
        self,
        key: AppKey,
        repository: str,
        *,
        current_name: Callable[[], str],
        api_url: str,
        cache: TokenCache,
        ask: Ask,
        refuse: Callable[['Answer'], Exception],
        now: Callable[[], datetime],
    ) -> None:
        self._key = key
        self._repository = repository
        self._current_name = current_name
        self._api_url = api_url
        self._cache = cache
        self._ask = ask
        self._refuse = refuse
        self._now = now

    def token(self, *, renew: bool = False) -> str:
        """Return a token that lives some minutes more; `renew` when the server has refused the one returned last."""
        kept = None if renew else self._cache.get(self._cache_key)
        if kept is not None and self._now() < kept[1] - RENEWAL:
            return kept[0]
        token, expires = self._request()
        self._cache.put(self._cache_key, token, expires)
        return token

    @property
    def account(self) -> str:
        """Say who asks: the same for all tokens that follow each other."""
        return '\0'.join((self._key.app_id, str(self._key.installation_id or ''), self._repository.lower()))

    @property
    def _cache_key(self) -> str:
        # The key's digest is part of the name, so that another App's key, or none, is of no use with a shared cache.
        parts = (
            self._api_url,
            self._repository.lower(),
            self._key.app_id,
            str(self._key.installation_id or ''),
            self._key.private_key,
        )
        return hashlib.sha256('\0'.join(parts).encode()).hexdigest()

    def _request(self) -> tuple[str, datetime]:
        assertion = self._assertion()
        installation = self._key.installation_id or self._installation(assertion)
        answer = self._ask(
            'POST',
            f'/app/installations/{installation}/access_tokens',
            assertion,
            {'repositories': [self._current_name().rpartition('/')[2]]},
        )
        if answer.status == 422:
            raise self._not_installed()
        if answer.status != 201:
            raise self._refuse(answer)
        try:
            found = answer.json()
            return str(found['token']), datetime.fromisoformat(found['expires_at'])
        except (LookupError, TypeError, ValueError):
            # Without the cause: what could not be read may hold the token.
            raise Unavailable(f'{self._api_url} answered the request for a token with something else.') from None

    def _installation(self, assertion: str) -> int:
        answer = self._ask('GET', f'/repos/{self._current_name()}/installation', assertion)
        if answer.status == 404:
            raise self._not_installed()
        if answer.status != 200:
            raise self._refuse(answer)
        try:
            return int(answer.json()['id'])
        except (LookupError, TypeError, ValueError) as error:
            raise Unavailable(f'{self._api_url} does not name the installation of the App.') from error

    def _not_installed(self) -> Forbidden:
        return Forbidden(
            self._repository, 'read', needs='the installation of the GitHub App on this repository, under this name'
        )

    def _assertion(self) -> str:
        issued = self._now() - ASSERTION_AGE
        claims = {
            'iat': int(issued.timestamp()),
            'exp': int((issued + ASSERTION_LIFE).timestamp()),
            'iss': self._key.app_id,
        }
        try:
            return jwt.encode(claims, self._key.private_key, algorithm='RS256')
        except (jwt.PyJWTError, TypeError, ValueError):
            # Without the cause: its words may repeat parts of the key.
            reason = 'The private key of the GitHub App cannot be used.'
            raise CredentialUnusable(reason, 'Give the key as GitHub made it: a PEM file of an RSA key.') from None
