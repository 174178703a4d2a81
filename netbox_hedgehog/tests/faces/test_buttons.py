"""Buttons end in the repository and in the database: from the page to the pass that a worker makes."""

import re

from core.choices import JobStatusChoices
from core.models import Job
from django.test import Client, TestCase
from django.urls import reverse

from netbox_hedgehog.models import VPC, Conflict, HedgehogFabric, Server, SyncRun, SyncState
from netbox_hedgehog.tests.documents import VPC_BY_HAND, server
from netbox_hedgehog.tests.faces.everything import nothing_changes
from netbox_hedgehog.tests.queues import OwnQueues
from netbox_hedgehog.tests.sync.base import SyncFixture

VPC_PATH = 'managed/vpcs/vpc-01.yaml'


class ButtonFixture(SyncFixture, OwnQueues):
    def setUp(self):
        super().setUp()
        self.sync()

    def url(self, view=''):
        return reverse(f'plugins:netbox_hedgehog:hedgehogfabric{view and "_"}{view}', args=[self.fabric.pk])

    def press(self, view, **data):
        """Send the form, let the callbacks run as after a commit, and make the pass as the worker would."""
        with self.captureOnCommitCallbacks(execute=True):
            response = self.client.post(self.url(view), data)
        assert response.status_code == 302, response.content
        job = Job.objects.filter(user=self.user).latest('pk')
        self.run_rq_jobs('default')
        job.refresh_from_db()
        assert job.status == JobStatusChoices.STATUS_COMPLETED, job.error
        run = SyncRun.objects.get(pk=job.data['run'])
        assert run.user == self.user
        return run


class SyncNowTests(ButtonFixture, TestCase):
    def test_it_commits_what_is_pending(self):
        Server.objects.create(fabric=self.fabric, name='server-01')
        assert self.press('sync').trigger == 'button'
        assert self.path('managed/servers/server-01.yaml') in self.work.files()

    def test_the_form_on_the_page_carries_its_token(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.user)
        page = client.get(self.url()).content.decode()
        form = page[page.index(f'action="{self.url("sync")}"') :]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert client.post(self.url('sync'), {'csrfmiddlewaretoken': token[1]}).status_code == 302
        assert client.post(self.url('sync')).status_code == 403


class PreviewTests(ButtonFixture, TestCase):
    def test_a_preview_tells_what_the_next_pass_does_and_changes_nothing(self):
        Server.objects.create(fabric=self.fabric, name='server-01')
        self.work.pull()
        self.work.write(self.path('raw/more.yaml'), server(2))
        self.work.push()
        with nothing_changes(self.root):
            page = self.client.get(self.url('preview')).content.decode()
        run = self.press('sync')
        assert len(run.changes) >= 3
        for change in run.changes:
            assert change.get('path', change['name']) in page


class ApprovalTests(ButtonFixture, TestCase):
    def test_held_deletions_go_after_the_approval_and_not_before(self):
        HedgehogFabric.objects.update(deletion_limit=1)
        self.hand_over('raw/servers.yaml', '---\n'.join(server(number) for number in range(4)))
        self.work.pull()
        for number in range(3):
            self.work.remove(self.path(f'managed/servers/server-{number:02}.yaml'))
        self.work.push()
        self.sync(trigger='button')
        assert Server.objects.count() == 4
        page = self.client.get(self.url('approve')).content.decode()
        assert '3 resources are gone from Git' in page
        assert 'server-03' not in page
        run = self.press('approve', confirm=True)
        assert run.counts['rows_deleted'] == 3
        assert list(Server.objects.values_list('name', flat=True)) == ['server-03']
        assert self.url('approve') not in self.client.get(self.url()).content.decode()


class ConflictTests(ButtonFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.hand_over(VPC_PATH, VPC_BY_HAND)
        self.vpc = VPC.objects.get()
        self.before = self.vpc.spec['subnets']['default']['vlan']

    def edit_both(self):
        self.vpc.spec['subnets']['default']['vlan'] = 1777
        self.vpc.save()
        self.edit_in_git()

    def edit_in_git(self):
        self.work.pull()
        text = self.work.show(self.path(VPC_PATH))
        self.work.write(self.path(VPC_PATH), text.replace(f'vlan: {self.before}', 'vlan: 1888'))
        self.work.push()
        self.sync(trigger='button')
        self.conflict = Conflict.objects.get()

    def vlans(self):
        self.vpc.refresh_from_db()
        in_git = re.search(r'vlan: (\d+)', self.work.show(self.path(VPC_PATH)))
        return self.vpc.spec['subnets']['default']['vlan'], int(in_git[1])

    def test_neither_side_is_overwritten_until_somebody_decides(self):
        self.edit_both()
        assert self.vlans() == (1777, 1888)
        page = self.client.get(self.vpc.get_absolute_url()).content.decode()
        for value in (self.before, 1777, 1888):
            assert f'<pre class="p-0">{value}' in page

    def test_take_netbox(self):
        self.edit_both()
        self.press('resolve', take=f'netbox:{self.conflict.pk}')
        assert self.vlans() == (1777, 1777)
        assert not Conflict.objects.exists()
        assert SyncState.objects.get(kind='VPC').status == 'synced'

    def test_take_git(self):
        self.edit_both()
        self.press('resolve', take=f'git:{self.conflict.pk}:all')
        assert self.vlans() == (1888, 1888)
        assert not Conflict.objects.exists()

    def test_a_resource_that_netbox_deleted_and_git_edited_can_come_back(self):
        self.vpc.delete()
        self.edit_in_git()
        assert 'the whole resource' in self.client.get(self.url()).content.decode()
        self.press('resolve', take=f'git:{self.conflict.pk}')
        assert VPC.objects.get().spec['subnets']['default']['vlan'] == 1888

    def test_a_resource_that_netbox_deleted_and_git_edited_can_go(self):
        self.vpc.delete()
        self.edit_in_git()
        self.press('resolve', take=f'netbox:{self.conflict.pk}')
        assert self.path(VPC_PATH) not in self.work.files()
        assert not SyncState.objects.filter(kind='VPC').exists()
