"""Writing by pull request: one open request per fabric, which later batches extend until somebody merges it.

What is proposed is not agreed: the base of its resources stays as it was, and their outbox entries stay open. So every
later plan holds the whole of what is still to be written, and is compared with what the request already holds.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from django.db import transaction

from ..models import FabricState, HedgehogFabric, ProposalStatusChoices, WriteMethodChoices
from ..reconcile import Change, FileChange, Held, Plan, Proposed, below
from ..repositories import NEW_FILE, Author, Entry, HeadMoved, Repository, RepositoryError, blob_id
from ..repositories.github import GitHubRepository, Proposals
from .errors import PlanStale, ProposalTakenOver
from .journal import adopt, entry_of, is_settled
from .report import describe_proposal
from .snapshot import Snapshots

__all__ = ('Batch', 'Proposal', 'is_proposing', 'news_of', 'proposal_of', 'propose')

logger = logging.getLogger('netbox.plugins.netbox_hedgehog.sync')

_CLOSED = 'Pull request #{number} was closed without being merged: discard the change, or propose it again.'
_WAITING = 'In pull request #{number}'


@dataclass(frozen=True, slots=True)
class Proposal:
    """The pull request of a fabric, as it was left.

    `base` is the commit of the fabric's branch that it builds on, `head` where its own branch was put last. `files`
    maps the paths that it changes, relative to the directory, to blobs, None for a deletion. The request says so once
    it `is_told`: a branch may be pushed before its request can be opened or changed. `because` is the rule for which it
    exists, where the fabric itself is set to push; `unavailable` are the reviewers that GitHub would not ask.
    `contents` are what NetBox held of each resource when it was proposed, with the path: agreed on once that is merged.
    """

    number: int = 0
    url: str = ''
    status: str = ProposalStatusChoices.OPEN
    branch: str = ''
    base: str = ''
    head: str = ''
    files: Mapping[str, str | None] = field(default_factory=dict)
    because: str = ''
    is_told: bool = False
    unavailable: Sequence[str] = ()
    contents: Sequence[Sequence[Any]] = ()

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
    """Tell whether somebody merged, closed or reopened the request since it was looked at last."""
    proposal = proposal_of(fabric)
    if not proposal.exists or not isinstance(repository, GitHubRepository):
        return False
    return _status(repository.proposals(), proposal) != proposal.status


def propose(fabric: HedgehogFabric, repository: GitHubRepository, batch: Batch, *, because: str = '') -> Plan:
    """Bring the fabric's pull request to what the plan wants, and return the plan as it then stands.

    Nothing of it is on the branch yet: in the returned plan no file changes, and its resources are proposed. A request
    that was merged is done with; one that was closed holds everything until a person decides.
    Raises `PlanStale` where a merge has changed the branch meanwhile, `ProposalTakenOver` and `RepositoryError`.
    """
    proposal = proposal_of(fabric)
    if because:
        proposal = replace(proposal, because=because).store(fabric)
    if proposal.exists:
        proposal = replace(proposal, status=_status(repository.proposals(), proposal)).store(fabric)
    if proposal.status == ProposalStatusChoices.MERGED:
        proposal = _after_merge(fabric, repository, batch, proposal)
    if proposal.status == ProposalStatusChoices.OPEN:
        wanted = {change.path: _blob(change) for change in batch.plan.files}
        if wanted:
            proposal = _bring_to(fabric, repository, batch, proposal, wanted)
        elif proposal.exists:
            repository.proposals().close_request(proposal.number)
            proposal = _conclude(fabric, repository, proposal)
    return _as_proposed(batch.plan, proposal)


def _status(proposals: Proposals, proposal: Proposal) -> str:
    request = proposals.request(proposal.number)
    if request.merged:
        return ProposalStatusChoices.MERGED
    return ProposalStatusChoices.OPEN if request.state == 'open' else ProposalStatusChoices.CLOSED


def _after_merge(fabric: HedgehogFabric, repository: GitHubRepository, batch: Batch, proposal: Proposal) -> Proposal:
    """Be done with a merged request, unless the branch does not show the merge yet."""
    if repository.head() != batch.plan.head:
        raise PlanStale('The pull request was merged while the plan was made.')
    if proposal.base == batch.plan.head:
        return proposal
    entries = batch.snapshots.git.entries
    # Only what stands there as it was proposed: somebody may have changed it since, or the merge not be shown yet.
    merged = [
        entry
        for path, *entry in proposal.contents
        if (entries[path].blob if path in entries else None) == proposal.files.get(path)
    ]
    with transaction.atomic():
        adopt(fabric, merged)
    # Dying here does no harm: the next pass adopts the same once more.
    _conclude(fabric, repository, proposal)
    # Without the request more may differ than the plan knows, and the branch may take commits by now.
    raise PlanStale('The pull request was merged.')


def _conclude(fabric: HedgehogFabric, repository: GitHubRepository, proposal: Proposal) -> Proposal:
    """Forget a request that is done with, and remove its branch, which does no harm where it has to stay."""
    concluded = Proposal().store(fabric)
    try:
        repository.proposals().delete_branch(proposal.branch, expected=proposal.head)
    except RepositoryError as error:
        logger.warning('GitOps fabric=%s keeps the branch %s: %s', fabric.slug, proposal.branch, error)
    return concluded


def _bring_to(
    fabric: HedgehogFabric,
    repository: GitHubRepository,
    batch: Batch,
    proposal: Proposal,
    wanted: Mapping[str, str | None],
) -> Proposal:
    """Push what the request lacks, and open it or change its words; each step that failed is made by a later pass."""
    if wanted != proposal.files:
        proposal = _push(fabric, repository, batch, proposal, wanted)
    if not proposal.is_told:
        proposal = _tell(fabric, repository, batch, proposal)
    return proposal


def _push(
    fabric: HedgehogFabric,
    repository: GitHubRepository,
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
    contents = [
        [change.path, *entry_of(identity, batch.snapshots.netbox)]
        for change in batch.plan.files
        for identity in change.identities
        if is_settled(batch.plan, identity)
    ]
    pushed = replace(proposal, base=batch.plan.head or '', head=sha, files=wanted, contents=contents, is_told=False)
    return pushed.store(fabric)


def _tell(fabric: HedgehogFabric, repository: GitHubRepository, batch: Batch, proposal: Proposal) -> Proposal:
    proposals = repository.proposals()
    title, body = describe_proposal(fabric, batch.plan, batch.changes, because=proposal.because)
    if proposal.exists:
        proposals.update_request(proposal.number, title=title, body=body)
        return replace(proposal, is_told=True).store(fabric)
    reviewers = [name.strip() for name in fabric.reviewers.split(',') if name.strip()]
    request = proposals.open_request(proposal.branch, title=title, body=body, reviewers=reviewers)
    opened = replace(
        proposal, number=request.number, url=request.url, is_told=True, unavailable=list(request.unavailable)
    )
    return opened.store(fabric)


def _write(
    fabric: HedgehogFabric,
    repository: GitHubRepository,
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
    return repository.proposals().propose(
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
