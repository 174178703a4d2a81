"""What a process of the double knows at its start, and what it remembers of the time before.

A file, written by whoever starts it, says what there must be:

    {
      "repositories": [{"owner": "acme", "name": "network", "branch": "main", "files": {"README.md": "text"},
                        "rules": {"main": ["pull_request"]}}],
      "tokens": [{"value": "ghp_...", "login": "hedgehog-bot", "permissions": {"contents": "write"}}],
      "hooks": [{"repository": "acme/network", "url": "http://127.0.0.1:8000/...", "secret": "...",
                 "events": ["push"]}],
      "apps": [{"app_id": 1234, "client_id": "Iv1.x", "slug": "hedgehog-sync", "repositories": ["acme/network"]}],
      "collaborators": ["ann"]
    }

What came to be later, hooks and pull requests above all, is kept beside the repositories.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .pull_requests import PullRequest
from .webhooks import Hook

if TYPE_CHECKING:
    from .forge import Forge
    from .repository import HostedRepository

__all__ = ('Memory', 'set_up')

PULL_TEXTS = (
    'number',
    'title',
    'head',
    'base',
    'body',
    'user',
    'draft',
    'state',
    'merged',
    'merged_by',
    'merge_commit',
    'head_sha',
    'base_sha',
    'reviewers',
    'labels',
)
PULL_TIMES = ('created', 'merged_at', 'closed_at')
HOOK_PARTS = ('id', 'url', 'secret', 'events', 'content_type', 'insecure_ssl', 'active')


def set_up(forge: 'Forge', wanted: Mapping[str, Any]) -> None:
    """Create what is wanted and missing."""
    for row in wanted.get('repositories', ()):
        files = row.get('files')
        contents = None if files is None else {path: text.encode() for path, text in files.items()}
        repository = forge.repository(f'{row["owner"]}/{row["name"]}') or forge.create_repository(
            row['owner'], row['name'], row.get('branch', 'main'), contents, private=row.get('private', True)
        )
        repository.rules.clear()
        for branch, kinds in row.get('rules', {}).items():
            for kind in kinds:
                repository.protect(branch, kind)
    for row in wanted.get('tokens', ()):
        expires = row.get('expires')
        forge.add_token(**{**row, 'expires': datetime.fromisoformat(expires) if expires else None})
    for row in wanted.get('apps', ()):
        if all(app.app_id != row['app_id'] for app in forge.apps):
            forge.add_app(**row)
    for row in wanted.get('hooks', ()):
        listening = forge.repository(row['repository'])
        if listening and all(hook.url != row['url'] for hook in listening.hooks):
            listening.hooks.append(
                Hook(forge.next_number(), row['url'], row.get('secret', ''), list(row.get('events', ['push'])))
            )
    forge.collaborators.update(wanted.get('collaborators', ()))


class Memory:
    """Keeps what outlives a restart in a file."""

    def __init__(self, forge: 'Forge', path: Path) -> None:
        self._forge = forge
        self._path = path

    def recall(self) -> None:
        """Bring back what was kept, and keep what changes from now on."""
        if self._path.exists():
            kept = json.loads(self._path.read_text())
            for row in kept['repositories']:
                self._recall_repository(row)
            for row in kept['apps']:
                key = serialization.load_pem_private_key(row.pop('key').encode(), None)
                app = self._forge.add_app(**row)
                assert isinstance(key, rsa.RSAPrivateKey)
                app.key = key
            self._forge.count_from(kept['number'])
        self._forge.changed = self.keep

    def keep(self) -> None:
        """Write everything down; the file holds secrets, so it is for its owner only."""
        forge = self._forge
        with forge.lock:
            kept = {
                'number': forge.next_number(),
                'repositories': [_repository_row(repository) for repository in forge.repositories.values()],
                'apps': [
                    {
                        'app_id': app.app_id,
                        'client_id': app.client_id,
                        'slug': app.slug,
                        'permissions': app.permissions,
                        'installation_id': app.installation_id,
                        'repositories': app.repositories,
                        'key': app.private_key_pem,
                    }
                    for app in forge.apps
                ],
            }
            unfinished = self._path.with_suffix('.new')
            unfinished.touch(mode=0o600)
            unfinished.write_text(json.dumps(kept, indent=1))
            unfinished.replace(self._path)

    def _recall_repository(self, row: Mapping[str, Any]) -> None:
        repository = self._forge.create_repository(
            row['owner'], row['name'], row['branch'], number=row['number'], private=row['private']
        )
        repository.archived = row['archived']
        repository.hooks += [Hook(**hook) for hook in row['hooks']]
        for pull in row['pulls']:
            times = {name: datetime.fromisoformat(pull[name]) if pull[name] else None for name in PULL_TIMES}
            repository.pulls.all.append(PullRequest(repository, **{**pull, **times}))


def _repository_row(repository: 'HostedRepository') -> dict[str, Any]:
    return {
        'owner': repository.owner,
        'name': repository.name,
        'branch': repository.default_branch,
        'number': repository.number,
        'private': repository.private,
        'archived': repository.archived,
        'hooks': [{name: getattr(hook, name) for name in HOOK_PARTS} for hook in repository.hooks],
        'pulls': [_pull_row(pull) for pull in repository.pull_requests],
    }


def _pull_row(pull: PullRequest) -> dict[str, Any]:
    times = {name: value.isoformat() if (value := getattr(pull, name)) else None for name in PULL_TIMES}
    return {name: getattr(pull, name) for name in PULL_TEXTS} | times
