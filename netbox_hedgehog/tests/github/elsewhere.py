"""What is beside the API: the archive host, Git's own protocol, pages for people, and the door for news of pushes."""

from typing import TYPE_CHECKING

from .exchange import Answer, Request
from .pages import answer_page
from .repository_data import archive
from .smart_http import answer_git, is_git

if TYPE_CHECKING:
    from .forge import Forge

__all__ = ('answer_elsewhere',)

ARCHIVE, ANYWHERE, PUSHED = '/_codeload/', '/_elsewhere/', '/_pushed/'


def answer_elsewhere(forge: 'Forge', request: Request) -> Answer:
    """Answer a request that is not for the API."""
    if request.path.startswith((ARCHIVE, ANYWHERE)) and request.headers.get('Authorization'):
        forge.violations.append(f'a token reached another host: {request.method} {request.path}')
    if request.path.startswith(ARCHIVE):
        return _archive(forge, request)
    if request.path.startswith(PUSHED):
        return _take_note(forge, request)
    if is_git(request):
        return answer_git(forge, request)
    return answer_page(forge, request)


def _archive(forge: 'Forge', request: Request) -> Answer:
    faults = forge.count_other(request, 'codeload')
    with forge.lock:
        found = forge.redeem(request.query.get('token', ''))
        if found is None:
            return _plain(404, '404: Not Found')
        repository, commit = found
        name = f'{repository.owner}-{repository.name}-{commit[:7]}.tar.gz'
        return Answer(
            200,
            headers={'Content-Disposition': f'attachment; filename={name}'},
            text=archive(repository, commit, faults),
            content_type='application/x-gzip',
        )


def _take_note(forge: 'Forge', request: Request) -> Answer:
    """Hear from a repository's hook what a plain push has moved: lines of old id, new id and reference."""
    repository = forge.repository(request.path.removeprefix(PUSHED))
    if repository is None:
        return _plain(404, '404: Not Found')
    with forge.lock:
        for line in request.body.decode().splitlines():
            before, after, name = line.split(' ', 2)
            repository.moved(name, before, after, actor='Somebody')
    return _plain(200, 'noted')


def _plain(status: int, text: str) -> Answer:
    return Answer(status, text=text.encode(), content_type='text/plain; charset=utf-8')
