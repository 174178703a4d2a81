"""A Chromium on this machine, and how the tools start it."""

import os
import shutil
from pathlib import Path

from . import system_packages
from .errors import MissingProgram

__all__ = ('find_browser', 'launch_flags')

NAMES = ('chromium', 'chromium-browser', 'google-chrome')


def find_browser(log: Path) -> str:
    """Find a Chromium; Debian's package is installed when there is none.

    Ubuntu's package of the same name is only a pointer to a snap, which does not run everywhere.
    """
    found = _on_path()
    if not found:
        system_packages.install('chromium', purpose='a Chromium browser', log=log)
        found = _on_path()
    if not found:
        raise MissingProgram('The package chromium holds no browser here; install google-chrome instead.')
    return found


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def launch_flags() -> list[str]:
    """Ask for nothing but the page: no look-ups, no updates; and no sandbox for root, whom it refuses."""
    return [
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        *(['--no-sandbox'] if os.geteuid() == 0 else []),
    ]
