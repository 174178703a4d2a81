"""A user with few rights on the form of a resource: where nothing is offered, it is said which permission lacks."""

from html import unescape

from core.models import ObjectType
from django.urls import reverse
from users.models import ObjectPermission
from utilities.testing import TestCase

from netbox_hedgehog.models import VPC, Connection, HedgehogFabric, IPv4Namespace, Switch, VLANNamespace
from netbox_hedgehog.tests.specimens import make_fabric, make_resource


def needed(permission):
    return f'This takes the permission netbox_hedgehog.{permission}; ask an administrator of NetBox for it.'


class FewRightsTests(TestCase):
    user_permissions = ('netbox_hedgehog.add_vpc', 'netbox_hedgehog.change_vpc', 'netbox_hedgehog.add_hedgehogfabric')

    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()
        cls.vlans = make_resource(VLANNamespace, cls.fabric, 'default')
        cls.prefixes = make_resource(IPv4Namespace, cls.fabric, 'default')
        cls.vpc = make_resource(VPC, cls.fabric, 'vpc-1')
        cls.switch = make_resource(Switch, cls.fabric, 'leaf-01')

    def page(self, name, *args):
        response = self.client.get(reverse(f'plugins:netbox_hedgehog:{name}', args=args))
        self.assertHttpStatus(response, 200)
        return unescape(response.content.decode())

    def offers(self, source, status, **asked):
        address = reverse('plugins:netbox_hedgehog:spec_offers')
        response = self.client.get(address, {'fabric': self.fabric.pk, 'source': source, **asked})
        self.assertHttpStatus(response, status)
        return response.json()

    def next_free(self, path, status=403):
        """Ask what the button asks."""
        root = reverse('plugins-api:netbox_hedgehog-api:api-root')
        response = self.client.get(root + path, headers={'Accept': 'application/json'})
        self.assertHttpStatus(response, status)
        return response.json()

    def test_a_form_without_fabrics_names_the_permission_beside_the_empty_list(self):
        for page in (self.page('vpc_add'), self.page('vpc_edit', self.vpc.pk)):
            assert page.count(needed('view_hedgehogfabric')) == 1
        page = self.page('hedgehogfabric_add')
        assert needed('view_gitrepository') in page
        self.add_permissions('netbox_hedgehog.view_hedgehogfabric', 'netbox_hedgehog.view_gitrepository')
        for name in ('vpc_add', 'hedgehogfabric_add'):
            assert 'This takes the permission' not in self.page(name)

    def test_a_form_that_is_refused_names_it_still(self):
        address = reverse('plugins:netbox_hedgehog:vpc_add')
        response = self.client.post(address, {'fabric': self.fabric.pk, 'name': 'vpc-2', 'namespace': 'default'})
        self.assertHttpStatus(response, 200)
        assert needed('view_hedgehogfabric') in unescape(response.content.decode())

    def test_a_list_that_is_narrowed_by_constraints_names_none(self):
        permission = ObjectPermission.objects.create(name='None', actions=['view'], constraints={'pk': 0})
        permission.users.add(self.user)
        permission.object_types.add(ObjectType.objects.get_by_natural_key('netbox_hedgehog', 'hedgehogfabric'))
        assert 'This takes the permission' not in self.page('vpc_add')

    def test_choices_that_a_user_may_not_see_name_the_permission(self):
        assert self.offers('VPC', 403) == {'detail': needed('view_hedgehogfabric')}
        self.add_permissions('netbox_hedgehog.view_hedgehogfabric')
        for source, of, permission in (
            ('VLANNamespace', '', 'view_vlannamespace'),
            ('Connection:external', '', 'view_connection'),
            ('subnets', 'vpc-1', 'view_vpc'),
            ('ports:Switch', 'leaf-01', 'view_switch'),
            ('sides', '', 'view_vpc'),
        ):
            with self.subTest(source=source):
                assert self.offers(source, 403, of=of) == {'detail': needed(permission)}
        assert self.offers('profiles', 200)['offers']
        assert self.offers('ports:Nonsense', 200, of='leaf-01') == {'offers': []}
        self.add_permissions('netbox_hedgehog.view_external')
        assert self.offers('sides', 200) == {'offers': []}

    def test_next_free_names_the_permission(self):
        link = Connection.objects.create(fabric=self.fabric, name='link-1', spec={'fabric': {'links': []}})
        for path, permission in (
            (f'vlan-namespaces/{self.vlans.pk}/available-vlans/?limit=50', 'view_vlannamespace'),
            (f'ipv4-namespaces/{self.prefixes.pk}/available-prefixes/?prefix_length=24&limit=50', 'view_ipv4namespace'),
            (f'fabrics/{self.fabric.pk}/available-asns/?limit=50&role=spine', 'view_hedgehogfabric'),
            (f'switches/{self.switch.pk}/available-addresses/', 'view_switch'),
            (f'connections/{link.pk}/available-addresses/', 'view_connection'),
        ):
            with self.subTest(path=path):
                assert self.next_free(path) == {'detail': needed(permission)}
                self.add_permissions(f'netbox_hedgehog.{permission}')
                self.next_free(path, 200)

    def test_a_value_that_is_taken_is_refused_with_the_name_of_who_has_it(self):
        self.add_permissions('netbox_hedgehog.view_hedgehogfabric')
        HedgehogFabric.objects.update(is_draft=False)
        fields = {'fabric': self.fabric.pk, 'namespace': 'default', 'name': 'vpc-2', 'editor': 'yaml'}
        spec = 'subnets: {default: {subnet: 10.0.9.0/24, vlan: 1001}}'
        response = self.client.post(reverse('plugins:netbox_hedgehog:vpc_add'), fields | {'spec': spec})
        self.assertHttpStatus(response, 200)
        assert 'VPC vpc-1' in response.content.decode()
