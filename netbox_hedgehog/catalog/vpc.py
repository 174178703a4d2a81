"""The specs of the API group `vpc.githedgehog.com`, field by field as their CRDs have them."""

# ruff: noqa: N815  fields are spelled as in a manifest: one name for a thing, in every room

from typing import Annotated, Literal

from pydantic import Field

from .fields import ASN, VLAN, Entries, Flag, OptionalVLAN, Structure, Text, UInt8, UInt32, whole_number

__all__ = (
    'ExternalAttachmentSpec',
    'ExternalPeeringSpec',
    'ExternalSpec',
    'IPv4NamespaceSpec',
    'VPCAttachmentSpec',
    'VPCPeeringSpec',
    'VPCSpec',
)

SMALLEST_DHCP_MTU, LARGEST_DHCP_MTU = 96, 9036
# The fabric keeps the numbers below for statements of its own.
FIRST_STATEMENT = 10

PrefixLength = Annotated[int, Field(strict=True, ge=1, le=32), whole_number(1, 32)]
# What Go's types allow, and then the admission code: constants of it, whatever the MTU of the fabric.
DHCPMTU = Annotated[int, Field(strict=True, ge=0, le=2**16 - 1), whole_number(SMALLEST_DHCP_MTU, LARGEST_DHCP_MTU)]
StatementNumber = Annotated[int, Field(strict=True, ge=0, le=2**16 - 1), whole_number(FIRST_STATEMENT, 2**16 - 1)]
PortNumber = Annotated[int, Field(strict=True, ge=0, le=2**16 - 1), whole_number(1, 2**16 - 1)]


class AdvertisedRoute(Structure):
    """A route that DHCP clients are told."""

    destination: Text | None = Field(None, description='Prefix that the route leads to.')
    gateway: Text | None = Field(None, description='Address inside the subnet that the route goes through.')


class DHCPOptions(Structure):
    """What the DHCP server tells its clients besides an address."""

    advertisedRoutes: list[AdvertisedRoute] | None = Field(
        None, description='Routes for the clients; a default route through the gateway is added unless disabled.'
    )
    disableDefaultRoute: Flag | None = Field(None, description='Do not give the clients a default route.')
    dnsServers: list[Text] | None = Field(None, description='Addresses of DNS servers.')
    interfaceMTU: DHCPMTU = Field(description='MTU for the interfaces of the clients; the fabric fills in 9036.')
    leaseTimeSeconds: UInt32 = Field(description='Lifetime of a lease in seconds; the fabric fills in 3600.')
    pxeURL: Text | None = Field(None, description='TFTP or HTTP address of the network boot file, without a query.')
    timeServers: list[Text] | None = Field(None, description='Addresses of NTP servers.')


class DHCPRange(Structure):
    """The addresses that the DHCP server hands out."""

    end: Text | None = Field(None, description='Last address; the last one of the subnet when left out.')
    start: Text | None = Field(None, description='First address; the one after the gateway when left out.')


class StaticLease(Structure):
    """An address kept for one client."""

    ip: Text = Field(description='Address inside the subnet.')


class DHCP(Structure):
    """DHCP in a subnet: served by the fabric, or relayed."""

    enable: Flag | None = Field(None, description='Let the fabric serve DHCP in the subnet.')
    options: DHCPOptions | None = Field(None, description='What clients are told besides an address.')
    range: DHCPRange | None = Field(None, description='Addresses handed out; all usable ones when left out.')
    relay: Text | None = Field(
        None, description='DHCP server to relay to, with prefix length (10.0.2.200/32), instead of serving.'
    )
    relayVPC: Text | None = Field(None, description='VPC in which the DHCP server of the relay is found.')
    static: Entries[StaticLease] | None = Field(None, description='Addresses kept for clients, by MAC address.')


class HostBGPPrefix(Structure):
    """The lengths that a host may announce within one extra prefix."""

    maxPrefixLen: PrefixLength | None = Field(None, description='Longest length; that of the subnet when left out.')
    minPrefixLen: PrefixLength | None = Field(None, description='Shortest length; that of the subnet when left out.')


class VPCSubnet(Structure):
    """A subnet of a VPC."""

    dhcp: DHCP | None = Field(None, description='How hosts get their addresses.')
    gateway: Text | None = Field(None, description='Address of the gateway; the first of the subnet when left out.')
    hostBGP: Flag | None = Field(None, description='Hosts of the subnet speak BGP and announce their own addresses.')
    hostBGPExtraPrefixes: Entries[HostBGPPrefix] | None = Field(
        None, description='Prefixes, besides that of the subnet, from which hosts may announce.'
    )
    hostBGPMaxPrefixLen: PrefixLength | None = Field(None, description='Longest length a host may announce (32).')
    hostBGPMinPrefixLen: PrefixLength | None = Field(None, description='Shortest length a host may announce (32).')
    isolated: Flag | None = Field(None, description='No traffic with other subnets of the VPC, unless permitted.')
    restricted: Flag | None = Field(None, description='No traffic between the hosts of the subnet.')
    subnet: Text | None = Field(None, description='Prefix (10.0.1.0/24) inside the IPv4 namespace, used only here.')
    vlan: VLAN | None = Field(None, description='VLAN from the VLAN namespace, used only here.')


class StaticRoute(Structure):
    """A static route of a VPC."""

    nextHops: list[Text] | None = Field(None, description='Addresses that the route goes through, at least one.')
    prefix: Text | None = Field(None, description='Prefix that the route leads to.')


class VPCSpec(Structure):
    """A private network: its subnets, the pools they come from, and who may reach whom."""

    defaultIsolated: Flag | None = Field(None, description='Subnets are isolated unless they say otherwise.')
    defaultRestricted: Flag | None = Field(None, description='Subnets are restricted unless they say otherwise.')
    ipv4Namespace: Text | None = Field(None, description='IPv4 namespace of the subnets; "default" when left out.')
    # Free text in the CRD. These are all that the admission code knows, and l3flat is reserved.
    mode: Literal['', 'l3vni', 'l3flat'] | None = Field(
        None, description='Empty to stretch subnets between switches (L2VNI), l3vni to route between them.'
    )
    permit: list[list[Text]] | None = Field(
        None, description='Groups of subnets whose members may reach each other although isolated.'
    )
    staticRoutes: list[StaticRoute] | None = Field(None, description='Static routes of the VPC.')
    subnets: Entries[VPCSubnet] | None = Field(None, description='The subnets by name, 1 to 20 of them.')
    vlanNamespace: Text | None = Field(None, description='VLAN namespace of the subnets; "default" when left out.')


class VPCAttachmentSpec(Structure):
    """A subnet of a VPC on a connection."""

    connection: Text | None = Field(None, description='Connection of type unbundled, bundled or eslag.')
    nativeVLAN: Flag | None = Field(None, description='Carry the subnet untagged on the connection.')
    subnet: Text | None = Field(None, description='Subnet as <VPC>/<subnet>.')


class PeeredVPC(Structure):
    """One side of a VPC peering."""

    subnets: Annotated[list[Text], Field(min_length=1, max_length=10)] | None = Field(
        None, description='Subnets of this VPC that the other one may reach; all of them when left out.'
    )


class VPCPeeringSpec(Structure):
    """Two VPCs that reach each other through the switches."""

    permit: Annotated[list[Entries[PeeredVPC]], Field(min_length=1, max_length=10)] | None = Field(
        None, description='Pairs of sides, each named by its VPC; all pairs name the same two.'
    )
    remote: Text | None = Field(None, description='No longer supported; leave it out.')


class StaticExternal(Structure):
    """An external without BGP."""

    prefixes: list[Text] | None = Field(None, description='Prefixes that are reached through the external.')


class ExternalSpec(Structure):
    """A network outside the fabric, behind BGP or static routes."""

    inboundCommunity: Text | None = Field(None, description='Community (65102:5000) of the routes to accept from it.')
    ipv4Namespace: Text | None = Field(None, description='IPv4 namespace it belongs to; "default" when left out.')
    outboundCommunity: Text | None = Field(None, description='Community (50000:50001) put on the routes sent to it.')
    static: StaticExternal | None = Field(None, description='Static routes instead of BGP.')


class TCPFilters(Structure):
    """TCP flags that a packet must have, or must not have, for a statement to match."""

    ack: Flag | None = Field(None, description='ACK is set.')
    established: Flag | None = Field(None, description='The connection is established; excludes all other flags.')
    fin: Flag | None = Field(None, description='FIN is set.')
    notAck: Flag | None = Field(None, description='ACK is not set.')
    notFin: Flag | None = Field(None, description='FIN is not set.')
    notPsh: Flag | None = Field(None, description='PSH is not set.')
    notRst: Flag | None = Field(None, description='RST is not set.')
    notSyn: Flag | None = Field(None, description='SYN is not set.')
    notUrg: Flag | None = Field(None, description='URG is not set.')
    psh: Flag | None = Field(None, description='PSH is set.')
    rst: Flag | None = Field(None, description='RST is set.')
    syn: Flag | None = Field(None, description='SYN is set.')
    urg: Flag | None = Field(None, description='URG is set.')


class ACLStatement(Structure):
    """A statement of the inbound ACL; those with a lower sequence number are looked at first."""

    action: Text = Field(description='permit, deny, discard or transit.')
    dstPrefix: Text = Field(description='Destination prefix, or any.')
    icmpCode: UInt8 | None = Field(None, description='ICMP code; with protocol icmp only.')
    icmpType: UInt8 | None = Field(None, description='ICMP type; with protocol icmp only.')
    portRangeBegin: PortNumber | None = Field(None, description='First destination port; with tcp and udp only.')
    portRangeEnd: PortNumber | None = Field(None, description='Last destination port; with tcp and udp only.')
    protocol: Text = Field(description='ip, tcp, udp or icmp.')
    seq: StatementNumber = Field(description='Sequence number, 10 or more, used only once.')
    srcPrefix: Text = Field(description='Source prefix, or any.')
    tcpFilters: TCPFilters | None = Field(None, description='TCP flags; with protocol tcp only.')


class InboundACL(Structure):
    """Which packets are let in from the external."""

    statements: list[ACLStatement] | None = Field(None, description='The statements; their numbers order them.')


class BGPNeighbor(Structure):
    """The router of the external."""

    asn: ASN | None = Field(None, description='ASN of the router.')
    ip: Text | None = Field(None, description='Address of the router, without prefix length.')


class StaticAttachment(Structure):
    """An attachment without BGP."""

    ip: Text | None = Field(None, description='Address of the switch, with prefix length; not together with proxy.')
    proxy: Flag | None = Field(None, description='Answer ARP for others, as gateway peerings need; not with ip.')
    remoteIP: Text = Field(description='Address of the external: the next hop of its prefixes.')
    vlan: OptionalVLAN | None = Field(None, description='VLAN on the port; 0 for none.')


class AttachmentSwitch(Structure):
    """The switch side of a BGP session with an external."""

    ip: Text | None = Field(None, description='Address of the switch, with prefix length.')
    vlan: OptionalVLAN | None = Field(None, description='VLAN on the port; 0 for none.')


class ExternalAttachmentSpec(Structure):
    """An external on a connection: addresses of both ends, or static routing."""

    connection: Text | None = Field(None, description='Connection of type external.')
    external: Text | None = Field(None, description='External that is attached.')
    inboundACL: InboundACL | None = Field(None, description='Filter for what comes in from the external.')
    neighbor: BGPNeighbor = Field(description='Router of a BGP external; {} for a static one.')
    static: StaticAttachment | None = Field(None, description='Addresses of a static external.')
    switch: AttachmentSwitch = Field(description='Switch side of a BGP external; {} for a static one.')


class PermittedPrefix(Structure):
    """A prefix of an external that a VPC may reach."""

    prefix: Text | None = Field(None, description='Prefix; 0.0.0.0/0 for all, with the default route.')


class PeeredExternal(Structure):
    """The outer side of an external peering."""

    name: Text | None = Field(None, description='Name of the external.')
    prefixes: list[PermittedPrefix] | None = Field(None, description='Prefixes of the external that the VPC may reach.')


class PeeredExternalVPC(Structure):
    """The inner side of an external peering."""

    name: Text | None = Field(None, description='Name of the VPC.')
    subnets: list[Text] | None = Field(None, description='Subnets of the VPC that the external may reach.')


class ExternalPermit(Structure):
    """The two sides of an external peering."""

    external: PeeredExternal | None = Field(None, description='The outer side.')
    vpc: PeeredExternalVPC | None = Field(None, description='The inner side.')


class ExternalPeeringSpec(Structure):
    """A VPC and an external that reach each other through the switches."""

    permit: ExternalPermit | None = Field(None, description='Who reaches whom, and what of it.')


class IPv4NamespaceSpec(Structure):
    """A pool of IPv4 prefixes."""

    subnets: Annotated[list[Text], Field(min_length=1, max_length=20)] | None = Field(
        None, description='Prefixes (10.0.0.0/16) that do not overlap each other or what the fabric reserves.'
    )
