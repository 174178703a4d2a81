"""Opening the repository of a fabric with the administrator's settings."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeGuard

from netbox.plugins import get_plugin_config

from ..models import FabricState, HedgehogFabric
from ..repositories import Address, InvalidChange, LocalAddress, Repository, create_bare, open_repository

__all__ = ('look_at_fabric', 'open_fabric')


def open_fabric(fabric: HedgehogFabric) -> Repository:
    """Return the fabric's branch, ready to read; raises `RepositoryError`.

    A local repository that does not exist is created, but only where no fabric of it has ever synchronised: one that
    vanished is a fault to report, not an empty one to begin again.
    """
    address = fabric.repository.address
    if _is_to_be_created(address, fabric):
        # Another worker may have been faster: then it is there.
        with suppress(InvalidChange):
            create_bare(address.path, fabric.branch)
    return _open(address, fabric.branch)


@contextmanager
def look_at_fabric(fabric: HedgehogFabric) -> Iterator[Repository]:
    """Open the fabric's branch to look at it only: for a repository that would be created, an empty one stands in."""
    address = fabric.repository.address
    with TemporaryDirectory() as directory:
        if _is_to_be_created(address, fabric):
            address = LocalAddress(Path(directory).resolve() / 'empty.git')
            create_bare(address.path, fabric.branch)
        with _open(address, fabric.branch) as repository:
            yield repository


def _is_to_be_created(address: Address, fabric: HedgehogFabric) -> TypeGuard[LocalAddress]:
    if not isinstance(address, LocalAddress) or address.path.exists():
        return False
    return not FabricState.objects.filter(fabric__repository=fabric.repository).exclude(commit='').exists()


def _open(address: Address, branch: str) -> Repository:
    timeout = get_plugin_config('netbox_hedgehog', 'git_timeout_seconds')
    return open_repository(address, branch, timeout_seconds=timeout)
