"""Telling others: payloads, signatures and deliveries, as real requests from a thread of their own."""

import hashlib
import hmac
import http.client
import json
import queue
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from .objects import NOTHING
from .representations import repository_json, signatures_of, user_json

if TYPE_CHECKING:
    from .forge import Forge
    from .pull_requests import PullRequest
    from .repository import HostedRepository

__all__ = ('Delivery', 'Hook', 'Webhooks', 'signature')

PAYLOAD_COMMITS = 2_048
TIMEOUT_SECONDS = 30

type Mode = Literal['deliver', 'lose', 'double', 'reorder']


def signature(secret: str, body: bytes) -> str:
    """Return what the header X-Hub-Signature-256 says."""
    return f'sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}'


@dataclass
class Delivery:
    """An attempt to tell a hook of an event; another attempt has another id and the same GUID."""

    id: int
    guid: str
    event: str
    action: str | None
    payload: dict[str, Any] = field(repr=False)
    delivered_at: datetime
    redelivery: bool = False
    # 0 while it is under way; 502 when nobody answered.
    status_code: int = 0
    status: str = 'pending'
    duration: float = 0.0
    request_headers: dict[str, str] = field(default_factory=dict, repr=False)
    response_headers: dict[str, str] = field(default_factory=dict, repr=False)
    response: str = field(default='', repr=False)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 300


@dataclass
class Hook:
    """A webhook of a repository, or of an App."""

    id: int
    url: str
    secret: str = field(default='', repr=False)
    events: list[str] = field(default_factory=lambda: ['push'])
    content_type: str = 'json'
    insecure_ssl: str = '0'
    active: bool = True
    created: datetime | None = None
    deliveries: list[Delivery] = field(default_factory=list, repr=False)


class Webhooks:
    """Delivers events, in their order unless told otherwise."""

    def __init__(self, forge: 'Forge') -> None:
        self.mode: Mode = 'deliver'
        self._forge = forge
        self._queue: queue.Queue[tuple[Hook, Delivery] | None] = queue.Queue()
        self._held: list[tuple[Hook, Delivery]] = []
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name='webhooks', daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._thread:
            self._queue.put(None)
            self._thread.join(timeout=TIMEOUT_SECONDS)
            self._thread = None

    def settle(self, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Wait until everything that was announced is delivered, what was held back too."""
        with self._forge.lock:
            self._release()
        end = time.monotonic() + timeout_seconds
        while self._queue.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.002)

    # Events

    def announce_push(self, repository: 'HostedRepository', name: str, before: str, after: str, actor: str) -> None:
        if self._listeners(repository, 'push'):
            self._announce(repository, 'push', push_payload(repository, name, before, after, actor))

    def announce_pull(
        self, pull: 'PullRequest', action: str, actor: str, more: Mapping[str, Any] | None = None
    ) -> None:
        repository = pull.repository
        if self._listeners(repository, 'pull_request'):
            payload = {
                'action': action,
                'number': pull.number,
                'pull_request': pull.json(),
                'repository': _repository(repository),
                'sender': user_json(self._forge.url, actor),
                **(more or {}),
            }
            self._announce(repository, 'pull_request', payload)

    def ping(self, repository: 'HostedRepository', hook: Hook) -> None:
        payload = {
            'zen': 'Keep it logically awesome.',
            'hook_id': hook.id,
            'hook': hook_json(repository, hook, is_delivered=True),
            'repository': _repository(repository),
            'sender': user_json(self._forge.url, 'Somebody'),
        }
        self._forge.conformance.check_event('ping', payload)
        self._deliver(hook, 'ping', payload, str(uuid.uuid4()))

    def redeliver(self, hook: Hook, delivery: Delivery) -> None:
        self._send(hook, self._record(hook, delivery.event, delivery.payload, delivery.guid, is_repeat=True))

    def _announce(self, repository: 'HostedRepository', event: str, payload: dict[str, Any]) -> None:
        """Tell everybody who listens; the GUID names the event, so they all hear the same one."""
        self._forge.conformance.check_event(event, payload)
        guid = str(uuid.uuid4())
        for hook in self._listeners(repository, event):
            self._deliver(hook, event, payload, guid)

    def _listeners(self, repository: 'HostedRepository', event: str) -> list[Hook]:
        hooks = [*repository.hooks, *self._forge.app_hooks(repository)]
        return [hook for hook in hooks if hook.active and (event in hook.events or '*' in hook.events)]

    # Deliveries

    def _deliver(self, hook: Hook, event: str, payload: dict[str, Any], guid: str) -> None:
        delivery = self._record(hook, event, payload, guid)
        if self.mode == 'lose':
            delivery.status, delivery.status_code = 'failed to connect to host', 502
        elif self.mode == 'reorder' and event != 'ping':
            self._held.append((hook, delivery))
            if len(self._held) > 1:
                self._release()
        else:
            self._send(hook, delivery)
            if self.mode == 'double':
                self._send(hook, self._record(hook, event, payload, guid))

    def _release(self) -> None:
        for held in reversed(self._held):
            self._send(*held)
        self._held.clear()

    def _record(
        self, hook: Hook, event: str, payload: dict[str, Any], guid: str, *, is_repeat: bool = False
    ) -> Delivery:
        delivery = Delivery(
            self._forge.next_number(),
            guid,
            event,
            payload.get('action'),
            payload,
            self._forge.now(),
            redelivery=is_repeat,
        )
        hook.deliveries.append(delivery)
        self._forge.deliveries.append(delivery)
        return delivery

    def _send(self, hook: Hook, delivery: Delivery) -> None:
        self._queue.put((hook, delivery))

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            try:
                _post(*item)
            finally:
                self._queue.task_done()
        self._queue.task_done()


def _post(hook: Hook, delivery: Delivery) -> None:
    body = json.dumps(delivery.payload, separators=(',', ':')).encode()
    headers = {
        'Content-Type': 'application/json',
        'User-Agent': 'GitHub-Hookshot/double',
        'X-GitHub-Event': delivery.event,
        'X-GitHub-Delivery': delivery.guid,
        'X-GitHub-Hook-ID': str(hook.id),
        'X-GitHub-Hook-Installation-Target-ID': str(delivery.payload.get('repository', {}).get('id', 0)),
        'X-GitHub-Hook-Installation-Target-Type': 'repository',
    }
    if hook.secret:
        headers['X-Hub-Signature-256'] = signature(hook.secret, body)
    delivery.request_headers = headers
    started = time.monotonic()
    address = urlsplit(hook.url)
    kind = http.client.HTTPSConnection if address.scheme == 'https' else http.client.HTTPConnection
    connection = kind(address.hostname or '', address.port, timeout=TIMEOUT_SECONDS)
    path = f'{address.path or "/"}?{address.query}' if address.query else address.path or '/'
    try:
        connection.request('POST', path, body, headers)
        response = connection.getresponse()
        delivery.response = response.read(64 * 1024).decode('utf-8', 'replace')
        delivery.response_headers = dict(response.getheaders())
        delivery.status, delivery.status_code = 'OK' if response.status < 300 else response.reason, response.status
    except (OSError, http.client.HTTPException):
        delivery.status, delivery.status_code = 'failed to connect to host', 502
    finally:
        connection.close()
        delivery.duration = round(time.monotonic() - started, 3)


# Payloads


def _repository(repository: 'HostedRepository') -> dict[str, Any]:
    return repository_json(repository)


def push_payload(repository: 'HostedRepository', name: str, before: str, after: str, actor: str) -> dict[str, Any]:
    """Describe how a reference was moved."""
    store, forge = repository.store, repository.forge
    is_new, is_gone = before == NOTHING, after == NOTHING
    is_forced = not is_new and not is_gone and not store.is_ancestor(before, after)
    known = set() if is_new else store.ancestors(before)
    listed = [] if is_gone else [sha for sha in reversed(store.history(after)) if sha not in known]
    if is_new:
        listed = listed[-1:]
    commits = [_pushed_commit(repository, sha) for sha in listed[-PAYLOAD_COMMITS:]]
    now = forge.now()
    told = _repository(repository)
    # In this event alone, times of a repository are numbers.
    told |= {
        'created_at': int(repository.created.timestamp()),
        'pushed_at': int(now.timestamp()),
        'master_branch': repository.default_branch,
        'stargazers': 0,
    }
    told['owner'] |= {'name': repository.owner, 'email': None}
    return {
        'ref': name,
        'before': before,
        'after': after,
        'repository': told,
        'pusher': {'name': actor, 'email': f'{actor.lower()}@users.noreply.github.com'},
        'sender': user_json(forge.url, actor),
        'created': is_new,
        'deleted': is_gone,
        'forced': is_forced,
        'base_ref': None,
        'compare': f'{repository.url}/compare/{before[:12]}...{after[:12]}',
        'commits': commits,
        'head_commit': None if is_gone else _pushed_commit(repository, after),
    }


def _pushed_commit(repository: 'HostedRepository', sha: str) -> dict[str, Any]:
    store = repository.store
    commit = store.commit(sha)
    assert commit is not None
    author, committer = signatures_of(repository, sha)
    parents = store.parents(sha)
    changes = store.changed_files(store.tree_of(parents[0]) if parents else None, store.tree_of(sha))
    return {
        'id': sha,
        'tree_id': commit.tree.decode(),
        'distinct': True,
        'message': commit.message.decode('utf-8', 'replace'),
        'timestamp': committer.when.isoformat(timespec='seconds'),
        'url': f'{repository.url}/commit/{sha}',
        'author': {'name': author.name, 'email': author.email},
        'committer': {'name': committer.name, 'email': committer.email},
        'added': [path for path, old, new in changes if old is None],
        'removed': [path for path, old, new in changes if new is None],
        'modified': [path for path, old, new in changes if old and new],
    }


def hook_json(repository: 'HostedRepository', hook: Hook, *, is_delivered: bool = False) -> dict[str, Any]:
    url = f'{repository.api_url}/hooks/{hook.id}'
    last = next((delivery for delivery in reversed(hook.deliveries) if delivery.status_code), None)
    created = hook.created.strftime('%Y-%m-%dT%H:%M:%SZ') if hook.created else '2026-01-01T00:00:00Z'
    return {
        'type': 'Repository',
        'id': hook.id,
        'name': 'web',
        'active': hook.active,
        'events': list(hook.events),
        'config': config_json(hook),
        'updated_at': created,
        'created_at': created,
        'url': url,
        'test_url': f'{url}/test',
        'ping_url': f'{url}/pings',
        'deliveries_url': f'{url}/deliveries',
        'last_response': {'code': None, 'status': 'unused', 'message': None}
        if last is None or is_delivered
        else {'code': last.status_code, 'status': 'active' if last.is_success else 'failed', 'message': last.status},
    }


def config_json(hook: Hook) -> Mapping[str, str]:
    """Describe where a hook delivers to; its secret is never shown."""
    config = {'content_type': hook.content_type, 'insecure_ssl': hook.insecure_ssl, 'url': hook.url}
    return config | ({'secret': '********'} if hook.secret else {})
