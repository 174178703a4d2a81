"""A person's clone of a repository, driven by the git command: an independent witness of what the product did."""

import os
import subprocess
from pathlib import Path

__all__ = ('Worktree',)

_ENVIRONMENT = {
    'GIT_AUTHOR_NAME': 'Grace',
    'GIT_AUTHOR_EMAIL': 'grace@example.com',
    'GIT_COMMITTER_NAME': 'Grace',
    'GIT_COMMITTER_EMAIL': 'grace@example.com',
    'GIT_CONFIG_NOSYSTEM': '1',
    'GIT_CONFIG_GLOBAL': os.devnull,
    'GIT_TERMINAL_PROMPT': '0',
    # Each fetch, commit and push would start further processes to look whether there is something to tidy up.
    'GIT_CONFIG_COUNT': '3',
    'GIT_CONFIG_KEY_0': 'gc.auto',
    'GIT_CONFIG_VALUE_0': '0',
    'GIT_CONFIG_KEY_1': 'maintenance.auto',
    'GIT_CONFIG_VALUE_1': 'false',
    'GIT_CONFIG_KEY_2': 'receive.autogc',
    'GIT_CONFIG_VALUE_2': 'false',
    'PATH': os.environ['PATH'],
}


def git(directory: Path, *arguments: str) -> str:
    """Run git and return what it printed."""
    result = subprocess.run(
        ['git', '-C', str(directory), *arguments], env=_ENVIRONMENT, capture_output=True, check=False
    )
    if result.returncode:
        message = f'git {" ".join(arguments)}: {result.stderr.decode()}'
        raise AssertionError(message)
    return result.stdout.decode()


class Worktree:
    """A clone of a bare repository; `push` makes one commit of everything that was changed in it."""

    def __init__(self, bare: Path, path: Path, branch: str = 'main') -> None:
        self.bare, self.path, self.branch = bare, path, branch
        git(path.parent, 'clone', '-q', str(bare), str(path))
        if not self.commits():
            git(path, 'symbolic-ref', 'HEAD', f'refs/heads/{branch}')

    def write(self, path: str, text: str | bytes) -> None:
        target = self.path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)

    def replace(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text, f'{old!r} is not in {path}'
        self.write(path, text.replace(old, new))

    def read(self, path: str) -> str:
        return (self.path / path).read_bytes().decode()

    def remove(self, path: str) -> None:
        (self.path / path).unlink()

    def push(self, message: str = 'Edit by hand') -> str:
        git(self.path, 'add', '-A')
        git(self.path, 'commit', '-q', '-m', message)
        git(self.path, 'push', '-q', 'origin', f'HEAD:{self.branch}')
        return git(self.path, 'rev-parse', 'HEAD').strip()

    def pull(self) -> 'Worktree':
        git(self.path, 'fetch', '-q', 'origin')
        git(self.path, 'reset', '-q', '--hard', f'origin/{self.branch}')
        return self

    # What the bare repository holds, asked of git itself

    def commits(self) -> list[str]:
        """Return the commits of the branch, newest first."""
        heads = git(self.bare, 'for-each-ref', '--format=%(refname)', f'refs/heads/{self.branch}')
        return git(self.bare, 'log', '--format=%H', self.branch).split() if heads.strip() else []

    def files(self, commit: str | None = None, below: str = '') -> list[str]:
        names = git(self.bare, 'ls-tree', '-r', '--name-only', commit or self.branch).splitlines()
        return [name for name in names if name.startswith(below)]

    def show(self, path: str, commit: str | None = None) -> str:
        return git(self.bare, 'show', f'{commit or self.branch}:{path}')

    def changed_files(self, commit: str | None = None) -> list[str]:
        """Return `A|M|D path` for each file of a commit."""
        output = git(self.bare, 'show', '--format=', '--name-status', '--no-renames', commit or self.branch)
        return [line.replace('\t', ' ') for line in output.splitlines()]

    def diff_lines(self, commit: str | None = None) -> list[str]:
        """Return the added and removed lines of a commit, with their signs."""
        output = git(self.bare, 'show', '--format=', '--unified=0', commit or self.branch)
        return [line for line in output.splitlines() if line[:1] in '+-' and line[:3] not in ('+++', '---')]

    def message(self, commit: str | None = None) -> str:
        return git(self.bare, 'log', '-1', '--format=%B', commit or self.branch).strip()

    def author(self, commit: str | None = None) -> str:
        return git(self.bare, 'log', '-1', '--format=%an <%ae>', commit or self.branch).strip()

    def fsck(self) -> None:
        git(self.bare, 'fsck', '--full', '--strict')
