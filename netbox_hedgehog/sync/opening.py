"""Opening the repository of a fabric with its credential, its budget and the administrator's settings."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep as pause
from typing import TypeGuard, override

from django.utils import timezone
from netbox.plugins import get_plugin_config

from ..models import AuthorshipChoices, BranchState, FabricState, GitRepository, HedgehogFabric, InstallationToken
from ..models.secrets import SecretUnreadable, decrypt, encrypt
from ..repositories import (
    Address,
    InvalidChange,
    LocalAddress,
    RemoteAddress,
    Repository,
    Unauthorized,
    Unsupported,
    create_bare,
    open_repository,
)
from ..repositories.github import BranchMemory, Credential, GitHubAccess, GitHubServer, Token, TokenCache, api_of
from .access import Access, access_to, budget_key
from .ledger import DatabaseLedger

__all__ = ('github_server', 'ledger_for', 'look_at_fabric', 'open_fabric', 'open_git')


def ledger_for(repository: GitRepository, *, for_people: bool) -> DatabaseLedger:
    """Return the budget of a repository's credential; what is `for_people` may use the reserve."""
    return DatabaseLedger(budget_key(repository), str(repository.address), for_people=for_people)


@contextmanager
def open_fabric(fabric: HedgehogFabric, ledger: DatabaseLedger) -> Iterator[Repository]:
    """Open the fabric's branch to read and write it; raises `RepositoryError`.

    A local repository that does not exist is created, but only where no fabric of it has ever synchronised: one that
    vanished is a fault to report, not an empty one to begin again.
    """
    address = fabric.repository.address
    if _is_to_be_created(address, fabric):
        # Another worker may have been faster: then it is there.
        with suppress(InvalidChange):
            create_bare(address.path, fabric.branch)
    with _open(fabric, address, ledger) as repository:
        yield repository


@contextmanager
def look_at_fabric(fabric: HedgehogFabric, ledger: DatabaseLedger) -> Iterator[Repository]:
    """Open the fabric's branch to look at it only: for a repository that would be created, an empty one stands in."""
    address = fabric.repository.address
    with TemporaryDirectory() as directory:
        if _is_to_be_created(address, fabric):
            address = LocalAddress(Path(directory).resolve() / 'empty.git')
            create_bare(address.path, fabric.branch)
        with _open(fabric, address, ledger) as repository:
            yield repository


def github_server(repository: GitRepository, ledger: DatabaseLedger | None = None) -> GitHubServer:
    """Return the GitHub API behind a repository, for what is no concern of one branch: webhooks, examinations.

    Raises `RepositoryError`, `Unsupported` for a repository that is not on GitHub.
    """
    address = repository.address
    if not isinstance(address, RemoteAddress) or not repository.is_on_github:
        raise Unsupported(str(address), 'it is not reached through the GitHub API', 'Choose a repository on GitHub.')
    access = access_to(repository)
    api_url, graphql_url, owner, name = api_of(address)
    return GitHubServer(
        api_url,
        graphql_url,
        _required(access, address),
        repository=f'{owner}/{name}',
        address=str(address),
        ledger=ledger or ledger_for(repository, for_people=True),
        token_cache=DatabaseTokenCache(),
        timeout_seconds=_timeout_seconds(),
    )


def open_git(repository: GitRepository, branch: str) -> Repository:
    """Open a branch as plain Git does, to look at it; a local repository is not created. Raises `RepositoryError`."""
    return _open_git(repository.address, branch, access_to(repository))


class DatabaseTokenCache(TokenCache):
    """Keeps the short-lived tokens of GitHub Apps, encrypted, so that not every pass asks for a new one."""

    @override
    def get(self, key: str) -> tuple[str, datetime] | None:
        kept = InstallationToken.objects.filter(key=key).first()
        if kept is None:
            return None
        try:
            return decrypt(kept.token), kept.expires
        except SecretUnreadable:  # the key was changed: GitHub gives another token
            return None

    @override
    def put(self, key: str, token: str, expires: datetime) -> None:
        InstallationToken.objects.update_or_create(key=key, defaults={'token': encrypt(token), 'expires': expires})
        # Nobody asks any more for those of a repository or a key that is gone.
        InstallationToken.objects.filter(expires__lt=timezone.now()).delete()


def _is_to_be_created(address: Address, fabric: HedgehogFabric) -> TypeGuard[LocalAddress]:
    if not isinstance(address, LocalAddress) or address.path.exists():
        return False
    return not FabricState.objects.filter(fabric__repository=fabric.repository).exclude(commit='').exists()


@contextmanager
def _open(fabric: HedgehogFabric, address: Address, ledger: DatabaseLedger) -> Iterator[Repository]:
    access = access_to(fabric.repository)
    if fabric.repository.is_on_github:
        with _remembered(fabric) as memory:
            github = GitHubAccess(
                credential=_required(access, address),
                ledger=ledger,
                token_cache=DatabaseTokenCache(),
                memory=memory,
                verified=fabric.authorship == AuthorshipChoices.VERIFIED,
                now=timezone.now,
                pause=pause,
            )
            with open_repository(
                address, fabric.branch, timeout_seconds=_timeout_seconds(), github=github
            ) as repository:
                yield repository
        return
    with _open_git(address, fabric.branch, access) as repository:
        yield repository


def _open_git(address: Address, branch: str, access: Access) -> Repository:
    username, password = _basic(access)
    return open_repository(address, branch, timeout_seconds=_timeout_seconds(), username=username, password=password)


@contextmanager
def _remembered(fabric: HedgehogFabric) -> Iterator[BranchMemory]:
    """Lend what is known of the branch, and keep what was learnt, also from an attempt that failed.

    Where nothing is known the last pass is remembered instead: a read that lags behind it must not pass for a branch
    that was set back.
    """
    place = {'repository': fabric.repository, 'branch': fabric.branch}
    known = BranchState.objects.filter(**place).first()
    before = known.memory if known else {}
    memory = BranchMemory.from_json(before)
    if not memory.place:
        memory.head = FabricState.objects.filter(fabric=fabric).values_list('commit', flat=True).first() or ''
    try:
        yield memory
    finally:
        after = memory.to_json()
        if after != before:
            BranchState.objects.update_or_create(**place, defaults={'memory': after})


def _required(access: Access, address: Address) -> Credential:
    """Return the credential: GitHub takes changes from nobody without one."""
    if access.credential is None:
        raise Unauthorized(str(address), presented=False)
    return access.credential


def _basic(access: Access) -> tuple[str | None, str | None]:
    """Return user name and password for a plain Git server, which takes a token in place of the password."""
    if not isinstance(access.credential, Token):
        return None, None
    return access.username or 'git', access.credential.value


def _timeout_seconds() -> float:
    return get_plugin_config('netbox_hedgehog', 'git_timeout_seconds')
