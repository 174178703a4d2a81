"""Start, stop and remove the demonstration: NetBox with the plugin, a worker, a database, a cache and a fabric.

Everything lies in one directory, `.demo` unless DEMO_DIR names another. Every step can be repeated: what an earlier
call has done is found and kept, so a start that was interrupted is completed by the next one.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from pprint import pformat
from types import FrameType

from . import baseline, seed
from .api import Api
from .checkout import ROOT
from .errors import ToolError
from .instance import Instance, write_private
from .netbox import (
    DATABASE,
    PLUGIN,
    login_page,
    make_database,
    run_module,
    start_web,
    start_worker,
    stop_processes,
    wait_for_login_page,
    write_configuration,
)
from .ports import LOOPBACK, free_port
from .postgresql import Cluster
from .report import fail, say, show

__all__ = ('directory', 'main', 'start', 'stop')

DIRECTORY_VARIABLE = 'DEMO_DIR'
FIRST_PORT = 8000
COUNTED = ('hedgehogfabric', 'vpc', 'vpcattachment', 'vpcpeering', 'switch', 'server', 'connection', 'gateway')
# What people see first; NetBox's own dashboard is about devices and addresses, of which there are none here.
DASHBOARD = [
    {
        'widget': 'extras.ObjectCountsWidget',
        'width': 4,
        'height': 5,
        'title': 'Hedgehog',
        'color': 'blue',
        'config': {'models': [f'{PLUGIN}.{model}' for model in COUNTED]},
    },
    {
        'widget': 'extras.ObjectListWidget',
        'width': 8,
        'height': 5,
        'title': 'VPCs',
        'color': 'blue',
        'config': {'model': f'{PLUGIN}.vpc', 'page_size': 10},
    },
    {'widget': 'extras.ChangeLogWidget', 'width': 12, 'height': 6, 'title': 'Change log', 'color': 'gray'},
]


def directory() -> Path:
    """Where the demonstration lives."""
    return Path(os.environ.get(DIRECTORY_VARIABLE) or ROOT / '.demo').absolute()


def start(home: Path, *, port: int | None = None) -> None:
    """Bring the demonstration up, from whatever state it is in, and say how to reach it."""
    instance = Instance(home, durable=True)
    with instance.only_us():
        wanted = _fingerprint()
        if instance.settings.prepared == wanted and _runs(instance):
            _say_where(instance, 'The demonstration is already running.')
            if port not in {None, instance.settings.web_port}:
                show(f'To move it to port {port}: make demo-stop, then make demo PORT={port}')
            return
        # Whatever is left of NetBox runs with old ports or old code.
        stop_processes(instance)
        _start_servers(instance, wanted, port)
        say(f'starting NetBox {version("netbox")}')
        start_web(instance)
        wait_for_login_page(instance)
        say(f'the login page answers: {login_page(instance)}')
        # One after the other: both load all of NetBox, and a person waits for the page.
        start_worker(instance)
        _write_access(instance)
        if not instance.settings.seeded:
            seed.seed(instance, _api(instance))
            instance.remember(seeded=True)
        seed.write_hook(instance)
        _say_where(instance, 'The demonstration is running.')


def _start_servers(instance: Instance, wanted: str, port: int | None) -> None:
    usual_port = port or instance.settings.web_port or FIRST_PORT
    web_port = free_port(usual_port, exactly=port is not None)
    if web_port != usual_port:
        say(f'port {usual_port} is taken by another program, so NetBox gets port {web_port}')
    instance.remember(web_port=web_port)
    say('starting PostgreSQL and the cache')
    cluster = instance.start_database()
    instance.start_cache()
    write_configuration(instance, extra=f'DEFAULT_DASHBOARD = {pformat(DASHBOARD, sort_dicts=False)}\n')
    if instance.settings.prepared != wanted:
        _prepare_database(instance, cluster)
        instance.remember(prepared=wanted)


def _prepare_database(instance: Instance, cluster: Cluster) -> None:
    password = instance.settings.database_password
    if not cluster.has_database(DATABASE):
        say(f'making the database from the one of a migrated NetBox {version("netbox")}')
        if not baseline.restore(cluster, password=password):
            say(f'there is none for NetBox {version("netbox")}: all of its migrations will run, which takes minutes')
            make_database(cluster, DATABASE, password=password)
    say('running the migrations that are left, and making the user and the API token')
    run_module(instance, 'tools.provision', str(instance.settings_path), doing='migrating')


def stop(home: Path) -> bool:
    """Stop whatever of the demonstration is running; answer whether anything was."""
    instance = Instance(home, durable=True)
    if not home.is_dir():
        return False
    with instance.only_us():
        stopped = stop_processes(instance)
        stopped = instance.background('cache').stop() or stopped
        # What the server has acknowledged is on disk, and a fast shutdown rolls back the rest.
        return instance.background('postgresql').stop(signal.SIGINT) or stopped


def clean(home: Path) -> None:
    """Stop the demonstration and remove all of it."""
    stop(home)
    if home.is_dir():
        shutil.rmtree(home)


def _runs(instance: Instance) -> bool:
    """Whether all four programs run."""
    return all(instance.background(name).pid() for name in ('postgresql', 'cache', 'web', 'worker'))


def _fingerprint() -> str:
    """Tell apart what the database was prepared with: NetBox's release, and our package's migrations."""
    digest = hashlib.sha256(version('netbox').encode())
    for migration in sorted((ROOT / PLUGIN / 'migrations').glob('[0-9]*.py')):
        digest.update(migration.read_bytes())
    return digest.hexdigest()


def _api(instance: Instance) -> Api:
    return Api(f'http://{LOOPBACK}:{instance.settings.web_port}', instance.settings.token)


def _access(instance: Instance) -> dict[str, str]:
    """Collect what a person or a program needs to use the demonstration."""
    return {
        'url': f'http://{LOOPBACK}:{instance.settings.web_port}',
        'username': instance.settings.username,
        'password': instance.settings.password,
        'token': instance.settings.token,
        'fabric': seed.FABRIC,
        'repository': str(seed.repository_of(instance)),
        'branch': seed.BRANCH,
        'directory': seed.DIRECTORY,
    }


def _write_access(instance: Instance) -> None:
    write_private(instance.home / 'demo.json', json.dumps(_access(instance), indent=2) + '\n')


def _say_where(instance: Instance, headline: str) -> None:
    say(headline)
    show('')
    for name, value in _access(instance).items():
        show(f'  {name:<11} {value}')
    show(f'\nThe same is in {instance.home / "demo.json"}. Stop it: make demo-stop. Remove it: make demo-clean.')


def main() -> int:
    """Carry out one command."""
    parser = argparse.ArgumentParser(prog='tools.demo', description=__doc__)
    commands = parser.add_subparsers(dest='command', required=True)
    starting = commands.add_parser('start', help='start it, or complete a start that was interrupted')
    starting.add_argument('--port', type=int, help='the web port; without it the one of last time')
    commands.add_parser('stop', help='stop it; its data stays')
    commands.add_parser('clean', help='stop it and remove its data')
    arguments = parser.parse_args()
    home = directory()
    actions: dict[str, Callable[[], None]] = {
        'start': lambda: start(home, port=arguments.port),
        'stop': lambda: say('The demonstration is stopped.' if stop(home) else 'The demonstration was not running.'),
        'clean': lambda: clean(home),
    }
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        actions[arguments.command]()
    except ToolError as error:
        fail(str(error))
        return 1
    except KeyboardInterrupt:
        fail('Interrupted; the next make demo goes on from here, and make demo-stop stops what is running.')
        return 130
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == '__main__':
    sys.exit(main())
