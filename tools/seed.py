"""Put a fabric into the demonstration: a bare Git repository with hand-written manifests, and its records in NetBox.

The repository is made with ordinary Git commands and NetBox is told of it by ordinary REST calls, so that the
demonstration shows the way that a user goes. What is there already is kept.
"""

import os
import shlex
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .api import Api
from .checkout import DEMO_FABRIC, ROOT, VENV_PYTHON
from .errors import MissingProgram, ToolError
from .instance import Instance
from .report import say

__all__ = ('BRANCH', 'DIRECTORY', 'FABRIC', 'repository_of', 'seed', 'write_hook')

FABRIC = 'demo'
BRANCH = 'main'
DIRECTORY = f'fabrics/{FABRIC}/gitops'
FIRST_SYNC_SECONDS = 90
PLUGIN_API = 'plugins/hedgehog'


@dataclass(frozen=True, slots=True)
class Contribution:
    """A commit of the demonstration's history: who, why, and which of the manifests."""

    author: str
    message: str
    patterns: tuple[str, ...]


HISTORY = (
    Contribution(
        'Ines Okafor',
        'Racks A to C: switches, their group and the address pools',
        ('managed/switches/*', 'managed/switchgroups/*', 'managed/*namespaces/*'),
    ),
    Contribution('Ines Okafor', 'Six servers and how they are cabled', ('managed/servers/*', 'managed/connections/*')),
    Contribution(
        'Tomas Lindqvist', 'Networks for shop, office and laboratory', ('managed/vpcs/*', 'managed/vpcattachments/*')
    ),
    Contribution('Tomas Lindqvist', 'Let the office look after the web servers', ('managed/vpcpeerings/*',)),
    Contribution('Ines Okafor', 'Drop in: links between spines and leaves', ('raw/*.yaml',)),
    Contribution('Maya Brandt', 'Drop in: the uplink, and the gateway for the laboratory', ('raw/edge/*',)),
)

HOOK = """#!/bin/sh
# Written by `make demo`: after a push NetBox is asked to synchronise at once, in the background.
cat >/dev/null
cd {checkout} || exit 0
unset GIT_DIR
nohup {python} -m tools.push_hook {access} {log} </dev/null >/dev/null 2>&1 &
"""


def repository_of(instance: Instance) -> Path:
    """Where the demonstration's bare repository lies."""
    return instance.repositories / f'{FABRIC}.git'


def seed(instance: Instance, api: Api) -> None:
    """Make the repository and its records, and wait until the first synchronisation is over."""
    path = repository_of(instance)
    if not path.is_dir():
        say(f'making the demonstration repository {path}')
        _make_repository(path)
    say('telling NetBox of the repository and the fabric')
    _make_records(path, api)
    _wait_for_first_sync(instance, api)


def _make_repository(path: Path) -> None:
    """Push the history into a new bare repository, which gets its name when it is complete."""
    new = path.with_name(f'{path.name}.new')
    work = path.with_name(f'{path.name}.work')
    for left_over in (new, work):
        if left_over.exists():
            shutil.rmtree(left_over)
    path.parent.mkdir(parents=True, exist_ok=True)
    _git(path.parent, 'init', '--quiet', '--bare', f'--initial-branch={BRANCH}', str(new))
    _git(path.parent, 'init', '--quiet', f'--initial-branch={BRANCH}', str(work))
    for contribution in HISTORY:
        for pattern in contribution.patterns:
            for source in sorted(DEMO_FABRIC.glob(pattern)):
                target = work / DIRECTORY / source.relative_to(DEMO_FABRIC)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
        _git(work, 'add', '--all')
        _git(work, 'commit', '--quiet', f'--message={contribution.message}', author=contribution.author)
    _git(work, 'push', '--quiet', str(new), BRANCH)
    shutil.rmtree(work)
    new.rename(path)


def _git(directory: Path, *arguments: str, author: str = FABRIC) -> None:
    """Run Git without the person's own settings: no signatures, no hooks, no templates of theirs."""
    program = shutil.which('git')
    if not program:
        raise MissingProgram('Git is missing. Install it and try again: apt-get install git')
    address = f'{author.lower().replace(" ", ".")}@example.com'
    environment = {
        'PATH': os.environ.get('PATH', os.defpath),
        'HOME': str(directory),
        'GIT_CONFIG_GLOBAL': os.devnull,
        'GIT_CONFIG_NOSYSTEM': '1',
        'GIT_AUTHOR_NAME': author,
        'GIT_AUTHOR_EMAIL': address,
        'GIT_COMMITTER_NAME': author,
        'GIT_COMMITTER_EMAIL': address,
    }
    answer = subprocess.run(
        [program, *arguments], cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise ToolError(f'git {" ".join(arguments)} failed:\n{answer.stderr}')


def _make_records(path: Path, api: Api) -> None:
    repositories, fabrics = f'{PLUGIN_API}/git-repositories/', f'{PLUGIN_API}/fabrics/'
    repository = api.first(repositories, name=FABRIC) or api.post(
        repositories,
        {
            'name': FABRIC,
            'url': str(path),
            'default_branch': BRANCH,
            'description': 'A bare repository on this machine, made for the demonstration',
        },
    )
    if not api.first(fabrics, slug=FABRIC):
        api.post(
            fabrics,
            {
                'name': FABRIC,
                'slug': FABRIC,
                'repository': repository['id'],
                'branch': BRANCH,
                'directory': DIRECTORY,
                'description': 'Two spines, four leaves, six servers, three VPCs and a way out',
            },
        )


def write_hook(instance: Instance) -> None:
    """Let a push show at once; without it NetBox looks by itself, every few minutes.

    Written at every start, because the checkout may have moved.
    """
    hook = repository_of(instance) / 'hooks' / 'post-receive'
    if not hook.parent.parent.is_dir():
        return
    hook.parent.mkdir(exist_ok=True)
    names = {
        'checkout': ROOT,
        'python': VENV_PYTHON,
        'access': instance.home / 'demo.json',
        'log': instance.logs / 'push-hook.log',
    }
    hook.write_text(HOOK.format(**{name: shlex.quote(str(path)) for name, path in names.items()}))
    hook.chmod(0o755)


def _wait_for_first_sync(instance: Instance, api: Api) -> None:
    """Wait for the first run; one that takes too long goes on without us, and is visible in NetBox."""
    say('the worker takes the manifests over')
    fabric = api.first(f'{PLUGIN_API}/fabrics/', slug=FABRIC)
    until = time.monotonic() + FIRST_SYNC_SECONDS
    while fabric and time.monotonic() < until:
        run = api.first(f'{PLUGIN_API}/sync-runs/', fabric_id=fabric['id'])
        if run and run.get('completed'):
            return
        time.sleep(1)
    say(f'the first synchronisation is not over yet; the worker goes on: {instance.background("worker").log}')
