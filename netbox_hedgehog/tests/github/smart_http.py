"""Fetching from and pushing to the repositories with Git's own protocol, carried out by Git's own program."""

import functools
import gzip
import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from .authentication import identify
from .exchange import Answer, Request

if TYPE_CHECKING:
    from .forge import Forge

__all__ = ('answer_git', 'is_git')

PATH = re.compile(r'/([^/]+)/([^/]+?)(?:\.git)?(/info/refs|/git-upload-pack|/git-receive-pack)')


def is_git(request: Request) -> bool:
    """Tell whether a request is one of Git's."""
    match = PATH.fullmatch(request.path)
    return match is not None and (match[3] != '/info/refs' or 'service' in request.query)


def answer_git(forge: 'Forge', request: Request) -> Answer:
    """Let Git answer, once it is clear that the client may ask."""
    match = PATH.fullmatch(request.path)
    assert match is not None
    repository = forge.repository(f'{match[1]}/{match[2]}')
    is_push = 'git-receive-pack' in (request.query.get('service'), match[3].strip('/'))
    caller, refusal = identify(forge, request)
    if refusal or (not caller.login and (is_push or repository is None or repository.private)):
        return Answer(401, text=b'Authentication failed', headers={'WWW-Authenticate': 'Basic realm="GitHub"'})
    if repository is None or (repository.private and not caller.sees(repository.full_name)):
        return Answer(404, text=b'Repository not found.')
    if not caller.may('contents', 'write' if is_push else 'read'):
        return Answer(403, text=b'Write access to repository not granted.')
    program = _program()
    if program is None:
        return Answer(501, text=b'git http-backend is not installed.')
    return _run(program, forge.root, f'/{repository.path.relative_to(forge.root)}{match[3]}', request, caller.login)


@functools.cache
def _program() -> Path | None:
    try:
        done = subprocess.run(['git', '--exec-path'], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        return None
    program = Path(done.stdout.strip()) / 'git-http-backend'
    return program if program.exists() else None


def _run(program: Path, root: Path, path: str, request: Request, login: str) -> Answer:
    is_zipped = request.headers.get('Content-Encoding') == 'gzip'
    body = gzip.decompress(request.body) if is_zipped else request.body
    done = subprocess.run(
        [str(program)],
        input=body,
        capture_output=True,
        check=False,
        env={
            'PATH': os.environ.get('PATH', ''),
            'HOME': '/nonexistent',
            'GIT_CONFIG_NOSYSTEM': '1',
            'GIT_CONFIG_GLOBAL': os.devnull,
            'GIT_PROJECT_ROOT': str(root),
            'GIT_HTTP_EXPORT_ALL': '1',
            'REQUEST_METHOD': request.method,
            'PATH_INFO': path,
            'QUERY_STRING': urlencode(request.query),
            'CONTENT_TYPE': request.headers.get('Content-Type', ''),
            'CONTENT_LENGTH': str(len(body)),
            'GIT_PROTOCOL': request.headers.get('Git-Protocol', ''),
            'REMOTE_ADDR': '127.0.0.1',
            'REMOTE_USER': login,
        },
    )
    head, _, text = done.stdout.partition(b'\r\n\r\n')
    headers = dict(line.split(': ', 1) for line in head.decode().split('\r\n') if line)
    status = int(headers.pop('Status', '200').split()[0])
    return Answer(status, text=text, headers=headers, content_type=headers.pop('Content-Type', 'text/plain'))
