"""Start, stop and remove the demonstration: NetBox with the plugin, a worker, a database, a cache and a fabric.

There are two, which may run at once: `.demo` keeps its manifests in a bare repository on this machine, and
`.demo-github` on a stand-in for GitHub. DEMO_DIR names another directory for either. Every step can be repeated: what
an earlier call has done is found and kept, so a start that was interrupted is completed by the next one.
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

from . import baseline
from .api import Api
from .checkout import ROOT
from .errors import ToolError
from .history import BRANCH, DIRECTORY, FABRIC
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
from .places import FORGES, Place, place_of
from .ports import LOOPBACK, free_port
from .postgresql import Cluster
from .report import fail, say, show
from .seed import seed

__all__ = ('DIRECTORY_VARIABLE', 'clean', 'directories', 'main', 'start', 'stop')

DIRECTORY_VARIABLE = 'DEMO_DIR'
HOMES = {'': '.demo', 'github': '.demo-github'}
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


def directories() -> dict[str, Path]:
    """Where the demonstrations live, by whose place their manifests are kept in; all the same if a person named one."""
    named = os.environ.get(DIRECTORY_VARIABLE)
    return {forge: Path(named or ROOT / home).absolute() for forge, home in HOMES.items()}


def start(home: Path, *, forge: str = '', port: int | None = None) -> None:
    """Bring the demonstration up, from whatever state it is in, and say how to reach it."""
    instance = Instance(home, durable=True)
    with instance.only_us():
        place = _settle_place(instance, forge)
        wanted = _fingerprint()
        if instance.settings.prepared == wanted and _runs(instance, place):
            _say_where(instance, 'The demonstration is already running.')
            if port not in {None, instance.settings.web_port}:
                show(f'To move it to port {port}: make demo-stop, then start it with PORT={port}')
            return
        # Whatever is left of NetBox runs with old ports or old code.
        stop_processes(instance)
        _start_servers(instance, place, wanted, port)
        say(f'starting NetBox {version("netbox")}')
        start_web(instance)
        wait_for_login_page(instance)
        say(f'the login page answers: {login_page(instance)}')
        # One after the other: both load all of NetBox, and a person waits for the page.
        start_worker(instance)
        _write_access(instance)
        if not instance.settings.seeded:
            seed(instance, place, _api(instance))
            instance.remember(seeded=True)
        place.announce_pushes(_api(instance))
        _say_where(instance, 'The demonstration is running.')


def _settle_place(instance: Instance, forge: str) -> Place:
    """Return the place for the manifests, which is decided once: records in NetBox name it."""
    if instance.settings.prepared and instance.settings.forge != forge:
        place = place_of(instance)
        raise ToolError(
            f'The demonstration in {instance.home} keeps its manifests {place.whereabouts}. Remove it with '
            f'make demo-clean, or name another directory with {DIRECTORY_VARIABLE}.'
        )
    instance.remember(forge=forge)
    return place_of(instance)


def _start_servers(instance: Instance, place: Place, wanted: str, port: int | None) -> None:
    usual_port = port or instance.settings.web_port or place.first_web_port
    web_port = free_port(usual_port, exactly=port is not None)
    if web_port != usual_port:
        say(f'port {usual_port} is taken by another program, so NetBox gets port {web_port}')
    instance.remember(web_port=web_port)
    say('starting PostgreSQL and the cache')
    cluster = instance.start_database()
    instance.start_cache()
    place.start()
    write_configuration(
        instance,
        plugin_settings=place.plugin_settings,
        extra=f'DEFAULT_DASHBOARD = {pformat(DASHBOARD, sort_dicts=False)}\n',
    )
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
        for program in (*place_of(instance).programs, 'cache'):
            stopped = instance.background(program).stop() or stopped
        # What the server has acknowledged is on disk, and a fast shutdown rolls back the rest.
        return instance.background('postgresql').stop(signal.SIGINT) or stopped


def clean(home: Path) -> None:
    """Stop the demonstration and remove all of it."""
    stop(home)
    if home.is_dir():
        shutil.rmtree(home)


def _runs(instance: Instance, place: Place) -> bool:
    """Whether all programs run."""
    return all(instance.background(name).pid() for name in ('postgresql', 'cache', 'web', 'worker', *place.programs))


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
        'fabric': FABRIC,
        'repository': str(place_of(instance).repository),
        'branch': BRANCH,
        'directory': DIRECTORY,
        **place_of(instance).access,
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
    starting.add_argument(
        '--forge',
        choices=sorted(FORGES),
        default='',
        help='keep the manifests on a stand-in for GitHub; without it in a bare repository on this machine',
    )
    commands.add_parser('stop', help='stop it, the one on the stand-in for GitHub too; the data stays')
    commands.add_parser('clean', help='stop both and remove their data')
    arguments = parser.parse_args()
    homes = directories()
    actions: dict[str, Callable[[], None]] = {
        'start': lambda: start(homes[arguments.forge], forge=arguments.forge, port=arguments.port),
        'stop': lambda: _stop_all(set(homes.values())),
        'clean': lambda: _clean_all(set(homes.values())),
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


def _stop_all(homes: set[Path]) -> None:
    """Stop every demonstration, and say whether one was running."""
    stopped = [home for home in sorted(homes) if stop(home)]
    for home in stopped:
        say(f'The demonstration in {home.name} is stopped.')
    if not stopped:
        say('The demonstration was not running.')


def _clean_all(homes: set[Path]) -> None:
    for home in sorted(homes):
        clean(home)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == '__main__':
    sys.exit(main())
