"""The page of a fabric: what it says, its buttons, and who may press them."""

from unittest.mock import patch

from core.models import Job
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from utilities.testing import TestCase as NetBoxTestCase

from netbox_hedgehog.models import (
    VPC,
    FabricModeChoices,
    FabricState,
    GitFile,
    HedgehogFabric,
    PendingChange,
    RunTriggerChoices,
    SwitchGroup,
    SyncRun,
    SyncState,
    SyncStatusChoices,
)
from netbox_hedgehog.repositories import Unavailable
from netbox_hedgehog.tests.faces.fabric_state import COMMIT, settle, url_of
from netbox_hedgehog.tests.specimens import make_fabric, make_resource, make_resources
from netbox_hedgehog.tests.sync.base import SyncFixture


class FabricPageTests(NetBoxTestCase):
    user_permissions = ('netbox_hedgehog.view_hedgehogfabric', 'netbox_hedgehog.view_vpc')

    @classmethod
    def setUpTestData(cls):
        cls.fabric = make_fabric()
        make_resources(VPC, cls.fabric)

    def page(self):
        response = self.client.get(url_of(self.fabric))
        self.assertHttpStatus(response, 200)
        return response.content.decode()

    def test_green_is_shown_with_its_proof(self):
        settle(self.fabric)
        page = self.page()
        assert 'NetBox and Git were compared equal at <code>c0ffeec0ffee</code>' in page
        assert '3 In sync' in page
        assert f'/plugins/hedgehog/vpcs/?fabric_id={self.fabric.pk}&amp;sync_status=synced' in page

    def test_a_fabric_that_never_synchronised_is_not_called_equal(self):
        page = self.page()
        assert 'Not synchronised yet' in page
        assert 'compared equal' not in page

    def test_one_pending_resource_is_enough_not_to_be_equal(self):
        settle(self.fabric)
        SyncState.objects.filter(name='item-1').update(status='pending')
        page = self.page()
        assert '1 pending' in page
        assert 'compared equal' not in page
        assert f'?fabric_id={self.fabric.pk}&amp;sync_status=pending' in page

    def test_a_repository_that_cannot_be_reached_is_named_with_the_next_attempt(self):
        settle(self.fabric)
        FabricState.objects.update(connection='unreachable', error='No route to host.', retry_at=timezone.now())
        page = self.page()
        assert 'No route to host.' in page
        assert 'Next attempt' in page
        assert 'compared equal' not in page

    def test_a_fabric_that_is_not_active_is_not_called_equal(self):
        settle(self.fabric)
        for mode, text in (('paused', 'This fabric is paused'), ('observe', 'Nothing is written on either side')):
            HedgehogFabric.objects.update(mode=mode)
            page = self.page()
            assert text in page
            assert 'compared equal' not in page

    def test_an_empty_fabric_tells_where_its_files_would_lie(self):
        VPC.objects.all().delete()
        SyncState.objects.all().delete()
        assert 'Their manifests lie in fabrics/lab/gitops/managed' in self.page()

    def test_pending_changes_are_shown_to_those_who_may_see_them(self):
        assert 'Pending changes</h2>' not in ' '.join(self.page().split())
        self.add_permissions('netbox_hedgehog.view_pendingchange', 'netbox_hedgehog.view_syncrun')
        SyncRun.objects.create(fabric=self.fabric, trigger='button', status='failed', error='Kaputt', batch=COMMIT[:32])
        page = self.page()
        assert PendingChange.objects.first().get_absolute_url() in page
        assert 'Kaputt' in page

    def test_held_resources_are_shown_also_when_their_row_is_gone(self):
        settle(self.fabric)
        SyncState.objects.filter(name__in=('item-1', 'item-2')).update(status='held', reason='Too many')
        VPC.objects.filter(name='item-2')._raw_delete('default')
        page = self.page()
        assert f'<a href="{VPC.objects.get(name="item-1").get_absolute_url()}">item-1</a>' in page
        assert 'item-2' in page
        assert '2 held' in page

    def test_files_that_need_attention_are_listed_with_the_place(self):
        problem = {'line': 7, 'column': 3, 'code': 'duplicate-key', 'message': 'Twice'}
        GitFile.objects.create(fabric=self.fabric, path='managed/vpcs/a.yaml', blob='', mode=0, problems=[problem])
        GitFile.objects.create(fabric=self.fabric, path='unmanaged/b.yaml', blob='', mode=0)
        for path in ('unmanaged/.gitkeep', 'unmanaged/b.yaml.reason.txt'):
            GitFile.objects.create(fabric=self.fabric, path=path, blob='', mode=0)
        page = self.page()
        assert 'managed/vpcs/a.yaml' in page
        assert 'duplicate-key' in page
        assert 'unmanaged/b.yaml' in page
        assert 'the reason stands in unmanaged/b.yaml.reason.txt' in page
        assert 'unmanaged/b.yaml.reason.txt.reason.txt' not in page
        assert 'unmanaged/.gitkeep' not in page

    def test_the_number_of_queries_does_not_grow_with_the_resources(self):
        self.page()  # fills caches
        with CaptureQueriesContext(connection) as few:
            self.page()
        for number in range(20):
            make_resource(VPC, self.fabric, f'more-{number}')
        with self.assertNumQueries(len(few)):
            self.page()

    def test_the_list_shows_how_each_fabric_stands(self):
        settle(self.fabric)
        other = make_fabric('Other')
        make_resources(VPC, other)
        settle(other)
        SyncState.objects.filter(fabric=other, name='item-1').update(status='conflict')
        response = self.client.get(reverse('plugins:netbox_hedgehog:hedgehogfabric_list'))
        page = response.content.decode()
        assert 'In sync' in page
        assert '1 conflict' in page
        assert 'c0ffeec0ffee' in page

    def test_deleting_says_that_the_files_stay(self):
        self.add_permissions('netbox_hedgehog.delete_hedgehogfabric')
        for headers in ({}, {'HX-Request': 'true'}):
            response = self.client.get(url_of(self.fabric, 'delete'), headers=headers)
            self.assertContains(response, 'The files in Git stay as they are')
            self.assertContains(response, 'VPCs')
        response = self.client.post(
            reverse('plugins:netbox_hedgehog:hedgehogfabric_bulk_delete'), {'pk': [self.fabric.pk]}
        )
        self.assertContains(response, 'The files in Git stay as they are')


class FabricButtonTests(NetBoxTestCase):
    user_permissions = ('netbox_hedgehog.view_hedgehogfabric',)

    @classmethod
    def setUpTestData(cls):
        cls.fabric, cls.other = make_fabric(), make_fabric('Other')

    def jobs(self):
        return Job.objects.filter(object_id=self.fabric.pk, user=self.user)

    def restrict(self, action, **constraints):
        """Give the user a permission for some fabrics only."""
        self.add_permissions(f'netbox_hedgehog.{action}_hedgehogfabric')
        self.user.object_permissions.filter(actions=[action]).update(constraints=constraints)

    def enqueued(self, view, **data):
        """Press a button and return what the pass would be started with."""
        with patch('netbox_hedgehog.views.passes.SyncFabricJob.enqueue') as enqueue:
            enqueue.return_value = Job(pk=7, name='pass')
            response = self.client.post(url_of(self.fabric, view), data)
            self.assertHttpStatus(response, 302)
        return enqueue.call_args.kwargs if enqueue.called else None

    def test_every_action_needs_its_own_permission(self):
        for view in ('sync', 'approve', 'preview'):
            with self.subTest(view=view):
                self.assertHttpStatus(self.client.get(url_of(self.fabric, view)), 403)
                self.assertHttpStatus(self.client.post(url_of(self.fabric, view)), 403)
        page = self.client.get(url_of(self.fabric)).content.decode()
        assert url_of(self.fabric, 'sync') not in page
        assert url_of(self.fabric, 'preview') not in page
        assert not self.jobs()

    def test_a_permission_for_one_fabric_is_none_for_another(self):
        self.restrict('sync', slug='lab')
        self.assertHttpStatus(self.client.post(url_of(self.other, 'sync')), 404)
        self.assertHttpStatus(self.client.post(url_of(self.fabric, 'sync')), 302)

    def test_sync_now_queues_a_pass_in_the_users_name(self):
        self.add_permissions('netbox_hedgehog.sync_hedgehogfabric')
        self.assertContains(self.client.get(url_of(self.fabric)), url_of(self.fabric, 'sync'))
        response = self.client.post(url_of(self.fabric, 'sync'), follow=True)
        job = self.jobs().get()
        self.assertContains(response, job.get_absolute_url())
        assert self.enqueued('sync')['trigger'] == RunTriggerChoices.BUTTON

    def test_a_link_starts_nothing(self):
        self.add_permissions('netbox_hedgehog.sync_hedgehogfabric')
        self.assertHttpStatus(self.client.get(url_of(self.fabric, 'sync')), 302)
        assert not self.jobs()

    def test_a_paused_fabric_is_not_synchronised(self):
        self.add_permissions('netbox_hedgehog.sync_hedgehogfabric')
        HedgehogFabric.objects.update(mode=FabricModeChoices.PAUSED)
        response = self.client.post(url_of(self.fabric, 'sync'), follow=True)
        self.assertContains(response, 'set another one first')
        assert not self.jobs()

    def hold_deletion(self):
        group = make_resource(SwitchGroup, self.fabric)
        settle(
            self.fabric,
            status=SyncStatusChoices.HELD,
            base={},
            path='managed/switchgroups/item-1.yaml',
            is_deletion_held=True,
        )
        return group

    def test_approval_is_offered_only_where_a_deletion_is_held(self):
        self.add_permissions('netbox_hedgehog.approve_hedgehogfabric', 'netbox_hedgehog.view_switchgroup')
        address = url_of(self.fabric, 'approve')
        assert address not in self.client.get(url_of(self.fabric)).content.decode()
        self.assertRedirects(self.client.get(address), url_of(self.fabric))
        self.hold_deletion()
        assert address in self.client.get(url_of(self.fabric)).content.decode()
        response = self.client.get(address)
        self.assertContains(response, '1 resource is gone from Git')
        self.assertContains(response, 'item-1')

    def test_what_is_held_for_another_reason_is_no_deletion(self):
        self.add_permissions('netbox_hedgehog.approve_hedgehogfabric')
        self.hold_deletion()
        SyncState.objects.update(is_deletion_held=False)
        assert url_of(self.fabric, 'approve') not in self.client.get(url_of(self.fabric)).content.decode()

    def test_an_approval_must_be_confirmed(self):
        self.add_permissions('netbox_hedgehog.approve_hedgehogfabric')
        self.hold_deletion()
        assert self.enqueued('approve') is None
        started = self.enqueued('approve', confirm=True)
        assert started['trigger'] == RunTriggerChoices.APPROVAL
        assert started['approve_deletions'] is True


class PreviewTests(SyncFixture, TestCase):
    def test_a_preview_shows_the_plan_and_changes_nothing(self):
        self.work.write(self.path('raw/vpc.yaml'), 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\n')
        commit = self.work.push('Drop')
        make_resource(VPC, self.fabric)
        page = self.client.get(url_of(self.fabric, 'preview')).content.decode()
        assert 'managed/vpcs/item-1.yaml' in page
        assert 'foreign-kind' in page
        assert commit[:12] in page
        assert 'Nothing has been changed' in page
        assert not SyncRun.objects.exists()
        assert not FabricState.objects.exists()
        assert len(self.work.commits()) == 1

    def test_a_repository_that_cannot_be_read_leads_back_with_the_remedy(self):
        error = Unavailable('The server does not answer.')
        with patch('netbox_hedgehog.views.passes.BidirectionalSyncOrchestrator.preview', side_effect=error):
            response = self.client.get(url_of(self.fabric, 'preview'), follow=True)
        self.assertRedirects(response, url_of(self.fabric))
        self.assertContains(response, error.message)
        self.assertContains(response, error.remedy)
