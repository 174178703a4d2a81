"""Who we are to a Git server: the credential of a repository, and the budget that goes with it."""

import os
from dataclasses import dataclass

from ..models import GitRepository
from ..models.credential import variable_is_allowed
from ..repositories import CredentialUnusable, LocalAddress
from ..repositories.github import AppKey, Token

__all__ = ('Access', 'access_to')

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

    The variable is for that host only, and a credential for its own: a repository elsewhere must not get either.
    Raises `CredentialUnusable`.
    """
    credential, address = repository.credential, repository.address
    if isinstance(address, LocalAddress):
        return Access(None, '', 'no credential is needed')
    if credential:
        if credential.host != address.host:
            reason = f'The credential {credential.name} is for {credential.host} and is not sent to {address.host}.'
            raise CredentialUnusable(reason, 'Give the repository a credential for its server.')
        return Access(
            credential.resolve(), f'credential:{credential.pk}', f'credential {credential.name}', credential.username
        )
    fallback = os.environ.get(FALLBACK, '').strip()
    if fallback and address.host == FALLBACK_HOST and variable_is_allowed(FALLBACK):
        return Access(Token(fallback), f'environment:{FALLBACK}', f'environment variable {FALLBACK}')
    return Access(None, f'anonymous:{address.host}', 'no credential')
