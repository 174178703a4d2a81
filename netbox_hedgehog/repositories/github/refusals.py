"""Tell every refusal of GitHub in the words of this room, by status and by its documented sentences.

Nothing that the server says is passed on before secrets are cut out of it.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from ..errors import (
    Archived,
    BranchMissing,
    EmptyRepository,
    Forbidden,
    NotFound,
    ProtectedBranch,
    RepositoryError,
    Unauthorized,
    Unavailable,
    without_userinfo,
)
from ..git_server import AnswerLost as PlainAnswerLost

if TYPE_CHECKING:
    from .transport import Answer

__all__ = (
    'AMBIGUOUS',
    'AnswerLost',
    'QueryRefused',
    'is_fast_forward_refused',
    'is_limited',
    'is_object_missing',
    'is_query_limited',
    'is_reference_missing',
    'is_rule',
    'is_too_large',
    'names_rule',
    'redacted',
    'refusal',
    'sentence',
)

# After these it is not known whether a write was done.
AMBIGUOUS = frozenset({500, 502, 503, 504})

# How much of what a server says is passed on to people.
SENTENCE_LETTERS = 500

_TOKEN_LIKE = re.compile(
    r"""\b(?:gh[a-z]_[A-Za-z0-9_.-]{8,}       # tokens of all kinds, also those that carry a signed part
      | github_pat_[A-Za-z0-9_]{8,}
      | eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]+ # signed assertions
    )|(?i:(?<=bearer\ )|(?<=basic\ )|(?<=token\ ))[A-Za-z0-9_.+/=-]{16,}
    """,
    re.VERBOSE,
)
_SSO_URL = re.compile(r'url=(https://[^\s;,]+)')

_LIMIT_TEXTS = ('rate limit', 'abuse detection')
_RULE_TEXTS = (
    'repository rule violation',
    'protected branch',
    'required status check',
    'approving review',
    'through a pull request',
    'verified signatures',
    'not authorized to push',
    'reference update failed',
)
_CLOCK_TEXTS = ("claim ('iat')", "claim ('exp')", 'expiration time', 'issued at')


class AnswerLost(PlainAnswerLost):
    """A write was sent, and it is not known whether it was done; `reason` says what happened to the answer."""

    def __init__(self, reason: Unavailable) -> None:
        self.reason = reason
        super().__init__(reason.message)


class QueryRefused(Exception):
    """GraphQL answered with errors: their `kinds` (STALE_DATA, NOT_FOUND, …), and their words to people."""

    def __init__(self, kinds: Iterable[str], sentence: str) -> None:
        self.kinds = frozenset(kinds)
        self.sentence = sentence
        super().__init__(sentence)


def redacted(text: str, secrets: Sequence[str] = ()) -> str:
    """Cut out of a text the given secrets, everything that looks like a token, and the userinfo of URLs."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, '[secret]')
    return without_userinfo(_TOKEN_LIKE.sub('[secret]', text))


def sentence(text: object, secrets: Sequence[str] = ()) -> str:
    """Bring what a server says into one line of bounded length."""
    words = ' '.join(redacted(str(text), secrets).split())
    return words if len(words) <= SENTENCE_LETTERS else f'{words[:SENTENCE_LETTERS]}…'


def is_limited(answer: 'Answer') -> bool:
    """Tell whether GitHub refuses for its limits; a secondary one can come without any counter."""
    if answer.status == 429:
        return True
    if answer.status != 403:
        return False
    return (
        'retry-after' in answer.headers
        or answer.headers.get('x-ratelimit-remaining') == '0'
        or _says(answer, *_LIMIT_TEXTS)
    )


def is_query_limited(answer: 'Answer') -> bool:
    """Tell whether GraphQL refuses for its limits, which it may do with status 200."""
    # Within a string the quotes are escaped, so a long answer without errors is not decoded for this.
    if b'"errors"' not in answer.body:
        return False
    try:
        found = json.loads(answer.body)
    except ValueError:
        return False
    errors = found.get('errors') if isinstance(found, dict) else None
    kinds = {error.get('type') for error in errors if isinstance(error, dict)} if isinstance(errors, list) else set()
    return 'RATE_LIMITED' in kinds or _says(answer, *_LIMIT_TEXTS)


def is_too_large(answer: 'Answer') -> bool:
    """Tell whether a tree was refused for taking too long: with less of it at once it is accepted."""
    return answer.status == 422 and _says(answer, 'timed out', 'too large to process')


def is_object_missing(answer: 'Answer') -> bool:
    """Tell whether an object is said not to exist, as may happen shortly after it was made."""
    return answer.status == 422 and _says(
        answer, 'base_tree is not a valid', 'tree sha does not exist', 'object does not exist', 'parent sha'
    )


def is_fast_forward_refused(answer: 'Answer') -> bool:
    """Tell whether a branch stands elsewhere."""
    return answer.status == 422 and _says(answer, 'not a fast forward', 'not a fast-forward')


def is_reference_missing(answer: 'Answer') -> bool:
    """Tell whether the branch that was to be moved or deleted is gone."""
    return answer.status == 422 and _says(answer, 'reference does not exist')


def is_rule(answer: 'Answer') -> bool:
    """Tell whether a rule of the branch declined a write: trying again does not help."""
    return answer.status in (403, 405, 409, 422) and names_rule(_words(answer))


def names_rule(said: str) -> bool:
    """Tell whether GitHub speaks of a rule of the branch; REST and GraphQL use the same sentences."""
    said = said.lower()
    return any(text in said for text in _RULE_TEXTS)


def refusal(
    answer: 'Answer',
    *,
    address: str,
    branch: str = '',
    permission: Literal['read', 'write'] = 'read',
    secrets: Sequence[str] = (),
) -> RepositoryError:
    """Return the error that an answer amounts to; limits and redirects are dealt with before."""
    said = sentence(_words(answer), secrets)
    if is_rule(answer):
        return ProtectedBranch(branch, said)
    match answer.status:
        case 401:
            return _unauthorized(answer, address)
        case 403:
            return _forbidden(answer, address, permission, said)
        case 404:
            return NotFound(address)
        case 409 if _says(answer, 'repository is empty'):
            return EmptyRepository(address)
        case 422 if is_reference_missing(answer) and branch:
            return BranchMissing(address, branch)
        case 451:
            remedy = 'Ask GitHub or the owner of the repository for the reason.'
            return Unavailable(f'{address} is blocked: {said}', remedy, status=451)
        case status if status in AMBIGUOUS or status >= 500:
            return Unavailable(
                f'{address} answered with the HTTP status {status}{_request(answer)}.'
                + (f' The server says: {said}' if said else ''),
                status=status,
            )
        case status:
            return Unavailable(
                f'{address} refused the request with the HTTP status {status}{_request(answer)}: {said or "no reason"}',
                'If it stays so, report this as a fault, with the words of the server.',
                status=status,
            )


def _unauthorized(answer: 'Answer', address: str) -> Unauthorized:
    if _says(answer, *_CLOCK_TEXTS):
        return Unauthorized(address, presented=True, remedy='Check the clock of this server: GitHub says it is wrong.')
    if _says(answer, 'json web token', 'integration not found', 'app not found'):
        return Unauthorized(address, presented=True, remedy='Check the id of the GitHub App and its private key.')
    return Unauthorized(address, presented=True)


def _forbidden(answer: 'Answer', address: str, permission: Literal['read', 'write'], said: str) -> RepositoryError:
    if _says(answer, 'archived'):
        return Archived(address)
    sso = _SSO_URL.search(answer.headers.get('x-github-sso', ''))
    return Forbidden(
        address,
        permission,
        needs=answer.headers.get('x-accepted-github-permissions', ''),
        sso_url=sso[1] if sso else '',
        answer=said,
    )


def _request(answer: 'Answer') -> str:
    number = answer.headers.get('x-github-request-id', '')
    return f' (request {sentence(number)})' if number else ''


def _says(answer: 'Answer', *texts: str) -> bool:
    said = _words(answer).lower()
    return any(text in said for text in texts)


def _words(answer: 'Answer') -> str:
    """Return the sentences of an answer: those of an error object, or nothing, because a page is no sentence."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        return '' if answer.body.lstrip()[:1] == b'<' else answer.body.decode('utf-8', 'replace')
    return ' '.join(_sentences(found))


def _sentences(found: Any) -> Iterable[str]:
    if not isinstance(found, dict):
        return
    if isinstance(found.get('message'), str):
        yield found['message']
    errors = found.get('errors')
    for error in errors if isinstance(errors, list) else [errors]:
        if isinstance(error, str):
            yield error
        elif isinstance(error, dict) and isinstance(error.get('message'), str):
            yield error['message']
