"""What a webhook's call tells: a branch may have moved, a pull request was settled. A hint, never content."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ('Event', 'EventRefused', 'Ping', 'Push', 'RequestSettled', 'read_event')

_BRANCH = 'refs/heads/'
_COMMIT = re.compile(r'[0-9a-f]{40}(?:[0-9a-f]{24})?')
_SETTLING = frozenset({'closed', 'reopened'})


class EventRefused(Exception):
    """The body is not what an event of its name carries."""


@dataclass(frozen=True, slots=True)
class Ping:
    """GitHub tries whether its calls arrive."""


@dataclass(frozen=True, slots=True)
class Push:
    """Somebody moved a branch; `after` is the commit that it then stood at, empty where the branch was deleted.

    `is_rewrite` tells of a history that was not only continued: a commit seen before proves nothing then.
    """

    branch: str
    after: str
    is_rewrite: bool


@dataclass(frozen=True, slots=True)
class RequestSettled:
    """Somebody closed, merged or reopened a pull request."""

    number: int


type Event = Ping | Push | RequestSettled


def read_event(name: str, body: bytes) -> Event | None:
    """Return what the body of an event tells, or None if it is none that concerns a fabric.

    Raises `EventRefused` where it is not JSON, or lacks what an event of this name always carries.
    """
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise EventRefused('The body is not JSON.') from error
    if not isinstance(payload, dict):
        raise EventRefused('The body is not a JSON object.')
    if name == 'ping':
        return Ping()
    if name == 'push':
        return _push(payload)
    if name == 'pull_request':
        return _request_settled(payload)
    return None


def _push(payload: Mapping[str, Any]) -> Push | None:
    ref, after = payload.get('ref'), payload.get('after')
    if not isinstance(ref, str) or not isinstance(after, str) or not _COMMIT.fullmatch(after):
        raise EventRefused('A push names a ref and a commit.')
    # A name that is no text cannot be looked up, and no fabric has it.
    if not ref.startswith(_BRANCH) or not ref.isprintable():
        return None
    is_deleted = not after.strip('0')
    return Push(
        branch=ref.removeprefix(_BRANCH),
        after='' if is_deleted else after,
        is_rewrite=is_deleted or payload.get('forced') is True,
    )


def _request_settled(payload: Mapping[str, Any]) -> RequestSettled | None:
    action, number = payload.get('action'), payload.get('number')
    if not isinstance(action, str) or not isinstance(number, int) or isinstance(number, bool):
        raise EventRefused('An event of a pull request names an action and a number.')
    return RequestSettled(number) if action in _SETTLING else None
