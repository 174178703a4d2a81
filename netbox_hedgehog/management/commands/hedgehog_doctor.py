"""Examine repositories and fabrics from the command line."""

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from netbox_hedgehog.models import GitRepository, HedgehogFabric
from netbox_hedgehog.sync.doctor import Finding, examine_fabric, examine_repository, is_in_order, report_of

_FAILED, _USAGE = 1, 2

_DESCRIPTION = """\
Ask the servers, question by question, whether repositories and fabrics can be used for what is set: address, clock,
credential, budget, permission to write, branch, its rules, directory and webhook.
Without names, all repositories and fabrics are examined. Nothing is changed, and nothing secret is printed."""

_EPILOG = """\
a line is: verdict  check  finding — what to do; the verdicts are ok, warning, failed and skipped

exit status:
  0  nothing failed; there may be warnings
  1  something failed
  2  the command was not understood, or names what does not exist"""


@dataclass(frozen=True, slots=True)
class _Examination:
    kind: str
    name: str
    findings: list[Finding]


class Command(BaseCommand):
    """Examine repositories and fabrics, and tell what is wrong and what to do."""

    help = _DESCRIPTION

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> argparse.ArgumentParser:
        """Keep the lines of the help as they are."""
        kwargs |= {'formatter_class': argparse.RawDescriptionHelpFormatter, 'epilog': _EPILOG}
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare what the command takes."""
        parser.add_argument('name', nargs='*', metavar='NAME', help='slug or name of a fabric, or name of a repository')
        parser.add_argument('--json', action='store_true', help='print a JSON list with one object per examination')

    def handle(self, *args: Any, **options: Any) -> None:
        """Examine one after the other."""
        examinations = []
        for subject in _find(options['name']):
            examination = _examine(subject)
            examinations.append(examination)
            if not options['json']:
                self.stdout.write(f'{examination.kind} {examination.name}')
                self.stdout.write(report_of(examination.findings))
        if options['json']:
            self.stdout.write(json.dumps([_described(one) for one in examinations], indent=2, ensure_ascii=False))
        elif not examinations:
            self.stdout.write('There is neither a repository nor a fabric.')
        failed = [one.name for one in examinations if not is_in_order(one.findings)]
        if failed:
            message = f'{len(failed)} of {len(examinations)} cannot be used: {", ".join(failed)}'
            raise CommandError(message, returncode=_FAILED)


def _find(names: Iterable[str]) -> list[GitRepository | HedgehogFabric]:
    """Return what is named, each once; a name that a fabric and a repository share means both."""
    if not names:
        return [*GitRepository.objects.all(), *HedgehogFabric.objects.select_related('repository')]
    found: dict[tuple[type, int], GitRepository | HedgehogFabric] = {}
    for name in names:
        named = [
            GitRepository.objects.filter(name=name).first(),
            HedgehogFabric.objects.filter(slug=name).first() or HedgehogFabric.objects.filter(name=name).first(),
        ]
        if not any(named):
            raise CommandError(f'There is no fabric and no repository {name}. {_known()}', returncode=_USAGE)
        found |= {(type(subject), subject.pk): subject for subject in named if subject}
    return list(found.values())


def _known() -> str:
    fabrics = ', '.join(HedgehogFabric.objects.values_list('slug', flat=True)) or 'none'
    repositories = ', '.join(GitRepository.objects.values_list('name', flat=True)) or 'none'
    return f'Known fabrics: {fabrics}; repositories: {repositories}'


def _examine(subject: GitRepository | HedgehogFabric) -> _Examination:
    if isinstance(subject, HedgehogFabric):
        return _Examination('fabric', subject.slug, examine_fabric(subject))
    return _Examination('repository', subject.name, examine_repository(subject))


def _described(examination: _Examination) -> dict[str, Any]:
    return {
        'kind': examination.kind,
        'name': examination.name,
        'ok': is_in_order(examination.findings),
        'findings': [asdict(finding) for finding in examination.findings],
    }
