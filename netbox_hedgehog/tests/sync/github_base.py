"""A fabric in a repository on a stand-in for GitHub, for tests that look at both sides and at every request."""

from unittest import mock

from netbox_hedgehog.models import CredentialTypeChoices, ForgeChoices, GitCredential, GitRepository
from netbox_hedgehog.tests.github import Forge
from netbox_hedgehog.tests.sync.base import SyncFixture

__all__ = ('TOKEN', 'GitHubFixture')

TOKEN = 'ghp_canaryCanaryCanaryCanaryCanary0001'
PERMISSIONS = {'metadata': 'read', 'contents': 'write', 'pull_requests': 'write', 'repository_hooks': 'write'}


class GitHubFixture(SyncFixture):
    """Mix into a Django test case: as `SyncFixture`, with `self.forge` and `self.remote`, the repository there."""

    files: dict[str, bytes] | None = None
    clock = None

    def setUp(self):
        # The seconds between many writes are GitHub's wish, and not ours to wait for.
        patch = mock.patch('netbox_hedgehog.sync.opening.pause', self.pause)
        patch.start()
        self.addCleanup(patch.stop)
        super().setUp()

    def pause(self, seconds: float):
        """Let no time pass."""

    def make_repository(self) -> GitRepository:
        self.forge = Forge(self.root / 'forge', clock=self.clock)
        self.forge.start()
        self.addCleanup(self.forge.stop)
        self.remote = self.forge.create_repository('acme', 'network', files=self.files)
        self.bare = self.remote.path
        self.forge.add_token(TOKEN, permissions=PERMISSIONS, login='hedgehog-bot')
        self.credential = GitCredential(
            name='bot', type=CredentialTypeChoices.TOKEN, host=self.forge.url.removeprefix('http://')
        )
        self.credential.set_secret(TOKEN)
        self.credential.full_clean()
        self.credential.save()
        repository = GitRepository(
            name='network', url=self.remote.url, forge=ForgeChoices.GITHUB, credential=self.credential
        )
        repository.full_clean()
        repository.save()
        return repository

    def tearDown(self):
        assert not self.forge.violations, self.forge.violations
        assert self.remote.fsck() == ''
        super().tearDown()

    def requests_of(self, **options) -> list[str]:
        """Make one pass and return what it asked of the server."""
        self.forge.requests.clear()
        self.sync(**options)
        return [f'{request.method} {request.operation} {request.status}' for request in self.forge.requests]
