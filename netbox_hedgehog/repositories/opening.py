"""Open the repository that an address names."""

from .address import Address, LocalAddress
from .git_bare import BareRepository
from .git_remote import RemoteRepository
from .github.access import GitHubAccess
from .github.repository import GitHubRepository
from .protocol import Repository

__all__ = ('open_repository',)


def open_repository(
    address: Address,
    branch: str,
    *,
    timeout_seconds: float = 30,
    username: str | None = None,
    password: str | None = None,
    github: GitHubAccess | None = None,
) -> Repository:
    """Open one branch of a repository; a server is not contacted before something is asked of it.

    `timeout_seconds` limits the silence of a server, and the credentials are for a server: a directory needs neither.
    With `github` the server is asked by GitHub's API, and by Git's own protocol without.
    """
    if isinstance(address, LocalAddress):
        return BareRepository(address.path, branch)
    if github is not None:
        return GitHubRepository.at(address, branch, github, timeout_seconds=timeout_seconds)
    return RemoteRepository(address.url, branch, timeout_seconds=timeout_seconds, username=username, password=password)
