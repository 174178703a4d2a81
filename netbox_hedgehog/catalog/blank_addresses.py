"""Addresses for the blank fields of switches, gateways and the links between them, the lowest free ones first.

The order is that in which the fabric's installer hands them out, so that a design that is filled here looks like one
that was filled there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from .addresses import Address, Prefix, parse_interface
from .allocation import PoolExhausted, PoolUnknown, Unavailable
from .design import Design, Entry
from .fields import Structure, entries
from .gateway import GatewaySpec
from .identity import Identity
from .json import JSON
from .paths import Path, spell
from .ports import LOWER_SIDES, End, connection_type, links
from .roles import SPINE, is_leaf
from .wiring import ConnectionSpec, SwitchSpec

__all__ = ('LinkHalfGiven', 'Offer', 'addresses_for_role', 'blank_addresses')

# The installer keeps the addresses after that of the control VIP for itself, and gives the next ones to its nodes.
_NODES_AFTER_VIP = 4
_LINK_LENGTH = 31


class LinkHalfGiven(Unavailable):
    """One end of a link has an address that leaves none for the other end."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A value for a field that is blank; `path` begins with `spec`."""

    path: Path
    value: str


def blank_addresses(design: Design, resources: Iterable[Entry[Structure]]) -> dict[Identity, tuple[Offer, ...]]:
    """Return addresses for all blank address fields of switches, connections and gateways; raises `Unavailable`.

    Several resources are filled as the installer does it: spines, then leaves, then connections, then gateways, each
    in the order of their names. Those without a blank field are left out.
    """
    stock = _Stock(design)
    found: dict[Identity, tuple[Offer, ...]] = {}
    for entry in sorted(resources, key=_turn):
        if offers := tuple(_offers(stock, entry)):
            found[entry.identity] = offers
    return found


def addresses_for_role(design: Design, role: str) -> tuple[Offer, ...]:
    """Return the addresses that a new switch of a role would get; raises `Unavailable`."""
    stock = _Stock(design)
    return tuple(stock.of_device({}, _switch_pools(stock, role)))


type _Pools = Mapping[str, Callable[[], str]]


class _Stock:
    """The addresses of a fabric while they are handed out: what was given once is not given again."""

    def __init__(self, design: Design) -> None:
        self._design = design
        control = design.settings.control
        self._given: set[tuple[str, Address]] = {('management', control)} if control else set()
        self._linked: set[int] | None = None

    def of_device(self, spec: JSON, pools: _Pools) -> Iterator[Offer]:
        for name, take in pools.items():
            if _is_blank(spec, ('spec', name)):
                yield Offer(('spec', name), take())

    def of_links(self, spec: JSON, connection: ConnectionSpec) -> Iterator[Offer]:
        lower = LOWER_SIDES.get(connection_type(connection))
        for ends in links(connection) if lower else ():
            blank = [end for end in ends if _is_blank(spec, (*end.path, 'ip'))]
            if len(ends) != 2 or not blank:
                continue
            if len(blank) == 1:
                (given,) = (end for end in ends if end not in blank)
                yield Offer((*blank[0].path, 'ip'), self._other_address(given))
                continue
            first = self._pair()
            for end in sorted(ends, key=lambda end: end.side != lower):
                yield Offer((*end.path, 'ip'), _spelled(first, _LINK_LENGTH))
                first += 1

    def management(self) -> str:
        settings = self._design.settings
        subnet = _pool(settings.management, 'management subnet')
        first, end = subnet.first + 1, subnet.last
        control, served = settings.control, settings.management_dhcp_first
        if served and subnet.holds(served):
            end = min(end, served.value)
        if control and control.value == first:
            # Every node has an address too: one at least controls the fabric, and each gateway runs on another one.
            nodes = 1 + len(self._design.all(GatewaySpec))
            first = max(first, control.value + _NODES_AFTER_VIP + nodes)
        switches = [
            found[0].value
            for switch in self._design.all(SwitchSpec)
            if (found := parse_interface(switch.spec.ip or '')) and subnet.holds(found[0])
        ]
        # There may be more nodes than that, below the lowest switch; their addresses are the last that are tried.
        start = min(max(first, min(switches, default=first)), max(first, end))
        value = self._take('management', chain(range(start, end), range(first, start)), 'management subnet', subnet)
        return _spelled(value, subnet.length)

    def protocol(self) -> str:
        return self._loopback('protocol', self._design.settings.protocol, 'protocol subnet')

    def vtep(self) -> str:
        return self._loopback('vtep', self._design.settings.vtep, 'VTEP subnet')

    def _loopback(self, thing: str, prefix: Prefix | None, name: str) -> str:
        subnet = _pool(prefix, name)
        value = self._take(thing, range(subnet.first, subnet.last + 1), name, subnet)
        return _spelled(value, 32)

    def _take(self, thing: str, values: Iterable[int], name: str, subnet: Prefix) -> int:
        for value in values:
            claim = (thing, Address(4, value))
            if claim not in self._given and not self._design.claimants(claim):
                self._given.add(claim)
                return value
        message = f'No address of the {name} {subnet} is free; enlarge it in the settings of the fabric.'
        raise PoolExhausted(message)

    def _pair(self) -> int:
        """Take the lowest two addresses of a free /31, and return the first one."""
        subnet = _pool(self._design.settings.links, 'subnet of the links')
        taken = self._links_taken()
        for first in range(subnet.first, subnet.last, 2):
            if first not in taken and first + 1 not in taken:
                taken.update((first, first + 1))
                return first
        message = f'No /31 of the subnet of the links {subnet} is free; enlarge it in the settings of the fabric.'
        raise PoolExhausted(message)

    def _other_address(self, given: End) -> str:
        """Return the other address of the /31 of an end that has its address already."""
        subnet = _pool(self._design.settings.links, 'subnet of the links')
        found = parse_interface(given.ip)
        if found and found[1].length == _LINK_LENGTH and subnet.holds(found[1]):
            value = found[0].value ^ 1
            if value not in self._links_taken():
                self._links_taken().add(value)
                return _spelled(value, _LINK_LENGTH)
        message = (
            f'{spell((*given.path, "ip"))} leaves no address for the other end; '
            f'empty it, or write an address of a free /31 of {subnet}.'
        )
        raise LinkHalfGiven(message)

    def _links_taken(self) -> set[int]:
        """Return all addresses of links, also those of links that have only one, and those of the gateways."""
        if self._linked is None:
            ends = (end.ip for entry in self._design.all(ConnectionSpec) for link in links(entry.spec) for end in link)
            of_gateways = (
                text
                for entry in self._design.all(GatewaySpec)
                for _, interface in entries(entry.spec.interfaces)
                for text in interface.ips or ()
            )
            found = (parse_interface(text) for text in chain(ends, of_gateways))
            self._linked = {address.value for address, _ in filter(None, found) if address.family == 4}
        return self._linked


def _offers(stock: _Stock, entry: Entry[Structure]) -> Iterator[Offer]:
    match entry.spec:
        case SwitchSpec() as switch:
            return stock.of_device(entry.declaration.spec, _switch_pools(stock, switch.role))
        case GatewaySpec():
            return stock.of_device(entry.declaration.spec, _gateway_pools(stock))
        case ConnectionSpec() as connection:
            return stock.of_links(entry.declaration.spec, connection)
        case _:
            return iter(())


def _switch_pools(stock: _Stock, role: str) -> _Pools:
    pools: dict[str, Callable[[], str]] = {'ip': stock.management, 'protocolIP': stock.protocol}
    return {**pools, 'vtepIP': stock.vtep} if is_leaf(role) else pools


def _gateway_pools(stock: _Stock) -> _Pools:
    return {'protocolIP': stock.protocol, 'vtepIP': stock.vtep}


def _turn(entry: Entry[Structure]) -> tuple[int, bool, str, str]:
    """Order resources as the installer fills them."""
    match entry.spec:
        case SwitchSpec(role=role):
            return 0, role != SPINE, role, entry.name
        case ConnectionSpec():
            return 1, False, '', entry.name
        case _:
            return 2, False, '', entry.name


def _pool(prefix: Prefix | None, name: str) -> Prefix:
    if prefix is None or prefix.family != 4:
        message = f'The {name} of this fabric is no IPv4 prefix; correct it in the settings of the fabric.'
        raise PoolUnknown(message)
    return prefix


def _is_blank(spec: JSON, path: Path) -> bool:
    """Tell whether a field is blank as it is written: a value that cannot be read is not."""
    value = spec
    for step in path[1:]:
        match value, step:
            case dict(), str():
                value = value.get(step)
            case list(), int() if step < len(value):
                value = value[step]
            case _:
                return value is None
    return value is None or value == ''


def _spelled(value: int, length: int) -> str:
    return f'{Address(4, value)}/{length}'
