"""The passes as background jobs: one per fabric after a change, and a sweep that finds whatever was missed."""

from datetime import timedelta
from typing import Any

from core.choices import JobIntervalChoices, JobStatusChoices
from core.exceptions import JobFailed
from core.models import Job
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from netbox.jobs import JobRunner, system_job
from netbox.plugins import get_plugin_config

from .models import FabricModeChoices, FabricState, HedgehogFabric, RunStatusChoices, RunTriggerChoices, SyncRun
from .repositories import RepositoryError
from .sync import BidirectionalSyncOrchestrator

__all__ = ('SweepJob', 'SyncFabricJob', 'wake')

_PASS_TIMEOUT_SECONDS = 3600
_VERIFY_EVERY = timedelta(days=1)


class SyncFabricJob(JobRunner):
    """Makes one pass over one fabric."""

    class Meta:
        name = 'Hedgehog fabric sync'

    @classmethod
    def enqueue(cls, *args: Any, **kwargs: Any) -> Job:
        """Queue a pass with the time that a large fabric takes, and without a notice unless it is asked for."""
        return super().enqueue(*args, **{'job_timeout': _PASS_TIMEOUT_SECONDS, 'notifications': 'never', **kwargs})

    def run(
        self,
        trigger: str = RunTriggerChoices.SAVE,
        *,
        complete: bool = False,
        approve_deletions: bool = False,
        **kwargs: object,
    ) -> None:
        """Make the pass; a job that a save started, and that another pass has forestalled, does nothing."""
        fabric = self.job.object
        if fabric is None:
            self.logger.info('The fabric was deleted in the meantime.')
            return
        orchestrator = BidirectionalSyncOrchestrator(
            fabric,
            trigger=trigger,
            user=self.job.user,
            complete=complete,
            approve_deletions=approve_deletions,
        )
        if trigger == RunTriggerChoices.SAVE and not self._is_due(orchestrator):
            return
        run = orchestrator.run()
        self.job.data = {'run': run.pk, 'counts': run.counts}
        if run.status == RunStatusChoices.FAILED:
            self.logger.error(run.error)
            raise JobFailed
        self.logger.info('Pass %s ended at %s: %s', run.pk, run.commit_after[:12], run.get_status_display())

    def _is_due(self, orchestrator: BidirectionalSyncOrchestrator) -> bool:
        fabric = orchestrator.fabric
        if fabric.mode != FabricModeChoices.ACTIVE or _is_waiting(fabric):
            self.logger.info('The fabric is not active, or waits for its repository: the changes stay pending.')
            return False
        try:
            is_needed = orchestrator.is_needed()
        except RepositoryError:
            return True  # the pass meets the same fault, and records it
        if not is_needed:
            self.logger.info('An earlier pass has done this already.')
        return is_needed


@system_job(interval=JobIntervalChoices.INTERVAL_MINUTELY)
class SweepJob(JobRunner):
    """Looks at every active fabric: for a head that moved, and for changes whose wake-up was lost."""

    class Meta:
        name = 'Hedgehog sweep'

    def run(self, *args: object, **kwargs: object) -> None:
        """Queue a pass where there is something to do; a fabric that is busy or fails keeps no other waiting."""
        for fabric in HedgehogFabric.objects.filter(mode=FabricModeChoices.ACTIVE):
            if not _is_waiting(fabric) and not _is_queued(fabric):
                self._sweep(fabric)
        days = get_plugin_config('netbox_hedgehog', 'run_retention_days')
        SyncRun.objects.filter(started__lt=timezone.now() - timedelta(days=days)).delete()

    def _sweep(self, fabric: HedgehogFabric) -> None:
        complete = _is_due_for_verification(fabric)
        try:
            is_needed = complete or BidirectionalSyncOrchestrator(fabric).is_needed()
        except RepositoryError:
            is_needed = True  # the pass meets the same fault, and records it
        if is_needed:
            SyncFabricJob.enqueue(instance=fabric, trigger=RunTriggerChoices.SCHEDULE, complete=complete)
            self.logger.info('%s: queued a pass', fabric)


def wake(fabric_id: int) -> None:
    """Queue a pass once the current transaction has committed, unless one is queued already.

    Robust: a queue that is down must not turn a save that stands into an error. The sweep finds what was missed.
    """
    transaction.on_commit(lambda: _enqueue(fabric_id), robust=True)


def _enqueue(fabric_id: int) -> None:
    fabric = HedgehogFabric.objects.filter(pk=fabric_id, mode=FabricModeChoices.ACTIVE).first()
    if fabric is None:
        return
    if _is_queued(fabric):
        return
    window = timedelta(seconds=fabric.commit_window_seconds)
    SyncFabricJob.enqueue(
        instance=fabric,
        schedule_at=timezone.now() + window if window else None,
        trigger=RunTriggerChoices.SAVE,
    )


def _is_queued(fabric: HedgehogFabric) -> bool:
    """Whether a pass is about to begin. A job that never reached the queue is older than that, and blocks nothing."""
    recent = timezone.now() - timedelta(seconds=fabric.commit_window_seconds + 60)
    statuses = (JobStatusChoices.STATUS_PENDING, JobStatusChoices.STATUS_SCHEDULED)
    return SyncFabricJob.get_jobs(fabric).filter(status__in=statuses, created__gt=recent).exists()


def _is_waiting(fabric: HedgehogFabric) -> bool:
    """Whether the last attempt failed so recently that the next one is not due."""
    return FabricState.objects.filter(fabric=fabric, retry_at__gt=timezone.now()).exists()


def _is_due_for_verification(fabric: HedgehogFabric) -> bool:
    state = FabricState.objects.filter(fabric=fabric).exclude(commit='')
    return not state.filter(Q(verified_at__gt=timezone.now() - _VERIFY_EVERY)).exists()
