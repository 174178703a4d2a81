"""What the catalogue says of the resources of a fabric, written beside each of them."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ..catalog import KINDS, RULES, Declaration, Identity, Problem, Severity, judge_change, problems_of
from ..catalog.paths import parse as parse_path
from ..catalog.reach import felt_by
from ..manifests import line_of, parse
from ..models import FabricState, HedgehogFabric, SyncState, SyncStatusChoices, design_of
from ..models.condition import SETTLED
from ..reconcile import Agreed, Content, Plan, RowDelete

__all__ = ('describe_problem', 'findings_of', 'has_errors', 'is_judged', 'record_verdicts')


def is_judged(fabric: HedgehogFabric) -> bool:
    """Whether the verdicts were found under the settings that the fabric has now, and by the rules of this version."""
    return FabricState.objects.filter(fabric=fabric, judged_under=_terms(fabric)).exists()


def record_verdicts(fabric: HedgehogFabric, changed: Collection[Identity] | None = None) -> None:
    """Write what the catalogue finds now, where it finds something else than before.

    With `changed`, only what a change of these can be felt by is judged, and what had problems before; everything,
    where the fabric was judged under other settings. A resource that agrees with Git and has an error is invalid; any
    other status says more than that, and stays. A state that a person's save has locked is left to the pass that
    follows the save.
    """
    design = design_of(fabric)
    felt = felt_by(design, changed) if changed is not None and is_judged(fabric) else None
    verdicts: dict[int, list[dict[str, str]]] = {}
    states = SyncState.objects.filter(fabric=fabric)
    if felt is not None:
        states = states.filter(~Q(verdict=[]) | Q(name__in={identity.name for identity in felt}))
    for state in states.defer('base', 'manifest'):
        if felt is None or state.verdict or state.identity in felt:
            verdict = [describe_problem(problem) for problem in problems_of(design, state.identity)]
            if verdict != state.verdict or state.status != _status(state, verdict):
                verdicts[state.pk] = verdict
    with transaction.atomic():
        locked = SyncState.objects.filter(pk__in=verdicts).defer('base', 'manifest')
        ours = list(locked.select_for_update(skip_locked=True, of=('self',)))
        for state in ours:
            state.verdict = verdicts[state.pk]
            status = _status(state, state.verdict)
            if status != state.status:
                state.status, state.since = status, timezone.now()
        SyncState.objects.bulk_update(ours, ('verdict', 'status', 'since'), batch_size=500)
        terms = _terms(fabric)
        FabricState.objects.filter(fabric=fabric).exclude(judged_under=terms).update(judged_under=terms)


def findings_of(fabric: HedgehogFabric, plan: Plan) -> list[dict[str, Any]]:
    """Return what becomes invalid by what a plan brings from Git, with file and line; call it before it is applied."""
    if not plan.rows:
        return []
    before = design_of(fabric)
    removed = [row.identity for row in plan.rows if isinstance(row, RowDelete)]
    put = [_declare(row.identity, row.content) for row in plan.rows if not isinstance(row, RowDelete)]
    verdict = judge_change(before, before.with_changes(put, removed), [row.identity for row in plan.rows])
    found = [
        _finding(plan, identity, problem) for identity, problems in verdict.introduced.items() for problem in problems
    ]
    for row in plan.rows:
        outcome = plan.outcomes.get(row.identity)
        if isinstance(outcome, Agreed):
            found += [_finding(plan, row.identity, problem) for problem in outcome.problems]
    for identity, referrers in verdict.referrers.items():
        names = ', '.join(map(str, referrers))
        message = f'{identity} is gone from Git, and {names} refer to it; restore it, or let them name another.'
        found.append({'path': '', 'line': 0, 'column': 0, 'code': 'still-referred-to', 'message': message})
    return found


def describe_problem(problem: Problem) -> dict[str, str]:
    """Return a problem as plain data."""
    return {
        'path': problem.path,
        'rule': problem.rule,
        'message': problem.message,
        'severity': problem.severity.value,
    }


def has_errors(problems: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether one of the described problems is an error."""
    return any(problem['severity'] == Severity.ERROR for problem in problems)


def _status(state: SyncState, verdict: Iterable[Mapping[str, Any]]) -> str:
    """Return the status that a state should have with a verdict."""
    if state.status not in SETTLED:
        return state.status
    is_invalid = has_errors(verdict) or has_errors(state.problems)
    return SyncStatusChoices.INVALID if is_invalid else SyncStatusChoices.SYNCED


def _terms(fabric: HedgehogFabric) -> str:
    """Return what verdicts depend on besides the resources, as a digest."""
    return hashlib.sha256(f'{_rules()} {fabric.settings}'.encode('utf-8', 'surrogatepass')).hexdigest()


@cache
def _rules() -> str:
    return hashlib.sha256(repr(sorted(RULES.items())).encode()).hexdigest()


def _declare(identity: Identity, content: Content) -> Declaration:
    kind = KINDS[identity.kind]
    return Declaration(kind, identity.namespace, identity.name, content.spec, content.labels, content.annotations)


def _finding(plan: Plan, identity: Identity, problem: Problem) -> dict[str, Any]:
    outcome = plan.outcomes.get(identity)
    path, line = '', 0
    if isinstance(outcome, Agreed):
        path, line = outcome.path, outcome.line
        for document in parse(path, outcome.text.encode('utf-8', 'surrogateescape')).documents:
            line = outcome.line - 1 + line_of(document, parse_path(problem.path))
    return {'path': path, 'line': line, 'column': 1, 'code': problem.rule, 'message': f'{identity}: {problem}'}
