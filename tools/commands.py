"""Run a program to its end, with its output in a log file and a sign of life on the terminal."""

import selectors
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .errors import CommandFailed
from .report import say, shorten

__all__ = ('ending', 'run')

QUIET_SECONDS = 8
ENDING_LINES = 15


def run(
    arguments: Sequence[str | Path],
    *,
    doing: str,
    log: Path,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    text_in: str | None = None,
) -> None:
    """Run a program; append what it writes to `log`, and say every few seconds how far it is.

    The sign of life is the last line that the program wrote. `text_in` is for a program that reads little.
    Raises `CommandFailed` when the exit code is not 0.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open('ab') as output,
        subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL if text_in is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            cwd=directory,
        ) as process,
    ):
        if process.stdin:
            process.stdin.write((text_in or '').encode())
            process.stdin.close()
        _follow(process, output.write, doing)
    if process.returncode:
        raise CommandFailed(doing, process.returncode, log, ending(log))


def _follow(process: subprocess.Popen[bytes], keep: Callable[[bytes], object], doing: str) -> None:
    """Copy the output while it comes, and report the latest line when nothing was said for a while."""
    stream = process.stdout
    if stream is None:
        return
    spoke = time.monotonic()
    latest = ''
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            if selector.select(timeout=1):
                data = stream.read1(65536)  # type: ignore[attr-defined]  # a pipe is buffered
                if not data:
                    return
                keep(data)
                latest = _telling_line(data) or latest
            if time.monotonic() - spoke >= QUIET_SECONDS:
                spoke = time.monotonic()
                say(f'  {doing}: {shorten(latest)}' if latest else f'  {doing} …')


def _telling_line(data: bytes) -> str:
    """Pick the last line that says what is being done; where a requirement was written down is no news."""
    lines = [line.partition(' (from ')[0] for line in data.decode(errors='replace').splitlines()]
    return next((line for line in reversed(lines) if line.strip() and not line.startswith('WARNING')), '')


def ending(log: Path, lines: int = ENDING_LINES) -> str:
    """Quote the last lines of a log file, indented; nothing when there is none."""
    if not log.is_file():
        return ''
    return '\n'.join(f'    {line}' for line in log.read_text(errors='replace').splitlines()[-lines:])
