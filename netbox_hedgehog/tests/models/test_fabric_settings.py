"""The settings of a fabric: upstream's defaults, checked against each other, and never against the resources."""

import dataclasses

import pytest
from core.models import ObjectChange
from django.core.exceptions import ValidationError
from django.test import TestCase

from netbox_hedgehog.catalog import FabricSettings, VLANSpan
from netbox_hedgehog.models import SETTINGS, VPC, HedgehogFabric, PendingChange
from netbox_hedgehog.tests.specimens import make_fabric, make_resource


class SettingsTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric(is_installed=True, is_draft=False)

    def refused(self, **values):
        for name, value in values.items():
            setattr(self.fabric, name, value)
        with pytest.raises(ValidationError) as refused:
            self.fabric.full_clean()
        return refused.value.message_dict

    def test_the_errors_have_no_codes_by_which_django_would_put_its_own_words(self):
        self.fabric.spine_asn, self.fabric.fabric_mtu = 65200, 10000
        with pytest.raises(ValidationError) as refused:
            self.fabric.full_clean()
        errors = refused.value.error_dict
        assert {name: [error.code for error in found] for name, found in errors.items()} == {
            'spine_asn': [None],
            'fabric_mtu': [None],
        }

    def stored(self, **values):
        for name, value in values.items():
            setattr(self.fabric, name, value)
        self.fabric.full_clean()
        self.fabric.save()
        return HedgehogFabric.objects.get(pk=self.fabric.pk)

    def test_a_new_fabric_has_the_settings_of_a_plain_installation(self):
        assert HedgehogFabric().settings == FabricSettings()
        assert self.stored().settings == FabricSettings()

    def test_two_fabrics_share_no_list(self):
        HedgehogFabric().reserved_subnets.append('10.0.0.0/8')
        assert HedgehogFabric().settings == FabricSettings()

    def test_every_setting_comes_back_as_it_was_stored(self):
        expected = FabricSettings(
            release='24.09',
            is_installed=False,
            is_draft=True,
            reserved_subnets=('192.168.200.0/24',),
            vpc_irb_vlan_ranges=(VLANSpan(2000, 2099), VLANSpan(2500, 2500)),
            th5_workaround_vlan_ranges=(VLANSpan(2600, 2699),),
            management_subnet='192.168.200.0/24',
            management_dhcp_start='192.168.200.128',
            management_dhcp_end='192.168.200.250',
            control_vip='192.168.200.1/32',
            protocol_subnet='10.1.0.0/22',
            vtep_subnet='10.2.0.0/22',
            fabric_subnet='10.3.0.0/17',
            spine_asn=4200000000,
            leaf_asn_start=4200000001,
            leaf_asn_end=4200000100,
            gateway_asn=4200000200,
            fabric_mtu=9000,
            server_facing_mtu_offset=100,
            vpc_peering_disabled=True,
            enable_gateway=False,
            gateway_communities=('60000:1',),
            allow_extra_switch_profiles=True,
            include_sonic_cls_plus=False,
            include_cumulus=False,
        )
        for field in dataclasses.fields(FabricSettings):
            assert getattr(expected, field.name) != getattr(FabricSettings(), field.name), field.name
        columns = {
            **dataclasses.asdict(expected),
            'reserved_subnets': ['192.168.200.0/24'],
            'vpc_irb_vlan_ranges': ['2000-2099', '2500'],
            'th5_workaround_vlan_ranges': ['2600-2699'],
            'gateway_communities': ['60000:1'],
        }
        assert self.stored(**columns).settings == expected

    def test_what_is_left_blank_takes_the_default(self):
        texts = [name for name in SETTINGS if isinstance(getattr(self.fabric, name), str)]
        numbers = [name for name in SETTINGS if type(getattr(self.fabric, name)) is int]
        lists = [name for name in SETTINGS if isinstance(getattr(self.fabric, name), list)]
        blank = dict.fromkeys(texts, '') | dict.fromkeys(numbers) | {name: [] for name in lists}
        assert len(blank) == 18
        assert self.stored(**blank).settings == FabricSettings()
        HedgehogFabric.objects.filter(pk=self.fabric.pk).update(management_subnet='10.0.0.0/8')
        self.fabric.management_subnet = ''
        self.fabric.save()
        assert self.fabric.settings == FabricSettings()

    def test_settings_that_make_no_sense_are_refused_each_at_its_field(self):
        errors = self.refused(
            management_subnet='10.0.0.0/24',
            spine_asn=65200,
            fabric_mtu=10000,
            reserved_subnets=['10.0.0.0/8', 'ten'],
            vpc_irb_vlan_ranges=['3899-3000'],
        )
        assert set(errors) == {
            'management_dhcp_start',
            'management_dhcp_end',
            'spine_asn',
            'fabric_mtu',
            'reserved_subnets',
            'vpc_irb_vlan_ranges',
        }
        (message,) = errors['reserved_subnets']
        assert message.startswith('ten: ')

    def test_a_text_that_is_no_range_of_vlans_is_refused(self):
        for text in ('3000-', 'all', '3000,3001', '12345', '-1', '٣'):
            errors = self.refused(vpc_irb_vlan_ranges=[text])
            assert set(errors) == {'vpc_irb_vlan_ranges'}, text

    def test_a_value_of_the_wrong_type_is_refused_once(self):
        assert set(self.refused(spine_asn='many', fabric_mtu=0)) == {'spine_asn'}
        assert set(self.refused(spine_asn=0, fabric_mtu=9100)) == {'spine_asn'}
        assert set(self.refused(spine_asn=65100, release='23.01')) == {'release'}

    def test_settings_change_whatever_they_make_of_the_resources(self):
        self.stored(is_installed=False)
        vpc = make_resource(VPC, self.fabric)
        assert not vpc.problems()
        PendingChange.objects.all().delete()
        changes = ObjectChange.objects.count()
        fabric = self.stored(reserved_subnets=['10.0.0.0/8'], enable_gateway=False, release='24.09')
        assert fabric.settings.reserved_subnets == ('10.0.0.0/8',)
        now = VPC.objects.get(pk=vpc.pk)
        assert (now.spec, now.last_updated) == (vpc.spec, vpc.last_updated)
        assert [problem.path for problem in now.problems()] == ['spec.subnets.default.subnet']
        assert not PendingChange.objects.exists()
        assert ObjectChange.objects.count() == changes
