"""The rules of gateways and their groups: the admission code of Gateway and GatewayGroup."""

from collections.abc import Iterator

from ..addresses import Address, is_mac, normal_mac, parse_address, parse_interface
from ..design import Design, Entry
from ..gateway import GatewayGroupSpec, GatewaySpec
from ..identity import DEFAULT_NAMESPACE
from ..paths import Path
from ..problems import Problem, Severity
from ..settings import FabricSettings
from . import gateway_interfaces
from .common import warn_of_large_numbers
from .kind_rules import KindRules
from .rivals import name_rival, rivals
from .rule import Rule, Scope

__all__ = ('GATEWAY', 'GATEWAY_GROUP', 'has_group')

DISABLED = Rule('gateway-disabled', 'A fabric has gateways only where its settings enable them.', Scope.RESOURCE)
PROTOCOL_ADDRESS = Rule(
    'gateway-protocol-address', 'The protocol address of a gateway is an IPv4 address with /32.', Scope.RESOURCE
)
VTEP_ADDRESS = Rule(
    'gateway-vtep-address', 'The VTEP address of a gateway is an IPv4 unicast address with /32.', Scope.RESOURCE
)
VTEP_MAC = Rule(
    'gateway-vtep-mac', 'The VTEP MAC address of a gateway is a unicast one, and not all zeros.', Scope.RESOURCE
)
ASN_MISSING = Rule('gateway-asn-missing', 'A gateway has an ASN.', Scope.RESOURCE)
WORKERS = Rule('gateway-workers', 'A gateway has 1 to 64 workers.', Scope.RESOURCE)
NEIGHBOR_MISSING = Rule('gateway-neighbor-missing', 'A gateway has at least one BGP neighbour.', Scope.RESOURCE)
NEIGHBOR_ADDRESS = Rule(
    'gateway-neighbor-address', 'The address of a BGP neighbour is an IPv4 unicast address.', Scope.RESOURCE
)
NEIGHBOR_ASN = Rule('gateway-neighbor-asn', 'A BGP neighbour has an ASN.', Scope.RESOURCE)
GROUP_NAMELESS = Rule('gateway-group-nameless', 'A membership of a gateway names its group.', Scope.RESOURCE)
GROUP_TWICE = Rule('gateway-group-twice', 'A gateway names each of its groups once.', Scope.RESOURCE)
LOG_LEVEL = Rule(
    'gateway-log-level',
    'A log level is off, error, warning, info, debug or trace.',
    Scope.RESOURCE,
    Severity.WARNING,
)
LARGE_NUMBER = Rule(
    'gateway-number-above-int32',
    'The numbers of a gateway, its ASN for example, are at most 2147483647, the largest that newer clusters store.',
    Scope.RESOURCE,
    Severity.WARNING,
)
GROUP_UNKNOWN = Rule('gateway-group-unknown', 'The groups of a gateway exist.', Scope.FABRIC)
GROUP_FULL = Rule(
    'gateway-group-full', 'A group has no more gateways than the fabric has gateway communities.', Scope.FABRIC
)
PROTOCOL_ADDRESS_TAKEN = Rule(
    'gateway-protocol-address-taken', 'No two switches or gateways have the same protocol address.', Scope.FABRIC
)
VTEP_ADDRESS_TAKEN = Rule(
    'gateway-vtep-address-taken', 'No two switches or gateways have the same VTEP address.', Scope.FABRIC
)
VTEP_MAC_TAKEN = Rule('gateway-vtep-mac-taken', 'No two gateways have the same VTEP MAC address.', Scope.FABRIC)
GROUPS_DISABLED = Rule(
    'gateway-group-disabled', 'A fabric has gateway groups only where its settings enable gateways.', Scope.RESOURCE
)

_MOST_WORKERS = 64
_LOG_LEVELS = ('off', 'error', 'warning', 'info', 'debug', 'trace')
_ZERO_MAC = '00:00:00:00:00:00'
_MULTICAST_BIT = 1


def has_group(design: Design, name: str) -> bool:
    """Tell whether a gateway group exists; the installer creates the one called default."""
    is_installed_group = name == DEFAULT_NAMESPACE and not design.settings.is_installed
    return is_installed_group or design.find(GatewayGroupSpec, name) is not None


def _check_own(entry: Entry[GatewaySpec], settings: FabricSettings) -> Iterator[Problem]:
    spec = entry.spec
    if not settings.enable_gateway:
        yield DISABLED.at(('spec',), 'The fabric has no gateway support; remove this, or enable it in the settings.')
    yield from _check_addresses(spec, settings)
    if spec.workers and spec.workers > _MOST_WORKERS:
        yield WORKERS.at(('spec', 'workers'), f'Too many; write a number from 1 to {_MOST_WORKERS}.')
    yield from gateway_interfaces.check(entry, settings)
    yield from _check_neighbors(entry, settings)
    yield from _check_group_names(spec)
    yield from _check_log_levels(spec)
    yield from warn_of_large_numbers(LARGE_NUMBER, _numbers(spec))


def _check_addresses(spec: GatewaySpec, settings: FabricSettings) -> Iterator[Problem]:
    for rule, field, text in (
        (PROTOCOL_ADDRESS, 'protocolIP', spec.protocolIP),
        (VTEP_ADDRESS, 'vtepIP', spec.vtepIP),
    ):
        if text or settings.is_installed:
            yield from _check_address(rule, ('spec', field), text or '')
    if spec.vtepMAC or settings.is_installed:
        yield from _check_mac(spec.vtepMAC or '')
    if not spec.asn and settings.is_installed:
        yield ASN_MISSING.at(('spec', 'asn'), f'Missing; write an ASN such as {settings.gateway_asn}.')


def _check_address(rule: Rule, path: Path, text: str) -> Iterator[Problem]:
    found = parse_interface(text)
    if found is None:
        problem = 'Not an address with prefix length' if text else 'Missing'
        yield rule.at(path, f'{problem}; write an IPv4 address with /32.')
    elif found[0].family != 4 or found[1].length != 32:
        yield rule.at(path, 'Not a single IPv4 address; write one with /32.')
    elif rule is VTEP_ADDRESS and not _is_unicast(found[0]):
        yield rule.at(path, 'Not a unicast address; write one such as 172.30.12.9/32.')


def _is_unicast(address: Address) -> bool:
    """Tell whether an IPv4 address is neither multicast nor loopback nor unspecified."""
    first = address.value >> 24
    return address.value != 0 and first != 127 and not 224 <= first < 240


def _check_mac(text: str) -> Iterator[Problem]:
    path: Path = ('spec', 'vtepMAC')
    if not is_mac(text):
        problem = 'Not a MAC address' if text else 'Missing'
        yield VTEP_MAC.at(path, f'{problem}; write one such as ca:fe:ba:be:01:01.')
        return
    mac = normal_mac(text)
    if mac == _ZERO_MAC:
        yield VTEP_MAC.at(path, 'All zeros; write an address such as ca:fe:ba:be:01:01.')
    elif int(mac[:2], 16) & _MULTICAST_BIT:
        yield VTEP_MAC.at(path, 'A multicast address; write one whose second digit is even.')


def _check_neighbors(entry: Entry[GatewaySpec], settings: FabricSettings) -> Iterator[Problem]:
    neighbors = entry.spec.neighbors or []
    if not neighbors and settings.is_installed:
        yield NEIGHBOR_MISSING.at(('spec', 'neighbors'), 'Missing; write at least one neighbour with ip and asn.')
    for position, neighbor in enumerate(neighbors):
        path: Path = ('spec', 'neighbors', position)
        if entry.is_faulty(path):
            continue
        if neighbor.ip or settings.is_installed:
            address = parse_address(neighbor.ip or '')
            if address is None or address.family != 4 or not _is_peer(address):
                problem = 'Not an IPv4 unicast address' if neighbor.ip else 'Missing'
                yield NEIGHBOR_ADDRESS.at((*path, 'ip'), f'{problem}; write one such as 172.30.128.0.')
        if not neighbor.asn and settings.is_installed:
            yield NEIGHBOR_ASN.at((*path, 'asn'), f'Missing; write an ASN such as {settings.spine_asn}.')


def _is_peer(address: Address) -> bool:
    """Tell whether upstream takes an IPv4 address for that of a neighbour: not multicast, not 0.0.0.0."""
    return address.value != 0 and not 224 <= address.value >> 24 < 240


def _check_group_names(spec: GatewaySpec) -> Iterator[Problem]:
    seen = set()
    for position, group in enumerate(spec.groups or []):
        path: Path = ('spec', 'groups', position, 'name')
        if not group.name:
            yield GROUP_NAMELESS.at(path, 'Missing; write the name of a gateway group.')
        elif group.name in seen:
            yield GROUP_TWICE.at(path, f'Group {group.name} is named before; remove one of the two.')
        seen.add(group.name)


def _check_log_levels(spec: GatewaySpec) -> Iterator[Problem]:
    if spec.logs is None:
        return
    levels = [(('spec', 'logs', 'tags', tag), level) for tag, level in (spec.logs.tags or {}).items()]
    for path, level in ((('spec', 'logs', 'default'), spec.logs.default), *levels):
        if level and level not in _LOG_LEVELS:
            yield LOG_LEVEL.at(path, f'Not a log level; write one of {", ".join(_LOG_LEVELS)}.')


def _numbers(spec: GatewaySpec) -> Iterator[tuple[Path, int | None]]:
    for field in ('asn', 'flowTableCapacity', 'vtepMTU'):
        yield ('spec', field), getattr(spec, field)
    for name, interface in (spec.interfaces or {}).items():
        yield ('spec', 'interfaces', name, 'mtu'), interface.mtu if interface else None
    for position, neighbor in enumerate(spec.neighbors or []):
        yield ('spec', 'neighbors', position, 'asn'), neighbor.asn
    for position, group in enumerate(spec.groups or []):
        yield ('spec', 'groups', position, 'priority'), group.priority
    if limit := spec.logs and spec.logs.rateLimit:
        yield ('spec', 'logs', 'rateLimit', 'burst'), limit.burst
        yield ('spec', 'logs', 'rateLimit', 'replenishPerSecond'), limit.replenishPerSecond


def _check_fabric(entry: Entry[GatewaySpec], design: Design) -> Iterator[Problem]:
    spec = entry.spec
    yield from _check_groups(entry, design)
    for rule, field, thing, text in (
        (PROTOCOL_ADDRESS_TAKEN, 'protocolIP', 'protocol', spec.protocolIP),
        (VTEP_ADDRESS_TAKEN, 'vtepIP', 'vtep', spec.vtepIP),
    ):
        if found := parse_interface(text or ''):
            for rival in rivals(design.claimants((thing, found[0])), entry.identity):
                yield rule.at(('spec', field), f'{name_rival(rival)} has {found[0]}, too; write another address.')
    if spec.vtepMAC and is_mac(spec.vtepMAC):
        for rival in rivals(design.claimants(('vtep-mac', normal_mac(spec.vtepMAC))), entry.identity):
            message = f'{name_rival(rival)} has the same MAC address; write another.'
            yield VTEP_MAC_TAKEN.at(('spec', 'vtepMAC'), message)


def _check_groups(entry: Entry[GatewaySpec], design: Design) -> Iterator[Problem]:
    most = len(design.settings.gateway_communities)
    groups: list[tuple[Path, str | None]] = [
        (('spec', 'groups', position, 'name'), group.name) for position, group in enumerate(entry.spec.groups or [])
    ]
    if not groups and not entry.is_faulty(('spec', 'groups')):
        groups = [(('spec', 'groups'), DEFAULT_NAMESPACE)]
    for path, name in groups:
        if not name:
            continue
        if not has_group(design, name):
            message = f'There is no GatewayGroup {name} in this fabric; add it, or write another.'
            yield GROUP_UNKNOWN.at(path, message)
            continue
        members = {
            claimant.identity
            for claimant in design.claimants(('gateway-group', name))
            if claimant.identity.namespace == DEFAULT_NAMESPACE
        }
        # Without communities upstream does not count.
        if len(members) > most > 0:
            message = (
                f'Group {name} has {len(members)} gateways, and the fabric has room for {most}; write another group.'
            )
            yield GROUP_FULL.at(path, message)


def _check_group(entry: Entry[GatewayGroupSpec], settings: FabricSettings) -> Iterator[Problem]:
    if not settings.enable_gateway:
        message = 'The fabric has no gateway support; remove this, or enable it in the settings.'
        yield GROUPS_DISABLED.at(('spec',), message)


GATEWAY: KindRules[GatewaySpec] = KindRules(
    rules=(
        DISABLED,
        PROTOCOL_ADDRESS,
        VTEP_ADDRESS,
        VTEP_MAC,
        ASN_MISSING,
        WORKERS,
        *gateway_interfaces.RULES,
        NEIGHBOR_MISSING,
        NEIGHBOR_ADDRESS,
        NEIGHBOR_ASN,
        GROUP_NAMELESS,
        GROUP_TWICE,
        LOG_LEVEL,
        LARGE_NUMBER,
        GROUP_UNKNOWN,
        GROUP_FULL,
        PROTOCOL_ADDRESS_TAKEN,
        VTEP_ADDRESS_TAKEN,
        VTEP_MAC_TAKEN,
    ),
    own=_check_own,
    fabric=_check_fabric,
)
GATEWAY_GROUP: KindRules[GatewayGroupSpec] = KindRules(rules=(GROUPS_DISABLED,), own=_check_group)
