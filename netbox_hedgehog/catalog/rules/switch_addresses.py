"""The rules of what identifies a switch in its fabric: its addresses and its ASN."""

from collections.abc import Iterator

from ..addresses import Address, Prefix, parse_interface
from ..design import Design, Entry
from ..fields import Structure
from ..problems import Problem, Severity
from ..roles import SPINE, is_leaf
from ..settings import FabricSettings
from ..wiring import SwitchSpec
from .common import warn_of_large_numbers
from .rivals import name_rival, rivals
from .rule import Rule, Scope

__all__ = ('RULES', 'check_addresses', 'check_unique')

IP_MISSING = Rule('switch-ip-missing', 'On a running fabric a switch has a management address.', Scope.RESOURCE)
IP_OUTSIDE = Rule('switch-ip-outside', 'The management address lies in the management subnet.', Scope.RESOURCE)
IP_IN_DHCP_RANGE = Rule(
    'switch-ip-in-dhcp-range', 'The management address lies below the addresses that DHCP hands out.', Scope.RESOURCE
)
IP_OF_CONTROL = Rule('switch-ip-of-control', 'No switch has the address of the control nodes.', Scope.RESOURCE)
IP_TAKEN = Rule('switch-ip-taken', 'A management address belongs to one switch.', Scope.FABRIC)
PROTOCOL_IP_MISSING = Rule(
    'switch-protocol-ip-missing', 'On a running fabric a switch has a protocol address.', Scope.RESOURCE
)
PROTOCOL_IP_OUTSIDE = Rule(
    'switch-protocol-ip-outside', 'The protocol address is a /32 of the protocol subnet.', Scope.RESOURCE
)
PROTOCOL_IP_TAKEN = Rule(
    'switch-protocol-ip-taken', 'A protocol address belongs to one switch or gateway.', Scope.FABRIC
)
VTEP_IP_MISSING = Rule('switch-vtep-ip-missing', 'On a running fabric a leaf has a VTEP address.', Scope.RESOURCE)
VTEP_IP_ON_SPINE = Rule('switch-vtep-ip-on-spine', 'A spine has no VTEP address.', Scope.RESOURCE)
VTEP_IP_OUTSIDE = Rule(
    'switch-vtep-ip-outside', 'The VTEP address of a leaf is a /32 of the VTEP subnet.', Scope.RESOURCE
)
VTEP_IP_TAKEN = Rule('switch-vtep-ip-taken', 'A VTEP address belongs to one leaf or gateway.', Scope.FABRIC)
ADDRESS_MALFORMED = Rule(
    'switch-address-malformed', 'The addresses of a switch are written with their prefix length.', Scope.RESOURCE
)
ASN_MISSING = Rule('switch-asn-missing', 'On a running fabric a switch has an ASN.', Scope.RESOURCE)
ASN_OUTSIDE = Rule(
    'switch-asn-outside', 'The ASN of a leaf lies in the range of the fabric for leaves.', Scope.RESOURCE
)
ASN_NOT_OF_SPINES = Rule(
    'switch-asn-not-of-spines', 'All spines have the ASN of the fabric for spines.', Scope.RESOURCE
)
ASN_TAKEN = Rule('switch-asn-taken', 'An ASN belongs to one leaf.', Scope.FABRIC)
# Go has 32 bits for it, the CRD says int32, and API servers since Kubernetes 1.36 take the CRD at its word.
ASN_TOO_LARGE = Rule(
    'switch-asn-too-large', 'Newer clusters refuse ASNs above 2147483647.', Scope.RESOURCE, Severity.WARNING
)

RULES = (
    IP_MISSING,
    IP_OUTSIDE,
    IP_IN_DHCP_RANGE,
    IP_OF_CONTROL,
    IP_TAKEN,
    PROTOCOL_IP_MISSING,
    PROTOCOL_IP_OUTSIDE,
    PROTOCOL_IP_TAKEN,
    VTEP_IP_MISSING,
    VTEP_IP_ON_SPINE,
    VTEP_IP_OUTSIDE,
    VTEP_IP_TAKEN,
    ADDRESS_MALFORMED,
    ASN_MISSING,
    ASN_OUTSIDE,
    ASN_NOT_OF_SPINES,
    ASN_TAKEN,
    ASN_TOO_LARGE,
)


def check_addresses(entry: Entry[SwitchSpec], settings: FabricSettings) -> Iterator[Problem]:
    """Check that addresses and ASN are there, and are those that the settings of the fabric provide for."""
    spec = entry.spec
    if spec.ip:
        yield from _check_ip(spec.ip, settings)
    elif settings.is_installed:
        yield IP_MISSING.at(('spec', 'ip'), f'Missing; write {_management_address(settings)}.')
    if spec.protocolIP:
        yield from _check_loopback(spec.protocolIP, 'protocolIP', PROTOCOL_IP_OUTSIDE, settings.protocol)
    elif settings.is_installed:
        yield PROTOCOL_IP_MISSING.at(
            ('spec', 'protocolIP'), f'Missing; write an address of {settings.protocol_subnet} with /32.'
        )
    yield from _check_vtep_ip(spec, settings)
    yield from _check_asn(entry, settings)


def check_unique(entry: Entry[SwitchSpec], design: Design) -> Iterator[Problem]:
    """Check that no other resource has an address or the ASN of this one."""
    spec = entry.spec
    yield from _check_taken(entry, design, 'ip', 'management', IP_TAKEN)
    yield from _check_taken(entry, design, 'protocolIP', 'protocol', PROTOCOL_IP_TAKEN)
    if not is_leaf(spec.role):
        return
    yield from _check_taken(entry, design, 'vtepIP', 'vtep', VTEP_IP_TAKEN)
    if spec.asn:
        for rival in rivals(design.claimants(('leaf-asn', spec.asn)), entry.identity):
            if not _may_share(spec, design.entry(rival.identity)):
                yield ASN_TAKEN.at(('spec', 'asn'), f'{name_rival(rival)} has this ASN; write another.')


def _management_address(settings: FabricSettings) -> str:
    below = f', below {settings.management_dhcp_start}' if settings.management_dhcp_start else ''
    return f'an address of {settings.management_subnet} with its prefix length{below}'


def _check_ip(text: str, settings: FabricSettings) -> Iterator[Problem]:
    path, subnet = ('spec', 'ip'), settings.management
    found = parse_interface(text)
    if found is None:
        message = f'Not an address with prefix length; write {_management_address(settings)}.'
        yield ADDRESS_MALFORMED.at(path, message)
        return
    address, first_of_dhcp = found[0], settings.management_dhcp_first
    if subnet and not subnet.holds(address):
        yield IP_OUTSIDE.at(path, f'{address} is outside the management subnet; write an address of {subnet}.')
    elif first_of_dhcp and address.family == first_of_dhcp.family and address.value >= first_of_dhcp.value:
        message = f'{address} may be handed out by DHCP; write an address below {first_of_dhcp}.'
        yield IP_IN_DHCP_RANGE.at(path, message)
    if address == settings.control:
        yield IP_OF_CONTROL.at(path, f'{address} is the address of the control nodes; write another.')


def _check_loopback(text: str, field: str, rule: Rule, subnet: Prefix | None) -> Iterator[Problem]:
    found = parse_interface(text)
    if found is None:
        wanted = f'an address of {subnet} with /32' if subnet else 'an address with /32'
        yield ADDRESS_MALFORMED.at(('spec', field), f'Not an address with prefix length; write {wanted}.')
    elif subnet and not (found[1].length == 32 and subnet.holds(found[0])):
        yield rule.at(
            ('spec', field), f'{text} is not a /32 inside {subnet}; write an address of that subnet with /32.'
        )


def _check_vtep_ip(spec: SwitchSpec, settings: FabricSettings) -> Iterator[Problem]:
    path = ('spec', 'vtepIP')
    if spec.role == SPINE and spec.vtepIP:
        yield VTEP_IP_ON_SPINE.at(
            path, 'A spine terminates no tunnels; remove the address, or write the role of a leaf.'
        )
    elif is_leaf(spec.role) and spec.vtepIP:
        yield from _check_loopback(spec.vtepIP, 'vtepIP', VTEP_IP_OUTSIDE, settings.vtep)
    elif is_leaf(spec.role) and settings.is_installed:
        yield VTEP_IP_MISSING.at(path, f'Missing; write an address of {settings.vtep_subnet} with /32.')


def _check_asn(entry: Entry[SwitchSpec], settings: FabricSettings) -> Iterator[Problem]:
    spec, path, span = entry.spec, ('spec', 'asn'), f'{settings.leaf_asn_start}-{settings.leaf_asn_end}'
    if not spec.asn:
        # Which one is due follows from the role: first things first.
        if settings.is_installed and not entry.is_faulty(('spec', 'role')):
            yield ASN_MISSING.at(path, f'Missing; write {_wanted_asn(spec, settings, span)}.')
        return
    if spec.role == SPINE and spec.asn != settings.spine_asn:
        yield ASN_NOT_OF_SPINES.at(path, f'{spec.asn} is not the ASN of the spines; write {settings.spine_asn}.')
    elif is_leaf(spec.role) and not settings.leaf_asn_start <= spec.asn <= settings.leaf_asn_end:
        yield ASN_OUTSIDE.at(path, f'{spec.asn} is outside the range for leaves; write one of {span}.')
    yield from warn_of_large_numbers(ASN_TOO_LARGE, iter(((path, spec.asn),)))


def _wanted_asn(spec: SwitchSpec, settings: FabricSettings, span: str) -> str:
    if is_leaf(spec.role):
        return f'one of {span}'
    return f'{settings.spine_asn}, that of the spines' if spec.role == SPINE else 'an ASN that no other switch has'


def _check_taken(entry: Entry[SwitchSpec], design: Design, field: str, thing: str, rule: Rule) -> Iterator[Problem]:
    address = _address(getattr(entry.spec, field))
    if address is None:
        return
    for rival in rivals(design.claimants((thing, address)), entry.identity):
        if thing != 'vtep' or not _may_share(entry.spec, design.entry(rival.identity)):
            yield rule.at(('spec', field), f'{name_rival(rival)} has the address {address}; write another.')


def _address(text: str | None) -> Address | None:
    found = parse_interface(text) if text else None
    return found[0] if found else None


def _may_share(spec: SwitchSpec, other: Entry[Structure] | None) -> bool:
    """Tell whether two switches may have the same ASN and VTEP address: a pair that was made one by MCLAG may."""
    return other is not None and isinstance(other.spec, SwitchSpec) and _is_mclag(spec) and _is_mclag(other.spec)


def _is_mclag(spec: SwitchSpec) -> bool:
    return spec.redundancy is not None and spec.redundancy.type == 'mclag'
