"""A double with one repository, a clock that stands still, and a client that does not think."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from . import Forge, HostedRepository
from .listener import Listener, listening

TOKEN = 'ghp_of_the_test'
FILES = {'README.md': b'# Network\n', 'fabric/switches.yaml': b'kind: Switch\n', 'fabric/vpcs.yaml': b'kind: VPC\n'}


@dataclass
class Clock:
    """A time that only a test moves."""

    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class Client:
    """Sends requests and returns what comes back."""

    forge: Forge
    token: str = TOKEN
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        headers = {'Accept': 'application/vnd.github+json', 'User-Agent': 'test', **more.pop('headers', {})}
        if self.token:
            headers['Authorization'] = f'Bearer {self.token}'
        url = f'{self.forge.api_url}{path}'
        return self.session.request(method, url, json=body, headers=headers, allow_redirects=False, timeout=10, **more)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.ask('GET', path, **more)

    def query(self, document: str, **variables: Any) -> dict[str, Any]:
        answer = self.session.post(
            f'{self.forge.url}/api/graphql',
            json={'query': document, 'variables': variables},
            headers={'Authorization': f'Bearer {self.token}', 'User-Agent': 'test'},
            timeout=10,
        )
        told: dict[str, Any] = answer.json()
        return told

    def commit(self, repository: HostedRepository, files: dict[str, str], message: str = 'Change') -> str:
        """Make a commit that no branch has."""
        at = f'/repos/{repository.full_name}/git'
        head = repository.head()
        tree = [{'path': path, 'mode': '100644', 'type': 'blob', 'content': text} for path, text in files.items()]
        made = self.ask('POST', f'{at}/trees', {'base_tree': repository.store.tree_of(head), 'tree': tree}).json()
        body = {'message': message, 'tree': made['sha'], 'parents': [head]}
        sha: str = self.ask('POST', f'{at}/commits', body).json()['sha']
        return sha


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def forge(tmp_path: Path, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Forge]:
    """Serve; afterwards nothing may have passed that GitHub does not describe."""
    with Forge(tmp_path, clock=clock) as forge:
        forge.add_token(TOKEN)
        yield forge
        forge.settle()
        if 'wrong_on_purpose' not in request.fixturenames:
            assert forge.violations == []


@pytest.fixture
def wrong_on_purpose() -> None:
    """Let a test send what GitHub does not describe."""


@pytest.fixture
def repository(forge: Forge) -> Iterator[HostedRepository]:
    repository = forge.create_repository('acme', 'network', files=FILES)
    yield repository
    assert repository.fsck() == ''


@pytest.fixture
def client(forge: Forge) -> Client:
    return Client(forge)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener
