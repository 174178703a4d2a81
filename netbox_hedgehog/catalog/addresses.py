"""Addresses and prefixes as Go reads them: no netmasks, no leading zeros, no shorthand."""

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NamedTuple

__all__ = (
    'ADDRESS_BITS',
    'Address',
    'Prefix',
    'is_mac',
    'normal_mac',
    'parse_address',
    'parse_interface',
    'parse_prefix',
)

_LENGTH = re.compile(r'0|[1-9][0-9]{0,2}')
# Go's net.ParseMAC: 6, 8 or 20 bytes with colons or hyphens between them, or in groups of two bytes with dots.
_MAC = re.compile(
    r'(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?:(?:\1[0-9a-f]{2}){2}|(?:\1[0-9a-f]{2}){14})?'
    r'|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}(?:\.[0-9a-f]{4}|(?:\.[0-9a-f]{4}){7})?)',
    re.IGNORECASE | re.ASCII,
)
# The length of an address, by IP version.
ADDRESS_BITS = {4: 32, 6: 128}


class Address(NamedTuple):
    """An IP address; `value` is its number."""

    family: int
    value: int

    def __str__(self) -> str:
        return str(IPv4Address(self.value) if self.family == 4 else IPv6Address(self.value))


class Prefix(NamedTuple):
    """A prefix without host bits: the numbers from `first` to `last`, both included."""

    family: int
    first: int
    length: int

    @property
    def last(self) -> int:
        """The number of the last address, the broadcast address of an IPv4 subnet."""
        return self.first | ((1 << (ADDRESS_BITS[self.family] - self.length)) - 1)

    @property
    def size(self) -> int:
        """How many addresses there are, the first and the last one included."""
        return 1 << (ADDRESS_BITS[self.family] - self.length)

    @property
    def network(self) -> Address:
        """The first address."""
        return Address(self.family, self.first)

    def holds(self, inner: 'Address | Prefix') -> bool:
        """Tell whether all of the other lies inside this prefix."""
        if inner.family != self.family:
            return False
        if isinstance(inner, Address):
            return self.first <= inner.value <= self.last
        return self.length <= inner.length and self.first <= inner.first <= self.last

    def overlaps(self, other: 'Prefix') -> bool:
        """Tell whether the two share an address."""
        return self.holds(other) or other.holds(self)

    def __str__(self) -> str:
        return f'{self.network}/{self.length}'


@lru_cache(maxsize=65536)
def parse_address(text: str) -> Address | None:
    """Read an address as Go's `netip.ParseAddr` does; None if it is none. Zones are refused."""
    try:
        if ':' in text:
            return None if '%' in text else Address(6, int(IPv6Address(text)))
        return Address(4, int(IPv4Address(text)))
    except AddressValueError:
        return None


@lru_cache(maxsize=65536)
def parse_interface(text: str) -> tuple[Address, Prefix] | None:
    """Read an address with prefix length, as Go's `netip.ParsePrefix` does: the address and its network."""
    written, slash, length = text.partition('/')
    address = parse_address(written)
    if address is None or not slash or not _LENGTH.fullmatch(length) or int(length) > ADDRESS_BITS[address.family]:
        return None
    host_bits = ADDRESS_BITS[address.family] - int(length)
    return address, Prefix(address.family, address.value >> host_bits << host_bits, int(length))


def parse_prefix(text: str) -> Prefix | None:
    """Read a prefix; host bits are dropped, as nearly every rule of the fabric does. None if it is none."""
    found = parse_interface(text)
    return found[1] if found else None


def is_mac(text: str) -> bool:
    """Tell whether Go's `net.ParseMAC` reads the text."""
    return _MAC.fullmatch(text) is not None


def normal_mac(text: str) -> str:
    """Write a MAC address in lower case with colons, as the fabric does."""
    digits = re.sub(r'[^0-9a-f]', '', text.lower())
    return ':'.join(digits[at : at + 2] for at in range(0, len(digits), 2))
