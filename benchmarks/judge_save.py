"""How much checking one save costs in a large fabric, inside NetBox.

It reads what changed and judges it; and looks, when it is its turn to save, whether anything has changed since.

make bench                     medians of 50 saves of each kind
"""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

import django

from .check_fabric import say

SIZE = 6500
SAVES = 50


def main() -> int:
    """Measure and report; the database is left full."""
    django.setup()
    from django.db import transaction

    from netbox_hedgehog.models import GitRepository, HedgehogFabric, design_of, model_for
    from netbox_hedgehog.models.design import forget_designs
    from netbox_hedgehog.tests.catalog.synthetic import declare, manifests

    repository = GitRepository.objects.create(name='Bench', url='https://git.example.com/bench.git')
    fabric = HedgehogFabric.objects.create(name='Bench', slug='bench', repository=repository, mode='paused')
    rows: dict[str, list] = {}
    for declaration in map(declare, manifests(SIZE)):
        row = model_for(declaration.kind.name)(fabric=fabric, name=declaration.name, spec=declaration.spec)
        rows.setdefault(declaration.kind.name, []).append(row)
    for kind, found in rows.items():
        model_for(kind).objects.bulk_create(found)

    def read_anew() -> None:
        forget_designs()
        design_of(fabric)

    say(f'{SIZE} resources; a process reads all of them once: {_median(read_anew, 3) * 1e3:.0f} ms')
    say(f'{"one save of a":>18} {"checking":>11} {"slowest":>11}')
    for kind in rows:
        times = []
        for number in range(SAVES):
            row = model_for(kind).objects.filter(fabric=fabric)[number % len(rows[kind])]
            # Another save has come before, of this process or of another one: its row is read, too.
            model_for('Server').objects.filter(pk=rows['Server'][number].pk).update(annotations={'seen': f'{number}'})
            row.spec = {**row.spec, 'edited': None}
            begin = perf_counter()
            row.judge_save()
            with transaction.atomic():
                row.check_in_turn(['spec'], 'default')
            times.append(perf_counter() - begin)
        say(f'{kind:>18} {median(times) * 1e3:>8.1f} ms {max(times) * 1e3:>8.1f} ms')
    return 0


def _median(action: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        begin = perf_counter()
        action()
        times.append(perf_counter() - begin)
    return median(times)


if __name__ == '__main__':
    sys.exit(main())
