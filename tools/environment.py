"""Make the virtual environment of the checkout, and keep it at the pinned versions.

Run by the Python that `tools/find-python` found, so it uses nothing but the standard library.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from .checkout import REQUIREMENTS, ROOT, VENV, VENV_PYTHON
from .commands import run
from .errors import ToolError
from .report import fail, say

__all__ = ('ensure', 'main')

# What each list builds on; the lists themselves hold every package with its version, so pip has nothing to resolve.
LISTS = {'demo': ('demo',), 'development': ('demo', 'development')}
LOG = VENV / 'install.log'
PIP_OPTIONS = ('--no-deps', '--no-compile', '--no-input', '--disable-pip-version-check', '--progress-bar=off')


def ensure(name: str) -> None:
    """Install what the lists of `name` demand; an unchanged list installs nothing.

    The lists are complete, hence `--no-deps`: pip neither resolves nor looks further than what is pinned. They name
    psycopg's ready-made extension where NetBox's own requirement asks for the one that is compiled on the spot, so
    that neither a compiler nor the libpq headers are needed.
    """
    if not _works():
        say(f'making the virtual environment {VENV.name} with Python {sys.version.split()[0]}')
        if VENV.exists():
            shutil.rmtree(VENV)
        run([sys.executable, '-m', 'venv', VENV], doing='making the virtual environment', log=LOG)
    for part in LISTS[name]:
        stamp = VENV / f'installed-{part}'
        wanted = _fingerprint(part)
        if stamp.is_file() and stamp.read_text() == wanted:
            continue
        stamp.unlink(missing_ok=True)
        _install(part)
        stamp.write_text(wanted)


def _install(part: str) -> None:
    requirements = REQUIREMENTS / f'{part}.txt'
    count = sum(1 for line in requirements.read_text().splitlines() if '==' in line)
    say(f'installing {count} pinned packages from {requirements.relative_to(ROOT)}')
    # Byte code is made by the first import: compiling all of it would take as long as all of the rest.
    pip: list[str | Path] = [VENV_PYTHON, '-m', 'pip', 'install', *PIP_OPTIONS]
    run(
        [*pip, '--only-binary=:all:', '-r', requirements],
        doing=f'installing the {part} packages',
        log=LOG,
    )
    if part == 'demo':
        say('installing netbox-hedgehog from this checkout')
        run([*pip, '--no-build-isolation', '-e', ROOT], doing='installing netbox-hedgehog', log=LOG)


def _works() -> bool:
    """Whether the environment can be used where it lies: a checkout may have moved, or its Python may be gone."""
    if not VENV_PYTHON.exists():
        return False
    probe = 'import sys, pip; print(sys.prefix)'
    try:
        answer = subprocess.run([VENV_PYTHON, '-c', probe], capture_output=True, text=True, check=False)
    except OSError:
        return False
    script = VENV / 'bin' / 'pip'
    moved = not script.is_file() or str(VENV) not in script.read_text(errors='replace')
    return answer.returncode == 0 and Path(answer.stdout.strip()) == VENV and not moved


def _fingerprint(part: str) -> str:
    """Tell apart what an installation depends on: the list, and for our own package what its metadata says."""
    content = (REQUIREMENTS / f'{part}.txt').read_bytes()
    if part == 'demo':
        content += (ROOT / 'pyproject.toml').read_bytes().split(b'[tool.ruff]')[0]
    return hashlib.sha256(content + str(VENV).encode()).hexdigest()


def main() -> int:
    """Make or update the environment."""
    parser = argparse.ArgumentParser(prog='tools.environment', description=__doc__)
    parser.add_argument('list', choices=sorted(LISTS))
    arguments = parser.parse_args()
    try:
        ensure(arguments.list)
    except ToolError as error:
        fail(str(error))
        return 1
    except KeyboardInterrupt:
        fail('Interrupted; the next call goes on from here.')
        return 130
    return 0


if __name__ == '__main__':
    sys.exit(main())
