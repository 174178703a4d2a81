"""The entry points for scripts."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import DEFAULT_DB_ALIAS

from ..models import HedgehogFabric, Resource, RunStatusChoices, RunTriggerChoices, SyncRun
from ..models.condition import SETTLED
from .capture import capture
from .context import acting_as
from .errors import SyncError
from .orchestrator import BidirectionalSyncOrchestrator

__all__ = ('GitHubSyncService', 'GitOpsEditService', 'SyncResult')


@dataclass(frozen=True, slots=True)
class SyncResult:
    """How it ended: whether both sides agree now, the commit that proves it, and a sentence for people."""

    success: bool
    commit: str
    message: str
    error: str = ''


class GitHubSyncService:
    """Brings single resources of one fabric to its repository, whatever hosts it."""

    def __init__(self, fabric: HedgehogFabric) -> None:
        self.fabric = fabric

    def sync_cr_to_github(
        self, cr: Resource, operation: str = 'update', user: AbstractBaseUser | None = None, message: str = ''
    ) -> SyncResult:
        """Record that a resource changed, make a pass, and return the commit.

        `operation` is create, update or delete. The change goes through the outbox like any other, so that nothing is
        lost when the repository cannot be reached. Inside a transaction nothing can be committed yet: the change is
        pending then, and is committed after it.
        """
        with acting_as(user):
            cr._changelog_message = message
            capture(cr, operation, using=DEFAULT_DB_ALIAS)
        return self.synchronise(cr, user)

    def synchronise(self, cr: Resource, user: AbstractBaseUser | None = None) -> SyncResult:
        """Make a pass, and tell how the resource stands afterwards."""
        try:
            run = BidirectionalSyncOrchestrator(self.fabric, trigger=RunTriggerChoices.SCRIPT, user=user).run()
        except SyncError as error:
            return SyncResult(success=False, commit='', message='The change is pending.', error=str(error))
        return _result(cr, run)


class GitOpsEditService:
    """Saves an edited resource and commits it at once."""

    def update_and_commit(self, cr: Resource, user: AbstractBaseUser | None = None, message: str = '') -> SyncResult:
        """Validate and save a resource, then bring it to the repository.

        Raises `ValidationError`, and `AbortRequest` if what others saved in the same moment clashes with it.
        """
        with acting_as(user):
            cr._changelog_message = message
            cr.full_clean()
            cr.save()
        return GitHubSyncService(cr.fabric).synchronise(cr, user)


def _result(cr: Resource, run: SyncRun) -> SyncResult:
    if run.status in (RunStatusChoices.FAILED, RunStatusChoices.POSTPONED):
        return SyncResult(success=False, commit='', message='The change is pending.', error=run.error)
    state = cr.sync_state
    if state is None or state.status in SETTLED:
        return SyncResult(success=True, commit=run.commit_after, message=f'{cr.identity} is in sync.')
    message = f'{cr.identity}: {state.get_status_display()}'
    return SyncResult(success=False, commit='', message=message, error=state.reason)
