"""A plan and a run as plain data: for the REST API, the command line and the run's record."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..catalog import Identity
from ..models import HedgehogFabric, PendingChange
from ..reconcile import (
    Agreed,
    Change,
    Conflicting,
    FileChange,
    Gone,
    Held,
    Plan,
    Proposed,
    Quarantined,
    RowCreate,
    RowDelete,
    RowUpdate,
)
from .verdicts import findings_of

__all__ = ('counts_of', 'describe_changes', 'describe_plan', 'describe_problems', 'describe_proposal')

_LISTED = 100
_MARKUP = re.compile(r'([\\`*_{}\[\]<>()#+!|~])')
_ROW_VERBS = {RowCreate: 'create', RowUpdate: 'update', RowDelete: 'delete'}


def describe_plan(fabric: HedgehogFabric, plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON: what would change on either side, what waits for a person or is invalid, and why."""
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
        'problems': [*describe_problems(plan), *findings_of(fabric, plan)],
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
        'proposed': outcomes[Proposed],
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


def describe_proposal(
    fabric: HedgehogFabric, plan: Plan, changes: Sequence[Change], *, because: str
) -> tuple[str, str]:
    """Return the title and the body (Markdown) of a pull request: what it changes, who wanted it, and why."""
    committed = plan.committed
    count = len(committed)
    if count == 1:
        title = f'{fabric.name}: change {committed[0].kind} {committed[0].name}'
    else:
        title = f'{fabric.name}: change {count} resources' if count else f'{fabric.name}: prepare the directory'
    by_identity: dict[Identity, list[Change]] = {}
    for change in changes:
        by_identity.setdefault(change.identity, []).append(change)
    lines = [_proposed_line(file, by_identity) for file in plan.files[:_LISTED]]
    if len(plan.files) > _LISTED:
        lines.append(f'- and {len(plan.files) - _LISTED} more files')
    parts = [
        f'Changes made in NetBox to the fabric **{_markdown(fabric.name)}**, for `{fabric.branch}`.',
        f'The branch does not take them directly: {_markdown(because)}' if because else '',
        '\n'.join(lines),
        'Later changes are added here until this request is merged or closed. '
        'Please do not commit to its branch: edit the fabric in NetBox, or on the branch itself.',
    ]
    return title, '\n\n'.join(part for part in parts if part)


def _proposed_line(file: FileChange, changes: Mapping[Identity, Sequence[Change]]) -> str:
    verb = 'delete' if file.data is None else 'write'
    behind = [change for identity in file.identities for change in changes.get(identity, ())]
    users = ', '.join(sorted({_markdown(change.user) for change in behind if change.user}))
    messages = '; '.join(dict.fromkeys(_markdown(change.message) for change in behind if change.message))
    words = [f'- {verb} `{_text(file.path)}`', f'by {users}' if users else '', f'({messages})' if messages else '']
    return ' '.join(word for word in words if word)


def _markdown(text: str) -> str:
    """Return words of a person as GitHub shows them as written: no links, mentions or formatting."""
    return ' '.join(_MARKUP.sub(r'\\\1', text).replace('@', '@\u200b').split())


def _text(text: str) -> str:
    """Return what a database and JSON can hold: a file's name may have bytes that are no text."""
    return text.encode('utf-8', 'surrogateescape').decode('utf-8', 'replace').replace('\0', '\ufffd')


def _identity(identity: Identity) -> dict[str, str]:
    return {'kind': identity.kind, 'namespace': identity.namespace, 'name': identity.name}
