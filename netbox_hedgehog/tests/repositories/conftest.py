"""The places that the contract is tested at: a directory, a server and, for reading, a server without filters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netbox_hedgehog.repositories import Author, LocalAddress, RemoteAddress, Repository, open_repository

from .git_host import GitHost, add_commits, git, http_backend, make_bare, serving

ANN = Author('Ann', 'ann@example.com')
WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Place:
    """An empty repository with branch main, seen from the outside (`path`) and through the room (`open`)."""

    path: Path
    host: GitHost | None
    is_written: bool = False

    def open(self, branch: str = 'main', name: str = 'repository.git') -> Repository:
        path = self.path.parent / name
        if self.host:
            url = f'{self.host.url}/{path.relative_to(self.host.root)}'
            return open_repository(RemoteAddress(url), branch, timeout_seconds=10)
        return open_repository(LocalAddress(path), branch)

    def commit(self, changes, head, *, repository=None, message='Change', when=WHEN, author=ANN, **more) -> str:
        self.is_written = True
        with repository or self.open() as opened:
            return opened.commit(changes, message=message, author=author, expected_head=head, when=when, **more)

    def seed(self, *commits, **more) -> str:
        """Add commits with git itself, and return the last one."""
        return add_commits(self.path, commits, **more)[-1]

    def history(self, *commits, **more) -> list[str]:
        return add_commits(self.path, commits, **more)

    def head(self, branch: str = 'main') -> str:
        return git(self.path, 'rev-parse', f'refs/heads/{branch}')


@pytest.fixture(scope='session')
def git_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHost]:
    if not http_backend():
        pytest.skip('git http-backend is not installed')
    with serving(tmp_path_factory.mktemp('host')) as host:
        yield host


@pytest.fixture
def host(git_host: GitHost) -> Iterator[GitHost]:
    """Hand out the server, and set it back to good behaviour."""
    git_host.behave()
    yield git_host
    git_host.behave()


@pytest.fixture(params=['bare', 'remote'])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == 'bare':
        place = Place(make_bare(tmp_path / 'repository.git'), None)
    else:
        host = request.getfixturevalue('host')
        path = host.root / tmp_path.name / 'repository.git'
        place = Place(make_bare(path, filters=request.param == 'remote'), host)
    yield place
    if place.is_written:
        git(place.path, 'fsck', '--full', '--strict')
