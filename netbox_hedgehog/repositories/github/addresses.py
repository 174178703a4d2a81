"""Where the API of the GitHub server is that a repository's address names."""

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ..address import RemoteAddress
from ..errors import AddressRefused

__all__ = ('ApiAddress', 'api_of', 'is_github_host')

PUBLIC_HOST = 'github.com'
DATA_RESIDENCY = '.ghe.com'


class ApiAddress(NamedTuple):
    """The roots of both APIs, and what the repository is called there."""

    api_url: str
    graphql_url: str
    owner: str
    name: str


def is_github_host(host: str) -> bool:
    """Tell whether a host is GitHub's own for sure; an Enterprise Server has any name."""
    host = host.lower()
    return host in (PUBLIC_HOST, f'www.{PUBLIC_HOST}') or host.endswith(DATA_RESIDENCY)


def api_of(address: RemoteAddress) -> ApiAddress:
    """Return the API of an address; a host that is not GitHub's own is taken for an Enterprise Server."""
    parts = urlsplit(address.url)
    names = [unquote(name) for name in parts.path.removesuffix('.git').split('/') if name]
    if len(names) != 2:
        raise AddressRefused(
            'The address does not name a repository of GitHub.', 'Give it as https://github.com/owner/repository.'
        )
    owner, name = names
    host = parts.hostname or ''
    if host in (PUBLIC_HOST, f'www.{PUBLIC_HOST}'):
        return ApiAddress('https://api.github.com', 'https://api.github.com/graphql', owner, name)
    if host.endswith(DATA_RESIDENCY):
        root = f'https://api.{host}'
        return ApiAddress(root, f'{root}/graphql', owner, name)
    root = f'{parts.scheme}://{parts.netloc}/api'
    return ApiAddress(f'{root}/v3', f'{root}/graphql', owner, name)
