"""Writing what a plan wants for Git: as a commit on the fabric's branch, or into a pull request."""

import logging
from collections.abc import Mapping, Sequence

from django.utils import timezone
from netbox.plugins import get_plugin_config

from ..models import AuthorshipChoices, HedgehogFabric, PendingChange
from ..reconcile import Change, Plan, below, commit_message
from ..repositories import NEW_FILE, SERVICE, Author, Entry, ProtectedBranch, Repository, Unsupported, blob_id
from ..repositories.github import GitHubRepository
from .journal import write_journal
from .proposal import Batch, is_proposing, proposal_of, propose
from .snapshot import Snapshots

__all__ = ('entries_after', 'write_plan')

logger = logging.getLogger('netbox.plugins.netbox_hedgehog.sync')


def write_plan(
    fabric: HedgehogFabric, repository: Repository, plan: Plan, snapshots: Snapshots, *, batch: str
) -> tuple[str, Plan]:
    """Write the plan's files, and return the branch's head after it with the plan as it then stands.

    A branch that refuses the commit by a rule of its own gets a pull request instead, where the server has them; one
    without any commit gets its first one directly, for there is nothing yet that a request could be for.
    Raises `RepositoryError` and `ProposalTakenOver`.
    """
    head = plan.head or ''
    proposes = bool(head) and is_proposing(fabric, proposal_of(fabric))
    if not plan.files and not (proposes and isinstance(repository, GitHubRepository)):
        return head, plan
    intended = _batch(fabric, plan, snapshots, batch)
    if proposes:
        if not isinstance(repository, GitHubRepository):
            # To push instead would be what somebody has decided against.
            raise Unsupported(str(fabric.repository), 'it has no pull requests', 'Let the fabric push.')
        return head, propose(fabric, repository, intended)
    try:
        return _commit(fabric, repository, intended, batch), plan
    except ProtectedBranch as protected:
        if not head or not isinstance(repository, GitHubRepository):
            raise
        logger.info('GitOps fabric=%s turns to a pull request: %s', fabric.slug, protected)
        return head, propose(fabric, repository, intended, because=protected.answer)


def entries_after(plan: Plan, snapshots: Snapshots) -> Mapping[str, Entry]:
    """Return the directory once the plan's files are written: the id of a commit stands for all that it holds."""
    entries = dict(snapshots.git.entries)
    for change in plan.files:
        before = entries.pop(change.path, None)
        if change.data is not None:
            entries[change.path] = Entry(before.mode if before else NEW_FILE, blob_id(change.data))
    return entries


def _commit(fabric: HedgehogFabric, repository: Repository, batch: Batch, batch_id: str) -> str:
    plan, entries = batch.plan, batch.snapshots.git.entries
    write_journal(fabric, plan, batch.snapshots.netbox, batch_id)
    return repository.commit(
        {below(fabric.directory, change.path): change.data for change in plan.files},
        message=batch.message,
        author=batch.author,
        expected_head=plan.head,
        when=batch.when,
        known={below(fabric.directory, change.path): entries.get(change.path) for change in plan.files},
    )


def _batch(fabric: HedgehogFabric, plan: Plan, snapshots: Snapshots, batch_id: str) -> Batch:
    changes = [_change(entry) for entry in snapshots.pending]
    message = commit_message(
        plan,
        changes,
        fabric=fabric.name,
        slug=fabric.slug,
        batch=batch_id,
        credits_author=fabric.authorship == AuthorshipChoices.VERIFIED,
    )
    return Batch(plan, snapshots, changes, message, _author(plan, changes), timezone.now().replace(microsecond=0))


def _change(entry: PendingChange) -> Change:
    return Change(
        id=entry.pk,
        action=entry.action,
        identity=entry.identity,
        user=entry.user_name,
        email=_email(entry),
        request_id=str(entry.request_id or ''),
        message=entry.message,
    )


def _email(entry: PendingChange) -> str:
    if entry.user and entry.user.email:
        return entry.user.email
    domain = get_plugin_config('netbox_hedgehog', 'author_email_domain')
    return f'{entry.user_name}@{domain}' if entry.user_name else ''


def _author(plan: Plan, changes: Sequence[Change]) -> Author:
    """Return the one person behind a commit; several, or nobody known, leave it to the service and the trailers."""
    committed = set(plan.committed)
    people = {(change.user, change.email) for change in changes if change.identity in committed}
    if len(people) == 1:
        ((user, email),) = people
        if user:
            return Author(user, email)
    return SERVICE
