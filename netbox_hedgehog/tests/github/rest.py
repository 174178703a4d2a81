"""The REST side: from a request to the function that answers it, and the refusals that come before."""

import json
from typing import TYPE_CHECKING, Any

from . import accounts, contents, git_data, hooks, pulls, repository_data
from .callers import Caller, CallerKind
from .exchange import Answer, Refusal, Request
from .faults import FaultKind
from .routing import Call, Route, find_route

if TYPE_CHECKING:
    from .forge import Forge
    from .repository import HostedRepository

__all__ = ('Rest',)

ENDPOINTS = (accounts, contents, git_data, hooks, pulls, repository_data)
API_VERSIONS = {'', '2022-11-28'}
NO_AGENT = (
    'Request forbidden by administrative rules. Please make sure your request has a User-Agent header '
    '(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check '
    'https://developer.github.com for other possible causes.'
)
DOCUMENTATION = 'https://docs.github.com/rest'


class Rest:
    """Answers REST requests."""

    media_type = 'github.v3; format=json'

    def __init__(self, forge: 'Forge') -> None:
        self._forge = forge

    def cost(self, request: Request) -> tuple[str, int, bool, bool]:
        """Return the operation, its points, whether it writes, and whether it is free."""
        found = find_route(request.method, request.path)
        if found is None:
            is_write = request.method != 'GET'
            return 'unknown', 5 if is_write else 1, is_write, False
        route, _ = found
        return route.name, route.points, route.is_write, route.is_free

    def refuse(self, refusal: Refusal, request: Request) -> Answer:
        found = find_route(request.method, request.path)
        return refusal.answer(self._forge.conformance.documentation(found[0].name) if found else DOCUMENTATION)

    def answer(self, request: Request, caller: Caller, faults: frozenset[FaultKind]) -> Answer:
        try:
            return self._answer(request, caller, faults)
        except Refusal as refusal:
            return self.refuse(refusal, request)

    def _answer(self, request: Request, caller: Caller, faults: frozenset[FaultKind]) -> Answer:
        if not request.headers.get('User-Agent'):
            return Answer(403, text=NO_AGENT.encode(), content_type='text/html; charset=utf-8', is_fault=True)
        if request.headers.get('X-GitHub-Api-Version', '') not in API_VERSIONS:
            raise Refusal(400, 'The specified API version is not supported.')
        found = find_route(request.method, request.path)
        if found is None:
            raise Refusal(404, 'Not Found')
        route, parameters = found
        call = Call(self._forge, request, route, caller, parameters, faults=faults)
        if route.for_app and caller.kind is not CallerKind.APP:
            raise Refusal(401, 'A JSON web token could not be decoded')
        if route.needs_login and caller.kind is CallerKind.NOBODY:
            raise Refusal(401, 'Requires authentication')
        if 'repo' in parameters:
            moved = self._redirection(request, parameters, caller, route)
            if moved:
                return moved
            call.known_repository = self._visible(f'{parameters["owner"]}/{parameters["repo"]}', caller, route)
            self._authorize(call.known_repository, caller, route)
        if request.body:
            call.body = _parsed(request.body)
        self._forge.conformance.check_request(route.name, request, call.body if request.body else None)
        return route.endpoint(call)

    def _redirection(self, request: Request, parameters: dict[str, str], caller: Caller, route: Route) -> Answer | None:
        """Point from a repository's old name to the address that never changes."""
        old = f'{parameters["owner"]}/{parameters["repo"]}'
        repository = self._forge.renamed(old)
        if repository is None or self._forge.repository(old) or not caller.sees(repository.full_name):
            return None
        location = f'{self._forge.api_url}/repositories/{repository.number}{request.path.removeprefix(f"/repos/{old}")}'
        value = {
            'message': 'Moved Permanently',
            'url': location,
            'documentation_url': 'https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects',
        }
        return Answer(307 if route.is_write else 301, value, {'Location': location})

    def _visible(self, full_name: str, caller: Caller, route: Route) -> 'HostedRepository':
        repository = self._forge.repository(full_name)
        if repository is None:
            raise Refusal(404, 'Not Found')
        is_seen = caller.sees(repository.full_name) or (not repository.private and not route.is_write)
        if not is_seen and not (route.for_app and repository.full_name in (caller.repositories or ())):
            raise Refusal(404, 'Not Found')
        return repository

    def _authorize(self, repository: 'HostedRepository', caller: Caller, route: Route) -> None:
        if route.permission is None:
            return
        permission, level = route.permission
        is_public = not repository.private and level == 'read'
        if not is_public and not caller.may(permission, level):
            raise Refusal(
                403, caller.missing_permission, headers={'x-accepted-github-permissions': f'{permission}={level}'}
            )
        if repository.archived and level != 'read':
            raise Refusal(403, 'Repository was archived so is read-only.')


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise Refusal(400, 'Problems parsing JSON') from error
    if not isinstance(value, dict):
        raise Refusal(400, 'Body should be a JSON object')
    return value
