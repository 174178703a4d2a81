"""One writer at a time for a repository and branch, however many workers and fabrics there are."""

from collections.abc import Iterator
from contextlib import contextmanager

from django_pg_utils import advisory_lock

from ..models import HedgehogFabric

__all__ = ('lease',)


@contextmanager
def lease(fabric: HedgehogFabric) -> Iterator[None]:
    """Wait for the lease of the fabric's repository and branch, and hold it.

    It is an advisory lock of the database session: it spans transactions, and it ends with the connection when a
    worker dies.
    """
    name = f'netbox_hedgehog {fabric.repository.address_key} {fabric.branch}'
    with advisory_lock(name):
        yield
