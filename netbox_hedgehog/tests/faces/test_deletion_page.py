"""What refers to a resource is said before its deletion, and named where that is refused."""

from django.contrib.messages import get_messages
from django.test import TestCase
from django.urls import reverse
from utilities.testing import TestCase as NetBoxTestCase

from netbox_hedgehog.models import VPC, HedgehogFabric, VPCAttachment, VPCPeering
from netbox_hedgehog.tests.faces.api_client import ROOT, ApiClient
from netbox_hedgehog.tests.specimens import make_fabric, make_resource

REFUSED = 'This deletion will be refused'
GOES = 'While the design is under way that stops no deletion'


def make_tied(fabric):
    """Save two VPCs, the first with an attachment and a peering that name it."""
    first, second = (make_resource(VPC, fabric, name) for name in ('item-1', 'item-2'))
    make_resource(VPCAttachment, fabric, 'att-1', spec={'subnet': 'item-1/default', 'connection': 'c'})
    make_resource(VPCPeering, fabric, 'peering-1', spec={'permit': [{'item-1': {}, 'item-9': {}}]})
    # Only a finished design is refused something.
    HedgehogFabric.objects.update(is_draft=False)
    return first, second


class PageTests(NetBoxTestCase):
    user_permissions = (
        'netbox_hedgehog.view_vpc',
        'netbox_hedgehog.delete_vpc',
        'netbox_hedgehog.view_vpcattachment',
        'netbox_hedgehog.view_vpcpeering',
    )

    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()
        cls.tied, cls.free = make_tied(cls.fabric)

    def page(self, vpc, **headers):
        url = reverse('plugins:netbox_hedgehog:vpc_delete', args=[vpc.pk])
        response = self.client.get(url, headers=headers)
        self.assertHttpStatus(response, 200)
        return response.content.decode()

    def bulk_page(self, *vpcs):
        response = self.client.post(
            reverse('plugins:netbox_hedgehog:vpc_bulk_delete'), {'pk': [vpc.pk for vpc in vpcs]}
        )
        self.assertHttpStatus(response, 200)
        return response.content.decode()

    def told(self, response):
        return ' '.join(str(message) for message in get_messages(response.wsgi_request))

    def assert_named(self, page):
        assert REFUSED in page
        assert 'VPCAttachment' in page
        for model in (VPCAttachment, VPCPeering):
            assert f'href="{model.objects.get().get_absolute_url()}"' in page

    def test_the_page_names_what_refers_to_the_resource(self):
        self.assert_named(self.page(self.tied))

    def test_so_does_the_dialog_inside_of_the_form_that_it_shows(self):
        page = self.page(self.tied, **{'HX-Request': 'true', 'HX-Target': 'htmx-modal-content'})
        assert '<html' not in page
        self.assert_named(page.partition('<form')[2].partition('</form>')[0])

    def test_of_a_resource_that_nothing_refers_to_nothing_is_said(self):
        page = self.page(self.free)
        assert REFUSED not in page
        assert GOES not in page
        assert REFUSED not in self.bulk_page(self.free)

    def test_the_page_of_a_selection_names_what_refers_to_each(self):
        page = self.bulk_page(self.tied, self.free)
        self.assert_named(page)
        assert '<strong>item-1</strong>:' in page
        assert '<strong>item-2</strong>:' not in page

    def test_what_may_not_be_seen_is_counted(self):
        self.remove_permissions('netbox_hedgehog.view_vpcpeering')
        page = self.page(self.tied)
        assert 'att-1' in page
        assert 'peering-1' not in page
        assert '1 more' in page
        self.remove_permissions('netbox_hedgehog.view_vpcattachment')
        page = self.page(self.tied)
        assert 'att-1' not in page
        assert '2 resources that you may not see' in page

    def test_while_a_design_is_under_way_it_goes_all_the_same(self):
        HedgehogFabric.objects.update(is_draft=True)
        for page in (self.page(self.tied), self.bulk_page(self.tied)):
            assert REFUSED not in page
            assert GOES in page
            assert 'att-1' in page
        self.client.post(reverse('plugins:netbox_hedgehog:vpc_delete', args=[self.tied.pk]), {'confirm': True})
        assert not VPC.objects.filter(pk=self.tied.pk).exists()

    def test_the_press_is_refused_with_kinds_and_names(self):
        self.remove_permissions('netbox_hedgehog.view_vpcpeering')
        response = self.client.post(
            reverse('plugins:netbox_hedgehog:vpc_delete', args=[self.tied.pk]), {'confirm': True}
        )
        self.assertRedirects(response, self.tied.get_absolute_url())
        assert 'VPC item-1 cannot be deleted: VPCAttachment att-1 and 1 more refer to it.' in self.told(response)
        assert VPC.objects.count() == 2

    def test_a_selection_is_refused_with_kinds_and_names(self):
        posted = {'pk': [self.tied.pk, self.free.pk], 'confirm': True, '_confirm': True}
        response = self.client.post(reverse('plugins:netbox_hedgehog:vpc_bulk_delete'), posted)
        self.assertHttpStatus(response, 302)
        assert 'VPC item-1 cannot be deleted: VPCAttachment att-1, VPCPeering peering-1 refer' in self.told(response)
        assert 'item-2' not in self.told(response)
        assert VPC.objects.count() == 2

    def test_of_a_selection_only_what_refers_to_it_from_outside_counts(self):
        relay = {'subnets': {'default': {'dhcp': {'relay': '10.9.9.9/32', 'relayVPC': 'item-2'}}}}
        VPC.objects.bulk_create([VPC(fabric=self.fabric, name='relay', spec=relay)])
        relaying = VPC.objects.get(name='relay')
        assert '<strong>item-2</strong>:' in self.bulk_page(self.free)
        assert REFUSED not in self.bulk_page(self.free, relaying)

    def test_a_circle_is_named(self):
        names = {'a': 'b', 'b': 'a'}
        dhcp = {name: {'relay': '10.9.9.9/32', 'relayVPC': other} for name, other in names.items()}
        rows = [VPC(fabric=self.fabric, name=name, spec={'subnets': {'d': {'dhcp': dhcp[name]}}}) for name in names]
        VPC.objects.bulk_create(rows)
        page = self.bulk_page(*VPC.objects.filter(name__in=names))
        assert REFUSED in page
        assert page.count('<strong>a</strong>:') == page.count('<strong>b</strong>:') == 1


class RestTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()
        cls.tied, cls.free = make_tied(cls.fabric)

    def setUp(self):
        self.api = ApiClient()
        self.api.allow('view_vpc', 'delete_vpc', 'view_vpcattachment')

    def delete(self, path, data=''):
        client, headers = self.api.client, self.api.headers
        response = client.delete(f'{ROOT}{path}', data, content_type='application/json', headers=headers)
        assert response.status_code == 409, response.content
        assert VPC.objects.count() == 2
        return response.json()

    def test_a_refusal_names_kinds_and_names_and_counts_what_may_not_be_seen(self):
        assert self.delete(f'vpcs/{self.tied.pk}/') == {
            'detail': (
                'VPC item-1 cannot be deleted: VPCAttachment att-1 and 1 more refer to it. '
                'Delete them, or let them name another.'
            )
        }

    def test_the_refusal_of_a_selection_names_them_too(self):
        answer = self.delete('vpcs/', [{'id': self.free.pk}, {'id': self.tied.pk}])
        (error,) = answer['errors']
        assert error['id'] == self.tied.pk
        (message,) = error['errors']['__all__']
        assert message.startswith('VPC item-1 cannot be deleted: VPCAttachment att-1 and 1 more refer to it.')
