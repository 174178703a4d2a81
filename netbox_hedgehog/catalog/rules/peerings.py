"""The rules of the peerings through the switches: between two VPCs, and between a VPC and an external."""

from collections.abc import Iterator

from ..addresses import parse_prefix
from ..claims import Claim, claims
from ..design import Design, Entry
from ..fields import entries
from ..identity import DEFAULT_NAMESPACE
from ..paths import Path
from ..pools import ipv4_pool, vlan_pool
from ..problems import Problem, Severity
from ..settings import FabricSettings
from ..vpc import ExternalPeeringSpec, ExternalSpec, VPCPeeringSpec, VPCSpec
from .kind_rules import KindRules
from .rivals import name_rival, rivals
from .rule import Rule, Scope
from .subnets import lacks_subnet

__all__ = ('EXTERNAL_PEERING', 'VPC_PEERING')

VPC_PEERINGS_DISABLED = Rule(
    'vpc-peering-disabled', 'VPCs are peered only where the settings of the fabric allow it.', Scope.RESOURCE
)
VPC_REMOTE = Rule('vpc-peering-remote', 'A remote VPC peering is not supported since release 26.03.', Scope.RESOURCE)
VPC_PERMIT_MISSING = Rule('vpc-peering-permit-missing', 'A VPC peering permits something.', Scope.RESOURCE)
VPC_PERMIT_SIDES = Rule('vpc-peering-permit-sides', 'Each permit of a VPC peering names two VPCs.', Scope.RESOURCE)
VPC_PAIRS_DIFFER = Rule(
    'vpc-peering-pairs-differ', 'All permits of a VPC peering name the same two VPCs.', Scope.RESOURCE
)
VPC_UNKNOWN = Rule('vpc-peering-vpc-unknown', 'The VPCs of a VPC peering exist.', Scope.FABRIC)
VPC_SUBNET_UNKNOWN = Rule(
    'vpc-peering-subnet-unknown', 'The subnets of a VPC peering exist in their VPCs.', Scope.FABRIC
)
VPC_IPV4_NAMESPACES = Rule(
    'vpc-peering-ipv4-namespaces-differ', 'Peered VPCs are in the same IPv4 namespace.', Scope.FABRIC
)
VPC_VLAN_NAMESPACES = Rule(
    'vpc-peering-vlan-namespaces-differ', 'Peered VPCs are in the same VLAN namespace.', Scope.FABRIC
)
VPC_REPEATED = Rule(
    'vpc-peering-repeated',
    'Several peerings of the same two VPCs are accepted, but one is enough.',
    Scope.FABRIC,
    Severity.WARNING,
)

EXTERNAL_VPC_MISSING = Rule('external-peering-vpc-missing', 'An external peering names a VPC.', Scope.RESOURCE)
EXTERNAL_MISSING = Rule('external-peering-external-missing', 'An external peering names an external.', Scope.RESOURCE)
EXTERNAL_PREFIX_MISSING = Rule(
    'external-peering-prefix-missing', 'No prefix of an external peering is empty.', Scope.RESOURCE
)
EXTERNAL_PREFIX_UNREADABLE = Rule(
    'external-peering-prefix-unreadable',
    'The prefixes of an external peering are IPv4 prefixes; the fabric accepts any text, and permits nothing with it.',
    Scope.RESOURCE,
    Severity.WARNING,
)
EXTERNAL_SUBNETS_EMPTY = Rule(
    'external-peering-subnets-empty',
    'An external peering without subnets is accepted, but exposes nothing of the VPC.',
    Scope.RESOURCE,
    Severity.WARNING,
)
EXTERNAL_VPC_UNKNOWN = Rule('external-peering-vpc-unknown', 'The VPC of an external peering exists.', Scope.FABRIC)
EXTERNAL_UNKNOWN = Rule(
    'external-peering-external-unknown', 'The external of an external peering exists.', Scope.FABRIC
)
EXTERNAL_SUBNET_UNKNOWN = Rule(
    'external-peering-subnet-unknown', 'The subnets of an external peering exist in its VPC.', Scope.FABRIC
)
EXTERNAL_NAMESPACES = Rule(
    'external-peering-namespaces-differ',
    'VPC and external of an external peering are in the same IPv4 namespace.',
    Scope.FABRIC,
)

_PERMIT: Path = ('spec', 'permit')
_EXTERNAL_PERMIT_VPC: Path = ('spec', 'permit', 'vpc')
_EXTERNAL_PERMIT_EXTERNAL: Path = ('spec', 'permit', 'external')


def _check_vpc_peering(entry: Entry[VPCPeeringSpec], settings: FabricSettings) -> Iterator[Problem]:
    """Check what the admission code of VPCPeering does with the object alone."""
    spec = entry.spec
    if settings.vpc_peering_disabled:
        message = (
            'The settings of the fabric disable VPC peerings; remove this one, or write vpcPeeringDisabled: false.'
        )
        yield VPC_PEERINGS_DISABLED.at(('spec',), message)
    if spec.remote:
        yield VPC_REMOTE.at(('spec', 'remote'), 'Remote peerings are no longer supported; leave this out.')
    if not spec.permit:
        yield VPC_PERMIT_MISSING.at(_PERMIT, 'Nothing is permitted; write an item with two VPCs, each with {}.')
    pair: list[str] = []
    for position, permit in enumerate(spec.permit or []):
        path = (*_PERMIT, position)
        names = sorted(name for name, _ in entries(permit))
        if len(names) != 2:
            if not entry.is_faulty(path):
                message = f'Not two VPCs but {len(names)}; write exactly two, each with {{}} or with subnets.'
                yield VPC_PERMIT_SIDES.at(path, message)
            continue
        pair = pair or names
        if names != pair:
            message = f'Another permit names {pair[0]} and {pair[1]}; write the same two VPCs, or add another peering.'
            yield VPC_PAIRS_DIFFER.at(path, message)


def _check_vpc_peering_in_fabric(entry: Entry[VPCPeeringSpec], design: Design) -> Iterator[Problem]:
    """Check what the admission code of VPCPeering looks up."""
    for position, permit in enumerate(entry.spec.permit or []):
        peers: list[Entry[VPCSpec]] = []
        for name, side in entries(permit):
            path = (*_PERMIT, position, name)
            vpc = design.find(VPCSpec, name)
            if vpc is None:
                yield VPC_UNKNOWN.at(path, f'There is no VPC {name} in this fabric; add it, or write another.')
                continue
            peers.append(vpc)
            for place, subnet in enumerate(side.subnets or []):
                if lacks_subnet(vpc, subnet):
                    message = f'VPC {name} has no subnet {subnet}; add it, or write another.'
                    yield VPC_SUBNET_UNKNOWN.at((*path, 'subnets', place), message)
        if len(peers) == 2:
            yield from _check_namespaces((*_PERMIT, position), peers[0], peers[1], design)
    for claim in claims(entry.spec):
        rest = rivals(design.claimants(claim.thing), entry.identity) if isinstance(claim, Claim) else ()
        for rival in rest:
            message = f'{name_rival(rival)} joins the same two VPCs; write the permits of both into one.'
            yield VPC_REPEATED.at(_PERMIT, message)


def _check_namespaces(path: Path, one: Entry[VPCSpec], other: Entry[VPCSpec], design: Design) -> Iterator[Problem]:
    """Compare the namespaces of two VPCs; one that does not exist is told at its VPC."""
    for field, rule, pool_of in (
        ('ipv4Namespace', VPC_IPV4_NAMESPACES, ipv4_pool),
        ('vlanNamespace', VPC_VLAN_NAMESPACES, vlan_pool),
    ):
        mine, theirs = (getattr(vpc.spec, field) or DEFAULT_NAMESPACE for vpc in (one, other))
        is_told = one.is_faulty(('spec', field)) or other.is_faulty(('spec', field))
        if mine != theirs and not is_told and pool_of(design, mine) and pool_of(design, theirs):
            message = (
                f'VPC {one.name} has the {field} {mine}, VPC {other.name} has {theirs}; write two VPCs that share one.'
            )
            yield rule.at(path, message)


def _check_external_peering(entry: Entry[ExternalPeeringSpec], settings: FabricSettings) -> Iterator[Problem]:
    """Check what the admission code of ExternalPeering does with the object alone, and the text of the prefixes."""
    permit = entry.spec.permit
    vpc, external = (permit.vpc, permit.external) if permit else (None, None)
    if not (vpc and vpc.name):
        yield EXTERNAL_VPC_MISSING.at((*_EXTERNAL_PERMIT_VPC, 'name'), 'Missing; write the name of a VPC.')
    elif not vpc.subnets:
        message = 'Without subnets nothing of the VPC is exposed; write the subnets that the external may reach.'
        yield EXTERNAL_SUBNETS_EMPTY.at((*_EXTERNAL_PERMIT_VPC, 'subnets'), message)
    if not (external and external.name):
        yield EXTERNAL_MISSING.at((*_EXTERNAL_PERMIT_EXTERNAL, 'name'), 'Missing; write the name of an external.')
    for position, item in enumerate((external and external.prefixes) or []):
        path = (*_EXTERNAL_PERMIT_EXTERNAL, 'prefixes', position)
        if not item.prefix:
            if not entry.is_faulty(path):
                yield EXTERNAL_PREFIX_MISSING.at((*path, 'prefix'), 'Missing; write a prefix, 0.0.0.0/0 for all.')
            continue
        prefix = parse_prefix(item.prefix)
        if prefix is None or prefix.family != 4:
            message = 'Not an IPv4 prefix; write one such as 10.1.0.0/16, or 0.0.0.0/0 for all.'
            yield EXTERNAL_PREFIX_UNREADABLE.at((*path, 'prefix'), message)


def _check_external_peering_in_fabric(entry: Entry[ExternalPeeringSpec], design: Design) -> Iterator[Problem]:
    """Check what the admission code of ExternalPeering looks up."""
    permit = entry.spec.permit
    side = permit.vpc if permit else None
    vpc_name = (side and side.name) or ''
    external_name = (permit and permit.external and permit.external.name) or ''
    vpc = design.find(VPCSpec, vpc_name)
    external = design.find(ExternalSpec, external_name)
    if vpc_name and vpc is None:
        message = f'There is no VPC {vpc_name} in this fabric; add it, or write another.'
        yield EXTERNAL_VPC_UNKNOWN.at((*_EXTERNAL_PERMIT_VPC, 'name'), message)
    if external_name and external is None:
        message = f'There is no External {external_name} in this fabric; add it, or write another.'
        yield EXTERNAL_UNKNOWN.at((*_EXTERNAL_PERMIT_EXTERNAL, 'name'), message)
    for position, subnet in enumerate((side and side.subnets) or []):
        if vpc and lacks_subnet(vpc, subnet):
            message = f'VPC {vpc_name} has no subnet {subnet}; add it, or write another.'
            yield EXTERNAL_SUBNET_UNKNOWN.at((*_EXTERNAL_PERMIT_VPC, 'subnets', position), message)
    if vpc and external:
        yield from _check_ipv4_namespace(vpc, external, design)


def _check_ipv4_namespace(vpc: Entry[VPCSpec], external: Entry[ExternalSpec], design: Design) -> Iterator[Problem]:
    field: Path = ('spec', 'ipv4Namespace')
    ours, theirs = vpc.spec.ipv4Namespace or DEFAULT_NAMESPACE, external.spec.ipv4Namespace or DEFAULT_NAMESPACE
    is_told = vpc.is_faulty(field) or external.is_faulty(field)
    if ours != theirs and not is_told and ipv4_pool(design, ours) and ipv4_pool(design, theirs):
        message = (
            f'VPC {vpc.name} is in the IPv4 namespace {ours}, External {external.name} in {theirs}; '
            'write an external of the same one.'
        )
        yield EXTERNAL_NAMESPACES.at((*_EXTERNAL_PERMIT_EXTERNAL, 'name'), message)


VPC_PEERING: KindRules[VPCPeeringSpec] = KindRules(
    rules=(
        VPC_PEERINGS_DISABLED,
        VPC_REMOTE,
        VPC_PERMIT_MISSING,
        VPC_PERMIT_SIDES,
        VPC_PAIRS_DIFFER,
        VPC_UNKNOWN,
        VPC_SUBNET_UNKNOWN,
        VPC_IPV4_NAMESPACES,
        VPC_VLAN_NAMESPACES,
        VPC_REPEATED,
    ),
    own=_check_vpc_peering,
    fabric=_check_vpc_peering_in_fabric,
)
EXTERNAL_PEERING: KindRules[ExternalPeeringSpec] = KindRules(
    rules=(
        EXTERNAL_VPC_MISSING,
        EXTERNAL_MISSING,
        EXTERNAL_PREFIX_MISSING,
        EXTERNAL_PREFIX_UNREADABLE,
        EXTERNAL_SUBNETS_EMPTY,
        EXTERNAL_VPC_UNKNOWN,
        EXTERNAL_UNKNOWN,
        EXTERNAL_SUBNET_UNKNOWN,
        EXTERNAL_NAMESPACES,
    ),
    own=_check_external_peering,
    fabric=_check_external_peering_in_fabric,
)
