"""Which function answers which request, and what it takes to be allowed to ask."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .callers import Caller
from .exchange import Answer, Refusal, Request
from .faults import FaultKind

if TYPE_CHECKING:
    from .forge import Forge
    from .repository import HostedRepository

__all__ = ('Call', 'Route', 'find_route', 'operation', 'routes')

# Parameters that take slashes; the description of the API marks only some of them.
LONG_PARAMETERS = {'ref', 'path', 'basehead', 'branch', 'tree_sha'}

type Endpoint = Callable[['Call'], Answer]


@dataclass(frozen=True)
class Route:
    """An operation of the API, and the function that carries it out."""

    name: str
    method: str
    template: str
    pattern: re.Pattern[str]
    endpoint: Endpoint
    # The permission of a repository that is needed, ('contents', 'write') say; None outside of repositories.
    permission: tuple[str, str] | None
    # Carried out for an App itself, which proves who it is with a signed assertion.
    for_app: bool
    # Needs anybody at all who is known.
    needs_login: bool
    is_free: bool

    @property
    def is_write(self) -> bool:
        return self.method not in {'GET', 'HEAD', 'OPTIONS'}

    @property
    def points(self) -> int:
        return 5 if self.is_write else 1


@dataclass
class Call:
    """A request on its way through the function that answers it."""

    forge: 'Forge'
    request: Request
    route: Route
    caller: Caller
    parameters: Mapping[str, str]
    known_repository: 'HostedRepository | None' = None
    body: dict[str, Any] = field(default_factory=dict)
    faults: frozenset[FaultKind] = frozenset()

    @property
    def repository(self) -> 'HostedRepository':
        assert self.known_repository is not None
        return self.known_repository

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query

    def paged[Item](self, items: list[Item]) -> tuple[list[Item], dict[str, str]]:
        """Return one page of a list, and the header that names its neighbours."""
        page, size = self.request.page()
        last = max(1, -(-len(items) // size))
        others = {'prev': page - 1, 'first': 1} if page > 1 else {}
        if page < last:
            others |= {'next': page + 1, 'last': last}
        kept = [f'{name}={quote(value)}' for name, value in self.query.items() if name != 'page']
        links = [
            f'<{self.forge.api_url}{self.request.path}?{"&".join([*kept, f"page={number}"])}>; rel="{name}"'
            for name, number in others.items()
        ]
        return items[(page - 1) * size : page * size], {'Link': ', '.join(links)} if links else {}

    def required(self, name: str) -> Any:
        """Return a member of the body that GitHub insists on."""
        value = self.body.get(name)
        if value is None:
            raise Refusal(
                422,
                f'Invalid request.\n\n"{name}" wasn\'t supplied.',
            )
        return value


_routes: list[Route] = []


def operation(
    name: str,
    line: str,
    *,
    permission: tuple[str, str] | None = None,
    for_app: bool = False,
    needs_login: bool = False,
    is_free: bool = False,
) -> Callable[[Endpoint], Endpoint]:
    """Register a function for an operation, given as method and template."""
    method, _, template = line.partition(' ')

    def register(endpoint: Endpoint) -> Endpoint:
        _routes.append(
            Route(name, method, template, _pattern(template), endpoint, permission, for_app, needs_login, is_free)
        )
        # A literal part is a better match than a parameter, and a longer template a better one than a shorter.
        _routes.sort(key=lambda route: _precedence(route.template), reverse=True)
        return endpoint

    return register


def routes() -> list[Route]:
    return list(_routes)


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the best match and its parameters."""
    for route in _routes:
        if route.method == method and (match := route.pattern.fullmatch(path)):
            return route, match.groupdict()
    return None


def _pattern(template: str) -> re.Pattern[str]:
    def group(match: re.Match[str]) -> str:
        return f'(?P<{match[1]}>{".*" if match[1] in LONG_PARAMETERS else "[^/]+"})'

    return re.compile(re.sub(r'\{(\w+)\}', group, template))


def _precedence(template: str) -> list[bool]:
    return [not part.startswith('{') for part in template.split('/')]
