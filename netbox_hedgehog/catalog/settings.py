"""The settings of a whole fabric that its rules depend on: upstream's FabricConfig, with its defaults."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .addresses import Address, Prefix, parse_address, parse_prefix
from .paths import spell
from .problems import Problem

__all__ = (
    'LAST_VLAN',
    'NEWER',
    'RELEASES',
    'FabricSettings',
    'SettingsRefused',
    'VLANSpan',
    'check_settings',
    'settings_from_config',
)

# All releases since v1beta1, whose fields stay compatible.
RELEASES = ('24.09', '25.01', '25.03', '25.04', '25.05', '26.01', '26.02', '26.03')
# The release of a fabric that runs a later one than those.
NEWER = 'newer'

_RESERVED_SUBNETS = (
    '172.30.0.0/21',
    '172.30.128.0/17',
    '172.30.8.0/22',
    '172.30.12.0/22',
    '172.30.96.0/19',
    '172.30.95.0/31',
    '172.30.16.0/22',
)


@dataclass(frozen=True, slots=True, order=True)
class VLANSpan:
    """A range of VLANs, both ends included."""

    first: int
    last: int

    def holds(self, vlan: int) -> bool:
        """Tell whether a VLAN lies in the range."""
        return self.first <= vlan <= self.last

    def overlaps(self, other: 'VLANSpan') -> bool:
        """Tell whether the two share a VLAN."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        return f'{self.first}-{self.last}' if self.first != self.last else f'{self.first}'


@dataclass(frozen=True)
class FabricSettings:
    """What a fabric is installed with (githedgehog/fabric v0.129.1, `FabricConfig`).

    Texts are as in the FabricConfig; `check_settings` tells whether they make sense. `release` is the Hedgehog release
    that the cluster runs, which decides what fields it knows. `is_installed` is false on day 0: blank addresses then
    count as filled, and the default namespaces and gateway group as present, because the installer sees to both.
    `is_draft` is true while a design is under way: what it lacks among its resources then is a warning, not an error.
    """

    release: str = RELEASES[-1]
    is_installed: bool = True
    is_draft: bool = False
    reserved_subnets: tuple[str, ...] = _RESERVED_SUBNETS
    vpc_irb_vlan_ranges: tuple[VLANSpan, ...] = (VLANSpan(3000, 3899),)
    th5_workaround_vlan_ranges: tuple[VLANSpan, ...] = (VLANSpan(3900, 3999),)
    management_subnet: str = '172.30.0.0/21'
    management_dhcp_start: str = '172.30.4.0'
    management_dhcp_end: str = '172.30.7.254'
    control_vip: str = '172.30.0.1/32'
    protocol_subnet: str = '172.30.8.0/22'
    vtep_subnet: str = '172.30.12.0/22'
    fabric_subnet: str = '172.30.128.0/17'
    spine_asn: int = 65100
    leaf_asn_start: int = 65101
    leaf_asn_end: int = 65533
    gateway_asn: int = 65534
    fabric_mtu: int = 9100
    server_facing_mtu_offset: int = 64
    vpc_peering_disabled: bool = False
    enable_gateway: bool = True
    gateway_communities: tuple[str, ...] = field(default=tuple(f'50001:{number}' for number in range(10)))
    allow_extra_switch_profiles: bool = False
    include_sonic_cls_plus: bool = True
    include_cumulus: bool = True

    @cached_property
    def reserved(self) -> tuple[Prefix, ...]:
        """The reserved subnets that can be read."""
        return tuple(prefix for prefix in map(parse_prefix, self.reserved_subnets) if prefix)

    @cached_property
    def management(self) -> Prefix | None:
        """The subnet of the management addresses."""
        return parse_prefix(self.management_subnet)

    @cached_property
    def management_dhcp_first(self) -> Address | None:
        """Where the addresses begin that are handed out, and may not be given to a switch."""
        return parse_address(self.management_dhcp_start)

    @cached_property
    def control(self) -> Address | None:
        """The address of the control node."""
        return parse_address(self.control_vip.partition('/')[0])

    @cached_property
    def protocol(self) -> Prefix | None:
        """The subnet of the protocol addresses."""
        return parse_prefix(self.protocol_subnet)

    @cached_property
    def vtep(self) -> Prefix | None:
        """The subnet of the VTEP addresses."""
        return parse_prefix(self.vtep_subnet)

    @cached_property
    def links(self) -> Prefix | None:
        """The subnet of the addresses of fabric, mesh and gateway links."""
        return parse_prefix(self.fabric_subnet)

    @property
    def server_mtu(self) -> int:
        """The largest MTU of a server-facing connection."""
        return self.fabric_mtu - self.server_facing_mtu_offset


class SettingsRefused(ValueError):
    """A FabricConfig that cannot be read; `problems` holds everything that is wrong with it, by its own keys."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(' '.join(map(str, problems)))
        self.problems = problems


LAST_VLAN = 4094
_LARGEST_MTU = 9216
_LARGEST_ASN = 2**32 - 1
_COMMUNITY = re.compile(r'0*([0-9]{1,5}):0*([0-9]{1,5})', re.ASCII)
_LARGEST_COMMUNITY = 2**16 - 1


def check_settings(settings: FabricSettings) -> tuple[Problem, ...]:
    """Report the settings that make no sense: what upstream's FabricConfig refuses, and what its rules cannot read.

    The paths are names of attributes.
    """
    return (
        *_check_release(settings),
        *_check_subnets(settings),
        *_check_management(settings),
        *_check_vlans('vpc_irb_vlan_ranges', settings.vpc_irb_vlan_ranges),
        *_check_vlans('th5_workaround_vlan_ranges', settings.th5_workaround_vlan_ranges),
        *_check_asns(settings),
        *_check_mtu(settings),
        *_check_communities(settings),
    )


def _check_release(settings: FabricSettings) -> Iterator[Problem]:
    if settings.release not in (*RELEASES, NEWER):
        message = f'No release; write one of {", ".join(RELEASES)}, or {NEWER}.'
        yield Problem('release', 'setting-release-unknown', message)


def _check_subnets(settings: FabricSettings) -> Iterator[Problem]:
    rule = 'setting-not-a-prefix'
    if not settings.reserved_subnets:
        message = 'Empty; write at least the subnets that the fabric itself uses.'
        yield Problem('reserved_subnets', 'setting-empty', message)
    for position, text in enumerate(settings.reserved_subnets):
        if parse_prefix(text) is None:
            yield Problem(spell(('reserved_subnets', position)), rule, 'Not a prefix; write one such as 172.30.0.0/21.')
    for name in ('protocol_subnet', 'vtep_subnet', 'fabric_subnet'):
        if parse_prefix(getattr(settings, name)) is None:
            yield Problem(name, rule, 'Not a prefix; write one such as 172.30.8.0/22.')
    if settings.control is None:
        yield Problem('control_vip', 'setting-not-an-address', 'Not an address; write one such as 172.30.0.1/32.')


def _check_management(settings: FabricSettings) -> Iterator[Problem]:
    subnet = settings.management
    if subnet is None:
        yield Problem('management_subnet', 'setting-not-a-prefix', 'Not a prefix; write one such as 172.30.0.0/21.')
    for name in ('management_dhcp_start', 'management_dhcp_end'):
        address = parse_address(getattr(settings, name))
        if address is None:
            yield Problem(name, 'setting-not-an-address', 'Not an address; write one such as 172.30.4.0.')
        elif subnet and not subnet.holds(address):
            message = f'Outside the management subnet; write an address of {subnet}.'
            yield Problem(name, 'setting-dhcp-outside-management', message)


def _check_vlans(name: str, ranges: tuple[VLANSpan, ...]) -> Iterator[Problem]:
    if not ranges:
        yield Problem(name, 'setting-empty', 'Empty; write at least one range such as 3000-3899.')
    for position, span in enumerate(ranges):
        if not 1 <= span.first <= span.last <= LAST_VLAN:
            message = f'{span} is no range of VLANs; write numbers from 1 to {LAST_VLAN}, the smaller one first.'
            yield Problem(spell((name, position)), 'setting-not-vlans', message)


def _check_asns(settings: FabricSettings) -> Iterator[Problem]:
    names = ('spine_asn', 'leaf_asn_start', 'leaf_asn_end', 'gateway_asn')
    wrong = [name for name in names if not 1 <= getattr(settings, name) <= _LARGEST_ASN]
    for name in wrong:
        yield Problem(name, 'setting-not-an-asn', f'Not an ASN; write a number from 1 to {_LARGEST_ASN}.')
    start, end = settings.leaf_asn_start, settings.leaf_asn_end
    if 'leaf_asn_start' in wrong or 'leaf_asn_end' in wrong:
        return
    if start > end:
        yield Problem('leaf_asn_end', 'setting-asns-reversed', f'Before the first ASN; write {start} or more.')
    elif start <= settings.spine_asn <= end:
        message = f'An ASN of the leaves; write one outside {start}-{end}.'
        yield Problem('spine_asn', 'setting-spine-asn-of-leaf', message)


def _check_mtu(settings: FabricSettings) -> Iterator[Problem]:
    if not 1 <= settings.fabric_mtu <= _LARGEST_MTU:
        yield Problem('fabric_mtu', 'setting-mtu', f'Not an MTU; write a number from 1 to {_LARGEST_MTU}.')
    if settings.server_facing_mtu_offset < 1:
        yield Problem('server_facing_mtu_offset', 'setting-mtu-offset', 'Not above zero; write 1 or more.')


def _check_communities(settings: FabricSettings) -> Iterator[Problem]:
    for position, text in enumerate(settings.gateway_communities):
        found = _COMMUNITY.fullmatch(text)
        if found is None or any(int(half) > _LARGEST_COMMUNITY for half in found.groups()):
            message = 'Not a community; write two numbers up to 65535 such as 50001:0.'
            yield Problem(spell(('gateway_communities', position)), 'setting-not-a-community', message)


class _Unreadable(Exception):
    """A value of the wrong type, at a path below its key; the message tells what to write."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Unreadable('Not a text; write it in quotes.')
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Unreadable('Neither true nor false; write one of them.')
    return value


def _number(bits: int) -> Callable[[object], int]:
    """Read a number as Go does for an unsigned type of this width."""
    largest = 2**bits - 1

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= largest:
            raise _Unreadable(f'Not a whole number from 0 to {largest}; write one.')
        return value

    return read


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _Unreadable('Not a list; write one of texts.')
    for position, item in enumerate(value):
        if not isinstance(item, str):
            raise _Unreadable('Not a text; write it in quotes.', position)
    return tuple(value)


def _vlans(value: object) -> tuple[VLANSpan, ...]:
    if not isinstance(value, list):
        raise _Unreadable('Not a list; write ranges, each with from and to.')
    read = _number(16)
    spans = []
    for position, item in enumerate(value):
        if not isinstance(item, dict) or not {'from'} <= item.keys() <= {'from', 'to'}:
            raise _Unreadable('Not a range; write from and to.', position)
        try:
            first = read(item['from'])
            # As everywhere in the fabric, a range without an end is a single VLAN.
            spans.append(VLANSpan(first, read(item.get('to') or 0) or first))
        except _Unreadable as unreadable:
            raise _Unreadable(str(unreadable), position) from unreadable
    return tuple(spans)


def _communities(value: object) -> tuple[str, ...]:
    if not isinstance(value, dict):
        raise _Unreadable('Not a map; write communities by their priorities 0, 1, 2 and so on.')
    by_priority: dict[int, str] = {}
    for key, text in value.items():
        priority = str(key)
        if isinstance(key, bool) or not (priority.isascii() and priority.isdecimal() and len(priority) <= 10):
            raise _Unreadable('Not a number; write a priority such as 0.', priority)
        if not isinstance(text, str):
            raise _Unreadable('Not a text; write a community such as 50001:0 in quotes.', priority)
        by_priority[int(priority)] = text
    return tuple(text for _, text in sorted(by_priority.items()))


# By the key of the FabricConfig: the setting that it is, and how its value is read.
_CONFIG: Mapping[str, tuple[str, Callable[[object], Any]]] = {
    'reservedSubnets': ('reserved_subnets', _texts),
    'vpcIRBVLANRange': ('vpc_irb_vlan_ranges', _vlans),
    'th5WorkaroundVLANRange': ('th5_workaround_vlan_ranges', _vlans),
    'managementSubnet': ('management_subnet', _text),
    'managementDHCPStart': ('management_dhcp_start', _text),
    'managementDHCPEnd': ('management_dhcp_end', _text),
    'controlVIP': ('control_vip', _text),
    'protocolSubnet': ('protocol_subnet', _text),
    'vtepSubnet': ('vtep_subnet', _text),
    'fabricSubnet': ('fabric_subnet', _text),
    'spineASN': ('spine_asn', _number(32)),
    'leafASNStart': ('leaf_asn_start', _number(32)),
    'leafASNEnd': ('leaf_asn_end', _number(32)),
    'gatewayASN': ('gateway_asn', _number(32)),
    'fabricMTU': ('fabric_mtu', _number(16)),
    'serverFacingMTUOffset': ('server_facing_mtu_offset', _number(16)),
    'vpcPeeringDisabled': ('vpc_peering_disabled', _flag),
    'enableGateway': ('enable_gateway', _flag),
    'gatewayCommunities': ('gateway_communities', _communities),
    'allowExtraSwitchProfiles': ('allow_extra_switch_profiles', _flag),
    'includeSONiCCLSPlus': ('include_sonic_cls_plus', _flag),
    'includeCumulus': ('include_cumulus', _flag),
    # Ours, not upstream's: which release the fabric runs.
    'release': ('release', _text),
}
# Keys of the FabricConfig that no rule depends on; some held passwords, so that none of their values is looked at.
_IGNORED_CONFIG = frozenset(
    {
        'agentRepo',
        'alloy',
        'alloyRepo',
        'alloyTargets',
        'alloyVersion',
        'apiServer',
        'baseVPCCommunity',
        'controlProxyURL',
        'dataplaneMetricsPort',
        'dataplaneRef',
        'dataplaneValidatorRef',
        'defaultMaxPathsEBGP',
        'deploymentID',
        'disableBFD',
        'eslagESIPrefix',
        'eslagMACBase',
        'fabricMode',
        'frrMetricsPort',
        'frrRef',
        'gatewayAPISync',
        'gatewayBFD',
        'gatewayNamespace',
        'gatewayTolerations',
        'l2ProxyExternalSubnet',
        'loopbackWorkaround',
        'mclagSessionSubnet',
        'observability',
        'toolboxRef',
        'users',
        'vpcLoopbackSubnet',
        'vpcPeeringVLANRange',
    }
)
_FLAGS = tuple(name for name, read in _CONFIG.values() if read is _flag)


def settings_from_config(config: Mapping[str, object]) -> FabricSettings:
    """Read settings as a cluster's FabricConfig spells them, and our own `release` beside them.

    What is left out has its default; but upstream writes no flag that is false, so that in a whole FabricConfig, which
    always has a `fabricMode`, a missing flag is false. Null is left out. Raises `SettingsRefused` with all unknown keys
    and values of the wrong type; whether the settings make sense is for `check_settings`.
    """
    read: dict[str, Any] = dict.fromkeys(_FLAGS, False) if 'fabricMode' in config else {}
    problems = []
    for key, value in config.items():
        if key not in _CONFIG:
            if key not in _IGNORED_CONFIG:
                message = 'No such key in a FabricConfig; check the spelling, or remove it.'
                problems.append(Problem(spell((str(key),)), 'unknown-setting', message))
        elif value is not None:
            name, reader = _CONFIG[key]
            try:
                read[name] = reader(value)
            except _Unreadable as unreadable:
                problems.append(Problem(spell((key, *unreadable.path)), 'wrong-type', str(unreadable)))
    if problems:
        raise SettingsRefused(tuple(problems))
    return FabricSettings(**read)
