"""Git as the rest of the world has it: the command line, and a server on this machine's loopback interface."""

import contextlib
import functools
import gzip
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ENVIRONMENT = {
    'PATH': os.environ.get('PATH', ''),
    'HOME': '/nonexistent',
    'GIT_CONFIG_NOSYSTEM': '1',
    'GIT_CONFIG_GLOBAL': os.devnull,
    'GIT_TERMINAL_PROMPT': '0',
    'GIT_AUTHOR_NAME': 'Ann',
    'GIT_AUTHOR_EMAIL': 'ann@example.com',
    'GIT_COMMITTER_NAME': 'Ann',
    'GIT_COMMITTER_EMAIL': 'ann@example.com',
}

FILE, EXECUTABLE, SYMLINK, SUBMODULE = 0o100644, 0o100755, 0o120000, 0o160000


def git(path: Path, *arguments: str, stdin: bytes = b'', check: bool = True) -> str:
    """Run a git command in a repository and return what it prints."""
    done = subprocess.run(
        ['git', '-C', str(path), *arguments], input=stdin, env=ENVIRONMENT, capture_output=True, check=False
    )
    assert done.returncode == 0 or not check, done.stderr.decode()
    return done.stdout.decode().strip()


@functools.cache
def http_backend() -> str | None:
    """Return the program that serves repositories, None where Git is not installed with it."""
    try:
        program = Path(git(Path.cwd(), '--exec-path')) / 'git-http-backend'
    except FileNotFoundError:
        return None
    return str(program) if program.exists() else None


def make_bare(path: Path, *, branch: str = 'main', filters: bool = True) -> Path:
    """Lay out an empty bare repository that a server hands out; without a process, because every test needs one."""
    for directory in ('objects/pack', 'refs/heads'):
        (path / directory).mkdir(parents=True)
    (path / 'HEAD').write_text(f'ref: refs/heads/{branch}\n')
    (path / 'config').write_text(
        '[core]\n\trepositoryformatversion = 0\n\tbare = true\n[http]\n\treceivepack = true\n'
        f'[uploadpack]\n\tallowFilter = {str(filters).lower()}\n'
    )
    return path


type Files = Mapping[str, bytes | tuple[int, bytes | str] | None]


def add_commits(
    path: Path,
    commits: Sequence[Files],
    *,
    branch: str = 'main',
    onto: str | None = None,
    message: str = 'Seed',
    when: int = 1_700_000_000,
) -> list[str]:
    """Add commits, a second apart, as another program would.

    A file is its content, or a mode with a content or an id, or None to delete it.
    """
    stream = []
    for number, files in enumerate(commits):
        stream.append(f'commit refs/heads/{branch}\ncommitter Ann <ann@example.com> {when + number} +0000\n'.encode())
        stream.append(b'data %d\n%s\n' % (len(message.encode()), message.encode()))
        if onto and not number:
            stream.append(f'from {onto}\n'.encode())
        stream.extend(_instruction(name, value) for name, value in files.items())
    git(path, 'fast-import', '--quiet', '--force', stdin=b''.join(stream))
    if len(commits) == 1:
        return [(path / 'refs/heads' / branch).read_text().strip()]
    return git(path, 'rev-list', '--first-parent', '--reverse', f'-{len(commits)}', f'refs/heads/{branch}').split()


def _instruction(name: str, value: bytes | tuple[int, bytes | str] | None) -> bytes:
    quoted = b'"' + name.encode('utf-8', 'surrogateescape').replace(b'\\', b'\\\\') + b'"'
    mode, content = value if isinstance(value, tuple) else (FILE, value)
    if content is None:
        return b'D ' + quoted + b'\n'
    if isinstance(content, str):
        return b'M %o %s ' % (mode, content.encode()) + quoted + b'\n'
    return b'M %o inline ' % mode + quoted + b'\ndata %d\n%s\n' % (len(content), content)


def listing(path: Path, commit: str) -> dict[str, tuple[int, str]]:
    """List a commit as git does: path to mode and blob."""
    rows = git(path, 'ls-tree', '-r', '-z', commit).split('\0')
    return {row.split('\t')[1]: (int(row.split()[0], 8), row.split()[2]) for row in rows if row}


def content(path: Path, commit: str, name: str) -> bytes:
    return subprocess.run(
        ['git', '-C', str(path), 'cat-file', 'blob', f'{commit}:{name}'],
        env=ENVIRONMENT,
        capture_output=True,
        check=True,
    ).stdout


type Answer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_push(self) -> bool:
        return self.method == 'POST' and self.path.endswith('/git-receive-pack')


@dataclass
class GitHost:
    """A server of all the repositories below a directory, with switches for what servers do on bad days."""

    root: Path
    url: str = ''
    requests: list[Request] = field(default_factory=list)
    # The newest version of Git's protocol that it speaks.
    protocol: int = 2
    # What it returns is answered instead of what Git would.
    instead: Callable[[Request], Answer | None] | None = None
    # Called when Git has carried a push out; what it returns is answered, and None breaks the connection.
    after_push: Callable[[Answer], Answer | None] | None = None

    def behave(self) -> None:
        self.requests.clear()
        self.protocol, self.instead, self.after_push = 2, None, None


@contextlib.contextmanager
def serving(root: Path) -> Iterator[GitHost]:
    """Serve the repositories below a directory at a free port of the loopback interface."""
    host = GitHost(root)

    class Handler(_Handler):
        served = host

    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    server.daemon_threads = True
    host.url = f'http://127.0.0.1:{server.server_port}'
    thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.01}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    served: GitHost
    protocol_version = 'HTTP/1.1'
    wbufsize = -1  # head and body in one packet, or each answer waits for an acknowledgement

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the base class's
        """Keep quiet: the requests are in `requests`."""

    def _serve(self) -> None:
        request = Request(self.command, self.path, self.headers, self._body())
        self.served.requests.append(request)
        answer = self.served.instead(request) if self.served.instead else None
        if answer is None:
            answer = self._run_backend(request)
            if self.served.after_push and request.is_push:
                answer = self.served.after_push(answer)
        if answer is None:
            self.close_connection = True
        else:
            self._reply(*answer)

    def _body(self) -> bytes:
        if self.headers.get('Transfer-Encoding') == 'chunked':
            chunks = []
            while size := int(self.rfile.readline(), 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            body = b''.join(chunks)
        else:
            body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        return gzip.decompress(body) if self.headers.get('Content-Encoding') == 'gzip' else body

    def _run_backend(self, request: Request) -> Answer:
        parts = urlsplit(request.path)
        done = subprocess.run(
            [http_backend()],
            input=request.body,
            capture_output=True,
            check=False,
            env={
                **ENVIRONMENT,
                'GIT_PROJECT_ROOT': str(self.served.root),
                'GIT_HTTP_EXPORT_ALL': '1',
                'REQUEST_METHOD': request.method,
                'PATH_INFO': parts.path,
                'QUERY_STRING': parts.query,
                'CONTENT_TYPE': request.headers.get('Content-Type', ''),
                'CONTENT_LENGTH': str(len(request.body)),
                'GIT_PROTOCOL': request.headers.get('Git-Protocol', '') if self.served.protocol == 2 else '',
                'REMOTE_ADDR': '127.0.0.1',
            },
        )
        head, _, answer = done.stdout.partition(b'\r\n\r\n')
        headers = dict(line.split(': ', 1) for line in head.decode().split('\r\n') if line)
        return int(headers.pop('Status', '200').split()[0]), headers, answer

    def _reply(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
