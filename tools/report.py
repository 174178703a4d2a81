"""Tell the person at the terminal what is going on."""

import os
import sys
import time

__all__ = ('STARTED_VARIABLE', 'fail', 'say', 'shorten', 'show')

STARTED_VARIABLE = 'TOOLS_STARTED'


def _started() -> float:
    """When the command that the person typed began; several processes may share the work of one command."""
    given = os.environ.get(STARTED_VARIABLE, '')
    return float(given) if given.isdigit() else time.time()


_began = _started()


def say(text: str) -> None:
    """Write one line of progress, with the seconds since the command was typed."""
    show(f'[{max(0, round(time.time() - _began)):>4} s] {text}')


def show(text: str) -> None:
    """Write a line as it is; flushed, because a log file or a pipe would hold it back for minutes."""
    sys.stdout.write(f'{text}\n')
    sys.stdout.flush()


def fail(text: str) -> None:
    """Write a line for the person who has to put something right."""
    sys.stdout.flush()
    sys.stderr.write(f'\n{text}\n')
    sys.stderr.flush()


def shorten(text: str, width: int = 70) -> str:
    """Cut a line to a width, at the end."""
    text = text.strip()
    return text if len(text) <= width else f'{text[: width - 1]}…'
