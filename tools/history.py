"""The history of the demonstration's repository: hand-written manifests, committed by several people."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .checkout import DEMO_FABRIC
from .errors import MissingProgram, ToolError

__all__ = ('BRANCH', 'DIRECTORY', 'FABRIC', 'HISTORY', 'git', 'has_commits', 'push_history')

FABRIC = 'demo'
BRANCH = 'main'
DIRECTORY = f'fabrics/{FABRIC}/gitops'


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


def push_history(bare: Path, work: Path) -> None:
    """Push the history into an empty bare repository, by way of a work tree that is there for as long as it takes."""
    if work.exists():
        shutil.rmtree(work)
    git(work.parent, 'init', '--quiet', f'--initial-branch={BRANCH}', str(work))
    for contribution in HISTORY:
        for pattern in contribution.patterns:
            for source in sorted(DEMO_FABRIC.glob(pattern)):
                target = work / DIRECTORY / source.relative_to(DEMO_FABRIC)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
        git(work, 'add', '--all')
        git(work, 'commit', '--quiet', f'--message={contribution.message}', author=contribution.author)
    git(work, 'push', '--quiet', str(bare), BRANCH)
    shutil.rmtree(work)


def has_commits(bare: Path) -> bool:
    """Tell whether a repository has a branch."""
    return bool(git(bare, 'for-each-ref', '--count=1', 'refs/heads'))


def git(directory: Path, *arguments: str, author: str = FABRIC) -> str:
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
    return answer.stdout
