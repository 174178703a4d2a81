"""One pass over one fabric: lease, read, plan, commit, apply, record."""

import logging
import random
import sys
import time
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from ..manifests import Limits
from ..models import (
    FabricModeChoices,
    HedgehogFabric,
    PendingChange,
    RunStatusChoices,
    RunTriggerChoices,
    SyncRun,
    SyncState,
)
from ..models.condition import WAITING
from ..reconcile import (
    Conflicting,
    Held,
    Plan,
    Policy,
    Quarantined,
    ReconcileError,
    reconcile,
)
from ..repositories import HeadMoved, RateLimited, Repository, RepositoryError
from .errors import BothSidesBusy, FabricPaused, InsideTransaction, PassAbandoned, PlanStale, ProposalTakenOver
from .failure import record_failure
from .journal import adopt_lost_commit
from .lease import lease
from .ledger import DatabaseLedger
from .opening import ledger_for, look_at_fabric, open_fabric
from .proposal import news_of, proposal_of
from .record import record_fabric, record_files, record_outcomes, record_reachable
from .report import counts_of, describe_changes, describe_problems
from .rows import engine_transaction, lock_rows, write_rows
from .snapshot import Snapshots, has_work, take_snapshots
from .verdicts import findings_of, record_verdicts
from .writing import entries_after, write_plan

__all__ = ('BidirectionalSyncOrchestrator',)

logger = logging.getLogger('netbox.plugins.netbox_hedgehog.sync')

_ATTEMPTS = 8
# Somebody waits for these; the others happen by themselves, and leave a reserve of the API budget to people.
_BY_PEOPLE = frozenset(
    {
        RunTriggerChoices.BUTTON,
        RunTriggerChoices.API,
        RunTriggerChoices.COMMAND,
        RunTriggerChoices.SCRIPT,
        RunTriggerChoices.APPROVAL,
    }
)
_DELETION_WINDOW = timedelta(hours=1)


class BidirectionalSyncOrchestrator:
    """Keeps one fabric and its directory identical; every way to synchronise ends here.

    `complete` compares everything instead of what changed; `approve_deletions` lets the held deletions go. Both are for
    one pass.
    """

    def __init__(
        self,
        fabric: HedgehogFabric,
        *,
        trigger: str = RunTriggerChoices.SCRIPT,
        user: AbstractBaseUser | None = None,
        complete: bool = False,
        approve_deletions: bool = False,
    ) -> None:
        self.fabric = fabric
        self.trigger = trigger
        self.user = user
        self.complete = complete
        self.approve_deletions = approve_deletions
        self.limits = Limits()
        self.ledgers: list[DatabaseLedger] = []

    def preview(self) -> Plan:
        """Return what a pass would do now, and change nothing; raises `RepositoryError`."""
        with look_at_fabric(self.fabric, self._ledger()) as repository:
            return self._plan(self._read(repository))

    def is_needed(self) -> bool:
        """Tell whether a pass would have anything to look at; raises `RepositoryError`."""
        with open_fabric(self.fabric, self._ledger()) as repository:
            return has_work(self.fabric, repository) or news_of(self.fabric, repository)

    def run(self) -> SyncRun:
        """Make one pass and return its record.

        A repository that cannot be used ends the pass as failed, with the reason and the time of the next attempt;
        nothing is raised for it. Raises `FabricPaused`, and `InsideTransaction` where the caller could still roll back
        what the pass would commit.
        """
        _require_own_transaction()
        with lease(self.fabric):
            # The lease may have been waited for: what was true before says nothing now.
            self.fabric.refresh_from_db()
            if self.fabric.mode == FabricModeChoices.PAUSED:
                raise FabricPaused(f'Fabric {self.fabric} is paused.')
            run = SyncRun(fabric=self.fabric, trigger=self.trigger, user=self.user, batch=uuid.uuid4())
            try:
                self._attempt_until_current(run)
            except (ReconcileError, RepositoryError, ProposalTakenOver) as error:
                self._fail(run, error)
                record_failure(self.fabric, error, run.completed)
            except BothSidesBusy as busy:
                self._fail(run, busy)
            finally:
                if run.completed is None:
                    self._abandon(run)
        return run

    def _attempt_until_current(self, run: SyncRun) -> None:
        """Plan and apply; when either side moved in between, plan again from what is there now."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._attempt(run)
            except (HeadMoved, PlanStale, IntegrityError, OperationalError) as moved:
                logger.info('GitOps fabric=%s attempt=%s again: %s', self.fabric.slug, attempt, moved)
                if attempt == _ATTEMPTS:
                    message = 'Somebody kept editing during every attempt; the next pass tries again.'
                    raise BothSidesBusy(message) from moved
                time.sleep(random.uniform(0.02, 0.1) * attempt)  # noqa: S311  no secret depends on it
            else:
                return

    def _attempt(self, run: SyncRun) -> None:
        ledger = self._ledger()
        self.ledgers.append(ledger)
        if self.fabric.mode == FabricModeChoices.OBSERVE:
            with look_at_fabric(self.fabric, ledger) as repository:
                self._observe(repository, run)
        else:
            with open_fabric(self.fabric, ledger) as repository:
                adopt_lost_commit(self.fabric, repository)
                self._synchronise(repository, run)

    def _observe(self, repository: Repository, run: SyncRun) -> None:
        """Compare, and write on neither side."""
        plan = self._plan(self._read(repository))
        run.commit_before = plan.head or ''
        record_reachable(self.fabric, timezone.now())
        self._finish(run, plan, plan.head or '', (), findings_of(self.fabric, plan))
        run.status, run.changes = RunStatusChoices.OBSERVED, []
        run.save()

    def _synchronise(self, repository: Repository, run: SyncRun) -> None:
        # An earlier attempt may have committed under the former id: one id names one commit.
        run.batch = uuid.uuid4()
        snapshots = self._read(repository)
        intended = self._plan(snapshots)
        run.commit_before = run.commit_before or intended.head or ''
        # Before anything is written: what cannot be judged must not end a pass half way.
        findings = findings_of(self.fabric, intended)
        commit, plan = write_plan(self.fabric, repository, intended, snapshots, batch=str(run.batch))
        files = entries_after(plan, snapshots)
        message = f'Synchronised from Git {commit[:12]}'
        with engine_transaction():
            rows = lock_rows(self.fabric, plan.rows)
            write_rows(self.fabric, plan.rows, rows, message)
            now = timezone.now()
            record_outcomes(self.fabric, plan, snapshots.pending, commit, now)
            if snapshots.has_moved or snapshots.scope or plan.files or snapshots.is_complete:
                record_files(self.fabric, snapshots, plan, files, self.limits)
            record_fabric(self.fabric, commit, now, complete=snapshots.is_complete)
            if plan.outcomes:
                record_verdicts(self.fabric, None if snapshots.is_complete else plan.outcomes.keys())
            self._finish(run, plan, commit, snapshots.pending, findings)

    def _requests(self) -> int:
        return sum(ledger.requests for ledger in self.ledgers)

    def _ledger(self) -> DatabaseLedger:
        is_by_person = self.trigger in _BY_PEOPLE
        return ledger_for(self.fabric.repository, for_people=is_by_person)

    def _read(self, repository: Repository) -> Snapshots:
        complete = self.complete or self.fabric.mode == FabricModeChoices.OBSERVE
        return take_snapshots(
            self.fabric, repository, limits=self.limits, complete=complete, unsettled=self.trigger in _BY_PEOPLE
        )

    def _plan(self, snapshots: Snapshots) -> Plan:
        policy = Policy(
            fabric=self.fabric.name,
            deletion_limit=self._deletion_limit(),
            release_held=self.approve_deletions,
            # What a pull request holds is not on the branch: it is to be wanted still, or the request would lose it.
            initialise=snapshots.is_first or proposal_of(self.fabric).exists,
            limits=self.limits,
        )
        return reconcile(snapshots.base, snapshots.netbox, snapshots.git, policy, snapshots.scope)

    def _deletion_limit(self) -> int:
        """Return the smaller of the absolute limit and the share; one deletion is never held for its share."""
        known = SyncState.objects.filter(fabric=self.fabric, base__isnull=False).count()
        share = known * self.fabric.deletion_percent // 100
        return max(0, min(self.fabric.deletion_limit, max(1, share)) - self._deleted_lately())

    def _deleted_lately(self) -> int:
        """Return how many rows went without approval within the window: many small passes count as one."""
        runs = SyncRun.objects.filter(fabric=self.fabric, started__gt=timezone.now() - _DELETION_WINDOW)
        counts = runs.exclude(trigger=RunTriggerChoices.APPROVAL).values_list('counts', flat=True)
        return sum(count.get('rows_deleted', 0) for count in counts)

    def _finish(
        self,
        run: SyncRun,
        plan: Plan,
        commit: str,
        pending: Sequence[PendingChange],
        findings: Sequence[dict[str, Any]],
    ) -> None:
        waiting = any(isinstance(outcome, Conflicting | Held | Quarantined) for outcome in plan.outcomes.values())
        waiting = waiting or SyncState.objects.filter(fabric=self.fabric, status__in=WAITING).exists()
        is_flawed = waiting or plan.problems or findings
        run.status = RunStatusChoices.ATTENTION if is_flawed else RunStatusChoices.SUCCESS
        run.commit_after = commit
        run.counts = counts_of(plan)
        run.changes = describe_changes(plan, pending)
        run.problems = [*describe_problems(plan), *findings]
        run.completed, run.requests = timezone.now(), self._requests()
        run.save()
        logger.info(
            'GitOps fabric=%s batch=%s trigger=%s before=%s after=%s seconds=%.3f counts=%s',
            self.fabric.slug,
            run.batch,
            run.trigger,
            run.commit_before[:12],
            run.commit_after[:12],
            run.duration_seconds,
            run.counts,
        )

    def _fail(self, run: SyncRun, error: Exception) -> None:
        is_waiting = isinstance(error, RateLimited)
        run.status = RunStatusChoices.POSTPONED if is_waiting else RunStatusChoices.FAILED
        run.error, run.completed, run.requests = str(error), timezone.now(), self._requests()
        run.save()
        logger.warning('GitOps fabric=%s batch=%s failed: %s', self.fabric.slug, run.batch, error)

    def _abandon(self, run: SyncRun) -> None:
        """Record a pass that an unexpected error ended; the error itself goes on to the job and its log."""
        error = PassAbandoned(type(sys.exception()).__name__)
        self._fail(run, error)
        record_failure(self.fabric, error, run.completed)


def _require_own_transaction() -> None:
    try:
        with transaction.atomic(durable=True):
            pass
    except RuntimeError as error:
        message = 'A pass cannot run inside a transaction; the change is made after it by the next pass.'
        raise InsideTransaction(message) from error
