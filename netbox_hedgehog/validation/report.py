"""The verdicts as people read them, and as programs do."""

import json
from collections.abc import Iterable, Iterator, Sequence

from netbox_hedgehog.catalog import Severity

from .judging import Finding, Verdict

__all__ = ('as_json_lines', 'as_text', 'printable')


def as_json_lines(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Yield one JSON object per verdict, each on a line of its own."""
    for verdict in verdicts:
        yield json.dumps(
            {
                'source': verdict.source,
                'document': verdict.document,
                'apiVersion': verdict.api_version,
                'kind': verdict.kind,
                'namespace': verdict.namespace,
                'name': verdict.name,
                'ok': verdict.is_valid,
                'problems': [_as_json(finding) for finding in verdict.findings],
            }
        )


def as_text(verdicts: Sequence[Verdict], file_count: int) -> Iterator[str]:
    """Yield a line per problem, and one that sums up."""
    for verdict in verdicts:
        name = f'{verdict.kind or "?"}/{verdict.name or "?"}'
        for line, problem in ((finding.line, finding.problem) for finding in verdict.findings):
            where = f'{name}: {problem.path}' if problem.path else name
            text = f'{verdict.source}:{line}: {problem.severity}: {where}: {problem.message} [{problem.rule}]'
            yield printable(text)
    invalid = sum(not verdict.is_valid for verdict in verdicts)
    severities = [finding.problem.severity for verdict in verdicts for finding in verdict.findings]
    errors, warnings = (severities.count(severity) for severity in (Severity.ERROR, Severity.WARNING))
    documents, files = _counted(len(verdicts), 'document'), _counted(file_count, 'file')
    yield (
        f'{documents} in {files}: {len(verdicts) - invalid} valid, {invalid} invalid '
        f'({_counted(errors, "error")}, {_counted(warnings, "warning")})'
    )


def _as_json(finding: Finding) -> dict[str, str | int]:
    problem = finding.problem
    return {
        'rule': problem.rule,
        'severity': problem.severity.value,
        'path': problem.path,
        'line': finding.line,
        'message': problem.message,
    }


def _counted(number: int, noun: str) -> str:
    return f'{number} {noun}' if number == 1 else f'{number} {noun}s'


def printable(text: str) -> str:
    """Spell out what would act on a terminal, or break the line: names come from files that strangers may write."""
    return ''.join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
