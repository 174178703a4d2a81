"""The rules of external attachments: the admission code of ExternalAttachment. Its ACL has a module of its own."""

from collections.abc import Iterator

from ..addresses import parse_address, parse_interface
from ..design import Design, Entry
from ..paths import Path
from ..ports import connection_type
from ..problems import Problem, Severity
from ..settings import FabricSettings
from ..vpc import ExternalAttachmentSpec, ExternalSpec, StaticAttachment
from ..wiring import ConnectionSpec
from . import inbound_acl
from .common import warn_of_large_numbers
from .kind_rules import KindRules
from .rivals import name_rival, rivals
from .rule import Rule, Scope

__all__ = ('EXTERNAL_ATTACHMENT',)

EXTERNAL_MISSING = Rule('external-attachment-external-missing', 'An attachment names its external.', Scope.RESOURCE)
CONNECTION_MISSING = Rule(
    'external-attachment-connection-missing', 'An attachment names its connection.', Scope.RESOURCE
)
SWITCH_ADDRESS = Rule(
    'external-attachment-switch-address',
    'A BGP attachment has the address of the switch, with its prefix length.',
    Scope.RESOURCE,
)
NEIGHBOR_ASN = Rule(
    'external-attachment-neighbor-asn', 'A BGP attachment has the ASN of the neighbour.', Scope.RESOURCE
)
NEIGHBOR_ADDRESS = Rule(
    'external-attachment-neighbor-address',
    'A BGP attachment has the address of the neighbour, without a prefix length.',
    Scope.RESOURCE,
)
STATIC_WITH_BGP = Rule(
    'external-attachment-static-with-bgp',
    'A static attachment has nothing in switch and neighbor, which belong to BGP.',
    Scope.RESOURCE,
)
REMOTE_ADDRESS = Rule(
    'external-attachment-remote-address', 'A static attachment has the address of the external.', Scope.RESOURCE
)
ADDRESS_OR_PROXY = Rule(
    'external-attachment-address-or-proxy',
    'A static attachment has either an address of the switch or proxy.',
    Scope.RESOURCE,
)
STATIC_ADDRESS = Rule(
    'external-attachment-static-address',
    'The address of the switch in a static attachment has a prefix length.',
    Scope.RESOURCE,
)
NOT_IPV4 = Rule(
    'external-attachment-not-ipv4',
    'The addresses of an attachment are IPv4 addresses.',
    Scope.RESOURCE,
    Severity.WARNING,
)
LARGE_ASN = Rule(
    'external-attachment-asn-above-int32',
    'The ASN of the neighbour is at most 2147483647, the largest that newer clusters store.',
    Scope.RESOURCE,
    Severity.WARNING,
)
EXTERNAL_UNKNOWN = Rule('external-attachment-external-unknown', 'The external of an attachment exists.', Scope.FABRIC)
STATIC_MISMATCH = Rule(
    'external-attachment-static-mismatch',
    'An attachment is static exactly if its external is.',
    Scope.FABRIC,
)
CONNECTION_UNKNOWN = Rule(
    'external-attachment-connection-unknown', 'The connection of an attachment exists.', Scope.FABRIC
)
CONNECTION_TYPE = Rule(
    'external-attachment-connection-type', 'The connection of an external attachment is of type external.', Scope.FABRIC
)
VLAN_TAKEN = Rule(
    'external-attachment-vlan-taken',
    'The attachments of one connection have different VLANs, and at most one of them has none.',
    Scope.FABRIC,
)

_OUR_ADDRESS = 'the address of the switch port with its prefix length, such as 100.1.10.1/24'


def _check_own(entry: Entry[ExternalAttachmentSpec], settings: FabricSettings) -> Iterator[Problem]:
    spec = entry.spec
    if not spec.external:
        yield EXTERNAL_MISSING.at(('spec', 'external'), 'Missing; write the name of an external.')
    if not spec.connection:
        yield CONNECTION_MISSING.at(('spec', 'connection'), 'Missing; write the name of a connection of type external.')
    if spec.static is not None:
        yield from _check_static(spec, spec.static)
    elif not entry.is_faulty(('spec', 'static')):
        yield from _check_bgp(entry)
    asn: Path = ('spec', 'neighbor', 'asn')
    yield from warn_of_large_numbers(LARGE_ASN, iter(((asn, spec.neighbor.asn),)))
    yield from inbound_acl.check(entry)


def _check_bgp(entry: Entry[ExternalAttachmentSpec]) -> Iterator[Problem]:
    switch, neighbor = entry.spec.switch, entry.spec.neighbor
    if not entry.is_faulty(('spec', 'switch')):
        yield from _check_interface(SWITCH_ADDRESS, ('spec', 'switch', 'ip'), switch.ip)
    if entry.is_faulty(('spec', 'neighbor')):
        return
    if not neighbor.asn:
        message = 'Missing; write the ASN of the external router, such as 64102.'
        yield NEIGHBOR_ASN.at(('spec', 'neighbor', 'asn'), message)
    yield from _check_address(NEIGHBOR_ADDRESS, ('spec', 'neighbor', 'ip'), neighbor.ip, 'the external router')


def _check_static(spec: ExternalAttachmentSpec, static: StaticAttachment) -> Iterator[Problem]:
    for side, field, value in (
        ('switch', 'ip', spec.switch.ip),
        ('switch', 'vlan', spec.switch.vlan),
        ('neighbor', 'asn', spec.neighbor.asn),
        ('neighbor', 'ip', spec.neighbor.ip),
    ):
        if value:
            message = 'A static attachment does not speak BGP; leave this out, or remove static.'
            yield STATIC_WITH_BGP.at(('spec', side, field), message)
    yield from _check_address(REMOTE_ADDRESS, ('spec', 'static', 'remoteIP'), static.remoteIP, 'the external')
    if static.ip and static.proxy:
        message = 'Not together with proxy; leave one of the two out.'
        yield ADDRESS_OR_PROXY.at(('spec', 'static', 'ip'), message)
    elif static.ip:
        yield from _check_interface(STATIC_ADDRESS, ('spec', 'static', 'ip'), static.ip)
    elif not static.proxy:
        message = f'Missing; write {_OUR_ADDRESS}, or proxy: true.'
        yield ADDRESS_OR_PROXY.at(('spec', 'static', 'ip'), message)


def _check_interface(rule: Rule, path: Path, text: str | None) -> Iterator[Problem]:
    found = parse_interface(text or '')
    if found is None:
        problem = 'Not an address with prefix length' if text else 'Missing'
        yield rule.at(path, f'{problem}; write {_OUR_ADDRESS}.')
    elif found[0].family != 4:
        yield NOT_IPV4.at(path, f'The fabric routes IPv4 only; write {_OUR_ADDRESS}.')


def _check_address(rule: Rule, path: Path, text: str | None, owner: str) -> Iterator[Problem]:
    found, advice = parse_address(text or ''), f'write that of {owner}, such as 100.1.10.6'
    if found is not None:
        if found.family != 4:
            yield NOT_IPV4.at(path, f'The fabric routes IPv4 only; {advice}.')
    elif (with_length := parse_interface(text or '')) and with_length[0].family == 4:
        yield rule.at(path, f'An address without prefix length is due; write {with_length[0]}.')
    else:
        yield rule.at(path, f'{"Not an IP address" if text else "Missing address"}; {advice}.')


def _check_fabric(entry: Entry[ExternalAttachmentSpec], design: Design) -> Iterator[Problem]:
    yield from _check_external(entry, design)
    name = entry.spec.connection
    if not name:
        return
    connection = design.find(ConnectionSpec, name)
    if connection is None:
        message = f'There is no Connection {name} in this fabric; add it, or write another.'
        yield CONNECTION_UNKNOWN.at(('spec', 'connection'), message)
        return
    found = connection_type(connection.spec)
    if connection.spec.external is None and found and not connection.is_faulty(('spec',)):
        message = f'Connection {name} is of type {found}; write one of type external.'
        yield CONNECTION_TYPE.at(('spec', 'connection'), message)
    yield from _check_vlan(entry, design, name)


def _check_external(entry: Entry[ExternalAttachmentSpec], design: Design) -> Iterator[Problem]:
    spec = entry.spec
    if not spec.external:
        return
    external = design.find(ExternalSpec, spec.external)
    if external is None:
        message = f'There is no External {spec.external} in this fabric; add it, or write another.'
        yield EXTERNAL_UNKNOWN.at(('spec', 'external'), message)
    elif entry.is_faulty(('spec', 'static')) or external.is_faulty(('spec', 'static')):
        return
    elif spec.static is None and external.spec.static is not None:
        message = f'External {spec.external} is static; write static here, too, or attach another external.'
        yield STATIC_MISMATCH.at(('spec', 'static'), message)
    elif spec.static is not None and external.spec.static is None:
        message = f'External {spec.external} is not static; remove static, or attach another external.'
        yield STATIC_MISMATCH.at(('spec', 'static'), message)


def _check_vlan(entry: Entry[ExternalAttachmentSpec], design: Design, connection: str) -> Iterator[Problem]:
    spec = entry.spec
    place, vlan = ('switch', spec.switch.vlan) if spec.static is None else ('static', spec.static.vlan)
    if entry.is_faulty(('spec', place)):
        return
    for rival in rivals(design.claimants(('external-vlan', connection, vlan or 0)), entry.identity):
        taken = f'VLAN {vlan}' if vlan else 'no VLAN'
        message = f'{name_rival(rival)} uses {taken} on connection {connection}, too; write another VLAN.'
        yield VLAN_TAKEN.at(('spec', place, 'vlan'), message)


EXTERNAL_ATTACHMENT: KindRules[ExternalAttachmentSpec] = KindRules(
    rules=(
        EXTERNAL_MISSING,
        CONNECTION_MISSING,
        SWITCH_ADDRESS,
        NEIGHBOR_ASN,
        NEIGHBOR_ADDRESS,
        STATIC_WITH_BGP,
        REMOTE_ADDRESS,
        ADDRESS_OR_PROXY,
        STATIC_ADDRESS,
        NOT_IPV4,
        LARGE_ASN,
        *inbound_acl.RULES,
        EXTERNAL_UNKNOWN,
        STATIC_MISMATCH,
        CONNECTION_UNKNOWN,
        CONNECTION_TYPE,
        VLAN_TAKEN,
    ),
    own=_check_own,
    fabric=_check_fabric,
)
