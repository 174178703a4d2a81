"""Conflicts on the pages of resources and fabrics: who sees them, and who may settle them."""

from unittest.mock import patch

from core.models import Job
from utilities.testing import TestCase

from netbox_hedgehog.models import VPC, Conflict, SyncState
from netbox_hedgehog.tests.faces.fabric_state import COMMIT, settle, url_of
from netbox_hedgehog.tests.specimens import make_fabric, make_resources


class ConflictTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()
        cls.vpc, cls.other, _ = make_resources(VPC, cls.fabric)
        settle(cls.fabric)
        for name, path in (('item-1', '/spec/mode'), ('item-1', '/spec/vlanNamespace'), ('item-2', '')):
            Conflict.objects.create(
                fabric=cls.fabric,
                group=VPC.kind.group,
                kind='VPC',
                namespace='default',
                name=name,
                path=path,
                ours={'value': 'l3vni'},
                theirs={},
                commit=COMMIT,
            )
        SyncState.objects.filter(name__in=('item-1', 'item-2')).update(status='conflict')

    def take(self, value, status=302):
        with patch('netbox_hedgehog.views.passes.SyncFabricJob.enqueue') as enqueue:
            enqueue.return_value = Job(pk=7, name='pass')
            response = self.client.post(url_of(self.fabric, 'resolve'), {'take': value, 'return_url': '/'})
            self.assertHttpStatus(response, status)
        return enqueue.called

    def decisions(self):
        return dict(Conflict.objects.order_by('pk').values_list('path', 'decision'))

    def pk_of(self, path):
        return Conflict.objects.get(path=path).pk

    def test_a_resource_shows_its_conflicts_and_who_may_edit_it_sees_buttons(self):
        self.add_permissions('netbox_hedgehog.view_vpc')
        page = self.client.get(self.vpc.get_absolute_url()).content.decode()
        assert '/spec/mode' in page
        assert 'not there' in page
        assert 'Take NetBox' not in page
        self.add_permissions('netbox_hedgehog.change_vpc')
        page = self.client.get(self.vpc.get_absolute_url()).content.decode()
        assert f'value="git:{self.pk_of("/spec/mode")}"' in page
        assert page.count('Take Git for all') == 1

    def test_one_field_is_settled(self):
        self.add_permissions('netbox_hedgehog.view_vpc', 'netbox_hedgehog.change_vpc')
        assert self.take(f'netbox:{self.pk_of("/spec/mode")}')
        assert self.decisions() == {'/spec/mode': 'netbox', '/spec/vlanNamespace': '', '': ''}
        assert SyncState.objects.get(name='item-1').status == 'pending'

    def test_all_fields_of_one_resource_are_settled(self):
        self.add_permissions('netbox_hedgehog.view_vpc', 'netbox_hedgehog.change_vpc')
        assert self.take(f'git:{self.pk_of("/spec/mode")}:all')
        assert self.decisions() == {'/spec/mode': 'git', '/spec/vlanNamespace': 'git', '': ''}

    def test_it_takes_the_permission_to_change_that_resource(self):
        self.add_permissions('netbox_hedgehog.view_vpc')
        assert not self.take(f'git:{self.pk_of("/spec/mode")}', status=403)
        self.add_permissions('netbox_hedgehog.change_vpc')
        self.user.object_permissions.filter(actions=['change']).update(constraints={'name': 'item-2'})
        assert not self.take(f'git:{self.pk_of("/spec/mode")}', status=403)
        assert not self.take(f'git:{self.pk_of("")}', status=403), 'settling a deletion takes more than change'
        self.add_permissions('netbox_hedgehog.add_vpc', 'netbox_hedgehog.delete_vpc')
        assert self.take(f'git:{self.pk_of("")}')

    def test_what_is_settled_already_or_never_was_is_no_error(self):
        self.add_permissions('netbox_hedgehog.view_vpc', 'netbox_hedgehog.change_vpc')
        for value in ('git:999999', 'nobody:1', 'git:', '', 'git:1;drop'):
            with self.subTest(value=value):
                assert not self.take(value)

    def test_the_fabric_shows_conflicts_of_all_its_resources(self):
        self.add_permissions('netbox_hedgehog.view_hedgehogfabric', 'netbox_hedgehog.view_vpc')
        page = self.client.get(url_of(self.fabric)).content.decode()
        assert 'VPC default/item-1' in page
        assert 'VPC default/item-2' in page
        assert 'the whole resource' in page
