"""Put the demonstration's fabric into NetBox, with ordinary REST calls: the way that a user goes.

What is there already is kept.
"""

import time

from .api import Api
from .history import BRANCH, DIRECTORY, FABRIC
from .instance import Instance
from .netbox import PLUGIN_API
from .places import Place
from .report import say

__all__ = ('seed',)

FIRST_SYNC_SECONDS = 90


def seed(instance: Instance, place: Place, api: Api) -> None:
    """Fill the repository, record it and its fabric, and wait until the first synchronisation is over."""
    place.fill()
    say('telling NetBox of the repository and the fabric')
    fabric = _record_fabric(place.record(api), api)
    say('the worker takes the manifests over')
    _wait_for_first_sync(instance, fabric, api)


def _record_fabric(repository: dict[str, object], api: Api) -> dict[str, object]:
    return api.provide(
        f'{PLUGIN_API}/fabrics/',
        {
            'name': FABRIC,
            'slug': FABRIC,
            'repository': repository['id'],
            'branch': BRANCH,
            'directory': DIRECTORY,
            'description': 'Two spines, four leaves, six servers, three VPCs and a way out',
        },
    )


def _wait_for_first_sync(instance: Instance, fabric: dict[str, object], api: Api) -> None:
    """Wait for the first run; one that takes too long goes on without us, and is visible in NetBox."""
    until = time.monotonic() + FIRST_SYNC_SECONDS
    while time.monotonic() < until:
        run = api.first(f'{PLUGIN_API}/sync-runs/', fabric_id=str(fabric['id']))
        if run and run.get('completed'):
            return
        time.sleep(1)
    say(f'the first synchronisation is not over yet; the worker goes on: {instance.background("worker").log}')
