"""NetBox as one instance runs it: its configuration, its database, its commands and its two processes."""

import os
import pprint
import signal
from collections.abc import Mapping, Sequence

from .api import fetch
from .background import wait_until
from .checkout import ROOT, VENV, VENV_PYTHON, venv_program
from .commands import run
from .instance import Instance, write_private
from .ports import LOOPBACK
from .postgresql import Cluster

__all__ = (
    'DATABASE',
    'PLUGIN',
    'PLUGIN_API',
    'environment',
    'login_page',
    'make_database',
    'manage',
    'run_module',
    'start_web',
    'start_worker',
    'stop_processes',
    'wait_for_login_page',
    'write_configuration',
)

QUEUES = ('high', 'default', 'low')
DATABASE = 'netbox'
ROLE = 'netbox'
PLUGIN = 'netbox_hedgehog'
PLUGIN_API = 'plugins/hedgehog'
START_SECONDS = 120
WORKER_GRACE_SECONDS = 20


def write_configuration(
    instance: Instance,
    *,
    plugins: Sequence[str] = (PLUGIN,),
    plugin_settings: Mapping[str, object] | None = None,
    extra: str = '',
    test_template: str | None = None,
) -> None:
    """Write NetBox's configuration for this instance; `extra` is appended to it as it is."""
    settings = instance.settings
    database: dict[str, object] = {
        'NAME': DATABASE,
        'USER': ROLE,
        'PASSWORD': settings.database_password,
        'HOST': LOOPBACK,
        'PORT': str(settings.database_port),
        'CONN_MAX_AGE': 300,
    }
    if test_template:
        # Tables are made from the models in seconds; the template holds what Django's table creation does not make.
        database['TEST'] = {'MIGRATE': False, 'TEMPLATE': test_template}
    redis = {
        'HOST': LOOPBACK,
        'PORT': settings.cache_port,
        'USERNAME': '',
        'PASSWORD': settings.cache_password,
        'SSL': False,
    }
    values: dict[str, object] = {
        'ALLOWED_HOSTS': [LOOPBACK, 'localhost', '[::1]'],
        'SECRET_KEY': settings.secret_key,
        'API_TOKEN_PEPPERS': {1: settings.token_pepper},
        'DATABASES': {'default': database},
        'REDIS': {'tasks': {**redis, 'DATABASE': 0}, 'caching': {**redis, 'DATABASE': 1}},
        # Nothing here asks anything of a host outside.
        'ISOLATED_DEPLOYMENT': True,
        'CENSUS_REPORTING_ENABLED': False,
        'RELEASE_CHECK_URL': None,
        'PLUGINS': list(plugins),
        'PLUGINS_CONFIG': {PLUGIN: {'local_repository_root': str(instance.repositories), **(plugin_settings or {})}},
    }
    lines = [f'{name} = {pprint.pformat(value, width=110, sort_dicts=False)}' for name, value in values.items()]
    for directory in ('conf', 'media', 'reports', 'scripts', 'static'):
        (instance.netbox_root / directory).mkdir(parents=True, exist_ok=True)
    header = '# Written at every start; changes do not last.\n'
    write_private(instance.netbox_root / 'conf' / 'configuration.py', header + '\n'.join(lines) + f'\n{extra}')


def environment(instance: Instance) -> dict[str, str]:
    """Make the environment of NetBox's processes: the person's own, without another NetBox's settings."""
    foreign = {'NETBOX_CONFIGURATION', 'DJANGO_SETTINGS_MODULE', 'PYTHONPATH', 'PYTHONHOME'}
    own = {
        'NETBOX_ROOT': str(instance.netbox_root),
        'VIRTUAL_ENV': str(VENV),
        'PATH': f'{VENV / "bin"}{os.pathsep}{os.environ.get("PATH", os.defpath)}',
        'PYTHONUNBUFFERED': '1',
    }
    return {name: value for name, value in os.environ.items() if name not in foreign} | own


def make_database(cluster: Cluster, name: str, *, password: str) -> None:
    """Make an empty database that belongs to NetBox's role; the role too, when it is not there."""
    if not cluster.has_role(ROLE):
        cluster.query(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'")
    cluster.query(f'CREATE DATABASE {name} OWNER {ROLE}')


def manage(instance: Instance, *arguments: str, doing: str, extra: dict[str, str] | None = None) -> None:
    """Run a management command to its end."""
    run(
        [venv_program('netbox'), *arguments],
        doing=doing,
        log=instance.logs / 'commands.log',
        environment=environment(instance) | (extra or {}),
        directory=ROOT,
    )


def run_module(instance: Instance, module: str, *arguments: str, doing: str) -> None:
    """Run one of our own modules to its end, with the instance's settings."""
    run(
        [VENV_PYTHON, '-m', module, *arguments],
        doing=doing,
        log=instance.logs / 'commands.log',
        environment=environment(instance),
        directory=ROOT,
    )


def start_web(instance: Instance) -> None:
    """Start the web server; it answers some seconds later.

    The control socket is off because it would lie in the person's home directory.
    """
    instance.background('web').start(
        [
            venv_program('gunicorn'),
            f'--bind={LOOPBACK}:{instance.settings.web_port}',
            '--workers=2',
            '--threads=4',
            '--timeout=120',
            '--graceful-timeout=2',
            '--preload',
            '--no-control-socket',
            f'--worker-tmp-dir={instance.logs}',
            'tools.wsgi:application',
        ],
        environment=environment(instance),
        directory=ROOT,
    )


def start_worker(instance: Instance) -> None:
    """Start the process that runs NetBox's background jobs; no other may be running."""
    _release_schedules(instance)
    instance.background('worker').start(
        [venv_program('netbox'), 'rqworker', *QUEUES],
        environment=environment(instance),
        directory=ROOT,
    )


def _release_schedules(instance: Instance) -> None:
    """Drop the claims of a worker that was killed: the next would leave scheduled jobs alone for up to ten minutes."""
    import redis  # the commands that stop things run without NetBox's packages

    settings = instance.settings
    with redis.Redis(host=LOOPBACK, port=settings.cache_port or 0, password=settings.cache_password) as cache:
        cache.delete(*(f'rq:scheduler-lock:{queue}' for queue in QUEUES))


def stop_processes(instance: Instance) -> bool:
    """Stop the web server and the worker, in this order; answer whether either was running."""
    web = instance.background('web').stop(signal.SIGTERM)
    return instance.background('worker').stop(signal.SIGTERM, grace_seconds=WORKER_GRACE_SECONDS) or web


def login_page(instance: Instance) -> str:
    """Name the page that people see first."""
    return f'http://{LOOPBACK}:{instance.settings.web_port}/login/'


def wait_for_login_page(instance: Instance) -> None:
    """Wait until the login page answers."""

    def answers() -> bool:
        try:
            return fetch(login_page(instance), timeout_seconds=60).status == 200
        except OSError:
            return False

    wait_until(answers, program=instance.background('web'), seconds=START_SECONDS)
