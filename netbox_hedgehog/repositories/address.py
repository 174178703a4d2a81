"""Where a repository is: in a directory below the allowed one, or on a Git server."""

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from .errors import AddressRefused

__all__ = ('Address', 'LocalAddress', 'RemoteAddress', 'parse_address')

LOOPBACK = frozenset({'localhost', '127.0.0.1', '::1'})
DEFAULT_PORTS = {'http': 80, 'https': 443}

_SCHEME = re.compile(r'([A-Za-z][A-Za-z0-9+.-]*)://')
_SCP = re.compile(r'[^/]*:')
_HOST = re.compile(r'[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?')
_ESCAPE = re.compile(r'%([0-9A-Fa-f]{2})')
_UNSAFE = re.compile(r'[\x00-\x20\x7f-\x9f\\"<>^`{|}]|%(?![0-9A-Fa-f]{2})|[\ud800-\udfff]')
_UNRESERVED = frozenset('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~')


@dataclass(frozen=True, slots=True)
class LocalAddress:
    """A directory on this machine, absolute and free of symbolic links."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def key(self) -> str:
        """Name the repository: equal for all spellings of one."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class RemoteAddress:
    """The URL of a repository on a Git server, in normal form and without credentials."""

    url: str

    def __str__(self) -> str:
        return self.url

    @property
    def key(self) -> str:
        """Name the repository: equal for all spellings of one, so `.git` does not count."""
        return self.url.removesuffix('.git')

    @property
    def host(self) -> str:
        """The server, with its port if that is not the scheme's own."""
        return urlsplit(self.url).netloc

    @property
    def path(self) -> str:
        """The repository on the server, without a leading slash and without `.git`."""
        return urlsplit(self.url).path.lstrip('/').removesuffix('.git')

    @property
    def is_private_way(self) -> bool:
        """Whether a secret may travel to the server: encrypted, or never leaving this machine."""
        parts = urlsplit(self.url)
        return parts.scheme == 'https' or parts.hostname in LOOPBACK


type Address = LocalAddress | RemoteAddress


def parse_address(text: str, local_root: Path | None) -> Address:
    """Read what a person wrote as an address; an address written out reads as itself.

    What is no URL is a path, relative to `local_root` unless it is absolute, and has to lie below it once symbolic
    links are resolved. Without `local_root` there are no local repositories.
    """
    text = text.strip()
    if not text:
        raise AddressRefused('The address is empty.', 'Give the URL of a repository.')
    scheme = _SCHEME.match(text)
    if scheme:
        return _parse_url(text, scheme[1].lower())
    if _SCP.match(text):
        raise _ssh_refused()
    return _parse_path(text, local_root)


def _parse_url(text: str, scheme: str) -> RemoteAddress:
    if scheme not in DEFAULT_PORTS:
        raise _scheme_refused(scheme)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise AddressRefused('The address is no well-formed URL.') from error
    if '@' in parts.netloc:
        raise AddressRefused(
            'The address holds a user name or a password.', 'Give the credentials in their own fields, not in the URL.'
        )
    if '?' in text or '#' in text:
        raise AddressRefused('The address has a query or a fragment.', 'Leave out everything from "?" or "#" on.')
    place = _normal_host(parts.hostname) + ('' if port in (None, DEFAULT_PORTS[scheme]) else f':{port}')
    return RemoteAddress(f'{scheme}://{place}/{_normal_path(parts.path)}')


def _normal_host(host: str | None) -> str:
    if host and ':' in host:
        return f'[{host}]'
    try:
        ascii_host = (host or '').encode('idna').decode('ascii').lower().removesuffix('.')
    except UnicodeError as error:
        raise AddressRefused('The address names a host that cannot exist.') from error
    if not _HOST.fullmatch(ascii_host):
        raise AddressRefused('The address names no host, or one that cannot exist.')
    return ascii_host


def _normal_path(path: str) -> str:
    """Return a URL's path in the one spelling of RFC 3986, section 6.2.2, without slashes that mean nothing."""
    if _UNSAFE.search(path):
        raise AddressRefused('The address has a space, a backslash or another character that no URL holds.')
    escaped = _ESCAPE.sub(_normal_escape, quote(path, safe="/%~:@!$&'()*+,;="))
    names = [name for name in escaped.split('/') if name]
    if not names:
        raise AddressRefused('The address names a server, but no repository on it.')
    if '.' in names or '..' in names or '%2F' in escaped or '%00' in escaped:
        raise AddressRefused('The address has a part like "..", which names nothing on a server.')
    return '/'.join(names)


def _normal_escape(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _scheme_refused(scheme: str) -> AddressRefused:
    if 'ssh' in scheme:
        return _ssh_refused()
    if scheme == 'file':
        return AddressRefused('A path needs no file://.', 'Give the path alone.')
    return AddressRefused(f'Addresses with {scheme}:// are not supported.', 'Give the https:// URL of the repository.')


def _ssh_refused() -> AddressRefused:
    return AddressRefused('Repositories are not reached by SSH yet.', 'Give the https:// URL of the repository.')


def _parse_path(text: str, local_root: Path | None) -> LocalAddress:
    if local_root is None:
        raise AddressRefused(
            'Repositories on this machine are not allowed.',
            'Give a URL, or have an administrator set the directory for local repositories.',
        )
    if any(unicodedata.category(character) in ('Cc', 'Cs') for character in text):
        raise AddressRefused('The path has a control character.')
    if text.startswith('~') or '..' in Path(text).parts:
        raise AddressRefused('The path has a part like ".." or "~".', 'Write the path in full.')
    root = Path(os.path.realpath(local_root))
    path = Path(os.path.realpath(root / text))
    if path.name != path.name.strip():
        raise AddressRefused('The path ends with a space, which nobody would see.')
    if root not in path.parents:
        raise AddressRefused(
            'The path does not lie below the directory for local repositories.',
            f'Give a path below {root}, which symbolic links do not lead out of.',
        )
    return LocalAddress(path)
