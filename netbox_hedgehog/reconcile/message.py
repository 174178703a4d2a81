"""What a commit says: a subject for people, and the trailers that replace bookkeeping files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..catalog import Identity
from .plan import FileReason, Plan

__all__ = ('Change', 'commit_message', 'operation_of')

_LISTED = 100
_CONTROL = re.compile(r'[\x00-\x1f\x7f]+')
_VERBS = {'create': 'Create', 'update': 'Update', 'delete': 'Delete'}


@dataclass(frozen=True, slots=True)
class Change:
    """One accepted change that a commit carries: its id in the outbox, what was done to what, by whom and why."""

    id: int
    action: str
    identity: Identity
    user: str = ''
    email: str = ''
    request_id: str = ''
    message: str = ''


def operation_of(plan: Plan) -> FileReason:
    """Return what a commit is, by the weightiest reason among its files."""
    reasons = {change.reason for change in plan.files}
    return next(
        (reason for reason in (FileReason.SYNC, FileReason.INGEST, FileReason.REPAIR) if reason in reasons),
        FileReason.INIT,
    )


def commit_message(
    plan: Plan, changes: Sequence[Change], *, fabric: str, slug: str, batch: str, credits_author: bool = False
) -> str:
    """Return subject, body and trailers. Nothing in it depends on the clock.

    Several people are credited as co-authors; `credits_author` credits a single one so too, where the commit cannot
    name a person as its author.
    """
    committed = set(plan.committed)
    carried = [change for change in changes if change.identity in committed]
    subject = _subject(plan, carried, fabric)
    trailers = [f'HNP-Fabric: {slug}', f'HNP-Batch: {batch}', f'HNP-Operation: {operation_of(plan)}']
    trailers += [
        f'HNP-Change: {change.id} {change.action} {change.identity.kind} '
        f'{change.identity.namespace} {change.identity.name}'
        for change in carried[:_LISTED]
    ]
    users = dict.fromkeys((_clean(change.user) or 'unknown') for change in carried)
    trailers += [f'HNP-User: {user}' for user in users]
    trailers += [f'HNP-Request: {request}' for request in dict.fromkeys(c.request_id for c in carried) if request]
    people = dict.fromkeys((_clean(c.user), _clean(c.email)) for c in carried if c.user and c.email)
    if len(people) > 1 or credits_author:
        trailers += [f'Co-authored-by: {user} <{email}>' for user, email in people]
    body = _body(plan, [] if subject == _only_message(carried) else carried)
    return '\n\n'.join(part for part in (subject, body, '\n'.join(trailers)) if part) + '\n'


def _subject(plan: Plan, carried: Sequence[Change], fabric: str) -> str:
    if message := _only_message(carried):
        return message
    identities = plan.committed
    operation = operation_of(plan)
    if operation is FileReason.INIT:
        return f'Initialise the directory of fabric {fabric}'
    if operation is FileReason.INGEST:
        return f'Ingest {_counted(len(identities), "resource")} into fabric {fabric}'
    if operation is FileReason.REPAIR:
        return f'Remove {_counted(len(plan.files), "duplicate")} from fabric {fabric}'
    if len(identities) == 1:
        return f'{_VERBS[_net_action(plan, identities[0], carried)]} {identities[0].kind} {identities[0].name}'
    return f'Sync {len(identities)} changes to {fabric}'


def _only_message(carried: Sequence[Change]) -> str:
    """Return the message that all changes share, if they do."""
    messages = {_on_one_line(change.message) for change in carried}
    return messages.pop() if len(messages) == 1 else ''


def _net_action(plan: Plan, identity: Identity, carried: Sequence[Change]) -> str:
    """Tell what the commit does to a resource, which several changes may have led to."""
    actions = [change.action for change in carried if change.identity == identity]
    if any(change.data is None for change in plan.files if identity in change.identities):
        return 'delete'
    return 'create' if 'create' in actions else 'update'


def _body(plan: Plan, carried: Sequence[Change]) -> str:
    """List the people's messages, and what changes where there is more than one thing to list."""
    messages = dict.fromkeys(
        f'{message} ({change.identity})' for change in carried if (message := _on_one_line(change.message))
    )
    said = [f'* {message}' for message in list(messages)[:_LISTED]]
    if len(plan.committed) < 2:
        return '\n'.join(said)
    lines = [
        f'- {change.path}: {", ".join(str(identity) for identity in change.identities)}'
        + (' (removed)' if change.data is None else '')
        for change in plan.files
        if change.identities
    ]
    more = len(lines) - _LISTED
    return '\n'.join(said + lines[:_LISTED] + ([f'- and {more} more files'] if more > 0 else []))


def _counted(number: int, noun: str) -> str:
    return f'{number} {noun}' if number == 1 else f'{number} {noun}s'


def _on_one_line(text: str) -> str:
    """Keep a value on one line: a line break in it could forge a trailer."""
    return _CONTROL.sub(' ', text).strip()


def _clean(text: str) -> str:
    """Keep a name or an address apart from what encloses it in a trailer."""
    return _on_one_line(text).replace('<', '').replace('>', '').strip()
