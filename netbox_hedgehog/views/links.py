"""Where people read on GitHub what our pages name: commits and files. Elsewhere there is nowhere to link to."""

from urllib.parse import quote

from ..models import HedgehogFabric
from ..repositories import AddressRefused

__all__ = ('commit_url', 'file_url')


def commit_url(fabric: HedgehogFabric, commit: str) -> str:
    """Return the address of a commit, or nothing."""
    return _below_page(fabric, f'commit/{commit}') if commit else ''


def file_url(fabric: HedgehogFabric, path: str) -> str:
    """Return the address of a file, whose path is relative to the fabric's directory, on the fabric's branch."""
    place = f'{fabric.prefix}/{path}'.removeprefix('/')
    return _below_page(fabric, f'blob/{quote(fabric.branch)}/{quote(place)}') if path else ''


def _below_page(fabric: HedgehogFabric, rest: str) -> str:
    try:
        page = fabric.repository.address.key if fabric.repository.is_on_github else ''
    except AddressRefused:  # the settings do not allow the address any more
        return ''
    return f'{page}/{rest}' if page else ''
