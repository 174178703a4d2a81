"""Run the double as a process, for the demonstration: `python -m netbox_hedgehog.tests.github --root DIR --port N`."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from .forge import Forge
from .state import Memory, set_up

MEMORY = 'forge.json'


def main() -> int:
    """Serve until told to stop; the first line printed is the address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--root', type=Path, required=True, help='where the bare repositories are, or will be')
    parser.add_argument(
        '--port', type=int, default=0, help='the port of the loopback interface; any free one by default'
    )
    parser.add_argument('--state', type=Path, help='a JSON file that says what there must be')
    parser.add_argument('--no-limits', action='store_true', help="do not enforce GitHub's limits")
    chosen = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    forge = Forge(chosen.root.resolve())
    forge.limits.enabled = not chosen.no_limits
    forge.start(chosen.port)
    try:
        memory = Memory(forge, forge.root / MEMORY)
        memory.recall()
        if chosen.state:
            set_up(forge, json.loads(chosen.state.read_text()))
        memory.keep()
        sys.stdout.write(f'{forge.url}\n')
        sys.stdout.flush()
        stopped.wait()
    finally:
        forge.stop()
    return 0


if __name__ == '__main__':
    sys.exit(main())
