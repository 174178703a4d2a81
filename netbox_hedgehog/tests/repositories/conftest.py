"""The places that the contract is tested at: a directory, a server, a server without filters, and GitHub's double."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from netbox_hedgehog.repositories import LocalAddress, RemoteAddress, Repository, open_repository
from netbox_hedgehog.repositories.github import GitHubAccess, Token
from netbox_hedgehog.tests.github import Forge

from .git_host import GitHost, add_commits, git, http_backend, make_bare, serving
from .on_github import ANN, TOKEN, WHEN, Clock, OnGitHub


@dataclass
class Place:
    """An empty repository with branch main, seen from the outside (`path`) and through the room (`open`)."""

    path: Path
    host: GitHost | None
    forge: Forge | None = None
    is_written: bool = False

    @property
    def speaks_json(self) -> bool:
        """Names that are not UTF-8, and the time zones of authors, do not come through GitHub's API."""
        return self.forge is not None

    def open(self, branch: str = 'main', name: str = 'repository.git') -> Repository:
        path = self.path.parent / name
        if self.forge:
            url = f'{self.forge.url}/{path.relative_to(self.forge.root)}'
            return open_repository(RemoteAddress(url), branch, timeout_seconds=10, github=GitHubAccess(Token(TOKEN)))
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

    def set_default_branch(self, branch: str) -> None:
        git(self.path, 'symbolic-ref', 'HEAD', f'refs/heads/{branch}')
        if self.forge:
            self.forge.repository(f'{self.path.parent.name}/{self.path.stem}').default_branch = branch

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


@pytest.fixture(scope='session')
def session_forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with Forge(tmp_path_factory.mktemp('forge')) as forge:
        forge.add_token(TOKEN)
        forge.limits.enabled = False
        yield forge


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[OnGitHub]:
    """A server of its own with the repository acme/network, whose limits are not in the way."""
    clock = Clock()
    with Forge(tmp_path / 'forge', clock=clock) as forge:
        forge.add_token(TOKEN)
        forge.limits.enabled = False
        hosted = forge.create_repository('acme', 'network', files={'README.md': b'Network\n'})
        yield OnGitHub(forge, hosted, clock)
        assert forge.violations == []
        assert hosted.fsck() == ''


@pytest.fixture(params=['bare', 'remote', 'github'])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == 'github':
        forge = request.getfixturevalue('session_forge')
        forge.violations.clear()
        place = Place(forge.create_repository(tmp_path.name, 'repository').path, None, forge)
    elif request.param == 'bare':
        place = Place(make_bare(tmp_path / 'repository.git'), None)
    else:
        host = request.getfixturevalue('host')
        path = host.root / tmp_path.name / 'repository.git'
        place = Place(make_bare(path, filters=request.param == 'remote'), host)
    yield place
    if place.is_written:
        git(place.path, 'fsck', '--full', '--strict')
    if place.forge:
        assert place.forge.violations == []
