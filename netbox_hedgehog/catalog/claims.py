"""What each resource takes that a fabric has only once: ports, VLANs, addresses, prefixes, numbers."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .addresses import Prefix, is_mac, normal_mac, parse_interface, parse_prefix
from .fields import Structure, entries
from .gateway import Expose, ExposedPrefix, GatewayPeeringSpec, GatewaySpec, TranslatedPrefix
from .identity import DEFAULT_NAMESPACE
from .paths import Path
from .ports import REMOVED_CONNECTION_TYPES, canonical_port, connection_type, links
from .roles import is_leaf
from .vpc import ExternalAttachmentSpec, VPCAttachmentSpec, VPCPeeringSpec, VPCSpec
from .wiring import ConnectionSpec, SwitchSpec

__all__ = ('DEFAULT_SUBNET', 'Claim', 'PrefixClaim', 'claims', 'split_subnet')

# What an attachment means that names a VPC alone.
DEFAULT_SUBNET = 'default'


class Claim(NamedTuple):
    """A thing that a fabric has only once, and the field that takes it.

    `thing` begins with a word that tells what it is: ('port', 'leaf-01/E1/1'), ('vlan', 'default', 1001).
    """

    thing: tuple[Hashable, ...]
    path: Path


class PrefixClaim(NamedTuple):
    """A prefix that must not overlap others of its pool, an IPv4 namespace for example, and the field that takes it."""

    pool: tuple[Hashable, ...]
    prefix: Prefix
    path: Path


def claims(spec: Structure) -> Iterator[Claim | PrefixClaim]:
    """Yield what a resource with this spec takes."""
    found = _CLAIMS.get(type(spec))
    if found:
        yield from found(spec)


def split_subnet(text: str) -> tuple[str, str]:
    """Read `<VPC>/<subnet>`; a VPC alone means its default subnet."""
    vpc, slash, subnet = text.partition('/')
    return vpc, subnet if slash else DEFAULT_SUBNET


def _of_vpc(spec: VPCSpec) -> Iterator[Claim | PrefixClaim]:
    vlans, prefixes = spec.vlanNamespace or DEFAULT_NAMESPACE, ('ipv4', spec.ipv4Namespace or DEFAULT_NAMESPACE)
    for name, subnet in entries(spec.subnets):
        path: Path = ('spec', 'subnets', name)
        if subnet.vlan:
            yield Claim(('vlan', vlans, subnet.vlan), (*path, 'vlan'))
        if prefix := parse_prefix(subnet.subnet or ''):
            yield PrefixClaim(prefixes, prefix, (*path, 'subnet'))
        for text, _ in entries(subnet.hostBGPExtraPrefixes):
            if subnet.hostBGP and (extra := parse_prefix(text)):
                yield PrefixClaim(prefixes, extra, (*path, 'hostBGPExtraPrefixes', text))


def _of_vpc_attachment(spec: VPCAttachmentSpec) -> Iterator[Claim]:
    if spec.subnet and spec.connection:
        yield Claim(('attachment', spec.connection, *split_subnet(spec.subnet)), ('spec', 'subnet'))
    if spec.connection and spec.nativeVLAN:
        yield Claim(('native-vlan', spec.connection), ('spec', 'nativeVLAN'))


def _of_vpc_peering(spec: VPCPeeringSpec) -> Iterator[Claim]:
    pair = sorted({name for permit in spec.permit or [] for name, _ in entries(permit)})
    if len(pair) == 2:
        yield Claim(('peered', *pair), ('spec', 'permit'))


def _of_external_attachment(spec: ExternalAttachmentSpec) -> Iterator[Claim]:
    if not spec.connection:
        return
    place, vlan = ('switch', spec.switch.vlan) if spec.static is None else ('static', spec.static.vlan)
    yield Claim(('external-vlan', spec.connection, vlan or 0), ('spec', place, 'vlan'))


def _of_connection(spec: ConnectionSpec) -> Iterator[Claim]:
    if connection_type(spec) in REMOVED_CONNECTION_TYPES:
        return
    for link in links(spec):
        for end in link:
            if end.is_complete:
                yield Claim(('port', canonical_port(end.port)), (*end.path, 'port'))
        # The address towards an external is no part of the fabric: another switch may have the same.
        if len(link) == 2 and all(end.ip for end in link):
            for end in link:
                if found := parse_interface(end.ip):
                    yield Claim(('link-address', found[0]), (*end.path, 'ip'))


def _of_switch(spec: SwitchSpec) -> Iterator[Claim]:
    for field, thing in (('ip', 'management'), ('protocolIP', 'protocol'), ('vtepIP', 'vtep')):
        if found := parse_interface(getattr(spec, field) or ''):
            yield Claim((thing, found[0]), ('spec', field))
    if spec.asn and is_leaf(spec.role):
        yield Claim(('leaf-asn', spec.asn), ('spec', 'asn'))


def _of_gateway(spec: GatewaySpec) -> Iterator[Claim]:
    for field, thing in (('protocolIP', 'protocol'), ('vtepIP', 'vtep')):
        if found := parse_interface(getattr(spec, field) or ''):
            yield Claim((thing, found[0]), ('spec', field))
    if spec.vtepMAC and is_mac(spec.vtepMAC):
        yield Claim(('vtep-mac', normal_mac(spec.vtepMAC)), ('spec', 'vtepMAC'))
    if not spec.groups:
        yield Claim(('gateway-group', DEFAULT_NAMESPACE), ('spec', 'groups'))
    for position, group in enumerate(spec.groups or []):
        if group.name:
            yield Claim(('gateway-group', group.name), ('spec', 'groups', position, 'name'))


def _of_gateway_peering(spec: GatewayPeeringSpec) -> Iterator[Claim | PrefixClaim]:
    sides = dict(entries(spec.peering))
    for name, side in sides.items():
        exposed = [found for position, expose in enumerate(side.expose or []) for found in _exposed(position, expose)]
        for other in sides:
            if other != name:
                yield from _exposed_to(other, ('spec', 'peering', name, 'expose'), exposed)


def _exposed_to(side: str, path: Path, exposed: Sequence[tuple[Path, str]]) -> Iterator[Claim | PrefixClaim]:
    """Yield what a side of a peering, a VPC or an external, sees; and apart from that what has no prefix of its own."""
    for where, cidr in exposed:
        yield Claim(('exposing-to', side), (*path, *where))
        if not cidr:
            yield Claim(('exposing-unseen-to', side), (*path, *where))
        elif prefix := parse_prefix(cidr):
            yield PrefixClaim(('exposed-to', side), prefix, (*path, *where, 'cidr'))


def _exposed(position: int, expose: Expose) -> Iterator[tuple[Path, str]]:
    """Yield the items that the other side sees, the translated ones if there are any; a default route is none."""
    if expose.default:
        return
    field = 'as' if expose.as_ else 'ips'
    items: Sequence[TranslatedPrefix | ExposedPrefix] = expose.as_ or expose.ips or []
    for place, item in enumerate(items):
        yield (position, field, place), item.cidr or ''


_CLAIMS: Mapping[type[Structure], Callable[[Any], Iterator[Claim | PrefixClaim]]] = {
    VPCSpec: _of_vpc,
    VPCAttachmentSpec: _of_vpc_attachment,
    VPCPeeringSpec: _of_vpc_peering,
    ExternalAttachmentSpec: _of_external_attachment,
    ConnectionSpec: _of_connection,
    SwitchSpec: _of_switch,
    GatewaySpec: _of_gateway,
    GatewayPeeringSpec: _of_gateway_peering,
}
