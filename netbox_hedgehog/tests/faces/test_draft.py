"""While a design is under way, each page that shows something of the fabric says so."""

from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from utilities.testing import TestCase

from netbox_hedgehog.models import RESOURCE_MODELS, VPC, HedgehogFabric, PendingChange, SwitchGroup, SyncRun
from netbox_hedgehog.tests.faces.fabric_state import settle, url_of
from netbox_hedgehog.tests.specimens import make_fabric, make_resource

NOTICE = 'Design under way: problems between resources are shown as warnings and do not stop a save.'


class NoticeTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric(is_draft=True)
        cls.other = make_fabric('Other', is_draft=False)
        cls.vpc = make_resource(VPC, cls.fabric)

    def setUp(self):
        super().setUp()
        self.allow('view_hedgehogfabric')

    def allow(self, *names):
        self.add_permissions(*(f'netbox_hedgehog.{name}' for name in names))

    def shown(self, url, parameters=None, **headers):
        response = self.client.get(url, parameters or {}, headers=headers)
        self.assertHttpStatus(response, 200)
        page = response.content.decode()
        assert page.count(NOTICE) < 2
        return NOTICE in page

    def assert_shown(self, *pages):
        """Look for the notice on each page, and for its absence once the design is done."""
        for url, parameters in pages:
            with self.subTest(url=url):
                assert self.shown(url, parameters)
        HedgehogFabric.objects.update(is_draft=False)
        for url, parameters in pages:
            with self.subTest(url=url, is_draft=False):
                assert not self.shown(url, parameters)

    def pages_of(self, model, pk, *names):
        name = model._meta.model_name
        return [
            (reverse(f'plugins:netbox_hedgehog:{name}{view and "_"}{view}', args=[pk]), None)
            for view in ('', 'edit', 'delete', 'changelog', 'journal', *names)
        ]

    def test_the_pages_of_the_fabric(self):
        self.allow('change_hedgehogfabric', 'delete_hedgehogfabric')
        self.allow('approve_hedgehogfabric')
        make_resource(SwitchGroup, self.fabric)
        settle(self.fabric, status='held', is_deletion_held=True, path='managed/x.yaml', base={})
        self.assert_shown(*self.pages_of(HedgehogFabric, self.fabric.pk, 'jobs', 'approve'))

    def test_the_pages_of_each_kind(self):
        self.allow('change_vpc')
        resources = {VPC: self.vpc}
        for model in RESOURCE_MODELS:
            name = model._meta.model_name
            self.allow(*(f'{action}_{name}' for action in ('view', 'change', 'delete')))
            row = model(fabric=self.fabric, name='shown')
            resources.setdefault(model, row).save()
        for model, row in resources.items():
            for url, parameters in self.pages_of(model, row.pk):
                with self.subTest(url=url):
                    assert self.shown(url, parameters)
        # One and the same piece of the page: where it is absent is looked at for one kind.
        self.assert_shown(*self.pages_of(VPC, self.vpc.pk))

    def test_a_list_that_is_filtered_by_the_fabric(self):
        self.allow('view_vpc')
        url = reverse('plugins:netbox_hedgehog:vpc_list')
        self.assert_shown(
            (url, {'fabric_id': self.fabric.pk}),
            (url, {'fabric_id': [self.other.pk, self.fabric.pk]}),
            (url, {'fabric': 'lab'}),
        )

    def test_a_list_with_something_of_the_fabric(self):
        self.allow('view_vpc', 'view_syncrun', 'view_pendingchange')
        SyncRun.objects.create(fabric=self.fabric, trigger='schedule', batch=uuid4())
        lists = ('vpc', 'hedgehogfabric', 'syncrun', 'pendingchange')
        self.assert_shown(*((reverse(f'plugins:netbox_hedgehog:{name}_list'), None) for name in lists))

    def test_lists_with_nothing_of_the_fabric_do_not_show_it(self):
        self.allow('view_vpc', 'view_vpcpeering')
        url = reverse('plugins:netbox_hedgehog:vpc_list')
        assert not self.shown(url, {'fabric_id': self.other.pk})
        assert not self.shown(url, {'name': 'nothing'})
        assert not self.shown(reverse('plugins:netbox_hedgehog:vpcpeering_list'))
        assert not self.shown(reverse('plugins:netbox_hedgehog:hedgehogfabric_list'), {'is_draft': 'false'})

    def test_a_list_names_the_fabrics(self):
        self.allow('view_vpc')
        third = make_fabric('Third', is_draft=True)
        make_resource(VPC, third, 'vpc-3')
        page = self.client.get(reverse('plugins:netbox_hedgehog:vpc_list')).content.decode()
        notice = page.partition(NOTICE)[2].partition('</div>')[0]
        assert [fabric.get_absolute_url() in notice for fabric in (self.fabric, self.other, third)] == [1, 0, 1]

    def test_a_list_does_not_tell_about_a_fabric_that_may_not_be_seen(self):
        self.allow('view_vpc')
        self.user.object_permissions.filter(object_types__model='hedgehogfabric').update(constraints={'slug': 'other'})
        assert not self.shown(reverse('plugins:netbox_hedgehog:vpc_list'))

    def test_the_pages_of_bulk_actions(self):
        self.allow('view_vpc', 'change_vpc', 'delete_vpc', 'change_hedgehogfabric', 'delete_hedgehogfabric')
        for row in (self.vpc, self.fabric):
            for view in ('bulk_edit', 'bulk_delete'):
                with self.subTest(model=type(row), view=view):
                    url = reverse(f'plugins:netbox_hedgehog:{row._meta.model_name}_{view}')
                    self.assertContains(self.client.post(url, {'pk': row.pk}), NOTICE, 1)

    def test_the_pages_of_records_and_of_the_repository(self):
        self.allow('view_syncrun', 'view_pendingchange', 'view_gitrepository')
        run = SyncRun.objects.create(fabric=self.fabric, trigger='schedule', batch=uuid4())
        rows = (run, PendingChange.objects.filter(fabric=self.fabric).first(), self.fabric.repository)
        self.assert_shown(*((row.get_absolute_url(), None) for row in rows))

    def test_a_form_that_adds_to_the_fabric(self):
        self.allow('add_vpc')
        url = reverse('plugins:netbox_hedgehog:vpc_add')
        assert not self.shown(url)
        assert not self.shown(url, {'fabric': self.other.pk})
        self.assert_shown((url, {'fabric': self.fabric.pk}))

    def test_a_form_that_is_refused_still_shows_it(self):
        self.allow('add_vpc')
        response = self.client.post(reverse('plugins:netbox_hedgehog:vpc_add'), {'fabric': self.fabric.pk})
        self.assertContains(response, NOTICE)

    def test_a_fabric_that_may_not_be_seen_is_not_told_about(self):
        self.user.object_permissions.all().delete()
        self.allow('add_vpc', 'view_vpc')
        assert not self.shown(reverse('plugins:netbox_hedgehog:vpc_add'), {'fabric': self.fabric.pk})

    def test_the_link_is_for_those_who_may_change_the_fabric(self):
        self.allow('view_vpc')
        link = f'href="{url_of(self.fabric, "edit")}"'
        assert link not in self.client.get(self.vpc.get_absolute_url()).content.decode()
        self.allow('change_hedgehogfabric')
        assert link in self.client.get(self.vpc.get_absolute_url()).content.decode()
        self.user.object_permissions.filter(actions=['change']).update(constraints={'slug': 'other'})
        assert link not in self.client.get(self.vpc.get_absolute_url()).content.decode()

    def test_it_costs_no_query_where_there_is_nothing_to_say(self):
        HedgehogFabric.objects.update(is_draft=False)
        self.allow('view_vpc')
        self.client.get(self.vpc.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            self.client.get(self.vpc.get_absolute_url())
        fabrics = [query for query in captured if query['sql'].startswith('SELECT "netbox_hedgehog_hedgehogfabric"')]
        assert len(fabrics) <= 1, fabrics
