"""The fields for the settings of a fabric, and how a form arranges them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from utilities.forms.rendering import FieldSet, TabbedGroups

from ..models import HedgehogFabric
from .fields import TextListField

__all__ = ('FabricSettingsForm', 'settings_fieldsets')

_ADDRESSES = (
    'reserved_subnets',
    'management_subnet',
    'management_dhcp_start',
    'management_dhcp_end',
    'control_vip',
    'protocol_subnet',
    'vtep_subnet',
    'fabric_subnet',
)
_NUMBERS = (
    'vpc_irb_vlan_ranges',
    'th5_workaround_vlan_ranges',
    'spine_asn',
    'leaf_asn_start',
    'leaf_asn_end',
    'gateway_asn',
    'fabric_mtu',
    'server_facing_mtu_offset',
    'gateway_communities',
)
_FEATURES = (
    'enable_gateway',
    'vpc_peering_disabled',
    'allow_extra_switch_profiles',
    'include_sonic_cls_plus',
    'include_cumulus',
)
# NetBox opens the tab whose first field has a value. Here all have one: this name, of no field, stands before them.
_NONE = ''


def settings_fieldsets() -> tuple[FieldSet, ...]:
    """Return the settings in groups; those that few people change are behind tabs."""
    return (
        FieldSet('release', 'is_installed', 'is_draft', name=_('Validation')),
        FieldSet(
            TabbedGroups(
                FieldSet(_NONE, *_ADDRESSES, name=_('Addresses')),
                FieldSet(_NONE, *_NUMBERS, name=_('Numbers')),
                FieldSet(_NONE, *_FEATURES, name=_('Features')),
            ),
            name=_('Addresses and numbers'),
        ),
    )


def _list_field(name: str) -> TextListField:
    field = HedgehogFabric._meta.get_field(name)
    return TextListField(label=field.verbose_name.capitalize(), help_text=field.help_text)


class FabricSettingsForm(forms.Form):
    """The settings that hold several values; Django has fields for the others. Blank stands for the default."""

    reserved_subnets = _list_field('reserved_subnets')
    vpc_irb_vlan_ranges = _list_field('vpc_irb_vlan_ranges')
    th5_workaround_vlan_ranges = _list_field('th5_workaround_vlan_ranges')
    gateway_communities = _list_field('gateway_communities')

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*_ADDRESSES, *_NUMBERS):
            default = HedgehogFabric._meta.get_field(name).get_default()
            shown = ', '.join(default) if isinstance(default, list) else str(default)
            self.fields[name].widget.attrs['placeholder'] = shown
