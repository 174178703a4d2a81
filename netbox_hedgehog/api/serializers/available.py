"""What is free in a fabric, what a request takes of it, and what it was given."""

from typing import get_args

from core.models import ObjectChange
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ...catalog.claims import DEFAULT_SUBNET
from ...catalog.pools import LONGEST_SUBNET
from ...catalog.wiring import SwitchSpec
from .exact import ExactSerializer

__all__ = (
    'SWITCH_ROLES',
    'ASNRequestSerializer',
    'AddressRequestSerializer',
    'FreeASNSerializer',
    'FreeAddressSerializer',
    'FreePrefixSerializer',
    'FreeVLANSerializer',
    'GivenASNSerializer',
    'GivenAddressSerializer',
    'GivenSubnetSerializer',
    'OptionalRoleSerializer',
    'PrefixLengthSerializer',
    'PrefixRequestSerializer',
    'RoleSerializer',
    'VLANRequestSerializer',
)

SWITCH_ROLES = get_args(SwitchSpec.model_fields['role'].annotation)
USUAL_LENGTH = 24


class FreeVLANSerializer(serializers.Serializer):
    """A VLAN that no VPC takes."""

    vlan = serializers.IntegerField(read_only=True)


class FreePrefixSerializer(serializers.Serializer):
    """A prefix that no VPC takes."""

    prefix = serializers.CharField(read_only=True)


class FreeASNSerializer(serializers.Serializer):
    """An ASN that a switch can get."""

    asn = serializers.IntegerField(read_only=True)


class FreeAddressSerializer(serializers.Serializer):
    """An address for a field that is blank."""

    path = serializers.CharField(read_only=True, help_text=_('The field, as problems name it: spec.protocolIP.'))
    address = serializers.CharField(read_only=True, help_text=_('Address with prefix length.'))


class PrefixLengthSerializer(serializers.Serializer):
    """The prefix length of what is looked for."""

    prefix_length = serializers.IntegerField(
        default=USUAL_LENGTH, min_value=1, max_value=LONGEST_SUBNET, help_text=_('Prefix length of the subnet.')
    )


class RoleSerializer(serializers.Serializer):
    """The role of a switch that may not be saved yet."""

    role = serializers.ChoiceField(choices=SWITCH_ROLES, help_text=_('Role of the switch.'))


class OptionalRoleSerializer(serializers.Serializer):
    """The role of a switch, a leaf unless it is given."""

    role = serializers.ChoiceField(
        choices=SWITCH_ROLES, default='server-leaf', help_text=_('Role of the switch; all leaves share a range.')
    )


class GiveRequestSerializer(ExactSerializer):
    """What is to be given, and to whom."""

    # NetBox's own serializer takes any length, which its change log then cannot hold.
    changelog_message = serializers.CharField(
        write_only=True, required=False, max_length=ObjectChange._meta.get_field('message').max_length
    )


class SubnetRequestSerializer(GiveRequestSerializer):
    """The subnet of a VPC that something is for; it is added if it is not there."""

    vpc = serializers.CharField(help_text=_('Name of the VPC.'))
    subnet = serializers.CharField(default=DEFAULT_SUBNET, help_text=_('Name of the subnet within the VPC.'))


class VLANRequestSerializer(SubnetRequestSerializer):
    """The subnet of a VPC that gets the next free VLAN."""

    prefix_length = serializers.IntegerField(
        default=USUAL_LENGTH,
        min_value=1,
        max_value=LONGEST_SUBNET,
        help_text=_('A subnet that is added gets a prefix of this length, too.'),
    )


class PrefixRequestSerializer(PrefixLengthSerializer, SubnetRequestSerializer):
    """The subnet of a VPC that gets the next free prefix. A subnet that is added gets a VLAN, too."""


class GivenSubnetSerializer(serializers.Serializer):
    """What a subnet was given; of one that was there already, only what was asked for."""

    vpc = serializers.CharField(read_only=True)
    subnet = serializers.CharField(read_only=True)
    vlan = serializers.IntegerField(read_only=True, required=False)
    prefix = serializers.CharField(read_only=True, required=False)


class ASNRequestSerializer(GiveRequestSerializer):
    """The switch that gets the next free ASN."""

    switch = serializers.CharField(help_text=_('Name of the switch.'))


class GivenASNSerializer(FreeASNSerializer):
    """The ASN that a switch was given."""

    switch = serializers.CharField(read_only=True)


class AddressRequestSerializer(GiveRequestSerializer):
    """Nothing but a message for the change log, if any."""


class GivenAddressSerializer(FreeAddressSerializer):
    """The address that a field of a resource was given."""

    kind = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
