"""The routes of Git data: references, commits, trees and blobs."""

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any

from .callers import CallerKind
from .exchange import Answer, Refusal
from .faults import TREE_TIMEOUT, FaultKind
from .objects import EXECUTABLE, FILE, SUBMODULE, SYMLINK, TREE, MalformedChange, Signature, is_object_id
from .repository import is_sound_reference
from .representations import GITHUB_SIGNATURE, git_commit_json, reference_json
from .routing import Call, operation

__all__ = ('author_of', 'decoded', 'signature_of')

REPOSITORY = '/repos/{owner}/{repo}'
READ, WRITE = ('contents', 'read'), ('contents', 'write')
MODES = {f'{mode:06o}': mode for mode in (FILE, EXECUTABLE, SYMLINK, TREE, SUBMODULE)}
TYPE_OF_MODE = {TREE: 'tree', SUBMODULE: 'commit'}
RAW_TYPES = ('application/vnd.github.raw', 'application/vnd.github.v3.raw')


# References


@operation('git/get-ref', f'GET {REPOSITORY}/git/ref/{{ref}}', permission=READ)
def get_reference(call: Call) -> Answer:
    repository = call.repository
    repository.require_objects()
    name = f'refs/{call.parameters["ref"]}'
    sha = call.forge.stale.read(repository, name, is_stale=FaultKind.STALE_READ in call.faults)
    if sha is None:
        raise Refusal(404, 'Not Found')
    return Answer(200, reference_json(repository, name, sha))


@operation('git/list-matching-refs', f'GET {REPOSITORY}/git/matching-refs/{{ref}}', permission=READ)
def list_matching_references(call: Call) -> Answer:
    call.repository.require_objects()
    found = call.repository.store.references(f'refs/{call.parameters["ref"]}')
    return Answer(200, [reference_json(call.repository, name, sha) for name, sha in found.items()])


@operation('git/create-ref', f'POST {REPOSITORY}/git/refs', permission=WRITE)
def create_reference(call: Call) -> Answer:
    repository = call.repository
    repository.require_objects()
    name, sha = call.required('ref'), call.required('sha')
    if not isinstance(name, str) or not is_sound_reference(name):
        raise Refusal(422, f'{name} is not a valid ref name.')
    if repository.store.reference(name):
        raise Refusal(422, 'Reference already exists')
    if repository.store.type_of(sha) is None:
        raise Refusal(422, 'Object does not exist')
    branch = name.removeprefix('refs/heads/')
    if any(rule.kind in {'creation', 'pull_request'} for rule in repository.binding_rules(branch, call.caller)):
        raise Refusal(422, 'Reference update failed')
    if not repository.move(name, sha, expected=None, actor=call.caller.login):
        raise Refusal(422, 'Reference update failed')
    answer = reference_json(repository, name, sha)
    return Answer(201, answer, {'Location': answer['url']})


@operation('git/update-ref', f'PATCH {REPOSITORY}/git/refs/{{ref}}', permission=WRITE)
def update_reference(call: Call) -> Answer:
    repository = call.repository
    repository.require_objects()
    name, sha = f'refs/{call.parameters["ref"]}', call.required('sha')
    current = repository.store.reference(name)
    if current is None:
        raise Refusal(422, 'Reference does not exist')
    if repository.store.type_of(sha) != 'commit':
        raise Refusal(422, 'Object does not exist')
    # This is no compare-and-swap: it also takes a descendant of a head that the caller never saw.
    is_forward = repository.store.is_ancestor(current, sha)
    if not is_forward and not call.body.get('force', False):
        raise Refusal(422, 'Update is not a fast forward')
    violation = repository.rule_violation(name.removeprefix('refs/heads/'), sha, call.caller)
    if violation and current != sha:
        raise Refusal(422, violation)
    if not repository.move(name, sha, expected=current, actor=call.caller.login):
        raise Refusal(422, 'Update is not a fast forward')
    return Answer(200, reference_json(repository, name, sha))


@operation('git/delete-ref', f'DELETE {REPOSITORY}/git/refs/{{ref}}', permission=WRITE)
def delete_reference(call: Call) -> Answer:
    repository = call.repository
    repository.require_objects()
    name = f'refs/{call.parameters["ref"]}'
    current = repository.store.reference(name)
    if current is None:
        raise Refusal(422, 'Reference does not exist')
    branch = name.removeprefix('refs/heads/')
    if any(rule.kind in {'deletion', 'classic'} for rule in repository.binding_rules(branch, call.caller)):
        raise Refusal(422, 'Cannot delete this protected branch')
    repository.move(name, None, expected=current, actor=call.caller.login)
    return Answer(204)


# Commits


@operation('git/create-commit', f'POST {REPOSITORY}/git/commits', permission=WRITE)
def create_commit(call: Call) -> Answer:
    repository = call.repository
    repository.require_objects()
    store = repository.store
    message, tree, parents = call.required('message'), call.required('tree'), call.body.get('parents') or []
    if store.type_of(tree) != 'tree':
        raise Refusal(422, 'Tree SHA does not exist')
    if any(store.type_of(parent) != 'commit' for parent in parents):
        raise Refusal(422, 'Parent SHA does not exist or is not a commit object')
    author = author_of(call, 'author')
    committer = author_of(call, 'committer', default=author)
    sha = store.add_commit(
        tree=tree,
        parents=parents,
        message=message,
        author=author,
        committer=committer,
        signature=signature_of(call),
    )
    answer = git_commit_json(repository, sha)
    return Answer(201, answer, {'Location': answer['url']})


@operation('git/get-commit', f'GET {REPOSITORY}/git/commits/{{commit_sha}}', permission=READ)
def get_commit(call: Call) -> Answer:
    call.repository.require_objects()
    sha = call.parameters['commit_sha']
    if call.repository.store.type_of(sha) != 'commit':
        raise Refusal(404, 'Not Found')
    return Answer(200, git_commit_json(call.repository, sha))


def author_of(call: Call, role: str, default: Signature | None = None) -> Signature:
    """Read who made a commit from the body; by default it is who asks, now."""
    given: dict[str, Any] | None = call.body.get(role)
    now = call.forge.now().replace(microsecond=0)
    if given is None:
        return default or Signature(call.caller.login, call.caller.email, now)
    if not given.get('name') or not given.get('email'):
        missing = 'name' if not given.get('name') else 'email'
        raise Refusal(422, f'Invalid request.\n\n"{missing}" wasn\'t supplied.')
    if 'date' not in given:
        return Signature(given['name'], given['email'], default.when if default else now)
    try:
        when = datetime.fromisoformat(given['date']).replace(microsecond=0)
    except (TypeError, ValueError) as error:
        raise Refusal(422, f'Invalid request.\n\n{given["date"]} is not a valid date-time.') from error
    return Signature(given['name'], given['email'], when if when.tzinfo else when.replace(tzinfo=UTC))


def signature_of(call: Call) -> str:
    """Return a commit's signature: without a word about who made it, a bot's commit is GitHub's to sign."""
    is_bots = call.caller.kind is CallerKind.INSTALLATION
    if is_bots and not {'author', 'committer', 'signature'} & call.body.keys():
        return GITHUB_SIGNATURE
    return call.body.get('signature') or ''


# Trees


@operation('git/create-tree', f'POST {REPOSITORY}/git/trees', permission=WRITE)
def create_tree(call: Call) -> Answer:
    repository, forge = call.repository, call.forge
    repository.require_objects()
    rows = call.required('tree')
    base = call.body.get('base_tree')
    if not isinstance(rows, list) or not (rows or base):
        raise Refusal(422, 'Invalid tree info')
    if base is not None and repository.store.type_of(base) != 'tree':
        raise Refusal(422, 'base_tree is not a valid tree oid')
    inline = sum(len(row.get('content') or '') for row in rows)
    if len(rows) > forge.most_tree_entries or inline > forge.most_tree_bytes:
        raise Refusal(422, TREE_TIMEOUT)
    checked = [_checked(call, row) for row in rows]
    contents = [value for _, _, value in checked if isinstance(value, bytes)]
    ids = iter(repository.store.write_all(('blob', content) for content in contents))
    changes: list[tuple[str, tuple[int, str] | None]] = [
        (path, None if value is None else (mode, next(ids) if isinstance(value, bytes) else value))
        for path, mode, value in checked
    ]
    try:
        sha = repository.store.edit(base, changes)
    except MalformedChange as error:
        raise Refusal(422, 'GitRPC::BadObjectState') from error
    answer = _tree_json(call, sha, is_recursive=False)
    return Answer(201, answer, {'Location': answer['url']})


def _checked(call: Call, row: dict[str, Any]) -> tuple[str, int, bytes | str | None]:
    """Return path, mode and content, id or None (delete) of an entry that is as GitHub wants it."""
    path = row.get('path')
    mode = MODES.get(row.get('mode', ''))
    if mode is None:
        raise Refusal(422, 'Must supply a valid tree.mode')
    if not isinstance(path, str) or not path:
        raise Refusal(422, 'Must supply a valid tree.path')
    if path.startswith('/'):
        raise Refusal(422, 'tree.path cannot start with a slash')
    if any(part in {'', '.', '..'} or part.lower() == '.git' or '\0' in part for part in path.split('/')):
        raise Refusal(422, 'tree.path contains a malformed path component')
    if ('sha' in row) == ('content' in row):
        raise Refusal(422, 'Must supply either tree.sha or tree.content. Request will be rejected if both are present.')
    if 'content' in row:
        return path, mode, row['content'].encode()
    sha = row['sha']
    if sha is None:
        return path, mode, None
    kind = call.repository.store.type_of(sha)
    wanted = TYPE_OF_MODE.get(mode, 'blob')
    if wanted == 'commit' and is_object_id(sha):
        return path, mode, sha
    if kind is None:
        raise Refusal(422, f'tree.sha {sha} is not a valid {wanted}')
    if kind != wanted or row.get('type', wanted) != wanted:
        raise Refusal(422, 'GitRPC::BadObjectState')
    return path, mode, sha


@operation('git/get-tree', f'GET {REPOSITORY}/git/trees/{{tree_sha}}', permission=READ)
def get_tree(call: Call) -> Answer:
    repository = call.repository
    repository.require_objects()
    name = call.parameters['tree_sha']
    sha = name
    if repository.store.type_of(name) != 'tree':
        commit = repository.resolve(name)
        if commit is None:
            raise Refusal(404, 'Not Found')
        sha = repository.store.tree_of(commit)
    # Any value switches it on, `0` and `false` too.
    return Answer(200, _tree_json(call, sha, is_recursive='recursive' in call.query))


def _tree_json(call: Call, sha: str, *, is_recursive: bool) -> dict[str, Any]:
    store, api = call.repository.store, f'{call.repository.api_url}/git'
    if is_recursive:
        rows = [(entry.path, entry.mode, entry.sha) for entry in store.listing(sha)]
    else:
        rows = [(name, mode, blob) for name, (mode, blob) in store.entries(sha).items()]
    most = call.forge.truncated_above
    is_truncated = is_recursive and (FaultKind.TRUNCATED_TREE in call.faults or (most is not None and len(rows) > most))
    if is_truncated:
        rows = rows[: len(rows) // 2 if most is None else min(most, len(rows) // 2)]
    tree: list[dict[str, Any]] = []
    for path, mode, blob in rows:
        kind = TYPE_OF_MODE.get(mode, 'blob')
        row: dict[str, Any] = {'path': path, 'mode': f'{mode:06o}', 'type': kind, 'sha': blob}
        if kind == 'blob':
            row['size'] = store.size(blob)
        if kind != 'commit':
            row['url'] = f'{api}/{kind}s/{blob}'
        tree.append(row)
    return {'sha': sha, 'url': f'{api}/trees/{sha}', 'tree': tree, 'truncated': is_truncated}


# Blobs


@operation('git/create-blob', f'POST {REPOSITORY}/git/blobs', permission=WRITE)
def create_blob(call: Call) -> Answer:
    call.repository.require_objects()
    content = decoded(call.required('content'), call.body.get('encoding', 'utf-8'))
    sha = call.repository.store.write('blob', content)
    url = f'{call.repository.api_url}/git/blobs/{sha}'
    return Answer(201, {'sha': sha, 'url': url}, {'Location': url})


def decoded(content: str, encoding: str) -> bytes:
    """Return the bytes of a text in one of the two encodings that the API knows."""
    if encoding != 'base64':
        return content.encode()
    try:
        return base64.b64decode(re.sub(r'\s', '', content), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal(422, 'content is not valid Base64') from error


@operation('git/get-blob', f'GET {REPOSITORY}/git/blobs/{{file_sha}}', permission=READ)
def get_blob(call: Call) -> Answer:
    call.repository.require_objects()
    sha = call.parameters['file_sha']
    content = call.repository.store.blob(sha)
    if content is None:
        raise Refusal(404, 'Not Found')
    if any(raw in call.request.accept for raw in RAW_TYPES):
        return Answer(200, text=content, content_type='application/vnd.github.raw; charset=utf-8')
    return Answer(
        200,
        {
            'sha': sha,
            'node_id': f'B_kwDO{sha}',
            'size': len(content),
            'url': f'{call.repository.api_url}/git/blobs/{sha}',
            'content': base64.encodebytes(content).decode(),
            'encoding': 'base64',
        },
    )
