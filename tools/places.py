"""Where the demonstration keeps its manifests: in a bare repository on this machine, or on a stand-in for GitHub."""

import json
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

from .api import Api, fetch
from .background import wait_until
from .checkout import ROOT, VENV_PYTHON
from .errors import PortTaken, ToolError
from .history import BRANCH, FABRIC, git, has_commits, push_history
from .instance import Instance, write_private
from .netbox import PLUGIN_API, environment
from .ports import LOOPBACK, free_port
from .report import say

__all__ = ('FORGES', 'Place', 'place_of')


class Place(Protocol):
    """Where the manifests are kept, and how NetBox learns of it. Every step can be repeated."""

    # How a person is told of it, the first web port that is tried, and the programs that it adds to NetBox's own.
    whereabouts: ClassVar[str]
    first_web_port: ClassVar[int]
    programs: ClassVar[tuple[str, ...]]

    @property
    def repository(self) -> Path:
        """The bare repository, for everybody who speaks Git with it."""

    @property
    def plugin_settings(self) -> Mapping[str, object]:
        """What the plugin's configuration says about it."""

    @property
    def access(self) -> Mapping[str, str]:
        """What else a person needs to know."""

    def start(self) -> None:
        """Start the programs that serve it."""

    def fill(self) -> None:
        """Make the repository with its history, unless it is there."""

    def record(self, api: Api) -> dict[str, Any]:
        """Tell NetBox of the repository."""

    def announce_pushes(self, api: Api) -> None:
        """Let a push show at once; without it NetBox looks by itself, a little later."""


def place_of(instance: Instance) -> Place:
    """Return the place that an instance was made with."""
    return FORGES[instance.settings.forge](instance)


HOOK = """#!/bin/sh
# Written by `make demo`: after a push NetBox is asked to synchronise at once, in the background.
cat >/dev/null
cd {checkout} || exit 0
unset GIT_DIR
nohup {python} -m tools.push_hook {access} {log} </dev/null >/dev/null 2>&1 &
"""


@dataclass(frozen=True, slots=True)
class OnThisMachine:
    """A bare repository that NetBox opens as a directory."""

    instance: Instance
    whereabouts: ClassVar[str] = 'in a bare repository on this machine'
    first_web_port: ClassVar[int] = 8000
    programs: ClassVar[tuple[str, ...]] = ()

    @property
    def repository(self) -> Path:
        """Below the directory that the plugin is allowed to use."""
        return self.instance.repositories / f'{FABRIC}.git'

    @property
    def plugin_settings(self) -> Mapping[str, object]:
        """None but those of every instance."""
        return {}

    @property
    def access(self) -> Mapping[str, str]:
        """Nothing: the repository is all there is."""
        return {}

    def start(self) -> None:
        """Start nothing: a directory needs no server."""

    def fill(self) -> None:
        """Make the repository; it gets its name when it is complete."""
        if self.repository.is_dir():
            return
        say(f'making the demonstration repository {self.repository}')
        new = self.repository.with_name(f'{self.repository.name}.new')
        if new.exists():
            shutil.rmtree(new)
        new.parent.mkdir(parents=True, exist_ok=True)
        git(new.parent, 'init', '--quiet', '--bare', f'--initial-branch={BRANCH}', str(new))
        push_history(new, new.with_suffix('.work'))
        new.rename(self.repository)

    def record(self, api: Api) -> dict[str, Any]:
        """Record the path."""
        return api.provide(
            f'{PLUGIN_API}/git-repositories/',
            {
                'name': FABRIC,
                'url': str(self.repository),
                'default_branch': BRANCH,
                'description': 'A bare repository on this machine, made for the demonstration',
            },
        )

    def announce_pushes(self, api: Api) -> None:
        """Write the repository's own hook, at every start: the checkout may have moved."""
        hook = self.repository / 'hooks' / 'post-receive'
        if not self.repository.is_dir():
            return
        hook.parent.mkdir(exist_ok=True)
        names = {
            'checkout': ROOT,
            'python': VENV_PYTHON,
            'access': self.instance.home / 'demo.json',
            'log': self.instance.logs / 'push-hook.log',
        }
        hook.write_text(HOOK.format(**{name: shlex.quote(str(path)) for name, path in names.items()}))
        hook.chmod(0o755)


FIRST_FORGE_PORT = 8020
FORGE_SECONDS = 60
OWNER = 'hedgehog'
# What the token may do: what a fabric needs, and the installation of its webhook.
PERMISSIONS = {'metadata': 'read', 'contents': 'write', 'pull_requests': 'write', 'repository_hooks': 'write'}


@dataclass(frozen=True, slots=True)
class OnGitHub:
    """A repository on the tests' stand-in for GitHub, with its API, its limits, its webhooks and its pull requests.

    NetBox speaks to it as to a GitHub Enterprise Server.
    """

    instance: Instance
    whereabouts: ClassVar[str] = 'on a stand-in for GitHub'
    first_web_port: ClassVar[int] = 8010
    programs: ClassVar[tuple[str, ...]] = ('forge',)

    @property
    def root(self) -> Path:
        """Where the stand-in keeps its repositories, and what it remembers."""
        return self.instance.home / 'forge'

    @property
    def url(self) -> str:
        """Where the stand-in answers."""
        return f'http://{self._host}'

    @property
    def _host(self) -> str:
        return f'{LOOPBACK}:{self.instance.settings.forge_port}'

    @property
    def repository(self) -> Path:
        """The directory behind the stand-in's repository; a push into it counts as one to GitHub."""
        return self.root / OWNER / f'{FABRIC}.git'

    @property
    def plugin_settings(self) -> Mapping[str, object]:
        """Where the stand-in reaches NetBox."""
        return {'webhook_base_url': f'http://{LOOPBACK}:{self.instance.settings.web_port}'}

    @property
    def access(self) -> Mapping[str, str]:
        """The repository's page, with its commits and pull requests."""
        return {'forge_url': f'{self.url}/{OWNER}/{FABRIC}'}

    def start(self) -> None:
        """Start the stand-in unless it runs, at the port that NetBox knows it by."""
        program = self.instance.background('forge')
        if program.pid():
            return
        self.instance.remember(forge_port=self._free_port())
        wanted = self.instance.home / 'forge.json'
        write_private(wanted, json.dumps(self._contents(), indent=2) + '\n')
        say('starting the stand-in for GitHub')
        program.start(
            [
                VENV_PYTHON,
                *('-m', 'netbox_hedgehog.tests.github'),
                *('--root', self.root, '--port', str(self.instance.settings.forge_port), '--state', wanted),
            ],
            environment=environment(self.instance),
            directory=ROOT,
        )
        wait_until(self._answers, program=program, seconds=FORGE_SECONDS)

    def _free_port(self) -> int:
        """Return the port of last time; another one would be another server to NetBox."""
        port = self.instance.settings.forge_port
        if port is None:
            return free_port(FIRST_FORGE_PORT)
        try:
            return free_port(port, exactly=True)
        except PortTaken as taken:
            raise ToolError(
                f'Another program took port {port}, where NetBox expects the stand-in for GitHub. End that program, or '
                'begin anew: make demo-clean, then make demo FORGE=github.'
            ) from taken

    def _contents(self) -> dict[str, object]:
        """Say what there must be on the stand-in."""
        token = {'value': self.instance.settings.forge_token, 'login': 'hedgehog-bot', 'permissions': PERMISSIONS}
        return {
            'repositories': [{'owner': OWNER, 'name': FABRIC, 'branch': BRANCH}],
            'tokens': [token],
            'collaborators': ['maya'],
        }

    def _answers(self) -> bool:
        try:
            return fetch(self.url, timeout_seconds=5).status == 200
        except OSError:
            return False

    def fill(self) -> None:
        """Push the history, as a person would, unless something has been pushed."""
        if not has_commits(self.repository):
            say(f'filling the demonstration repository {self.access["forge_url"]}')
            push_history(self.repository, self.root / f'{FABRIC}.work')

    def record(self, api: Api) -> dict[str, Any]:
        """Record the token, and the repository that it opens."""
        credential = api.provide(
            f'{PLUGIN_API}/git-credentials/',
            {
                'name': FABRIC,
                'type': 'token',
                'host': self._host,
                'secret': self.instance.settings.forge_token,
                'description': 'A token of the stand-in for GitHub, made for the demonstration',
            },
        )
        return api.provide(
            f'{PLUGIN_API}/git-repositories/',
            {
                'name': FABRIC,
                'url': self.access['forge_url'],
                'default_branch': BRANCH,
                'forge': 'github',
                'credential': credential['id'],
                'description': 'A repository on the stand-in for GitHub, made for the demonstration',
            },
        )

    def announce_pushes(self, api: Api) -> None:
        """Have NetBox install its webhook, at every start: its port may have changed."""
        repository = api.first(f'{PLUGIN_API}/git-repositories/', name=FABRIC)
        if not repository:
            return
        installed = api.post(f'{PLUGIN_API}/git-repositories/{repository["id"]}/webhook/', {})
        if not installed['is_installed']:
            say(f'the webhook is not installed: {installed["obstacle"]}')


# By the value of FORGE, which is empty without one.
FORGES: Mapping[str, type[OnThisMachine] | type[OnGitHub]] = {'': OnThisMachine, 'github': OnGitHub}
