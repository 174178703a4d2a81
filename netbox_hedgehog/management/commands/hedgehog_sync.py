"""Synchronise fabrics with Git from the command line."""

import argparse
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from netbox_hedgehog.models import FabricModeChoices, HedgehogFabric, RunStatusChoices, RunTriggerChoices
from netbox_hedgehog.repositories import RepositoryError
from netbox_hedgehog.sync import BidirectionalSyncOrchestrator, FabricPaused, describe_plan

_FAILED, _USAGE = 1, 2
_UNDONE = (RunStatusChoices.FAILED, RunStatusChoices.POSTPONED)

_DESCRIPTION = """\
Make one pass over each fabric, here and now: changes made in NetBox are committed, changes made in Git are taken over.
Without names, all active fabrics are synchronised."""

_EPILOG = """\
exit status:
  0  every pass did its work; what it left for a person to decide is printed
  1  a pass failed, for instance because a repository could not be reached, or was postponed for a rate limit:
     nothing is lost, try again
  2  the command was not understood, or names a fabric that does not exist"""

# What a pass did, in the order in which it is told: the name of a count, and the words for it.
_COUNTS = (
    ('files_written', '{} file(s) written'),
    ('files_deleted', '{} file(s) deleted'),
    ('rows_created', '{} resource(s) created'),
    ('rows_updated', '{} resource(s) updated'),
    ('rows_deleted', '{} resource(s) deleted'),
    ('conflicts', '{} in conflict'),
    ('held', '{} held'),
    ('quarantined', '{} quarantined'),
    ('problems', '{} problem(s)'),
)


class Command(BaseCommand):
    """Make one pass over each fabric, in this process."""

    help = _DESCRIPTION

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> argparse.ArgumentParser:
        """Keep the lines of the help as they are."""
        kwargs |= {'formatter_class': argparse.RawDescriptionHelpFormatter, 'epilog': _EPILOG}
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare what the command takes."""
        parser.add_argument('fabric', nargs='*', metavar='FABRIC', help='slug or name of a fabric')
        parser.add_argument('--dry-run', action='store_true', help='print what a pass would do, and change nothing')
        parser.add_argument(
            '--complete', action='store_true', help='compare every resource and every manifest, not only what changed'
        )
        parser.add_argument('--json', action='store_true', help='print a JSON list with one object per fabric')

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the fabrics; one that fails does not keep the others waiting."""
        fabrics = _find(options['fabric'])
        work = _preview if options['dry_run'] else _synchronise
        reports = []
        for fabric in fabrics:
            report = {'fabric': fabric.name, 'slug': fabric.slug, **work(fabric, complete=options['complete'])}
            reports.append(report)
            if not options['json']:
                self._print(report)
        if options['json']:
            self.stdout.write(json.dumps(reports, indent=2, ensure_ascii=False))
        elif not fabrics:
            self.stdout.write('There is no active fabric.')
        failed = [report['fabric'] for report in reports if report['status'] in _UNDONE]
        if failed:
            raise CommandError(f'{len(failed)} of {len(reports)} failed: {", ".join(failed)}', returncode=_FAILED)

    def _print(self, report: Mapping[str, Any]) -> None:
        if report['status'] in _UNDONE:
            self.stdout.write(f'{report["fabric"]}: {self.style.ERROR(report["status"])}: {report["error"]}')
            if report['remedy']:
                self.stdout.write(f'  {report["remedy"]}')
            return
        if 'plan' in report:
            lines = _plan_lines(report)
        else:
            lines = [f'{report["fabric"]}: {_commits(report)}: {_counted(report["counts"], otherwise="in sync")}']
        for line in (*lines, *_problem_lines(report['problems'])):
            self.stdout.write(line)


def _find(names: Iterable[str]) -> list[HedgehogFabric]:
    """Return the fabrics that are named by slug or name, each once; without names the active ones."""
    if not names:
        return list(HedgehogFabric.objects.filter(mode=FabricModeChoices.ACTIVE))
    found: dict[int, HedgehogFabric] = {}
    for name in names:
        fabric = HedgehogFabric.objects.filter(slug=name).first() or HedgehogFabric.objects.filter(name=name).first()
        if fabric is None:
            known = ', '.join(HedgehogFabric.objects.values_list('slug', flat=True)) or 'none'
            raise CommandError(f'There is no fabric {name}. Known fabrics: {known}', returncode=_USAGE)
        found[fabric.pk] = fabric
    return list(found.values())


def _synchronise(fabric: HedgehogFabric, *, complete: bool) -> dict[str, Any]:
    try:
        run = BidirectionalSyncOrchestrator(fabric, trigger=RunTriggerChoices.COMMAND, complete=complete).run()
    except FabricPaused as paused:
        return _failure(str(paused), 'Set its mode to active first.')
    if run.status in _UNDONE:
        return _failure(run.error) | {'status': run.status, 'run': run.pk}
    return {
        'status': run.status,
        'run': run.pk,
        'commit_before': run.commit_before,
        'commit_after': run.commit_after,
        'counts': run.counts,
        'changes': run.changes,
        'problems': run.problems,
    }


def _preview(fabric: HedgehogFabric, *, complete: bool) -> dict[str, Any]:
    try:
        plan = BidirectionalSyncOrchestrator(fabric, trigger=RunTriggerChoices.COMMAND, complete=complete).preview()
    except RepositoryError as error:
        return _failure(error.message, error.remedy)
    described = describe_plan(fabric, plan)
    return {'status': 'planned', 'plan': described, 'problems': described['problems']}


def _failure(error: str, remedy: str = '') -> dict[str, Any]:
    return {'status': RunStatusChoices.FAILED, 'error': error, 'remedy': remedy}


def _plan_lines(report: Mapping[str, Any]) -> Iterable[str]:
    plan = report['plan']
    yield f'{report["fabric"]}: at {_short(plan["head"])}: {_counted(plan["counts"], otherwise="nothing to do")}'
    for file in plan['files']:
        yield f'  {file["action"]} {file["path"]}' + _of(file['resources'])
    for row in plan['rows']:
        yield f'  {row["action"]} {_identity(row)} in NetBox'
    for conflict in plan['conflicts']:
        yield f'  conflict in {_identity(conflict)}' + _of(path or 'the whole resource' for path in conflict['fields'])
    for held in plan['held']:
        yield f'  hold {_identity(held)}: {held["reason"]}'
    for notice in plan['notices']:
        yield f'  {notice}'


def _problem_lines(problems: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for problem in problems:
        yield f'  {problem["path"]}:{problem["line"]}: {problem["message"]} ({problem["code"]})'


def _commits(report: Mapping[str, Any]) -> str:
    before, after = _short(report['commit_before']), _short(report['commit_after'])
    return f'{before} -> {after}' if before != after else f'at {after}'


def _counted(counts: Mapping[str, int], *, otherwise: str) -> str:
    told = [words.format(counts[name]) for name, words in _COUNTS if counts[name]]
    return ', '.join(told) or otherwise


def _of(things: Iterable[str]) -> str:
    listed = ', '.join(things)
    return f' ({listed})' if listed else ''


def _identity(entry: Mapping[str, str]) -> str:
    return f'{entry["kind"]} {entry["namespace"]}/{entry["name"]}'


def _short(commit: str | None) -> str:
    return commit[:12] if commit else 'no commit'
