"""The fifteen kinds that a fabric is described with, and what to say about any other."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from . import columns
from .gateway import GatewayGroupSpec, GatewayPeeringSpec, GatewaySpec
from .kind import FILE_NAME_LIMIT, LABEL_LIMIT, KeyedList, Kind, SetList
from .vpc import (
    ExternalAttachmentSpec,
    ExternalPeeringSpec,
    ExternalSpec,
    IPv4NamespaceSpec,
    VPCAttachmentSpec,
    VPCPeeringSpec,
    VPCSpec,
)
from .wiring import ConnectionSpec, ServerSpec, SwitchGroupSpec, SwitchSpec, VLANNamespaceSpec

__all__ = ('KINDS', 'Unsupported', 'find_kind')

_VPC_GROUP = 'vpc.githedgehog.com'
_WIRING_GROUP = 'wiring.githedgehog.com'
_GATEWAY_GROUP = 'gateway.githedgehog.com'

# The gateway group has a version of its own, and never had a legacy one.
_vpc_kind = partial(Kind, group=_VPC_GROUP, version='v1beta1', legacy_versions=('v1alpha2',))
_wiring_kind = partial(Kind, group=_WIRING_GROUP, version='v1beta1', legacy_versions=('v1alpha2',))
_gateway_kind = partial(Kind, group=_GATEWAY_GROUP, version='v1alpha1')

# What a name becomes part of decides how long it may be: a table of the switches, a label, or only the manifest's path.
_DEVICE_LIMIT = 11

# The links of each type of connection, told apart by the two ports that they join.
_SERVER_LINKS = KeyedList(('server.port', 'switch.port'))
_SWITCH_PAIRS = KeyedList(('switch1.port', 'switch2.port'))

_IN_MENU_ORDER = (
    _vpc_kind(
        name='VPC',
        plural='vpcs',
        verbose_name='VPC',
        verbose_name_plural='VPCs',
        description='A private network of a tenant: subnets with their VLANs and DHCP, apart from all other VPCs.',
        spec=VPCSpec,
        name_limit=_DEVICE_LIMIT,
        columns=columns.VPC,
        list_shapes={
            'staticRoutes': KeyedList(('prefix',)),
            'subnets.*.dhcp.options.dnsServers': SetList(),
            'subnets.*.dhcp.options.timeServers': SetList(),
        },
    ),
    _vpc_kind(
        name='VPCAttachment',
        plural='vpcattachments',
        verbose_name='VPC attachment',
        verbose_name_plural='VPC attachments',
        description='Puts a subnet of a VPC on a server connection.',
        spec=VPCAttachmentSpec,
        name_limit=FILE_NAME_LIMIT,
        columns=columns.VPC_ATTACHMENT,
    ),
    _vpc_kind(
        name='VPCPeering',
        plural='vpcpeerings',
        verbose_name='VPC peering',
        verbose_name_plural='VPC peerings',
        description='Lets two VPCs reach each other through the switches.',
        spec=VPCPeeringSpec,
        name_limit=FILE_NAME_LIMIT,
        columns=columns.VPC_PEERING,
    ),
    _vpc_kind(
        name='External',
        plural='externals',
        verbose_name='external',
        verbose_name_plural='externals',
        description='A network outside the fabric, reached over BGP or by static routes.',
        spec=ExternalSpec,
        name_limit=_DEVICE_LIMIT,
        columns=columns.EXTERNAL,
    ),
    _vpc_kind(
        name='ExternalAttachment',
        plural='externalattachments',
        verbose_name='external attachment',
        verbose_name_plural='external attachments',
        description='Where and how an external is connected to a switch of the fabric.',
        spec=ExternalAttachmentSpec,
        name_limit=FILE_NAME_LIMIT,
        columns=columns.EXTERNAL_ATTACHMENT,
        list_shapes={'inboundACL.statements': KeyedList(('seq',))},
    ),
    _vpc_kind(
        name='ExternalPeering',
        plural='externalpeerings',
        verbose_name='external peering',
        verbose_name_plural='external peerings',
        description='Lets subnets of a VPC reach prefixes of an external.',
        spec=ExternalPeeringSpec,
        name_limit=FILE_NAME_LIMIT,
        columns=columns.EXTERNAL_PEERING,
        list_shapes={
            'permit.external.prefixes': KeyedList(('prefix',)),
            'permit.vpc.subnets': SetList(),
        },
    ),
    _vpc_kind(
        name='IPv4Namespace',
        plural='ipv4namespaces',
        verbose_name='IPv4 namespace',
        verbose_name_plural='IPv4 namespaces',
        description='A pool of IPv4 prefixes in which the subnets of VPCs do not overlap.',
        spec=IPv4NamespaceSpec,
        name_limit=_DEVICE_LIMIT,
        columns=columns.IPV4_NAMESPACE,
        list_shapes={'subnets': SetList()},
    ),
    _wiring_kind(
        name='VLANNamespace',
        plural='vlannamespaces',
        verbose_name='VLAN namespace',
        verbose_name_plural='VLAN namespaces',
        description='A pool of VLANs from which the subnets of VPCs take theirs.',
        spec=VLANNamespaceSpec,
        name_limit=LABEL_LIMIT,
        columns=columns.VLAN_NAMESPACE,
    ),
    _wiring_kind(
        name='Switch',
        plural='switches',
        verbose_name='switch',
        verbose_name_plural='switches',
        description='A switch of the fabric: its role, its addresses and the settings of its ports.',
        spec=SwitchSpec,
        name_limit=LABEL_LIMIT,
        columns=columns.SWITCH,
        list_shapes={'groups': SetList(), 'vlanNamespaces': SetList()},
    ),
    _wiring_kind(
        name='SwitchGroup',
        plural='switchgroups',
        verbose_name='switch group',
        verbose_name_plural='switch groups',
        description='A name under which switches belong together, for redundancy among other things.',
        spec=SwitchGroupSpec,
        name_limit=LABEL_LIMIT,
    ),
    _wiring_kind(
        name='Server',
        plural='servers',
        verbose_name='server',
        verbose_name_plural='servers',
        description='A machine that is connected to switches of the fabric.',
        spec=ServerSpec,
        name_limit=LABEL_LIMIT,
        columns=columns.SERVER,
    ),
    _wiring_kind(
        name='Connection',
        plural='connections',
        verbose_name='connection',
        verbose_name_plural='connections',
        description='Cables and their purpose: between switches, or from a switch to a server, gateway or external.',
        spec=ConnectionSpec,
        name_limit=LABEL_LIMIT,
        columns=columns.CONNECTION,
        list_shapes={
            'bundled.links': _SERVER_LINKS,
            'eslag.links': _SERVER_LINKS,
            'fabric.links': KeyedList(('spine.port', 'leaf.port')),
            'gateway.links': KeyedList(('switch.port', 'gateway.port')),
            'mclag.links': _SERVER_LINKS,
            'mclagDomain.peerLinks': _SWITCH_PAIRS,
            'mclagDomain.sessionLinks': _SWITCH_PAIRS,
            'mesh.links': KeyedList(('leaf1.port', 'leaf2.port')),
            'vpcLoopback.links': _SWITCH_PAIRS,
        },
    ),
    _gateway_kind(
        name='Gateway',
        plural='gateways',
        verbose_name='gateway',
        verbose_name_plural='gateways',
        description='A machine that carries traffic between VPCs and externals and translates their addresses.',
        spec=GatewaySpec,
        name_limit=FILE_NAME_LIMIT,
        columns=columns.GATEWAY,
        list_shapes={'groups': KeyedList(('name',)), 'neighbors': KeyedList(('ip',))},
    ),
    _gateway_kind(
        name='GatewayGroup',
        plural='gatewaygroups',
        verbose_name='gateway group',
        verbose_name_plural='gateway groups',
        description='A name under which gateways stand in for each other.',
        spec=GatewayGroupSpec,
        name_limit=FILE_NAME_LIMIT,
    ),
    _gateway_kind(
        name='GatewayPeering',
        plural='gatewaypeerings',
        verbose_name='gateway peering',
        verbose_name_plural='gateway peerings',
        description='Lets two VPCs, or a VPC and an external, reach each other through a gateway, with NAT and ACL.',
        spec=GatewayPeeringSpec,
        name_limit=FILE_NAME_LIMIT,
        columns=columns.GATEWAY_PEERING,
        list_shapes={'acl.rules': KeyedList(('name',), ordered=True)},
    ),
)

# By name, in the order of the menu.
KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _IN_MENU_ORDER})

_DOMAIN = 'githedgehog.com'
_CONTROLLER_GROUPS = frozenset(f'{group}.{_DOMAIN}' for group in ('agent', 'dhcp', 'fabricator', 'gwint'))
_CONTROLLER_KINDS = frozenset(
    {(_WIRING_GROUP, 'SwitchProfile'), (_WIRING_GROUP, 'ServerProfile'), (_GATEWAY_GROUP, 'VPCInfo')}
)


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Why a document is not one of the fifteen kinds.

    `code` is `foreign-kind`, `wrong-group`, `controller-owned-kind` or `unknown-version`.
    """

    code: str
    message: str


def find_kind(api_version: str, kind: str) -> Kind | Unsupported:
    """Find the kind that a document's `apiVersion` and `kind` name, exactly as Kubernetes compares them."""
    group, _, version = api_version.rpartition('/')
    if group in _CONTROLLER_GROUPS or (group, kind) in _CONTROLLER_KINDS:
        message = f'{kind} of {group} belongs to the controller or the installer; keep it out of the directory.'
        return Unsupported('controller-owned-kind', message)
    found = KINDS.get(kind)
    if found is None or not _is_hedgehog(group):
        message = f'{kind} of {api_version} is not a resource that a fabric is described with.'
        return Unsupported('foreign-kind', message)
    if group != found.group:
        return Unsupported('wrong-group', f'{kind} is not a kind of {api_version}; write {found.api_version}.')
    if version != found.version and version not in found.legacy_versions:
        return Unsupported('unknown-version', f'{kind} has no version {version}; write {found.api_version}.')
    return found


def _is_hedgehog(group: str) -> bool:
    """Tell a group of Hedgehog's, or one that was left out, from a stranger's that also has a `Gateway`, say."""
    return not group or group == _DOMAIN or group.endswith(f'.{_DOMAIN}')
