"""A PostgreSQL cluster of the checkout's own, on the loopback interface and nowhere else."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import system_packages
from .background import Background, start_of, wait_until
from .errors import MissingProgram, ToolError
from .ports import LOOPBACK
from .report import say

__all__ = ('Cluster', 'Programs', 'find_programs')

OLDEST_RELEASE = 15
OWNER = 'postgres'
START_SECONDS = 60
LOCALE = {'LANG': 'C.UTF-8', 'LC_ALL': 'C.UTF-8'}
UNSAFE_AND_FAST = ('fsync=off', 'synchronous_commit=off', 'full_page_writes=off')


@dataclass(frozen=True, slots=True)
class Programs:
    """The directory of one PostgreSQL release's programs."""

    directory: Path
    release: int

    def __getitem__(self, name: str) -> Path:
        return self.directory / name


def find_programs(log: Path, *, release: int | None = None) -> Programs:
    """Find the newest usable release, or exactly the one that a cluster was made with; install one if there is none.

    Debian and Ubuntu keep the servers' programs off the PATH, below /usr/lib/postgresql. What their package sets up
    besides, a cluster of its own on port 5432, is left alone.
    """
    found = _usable(release)
    if not found:
        system_packages.install('postgresql', purpose=f'the PostgreSQL server, {OLDEST_RELEASE} or newer', log=log)
        found = _usable(release)
    if not found:
        wanted = f'PostgreSQL {release}' if release else f'PostgreSQL {OLDEST_RELEASE} or newer'
        message = f'{wanted} with its contrib modules is needed, and this distribution offers another release.'
        raise MissingProgram(f'{message} The PostgreSQL project offers packages of its own.')
    return found


def _usable(release: int | None) -> Programs | None:
    candidates = [*Path('/usr/lib/postgresql').glob('*/bin'), *Path('/usr').glob('pgsql-*/bin')]
    on_path = shutil.which('postgres')
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    found = [Programs(directory, number) for directory in candidates if (number := _release_of(directory))]
    fitting = [programs for programs in found if release in {None, programs.release}]
    return max(fitting, key=lambda programs: programs.release, default=None)


def _release_of(directory: Path) -> int | None:
    """Look up the major release; nothing when it is too old or a program is missing."""
    if not all((directory / name).is_file() for name in ('initdb', 'postgres', 'psql', 'pg_dump')):
        return None
    answer = subprocess.run([directory / 'postgres', '--version'], capture_output=True, text=True, check=False)
    number = re.search(r'\) (\d+)', answer.stdout)
    return int(number[1]) if number and int(number[1]) >= OLDEST_RELEASE else None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster below `home`, reached by password over TCP on the loopback interface.

    PostgreSQL refuses to run as root. For root the server runs as the system's `postgres` user, although the checkout
    may lie where only root can go. So the server is not given the path of its directory but an open descriptor of
    it: `/proc/self/fd/N` leads there without a step through the directories above. `home` then belongs to that user.
    """

    home: Path
    programs: Programs
    port: int
    password: str
    server: Background
    durable: bool

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / 'data'

    @classmethod
    def release_of(cls, home: Path) -> int | None:
        """Look up the release that made the cluster below `home`; nothing when there is none."""
        version = home / 'data' / 'PG_VERSION'
        return int(version.read_text()) if version.is_file() else None

    def create(self) -> None:
        """Make the cluster, unless it is there; one that was left half made is made again."""
        if self.data.is_dir():
            return
        half_made = self.home / 'data.new'
        if half_made.is_dir():
            shutil.rmtree(half_made)
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        password_file = self.home / 'password'
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        half_made.mkdir(mode=0o700)
        for path in (self.home, password_file, half_made):
            _give_away(path)
        with self._own_place() as (place, options):
            answer = subprocess.run(
                [
                    self.programs['initdb'],
                    f'--pgdata={place}/data.new',
                    f'--username={OWNER}',
                    f'--pwfile={place}/password',
                    '--auth=scram-sha-256',
                    '--encoding=UTF8',
                    '--locale=C.UTF-8',
                    *([] if self.durable else ['--no-sync']),
                ],
                capture_output=True,
                text=True,
                check=False,
                env={'PATH': os.defpath, **LOCALE},
                **options,
            )
        password_file.unlink()
        if answer.returncode:
            raise ToolError(f'initdb could not make the PostgreSQL cluster:\n{answer.stdout}{answer.stderr}')
        half_made.rename(self.data)

    def start(self) -> None:
        """Start the server and wait until it answers; once more when what a killed one left has to go first."""
        self._forget_dead_postmaster()
        for _attempt in range(3):
            self._launch()
            try:
                wait_until(self._answers, program=self.server, seconds=START_SECONDS)
            except ToolError:
                # The processes of a server that was killed take a moment to notice, and hold its memory till then.
                if 'shared memory block' not in self.server.log.read_text(errors='replace')[-2000:]:
                    raise
                time.sleep(2)
            else:
                return
        wait_until(self._answers, program=self.server, seconds=1)

    def _launch(self) -> None:
        settings = [
            f'port={self.port}',
            f'listen_addresses={LOOPBACK}',
            # No socket file: its path would be too long in a deep checkout, and the password guards the port.
            'unix_socket_directories=',
            'max_connections=100',
            *(() if self.durable else UNSAFE_AND_FAST),
        ]
        flags = [word for setting in settings for word in ('-c', setting)]
        with self._own_place() as (place, options):
            self.server.start(
                [self.programs['postgres'], '-D', f'{place}/data', *flags],
                environment={'PATH': os.defpath, **LOCALE},
                directory=Path(options.pop('cwd')),
                **options,
            )

    def stop(self) -> bool:
        """Stop the server, dropping its connections; what is committed is on disk. Answer whether it was running."""
        return self.server.stop(signal.SIGINT)

    def query(self, statement: str, database: str = 'postgres') -> str:
        """Run SQL as the owner of the cluster; the answer has one row a line."""
        answer = self._psql(['-A', '-t', '-c', statement], database)
        if answer.returncode:
            raise ToolError(f'PostgreSQL refused: {statement}\n{answer.stderr}')
        return answer.stdout.strip()

    def has_database(self, name: str) -> bool:
        """Whether a database exists."""
        return self.query(f"SELECT count(*) FROM pg_database WHERE datname = '{name}'") == '1'  # noqa: S608  our name

    def has_role(self, name: str) -> bool:
        """Whether a role exists."""
        return self.query(f"SELECT count(*) FROM pg_roles WHERE rolname = '{name}'") == '1'  # noqa: S608  our name

    def check_features(self) -> None:
        """Refuse a server that was built without what NetBox needs."""
        if self.query("SELECT count(*) FROM pg_collation WHERE collprovider = 'i'") == '0':
            raise MissingProgram(f'{self.programs.directory} was built without ICU, which NetBox needs.')
        if self.query("SELECT count(*) FROM pg_available_extensions WHERE name = 'ltree'") == '0':
            raise MissingProgram(f'{self.programs.directory} lacks the extension ltree; install its contrib package.')

    def load(self, script: bytes, database: str, *, role: str, password: str) -> None:
        """Run an SQL script, as one transaction."""
        answer = self._psql(['-1', '-f', '-'], database, role=role, password=password, text_in=script)
        if answer.returncode:
            raise ToolError(f'The SQL script failed in {database}:\n{answer.stderr}')

    def dump(self, database: str, *flags: str) -> str:
        """Write the database as an SQL script."""
        command: list[str | Path] = [self.programs['pg_dump'], *self._address(OWNER), *flags, database]
        answer = subprocess.run(
            command, capture_output=True, text=True, check=False, env=self._client_environment(self.password)
        )
        if answer.returncode:
            raise ToolError(f'pg_dump failed:\n{answer.stderr}')
        return answer.stdout

    def _psql(
        self,
        flags: list[str],
        database: str,
        *,
        role: str = OWNER,
        password: str | None = None,
        text_in: bytes | None = None,
    ) -> subprocess.CompletedProcess[str]:
        fixed = ['-X', '-q', '-v', 'ON_ERROR_STOP=1']
        command: list[str | Path] = [self.programs['psql'], *fixed, *self._address(role), '-d', database]
        return subprocess.run(
            [*command, *flags],
            input=None if text_in is None else text_in.decode(),
            stdin=subprocess.DEVNULL if text_in is None else None,
            capture_output=True,
            text=True,
            check=False,
            env=self._client_environment(self.password if password is None else password),
        )

    def _address(self, role: str) -> list[str]:
        return ['-h', LOOPBACK, '-p', str(self.port), '-U', role]

    @staticmethod
    def _client_environment(password: str) -> dict[str, str]:
        """Nothing of the person's own PostgreSQL settings."""
        return {'PATH': os.defpath, 'PGPASSWORD': password, 'PGCONNECT_TIMEOUT': '5', **LOCALE}

    def _answers(self) -> bool:
        return self._psql(['-c', 'SELECT 1'], 'postgres').returncode == 0

    def _forget_dead_postmaster(self) -> None:
        """Remove the lock file of a server that is gone although a process has its id.

        PostgreSQL removes the file itself when there is no such process, but takes any other for its own: one that
        got the id after a restart of the machine, or the remains of a killed server that nobody has waited for. Its
        guard against two servers on one directory does not rest on this file alone.
        """
        lock = self.data / 'postmaster.pid'
        try:
            pid = int(lock.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return
        if Path(f'/proc/{pid}').exists() and not self._is_postmaster(pid):
            say('removing the lock file of a PostgreSQL server that is gone')
            lock.unlink()

    def _is_postmaster(self, pid: int) -> bool:
        """Whether a process may be a server on this cluster, which makes the data directory its own."""
        if start_of(pid) is None:
            return False
        try:
            return Path(f'/proc/{pid}/cwd').resolve(strict=True) == self.data.resolve()
        except FileNotFoundError:
            return False
        except PermissionError:
            return True

    @contextmanager
    def _own_place(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """How the server names its home, and the options of the process that runs it."""
        if os.geteuid() != 0:
            yield str(self.home), {'cwd': self.home}
            return
        owner = self.home.stat()
        descriptor = os.open(self.home, os.O_RDONLY | os.O_DIRECTORY)
        try:
            place = f'/proc/self/fd/{descriptor}'
            yield (
                place,
                {
                    'cwd': '/',
                    'user': owner.st_uid,
                    'group': owner.st_gid,
                    'extra_groups': [],
                    'pass_fds': (descriptor,),
                },
            )
        finally:
            os.close(descriptor)


def _unprivileged_user() -> pwd.struct_passwd:
    """Whom the server runs as when root starts it."""
    for name in ('postgres', 'nobody'):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise MissingProgram('PostgreSQL does not run as root, and there is neither a user postgres nor nobody.')


def _give_away(path: Path) -> None:
    """Let the server's user own a path."""
    if os.geteuid() == 0:
        user = _unprivileged_user()
        os.chown(path, user.pw_uid, user.pw_gid)
