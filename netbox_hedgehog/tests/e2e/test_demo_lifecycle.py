"""The demonstration survives what happens to it, and a push into its repository shows by itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tools.api import Api, fetch

from .conftest import Demo

ROOT = Path(__file__).parents[3]
PUSH_SECONDS = 60
RESTART_SECONDS = 120


def api_of(demo: Demo) -> Api:
    return Api(demo.url, demo.token)


def git(directory: Path, *arguments: str) -> str:
    identity = ('-c', 'user.name=Ines Okafor', '-c', 'user.email=ines.okafor@example.com')
    answer = subprocess.run(['git', *identity, *arguments], cwd=directory, capture_output=True, text=True, check=True)
    return answer.stdout


def test_the_first_synchronisation_took_every_manifest_over(demo: Demo, tmp_path: Path) -> None:
    git(tmp_path, 'clone', '--quiet', demo.repository, 'work')
    base = tmp_path / 'work' / demo.directory
    assert not list((base / 'raw').rglob('*.yaml'))
    assert not list((base / 'unmanaged').rglob('*.yaml'))
    managed = sorted((base / 'managed').rglob('*.yaml'))
    assert [path for path in managed if path.read_text().count('\nkind: ') != 1] == []
    kinds = [path.name for path in (base / 'managed').iterdir() if list(path.glob('*.yaml'))]
    assert len(kinds) == 15


def test_a_push_shows_in_netbox_at_once(demo: Demo, tmp_path: Path) -> None:
    git(tmp_path, 'clone', '--quiet', demo.repository, 'work')
    work = tmp_path / 'work'
    path = work / demo.directory / 'managed/servers/server-06.yaml'
    description = f'Laboratory, moved at {time.time_ns()}'
    lines = path.read_text().splitlines()
    changed = [f'  description: {description}' if line.startswith('  description:') else line for line in lines]
    path.write_text('\n'.join(changed) + '\n')
    git(work, 'commit', '--quiet', '--all', '--message=Move the laboratory')
    git(work, 'push', '--quiet')

    until = time.monotonic() + PUSH_SECONDS
    while time.monotonic() < until:
        server = api_of(demo).first('plugins/hedgehog/servers/', name='server-06') or {}
        if server.get('spec', {}).get('description') == description:
            return
        time.sleep(0.5)
    raise AssertionError('the push did not reach NetBox')


def test_a_killed_demonstration_comes_back_with_its_data(demo: Demo) -> None:
    before = api_of(demo).get('plugins/hedgehog/connections/')['count']
    home = Path(os.environ['HEDGEHOG_DEMO']).parent
    for name in ('web', 'worker', 'cache', 'postgresql'):
        pid = int((home / 'run' / f'{name}.pid').read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 10
    port = demo.url.rpartition(':')[2]
    began = time.monotonic()
    # The processes that the web server forked notice its death a moment later, and hold the port until then.
    while answers(demo.url) and time.monotonic() < until:
        time.sleep(0.2)
    command = [sys.executable, '-m', 'tools.demo', 'start', '--port', port]
    started = subprocess.run(command, cwd=ROOT, env={**os.environ, 'DEMO_DIR': str(home)}, check=False)
    assert started.returncode == 0
    assert time.monotonic() - began < RESTART_SECONDS
    assert api_of(demo).get('plugins/hedgehog/connections/')['count'] == before


def answers(url: str) -> bool:
    try:
        return fetch(url, timeout_seconds=1).status > 0
    except OSError:
        return False
