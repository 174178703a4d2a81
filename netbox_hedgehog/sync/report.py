"""A plan and a run as plain data: for the REST API, the command line and the run's record."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from ..catalog import Identity
from ..models import PendingChange
from ..reconcile import (
    Agreed,
    Conflicting,
    Gone,
    Held,
    Plan,
    Quarantined,
    RowCreate,
    RowDelete,
    RowUpdate,
)

__all__ = ('counts_of', 'describe_changes', 'describe_plan', 'describe_problems')

_ROW_VERBS = {RowCreate: 'create', RowUpdate: 'update', RowDelete: 'delete'}


def describe_plan(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON: what would change on either side, what waits for a person, and why."""
    return {
        'head': plan.head,
        'is_empty': plan.is_empty,
        'counts': counts_of(plan),
        'files': [
            {
                'path': _text(change.path),
                'action': 'delete' if change.data is None else 'write',
                'reason': change.reason.value,
                'resources': [str(identity) for identity in change.identities],
            }
            for change in plan.files
        ],
        'rows': [{'action': _ROW_VERBS[type(row)], **_identity(row.identity)} for row in plan.rows],
        'conflicts': [
            {**_identity(identity), 'fields': [conflict.path for conflict in outcome.conflicts]}
            for identity, outcome in plan.outcomes.items()
            if isinstance(outcome, Conflicting)
        ],
        'held': [
            {**_identity(identity), 'reason': outcome.reason}
            for identity, outcome in plan.outcomes.items()
            if isinstance(outcome, Held | Quarantined)
        ],
        'problems': describe_problems(plan),
        'notices': [_text(notice) for notice in plan.notices],
    }


def counts_of(plan: Plan) -> dict[str, int]:
    """Return how much of everything a plan does and finds."""
    rows = Counter(_ROW_VERBS[type(row)] for row in plan.rows)
    outcomes = Counter(type(outcome) for outcome in plan.outcomes.values())
    return {
        'compared': len(plan.outcomes),
        'files_written': sum(change.data is not None for change in plan.files),
        'files_deleted': sum(change.data is None for change in plan.files),
        'rows_created': rows['create'],
        'rows_updated': rows['update'],
        'rows_deleted': rows['delete'],
        'agreed': outcomes[Agreed] + outcomes[Gone],
        'conflicts': outcomes[Conflicting],
        'held': outcomes[Held],
        'quarantined': outcomes[Quarantined],
        'problems': len(plan.problems),
    }


def describe_changes(plan: Plan, pending: Iterable[PendingChange]) -> list[dict[str, Any]]:
    """Return what a plan did, one entry per resource and side, with the people behind it."""
    by_identity: dict[Identity, list[PendingChange]] = {}
    for change in pending:
        by_identity.setdefault(change.identity, []).append(change)
    changes: list[dict[str, Any]] = []
    for file in plan.files:
        for identity in file.identities:
            behind = by_identity.get(identity, [])
            changes.append(
                {
                    'side': 'git',
                    'action': 'delete' if file.data is None else 'write',
                    'reason': file.reason.value,
                    'path': _text(file.path),
                    **_identity(identity),
                    'users': sorted({change.user_name for change in behind if change.user_name}),
                    'changes': [change.pk for change in behind],
                }
            )
    changes += [{'side': 'netbox', 'action': _ROW_VERBS[type(row)], **_identity(row.identity)} for row in plan.rows]
    return changes


def describe_problems(plan: Plan) -> list[dict[str, Any]]:
    """Return what needs a person, with file and line."""
    return [
        {
            'path': _text(problem.path),
            'line': problem.line,
            'column': problem.column,
            'code': str(problem.code),
            'message': _text(problem.message),
        }
        for problem in plan.problems
    ]


def _text(text: str) -> str:
    """Return what a database and JSON can hold: a file's name may have bytes that are no text."""
    return text.encode('utf-8', 'surrogateescape').decode('utf-8', 'replace').replace('\0', '\ufffd')


def _identity(identity: Identity) -> dict[str, str]:
    return {'kind': identity.kind, 'namespace': identity.namespace, 'name': identity.name}
