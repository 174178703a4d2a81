"""The webhooks of a repository: install the one that calls us, and find the calls that did not arrive."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .answers import PAGE_ENTRIES, entries, fields, pages, reading, write_repeatable
from .refusals import AnswerLost
from .transport import Answer, GitHubServer

__all__ = ('EVENTS', 'Delivery', 'Hook', 'Hooks')

EVENTS = ('push', 'pull_request')

JSON = 'json'

# GitHub keeps deliveries for three days; a repository that has more than this in the time asked for is scanned in part.
DELIVERY_PAGES = 10

_CURSOR = re.compile(r'<[^>]*[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"')


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook as GitHub shows it, which is without its secret; `last_status` is 0 before the first call."""

    id: int
    url: str
    events: tuple[str, ...]
    active: bool
    content_type: str
    checks_certificate: bool
    last_status: int
    last_message: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to call a webhook; `guid` names the event and is the same for all attempts.

    `status` is what the called server answered, and not a number of HTTP's where it could not be reached.
    """

    id: int
    guid: str
    event: str
    delivered_at: datetime
    status: int

    @property
    def arrived(self) -> bool:
        """Tell whether the call was accepted. GitHub counts a redirect as success, though nobody followed it."""
        return 200 <= self.status < 300


class Hooks:
    """The webhooks of the repository that a server is asked about.

    Without the permission for webhooks every method raises `Forbidden`, or `NotFound`: GitHub may hide them altogether.
    """

    def __init__(self, server: GitHubServer) -> None:
        self._server = server
        self._path = server.at('hooks')

    def installed(self) -> list[Hook]:
        """List all webhooks of the repository."""
        listed = list(pages(self._server, self._path))
        with reading(self._path):
            return [_hook(entry) for entry in listed]

    def find(self, url: str) -> Hook | None:
        """Return the webhook that calls a URL."""
        return next((hook for hook in self.installed() if hook.url == url), None)

    def install(self, url: str, secret: str) -> Hook:
        """Make one webhook call a URL for our events with a secret; one that calls it already is brought up to date."""
        found = self.find(url)
        if found is not None:
            return self.update(found.id, url, secret)
        body = {'name': 'web', **_wanted(url, secret)}
        try:
            answer = self._server.write('POST', self._path, body)
        except AnswerLost as error:
            found = self.find(url)
            if found is None:
                raise error.reason from error
            return found
        return self._read(answer)

    def update(self, hook: int, url: str, secret: str) -> Hook:
        """Give a webhook the URL, the secret, our events, and switch it on."""
        path = f'{self._path}/{hook}'
        return self._read(write_repeatable(self._server, 'PATCH', path, _wanted(url, secret)))

    def ping(self, hook: int) -> None:
        """Have GitHub call a webhook now, to see that the call arrives."""
        write_repeatable(self._server, 'POST', f'{self._path}/{hook}/pings', {})

    def failed_deliveries(self, hook: int, *, since: datetime) -> list[Delivery]:
        """Return the last attempt for each event since a time that no attempt brought through, oldest first.

        The search covers a bounded number of attempts, newest first.
        """
        last: dict[str, Delivery] = {}
        arrived: set[str] = set()
        for delivery in self._deliveries(hook):
            if delivery.delivered_at < since:
                break
            last.setdefault(delivery.guid, delivery)
            if delivery.arrived:
                arrived.add(delivery.guid)
        return [last[guid] for guid in reversed(last) if guid not in arrived]

    def redeliver(self, hook: int, delivery: int) -> None:
        """Have GitHub repeat a call; it carries the same GUID."""
        write_repeatable(self._server, 'POST', f'{self._path}/{hook}/deliveries/{delivery}/attempts', {})

    def _deliveries(self, hook: int) -> Iterator[Delivery]:
        # Not asked for by status: GitHub's `failure` leaves out the calls that reached nobody, and what a repeat has
        # brought through since.
        path = f'{self._path}/{hook}/deliveries'
        params: dict[str, str | int] = {'per_page': PAGE_ENTRIES}
        for _page in range(DELIVERY_PAGES):
            answer = self._server.get(path, params=params)
            listed = entries(answer, path)
            with reading(path):
                found = [_delivery(entry) for entry in listed]
            yield from found
            # Only the cursor is taken out of the answer, never the address that it stands in.
            following = _CURSOR.search(answer.headers.get('link', ''))
            if following is None:
                return
            params['cursor'] = following[1]

    def _read(self, answer: Answer) -> Hook:
        found = fields(answer, self._path)
        with reading(self._path):
            return _hook(found)


def _wanted(url: str, secret: str) -> dict[str, Any]:
    config = {'url': url, 'content_type': JSON, 'secret': secret, 'insecure_ssl': '0'}
    return {'active': True, 'events': list(EVENTS), 'config': config}


def _hook(entry: Mapping[str, Any]) -> Hook:
    config, response = entry['config'], entry.get('last_response') or {}
    return Hook(
        id=int(entry['id']),
        url=str(config.get('url', '')),
        events=tuple(entry['events']),
        active=bool(entry['active']),
        content_type=str(config.get('content_type', '')),
        # A string by the description, a number on some servers.
        checks_certificate=str(config.get('insecure_ssl', '0')) == '0',
        last_status=int(response.get('code') or 0),
        last_message=str(response.get('message') or ''),
    )


def _delivery(entry: Mapping[str, Any]) -> Delivery:
    return Delivery(
        id=int(entry['id']),
        guid=str(entry['guid']),
        event=str(entry['event']),
        delivered_at=datetime.fromisoformat(entry['delivered_at']),
        status=int(entry.get('status_code') or 0),
    )
