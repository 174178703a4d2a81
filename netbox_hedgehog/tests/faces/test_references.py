"""What a resource refers to, and what refers to it."""

from django.test import TestCase
from django.urls import reverse
from users.models import User
from utilities.testing import TestCase as NetBoxTestCase

from netbox_hedgehog.catalog import KINDS, references
from netbox_hedgehog.models import (
    VPC,
    Connection,
    External,
    GatewayGroup,
    GatewayPeering,
    Server,
    Switch,
    VPCAttachment,
    VPCPeering,
)
from netbox_hedgehog.models.references import REFERRING_KINDS, referrers, targets
from netbox_hedgehog.tests.specimens import SPECIMENS, make_fabric, make_resource, make_resources

# Specs that name one of everything that their kind can name.
_EVERYTHING = {
    'VPC': {'ipv4Namespace': 'a', 'vlanNamespace': 'a', 'subnets': {'x': {'dhcp': {'relayVPC': 'a'}}}},
    'VPCAttachment': {'subnet': 'a/x', 'connection': 'a'},
    'VPCPeering': {'permit': [{'a': {}, 'b': {}}]},
    'External': {'ipv4Namespace': 'a'},
    'ExternalAttachment': {'external': 'a', 'connection': 'a'},
    'ExternalPeering': {'permit': {'vpc': {'name': 'a'}, 'external': {'name': 'a'}}},
    'Switch': {'groups': ['a'], 'vlanNamespaces': ['a'], 'redundancy': {'group': 'a'}},
    'Connection': {
        'staticExternal': {'withinVPC': 'a'},
        'unbundled': {'link': {'server': {'port': 'a/1'}, 'switch': {'port': 'a/1'}}},
        'gateway': {'links': [{'gateway': {'port': 'a/1'}, 'switch': {'port': 'a/1'}}]},
    },
    'Gateway': {'groups': [{'name': 'a'}]},
    'GatewayPeering': {'gatewayGroup': 'a', 'peering': {'a': {}, 'ext.a': {}}},
}


def test_the_kinds_that_can_refer_are_those_of_the_catalogue():
    specs = {name: (*specimen.specs, _EVERYTHING.get(name, {})) for name, specimen in SPECIMENS.items()}
    found: dict[str, set[str]] = {}
    for name, kind in KINDS.items():
        for spec in specs[name]:
            for reference in references(kind, spec):
                found.setdefault(reference.kind_name, set()).add(name)
    assert {kind: set(referring) for kind, referring in REFERRING_KINDS.items()} == found


class ReferenceTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_user('ada', is_superuser=True)
        cls.fabric, other = make_fabric(), make_fabric('Other')
        for fabric in (cls.fabric, other):
            make_resources(VPC, fabric)
            make_resources(VPCPeering, fabric)
            make_resources(GatewayPeering, fabric)
        cls.vpc = VPC.objects.get(fabric=cls.fabric, name='item-1')

    def test_targets_are_rows_of_the_same_fabric_and_missing_ones_are_told(self):
        peering = VPCPeering.objects.get(fabric=self.fabric, name='item-1')
        peering.spec = {'permit': [{'item-1': {}, 'item-9': {}}]}
        found = {target.name: target for target in targets(peering, self.user)}
        assert found['item-1'].resource == self.vpc
        assert found['item-1'].paths == ('spec.permit[0].item-1',)
        assert found['item-9'].resource is None
        assert found['item-9'].is_missing

    def test_one_query_for_each_kind_that_is_named(self):
        peering = GatewayPeering.objects.get(fabric=self.fabric, name='item-3')
        make_resource(GatewayGroup, self.fabric, 'default')
        with self.assertNumQueries(6):  # VPC, External, GatewayGroup: what there is, and what may be seen
            found = targets(peering, self.user)
        assert [(t.kind_name, t.name, t.is_missing) for t in found] == [
            ('GatewayGroup', 'default', False),
            ('VPC', 'item-2', False),
            ('External', 'internet', True),
        ]

    def test_referrers_are_found_by_exact_name(self):
        make_resource(VPCAttachment, self.fabric, spec={'subnet': 'item-1/default', 'connection': 'c'})
        make_resource(VPCAttachment, self.fabric, 'no', spec={'subnet': 'item-11/default', 'connection': 'item-1'})
        found = [(r.kind_name, r.name) for r in referrers(self.vpc, self.user, limit=100)]
        assert found == [
            ('VPCAttachment', 'item-1'),
            ('VPCPeering', 'item-1'),
            ('VPCPeering', 'item-2'),
            ('GatewayPeering', 'item-1'),
            ('GatewayPeering', 'item-2'),
        ]

    def test_devices_find_their_connections(self):
        make_resources(Connection, self.fabric)
        switch = make_resource(Switch, self.fabric, 'leaf-01')
        assert [r.name for r in referrers(switch, self.user, limit=100)] == ['item-1', 'item-2', 'item-3']
        assert [r.name for r in referrers(switch, self.user, limit=2)] == ['item-1', 'item-2']
        server = make_resource(Server, self.fabric, 'server-03')
        (referrer,) = referrers(server, self.user, limit=100)
        assert referrer.paths == ('spec.eslag.links[0].server.port', 'spec.eslag.links[1].server.port')

    def test_an_external_is_found_in_a_gateway_peering(self):
        external = make_resource(External, self.fabric, 'internet')
        assert [r.name for r in referrers(external, self.user, limit=100)] == ['item-3']


class ReferencePanelTests(NetBoxTestCase):
    def test_only_what_the_user_may_see_is_linked(self):
        fabric = make_fabric()
        vpc, *_ = make_resources(VPC, fabric)
        peering, *_ = make_resources(VPCPeering, fabric)
        self.add_permissions('netbox_hedgehog.view_vpcpeering')
        page = self.client.get(peering.get_absolute_url()).content.decode()
        assert 'item-2' in page
        assert vpc.get_absolute_url() not in page
        self.add_permissions('netbox_hedgehog.view_vpc')
        page = self.client.get(peering.get_absolute_url()).content.decode()
        assert f'href="{vpc.get_absolute_url()}"' in page
        self.remove_permissions('netbox_hedgehog.view_vpcpeering')
        page = self.client.get(vpc.get_absolute_url()).content.decode()
        assert peering.get_absolute_url() not in page
        self.add_permissions('netbox_hedgehog.view_vpcpeering')
        page = self.client.get(vpc.get_absolute_url()).content.decode()
        assert f'href="{peering.get_absolute_url()}"' in page
        assert reverse('plugins:netbox_hedgehog:vpcpeering_list') in page
