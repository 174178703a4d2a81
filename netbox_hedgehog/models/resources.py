"""The fifteen kinds. What distinguishes them is in the catalogue."""

from django.utils.translation import gettext_lazy as _

from .resource import Resource

__all__ = (
    'RESOURCE_MODELS',
    'VPC',
    'Connection',
    'External',
    'ExternalAttachment',
    'ExternalPeering',
    'Gateway',
    'GatewayGroup',
    'GatewayPeering',
    'IPv4Namespace',
    'Server',
    'Switch',
    'SwitchGroup',
    'VLANNamespace',
    'VPCAttachment',
    'VPCPeering',
    'model_for',
)


class VPC(Resource):
    """A virtual network with its subnets."""

    class Meta(Resource.Meta):
        verbose_name = _('VPC')
        verbose_name_plural = _('VPCs')


class VPCAttachment(Resource):
    """A VPC subnet brought to the servers of a connection."""

    class Meta(Resource.Meta):
        verbose_name = _('VPC attachment')
        verbose_name_plural = _('VPC attachments')


class VPCPeering(Resource):
    """Two VPCs whose subnets reach each other."""

    class Meta(Resource.Meta):
        verbose_name = _('VPC peering')
        verbose_name_plural = _('VPC peerings')


class External(Resource):
    """A network outside the fabric."""

    class Meta(Resource.Meta):
        verbose_name = _('external')
        verbose_name_plural = _('externals')


class ExternalAttachment(Resource):
    """An external brought to a switch port."""

    class Meta(Resource.Meta):
        verbose_name = _('external attachment')
        verbose_name_plural = _('external attachments')


class ExternalPeering(Resource):
    """A VPC and an external that reach each other."""

    class Meta(Resource.Meta):
        verbose_name = _('external peering')
        verbose_name_plural = _('external peerings')


class IPv4Namespace(Resource):
    """The prefixes from which VPC subnets are taken."""

    class Meta(Resource.Meta):
        verbose_name = _('IPv4 namespace')
        verbose_name_plural = _('IPv4 namespaces')


class VLANNamespace(Resource):
    """The ranges from which VLANs are taken."""

    class Meta(Resource.Meta):
        verbose_name = _('VLAN namespace')
        verbose_name_plural = _('VLAN namespaces')


class Switch(Resource):
    """A switch of the fabric."""

    class Meta(Resource.Meta):
        verbose_name = _('switch')
        verbose_name_plural = _('switches')


class SwitchGroup(Resource):
    """A marker that groups switches; its spec is empty."""

    class Meta(Resource.Meta):
        verbose_name = _('switch group')
        verbose_name_plural = _('switch groups')


class Server(Resource):
    """A server that is wired to the fabric."""

    class Meta(Resource.Meta):
        verbose_name = _('server')
        verbose_name_plural = _('servers')


class Connection(Resource):
    """One or more links between devices."""

    class Meta(Resource.Meta):
        verbose_name = _('connection')
        verbose_name_plural = _('connections')


class Gateway(Resource):
    """A gateway node of the fabric."""

    class Meta(Resource.Meta):
        verbose_name = _('gateway')
        verbose_name_plural = _('gateways')


class GatewayGroup(Resource):
    """A marker that groups gateways; its spec is empty."""

    class Meta(Resource.Meta):
        verbose_name = _('gateway group')
        verbose_name_plural = _('gateway groups')


class GatewayPeering(Resource):
    """Two VPCs, or a VPC and an external, that reach each other through a gateway."""

    class Meta(Resource.Meta):
        verbose_name = _('gateway peering')
        verbose_name_plural = _('gateway peerings')


# In the order of the catalogue, which is the order of the menu.
RESOURCE_MODELS: tuple[type[Resource], ...] = (
    VPC,
    VPCAttachment,
    VPCPeering,
    External,
    ExternalAttachment,
    ExternalPeering,
    IPv4Namespace,
    VLANNamespace,
    Switch,
    SwitchGroup,
    Server,
    Connection,
    Gateway,
    GatewayGroup,
    GatewayPeering,
)

_BY_KIND = {model.kind.name: model for model in RESOURCE_MODELS}


def model_for(kind_name: str) -> type[Resource]:
    """Return the model of a kind of the catalogue."""
    return _BY_KIND[kind_name]
