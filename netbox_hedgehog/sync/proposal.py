"""Writing by pull request: one open request per fabric, which later batches extend until somebody merges it.

What is proposed is not agreed: the base of its resources stays as it was, and their outbox entries stay open. So every
later plan holds the whole of what is still to be written, and is compared with what the request already holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Self

from django.db import transaction
from django.db.models import QuerySet

from ..models import (
    FabricState,
    HedgehogFabric,
    PendingChange,
    ProposalStatusChoices,
    SyncState,
    SyncStatusChoices,
    WriteMethodChoices,
    model_for,
)
from ..reconcile import Change, FileChange, Held, Plan, Proposed, below
from ..repositories import NEW_FILE, Author, Entry, HeadMoved, Repository, blob_id
from ..repositories.github import GitHubRepository, Proposals
from .context import engine_writes
from .errors import ProposalTakenOver
from .report import describe_proposal
from .snapshot import Snapshots

__all__ = ('Batch', 'Proposal', 'discard', 'is_proposing', 'news_of', 'proposal_of', 'propose', 'propose_again')

_CLOSED = 'Pull request #{number} was closed without being merged: discard the change, or propose it again.'
_WAITING = 'In pull request #{number}'


@dataclass(frozen=True, slots=True)
class Proposal:
    """The pull request of a fabric, as it was left.

    `base` is the commit of the fabric's branch that it builds on, `head` where its own branch was put last. `files`
    maps the paths that it changes, relative to the directory, to blobs, None for a deletion. `because` is the rule for
    which it exists, where the fabric itself is set to push.
    """

    number: int = 0
    url: str = ''
    status: str = ProposalStatusChoices.OPEN
    branch: str = ''
    base: str = ''
    head: str = ''
    files: Mapping[str, str | None] = field(default_factory=dict)
    because: str = ''

    @classmethod
    def of(cls, state: FabricState | None) -> Self:
        """Return what is stored; an empty proposal where there is none."""
        return cls(**(state.proposal if state else {}))

    @property
    def exists(self) -> bool:
        """Whether a request was opened and not dealt with to the end."""
        return bool(self.number)

    @property
    def is_refused(self) -> bool:
        """Whether it was closed without being merged, so that a person has to decide."""
        return self.exists and self.status == ProposalStatusChoices.CLOSED

    def store(self, fabric: HedgehogFabric) -> Self:
        """Write it down, and return it."""
        FabricState.objects.update_or_create(fabric=fabric, defaults={'proposal': asdict(self)})
        return self


@dataclass(frozen=True, slots=True)
class Batch:
    """What a pass is about to write, and in whose name."""

    plan: Plan
    snapshots: Snapshots
    changes: Sequence[Change]
    message: str
    author: Author
    when: datetime


def proposal_of(fabric: HedgehogFabric) -> Proposal:
    """Return the pull request of a fabric."""
    return Proposal.of(FabricState.objects.filter(fabric=fabric).first())


def is_proposing(fabric: HedgehogFabric, proposal: Proposal) -> bool:
    """Tell whether a fabric's changes go into a pull request: by choice, or because its branch is protected."""
    return fabric.write_method == WriteMethodChoices.PULL_REQUEST or bool(proposal.because) or proposal.exists


def news_of(fabric: HedgehogFabric, repository: Repository) -> bool:
    """Tell whether somebody merged or closed the open request since it was looked at last."""
    proposal = proposal_of(fabric)
    if not proposal.exists or proposal.status != ProposalStatusChoices.OPEN:
        return False
    return _status(_proposals(repository), proposal) != ProposalStatusChoices.OPEN


def propose(fabric: HedgehogFabric, repository: Repository, batch: Batch, *, because: str = '') -> Plan:
    """Bring the fabric's pull request to what the plan wants, and return the plan as it then stands.

    Nothing of it is on the branch yet: in the returned plan no file changes, and its resources are proposed. A request
    that was merged is done with; one that was closed holds everything until a person decides.
    """
    proposals = _proposals(repository)
    proposal = proposal_of(fabric)
    if because:
        proposal = replace(proposal, because=because).store(fabric)
    if proposal.exists:
        proposal = replace(proposal, status=_status(proposals, proposal)).store(fabric)
    if proposal.status == ProposalStatusChoices.MERGED and proposal.base != batch.plan.head:
        proposal = _conclude(fabric, proposals, proposal)
    if proposal.status == ProposalStatusChoices.OPEN:
        wanted = {change.path: _blob(change) for change in batch.plan.files}
        if wanted and wanted != proposal.files:
            proposal = _extend(fabric, repository, batch, proposal, wanted)
        elif not wanted and proposal.exists:
            proposals.close_request(proposal.number)
            proposal = _conclude(fabric, proposals, proposal)
    return _as_proposed(batch.plan, proposal)


def propose_again(fabric: HedgehogFabric) -> None:
    """Let the next pass open a new request for what was refused in a closed one."""
    with transaction.atomic():
        _forget(fabric)
        states = SyncState.objects.filter(fabric=fabric, name__in=_refused(fabric).values('name'))
        states.filter(status=SyncStatusChoices.HELD).update(status=SyncStatusChoices.PENDING, reason='')


def discard(fabric: HedgehogFabric) -> int:
    """Give up what was refused in a closed request: the next pass takes over what Git holds. Return of how many.

    What NetBox holds becomes the base, so that Git's content is a change that nobody contradicts.
    """
    with transaction.atomic(), engine_writes():
        identities = {change.identity for change in _refused(fabric)}
        for identity in identities:
            rows = model_for(identity.kind).objects.filter(
                fabric=fabric, namespace=identity.namespace, name=identity.name
            )
            row = rows.first()
            SyncState.objects.filter(
                fabric=fabric, kind=identity.kind, namespace=identity.namespace, name=identity.name
            ).update(base=row.content.tree() if row else None, status=SyncStatusChoices.UNKNOWN, reason='')
        _refused(fabric).delete()
        _forget(fabric)
    return len(identities)


def _refused(fabric: HedgehogFabric) -> QuerySet[PendingChange]:
    return PendingChange.objects.filter(fabric=fabric)


def _forget(fabric: HedgehogFabric) -> None:
    """Let go of the request; its branch is kept in mind, for the next one begins there anew."""
    proposal = proposal_of(fabric)
    Proposal(branch=proposal.branch, head=proposal.head).store(fabric)


def _proposals(repository: Repository) -> Proposals:
    if not isinstance(repository, GitHubRepository):
        message = 'Only a repository on GitHub has pull requests.'
        raise TypeError(message)
    return repository.proposals()


def _status(proposals: Proposals, proposal: Proposal) -> str:
    request = proposals.request(proposal.number)
    if request.merged:
        return ProposalStatusChoices.MERGED
    return ProposalStatusChoices.OPEN if request.state == 'open' else ProposalStatusChoices.CLOSED


def _conclude(fabric: HedgehogFabric, proposals: Proposals, proposal: Proposal) -> Proposal:
    """Forget a request that is done with, and its branch; the branch that it went to may be free by now."""
    proposals.delete_branch(proposal.branch, expected=proposal.head)
    return Proposal().store(fabric)


def _extend(
    fabric: HedgehogFabric,
    repository: Repository,
    batch: Batch,
    proposal: Proposal,
    wanted: Mapping[str, str | None],
) -> Proposal:
    """Put one more commit on the proposal's branch, or begin it anew where the fabric's branch has moved since."""
    proposal = replace(proposal, branch=proposal.branch or f'hedgehog/{fabric.slug}')
    try:
        sha = _write(fabric, repository, batch, proposal, wanted)
    except HeadMoved as moved:
        proposal = _elsewhere(fabric, repository, batch, proposal, moved)
        sha = _write(fabric, repository, batch, proposal, wanted)
    proposal = replace(proposal, base=batch.plan.head or '', head=sha, files=wanted).store(fabric)
    proposals = _proposals(repository)
    title, body = describe_proposal(fabric, batch.plan, batch.changes, because=proposal.because)
    if proposal.exists:
        request = proposals.update_request(proposal.number, title=title, body=body)
    else:
        reviewers = [name.strip() for name in fabric.reviewers.split(',') if name.strip()]
        request = proposals.open_request(proposal.branch, title=title, body=body, reviewers=reviewers)
    return replace(proposal, number=request.number, url=request.url).store(fabric)


def _write(
    fabric: HedgehogFabric,
    repository: Repository,
    batch: Batch,
    proposal: Proposal,
    wanted: Mapping[str, str | None],
) -> str:
    """Commit what the request lacks, or all of it on the head of the fabric's branch; return the branch's new head."""
    continues = bool(proposal.head) and proposal.base == batch.plan.head
    if continues:
        changes, proposed = _difference(repository, batch, proposal, wanted), proposal.files
    else:
        changes, proposed = {change.path: change.data for change in batch.plan.files}, {}
    return _proposals(repository).propose(
        proposal.branch,
        {below(fabric.directory, path): data for path, data in changes.items()},
        base_head=batch.plan.head or '',
        parent=proposal.head if continues else None,
        expected=proposal.head or None,
        message=batch.message,
        author=batch.author,
        when=batch.when,
        known={below(fabric.directory, path): _entry(batch, path, proposed) for path in changes},
    )


def _elsewhere(
    fabric: HedgehogFabric, repository: Repository, batch: Batch, proposal: Proposal, moved: HeadMoved
) -> Proposal:
    """Say where to begin anew when the proposal's branch stands elsewhere; what others did there is not overwritten."""
    if moved.found and _is_ours(fabric, repository, moved.found):
        # An answer, or the record of an earlier pass, was lost.
        return replace(proposal, base='', head=moved.found)
    if proposal.exists:
        raise ProposalTakenOver(proposal.branch, proposal.url) from moved
    # Left over from a request that is done with: another name does it no harm.
    return replace(proposal, base='', head='', branch=f'hedgehog/{fabric.slug}-{(batch.plan.head or "")[:7]}')


def _is_ours(fabric: HedgehogFabric, repository: Repository, commit: str) -> bool:
    """Tell whether a pass over this fabric made a commit, by the trailers that all of its commits have."""
    (found,) = repository.log('', start=commit, limit=1)
    return f'HNP-Fabric: {fabric.slug}' in found.message.splitlines()


def _difference(
    repository: Repository, batch: Batch, proposal: Proposal, wanted: Mapping[str, str | None]
) -> dict[str, bytes | None]:
    """Return what leads from what the request holds to what it should hold."""
    data = {change.path: change.data for change in batch.plan.files}
    changes = {path: data[path] for path, blob in wanted.items() if proposal.files.get(path, ...) != blob}
    given_up = [path for path in proposal.files if path not in wanted]
    entries = {path: batch.snapshots.git.entries.get(path) for path in given_up}
    blobs = repository.read({entry.blob for entry in entries.values() if entry})
    return changes | {path: blobs[entry.blob] if entry else None for path, entry in entries.items()}


def _entry(batch: Batch, path: str, proposed: Mapping[str, str | None]) -> Entry | None:
    """Return what stands at a path of the proposal's branch: what was proposed, or what the fabric's branch has."""
    entry = batch.snapshots.git.entries.get(path)
    if path not in proposed:
        return entry
    blob = proposed[path]
    return Entry(entry.mode if entry else NEW_FILE, blob) if blob else None


def _as_proposed(plan: Plan, proposal: Proposal) -> Plan:
    if proposal.status == ProposalStatusChoices.CLOSED:
        outcome: Held | Proposed = Held(_CLOSED.format(number=proposal.number))
    else:
        outcome = Proposed(_WAITING.format(number=proposal.number))
    return replace(plan, files=(), outcomes={**plan.outcomes, **dict.fromkeys(plan.committed, outcome)})


def _blob(change: FileChange) -> str | None:
    return None if change.data is None else blob_id(change.data)
