"""The double as a test sees it: a GitHub with repositories, tokens, Apps, limits and bad days."""

import re
import secrets
import shlex
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from .authentication import identify
from .callers import TOKEN_LIFE, App, Caller, CallerKind, new_key
from .conformance import Conformance
from .elsewhere import answer_elsewhere
from .exchange import Answer, Ending, Recorded, Refusal, Request
from .faults import BEHAVIOURS, Fault, FaultKind, Faults, answer_of
from .graphql import GraphQL
from .limits import Limits
from .objects import ObjectStore
from .repository import Content, HostedRepository
from .rest import Rest
from .server import Server
from .stale import StaleReads
from .webhooks import Delivery, Hook, Mode, Webhooks

__all__ = ('Forge',)

API, GRAPHQL = '/api/v3', '/api/graphql'
VERSION = '3.17.0'
ALL_PERMISSIONS = {
    'metadata': 'read',
    'contents': 'write',
    'pull_requests': 'write',
    'repository_hooks': 'write',
    'administration': 'write',
}
NOTICE = Path(__file__).with_name('push_notice.py')
# When a limit that only a fault pretends is said to end.
LIMIT_SECONDS = 600
TICKET_LIFE = timedelta(minutes=5)


class Forge:
    """A GitHub Enterprise Server on the loopback interface, whose repositories are directories below a root."""

    def __init__(self, root: Path, *, clock: Callable[[], datetime] | None = None) -> None:
        self.root = Path(root)
        self.lock = threading.RLock()
        self.now = clock or _real_time
        self.url = ''
        self.repositories: dict[str, HostedRepository] = {}
        self.callers: dict[str, Caller] = {}
        self.apps: list[App] = []
        self.requests: list[Recorded] = []
        self.deliveries: list[Delivery] = []
        self.violations: list[str] = []
        # Who a review can be asked of.
        self.collaborators: set[str] = set()
        self.limits = Limits()
        self.faults = Faults()
        self.stale = StaleReads(self)
        self.webhooks = Webhooks(self)
        self.conformance = Conformance(self.violations)
        # Above so many files, or bytes of content, making a tree takes GitHub too long.
        self.most_tree_entries = 250
        self.most_tree_bytes = 2_500_000
        # Above so many entries a recursive listing is truncated.
        self.truncated_above: int | None = 100_000
        # Called when something changed that outlives a restart.
        self.changed: Callable[[], None] = _nothing
        self._renamed: dict[str, HostedRepository] = {}
        self._tickets: dict[str, tuple[str, str, datetime]] = {}
        self._answered: int = 0
        self._number = 1_000
        self._server: Server | None = None
        self._graphql = GraphQL(self)
        self._rest = Rest(self)

    # Life

    def start(self, port: int = 0) -> None:
        """Serve at a port of the loopback interface, any free one by default."""
        self.root.mkdir(parents=True, exist_ok=True)
        self._server = Server(self.answer, self.violations.append, port)
        self.url = f'http://127.0.0.1:{self._server.port}'
        self._address_file.write_text(self.url)
        self.webhooks.start()

    def stop(self) -> None:
        if self._server:
            self._server.stop()
            self._server = None
            self.webhooks.stop()
            for repository in self.repositories.values():
                repository.store.close()

    def __enter__(self) -> Self:
        if not self._server:
            self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def api_url(self) -> str:
        return f'{self.url}{API}'

    @property
    def elsewhere_url(self) -> str:
        """The same server under the name of another host."""
        return self.url.replace('127.0.0.1', 'localhost')

    # What there is

    def create_repository(
        self,
        owner: str,
        name: str,
        branch: str = 'main',
        files: Mapping[str, Content] | None = None,
        *,
        private: bool = True,
        number: int | None = None,
    ) -> HostedRepository:
        """Host a new repository; without files it is empty. A directory that is already there is taken as it is."""
        with self.lock:
            path = self.root / owner / f'{name}.git'
            is_there = (path / 'HEAD').exists()
            store = ObjectStore(path) if is_there else ObjectStore.create(path, branch)
            repository = HostedRepository(
                self, number or self.next_number(), owner, name, branch, store, self.now(), private=private
            )
            self.repositories[repository.full_name.lower()] = repository
            self._write_hook(repository)
            if files and not is_there:
                repository.push(files, 'First commit')
            return repository

    def repository(self, full_name: str) -> HostedRepository | None:
        return self.repositories.get(full_name.lower())

    def renamed(self, full_name: str) -> HostedRepository | None:
        """Return the repository that once had a name."""
        return self._renamed.get(full_name.lower())

    def rename(self, repository: HostedRepository, name: str) -> None:
        del self.repositories[repository.full_name.lower()]
        self._renamed[repository.full_name.lower()] = repository
        repository.name = name
        self.repositories[repository.full_name.lower()] = repository

    def add_token(
        self,
        value: str,
        permissions: Mapping[str, str] | None = None,
        repositories: list[str] | None = None,
        login: str = 'hedgehog-bot',
        *,
        classic: bool = False,
        expires: datetime | None = None,
    ) -> None:
        """Let somebody in; by default they may do everything everywhere."""
        self.callers[value] = Caller(
            CallerKind.CLASSIC if classic else CallerKind.FINE_GRAINED,
            login,
            dict(ALL_PERMISSIONS if permissions is None else permissions),
            None if repositories is None else frozenset(repositories),
            expires,
        )

    def revoke(self, value: str) -> None:
        self.callers[value].is_revoked = True

    def add_app(
        self,
        app_id: int = 1234,
        client_id: str = 'Iv1.0123456789abcdef',
        slug: str = 'hedgehog-sync',
        permissions: Mapping[str, str] | None = None,
        installation_id: int = 99,
        repositories: list[str] | None = None,
        *,
        webhook_url: str = '',
        webhook_secret: str = '',
    ) -> App:
        """Register an App that is installed on some repositories."""
        app = App(
            app_id,
            client_id,
            slug,
            dict(ALL_PERMISSIONS if permissions is None else permissions),
            installation_id,
            list(repositories or []),
            new_key(),
            Hook(self.next_number(), webhook_url, webhook_secret, events=['*']) if webhook_url else None,
        )
        self.apps.append(app)
        return app

    def issue_token(self, app: App, permissions: Mapping[str, str], repositories: list[str]) -> tuple[str, Caller]:
        """Hand out an installation token, of the long form that says nothing by its length."""
        value = f'ghs_{app.app_id}_{secrets.token_urlsafe(300)}'
        expires = (self.now() + TOKEN_LIFE).replace(microsecond=0)
        caller = Caller(
            CallerKind.INSTALLATION, app.login, dict(permissions), frozenset(repositories), expires, app=app
        )
        self.callers[value] = caller
        app.tokens_issued += 1
        return value, caller

    def app_hooks(self, repository: HostedRepository) -> list[Hook]:
        """Return the hooks of the Apps that are installed on a repository."""
        return [app.hook for app in self.apps if app.hook and repository.full_name in app.repositories]

    def count_from(self, number: int) -> None:
        """Give out no number again that was given out before a restart."""
        self._number = max(self._number, number)

    def _write_hook(self, repository: HostedRepository) -> None:
        """Let Git tell of plain pushes into the directory."""
        hook = repository.path / 'hooks' / 'post-receive'
        hook.parent.mkdir(exist_ok=True)
        words = (sys.executable, str(NOTICE), str(self._address_file), repository.full_name)
        hook.write_text(f'#!/bin/sh\nexec {" ".join(map(shlex.quote, words))}\n')
        hook.chmod(0o755)

    @property
    def _address_file(self) -> Path:
        return self.root / 'forge-address'

    def next_number(self) -> int:
        with self.lock:
            self._number += 1
            return self._number

    # What goes wrong

    def fail(self, fault: Fault) -> None:
        """Plan a fault."""
        with self.lock:
            self.faults.add(fault, self._answered)

    def stale_reads(self, reads: int = 0, *, seconds: float = 0) -> None:
        """Let so many reads of references, or all within a time after a move, return the previous commit."""
        self.stale.set(reads, timedelta(seconds=seconds))

    def truncate_trees(self, above: int) -> None:
        """Let a recursive listing of more entries be partial."""
        self.truncated_above = above

    @property
    def webhook_mode(self) -> Mode:
        """What becomes of webhooks: 'deliver', 'lose', 'double' or 'reorder'."""
        return self.webhooks.mode

    @webhook_mode.setter
    def webhook_mode(self, mode: Mode) -> None:
        self.webhooks.mode = mode

    def settle(self, timeout_seconds: float = 30) -> None:
        """Wait until all webhooks are delivered."""
        self.webhooks.settle(timeout_seconds)

    # Requests

    def answer(self, request: Request) -> Answer:
        """Answer a request to any of the double's addresses."""
        path = request.path
        if path == GRAPHQL:
            return self._counted(request, path, is_graphql=True)
        if path == API or path.startswith(f'{API}/'):
            inner = replace(request, path=self._by_name(path.removeprefix(API)) or '/')
            return self._counted(inner, inner.path)
        return answer_elsewhere(self, request)

    def _by_name(self, path: str) -> str:
        """Translate an address with a repository's number, to which old names are redirected."""
        match = re.match(r'/repositories/(\d+)', path)
        for repository in self.repositories.values() if match else ():
            if match and str(repository.number) == match[1]:
                return f'/repos/{repository.full_name}{path[match.end() :]}'
        return path

    def _counted(self, request: Request, path: str, *, is_graphql: bool = False) -> Answer:
        """Answer an API request, with what surrounds the answer: faults, limits, headers, conditions, the record."""
        with self.lock:
            side = self._graphql if is_graphql else self._rest
            operation, points, is_write, is_free = side.cost(request)
            struck = self.faults.take(operation, self._answered)
            self._answered += 1
            self.limits.running += 1
        for fault in struck:
            if fault.kind is FaultKind.SLOW:
                time.sleep(fault.seconds)
        with self.lock:
            self.limits.running -= 1
            caller, refusal = identify(self, request)
            owner, resource = caller.login, 'graphql' if is_graphql else 'core'
            if refusal is None and not is_free:
                refusal = self._limited(owner, resource, points, is_write=is_write)
            before = next((fault for fault in struck if _replaces(fault) and not fault.after_effect), None)
            if before:
                answer = self._answer_of(before, is_graphql=is_graphql)
            elif refusal:
                answer = side.refuse(refusal, request)
            else:
                behaviours = frozenset(fault.kind for fault in struck if fault.kind in BEHAVIOURS)
                answer = side.answer(request, caller, behaviours)
            answer = self._after(answer, struck, is_graphql=is_graphql)
            conditional = 'If-None-Match' in request.headers
            self._finish(request, answer, caller, resource, side.media_type)
            if not answer.is_fault:
                self.conformance.check_answer(operation, answer)
            self.requests.append(
                Recorded(
                    request.method,
                    path,
                    operation,
                    answer.status,
                    conditional,
                    0 if is_free else points,
                    is_write,
                    self.now(),
                    len(request.body),
                    '&'.join(f'{name}={value}' for name, value in request.query.items()),
                )
            )
            return answer

    def _limited(self, owner: str, resource: str, points: int, *, is_write: bool) -> Refusal | None:
        try:
            self.limits.admit(owner, resource, self.now(), points=points, makes_content=is_write)
        except Refusal as refusal:
            return refusal
        return None

    def _after(self, answer: Answer, struck: list[Fault], *, is_graphql: bool) -> Answer:
        for fault in struck:
            if fault.kind is FaultKind.CUT_OFF:
                answer.ending, answer.is_fault = Ending.CUT_OFF, True
            elif _replaces(fault) and fault.after_effect:
                answer = self._answer_of(fault, is_graphql=is_graphql)
        return answer

    def _answer_of(self, fault: Fault, *, is_graphql: bool) -> Answer:
        reset = int(self.now().timestamp()) + LIMIT_SECONDS
        return answer_of(fault, is_graphql=is_graphql, elsewhere=f'{self.elsewhere_url}/_elsewhere/', reset=reset)

    def _finish(self, request: Request, answer: Answer, caller: Caller, resource: str, media_type: str) -> None:
        """Add the headers that every answer has, and answer 304 to somebody who knows the answer already."""
        given = dict(answer.headers)
        if request.method == 'GET' and answer.status == 200 and not answer.is_fault:
            known = (request.headers.get('Authorization', ''), request.accept, answer.content_type)
            etag = f'W/"{sha256(repr(known).encode() + answer.body).hexdigest()}"'
            given = {'ETag': etag, 'Cache-Control': 'private, max-age=60, s-maxage=60'} | given
            if etag in request.headers.get('If-None-Match', ''):
                answer.status, answer.value, answer.text = 304, None, b''
                answer.__dict__.pop('body', None)
                self.limits.give_back(caller.login, resource)
        if caller.kind is CallerKind.CLASSIC:
            given |= {'x-oauth-scopes': 'repo', 'x-accepted-oauth-scopes': 'repo'}
        if caller.expires and caller.kind is not CallerKind.INSTALLATION:
            given['github-authentication-token-expiration'] = caller.expires.strftime('%Y-%m-%d %H:%M:%S UTC')
        answer.headers = {
            'x-github-request-id': uuid.uuid4().hex[:20].upper(),
            'x-github-enterprise-version': VERSION,
            'x-github-media-type': media_type,
            'x-github-api-version-selected': '2022-11-28',
            **(self.limits.headers(caller.login, resource, self.now()) if answer.has_counters else {}),
            **given,
        }

    def count_other(self, request: Request, operation: str) -> frozenset[FaultKind]:
        """Record a request beside the API, and return the faults that strike it."""
        with self.lock:
            struck = self.faults.take(operation, self._answered)
            self._answered += 1
            self.requests.append(
                Recorded(
                    request.method,
                    request.path,
                    operation,
                    200,
                    conditional=False,
                    points=0,
                    is_write=False,
                    at=self.now(),
                    body_size=len(request.body),
                )
            )
        return frozenset(fault.kind for fault in struck)

    # The archive's other host

    def archive_address(self, repository: HostedRepository, commit: str) -> str:
        """Return an address on the other host that is good for five minutes."""
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = (repository.full_name, commit, self.now() + TICKET_LIFE)
        return f'{self.elsewhere_url}/_codeload/{repository.full_name}/legacy.tar.gz/{commit}?token={ticket}'

    def redeem(self, ticket: str) -> tuple[HostedRepository, str] | None:
        """Return the repository and commit that a ticket is for."""
        full_name, commit, end = self._tickets.get(ticket, ('', '', self.now()))
        repository = self.repository(full_name)
        return (repository, commit) if repository and self.now() < end else None


def _replaces(fault: Fault) -> bool:
    return fault.kind not in BEHAVIOURS and fault.kind not in {FaultKind.SLOW, FaultKind.CUT_OFF}


def _real_time() -> datetime:
    return datetime.now(UTC)


def _nothing() -> None:
    """Do nothing: only a process keeps its state."""
