"""The rules of VPC attachments: what the admission code of VPCAttachment checks, and what it looks up."""

from collections.abc import Iterator

from ..addresses import parse_prefix
from ..claims import split_subnet
from ..design import Design, Entry
from ..identity import DEFAULT_NAMESPACE
from ..paths import Path
from ..pools import vlan_pool
from ..ports import CONNECTION_TYPES, connection_type, links
from ..problems import Problem
from ..profiles import PROFILES
from ..settings import FabricSettings
from ..vpc import VPCAttachmentSpec, VPCSpec, VPCSubnet
from ..wiring import ConnectionSpec, SwitchSpec
from .kind_rules import KindRules
from .rivals import name_rival, rivals
from .rule import Rule, Scope
from .subnets import has_label_form, lacks_subnet

__all__ = ('VPC_ATTACHMENT',)

_ATTACHABLE = ('unbundled', 'bundled', 'eslag')
_P2P_LINK = 'fabric.githedgehog.com/p2p-link'
# What a switch has to know for a VPC, by the mode of the VPC.
_FEATURES = {'': frozenset({'l2vni', 'l3vni'}), 'l3vni': frozenset({'l3vni'})}
_SUBNET: Path = ('spec', 'subnet')
_CONNECTION: Path = ('spec', 'connection')
_NATIVE_VLAN: Path = ('spec', 'nativeVLAN')

SUBNET_MISSING = Rule('vpc-attachment-subnet-missing', 'An attachment names a VPC and its subnet.', Scope.RESOURCE)
SUBNET_NAME = Rule(
    'vpc-attachment-subnet-name', 'The name of the attached subnet may become the value of a label.', Scope.RESOURCE
)
CONNECTION_MISSING = Rule('vpc-attachment-connection-missing', 'An attachment names a connection.', Scope.RESOURCE)
P2P_LINK = Rule('vpc-attachment-p2p-link', 'The annotation p2p-link is an IPv4 /31.', Scope.RESOURCE)

VPC_UNKNOWN = Rule('vpc-attachment-vpc-unknown', 'The attached VPC exists.', Scope.FABRIC)
SUBNET_UNKNOWN = Rule('vpc-attachment-subnet-unknown', 'The attached subnet exists in its VPC.', Scope.FABRIC)
CONNECTION_UNKNOWN = Rule('vpc-attachment-connection-unknown', 'The connection of an attachment exists.', Scope.FABRIC)
CONNECTION_TYPE = Rule(
    'vpc-attachment-connection-type', 'VPCs attach to unbundled, bundled and eslag connections.', Scope.FABRIC
)
MODE_ESLAG = Rule(
    'vpc-attachment-mode-eslag', 'A VPC of the mode l3vni does not attach to eslag connections.', Scope.FABRIC
)
HOST_BGP_CONNECTION = Rule(
    'vpc-attachment-host-bgp-connection', 'A hostBGP subnet attaches to unbundled connections alone.', Scope.FABRIC
)
HOST_BGP_NATIVE = Rule(
    'vpc-attachment-host-bgp-native-vlan', 'A hostBGP subnet is not attached as native VLAN.', Scope.FABRIC
)
HOST_BGP_MCLAG = Rule(
    'vpc-attachment-host-bgp-mclag', 'A hostBGP subnet does not attach to a switch of an MCLAG pair.', Scope.FABRIC
)
SWITCH_NAMESPACE = Rule(
    'vpc-attachment-vlan-namespace', 'The switches of an attachment have the VLAN namespace of the VPC.', Scope.FABRIC
)
SWITCH_MODE = Rule('vpc-attachment-mode', 'The switches of an attachment can do the mode of the VPC.', Scope.FABRIC)
REPEATED = Rule('vpc-attachment-repeated', 'A subnet is attached to a connection once.', Scope.FABRIC)
NATIVE_REPEATED = Rule(
    'vpc-attachment-native-vlan-repeated', 'A connection has one attachment with native VLAN at most.', Scope.FABRIC
)


def _check_own(entry: Entry[VPCAttachmentSpec], settings: FabricSettings) -> Iterator[Problem]:
    vpc, subnet = split_subnet(entry.spec.subnet or '')
    if not (vpc and subnet):
        yield SUBNET_MISSING.at(_SUBNET, 'Names no VPC with a subnet; write <VPC>/<subnet>, such as vpc-1/default.')
    elif not has_label_form(subnet):
        message = f'The name {subnet} cannot be the value of a label; write another subnet, or rename this one.'
        yield SUBNET_NAME.at(_SUBNET, message)
    if not entry.spec.connection:
        yield CONNECTION_MISSING.at(_CONNECTION, 'Missing; write the name of a connection.')
    link = entry.declaration.annotation(_P2P_LINK)
    if link is not None:
        prefix = parse_prefix(link)
        if prefix is None or (prefix.family, prefix.length) != (4, 31):
            message = 'Not an IPv4 /31; write one such as 10.0.0.0/31, or leave it out.'
            yield P2P_LINK.at(('metadata', 'annotations', _P2P_LINK), message)


def _check_fabric(entry: Entry[VPCAttachmentSpec], design: Design) -> Iterator[Problem]:
    vpc_name, subnet_name = split_subnet(entry.spec.subnet or '')
    vpc = design.find(VPCSpec, vpc_name)
    if vpc_name and vpc is None:
        yield VPC_UNKNOWN.at(_SUBNET, f'There is no VPC {vpc_name} in this fabric; add it, or write another.')
    if vpc and has_label_form(subnet_name) and lacks_subnet(vpc, subnet_name):
        message = f'VPC {vpc_name} has no subnet {subnet_name}; add it, or write another.'
        yield SUBNET_UNKNOWN.at(_SUBNET, message)
    connection_name = entry.spec.connection or ''
    connection = design.find(ConnectionSpec, connection_name)
    if connection_name and connection is None:
        message = f'There is no Connection {connection_name} in this fabric; add it, or write another.'
        yield CONNECTION_UNKNOWN.at(_CONNECTION, message)
    if connection:
        yield from _check_connection(entry, vpc, subnet_name, connection, design)
    yield from _check_rivals(entry, (vpc_name, subnet_name), design)


def _check_connection(
    entry: Entry[VPCAttachmentSpec],
    vpc: Entry[VPCSpec] | None,
    subnet_name: str,
    connection: Entry[ConnectionSpec],
    design: Design,
) -> Iterator[Problem]:
    """Check the connection, and whether it takes the VPC. One without a type is itself at fault."""
    kind = connection_type(connection.spec)
    if kind not in _ATTACHABLE:
        if kind in CONNECTION_TYPES:
            message = f'{connection.name} is of type {kind}; write an unbundled, bundled or eslag connection.'
            yield CONNECTION_TYPE.at(_CONNECTION, message)
        return
    if vpc is None:
        return
    if kind == 'eslag' and vpc.spec.mode == 'l3vni':
        message = f'VPC {vpc.name} has the mode l3vni, which eslag cannot do; write an unbundled or bundled connection.'
        yield MODE_ESLAG.at(_CONNECTION, message)
    subnet = (vpc.spec.subnets or {}).get(subnet_name)
    if subnet and subnet.hostBGP:
        yield from _check_host_bgp(entry, subnet_name, kind)
    for switch in _switches(connection.spec, design):
        yield from _check_switch(switch, vpc, subnet, design)


def _check_host_bgp(entry: Entry[VPCAttachmentSpec], subnet_name: str, kind: str) -> Iterator[Problem]:
    if kind != 'unbundled':
        message = f'Subnet {subnet_name} is a hostBGP subnet, which {kind} cannot do; write an unbundled connection.'
        yield HOST_BGP_CONNECTION.at(_CONNECTION, message)
    if entry.spec.nativeVLAN:
        message = 'A hostBGP subnet is untagged if its VLAN is 0; leave this out, and write vlan: 0 in the subnet.'
        yield HOST_BGP_NATIVE.at(_NATIVE_VLAN, message)


def _switches(connection: ConnectionSpec, design: Design) -> Iterator[Entry[SwitchSpec]]:
    """Yield the switches of a connection that exist; those that do not are told at the connection."""
    names = dict.fromkeys(end.device for link in links(connection) for end in link if end.side == 'switch')
    yield from filter(None, (design.find(SwitchSpec, name) for name in names))


def _check_switch(
    switch: Entry[SwitchSpec], vpc: Entry[VPCSpec], subnet: VPCSubnet | None, design: Design
) -> Iterator[Problem]:
    namespace = vpc.spec.vlanNamespace or DEFAULT_NAMESPACE
    known = switch.spec.vlanNamespaces or [DEFAULT_NAMESPACE]
    is_told = switch.is_faulty(('spec', 'vlanNamespaces')) or vpc.is_faulty(('spec', 'vlanNamespace'))
    if namespace not in known and not is_told and vlan_pool(design, namespace):
        message = f'Switch {switch.name} lacks VLANNamespace {namespace}; add it there, or write another connection.'
        yield SWITCH_NAMESPACE.at(_CONNECTION, message)
    redundancy = switch.spec.redundancy
    if subnet and subnet.hostBGP and redundancy and redundancy.group and redundancy.type == 'mclag':
        message = f'Switch {switch.name} is one of an MCLAG pair, which cannot do hostBGP; write another connection.'
        yield HOST_BGP_MCLAG.at(_CONNECTION, message)
    profile = PROFILES.get(switch.spec.profile or '')
    needed = _FEATURES.get(vpc.spec.mode or '', frozenset())
    if profile and not needed <= profile.features:
        mode = 'l3vni' if vpc.spec.mode else 'L2VNI (the default)'
        message = (
            f'Switch {switch.name} ({profile.name}) cannot do the mode {mode} of the VPC; write another connection.'
        )
        yield SWITCH_MODE.at(_CONNECTION, message)


def _check_rivals(entry: Entry[VPCAttachmentSpec], subnet: tuple[str, str], design: Design) -> Iterator[Problem]:
    connection = entry.spec.connection
    for rival in rivals(design.claimants(('attachment', connection, *subnet)), entry.identity):
        message = f'{name_rival(rival)} attaches the same subnet to {connection}; remove one of them.'
        yield REPEATED.at(_SUBNET, message)
    if entry.spec.nativeVLAN:
        for rival in rivals(design.claimants(('native-vlan', connection)), entry.identity):
            message = f'{name_rival(rival)} has the native VLAN of {connection} already; write false.'
            yield NATIVE_REPEATED.at(_NATIVE_VLAN, message)


VPC_ATTACHMENT: KindRules[VPCAttachmentSpec] = KindRules(
    rules=(
        SUBNET_MISSING,
        SUBNET_NAME,
        CONNECTION_MISSING,
        P2P_LINK,
        VPC_UNKNOWN,
        SUBNET_UNKNOWN,
        CONNECTION_UNKNOWN,
        CONNECTION_TYPE,
        MODE_ESLAG,
        HOST_BGP_CONNECTION,
        HOST_BGP_NATIVE,
        HOST_BGP_MCLAG,
        SWITCH_NAMESPACE,
        SWITCH_MODE,
        REPEATED,
        NATIVE_REPEATED,
    ),
    own=_check_own,
    fabric=_check_fabric,
)
