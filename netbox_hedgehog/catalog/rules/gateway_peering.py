"""The rules of gateway peerings: the admission code of GatewayPeering. The ACL has a module of its own."""

from collections.abc import Iterator

from ..addresses import parse_prefix
from ..design import Design, Entry
from ..fields import entries
from ..gateway import Expose, ExposedPrefix, GatewayPeeringSpec, PeeringSide
from ..identity import DEFAULT_NAMESPACE
from ..paths import Path
from ..problems import Problem
from ..references import EXTERNAL_PREFIX
from ..settings import FabricSettings
from ..vpc import ExternalSpec, VPCSpec
from . import exposed_prefixes, peering_acl, peering_nat
from .gateway import has_group
from .kind_rules import KindRules
from .rule import Rule, Scope

__all__ = ('GATEWAY_PEERING',)

DISABLED = Rule(
    'gateway-peering-disabled', 'A fabric has gateway peerings only where its settings enable gateways.', Scope.RESOURCE
)
SIDES = Rule('gateway-peering-sides', 'A gateway peering has exactly two sides.', Scope.RESOURCE)
DEFAULT_ALONE = Rule(
    'gateway-peering-default-alone', 'An entry that exposes the default route has nothing else.', Scope.RESOURCE
)
NOTHING_EXPOSED = Rule(
    'gateway-peering-nothing-exposed', 'An entry exposes at least one range of addresses.', Scope.RESOURCE
)
ADDRESS_CHOICE = Rule(
    'gateway-peering-address-choice',
    'A range of addresses has exactly one of cidr, not and vpcSubnet; under as, of cidr and not.',
    Scope.RESOURCE,
)
SUBNET_OF_EXTERNAL = Rule(
    'gateway-peering-subnet-of-external', 'An external exposes prefixes, because it has no subnets.', Scope.RESOURCE
)
GROUP_UNKNOWN = Rule('gateway-peering-group-unknown', 'The gateway group of a peering exists.', Scope.FABRIC)
VPC_UNKNOWN = Rule('gateway-peering-vpc-unknown', 'The VPCs of a gateway peering exist.', Scope.FABRIC)
EXTERNAL_UNKNOWN = Rule('gateway-peering-external-unknown', 'The externals of a gateway peering exist.', Scope.FABRIC)
PREFIX_OUTSIDE = Rule(
    'gateway-peering-prefix-outside', 'A prefix that a VPC exposes lies inside one of its subnets.', Scope.FABRIC
)
SUBNET_UNKNOWN = Rule('gateway-peering-subnet-unknown', 'A subnet that a VPC exposes exists.', Scope.FABRIC)


def _check_own(entry: Entry[GatewayPeeringSpec], settings: FabricSettings) -> Iterator[Problem]:
    if not settings.enable_gateway:
        message = 'The fabric has no gateway support; remove this, or enable it in the settings.'
        yield DISABLED.at(('spec',), message)
    sides = dict(entries(entry.spec.peering))
    if len(sides) != 2 and not entry.is_faulty(('spec', 'peering')):
        message = f'Not two sides but {len(sides)}; write exactly two, {{}} for one that exposes nothing.'
        yield SIDES.at(('spec', 'peering'), message)
    for name, side in sides.items():
        yield from _check_side(entry, name, side)
    yield from peering_nat.check_sides(sides)
    yield from peering_acl.check_own(entry)


def _check_side(entry: Entry[GatewayPeeringSpec], name: str, side: PeeringSide) -> Iterator[Problem]:
    for position, expose in enumerate(side.expose or []):
        path: Path = ('spec', 'peering', name, 'expose', position)
        if expose.default and (expose.ips or expose.as_ or expose.nat):
            yield DEFAULT_ALONE.at(
                (*path, 'default'), 'Not together with ips, as and nat; leave this out, or leave them out.'
            )
        elif not (expose.default or expose.ips or entry.is_faulty((*path, 'default'))):
            message = 'Nothing is exposed; write at least one item with cidr, or default: true instead of ips.'
            yield NOTHING_EXPOSED.at((*path, 'ips'), message)
        yield from _check_addresses(entry, path, name, expose)
        if not entry.is_faulty((*path, 'nat')):
            yield from peering_nat.check_expose(path, expose)


def _check_addresses(entry: Entry[GatewayPeeringSpec], path: Path, name: str, expose: Expose) -> Iterator[Problem]:
    for position, item in enumerate(expose.ips or []):
        where: Path = (*path, 'ips', position)
        if item.vpcSubnet and name.startswith(EXTERNAL_PREFIX):
            message = 'An external has no subnets; write cidr instead.'
            yield SUBNET_OF_EXTERNAL.at((*where, 'vpcSubnet'), message)
        if not entry.is_faulty(where):
            yield from _check_choice(where, (item.cidr, item.not_, item.vpcSubnet), 'cidr, not and vpcSubnet')
        yield from exposed_prefixes.check_form(where, item.cidr, item.not_)
    for position, translated in enumerate(expose.as_ or []):
        where = (*path, 'as', position)
        if not entry.is_faulty(where):
            yield from _check_choice(where, (translated.cidr, translated.not_), 'cidr and not')
        yield from exposed_prefixes.check_form(where, translated.cidr, translated.not_)


def _check_choice(path: Path, values: tuple[str | None, ...], names: str) -> Iterator[Problem]:
    count = sum(map(bool, values))
    if count != 1:
        problem = 'More than one is set' if count else 'Nothing is set'
        yield ADDRESS_CHOICE.at(path, f'{problem}; write exactly one of {names}.')


def _check_fabric(entry: Entry[GatewayPeeringSpec], design: Design) -> Iterator[Problem]:
    group = entry.spec.gatewayGroup or DEFAULT_NAMESPACE
    if not has_group(design, group):
        message = f'There is no GatewayGroup {group} in this fabric; add it, or write another.'
        yield GROUP_UNKNOWN.at(('spec', 'gatewayGroup'), message)
    for name, side in entries(entry.spec.peering):
        yield from _check_peer(name, side, design)
    yield from exposed_prefixes.check_rivals(entry, design)
    yield from peering_acl.check_subnets(entry, design)


def _check_peer(name: str, side: PeeringSide, design: Design) -> Iterator[Problem]:
    path: Path = ('spec', 'peering', name)
    if name.startswith(EXTERNAL_PREFIX):
        external = name.removeprefix(EXTERNAL_PREFIX)
        # Of what an external exposes upstream checks nothing: only of a static one the prefixes are known.
        if design.find(ExternalSpec, external) is None:
            message = f'There is no External {external} in this fabric; add it, or write another.'
            yield EXTERNAL_UNKNOWN.at(path, message)
        return
    vpc = design.find(VPCSpec, name)
    if vpc is None:
        yield VPC_UNKNOWN.at(path, f'There is no VPC {name} in this fabric; add it, or write another.')
        return
    for position, expose in enumerate(side.expose or []):
        if expose.default:
            continue
        for place, item in enumerate(expose.ips or []):
            yield from _check_exposed((*path, 'expose', position, 'ips', place), item, vpc)


def _check_exposed(path: Path, item: ExposedPrefix, vpc: Entry[VPCSpec]) -> Iterator[Problem]:
    if vpc.is_faulty(('spec', 'subnets')):
        return
    subnets = {name: parse_prefix(subnet.subnet or '') for name, subnet in entries(vpc.spec.subnets)}
    prefix = parse_prefix(item.cidr or '')
    # A subnet that cannot be read may be the one that holds the prefix.
    if prefix and not any(subnet is None or subnet.holds(prefix) for subnet in subnets.values()):
        message = f'{prefix} lies in no subnet of VPC {vpc.name}; write one that lies inside a single subnet.'
        yield PREFIX_OUTSIDE.at((*path, 'cidr'), message)
    if item.vpcSubnet and item.vpcSubnet not in subnets:
        message = f'VPC {vpc.name} has no subnet {item.vpcSubnet}; add it, or write another.'
        yield SUBNET_UNKNOWN.at((*path, 'vpcSubnet'), message)


GATEWAY_PEERING: KindRules[GatewayPeeringSpec] = KindRules(
    rules=(
        DISABLED,
        SIDES,
        DEFAULT_ALONE,
        NOTHING_EXPOSED,
        ADDRESS_CHOICE,
        SUBNET_OF_EXTERNAL,
        *peering_nat.RULES,
        *peering_acl.RULES,
        GROUP_UNKNOWN,
        VPC_UNKNOWN,
        EXTERNAL_UNKNOWN,
        PREFIX_OUTSIDE,
        SUBNET_UNKNOWN,
        *exposed_prefixes.RULES,
    ),
    own=_check_own,
    fabric=_check_fabric,
)
