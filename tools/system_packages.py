"""What has to come from the distribution, because no Python package carries it."""

import os
import shutil
import subprocess
from pathlib import Path

from .commands import run
from .errors import CommandFailed, MissingProgram
from .report import say

__all__ = ('install',)


def install(package: str, *, purpose: str, log: Path) -> None:
    """Install a package with apt-get, as root or through a sudo that asks for nothing.

    Raises `MissingProgram`, with the sentence that the person needs, when this process may not do it or it fails.
    """
    prefix = _as_root()
    if prefix is None or not shutil.which('apt-get'):
        raise MissingProgram(f'{purpose} is missing. Install it and try again: apt-get install {package}')
    say(f'installing {package} with apt-get: {purpose} is missing')
    apt = [*prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y']
    wanted = [*apt, 'install', '--no-install-recommends', package]
    try:
        # The lists of a new machine are empty and those of an old one stale; a healthy machine needs no update.
        run(wanted, doing=f'installing {package}', log=log)
    except CommandFailed:
        _update_and_install(apt, wanted, package, purpose=purpose, log=log)


def _update_and_install(apt: list[str], wanted: list[str], package: str, *, purpose: str, log: Path) -> None:
    try:
        run([*apt, 'update'], doing='updating the package lists', log=log)
        run(wanted, doing=f'installing {package}', log=log)
    except CommandFailed as failure:
        message = f'{purpose} is missing, and apt-get could not install {package}. Install it and try again.'
        raise MissingProgram(f'{message}\n{failure}') from failure


def _as_root() -> list[str] | None:
    """Find the words to put before a command that only root may run; nothing when there is no way."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which('sudo')
    if sudo and subprocess.run([sudo, '-n', 'true'], capture_output=True, check=False).returncode == 0:
        return [sudo, '-n']
    return None
