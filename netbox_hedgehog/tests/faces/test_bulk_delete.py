"""Deleting resources that refer to each other in one go, through the page and through the REST API."""

from django.test import TestCase
from django.urls import reverse
from utilities.testing import TestCase as NetBoxTestCase

from netbox_hedgehog.models import VPC, HedgehogFabric
from netbox_hedgehog.tests.faces.api_client import ROOT, ApiClient
from netbox_hedgehog.tests.specimens import make_fabric


def make_relays(fabric):
    """Save VPCs that relay DHCP to others; neither names nor numbers have the order in which they can go."""
    relays = {'vpc-b': 'vpc-c', 'vpc-c': 'vpc-a', 'vpc-a': None, 'vpc-d': 'vpc-c', 'vpc-e': None}
    for name, relay_vpc in relays.items():
        dhcp = {'relay': '10.9.9.9/32', 'relayVPC': relay_vpc} if relay_vpc else {'enable': True}
        VPC.objects.bulk_create([VPC(fabric=fabric, name=name, spec={'subnets': {'default': {'dhcp': dhcp}}})])


class Selections:
    """What is tried through either face; `delete` deletes the VPCs with some names."""

    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()
        other = make_fabric('Other')
        make_relays(cls.fabric)
        make_relays(other)
        # Only a finished design is refused something.
        HedgehogFabric.objects.update(is_draft=False)
        cls.fabrics = (cls.fabric, other)

    def numbers(self, *names):
        return list(VPC.objects.filter(fabric__in=self.fabrics, name__in=names).values_list('pk', flat=True))

    def left(self):
        return {tuple(VPC.objects.filter(fabric=fabric).values_list('name', flat=True)) for fabric in self.fabrics}

    def test_a_selection_that_is_complete_in_itself_goes(self):
        self.delete('vpc-a', 'vpc-b', 'vpc-c', 'vpc-d')
        assert self.left() == {('vpc-e',)}

    def test_a_selection_that_another_resource_refers_to_stays(self):
        self.delete('vpc-a', 'vpc-b', 'vpc-c', 'vpc-e')
        assert self.left() == {('vpc-a', 'vpc-b', 'vpc-c', 'vpc-d', 'vpc-e')}

    def test_a_circle_stays(self):
        spec = {'subnets': {'default': {'dhcp': {'relay': '10.9.9.9/32', 'relayVPC': 'vpc-b'}}}}
        VPC.objects.filter(name='vpc-a').update(spec=spec)
        self.delete('vpc-a', 'vpc-b', 'vpc-c', 'vpc-d')
        assert len(VPC.objects.all()) == 10


class PageTests(Selections, NetBoxTestCase):
    user_permissions = ('netbox_hedgehog.view_vpc', 'netbox_hedgehog.delete_vpc')

    def delete(self, *names, **data):
        url = reverse('plugins:netbox_hedgehog:vpc_bulk_delete')
        posted = {'pk': self.numbers(*names), 'confirm': True, '_confirm': True, **data}
        self.assertHttpStatus(self.client.post(url, posted), 302)

    def test_everything_can_be_selected(self):
        self.delete('vpc-a', 'vpc-b', 'vpc-c', 'vpc-d', 'vpc-e', _all=True)
        assert not VPC.objects.exists()


class RestTests(Selections, TestCase):
    def delete(self, *names):
        api = ApiClient()
        api.allow('view_vpc', 'delete_vpc')
        selected = [{'id': number} for number in self.numbers(*names)]
        response = api.client.delete(f'{ROOT}vpcs/', selected, content_type='application/json', headers=api.headers)
        assert response.status_code in (204, 409), response.content
