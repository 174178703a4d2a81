"""Run the tests, each part with the services that it needs; the services end with it, however it ends."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from . import baseline, demo
from .browser import find_browser
from .checkout import ROOT, TESTS, VENV_PYTHON
from .commands import run
from .errors import MissingProgram, ToolError
from .instance import Instance
from .netbox import DATABASE, PLUGIN, environment, make_database, manage, write_configuration
from .ports import free_port
from .postgresql import Cluster
from .report import fail, say

__all__ = ('PURE_ROOMS', 'main')

# The last is no room of the product: it is the tests' own GitHub, and as pure.
PURE_ROOMS = ('catalog', 'manifests', 'validation', 'repositories', 'reconcile', 'github')
SERVICES = ROOT / '.test' / 'services'
DEMONSTRATIONS = {'': ROOT / '.test' / 'demo', 'github': ROOT / '.test' / 'demo-github'}
TEMPLATE = 'netbox_empty'
ACCESS_VARIABLES = {'': 'HEDGEHOG_DEMO', 'github': 'HEDGEHOG_DEMO_GITHUB'}
BROWSER_VARIABLE = 'HEDGEHOG_BROWSER'
# Each process begins with a half of its own, so that few classes make their data in both; who is done early helps.
SIDE_BY_SIDE = ('-n', '2', '--dist', 'worksteal')
ONE_BY_ONE = ('-n', '0')

# What NetBox's own test configuration sets; and each process of a parallel run gets two logical databases of the
# cache, because NetBox's tests flush them.
TEST_SETTINGS = """
import os

RQ = {'COMMIT_MODE': 'auto'}
DEFAULT_PERMISSIONS = {}
LOGGING = {'version': 1, 'disable_existing_loggers': True}
_process = int(os.environ.get('PYTEST_XDIST_WORKER', 'gw0').removeprefix('gw'))
for _position, _name in enumerate(('tasks', 'caching')):
    REDIS[_name]['DATABASE'] = 2 * _process + _position
"""


def pure(arguments: list[str]) -> int:
    """Test the pure rooms, as a library: no settings, no database, no cache."""
    rooms = [path for room in PURE_ROOMS if (path := TESTS / room).is_dir()]
    return _pytest(['-p', 'no:django', *SIDE_BY_SIDE, *map(str, [*rooms, ROOT / 'tools' / 'tests']), *arguments], {})


def netbox(arguments: list[str]) -> int:
    """Test everything that runs inside NetBox, on tables made from the models."""
    with _services() as (instance, cluster):
        _make_template(cluster, instance.settings.database_password)
        write_configuration(instance, extra=TEST_SETTINGS, test_template=TEMPLATE)
        # Query counts are recorded serially only.
        processes = ONE_BY_ONE if os.environ.get('UPDATE_QUERY_COUNTS') else SIDE_BY_SIDE
        elsewhere = [f'--ignore={TESTS / room}' for room in (*PURE_ROOMS, 'e2e')]
        variables = environment(instance) | {'DJANGO_SETTINGS_MODULE': 'netbox.settings'}
        return _pytest([*processes, *elsewhere, str(TESTS), *arguments], variables)


def migrations(_arguments: list[str]) -> int:
    """Apply our migrations to a migrated NetBox, and look whether they say all that the models say."""
    with _services() as (instance, cluster):
        password = instance.settings.database_password
        write_configuration(instance)
        if not baseline.restore(cluster, password=password):
            say('there is no database of the installed NetBox to start from: all migrations will run')
            make_database(cluster, DATABASE, password=password)
        say('applying the migrations')
        manage(instance, 'migrate', '--no-input', doing='migrating')
        say('comparing the migrations with the models')
        manage(instance, 'makemigrations', '--check', '--dry-run', PLUGIN, doing='comparing the migrations')
        say('the migrations are complete')
    return 0


def bench(arguments: list[str]) -> int:
    """Measure what a save costs in a large fabric, in a NetBox with a database of its own."""
    with _services() as (instance, cluster):
        password = instance.settings.database_password
        write_configuration(instance)
        if not baseline.restore(cluster, password=password):
            make_database(cluster, DATABASE, password=password)
        manage(instance, 'migrate', '--no-input', doing='migrating')
        variables = environment(instance) | {'DJANGO_SETTINGS_MODULE': 'netbox.settings'}
        command = [str(VENV_PYTHON), '-m', 'benchmarks.judge_save', *arguments]
        return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


def e2e(arguments: list[str]) -> int:
    """Drive a browser against two demonstrations of the tests' own, one of them on the stand-in for GitHub."""
    try:
        browser = find_browser(ROOT / '.test' / 'packages.log')
    except MissingProgram as missing:
        say(f'the browser tests are SKIPPED: {missing}')
        return 0
    for home in DEMONSTRATIONS.values():
        demo.clean(home)
    try:
        # Side by side: a start waits about as long for one processor as it keeps another busy.
        with ThreadPoolExecutor(max_workers=1) as beside:
            other = beside.submit(_start_on_github, DEMONSTRATIONS['github'])
            demo.start(DEMONSTRATIONS[''], port=free_port())
            other.result()
        variables = dict(os.environ) | {BROWSER_VARIABLE: browser}
        variables |= {ACCESS_VARIABLES[forge]: str(home / 'demo.json') for forge, home in DEMONSTRATIONS.items()}
        return _pytest(['-p', 'no:django', '-m', 'e2e', str(TESTS / 'e2e'), *arguments], variables)
    finally:
        # Their logs stay for whoever looks for the cause of a failure.
        for home in DEMONSTRATIONS.values():
            demo.stop(home)


def _start_on_github(home: Path) -> None:
    """Start the other demonstration in a process of its own, which writes to a file of its own."""
    run(
        [VENV_PYTHON, '-m', 'tools.demo', 'start', '--forge=github', f'--port={free_port()}'],
        doing='starting the demonstration on the stand-in for GitHub',
        log=home.with_suffix('.log'),
        environment=dict(os.environ) | {demo.DIRECTORY_VARIABLE: str(home)},
        directory=ROOT,
    )


@contextmanager
def _services() -> Iterator[tuple[Instance, Cluster]]:
    """Start a new cluster and a new cache, fast instead of safe."""
    _stop_services(Instance(SERVICES, durable=False))
    if SERVICES.exists():
        shutil.rmtree(SERVICES)
    instance = Instance(SERVICES, durable=False)
    with instance.only_us():
        try:
            say('starting PostgreSQL and the cache for the tests')
            cluster = instance.start_database()
            instance.start_cache()
            yield instance, cluster
        finally:
            _stop_services(instance)


def _stop_services(instance: Instance) -> None:
    instance.background('cache').stop()
    instance.background('postgresql').stop(signal.SIGINT)


def _make_template(cluster: Cluster, password: str) -> None:
    """Make what a test database is copied from: the parts that Django's table creation does not make."""
    make_database(cluster, TEMPLATE, password=password)
    cluster.query('CREATE EXTENSION ltree', TEMPLATE)
    cluster.query("CREATE COLLATION natural_sort (provider = icu, locale = 'und-u-kn-true')", TEMPLATE)
    cluster.query(f'ALTER DATABASE {TEMPLATE} IS_TEMPLATE true')


def _pytest(arguments: list[str], variables: dict[str, str]) -> int:
    """Run pytest in a process of its own; its output goes where ours goes."""
    inherited = variables or {name: value for name, value in os.environ.items() if name != 'DJANGO_SETTINGS_MODULE'}
    return subprocess.run([VENV_PYTHON, '-m', 'pytest', *arguments], cwd=ROOT, env=inherited, check=False).returncode


PARTS = {'pure': pure, 'netbox': netbox, 'migrations': migrations, 'bench': bench, 'e2e': e2e}


def main() -> int:
    """Run one part."""
    parser = argparse.ArgumentParser(prog='tools.testing', description=__doc__)
    parser.add_argument('part', choices=sorted(PARTS))
    parser.add_argument('arguments', nargs=argparse.REMAINDER, help='handed on to pytest')
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return PARTS[given.part](given.arguments)
    except ToolError as error:
        fail(str(error))
        return 1
    except KeyboardInterrupt:
        fail('Interrupted; the services are stopped.')
        return 130


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == '__main__':
    sys.exit(main())
