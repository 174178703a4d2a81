"""One NetBox with its own database and cache below one directory: the demonstration, or the tests' own."""

import fcntl
import json
import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from .background import Background
from .cache import Cache
from .errors import ToolError
from .ports import free_port
from .postgresql import Cluster, find_programs

__all__ = ('Instance', 'Settings')

LETTERS_AND_DIGITS = string.ascii_letters + string.digits


def _secret(length: int) -> str:
    return ''.join(secrets.choice(LETTERS_AND_DIGITS) for _ in range(length))


def _password() -> str:
    """Make a password that NetBox's own rules accept: upper and lower case, and a digit."""
    return f'{_secret(14)}Aa1'


@dataclass(frozen=True, slots=True)
class Settings:
    """What an instance remembers between starts: its ports and its secrets, made for this checkout alone."""

    database_port: int | None = None
    cache_port: int | None = None
    web_port: int | None = None
    forge_port: int | None = None
    database_password: str = field(default_factory=lambda: _secret(32))
    cache_password: str = field(default_factory=lambda: _secret(32))
    secret_key: str = field(default_factory=lambda: _secret(64))
    token_pepper: str = field(default_factory=lambda: _secret(64))
    username: str = 'admin'
    password: str = field(default_factory=_password)
    token_key: str = field(default_factory=lambda: _secret(12))
    token_secret: str = field(default_factory=lambda: _secret(40))
    # Whose place the manifests are kept in, and what it lets NetBox in by; both are the stand-in for GitHub's, if any.
    forge: str = ''
    forge_token: str = field(default_factory=lambda: _secret(40))
    # What the database was last prepared with, and whether the demonstration's fabric has been put into it.
    prepared: str = ''
    seeded: bool = False

    @property
    def token(self) -> str:
        """The API token as a client sends it."""
        return f'nbt_{self.token_key}.{self.token_secret}'

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the settings, or make new ones."""
        return cls(**json.loads(path.read_text())) if path.is_file() else cls()

    def save(self, path: Path) -> None:
        """Write the settings, readable for their owner only; whole, or not at all."""
        write_private(path, json.dumps(asdict(self), indent=2) + '\n')


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f'{path.name}.new')
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(text)
    new.replace(path)


class Instance:
    """The directory of one instance, and the two servers that its NetBox needs.

    Servers are known by their pid files, so any later command finds what an earlier one has started.
    """

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.home = home
        self.durable = durable
        self.settings = Settings.load(self.settings_path)

    @property
    def settings_path(self) -> Path:
        """The file of the settings."""
        return self.home / 'settings.json'

    @property
    def netbox_root(self) -> Path:
        """What NetBox calls NETBOX_ROOT: its configuration, and what it writes."""
        return self.home / 'netbox'

    @property
    def repositories(self) -> Path:
        """The directory below which NetBox may use repositories of this machine."""
        return self.home / 'repositories'

    @property
    def logs(self) -> Path:
        """The directory of process ids and logs."""
        return self.home / 'run'

    def background(self, name: str) -> Background:
        """Name a program of this instance that runs in the background."""
        return Background(name, self.logs)

    def remember(self, **changes: Any) -> None:
        """Change settings, on disk too."""
        self.settings = replace(self.settings, **changes)
        self.settings.save(self.settings_path)

    @contextmanager
    def only_us(self) -> Iterator[None]:
        """Keep a second command away while this one starts or stops things."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.home / 'lock').open('w') as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as busy:
                raise ToolError(f'Another command is at work in {self.home}; wait until it is done.') from busy
            yield

    def start_database(self) -> Cluster:
        """Make the cluster if need be, and start it unless it runs."""
        server = self.background('postgresql')
        home = self.home / 'postgresql'
        log = self.logs / 'packages.log'
        programs = find_programs(log, release=Cluster.release_of(home))
        running = server.pid() is not None
        port = self.settings.database_port
        if port is None or not running:
            port = free_port(port)
            self.remember(database_port=port)
        cluster = Cluster(home, programs, port, self.settings.database_password, server, self.durable)
        if not running:
            cluster.create()
            cluster.start()
            cluster.check_features()
        return cluster

    def start_cache(self) -> Cache:
        """Start the cache unless it runs."""
        server = self.background('cache')
        running = server.pid() is not None
        port = self.settings.cache_port
        if port is None or not running:
            port = free_port(port)
            self.remember(cache_port=port)
        cache = Cache(self.home / 'cache', port, self.settings.cache_password, server, self.durable)
        if not running:
            cache.start()
        return cache
