"""Open the repository that an address names."""

from .address import Address, LocalAddress
from .git_bare import BareRepository
from .git_remote import RemoteRepository
from .protocol import Repository

__all__ = ('open_repository',)


def open_repository(
    address: Address,
    branch: str,
    *,
    timeout_seconds: float = 30,
    username: str | None = None,
    password: str | None = None,
) -> Repository:
    """Open one branch of a repository; a server is not contacted before something is asked of it.

    `timeout_seconds` limits the silence of a server, and the credentials are for a server: a directory needs neither.
    """
    if isinstance(address, LocalAddress):
        return BareRepository(address.path, branch)
    return RemoteRepository(address.url, branch, timeout_seconds=timeout_seconds, username=username, password=password)
