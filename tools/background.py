"""Programs that go on running when the command that started them has ended."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .commands import ending
from .errors import NotReady

__all__ = ('Background', 'start_of', 'wait_until')

POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Background:
    """A program that runs in a session of its own, known by the file that holds its process id.

    A process id is given again to another process, after a restart of the machine even soon. The file therefore also
    holds when the process started, and a process counts as ours only when both agree.
    """

    name: str
    directory: Path

    @property
    def pid_file(self) -> Path:
        """The file that tells which process the program is."""
        return self.directory / f'{self.name}.pid'

    @property
    def log(self) -> Path:
        """The file that the program's output goes to."""
        return self.directory / f'{self.name}.log'

    def pid(self) -> int | None:
        """Look up the process id; there is none unless the program runs."""
        try:
            pid, started = self.pid_file.read_text().split()
        except (FileNotFoundError, ValueError):
            return None
        return int(pid) if start_of(int(pid)) == started else None

    def start(
        self,
        arguments: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        directory: Path,
        **process_options: Any,
    ) -> None:
        """Start the program; its output is appended to the log."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with self.log.open('ab') as output:
            process = subprocess.Popen(
                [str(argument) for argument in arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=directory,
                start_new_session=True,
                **process_options,
            )
        new = self.pid_file.with_suffix('.new')
        new.write_text(f'{process.pid} {start_of(process.pid)}')
        new.replace(self.pid_file)
        # The process is meant to outlive this one, and is from here on known by its file only.
        process.returncode = 0

    def stop(self, first: signal.Signals = signal.SIGTERM, *, grace_seconds: float = 15) -> bool:
        """Ask the program to end, twice, then end its whole group; answer whether it was running.

        The second request is for a worker in the middle of a job: it answers the first by finishing the job.
        """
        pid = self.pid()
        if pid is not None:
            for request in (first, first):
                os.kill(pid, request)
                if self._ended_within(grace_seconds):
                    break
            else:
                os.killpg(pid, signal.SIGKILL)
                self._ended_within(grace_seconds)
        self.pid_file.unlink(missing_ok=True)
        return pid is not None

    def _ended_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self.pid() is not None:
            if time.monotonic() > until:
                return False
            time.sleep(POLL_SECONDS)
        return True


def start_of(pid: int) -> str | None:
    """Look up when a process started, in clock ticks since the machine did; nothing for one that has ended.

    The fields of /proc/PID/stat are counted from behind the program's name, which may itself hold blanks and brackets.
    """
    try:
        fields = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, started = fields[0], fields[19]
    return None if state in {'Z', 'X'} else started


def wait_until(ready: Callable[[], bool], *, program: Background, seconds: float) -> None:
    """Wait for a program to answer; raise `NotReady` when it ends instead, or takes too long."""
    until = time.monotonic() + seconds
    while not ready():
        if program.pid() is None:
            message = f'{program.name} ended while it was starting. Its log: {program.log}'
            raise NotReady(f'{message}\n{ending(program.log)}')
        if time.monotonic() > until:
            message = f'{program.name} did not answer within {seconds:.0f} s. Its log: {program.log}'
            raise NotReady(f'{message}\n{ending(program.log)}')
        time.sleep(POLL_SECONDS)
