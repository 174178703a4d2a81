"""The passes as background jobs: one per fabric after a change, and a sweep that finds whatever was missed."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from core.choices import JobIntervalChoices, JobStatusChoices
from core.exceptions import JobFailed
from core.models import Job
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from netbox.jobs import JobRunner, system_job
from netbox.plugins import get_plugin_config

from .models import (
    FabricModeChoices,
    FabricState,
    HedgehogFabric,
    RunStatusChoices,
    RunTriggerChoices,
    SyncRun,
    WebhookDelivery,
)
from .repositories import RepositoryError
from .sync import BidirectionalSyncOrchestrator
from .sync.deliveries import (
    are_repeated,
    drop_old_deliveries,
    fail,
    has_overdue_delivery,
    is_about_a_request,
    not_on_branch_yet,
    open_deliveries,
    settle,
)
from .sync.lease import lease
from .sync.schedule import commit_window_of
from .sync.verdicts import is_judged, record_verdicts

__all__ = ('SweepJob', 'SyncFabricJob', 'wake', 'wake_now')

_PASS_TIMEOUT_SECONDS = 3600
_VERIFY_EVERY = timedelta(days=1)
# A job that is queued for longer never reached the queue, and keeps no other from being queued.
_QUEUED_FOR = timedelta(seconds=60)
# Passes that happen by themselves: they wait for a repository that failed, and are spared where nothing is new.
_UNASKED = frozenset({RunTriggerChoices.SAVE, RunTriggerChoices.WEBHOOK})
# Passes that the sweep makes up for; what a person has asked for beyond a pass is known to its job alone.
_SWEPT = _UNASKED | {RunTriggerChoices.SCHEDULE}
# GitHub may call before it shows the commit that it calls for: how long to wait before looking again, each time.
_LOOK_AGAIN_SECONDS = (3, 10, 30)


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
        looked: int = 0,
        was_postponed: bool = False,
        **kwargs: object,
    ) -> None:
        """Make the pass; a job that nobody asked for, and that another pass has forestalled, does nothing.

        `looked` says how often the branch was looked at in vain for the commit that a webhook named. A pass that a
        person asked for, and that is postponed, is queued once more for the time when it may go on.
        """
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
        # Before anything is read: what is read from here on answers the webhooks that called until here.
        deliveries = open_deliveries(fabric)
        if trigger in _UNASKED:
            if not self._may_begin(fabric, deliveries):
                return
            if not self._is_needed(orchestrator, deliveries):
                self._answer(fabric, deliveries, looked)
                if not is_judged(fabric):
                    # What was saved was the fabric itself: other settings make other verdicts.
                    record_verdicts(fabric)
                return
        run = orchestrator.run()
        self.job.data = {'run': run.pk, 'counts': run.counts}
        if run.status == RunStatusChoices.FAILED:
            fail(deliveries)
            self.logger.error(run.error)
            raise JobFailed
        if run.status != RunStatusChoices.POSTPONED:
            self._answer(fabric, deliveries, looked)
        elif trigger not in _SWEPT and not was_postponed:
            self._repeat(fabric, trigger=trigger, complete=complete, approve_deletions=approve_deletions)
        self.logger.info('Pass %s ended at %s: %s', run.pk, run.commit_after[:12], run.get_status_display())

    def _may_begin(self, fabric: HedgehogFabric, deliveries: Sequence[WebhookDelivery]) -> bool:
        is_waiting = _is_waiting(fabric) and not are_repeated(deliveries)
        if fabric.mode == FabricModeChoices.ACTIVE and not is_waiting:
            return True
        self.logger.info('The fabric is not active, or waits for its repository: the changes stay pending.')
        return False

    def _is_needed(self, orchestrator: BidirectionalSyncOrchestrator, deliveries: Sequence[WebhookDelivery]) -> bool:
        if is_about_a_request(deliveries):
            return True
        try:
            # A webhook may tell of the commit that a pass is just about to record: that is none to make a pass for.
            with lease(orchestrator.fabric):
                is_needed = orchestrator.is_needed()
        except RepositoryError:
            return True  # the pass meets the same fault, and records it
        if not is_needed:
            self.logger.info('An earlier pass has done this already.')
        return is_needed

    def _repeat(self, fabric: HedgehogFabric, **options: object) -> None:
        """Queue the same pass for the time when the repository may be asked again."""
        retry_at = FabricState.objects.values_list('retry_at', flat=True).get(fabric=fabric)
        SyncFabricJob.enqueue(
            instance=fabric,
            user=self.job.user,
            notifications=self.job.notifications,
            schedule_at=retry_at,
            was_postponed=True,
            **options,
        )
        self.logger.info('The pass is postponed until %s.', retry_at)

    def _answer(self, fabric: HedgehogFabric, deliveries: Sequence[WebhookDelivery], looked: int) -> None:
        """Close the deliveries, and look again a little later if the branch does not show the last one's commit yet."""
        late = not_on_branch_yet(fabric, deliveries) if looked < len(_LOOK_AGAIN_SECONDS) else None
        settle(fabric, [delivery for delivery in deliveries if delivery != late])
        if late is None or _is_queued(fabric):
            return
        seconds = _LOOK_AGAIN_SECONDS[looked]
        self.logger.info('%s is not on the branch yet: looking again in %s s.', late.after[:12], seconds)
        SyncFabricJob.enqueue(
            instance=fabric,
            schedule_at=timezone.now() + timedelta(seconds=seconds),
            trigger=RunTriggerChoices.WEBHOOK,
            looked=looked + 1,
        )


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
        drop_old_deliveries()
        days = get_plugin_config('netbox_hedgehog', 'run_retention_days')
        SyncRun.objects.filter(started__lt=timezone.now() - timedelta(days=days)).delete()

    def _sweep(self, fabric: HedgehogFabric) -> None:
        complete, is_called = _is_due_for_verification(fabric), has_overdue_delivery(fabric)
        try:
            is_needed = complete or is_called or _has_news(fabric)
        except RepositoryError:
            is_needed = True  # the pass meets the same fault, and records it
        if is_needed:
            trigger = RunTriggerChoices.WEBHOOK if is_called and not complete else RunTriggerChoices.SCHEDULE
            SyncFabricJob.enqueue(instance=fabric, trigger=trigger, complete=complete)
            self.logger.info('%s: queued a pass', fabric)


def _has_news(fabric: HedgehogFabric) -> bool:
    # The trigger keeps the sweep from what the budget leaves to people.
    return BidirectionalSyncOrchestrator(fabric, trigger=RunTriggerChoices.SCHEDULE).is_needed()


def wake(fabric_id: int) -> None:
    """Queue a pass once the current transaction has committed, unless one is queued already.

    Robust: a queue that is down must not turn a save that stands into an error. The sweep finds what was missed.
    """
    transaction.on_commit(lambda: _enqueue(fabric_id), robust=True)


def wake_now(fabric_ids: Iterable[int]) -> None:
    """Queue a pass for each, without waiting for neighbouring changes: a webhook told that there is something to read.

    Robust for the same reason as `wake`.
    """
    for fabric_id in fabric_ids:
        transaction.on_commit(partial(_enqueue_now, fabric_id), robust=True)


def _enqueue_now(fabric_id: int) -> None:
    fabric = HedgehogFabric.objects.filter(pk=fabric_id, mode=FabricModeChoices.ACTIVE).first()
    if fabric and not _is_about_to_begin(fabric):
        SyncFabricJob.enqueue(instance=fabric, trigger=RunTriggerChoices.WEBHOOK)


def _enqueue(fabric_id: int) -> None:
    fabric = HedgehogFabric.objects.filter(pk=fabric_id, mode=FabricModeChoices.ACTIVE).first()
    if fabric is None:
        return
    window = commit_window_of(fabric)
    if _has_pass_within(fabric, window):
        return
    SyncFabricJob.enqueue(
        instance=fabric,
        schedule_at=timezone.now() + window if window else None,
        trigger=RunTriggerChoices.SAVE,
    )


def _is_queued(fabric: HedgehogFabric) -> bool:
    """Whether a pass begins within the commit window: what is saved until then goes with it."""
    return _has_pass_within(fabric, commit_window_of(fabric))


def _is_about_to_begin(fabric: HedgehogFabric) -> bool:
    """Whether a pass is queued that reads the branch as soon as a worker is free; one that is running has read it."""
    return _has_pass_within(fabric, timedelta())


def _has_pass_within(fabric: HedgehogFabric, window: timedelta) -> bool:
    """Tell whether a pass is to begin by then. A job that never reached the queue is older, and blocks nothing."""
    now = timezone.now()
    is_due = Q(status=JobStatusChoices.STATUS_PENDING) | Q(
        status=JobStatusChoices.STATUS_SCHEDULED, scheduled__lte=now + window
    )
    return SyncFabricJob.get_jobs(fabric).filter(is_due, created__gt=now - window - _QUEUED_FOR).exists()


def _is_waiting(fabric: HedgehogFabric) -> bool:
    """Whether the last attempt failed so recently that the next one is not due."""
    return FabricState.objects.filter(fabric=fabric, retry_at__gt=timezone.now()).exists()


def _is_due_for_verification(fabric: HedgehogFabric) -> bool:
    state = FabricState.objects.filter(fabric=fabric).exclude(commit='')
    return not state.filter(Q(verified_at__gt=timezone.now() - _VERIFY_EVERY)).exists()
