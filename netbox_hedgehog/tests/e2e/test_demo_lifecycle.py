"""The demonstration survives what happens to it, and a push into its repository shows by itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tools.api import Api
from tools.ports import is_free

from .conftest import Demo, demo_of
from .steps import git, push_change, until

ROOT = Path(__file__).parents[3]
RESTART_SECONDS = 120
PORT_SECONDS = 20


def api_of(demo: Demo) -> Api:
    return Api(demo.url, demo.token)


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
    description = f'Laboratory, moved at {time.time_ns()}'
    path = f'{demo.directory}/managed/servers/server-06.yaml'
    push_change(demo.repository, tmp_path, path, r'description: .*', f'description: {description}')

    def shown() -> bool | None:
        server = api_of(demo).first('plugins/hedgehog/servers/', name='server-06') or {}
        return True if server.get('spec', {}).get('description') == description else None

    until(shown, 'the push did not reach NetBox')


def test_killed_demonstrations_come_back_with_their_data(demo: Demo) -> None:
    on_github = demo_of('HEDGEHOG_DEMO_GITHUB')
    before = [(connections(one), webhook_of(one)) for one in (demo, on_github)]
    kill(demo, 'HEDGEHOG_DEMO', 'web', 'worker', 'cache', 'postgresql')
    kill(on_github, 'HEDGEHOG_DEMO_GITHUB', 'web', 'worker', 'cache', 'postgresql', 'forge')
    began = time.monotonic()
    starting = [start(demo, 'HEDGEHOG_DEMO'), start(on_github, 'HEDGEHOG_DEMO_GITHUB', '--forge=github')]
    assert [process.wait() for process in starting] == [0, 0]
    assert time.monotonic() - began < RESTART_SECONDS
    assert [(connections(one), webhook_of(one)) for one in (demo, on_github)] == before
    assert demo_of('HEDGEHOG_DEMO_GITHUB') == on_github


def connections(demo: Demo) -> int:
    return int(api_of(demo).get('plugins/hedgehog/connections/')['count'])


def webhook_of(demo: Demo) -> tuple[int | None, str]:
    repository = api_of(demo).first('plugins/hedgehog/git-repositories/') or {}
    webhook = api_of(demo).get(f'plugins/hedgehog/git-repositories/{repository["id"]}/webhook/')
    return webhook['hook_id'], webhook['payload_url']


def kill(demo: Demo, variable: str, *programs: str) -> None:
    """End the programs without a warning, and wait until the ports are free."""
    for name in programs:
        pid = int((home_of(variable) / 'run' / f'{name}.pid').read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + PORT_SECONDS
    # The processes that the web server forked notice its death a moment later, and hold the port until then.
    while not is_free(port_of(demo)) and time.monotonic() < until:
        time.sleep(0.2)


def start(demo: Demo, variable: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, '-m', 'tools.demo', 'start', f'--port={port_of(demo)}', *options]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, 'DEMO_DIR': str(home_of(variable))})


def home_of(variable: str) -> Path:
    return Path(os.environ[variable]).parent


def port_of(demo: Demo) -> int:
    return int(demo.url.rpartition(':')[2])
