"""Who we are to a Git server: the credential of a repository, and the budget that goes with it."""

import os
from dataclasses import dataclass

from ..models import GitRepository
from ..models.credential import variable_is_allowed
from ..repositories import CredentialUnusable, LocalAddress, RemoteAddress
from ..repositories.github import AppKey, Token

__all__ = ('Access', 'access_to', 'budget_key')

FALLBACK = 'GITHUB_TOKEN'
FALLBACK_HOST = 'github.com'


@dataclass(frozen=True, slots=True)
class Access:
    """A credential, if there is one; `key` names its budget, `source` says to people where it comes from."""

    credential: Token | AppKey | None
    key: str
    source: str
    username: str = ''


def access_to(repository: GitRepository) -> Access:
    """Return how a repository is to be reached: with its own credential, or else with GITHUB_TOKEN on github.com.

    The variable is for that host only, and a credential for its own: a repository elsewhere must not get either, and
    neither travels in the clear. Raises `CredentialUnusable`.
    """
    credential, address, key = repository.credential, repository.address, budget_key(repository)
    if isinstance(address, LocalAddress):
        return Access(None, key, 'no credential is needed')
    if credential:
        if credential.host != address.host:
            reason = f'The credential {credential.name} is for {credential.host} and is not sent to {address.host}.'
            raise CredentialUnusable(reason, 'Give the repository a credential for its server.')
        _require_private_way(address, f'credential {credential.name}')
        return Access(credential.resolve(), key, f'credential {credential.name}', credential.username)
    fallback = _fallback(address)
    if fallback:
        _require_private_way(address, f'environment variable {FALLBACK}')
        return Access(Token(fallback), key, f'environment variable {FALLBACK}')
    return Access(None, key, 'no credential')


def budget_key(repository: GitRepository) -> str:
    """Return the name of the budget that a repository's requests count in; no secret is read for it."""
    address = repository.address
    if isinstance(address, LocalAddress):
        return ''
    if repository.credential_id:
        return f'credential:{repository.credential_id}'
    return f'environment:{FALLBACK}' if _fallback(address) else f'anonymous:{address.host}'


def _fallback(address: RemoteAddress) -> str:
    if address.host != FALLBACK_HOST or not variable_is_allowed(FALLBACK):
        return ''
    return os.environ.get(FALLBACK, '').strip()


def _require_private_way(address: RemoteAddress, source: str) -> None:
    if not address.is_private_way:
        reason = f'The {source} is not sent to {address}, where everybody on the way could read it.'
        raise CredentialUnusable(reason, 'Begin the address of the repository with https://.')
