"""When a save is followed by a pass: after the commit window, once, and without the sweep in between."""

from datetime import timedelta
from unittest import mock

from core.models import Job
from django.test import TestCase

from netbox_hedgehog.jobs import SweepJob
from netbox_hedgehog.models import FabricModeChoices, HedgehogFabric, PendingChange, Server
from netbox_hedgehog.tests.queues import OwnQueues
from netbox_hedgehog.tests.sync.base import SyncFixture

WINDOW = 'netbox_hedgehog.jobs.commit_window_of'


class WakeTests(SyncFixture, OwnQueues, TestCase):
    def setUp(self):
        super().setUp()
        self.sync()
        Job.objects.all().delete()
        self.clear_rq_queues()

    def save(self, number: int = 1):
        with self.captureOnCommitCallbacks(execute=True):
            Server.objects.create(fabric=self.fabric, name=f'server-{number:02}')

    def sweep(self):
        with self.captureOnCommitCallbacks(execute=True):
            SweepJob.enqueue(immediate=True)

    def passes(self):
        return Job.objects.filter(name='Hedgehog fabric sync')

    def test_a_save_schedules_a_pass_at_the_end_of_the_window_as_it_is_widened_now(self):
        with mock.patch(WINDOW, return_value=timedelta(seconds=90)):
            self.save()
        job = self.passes().get()
        assert job.status == 'scheduled'
        assert round((job.scheduled - job.created).total_seconds()) == 90

    def test_a_save_without_a_window_queues_a_pass_at_once(self):
        with mock.patch(WINDOW, return_value=timedelta()):
            self.save()
        job = self.passes().get()
        assert (job.status, job.scheduled) == ('pending', None)

    def test_further_saves_schedule_no_second_pass(self):
        with mock.patch(WINDOW, return_value=timedelta(seconds=90)):
            for number in range(3):
                self.save(number)
        assert self.passes().count() == 1
        assert PendingChange.objects.count() == 3

    def test_the_sweep_leaves_a_scheduled_pass_alone(self):
        with mock.patch(WINDOW, return_value=timedelta(seconds=90)):
            self.save()
            before = self.passes().values().get()
            self.sweep()
        assert self.passes().values().get() == before

    def test_the_sweep_queues_a_pass_for_a_save_whose_wake_up_was_lost(self):
        Server.objects.create(fabric=self.fabric, name='server-01')
        assert not self.passes().exists()
        self.sweep()
        assert self.passes().get().status == 'pending'

    def test_a_paused_fabric_is_not_woken(self):
        HedgehogFabric.objects.update(mode=FabricModeChoices.PAUSED)
        self.save()
        self.sweep()
        assert not self.passes().exists()
