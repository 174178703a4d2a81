"""The specs of the API group `wiring.githedgehog.com`, field by field as their CRDs have them."""

# ruff: noqa: N815  fields are spelled as in a manifest: one name for a thing, in every room

from typing import Annotated, Literal

from pydantic import Field

from .fields import (
    ASN,
    VLAN,
    Entries,
    Flag,
    IPv4Address,
    IPv4Interface,
    OptionalVLAN,
    Structure,
    Text,
    whole_number,
)

__all__ = ('ConnectionSpec', 'ServerSpec', 'SwitchGroupSpec', 'SwitchSpec', 'VLANNamespaceSpec')

# That of a fabric by default, less what the encapsulation takes; `rules.bounds` knows that of any other fabric.
MTU = Annotated[int, Field(strict=True, ge=0, le=2**16 - 1), whole_number(1, 9036)]

type OneOrMore[T] = Annotated[list[T], Field(min_length=1)]
type TwoOrMore[T] = Annotated[list[T], Field(min_length=2)]

_PORT = 'Port as <device>/<port>, such as leaf-01/E1/1.'
_MTU = 'MTU of the port or port channel; that of the fabric for servers when left out.'
_FALLBACK = 'Keep one link of the port channel up when the server does not speak LACP.'


class VLANRange(Structure):
    """A range of VLANs, both ends included."""

    from_: VLAN | None = Field(None, alias='from', description='First VLAN.')
    to: VLAN | None = Field(None, description='Last VLAN; the first one when left out.')


class VLANNamespaceSpec(Structure):
    """A pool of VLANs."""

    ranges: Annotated[list[VLANRange], Field(min_length=1, max_length=20)] | None = Field(
        None, description='Ranges that do not overlap each other or what the fabric reserves.'
    )


class SwitchBoot(Structure):
    """How a switch is recognised when it is installed: by one of the two."""

    mac: Text | None = Field(None, description='MAC address of the management port.')
    serial: Text | None = Field(None, description='Serial number.')


class SwitchECMP(Structure):
    """How a switch spreads traffic over equal paths."""

    roceQPN: Flag | None = Field(None, description='Spread RoCE traffic by queue pair.')


class LinkFlapErrDisable(Structure):
    """Turns a fabric port off that goes down too often."""

    flapThreshold: Annotated[int, Field(strict=True, ge=1, le=50), whole_number(1, 50)] | None = Field(
        None, description='Link losses within the sampling interval that turn a port off; 3 when left out.'
    )
    recoveryInterval: Annotated[int, Field(strict=True, ge=0, le=65534), whole_number(0, 65534)] | None = Field(
        None, description='Seconds until the port is turned on again; 300 when left out, 0 for never.'
    )
    samplingInterval: Annotated[int, Field(strict=True, ge=1, le=65535), whole_number(1, 65535)] | None = Field(
        None, description='Seconds during which link losses are counted; 30 when left out.'
    )


class SwitchRedundancy(Structure):
    """The switches that stand in for each other."""

    group: Text | None = Field(None, description='Switch group they share.')
    type: Literal['mclag', 'eslag'] | None = Field(None, description='eslag; mclag is no longer supported.')


class SwitchSpec(Structure):
    """A switch: role, addresses, groups and ports."""

    asn: ASN | None = Field(None, description='ASN of the switch; all spines share one, each leaf has its own.')
    boot: SwitchBoot | None = Field(None, description='How the switch is recognised when it is installed.')
    description: Text | None = Field(None, description='Free text.')
    ecmp: SwitchECMP | None = Field(None, description='How traffic is spread over equal paths.')
    enableAllPorts: Flag | None = Field(None, description='Turn all ports on, also those no connection uses.')
    groups: list[Text] | None = Field(None, description='Switch groups it belongs to.')
    ip: Text | None = Field(None, description='Management address, with prefix length.')
    linkFlapErrDisable: LinkFlapErrDisable | None = Field(
        None, description='Turn fabric ports off that go down too often.'
    )
    portAutoNegs: Entries[Flag] | None = Field(None, description='Auto-negotiation, by port.')
    portBreakouts: Entries[Text] | None = Field(None, description='Breakout mode (4x25G), by port.')
    portFECs: Entries[Literal['rs', 'fc', 'auto', 'disabled']] | None = Field(
        None, description='Forward error correction, by port; a removed entry leaves the device as it is.'
    )
    portGroupSpeeds: Entries[Text] | None = Field(None, description='Speed (10G), by port group.')
    portLocators: Entries[Text] | None = Field(
        None, description='When the locator light goes off, by port or * for all: a duration or a time in UTC.'
    )
    portSpeeds: Entries[Text] | None = Field(None, description='Speed (25G), by port.')
    profile: Text | None = Field(None, description='Switch profile: the model of the switch.')
    protocolIP: Text | None = Field(None, description='Loopback address and BGP router id, as a /32.')
    redundancy: SwitchRedundancy | None = Field(None, description='Switches that stand in for each other.')
    roce: Flag | None = Field(None, description='Lossless queues for RoCEv2.')
    role: Literal['spine', 'server-leaf', 'border-leaf', 'mixed-leaf', 'virtual-edge'] = Field(
        description='Place of the switch in the fabric.'
    )
    vlanNamespaces: list[Text] | None = Field(None, description='VLAN namespaces; "default" when left out.')
    vtepIP: Text | None = Field(None, description='VTEP address of a leaf, as a /32; none for a spine.')


class SwitchGroupSpec(Structure):
    """A switch group has a name and nothing else."""


class ServerSpec(Structure):
    """A server."""

    description: Text | None = Field(None, description='Free text.')
    profile: Text | None = Field(None, description='Not used by the fabric.')


class Port(Structure):
    """One end of a link."""

    port: Text | None = Field(None, description=_PORT)


class AddressedPort(Structure):
    """One end of a link, with an address."""

    ip: IPv4Interface | None = Field(None, description='Address of the port, with prefix length.')
    port: Text | None = Field(None, description=_PORT)


class ServerLink(Structure):
    """A link between a server and a switch."""

    server: Port | None = Field(None, description='The end at the server.')
    switch: Port | None = Field(None, description='The end at the switch.')


class SwitchLink(Structure):
    """A link between two ports of switches."""

    switch1: Port | None = Field(None, description='One end.')
    switch2: Port | None = Field(None, description='The other end.')


class FabricLink(Structure):
    """A link between a spine and a leaf."""

    leaf: AddressedPort | None = Field(None, description='The end at the leaf.')
    spine: AddressedPort | None = Field(None, description='The end at the spine.')


class MeshLink(Structure):
    """A link between two leaves."""

    leaf1: AddressedPort | None = Field(None, description='One end.')
    leaf2: AddressedPort | None = Field(None, description='The other end.')


class GatewayLink(Structure):
    """A link between a switch and a gateway."""

    gateway: AddressedPort | None = Field(None, description='The end at the gateway.')
    switch: AddressedPort | None = Field(None, description='The end at the switch.')


class ExternalLink(Structure):
    """A link that leaves the fabric."""

    switch: Port | None = Field(None, description='The end at the switch.')


class StaticExternalPort(Structure):
    """A port of a switch with an address and routes behind it."""

    ip: IPv4Interface | None = Field(None, description='Address of the port, with prefix length.')
    nextHop: IPv4Address | None = Field(None, description='Next hop of the routes.')
    port: Text | None = Field(None, description=_PORT)
    subnets: list[Text] | None = Field(None, description='Prefixes that are routed to the next hop.')
    vlan: OptionalVLAN | None = Field(None, description='VLAN on the port; 0 for none.')


class StaticExternalLink(Structure):
    """A link that leaves the fabric, with routes."""

    switch: StaticExternalPort | None = Field(None, description='The end at the switch.')


class UnbundledConnection(Structure):
    """A server on a switch with one link."""

    link: ServerLink | None = Field(None, description='Where the cable ends.')
    mtu: MTU | None = Field(None, description=_MTU)


class BundledConnection(Structure):
    """A server on a switch with a port channel."""

    fallback: Flag | None = Field(None, description=_FALLBACK)
    links: list[ServerLink] | None = Field(None, description='One for each cable.')
    mtu: MTU | None = Field(None, description=_MTU)


class MultihomedConnection(Structure):
    """A server on several switches with one port channel."""

    fallback: Flag | None = Field(None, description=_FALLBACK)
    links: TwoOrMore[ServerLink] | None = Field(None, description='One for each cable.')
    mtu: MTU | None = Field(None, description=_MTU)


class MCLAGDomainConnection(Structure):
    """Two switches made one by MCLAG."""

    peerLinks: OneOrMore[SwitchLink] | None = Field(None, description='Links for the traffic of servers.')
    sessionLinks: OneOrMore[SwitchLink] | None = Field(None, description='Links for the control protocols.')


class FabricConnection(Structure):
    """A spine and a leaf."""

    links: OneOrMore[FabricLink] | None = Field(None, description='One for each cable.')


class MeshConnection(Structure):
    """Two leaves, without a spine between them."""

    links: OneOrMore[MeshLink] | None = Field(None, description='One for each cable.')


class GatewayConnection(Structure):
    """A switch and a gateway."""

    links: OneOrMore[GatewayLink] | None = Field(None, description='One for each cable.')


class VPCLoopbackConnection(Structure):
    """Ports of one switch that are cabled to each other."""

    links: OneOrMore[SwitchLink] | None = Field(None, description='One for each cable.')


class ExternalConnection(Structure):
    """A switch and a device outside the fabric."""

    link: ExternalLink | None = Field(None, description='Where the cable ends.')


class StaticExternalConnection(Structure):
    """A switch and a device outside the fabric, with static routes."""

    link: StaticExternalLink | None = Field(None, description='Where the cable ends.')
    withinVPC: Text | None = Field(None, description='VPC that the device belongs to, instead of all of them.')


class ConnectionSpec(Structure):
    """Cables of one purpose: exactly one of the fields."""

    bundled: BundledConnection | None = Field(None, description='A server on one switch, over a port channel.')
    eslag: MultihomedConnection | None = Field(
        None, description='A server on up to four switches of a redundancy group.'
    )
    external: ExternalConnection | None = Field(None, description='A switch and a device outside the fabric.')
    fabric: FabricConnection | None = Field(None, description='A spine and a leaf.')
    gateway: GatewayConnection | None = Field(None, description='A switch and a gateway.')
    mclag: MultihomedConnection | None = Field(None, description='A server on a pair of switches; no longer supported.')
    mclagDomain: MCLAGDomainConnection | None = Field(
        None, description='A pair of MCLAG switches; no longer supported.'
    )
    mesh: MeshConnection | None = Field(None, description='Two leaves.')
    staticExternal: StaticExternalConnection | None = Field(
        None, description='A switch and a device outside the fabric, with static routes; deprecated.'
    )
    unbundled: UnbundledConnection | None = Field(None, description='A server on one switch, over one link.')
    vpcLoopback: VPCLoopbackConnection | None = Field(
        None, description='Ports of one switch cabled to each other; no longer needed.'
    )
