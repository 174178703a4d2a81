"""Recording what a pass found: base, status and conflicts of each resource, the files, and the fabric's state."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import OperationalError
from django.db.models import Model

from ..catalog import Identity
from ..manifests import Limits, parse
from ..models import (
    Conflict,
    ConnectionStatusChoices,
    FabricState,
    GitFile,
    HedgehogFabric,
    PendingChange,
    SyncState,
    SyncStatusChoices,
)
from ..reconcile import (
    ABSENT,
    Agreed,
    Conflicting,
    FileProblem,
    Gone,
    Held,
    Outcome,
    Plan,
    Proposed,
    Quarantined,
    is_managed_manifest,
)
from ..repositories import Entry
from .errors import PlanStale
from .snapshot import Snapshots, is_storable
from .verdicts import describe_problem, has_errors

__all__ = ('record_fabric', 'record_files', 'record_outcomes', 'record_reachable')

# Larger files are read again when they are needed: a manifest has some hundred bytes.
_KEPT_BYTES = 256 * 1024

_STATE_FIELDS = (
    'status',
    'reason',
    'since',
    'base',
    'api_version',
    'path',
    'position',
    'commit',
    'problems',
    'manifest',
    'is_deletion_held',
)


def record_outcomes(
    fabric: HedgehogFabric, plan: Plan, pending: Sequence[PendingChange], commit: str, when: datetime
) -> None:
    """Write how each resource stands now, and close the outbox entries that the pass took care of.

    Entries of resources in conflict, held, quarantined or proposed stay: their change is still to be made.
    Raises `PlanStale` while a person's transaction holds one of the states.
    """
    states = _lock_states(fabric, plan.outcomes.keys())
    settled = {identity for identity, outcome in plan.outcomes.items() if isinstance(outcome, Agreed | Gone)}
    closed = [change.pk for change in pending if change.identity in settled]
    open_changes = PendingChange.objects.filter(fabric=fabric).exclude(pk__in={change.pk for change in pending})
    newer = {change.identity for change in open_changes}
    written, fresh, gone = [], [], []
    for identity, outcome in plan.outcomes.items():
        state = states.get(identity)
        if isinstance(outcome, Gone) and identity not in newer:
            if state:
                gone.append(state.pk)
            continue
        if state is None:
            state = SyncState(
                fabric=fabric,
                group=identity.group,
                kind=identity.kind,
                namespace=identity.namespace,
                name=identity.name,
            )
            fresh.append(state)
        before = _values(state)
        _apply_outcome(state, outcome, commit)
        if identity in newer:
            state.status, state.reason = SyncStatusChoices.PENDING, ''
        if state.status != before['status']:
            state.since = when
        if state.pk and _values(state) != before:
            written.append(state)
    SyncState.objects.filter(pk__in=gone).delete()
    SyncState.objects.bulk_create(fresh, batch_size=1000)
    _overwrite(SyncState, written, _STATE_FIELDS)
    PendingChange.objects.filter(pk__in=closed).delete()
    _record_conflicts(fabric, plan.outcomes, commit)


def record_files(
    fabric: HedgehogFabric,
    snapshots: Snapshots,
    plan: Plan,
    listing: Mapping[str, Entry],
    limits: Limits,
) -> None:
    """Remember the files as they were read or written, so that an unchanged blob is not read again."""
    known = {file.path: file for file in GitFile.objects.filter(fabric=fabric).defer('content')}
    written = {change.path: change.data for change in plan.files if change.data is not None}
    problems = _by_path(plan.problems)
    fresh, changed = [], []
    for path, entry in listing.items():
        file = known.get(path)
        text = written.get(path, snapshots.git.texts.get(path))
        is_read = text is not None and is_managed_manifest(path)
        if file and file.blob == entry.blob and file.mode == entry.mode and not is_read:
            continue
        documents: list[dict[str, str]] = file.documents if file and file.blob == entry.blob else []
        if is_read:
            documents = _documents(path, text, limits) if path in written else _known_documents(snapshots, path)
        values = {'blob': entry.blob, 'mode': entry.mode, 'documents': documents, 'problems': problems.get(path, [])}
        content = text if text is not None and len(text) <= _KEPT_BYTES else None
        if file is None:
            if is_storable(path):
                fresh.append(GitFile(fabric=fabric, path=path, content=content, **values))
        elif any(getattr(file, name) != value for name, value in values.items()):
            if content is not None or file.blob != entry.blob:
                file.content = content
            for name, value in values.items():
                setattr(file, name, value)
            changed.append(file)
    GitFile.objects.filter(fabric=fabric, path__in=known.keys() - listing.keys()).delete()
    GitFile.objects.bulk_create(fresh, batch_size=1000)
    _overwrite(GitFile, changed, ('blob', 'mode', 'documents', 'problems', 'content'))


def record_fabric(fabric: HedgehogFabric, commit: str, when: datetime, *, complete: bool) -> None:
    """Write the commit at which both sides were compared; a converged fabric costs no row write."""
    state = FabricState.objects.filter(fabric=fabric).first() or FabricState(fabric=fabric)
    is_news = (
        state.commit != commit
        or state.connection != ConnectionStatusChoices.OK
        or state.error
        or state.journal
        or complete
    )
    if not is_news:
        return
    state.commit, state.compared_at = commit, when
    state.connection, state.error, state.error_since = ConnectionStatusChoices.OK, '', None
    state.failures, state.retry_at, state.journal = 0, None, {}
    if complete:
        state.verified_at = when
    state.save()


def record_reachable(fabric: HedgehogFabric, when: datetime) -> None:
    """Write that the repository answered, where nothing was compared to the end."""
    values = {
        'connection': ConnectionStatusChoices.OK,
        'error': '',
        'error_since': None,
        'failures': 0,
        'retry_at': None,
    }
    FabricState.objects.update_or_create(fabric=fabric, defaults={**values, 'compared_at': when})


def _overwrite(model: type[Model], rows: Sequence[Model], fields: Sequence[str]) -> None:
    """Write many rows that are there: by conflict on the key, which takes a fraction of the time of bulk_update."""
    model.objects.bulk_create(rows, update_conflicts=True, update_fields=fields, unique_fields=('pk',), batch_size=1000)


def _lock_states(fabric: HedgehogFabric, identities: Collection[Identity]) -> dict[Identity, SyncState]:
    names = {identity.name for identity in identities}
    states = SyncState.objects.filter(fabric=fabric, name__in=names).select_for_update(nowait=True, of=('self',))
    try:
        return {state.identity: state for state in states if state.identity in identities}
    except OperationalError as error:
        raise PlanStale('A resource is being edited right now.') from error


def _apply_outcome(state: SyncState, outcome: Outcome, commit: str) -> None:
    state.is_deletion_held = isinstance(outcome, Held) and outcome.is_deletion
    match outcome:
        case Agreed(base=base, path=path, position=position, api_version=api_version, text=text, problems=problems):
            tree = base.tree()
            # The commit is the proof of this content at this place: it changes only with them.
            if (state.base, state.path, state.position) != (tree, path, position) or not state.commit:
                state.commit = commit
            state.base, state.path, state.position = tree, path, position
            state.api_version, state.manifest, state.reason = api_version, text, ''
            state.problems = [describe_problem(problem) for problem in problems]
            is_invalid = has_errors(state.problems) or has_errors(state.verdict)
            state.status = SyncStatusChoices.INVALID if is_invalid else SyncStatusChoices.SYNCED
        case Conflicting(conflicts, base, path, position, api_version, text):
            state.base = base.tree() if base else state.base
            state.path, state.position = path, position
            state.api_version = api_version or state.api_version
            state.manifest = text
            state.status = SyncStatusChoices.CONFLICT
            fields = ', '.join(conflict.path or 'the whole resource' for conflict in conflicts)
            state.reason = f'Changed on both sides: {fields}'
        case Held(reason):
            state.status, state.reason = SyncStatusChoices.HELD, reason
        case Quarantined(reason):
            state.status, state.reason = SyncStatusChoices.QUARANTINED, reason
        case Proposed(where):
            state.status, state.reason = SyncStatusChoices.PROPOSED, where
        case Gone():
            state.base, state.path, state.commit, state.manifest = None, '', '', ''


def _values(state: SyncState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in _STATE_FIELDS}


def _record_conflicts(fabric: HedgehogFabric, outcomes: Mapping[Identity, Outcome], commit: str) -> None:
    """Replace the conflicts of the resources that were looked at; one that is still the same keeps its date."""
    names = {identity.name for identity in outcomes}
    known = {
        (conflict.identity, conflict.path): conflict
        for conflict in Conflict.objects.filter(fabric=fabric, name__in=names)
        if conflict.identity in outcomes
    }
    found = {
        (identity, conflict.path): conflict
        for identity, outcome in outcomes.items()
        if isinstance(outcome, Conflicting)
        for conflict in outcome.conflicts
    }
    # What is proposed is not agreed: until it is merged, only the decision keeps the conflict from coming back.
    done = [known[key].pk for key in known.keys() - found.keys() if not isinstance(outcomes[key[0]], Proposed)]
    Conflict.objects.filter(pk__in=done).delete()
    fresh = []
    for key, conflict in found.items():
        identity, path = key
        values = {name: _wrapped(getattr(conflict, name)) for name in ('base', 'ours', 'theirs')}
        old = known.get(key)
        if old is None:
            fresh.append(
                Conflict(
                    fabric=fabric,
                    group=identity.group,
                    kind=identity.kind,
                    namespace=identity.namespace,
                    name=identity.name,
                    path=path,
                    commit=commit,
                    **values,
                )
            )
        elif any(getattr(old, name) != value for name, value in values.items()) or old.decision:
            # A side moved since somebody decided: the decision was about other values.
            Conflict.objects.filter(pk=old.pk).update(**values, commit=commit, decision='')
    Conflict.objects.bulk_create(fresh)


def _wrapped(value: Any) -> dict[str, Any]:
    return {} if value is ABSENT else {'value': value}


def _documents(path: str, data: bytes | None, limits: Limits) -> list[dict[str, str]]:
    return [_document(document.identity) for document in parse(path, data or b'', limits).documents]


def _known_documents(snapshots: Snapshots, path: str) -> list[dict[str, str]]:
    file = snapshots.git.parsed.get(path)
    if file is None:
        return _documents(path, snapshots.git.texts[path], Limits())
    return [_document(document.identity) for document in file.documents]


def _document(identity: Identity) -> dict[str, str]:
    return {
        'group': identity.group,
        'kind': identity.kind,
        'namespace': identity.namespace,
        'name': identity.name,
    }


def _by_path(problems: Iterable[FileProblem]) -> dict[str, list[dict[str, Any]]]:
    by_path: dict[str, list[dict[str, Any]]] = {}
    for problem in problems:
        by_path.setdefault(problem.path, []).append(
            {'line': problem.line, 'column': problem.column, 'code': problem.code, 'message': problem.message}
        )
    return by_path
