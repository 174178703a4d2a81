"""The settings of a whole fabric that its rules depend on, as columns of the fabric."""

import dataclasses
import re
from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from ipam.fields import ASNField

from ..catalog import FabricSettings, Problem, Severity, VLANSpan
from ..catalog.settings import check_settings
from .choices import ReleaseChoices

__all__ = ('SETTINGS', 'FabricSettingsMixin')

_UPSTREAM = FabricSettings()
_SPAN = re.compile(r'([0-9]{1,4})(?:-([0-9]{1,4}))?', re.ASCII)
_is_span = RegexValidator(
    re.compile(rf'{_SPAN.pattern}\Z'), _('This is no range of VLANs; write one such as 3000-3899, or a single VLAN.')
)

# Every setting has a column of the same name.
SETTINGS = tuple(field.name for field in dataclasses.fields(FabricSettings))
_SPANS = frozenset({'vpc_irb_vlan_ranges', 'th5_workaround_vlan_ranges'})


# A list needs a function for its default, by whose name the migrations know it.
def default_reserved_subnets() -> list[str]:
    """Return the reserved subnets of a plain installation."""
    return list(_UPSTREAM.reserved_subnets)


def default_vpc_irb_vlan_ranges() -> list[str]:
    """Return the VLANs that a plain installation keeps for the interfaces of VPCs."""
    return [str(span) for span in _UPSTREAM.vpc_irb_vlan_ranges]


def default_th5_workaround_vlan_ranges() -> list[str]:
    """Return the VLANs that a plain installation keeps for the TH5 workaround."""
    return [str(span) for span in _UPSTREAM.th5_workaround_vlan_ranges]


def default_gateway_communities() -> list[str]:
    """Return the communities of the gateways of a plain installation."""
    return list(_UPSTREAM.gateway_communities)


class FabricSettingsMixin(models.Model):
    """What a fabric is installed with: `FabricConfig` upstream, with its defaults.

    A setting that is left blank takes the default. The settings are checked against each other and never against the
    resources of the fabric: what a new setting makes of those is shown as their problems.
    """

    release = models.CharField(
        verbose_name=_('Hedgehog release'),
        max_length=10,
        choices=ReleaseChoices,
        default=_UPSTREAM.release,
        help_text=_('What the fabric runs; it decides which fields a resource may have.'),
    )
    is_installed = models.BooleanField(
        verbose_name=_('installed'),
        default=_UPSTREAM.is_installed,
        help_text=_(
            'Off while the fabric is not installed yet: blank addresses are then filled in by the installer, and the '
            'default namespaces count as present.'
        ),
    )
    is_draft = models.BooleanField(
        verbose_name=_('design under way'),
        default=_UPSTREAM.is_draft,
        help_text=_('While it is on, problems between resources are warnings and do not stop a save.'),
    )
    reserved_subnets = ArrayField(
        models.CharField(max_length=50),
        verbose_name=_('reserved subnets'),
        blank=True,
        default=default_reserved_subnets,
        help_text=_('No subnet of a VPC, namespace or external network may overlap with these.'),
    )
    management_subnet = models.CharField(
        verbose_name=_('management subnet'),
        max_length=50,
        blank=True,
        default=_UPSTREAM.management_subnet,
        help_text=_('Where the management addresses of the switches lie.'),
    )
    management_dhcp_start = models.CharField(
        verbose_name=_('start of management DHCP'),
        max_length=50,
        blank=True,
        default=_UPSTREAM.management_dhcp_start,
        help_text=_('The management addresses of the switches lie below this address.'),
    )
    management_dhcp_end = models.CharField(
        verbose_name=_('end of management DHCP'), max_length=50, blank=True, default=_UPSTREAM.management_dhcp_end
    )
    control_vip = models.CharField(
        verbose_name=_('control VIP'),
        max_length=50,
        blank=True,
        default=_UPSTREAM.control_vip,
        help_text=_('The address of the control nodes; no switch may have it.'),
    )
    protocol_subnet = models.CharField(
        verbose_name=_('protocol subnet'),
        max_length=50,
        blank=True,
        default=_UPSTREAM.protocol_subnet,
        help_text=_('Where the protocol addresses of switches and gateways lie.'),
    )
    vtep_subnet = models.CharField(
        verbose_name=_('VTEP subnet'),
        max_length=50,
        blank=True,
        default=_UPSTREAM.vtep_subnet,
        help_text=_('Where the VTEP addresses of leaves and gateways lie.'),
    )
    fabric_subnet = models.CharField(
        verbose_name=_('fabric subnet'),
        max_length=50,
        blank=True,
        default=_UPSTREAM.fabric_subnet,
        help_text=_('Where the addresses of fabric, mesh and gateway links lie.'),
    )
    vpc_irb_vlan_ranges = ArrayField(
        models.CharField(max_length=9, validators=[_is_span]),
        verbose_name=_('VLANs of VPC interfaces'),
        blank=True,
        default=default_vpc_irb_vlan_ranges,
        help_text=_('Ranges such as 3000-3899 that no VLAN namespace may overlap with.'),
    )
    th5_workaround_vlan_ranges = ArrayField(
        models.CharField(max_length=9, validators=[_is_span]),
        verbose_name=_('VLANs of the TH5 workaround'),
        blank=True,
        default=default_th5_workaround_vlan_ranges,
        help_text=_('Ranges such as 3900-3999 that no VLAN namespace may overlap with.'),
    )
    spine_asn = ASNField(
        verbose_name=_('ASN of spines'), blank=True, default=_UPSTREAM.spine_asn, help_text=_('All spines have it.')
    )
    leaf_asn_start = ASNField(verbose_name=_('first ASN of leaves'), blank=True, default=_UPSTREAM.leaf_asn_start)
    leaf_asn_end = ASNField(verbose_name=_('last ASN of leaves'), blank=True, default=_UPSTREAM.leaf_asn_end)
    gateway_asn = ASNField(
        verbose_name=_('ASN of gateways'),
        blank=True,
        default=_UPSTREAM.gateway_asn,
        help_text=_('What the installer gives to gateways.'),
    )
    fabric_mtu = models.PositiveIntegerField(
        verbose_name=_('fabric MTU'), blank=True, default=_UPSTREAM.fabric_mtu, help_text=_('At most 9216.')
    )
    server_facing_mtu_offset = models.PositiveIntegerField(
        verbose_name=_('server-facing MTU offset'),
        blank=True,
        default=_UPSTREAM.server_facing_mtu_offset,
        help_text=_('A connection to a server has at most the fabric MTU less this.'),
    )
    gateway_communities = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_('gateway communities'),
        blank=True,
        default=default_gateway_communities,
        help_text=_('Such as 50001:0. A gateway group holds at most as many gateways as there are communities.'),
    )
    enable_gateway = models.BooleanField(
        verbose_name=_('gateways enabled'),
        default=_UPSTREAM.enable_gateway,
        help_text=_('Off: the fabric refuses gateways, their groups and their peerings.'),
    )
    vpc_peering_disabled = models.BooleanField(
        verbose_name=_('VPC peering disabled'),
        default=_UPSTREAM.vpc_peering_disabled,
        help_text=_('On: the fabric refuses every VPC peering.'),
    )
    allow_extra_switch_profiles = models.BooleanField(
        verbose_name=_('extra switch profiles allowed'),
        default=_UPSTREAM.allow_extra_switch_profiles,
        help_text=_('On: a switch may have a profile beyond the built-in ones.'),
    )
    include_sonic_cls_plus = models.BooleanField(
        verbose_name=_('SONiC CLS+ profiles'),
        default=_UPSTREAM.include_sonic_cls_plus,
        help_text=_('Whether the switch profiles whose names end with -clsp are there.'),
    )
    include_cumulus = models.BooleanField(
        verbose_name=_('Cumulus profiles'),
        default=_UPSTREAM.include_cumulus,
        help_text=_('Whether the switch profile cumulus-vx is there.'),
    )

    class Meta:
        abstract = True

    @property
    def settings(self) -> FabricSettings:
        """The settings as the catalogue takes them."""
        values = {name: getattr(self, name) for name in SETTINGS}
        for name, value in values.items():
            if name in _SPANS:
                values[name] = tuple(span for span in map(_read_span, value) if span)
            elif isinstance(value, list):
                values[name] = tuple(value)
        return FabricSettings(**values)

    def fill_settings(self) -> None:
        """Give each setting that is blank its default."""
        for name in SETTINGS:
            if getattr(self, name) in (None, '', [], ()):
                setattr(self, name, self._meta.get_field(name).get_default())

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Refuse settings that contradict each other; that is asked only where each of them is what it must be."""
        super().clean_fields(exclude=exclude)
        errors: dict[str, list[ValidationError]] = {}
        for problem in check_settings(self.settings):
            if problem.severity is Severity.ERROR:
                name, message = self._located(problem)
                # Without a code: by one of Django's own a form would put its own words instead.
                errors.setdefault(name, []).append(ValidationError(message))
        if errors:
            raise ValidationError(errors)

    def _located(self, problem: Problem) -> tuple[str, str]:
        """Return the column that a problem belongs to, and its message; in a list it names the value."""
        name, _bracket, position = problem.path.rstrip(']').partition('[')
        if not position:
            return name, problem.message
        return name, f'{getattr(self, name)[int(position)]}: {problem.message}'


def _read_span(text: str) -> VLANSpan | None:
    """Read a range of VLANs, or a single one; None if it is neither, which a checked row does not hold."""
    match = _SPAN.fullmatch(text)
    return VLANSpan(int(match[1]), int(match[2] or match[1])) if match else None
