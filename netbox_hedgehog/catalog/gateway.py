"""The specs of the API group `gateway.githedgehog.com`, field by field as their CRDs have them."""

# ruff: noqa: N815  fields are spelled as in a manifest: one name for a thing, in every room

from typing import Annotated, Literal

from pydantic import Field

from .fields import ASN, Duration, Entries, Flag, Structure, Text, UInt32, whole_number

__all__ = ('GatewayGroupSpec', 'GatewayPeeringSpec', 'GatewaySpec')

Workers = Annotated[int, Field(strict=True, ge=0, le=2**8 - 1), whole_number(1, 64)]


class GroupMembership(Structure):
    """The place of a gateway in one of its groups."""

    name: Text | None = Field(None, description='Name of the gateway group.')
    priority: UInt32 | None = Field(None, description='Rank of the gateway within the group.')


class GatewayInterface(Structure):
    """A network interface of a gateway."""

    ips: list[Text] | None = Field(None, description='Addresses of the interface, with prefix length.')
    kernel: Text | None = Field(None, description='Name of the interface in the kernel (enp2s1); not with pci.')
    mtu: UInt32 | None = Field(None, description='MTU of the interface.')
    pci: Text | None = Field(None, description='PCI address (0000:00:01.0) for the DPDK driver; not with kernel.')


class LogRateLimit(Structure):
    """How many log messages a gateway writes at most: a token bucket."""

    burst: UInt32 | None = Field(None, description='Messages at once; 50 when left out.')
    replenishPerSecond: UInt32 | None = Field(None, description='Messages per second in the long run; 5 by default.')


class GatewayLogs(Structure):
    """What a gateway logs."""

    default: Text | None = Field(None, description='off, error, warning, info, debug or trace; info by default.')
    rateLimit: LogRateLimit | None = Field(None, description='Limit on the number of messages.')
    tags: Entries[Text] | None = Field(None, description='Levels of single parts of the gateway, by tag.')


class GatewayNeighbor(Structure):
    """A switch that a gateway speaks BGP with."""

    asn: ASN | None = Field(None, description='ASN of the switch.')
    ip: Text | None = Field(None, description='Address of the switch, without prefix length.')
    source: Text | None = Field(None, description='Interface of the gateway that the session starts from.')


class GatewayProfiling(Structure):
    """Whether the gateway can be profiled."""

    enabled: Flag | None = Field(None, description='Turn profiling on.')


class GatewaySpec(Structure):
    """A gateway: its addresses, interfaces, BGP neighbours and groups."""

    asn: ASN | None = Field(None, description='ASN of the gateway.')
    flowTableCapacity: UInt32 | None = Field(None, description='Number of flows that the gateway keeps at most.')
    groups: list[GroupMembership] | None = Field(None, description='Groups it belongs to; "default" when left out.')
    interfaces: Entries[GatewayInterface] | None = Field(None, description='The interfaces by name, at least one.')
    logs: GatewayLogs | None = Field(None, description='What the gateway logs.')
    neighbors: list[GatewayNeighbor] | None = Field(None, description='BGP neighbours, at least one.')
    profiling: GatewayProfiling | None = Field(None, description='Profiling of the gateway.')
    protocolIP: Text | None = Field(None, description='Loopback address and BGP router id, as a /32.')
    vtepIP: Text | None = Field(None, description='VTEP address, as a /32.')
    vtepMAC: Text | None = Field(None, description='VTEP MAC address.')
    vtepMTU: UInt32 | None = Field(None, description='MTU of the VTEP interface.')
    workers: Workers | None = Field(None, description='Threads that carry traffic, 1 to 64; 4 when left out.')


class GatewayGroupSpec(Structure):
    """A gateway group has a name and nothing else."""


class RuleEndpoint(Structure):
    """Addresses and ports that an ACL rule matches, on one side of the peering."""

    cidr: Text | None = Field(None, description='Prefix; not together with vpcSubnet.')
    ports: list[Text] | None = Field(None, description='Ports ("80") and ranges ("8000-8999"); any when left out.')
    vpcSubnet: Text | None = Field(None, description='Subnet of the VPC on this side; not together with cidr.')


class RuleMatch(Structure):
    """What an ACL rule matches; every packet of its direction when empty."""

    dst: list[RuleEndpoint] | None = Field(None, description='Destinations, as the other side sees them.')
    proto: Text | None = Field(None, description='tcp, udp or a protocol number in quotes; any when left out.')
    src: list[RuleEndpoint] | None = Field(None, description='Sources, by their own addresses.')


class ACLRule(Structure):
    """A rule of the ACL; the first that matches decides."""

    action: Literal['deny', 'allow'] = Field(description='What to do with a packet that matches.')
    from_: Text | None = Field(None, alias='from', description='Side that a packet comes from; implied by to.')
    log: Flag | None = Field(None, description='Log the packets that match.')
    match: RuleMatch | None = Field(None, description='What to match; everything in its direction when left out.')
    name: Text | None = Field(None, description='Name of the rule, for logs.')
    scope: Literal['flow', 'packet', ''] | None = Field(
        None, description='Decide for a whole flow, the default, or for each packet.'
    )
    to: Text | None = Field(None, description='Side that a packet goes to; implied by from.')


class PeeringACL(Structure):
    """Filter for the traffic of a gateway peering."""

    default: Literal['deny', 'deny-unless-exposed', ''] = Field(
        description='What to do when no rule matches; the fabric fills in deny-unless-exposed.'
    )
    rules: list[ACLRule] | None = Field(None, description='The rules; the first that matches decides.')


class TranslatedPrefix(Structure):
    """A prefix under which the other side sees the exposed addresses."""

    cidr: Text | None = Field(None, description='Prefix to use.')
    not_: Text | None = Field(None, alias='not', description='Prefix to leave out; not together with cidr.')


class ExposedPrefix(Structure):
    """Addresses that are exposed to the other side: exactly one of the three fields."""

    cidr: Text | None = Field(None, description='Prefix to expose.')
    not_: Text | None = Field(None, alias='not', description='Prefix to leave out.')
    vpcSubnet: Text | None = Field(None, description='Subnet of the VPC to expose.')


class Masquerade(Structure):
    """Many addresses hidden behind a few."""

    idleTimeout: Duration | None = Field(None, description='Time after which an idle flow is forgotten; 2m by default.')


class ForwardedPort(Structure):
    """A port, or a range, that is forwarded."""

    as_: Text | None = Field(None, alias='as', description='Port or range ("8080") that the other side uses.')
    port: Text | None = Field(None, description='Port or range ("80") of the exposed address.')
    proto: Literal['tcp', 'udp', ''] | None = Field(None, description='Protocol; both when empty.')


class PortForward(Structure):
    """Single ports that are reachable behind another address."""

    idleTimeout: Duration | None = Field(None, description='Time after which an idle flow is forgotten; 2m by default.')
    ports: list[ForwardedPort] | None = Field(None, description='The ports, at least one.')


class StaticNAT(Structure):
    """Addresses replaced one by one; there is nothing to set."""


class NAT(Structure):
    """How exposed addresses are translated: exactly one of the three ways."""

    masquerade: Masquerade | None = Field(None, description='Hide many addresses behind a few.')
    portForward: PortForward | None = Field(None, description='Forward single ports.')
    static: StaticNAT | None = Field(None, description='Replace addresses one by one: {}.')


class Expose(Structure):
    """Something that one side of a peering offers to the other."""

    as_: list[TranslatedPrefix] | None = Field(
        None, alias='as', description='Addresses that the other side sees; goes together with nat.'
    )
    default: Flag | None = Field(None, description='Offer the default route; stands alone.')
    ips: list[ExposedPrefix] | None = Field(None, description='Addresses that are offered.')
    nat: NAT | None = Field(None, description='How the addresses are translated; goes together with as.')


class PeeringSide(Structure):
    """One side of a gateway peering."""

    expose: list[Expose] | None = Field(None, description='What this side offers to the other.')


class GatewayPeeringSpec(Structure):
    """Two sides, VPCs or a VPC and an external, that reach each other through a gateway."""

    acl: PeeringACL | None = Field(None, description='Filter for the traffic of the peering.')
    gatewayGroup: Text | None = Field(None, description='Gateway group that carries it; "default" when left out.')
    peering: Entries[PeeringSide] | None = Field(
        None, description='The two sides, each named by its VPC or as ext.<external>.'
    )
