"""A fabric is connected, paused, deleted and connected again; its files are its own."""

import json
from io import StringIO

import pytest
from core.choices import JobStatusChoices
from core.models import Job
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import TestCase
from django.urls import reverse

from netbox_hedgehog.jobs import SweepJob, SyncFabricJob
from netbox_hedgehog.models import GitRepository, HedgehogFabric, PendingChange, Server, SyncRun, SyncState
from netbox_hedgehog.sync import FabricPaused
from netbox_hedgehog.tests.documents import server, wiring
from netbox_hedgehog.tests.sync.base import SyncFixture
from netbox_hedgehog.tests.worktree import Worktree


class FabricLifeTests(SyncFixture, TestCase):
    def test_deleting_a_fabric_leaves_the_files_and_connecting_again_brings_the_same_objects(self):
        self.hand_over('raw/wiring.yaml', wiring())
        files, commits = self.work.files(), self.work.commits()
        response = self.client.post(
            reverse('plugins:netbox_hedgehog:hedgehogfabric_delete', args=[self.fabric.pk]), {'confirm': True}
        )
        assert response.status_code == 302
        assert not HedgehogFabric.objects.exists()
        assert not Server.objects.exists()
        assert not PendingChange.objects.exists()
        assert self.work.files() == files
        self.fabric = self.make_fabric()
        self.sync()
        assert Server.objects.count() == 10
        assert SyncState.objects.count() == 46
        assert self.work.commits() == commits

    def test_a_repository_in_use_cannot_be_deleted(self):
        url = reverse('plugins:netbox_hedgehog:gitrepository_delete', args=[self.repository.pk])
        self.client.post(url, {'confirm': True})
        assert GitRepository.objects.exists()

    def test_a_local_repository_that_does_not_exist_is_created_at_the_first_pass(self):
        repository = GitRepository(name='new', url=str(self.root / 'new.git'), default_branch='trunk')
        repository.full_clean()
        repository.save()
        self.fabric = HedgehogFabric.objects.create(name='New', slug='new', repository=repository)
        self.sync()
        work = Worktree(self.root / 'new.git', self.root / 'new-clone', 'trunk')
        assert 'fabrics/new/gitops/managed/vpcs/.gitkeep' in work.files()

    def test_a_repository_outside_the_root_is_refused(self):
        for url in ('/etc', f'{self.root}/../escape.git', 'file:///etc/passwd', 'ssh://host/x', 'https://u:p@host/x'):
            with pytest.raises(ValidationError) as caught:
                GitRepository(name='bad', url=url).full_clean()
            assert 'url' in caught.value.message_dict

    def test_a_connected_fabric_cannot_be_pointed_at_other_files(self):
        self.sync()
        self.repository.url = str(self.root / 'other.git')
        with pytest.raises(ValidationError, match='bound to this repository'):
            self.repository.full_clean()
        for field, value in (('directory', 'elsewhere'), ('branch', 'trunk')):
            fabric = HedgehogFabric.objects.get()
            setattr(fabric, field, value)
            with pytest.raises(ValidationError) as caught:
                fabric.full_clean()
            assert field in caught.value.message_dict

    def test_a_fabric_with_a_file_that_was_not_taken_over_is_not_green(self):
        self.sync()
        self.work.pull()
        self.work.write(self.path('managed/config.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n')
        self.work.push()
        self.sync()
        page = self.client.get(self.fabric.get_absolute_url()).content.decode()
        assert '1 file not taken over' in page
        assert 'managed/config.yaml' in page

    def test_two_spellings_of_one_repository_are_one(self):
        with pytest.raises(ValidationError):
            GitRepository(name='again', url=f'{self.root}//dc.git/').full_clean()

    def test_directories_of_two_fabrics_neither_coincide_nor_nest(self):
        for directory in ('fabrics/dc1/gitops', 'Fabrics/DC1/GitOps', 'fabrics/dc1', 'fabrics/dc1/gitops/x', '.'):
            fabric = HedgehogFabric(name='Two', slug='two', repository=self.repository, directory=directory)
            with pytest.raises(ValidationError):
                fabric.full_clean()
        HedgehogFabric(name='Two', slug='two', repository=self.repository).full_clean()

    def test_two_fabrics_of_one_repository_do_not_see_each_other(self):
        first = self.fabric
        self.hand_over('managed/servers/server-01.yaml', server(1))
        self.fabric = self.make_fabric('dc2')
        self.sync()
        assert Server.objects.filter(fabric=self.fabric).count() == 0
        Server.objects.create(fabric=self.fabric, name='server-01')
        self.sync()
        assert self.work.changed_files() == ['A fabrics/dc2/gitops/managed/servers/server-01.yaml']
        self.fabric = first
        commits = self.work.commits()
        self.sync()
        assert self.work.commits() == commits
        assert Server.objects.count() == 2

    def test_a_paused_fabric_is_left_alone(self):
        self.sync()
        self.pause()
        Server.objects.create(fabric=self.fabric, name='server-01')
        with pytest.raises(FabricPaused):
            self.attempt()
        assert self.status_of('Server', 'server-01') == 'pending'

    def test_observing_shows_and_writes_nothing(self):
        self.sync()
        self.work.pull()
        self.work.write(self.path('managed/servers/server-01.yaml'), server(1))
        self.work.push()
        HedgehogFabric.objects.update(mode='observe')
        commits = self.work.commits()
        run = self.sync()
        assert run.counts['rows_created'] == 1
        assert (run.status, run.changes) == ('observed', [])
        assert Server.objects.count() == 0
        assert self.work.commits() == commits


class TriggerTests(SyncFixture, TestCase):
    """Each way to start a pass, from where its user starts it."""

    def sweep(self):
        """Run the sweep as the worker does, and then the jobs that it queued."""
        job = SweepJob.enqueue(immediate=True)
        assert job.status == JobStatusChoices.STATUS_COMPLETED, job.error
        for queued in Job.objects.filter(name='Hedgehog fabric sync', status=JobStatusChoices.STATUS_PENDING):
            SyncFabricJob.handle(queued, trigger='schedule')

    def test_a_save_queues_one_pass(self):
        with self.captureOnCommitCallbacks(execute=True):
            Server.objects.create(fabric=self.fabric, name='server-01')
            Server.objects.create(fabric=self.fabric, name='server-02')
        assert SyncFabricJob.get_jobs(self.fabric).count() == 1

    def test_the_job_of_a_save_commits(self):
        Server.objects.create(fabric=self.fabric, name='server-01')
        job = SyncFabricJob.enqueue(instance=self.fabric, immediate=True)
        assert job.status == JobStatusChoices.STATUS_COMPLETED, job.error
        assert self.path('managed/servers/server-01.yaml') in self.work.files()

    def test_a_save_survives_a_dead_queue(self):
        from unittest import mock

        from redis.exceptions import ConnectionError as RedisConnectionError

        with (
            mock.patch('netbox_hedgehog.jobs.SyncFabricJob.enqueue', side_effect=RedisConnectionError('down')),
            self.captureOnCommitCallbacks(execute=False) as callbacks,
        ):
            Server.objects.create(fabric=self.fabric, name='server-01')
        assert callbacks
        assert PendingChange.objects.count() == 1
        self.sweep()
        assert self.path('managed/servers/server-01.yaml') in self.work.files()

    def test_the_sweep_finds_a_push(self):
        self.hand_over('managed/servers/server-01.yaml', server(1))
        self.work.pull()
        self.work.replace(self.path('managed/servers/server-01.yaml'), 'Rack 1', 'Rack 2')
        self.work.push()
        self.sweep()
        assert Server.objects.get().spec == {'description': 'Rack 2'}

    def test_a_sweep_with_nothing_to_do_records_nothing(self):
        self.sync()
        SyncRun.objects.all().delete()
        self.sweep()
        assert SyncRun.objects.count() == 0

    def test_a_fabric_that_fails_does_not_keep_the_others_waiting(self):
        self.sync()
        broken = GitRepository.objects.create(name='broken', url=str(self.root / 'broken.git'))
        (self.root / 'broken.git').write_text('not a repository')
        HedgehogFabric.objects.create(name='AAA', slug='aaa', repository=broken)
        Server.objects.create(fabric=self.fabric, name='server-01')
        self.sweep()
        assert self.status_of('Server', 'server-01') == 'synced'
        assert SyncRun.objects.filter(fabric__slug='aaa', status='failed').exists()

    def test_the_button_queues_a_pass(self):
        with self.captureOnCommitCallbacks(execute=True):
            response = self.client.post(
                reverse('plugins:netbox_hedgehog:hedgehogfabric_sync', args=[self.fabric.pk]), follow=True
            )
        assert response.status_code == 200
        assert Job.objects.filter(name='Hedgehog fabric sync').count() == 1

    def test_the_command_makes_a_pass(self):
        Server.objects.create(fabric=self.fabric, name='server-01')
        out = StringIO()
        call_command('hedgehog_sync', 'dc1', stdout=out)
        assert self.path('managed/servers/server-01.yaml') in self.work.files()
        assert self.work.commits()[0][:12] in out.getvalue()

    def test_a_dry_run_of_the_command_changes_nothing(self):
        Server.objects.create(fabric=self.fabric, name='server-01')
        out = StringIO()
        call_command('hedgehog_sync', 'dc1', '--dry-run', '--json', stdout=out)
        assert 'server-01' in json.dumps(json.loads(out.getvalue()))
        assert self.work.commits() == []
        assert SyncRun.objects.count() == 0
