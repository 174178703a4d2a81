"""Ask GitHub and read its answers: page by page, once more if one got lost, and checked before they are believed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..errors import Unavailable
from .refusals import AnswerLost
from .transport import Answer, GitHubServer

__all__ = ('PAGE_ENTRIES', 'entries', 'fields', 'pages', 'reading', 'write_repeatable')

PAGE_ENTRIES = 100

# More pages than this are not what anybody configured, and each costs a request.
PAGES = 20


def pages(server: GitHubServer, path: str, params: Mapping[str, str | int] | None = None) -> Iterator[dict[str, Any]]:
    """Hand out the entries of a list; all of them, or an error is raised.

    The next page is asked for only when its entries are wanted.
    """
    for page in range(1, PAGES + 1):
        found = entries(server.get(path, params={**(params or {}), 'per_page': PAGE_ENTRIES, 'page': page}), path)
        yield from found
        if len(found) < PAGE_ENTRIES:
            return
    raise Unavailable(f'{path} lists more than {PAGES * PAGE_ENTRIES} entries.')


def write_repeatable(
    server: GitHubServer, method: str, path: str, body: Mapping[str, Any], *, allow: frozenset[int] = frozenset()
) -> Answer:
    """Write what does no harm when it is written twice, and so once more when the answer got lost."""
    try:
        return server.write(method, path, body, allow=allow)
    except AnswerLost:
        try:
            return server.write(method, path, body, allow=allow)
        except AnswerLost as error:
            raise error.reason from error


def entries(answer: Answer, path: str) -> list[dict[str, Any]]:
    """Return an answer that is a list of objects."""
    found = answer.json()
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise _senseless(path)
    return found


def fields(answer: Answer, path: str) -> dict[str, Any]:
    """Return an answer that is one object."""
    found = answer.json()
    if not isinstance(found, dict):
        raise _senseless(path)
    return found


@contextmanager
def reading(path: str) -> Iterator[None]:
    """Raise `Unavailable` where an answer lacks what is read out of it: something else than GitHub gave it."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise _senseless(path) from error


def _senseless(path: str) -> Unavailable:
    return Unavailable(
        f'The answer to {path} is not one of GitHub.',
        'Check that the address names a GitHub server, and that no proxy answers in its place.',
    )
