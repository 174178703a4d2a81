"""What goes wrong on bad days, on request."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from .exchange import Answer, Ending
from .limits import PRIMARY, SECONDARY

__all__ = ('Fault', 'FaultKind', 'Faults')

TREE_TIMEOUT = (
    "Sorry, your request timed out. It's likely that your input was too large to process. Consider building the tree "
    'incrementally, or building the commits you need in a local clone of the repository and then pushing them to '
    'GitHub.'
)
PROXY_PAGE = b'<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to the proxy.</body></html>'
DOCUMENTATION = 'https://docs.github.com/rest'


class FaultKind(Enum):
    """What goes wrong."""

    UNAUTHORIZED = 'unauthorized'
    FORBIDDEN = 'forbidden'
    SSO_REQUIRED = 'single sign-on required'
    BLOCKED = 'blocked'
    RATE_LIMIT_403 = 'rate limit 403'
    RATE_LIMIT_429 = 'rate limit 429'
    SECONDARY_LIMIT = 'secondary limit'
    NOT_FOUND = 'not found'
    EMPTY = 'empty'
    STALE = 'stale'
    NON_FAST_FORWARD = 'non fast forward'
    PROTECTED = 'protected'
    TREE_TIMEOUT = 'tree timeout'
    BAD_GATEWAY = 'bad gateway'
    SERVER_ERROR = 'server error'
    SLOW = 'slow'
    CUT_OFF = 'cut off'
    RESET = 'reset'
    STALE_READ = 'stale read'
    TRUNCATED_TREE = 'truncated tree'
    PROXY_PAGE = 'proxy page'
    WRONG_TARBALL = 'wrong tarball'
    WRONG_COMMIT = 'wrong commit in the tarball'
    MISSING_FILE = 'file missing from the tarball'
    REDIRECT = 'redirect'


# Faults that say nothing sensible to every request strike only these, unless a test names another.
_STRUCK = {
    FaultKind.STALE: ('repos/create-or-update-file-contents', 'graphql/createCommitOnBranch'),
    FaultKind.NON_FAST_FORWARD: ('git/update-ref', 'graphql/updateRefs'),
    FaultKind.PROTECTED: (
        'git/update-ref',
        'repos/create-or-update-file-contents',
        'graphql/updateRefs',
        'graphql/createCommitOnBranch',
    ),
    FaultKind.TREE_TIMEOUT: ('git/create-tree',),
    FaultKind.STALE_READ: ('git/get-ref',),
    FaultKind.TRUNCATED_TREE: ('git/get-tree',),
    FaultKind.WRONG_TARBALL: ('codeload',),
    FaultKind.WRONG_COMMIT: ('codeload',),
    FaultKind.MISSING_FILE: ('codeload',),
}

# Faults that change what the request itself does, instead of replacing its answer.
BEHAVIOURS = frozenset(
    {
        FaultKind.STALE_READ,
        FaultKind.TRUNCATED_TREE,
        FaultKind.WRONG_TARBALL,
        FaultKind.WRONG_COMMIT,
        FaultKind.MISSING_FILE,
    }
)


@dataclass(frozen=True, kw_only=True)
class _Options:
    """When and how a fault strikes."""

    # The n-th request from now on, 0 being the next.
    at: int | None = None
    # The operation that is struck, 'git/update-ref' or 'graphql/updateRefs' say.
    operation: str | None = None
    times: int = 1
    # The request is carried out, and only its answer is lost or replaced. A body cut off has always had its effect.
    after_effect: bool = False
    retry_after: int | None = None
    # How long a slow answer takes.
    seconds: float = 0.0
    # The status of a server error, and of a redirect.
    status: int | None = None


@dataclass(frozen=True)
class Fault(_Options):
    """Something that goes wrong with the next requests that match."""

    kind: FaultKind


@dataclass
class _Planned:
    fault: Fault
    first: int | None
    left: int


class Faults:
    """The faults to come."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def add(self, fault: Fault, position: int) -> None:
        """Plan a fault; the next request is number `position`."""
        self._planned.append(_Planned(fault, None if fault.at is None else position + fault.at, fault.times))

    def clear(self) -> None:
        self._planned.clear()

    def take(self, operation: str, position: int) -> list[Fault]:
        """Return, and use up, the faults that strike a request."""
        struck = [planned for planned in self._planned if _strikes(planned, operation, position)]
        for planned in struck:
            planned.left -= 1
        self._planned = [planned for planned in self._planned if planned.left > 0]
        return [planned.fault for planned in struck]


def _strikes(planned: _Planned, operation: str, position: int) -> bool:
    if planned.first is not None and position < planned.first:
        return False
    fault = planned.fault
    if fault.operation is not None:
        return fault.operation == operation
    return planned.first is not None or operation in _STRUCK.get(fault.kind, (operation,))


def answer_of(fault: Fault, *, is_graphql: bool, elsewhere: str, reset: int) -> Answer:
    """Return what is answered instead."""
    made = _graphql_answer(fault) if is_graphql and fault.kind in _GRAPHQL else _ANSWERS[fault.kind](fault, elsewhere)
    if 'x-ratelimit-remaining' in made.headers:
        made.headers['x-ratelimit-reset'] = str(reset)
    made.has_counters = fault.kind is not FaultKind.SECONDARY_LIMIT
    if fault.retry_after is not None:
        made.headers['retry-after'] = str(fault.retry_after)
    made.is_fault = True
    return made


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    value = {'message': message, 'documentation_url': DOCUMENTATION, 'status': str(status)}
    return Answer(status, value, headers or {})


def _limited(fault: Fault, status: int) -> Answer:
    headers = {} if fault.retry_after is not None else {'x-ratelimit-remaining': '0'}
    return _error(status, PRIMARY.format(owner='1'), headers)


def _page(status: int, text: bytes) -> Answer:
    return Answer(status, text=text, content_type='text/html; charset=utf-8')


_ANSWERS: dict[FaultKind, Callable[[Fault, str], Answer]] = {
    FaultKind.UNAUTHORIZED: lambda _fault, _: _error(401, 'Bad credentials'),
    FaultKind.FORBIDDEN: lambda _fault, _: _error(
        403, 'Resource not accessible by personal access token', {'x-accepted-github-permissions': 'contents=write'}
    ),
    FaultKind.SSO_REQUIRED: lambda _fault, elsewhere: _error(
        403,
        'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this '
        'organization.',
        {'x-github-sso': f'required; url={elsewhere}sso'},
    ),
    FaultKind.BLOCKED: lambda _fault, _: _error(451, 'Repository access blocked'),
    FaultKind.RATE_LIMIT_403: lambda fault, _: _limited(fault, 403),
    FaultKind.RATE_LIMIT_429: lambda fault, _: _limited(fault, 429),
    FaultKind.SECONDARY_LIMIT: lambda _fault, _: _error(403, SECONDARY),
    FaultKind.NOT_FOUND: lambda _fault, _: _error(404, 'Not Found'),
    FaultKind.EMPTY: lambda _fault, _: _error(409, 'Git Repository is empty.'),
    FaultKind.STALE: lambda _fault, _: _error(409, f'main is at {"1" * 40} but expected {"2" * 40}'),
    FaultKind.NON_FAST_FORWARD: lambda _fault, _: _error(422, 'Update is not a fast forward'),
    FaultKind.PROTECTED: lambda _fault, _: _error(
        422, 'Repository rule violations found\n\nChanges must be made through a pull request.\n\n'
    ),
    FaultKind.TREE_TIMEOUT: lambda _fault, _: _error(422, TREE_TIMEOUT),
    FaultKind.BAD_GATEWAY: lambda _fault, _: _page(502, b'<html><body><h1>502 Bad Gateway</h1></body></html>'),
    FaultKind.SERVER_ERROR: lambda fault, _: _error(fault.status or 500, 'Server Error'),
    FaultKind.RESET: lambda _fault, _: Answer(0, ending=Ending.RESET),
    FaultKind.PROXY_PAGE: lambda _fault, _: _page(200, PROXY_PAGE),
    FaultKind.REDIRECT: lambda fault, elsewhere: Answer(
        fault.status or 302, {'message': 'Moved', 'url': elsewhere}, {'Location': elsewhere}
    ),
}

# GraphQL refuses with status 200, and says why in `errors`.
_GRAPHQL = {
    FaultKind.FORBIDDEN: ('FORBIDDEN', 'Resource not accessible by personal access token'),
    FaultKind.NOT_FOUND: ('NOT_FOUND', 'Could not resolve to a node with the global id of that value.'),
    FaultKind.STALE: (
        'STALE_DATA',
        f'Expected branch to point to "{"2" * 40}" but it did not.  Pull and try again.',
    ),
    FaultKind.NON_FAST_FORWARD: ('UNPROCESSABLE', 'Update is not a fast forward'),
    FaultKind.PROTECTED: (
        'UNPROCESSABLE',
        'Repository rule violations found\n\nChanges must be made through a pull request.\n\n',
    ),
}


def _graphql_answer(fault: Fault) -> Answer:
    kind, message = _GRAPHQL[fault.kind]
    return Answer(200, {'data': None, 'errors': [{'type': kind, 'message': message}]})
