"""`hedgehog-validate`: judge manifests at a shell or in a pipeline, without NetBox."""

import argparse
import io
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace

from netbox_hedgehog.catalog import FabricSettings

from .errors import ValidationFailure
from .files import SUFFIXES, read_manifests
from .judging import judge_files
from .report import as_json_lines, as_text, printable
from .settings import read_settings

__all__ = ('main',)

_PROGRAM = 'hedgehog-validate'
_VALID, _INVALID, _COULD_NOT_RUN = 0, 1, 2
_DESCRIPTION = 'Judge Hedgehog manifests as the fabric does. All files together are one fabric.'
_EPILOG = f"""\
A directory stands for all files below it that end in {', '.join(SUFFIXES)}, hidden ones included.

With --json, each line of the output is an object:
  {{"source", "document", "apiVersion", "kind", "namespace", "name", "ok",
   "problems": [{{"rule", "severity", "path", "line", "message"}}]}}
"document" counts the documents of a file from 1, also those with nothing but comments; the items of a List share its
number. "line" counts the lines of the file from 1. What cannot be told is null. Warnings leave "ok" true.

exit status:
  {_VALID} if everything is valid, {_INVALID} if anything is invalid, {_COULD_NOT_RUN} if that could not be told
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        settings = read_settings(options.settings) if options.settings else FabricSettings()
        files = tuple(read_manifests(options.paths, _say))
        if not files:
            _say('there is no manifest in what was named')
    except ValidationFailure as failure:
        _say(str(failure))
        return _COULD_NOT_RUN
    verdicts = judge_files(files, replace(settings, is_installed=not options.day0))
    lines = as_json_lines(verdicts) if options.json else as_text(verdicts, len(files))
    try:
        _print(lines)
    except BrokenPipeError:
        # Whoever reads has seen enough. Python's own flush at exit must not fail as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _VALID if all(verdict.is_valid for verdict in verdicts) else _INVALID


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_PROGRAM,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('paths', nargs='+', metavar='FILE|DIR', help='manifests, or directories of them')
    parser.add_argument(
        '--settings', metavar='FILE', help="the fabric's settings: upstream's FabricConfig; its defaults without it"
    )
    parser.add_argument(
        '--day0',
        action='store_true',
        help='the fabric is not installed yet: blank addresses and ASNs count as filled, missing default namespaces as '
        'present',
    )
    parser.add_argument('--json', action='store_true', help='print one JSON object per document instead of text')
    return parser


def _print(lines: Iterable[str]) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a character of a message is no reason to stop.
        sys.stdout.reconfigure(errors='backslashreplace')
    for line in lines:
        sys.stdout.write(f'{line}\n')
    sys.stdout.flush()


def _say(message: str) -> None:
    for line in message.split('\n'):
        sys.stderr.write(f'{_PROGRAM}: {printable(line)}\n')


if __name__ == '__main__':
    sys.exit(main())
