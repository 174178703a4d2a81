"""Files that the API hands out by redirecting to another host, which is asked without the token."""

import ipaddress
from urllib.parse import urljoin, urlsplit

import requests

from ..errors import Unavailable
from .credentials import Bearer
from .refusals import sentence

__all__ = ('MOST_REDIRECTS', 'REDIRECTS', 'follow_download')

REDIRECTS = frozenset({301, 302, 307, 308})
MOST_REDIRECTS = 3


def follow_download(
    session: requests.Session, url: str, *, api_url: str, timeout: tuple[float, float]
) -> requests.Response:
    """Open the file that a URL leads to, its body not read yet; `timeout` is for connecting and for reading.

    Raises `Unavailable` if there is none, or if it would leave encryption or lead into a network that no public server
    names.
    """
    for _ in range(MOST_REDIRECTS):
        host = sentence(urlsplit(url).netloc)
        if not _is_safe(url, api_url):
            raise Unavailable(f'A file is handed out at {host}, which is not safe.')
        try:
            response = session.get(
                url, headers={'Accept': '*/*'}, auth=Bearer(), timeout=timeout, allow_redirects=False, stream=True
            )
        except requests.RequestException as error:
            # Without the words of the error: they quote the address, and with it the right to read the file.
            raise Unavailable(f'{host} hands out no file: {type(error).__name__}.') from None
        if response.status_code == 200:
            return response
        response.close()
        if response.status_code not in REDIRECTS:
            break
        url = urljoin(url, response.headers.get('location', ''))
    status = response.status_code
    raise Unavailable(f'{host} hands out no file: HTTP status {status}.', status=status)


def _is_safe(url: str, api_url: str) -> bool:
    there, here = urlsplit(url), urlsplit(api_url)
    return there.scheme in ('https', here.scheme) and (is_number(here.hostname) or not is_number(there.hostname))


def is_number(host: str | None) -> bool:
    """Tell whether a host is an address of the network, or this machine, instead of a public name."""
    try:
        ipaddress.ip_address(host or '')
    except ValueError:
        return host in (None, 'localhost')
    return True
