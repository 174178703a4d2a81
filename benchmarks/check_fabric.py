"""How long it takes to check a fabric, by its size, and to check one edit in a large one.

make bench                     medians of 5 runs
python -m benchmarks.check_fabric --runs 20
"""

import argparse
import gc
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median
from time import process_time

from netbox_hedgehog.catalog import KINDS, Declaration, Design, FabricSettings, judge, judge_change
from netbox_hedgehog.manifests import dump, parse
from netbox_hedgehog.tests.catalog.synthetic import declare, manifests
from netbox_hedgehog.validation import judge_files

SIZES = (622, 1300, 3250, 6500)
SETTINGS = FabricSettings()


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog='benchmarks.check_fabric', description=__doc__.splitlines()[0])
    parser.add_argument(
        '--runs', type=int, default=5, help='of which the median is taken; edits are run 20 times as often'
    )
    runs = parser.parse_args().runs
    say(f'{"objects":>8} {"check":>9} {"per object":>11} {"growth":>15} {"with reading":>13} {"problems":>9}')
    before: tuple[int, float] | None = None
    for size in SIZES:
        contents = manifests(size)
        declarations = [declare(content) for content in contents]
        seconds = median_of(lambda declarations=declarations: judge(Design(SETTINGS, declarations)), runs)
        file = '---\n'.join(dump(content, KINDS[content['kind']]) for content in contents).encode()
        reading = median_of(lambda file=file: judge_files([parse('fabric.yaml', file)], SETTINGS), min(runs, 3))
        growth = f'x{size / before[0]:.2f}: x{seconds / before[1]:.2f}' if before else ''
        problems = sum(map(len, judge(Design(SETTINGS, declarations)).values()))
        per_object = f'{seconds / size * 1e6:.0f} us'
        say(f'{size:>8} {seconds * 1e3:>6.0f} ms {per_object:>11} {growth:>15} {reading * 1e3:>10.0f} ms {problems:>9}')
        before = size, seconds
    say(f'\none edit among {SIZES[-1]} objects (with_changes and judge_change)')
    for what, seconds in edits(declarations, runs * 20):
        say(f'{what:>24} {seconds * 1e3:>8.2f} ms')
    say('\nwhat must not grow with the square: 500 and 4,000 of them')
    for what, few, many in floods():
        say(f'{what:>24} {few * 1e3:>8.0f} ms {many * 1e3:>8.0f} ms  x{many / few:.1f}')
    return 0


def floods() -> Iterator[tuple[str, float, float]]:
    """Measure much of the same at once: faults in one document, and VPCs of one namespace that change together."""

    def faulty(count: int) -> Callable[[], object]:
        spec = {'external': 'e', 'connection': 'c', 'inboundACL': {'statements': [{'seq': 'x'}] * count}}
        declaration = Declaration(KINDS['ExternalAttachment'], 'default', 'flood', spec)
        return lambda: judge(Design(SETTINGS, [declaration]))

    def changed(count: int) -> Callable[[], object]:
        vpcs = [
            Declaration(KINDS['VPC'], 'default', f'v-{number}', {'subnets': {'a': {'vlan': 1001}}})
            for number in range(count)
        ]
        design = Design(SETTINGS, vpcs)
        return lambda: design.with_changes(put=vpcs)

    for what, flood in (('faults in a document', faulty), ('VPCs changed together', changed)):
        yield what, median_of(flood(500), 3), median_of(flood(4000), 3)


def edits(declarations: list[Declaration], runs: int) -> list[tuple[str, float]]:
    """Measure edits of resources that few, many and all others depend on."""
    design = Design(SETTINGS, declarations)
    judge(design)
    picked = {}
    for declaration in declarations:
        picked.setdefault(declaration.kind.name, declaration)

    def edit(declaration: Declaration) -> Callable[[], object]:
        # Another spec that means the same: the edit is felt as far as any.
        changed = replace(declaration, spec={**declaration.spec, 'edited': None})
        return lambda: judge_change(design, design.with_changes(put=[changed]), [changed.identity])

    return [(kind, median_of(edit(declaration), runs)) for kind, declaration in picked.items()]


def median_of(action: Callable[[], object], runs: int) -> float:
    """Return the median of the processor seconds that an action takes: what else the machine does is left out."""
    times = []
    gc.collect()
    for _ in range(runs):
        begin = process_time()
        action()
        times.append(process_time() - begin)
    return median(times)


def say(line: str) -> None:
    """Report a line."""
    sys.stdout.write(f'{line}\n')
    sys.stdout.flush()


if __name__ == '__main__':
    sys.exit(main())
