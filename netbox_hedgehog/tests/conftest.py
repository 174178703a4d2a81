"""Which tests can run here.

The tests of the pure rooms, and of the tests' own GitHub, need nothing at all. The browser's need a running
demonstration, and all others NetBox's settings: without those they are not even imported. So a plain `pytest` in a
fresh checkout runs what it can.
"""

import gc
import os
from pathlib import Path

PURE_ROOMS = {'catalog', 'manifests', 'validation', 'repositories', 'reconcile', 'github'}
TESTS = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what lacks its surroundings."""
    if not collection_path.is_relative_to(TESTS) or collection_path == TESTS:
        return None
    room = collection_path.relative_to(TESTS).parts[0]
    if room in PURE_ROOMS:
        return None
    needed = 'HEDGEHOG_DEMO' if room == 'e2e' else 'DJANGO_SETTINGS_MODULE'
    return None if needed in os.environ else True


def pytest_collection_finish() -> None:
    """Let the collector leave alone what stays anyway: NetBox and its tests are a million objects to look through."""
    gc.collect()
    gc.freeze()
