"""Speak HTTP with a NetBox on this machine."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import Refused

__all__ = ('Answer', 'Api', 'fetch')

# A proxy that the person's environment names has no way to this machine's loopback interface.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Answer:
    """The status and the body of an answer, whatever the status is."""

    status: int
    body: bytes


def fetch(
    url: str,
    *,
    method: str = 'GET',
    headers: Mapping[str, str] | None = None,
    data: bytes | None = None,
    timeout_seconds: float = 30,
) -> Answer:
    """Send a request; raises `OSError` when nobody answers."""
    request = urllib.request.Request(url, data=data, headers=dict(headers or {}), method=method)  # noqa: S310  our own
    try:
        with _direct.open(request, timeout=timeout_seconds) as answer:
            return Answer(answer.status, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read())


@dataclass(frozen=True, slots=True)
class Api:
    """NetBox's REST API, as the owner of a token."""

    url: str
    token: str

    def get(self, path: str, **filters: str | int) -> dict[str, Any]:
        """Read an object, or a page of a list."""
        query = f'?{urllib.parse.urlencode(filters)}' if filters else ''
        return self._request('GET', f'{path}{query}')

    def post(self, path: str, content: Mapping[str, object]) -> dict[str, Any]:
        """Create an object, or start an action."""
        return self._request('POST', path, content)

    def patch(self, path: str, content: Mapping[str, object]) -> dict[str, Any]:
        """Change an object."""
        return self._request('PATCH', path, content)

    def delete(self, path: str) -> None:
        """Delete an object."""
        self._request('DELETE', path)

    def first(self, path: str, **filters: str | int) -> dict[str, Any] | None:
        """Find the first object of a list that fits."""
        found = self.get(path, **filters)['results']
        return dict(found[0]) if found else None

    def provide(self, path: str, content: Mapping[str, object]) -> dict[str, Any]:
        """Find an object by its name, or create it."""
        return self.first(path, name=str(content['name'])) or self.post(path, content)

    def _request(self, method: str, path: str, content: Mapping[str, object] | None = None) -> dict[str, Any]:
        headers = {'Authorization': f'Bearer {self.token}', 'Accept': 'application/json'}
        data = None
        if content is not None:
            headers['Content-Type'] = 'application/json'
            data = json.dumps(content).encode()
        answer = fetch(f'{self.url}/api/{path}', method=method, headers=headers, data=data)
        if answer.status >= 400:
            raise Refused(method, f'/api/{path}', answer.status, answer.body.decode(errors='replace')[:500])
        return dict(json.loads(answer.body or b'{}'))
