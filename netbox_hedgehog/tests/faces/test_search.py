"""NetBox's search: resources are found by name, and by what their specs say."""

from netbox.search.backends import search_backend
from utilities.testing import TestCase

from netbox_hedgehog.models import VPC, HedgehogFabric
from netbox_hedgehog.tests.specimens import make_fabric, make_resources


class SearchTests(TestCase):
    user_permissions = ('netbox_hedgehog.view_vpc', 'netbox_hedgehog.view_hedgehogfabric')

    def test_names_addresses_and_directories_are_found(self):
        fabric = make_fabric()
        resources = make_resources(VPC, fabric)
        search_backend.cache(resources)
        search_backend.cache([fabric])
        for text, expected in (
            ('item-2', {resources[1]}),
            ('10.0.233.0/24', {resources[0]}),
            ('fabrics/lab', {fabric}),
        ):
            with self.subTest(text=text):
                assert {result.object for result in search_backend.search(text, self.user)} == expected

    def test_every_result_can_be_shown(self):
        fabric = make_fabric()
        search_backend.cache(make_resources(VPC, fabric))
        search_backend.cache([fabric])
        for text in ('item-1', 'fabrics/lab'):
            self.assertContains(self.client.get('/search/', {'q': text}), text)
        assert HedgehogFabric.objects.count() == 1
