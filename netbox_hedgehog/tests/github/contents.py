"""The Contents API: one file, one commit."""

import base64
from typing import Any

from .exchange import Answer, Refusal
from .git_data import author_of, decoded, signature_of
from .objects import FILE, NOTHING, SUBMODULE, SYMLINK, TREE, MalformedChange
from .repository import HostedRepository
from .representations import git_commit_json
from .routing import Call, operation

LINE = '/repos/{owner}/{repo}/contents/{path}'
BIGGEST_JSON = 1024 * 1024


@operation('repos/get-content', f'GET {LINE}', permission=('contents', 'read'))
def get_content(call: Call) -> Answer:
    repository = call.repository
    commit = repository.resolve(call.query.get('ref') or repository.default_branch)
    path = call.parameters['path'].strip('/')
    found = repository.store.at(repository.store.tree_of(commit), path) if commit else None
    if commit is None or found is None:
        raise Refusal(404, 'This repository is empty.' if repository.store.is_empty() else 'Not Found')
    mode, sha = found
    if mode == TREE:
        entries = repository.store.entries(sha)
        return Answer(
            200, [_item(repository, commit, f'{path}/{name}'.lstrip('/'), *entries[name]) for name in entries]
        )
    content = repository.store.blob(sha) or b''
    if 'raw' in call.request.accept:
        return Answer(200, text=content, content_type='application/vnd.github.raw; charset=utf-8')
    item = _item(repository, commit, path, mode, sha)
    if mode == FILE or item['type'] == 'file':
        is_small = len(content) <= BIGGEST_JSON
        item |= {
            'encoding': 'base64' if is_small else 'none',
            'content': base64.encodebytes(content).decode() if is_small else '',
        }
    elif mode == SYMLINK:
        item['target'] = content.decode()
    return Answer(200, item)


def _item(repository: HostedRepository, commit: str, path: str, mode: int, sha: str) -> dict[str, Any]:
    kind = {TREE: 'dir', SYMLINK: 'symlink', SUBMODULE: 'submodule'}.get(mode, 'file')
    url = f'{repository.api_url}/contents/{path}?ref={commit}'
    git = f'{repository.api_url}/git/{"trees" if kind == "dir" else "blobs"}/{sha}'
    html = f'{repository.url}/{"tree" if kind == "dir" else "blob"}/{commit}/{path}'
    return {
        'name': path.rpartition('/')[2],
        'path': path,
        'sha': sha,
        'size': repository.store.size(sha) if kind in {'file', 'symlink'} else 0,
        'url': url,
        'html_url': html,
        'git_url': git,
        'download_url': f'{repository.url}/raw/{commit}/{path}' if kind in {'file', 'symlink'} else None,
        'type': kind,
        '_links': {'self': url, 'git': git, 'html': html},
    }


@operation('repos/create-or-update-file-contents', f'PUT {LINE}', permission=('contents', 'write'))
def put_content(call: Call) -> Answer:
    repository = call.repository
    call.required('message')
    content = decoded(call.required('content'), 'base64')
    branch, head = _branch(call)
    path = call.parameters['path'].strip('/')
    present = repository.store.at(repository.store.tree_of(head), path) if head else None
    given = call.body.get('sha')
    if present and given is None:
        raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    # For a path that is gone the sha is ignored, and the file is made again.
    if present and given != present[1]:
        raise Refusal(409, f'{path} does not match {given}')
    sha = repository.store.write('blob', content)
    commit = _commit(call, branch, head, path, (present[0] if present else FILE, sha))
    item = _item(repository, commit, path, FILE, sha)
    return Answer(200 if present else 201, {'content': item, 'commit': git_commit_json(repository, commit)})


@operation('repos/delete-file', f'DELETE {LINE}', permission=('contents', 'write'))
def delete_content(call: Call) -> Answer:
    repository = call.repository
    call.required('message')
    given = call.required('sha')
    branch, head = _branch(call)
    path = call.parameters['path'].strip('/')
    present = repository.store.at(repository.store.tree_of(head), path) if head else None
    if present is None:
        raise Refusal(404, 'Not Found')
    if given != present[1]:
        raise Refusal(409, f'{path} does not match {given}')
    commit = _commit(call, branch, head, path, None)
    return Answer(200, {'content': None, 'commit': git_commit_json(repository, commit)})


def _branch(call: Call) -> tuple[str, str]:
    repository = call.repository
    branch = call.body.get('branch') or repository.default_branch
    head = repository.head(branch)
    if not head and not repository.store.is_empty():
        raise Refusal(404, f'Branch {branch} not found')
    return branch, head


def _commit(call: Call, branch: str, head: str, path: str, value: tuple[int, str] | None) -> str:
    repository = call.repository
    author = author_of(call, 'author', author_of(call, 'committer') if call.body.get('committer') else None)
    try:
        tree = repository.store.edit(repository.store.tree_of(head) if head else None, [(path, value)])
    except MalformedChange as error:
        raise Refusal(422, f'Invalid request.\n\n{path} is not a path that a file can have.') from error
    commit = repository.store.add_commit(
        tree=tree,
        parents=[head] if head else [],
        message=call.body['message'],
        author=author,
        committer=author_of(call, 'committer', author),
        signature=signature_of(call),
    )
    violation = repository.rule_violation(branch, commit, call.caller)
    if violation:
        raise Refusal(409, violation)
    if not repository.move(f'refs/heads/{branch}', commit, expected=head or None, actor=call.caller.login):
        raise Refusal(409, f'{branch} is at {repository.head(branch) or NOTHING} but expected {head or NOTHING}')
    return commit
