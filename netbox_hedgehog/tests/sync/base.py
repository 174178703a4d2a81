"""A fabric bound to a real bare repository, for tests that look at both sides."""

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client, override_settings

from netbox_hedgehog.models import (
    FabricModeChoices,
    GitRepository,
    HedgehogFabric,
    RunStatusChoices,
    SyncRun,
    SyncState,
)
from netbox_hedgehog.repositories import create_bare
from netbox_hedgehog.sync import BidirectionalSyncOrchestrator
from netbox_hedgehog.tests.worktree import Worktree

__all__ = ('SyncFixture',)

DIRECTORY = 'fabrics/dc1/gitops'


class SyncFixture:
    """Mix into a Django test case: `self.fabric`, `self.work` (a clone) and `self.sync()`."""

    def setUp(self):
        super().setUp()
        self.root = Path(tempfile.mkdtemp(prefix='hedgehog-'))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        config = {**settings.PLUGINS_CONFIG['netbox_hedgehog'], 'local_repository_root': str(self.root)}
        override = override_settings(PLUGINS_CONFIG={**settings.PLUGINS_CONFIG, 'netbox_hedgehog': config})
        override.enable()
        self.addCleanup(override.disable)
        self.repository = self.make_repository()
        self.work = Worktree(self.bare, self.root / 'clone')
        self.fabric = self.make_fabric()
        self.user = get_user_model().objects.create_user('ada', email='ada@example.com', is_superuser=True)
        self.client = Client()
        self.client.force_login(self.user)

    def make_repository(self) -> GitRepository:
        """Make the repository, `self.bare` on disk, and its record."""
        self.bare = self.root / 'dc.git'
        create_bare(self.bare, 'main')
        return GitRepository.objects.create(name='dc', url=str(self.bare))

    def make_fabric(self, slug='dc1', **fields):
        # Single resources come and go in these tests: what they lack among each other is not what is tested.
        fields = {'is_installed': False, 'is_draft': True, 'release': 'newer', **fields}
        fabric = HedgehogFabric(name=slug.upper(), slug=slug, repository=self.repository, **fields)
        fabric.full_clean()
        fabric.save()
        return fabric

    def sync(self, **options) -> SyncRun:
        """Make one pass; the test fails with its error unless it ends well."""
        run = self.attempt(**options)
        assert run.status != RunStatusChoices.FAILED, run.error
        return run

    def attempt(self, **options) -> SyncRun:
        fabric = HedgehogFabric.objects.get(pk=self.fabric.pk)
        return BidirectionalSyncOrchestrator(fabric, **options).run()

    def path(self, path: str) -> str:
        return f'{DIRECTORY}/{path}'

    def status_of(self, kind: str, name: str) -> str:
        return SyncState.objects.get(fabric=self.fabric, kind=kind, name=name).status

    def pause(self):
        HedgehogFabric.objects.filter(pk=self.fabric.pk).update(mode=FabricModeChoices.PAUSED)

    def hand_over(self, path: str, text: str | bytes, message: str = 'Edit by hand') -> str:
        """Push a file as a person would, and let a pass see it."""
        self.work.pull() if self.work.commits() else None
        self.work.write(self.path(path), text)
        commit = self.work.push(message)
        self.sync()
        return commit
