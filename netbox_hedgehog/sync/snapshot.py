"""Reading what a pass needs, and no more: the outbox, the files that changed, and the rows and bases they concern."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ..catalog import Identity
from ..manifests import Limits, ManifestFile, parse
from ..models import (
    RESOURCE_MODELS,
    ChangeActionChoices,
    Conflict,
    FabricState,
    GitFile,
    HedgehogFabric,
    PendingChange,
    SyncState,
    SyncStatusChoices,
    model_for,
)
from ..reconcile import (
    ABSENT,
    Base,
    Content,
    Decision,
    FileProblem,
    GitSnapshot,
    NetBoxSnapshot,
    Side,
    identities_in,
    is_managed_manifest,
    is_regular,
    is_source,
)
from ..repositories import Ambiguous, CommitMissing, EmptyRepository, Entry, Repository

__all__ = ('Snapshots', 'has_work', 'is_storable', 'listing', 'take_snapshots')

# So many paths are worth naming in a query.
_FEW = 2_000
_BAD_PATH = 'The name of this file is no text, or too long; rename it.'

# What a pass looks at again although nothing new happened to it, when a person asks for it.
_UNSETTLED = (
    SyncStatusChoices.PENDING,
    SyncStatusChoices.CONFLICT,
    SyncStatusChoices.HELD,
    SyncStatusChoices.QUARANTINED,
    SyncStatusChoices.UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The three sides, and the outbox entries that the plan made from them takes care of."""

    base: Mapping[Identity, Base]
    netbox: NetBoxSnapshot
    git: GitSnapshot
    scope: frozenset[Identity]
    pending: tuple[PendingChange, ...]
    has_moved: bool
    is_complete: bool
    is_first: bool


def take_snapshots(
    fabric: HedgehogFabric, repository: Repository, *, limits: Limits, complete: bool, unsettled: bool
) -> Snapshots:
    """Read the three sides.

    `complete` compares every resource and every manifest; `unsettled` adds those that wait for a person. The outbox is
    read before the rows: a change made in between is committed, and its entry is found to need nothing later.
    Raises `RepositoryError`.
    """
    state = FabricState.objects.filter(fabric=fabric).first() or FabricState(fabric=fabric)
    complete = complete or not state.commit
    pending = tuple(PendingChange.objects.filter(fabric=fabric).select_related('user').order_by('pk'))
    head = _head(repository, state)
    known = {file.path: file for file in GitFile.objects.filter(fabric=fabric).defer('content')}
    entries = _entries(fabric, repository, head, state, known)
    unusable = [path for path in entries if is_managed_manifest(path) and not is_storable(path)]
    entries = {path: entry for path, entry in entries.items() if path not in unusable}
    changed = {path for path, entry in entries.items() if path not in known or known[path].blob != entry.blob}
    gone = known.keys() - entries.keys()

    read = {
        path for path in entries if is_source(path) or (is_managed_manifest(path) and (complete or path in changed))
    }
    texts = _read(fabric, repository, entries, read)
    parsed = {path: parse(path, texts[path], limits) for path in sorted(texts)}
    scope = _scope(fabric, pending, known, changed | gone, parsed, complete=complete, unsettled=unsettled)
    # Besides the files that hold an identity in scope, those that cannot be read: they may hold one that is missing.
    also = {
        path
        for path, file in known.items()
        if path in entries
        and path not in texts
        and scope
        and (file.problems or scope.intersection(map(_identity, file.documents)))
    }
    texts |= _read(fabric, repository, entries, also)
    return Snapshots(
        base=_bases(fabric, scope, complete=complete),
        netbox=_netbox(fabric, scope, pending, complete=complete),
        git=GitSnapshot(
            head,
            entries,
            texts,
            parsed,
            _doubt(repository, head, state, entries),
            tuple(FileProblem(path, 1, 1, 'bad-path', _BAD_PATH) for path in unusable),
        ),
        scope=scope,
        pending=pending,
        has_moved=head != state.commit,
        is_complete=complete,
        is_first=not state.commit,
    )


def has_work(fabric: HedgehogFabric, repository: Repository) -> bool:
    """Tell whether a pass would have anything to look at: a pending resource, or a head that moved."""
    waiting = (SyncStatusChoices.PENDING, SyncStatusChoices.UNKNOWN)
    if SyncState.objects.filter(fabric=fabric, status__in=waiting).exists():
        return True
    state = FabricState.objects.filter(fabric=fabric).first()
    return state is None or not state.commit or repository.head() != state.commit


def _head(repository: Repository, state: FabricState) -> str | None:
    """Return the head; None where the first commit is still to be made."""
    try:
        return repository.head()
    except EmptyRepository:
        if state.commit:
            raise  # it had commits when we last looked: that is a finding, not a beginning
        return None


def _entries(
    fabric: HedgehogFabric,
    repository: Repository,
    head: str | None,
    state: FabricState,
    known: Mapping[str, GitFile],
) -> dict[str, Entry]:
    """Return the complete listing below the directory, by relative path."""
    if head is None:
        return {}
    if head == state.commit:
        return {path: Entry(file.mode, file.blob) for path, file in known.items()}
    return listing(fabric, repository, head)


def listing(fabric: HedgehogFabric, repository: Repository, commit: str) -> dict[str, Entry]:
    """Return every file below the fabric's directory at a commit, by path relative to it."""
    start = len(fabric.prefix) + 1 if fabric.prefix else 0
    return {path[start:]: entry for path, entry in repository.tree(commit, fabric.prefix).items()}


def is_storable(path: str) -> bool:
    """Tell whether the database can hold a path: not one with bytes that are no text, nor an excessive one."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return '\0' not in path and len(path) <= GitFile._meta.get_field('path').max_length


def _read(
    fabric: HedgehogFabric, repository: Repository, entries: Mapping[str, Entry], paths: Collection[str]
) -> dict[str, bytes]:
    """Return the contents of files: what was read once is kept with its blob, and not asked for again."""
    regular = {path for path in paths if is_regular(entries[path])}
    kept = GitFile.objects.filter(fabric=fabric, content__isnull=False)
    if len(regular) < _FEW:
        kept = kept.filter(path__in=regular)
    contents = {blob: bytes(content) for path, blob, content in kept.values_list('path', 'blob', 'content')}
    missing = {entries[path].blob for path in regular} - contents.keys()
    if missing:
        contents |= repository.read(missing)
    return {path: contents[entries[path].blob] for path in regular}


def _scope(
    fabric: HedgehogFabric,
    pending: Iterable[PendingChange],
    known: Mapping[str, GitFile],
    touched: Collection[str],
    parsed: Mapping[str, ManifestFile],
    *,
    complete: bool,
    unsettled: bool,
) -> frozenset[Identity]:
    """Return the identities to decide about: what is pending, and what stood or stands in a touched file."""
    scope = {change.identity for change in pending}
    for path in touched:
        if path in known:
            scope.update(map(_identity, known[path].documents))
    for file in parsed.values():
        scope.update(identities_in(file))
    states = SyncState.objects.filter(fabric=fabric)
    # What a pull request holds is compared by every pass: it has to be known whether it is still wanted. What is
    # unknown was given up by a person, and waits for Git's content.
    unasked = (SyncStatusChoices.PROPOSED, SyncStatusChoices.UNKNOWN)
    scope.update(state.identity for state in states.filter(status__in=unasked))
    # A quarantined resource is named by no readable document: its last path is what leads back to it.
    scope.update(state.identity for state in states.filter(path__in=touched))
    if complete:
        scope.update(state.identity for state in states)
        scope.update(_row_identities(fabric))
    elif unsettled:
        scope.update(state.identity for state in states.filter(status__in=_UNSETTLED))
    return frozenset(scope)


def _row_identities(fabric: HedgehogFabric) -> Iterable[Identity]:
    for model in RESOURCE_MODELS:
        for namespace, name in model.objects.filter(fabric=fabric).values_list('namespace', 'name'):
            yield Identity(model.kind.group, model.kind.name, namespace, name)


def _bases(fabric: HedgehogFabric, scope: frozenset[Identity], *, complete: bool) -> dict[Identity, Base]:
    states = SyncState.objects.filter(fabric=fabric)
    conflicts = Conflict.objects.filter(fabric=fabric).exclude(decision='')
    if not complete:
        states = states.filter(name__in={identity.name for identity in scope})
    decisions: dict[Identity, dict[str, Decision]] = {}
    for conflict in conflicts:
        values = (sides.get('value', ABSENT) for sides in (conflict.ours, conflict.theirs))
        decisions.setdefault(conflict.identity, {})[conflict.path] = Decision(Side(conflict.decision), *values)
    return {
        state.identity: Base(
            Content.from_tree(state.base) if state.base is not None else None,
            state.path,
            state.is_deletion_held,
            decisions.get(state.identity, {}),
        )
        for state in states
        if state.identity in scope
    }


def _netbox(
    fabric: HedgehogFabric, scope: frozenset[Identity], pending: Iterable[PendingChange], *, complete: bool
) -> NetBoxSnapshot:
    rows: dict[Identity, Content] = {}
    for kind in {identity.kind for identity in scope}:
        resources = model_for(kind).objects.filter(fabric=fabric)
        if not complete:
            resources = resources.filter(name__in={identity.name for identity in scope if identity.kind == kind})
        for resource in resources.only('fabric', 'namespace', 'name', 'labels', 'annotations', 'spec'):
            if resource.identity in scope:
                rows[resource.identity] = resource.content
    deleted = {change.identity for change in pending if change.action == ChangeActionChoices.DELETE} - rows.keys()
    return NetBoxSnapshot(rows, deleted)


def _doubt(repository: Repository, head: str | None, state: FabricState, entries: Mapping[str, Entry]) -> str:
    """Return why a missing manifest proves nothing at this head, if so."""
    if not state.commit or head is None:
        return ''
    if not entries:
        return 'The directory of this fabric is gone from the branch.'
    if head == state.commit or _precedes(repository, state.commit, head):
        return ''
    return f'The history of the branch was rewritten: {state.commit[:12]} is no longer in it.'


def _precedes(repository: Repository, commit: str, head: str) -> bool:
    """Tell whether the history since a commit is known; one that is gone, or too far back to be found, is not."""
    try:
        return repository.is_ancestor(commit, head)
    except (Ambiguous, CommitMissing):
        return False


def _identity(document: Mapping[str, str]) -> Identity:
    return Identity(document['group'], document['kind'], document['namespace'], document['name'])
