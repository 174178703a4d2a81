"""What the double answers to GraphQL: two mutations that compare before they swap, and a few questions."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLResolveInfo

from .callers import Caller
from .objects import FILE, NOTHING, MalformedChange, Signature
from .repository import HostedRepository
from .representations import GITHUB_SIGNATURE, number_of, signatures_of, verification_json

if TYPE_CHECKING:
    from .forge import Forge

__all__ = ('Context', 'Failure', 'resolve')


class Failure(GraphQLError):
    """A field cannot be resolved; the type is GitHub's name for the reason."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Context:
    forge: 'Forge'
    caller: Caller


def resolve(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """Look a field up: at the roots a function, below them what that function returned."""
    name = info.field_name
    if source is None:
        root = _ROOTS.get(name)
        if root is None:
            raise Failure('INTERNAL', f'the double does not answer {name}')
        return root(info.context, arguments)
    value = source.get(name)
    if callable(value):
        return value(**arguments)
    if name not in source:
        raise Failure('INTERNAL', f'the double does not answer {info.parent_type.name}.{name}')
    return value


def _repository(context: Context, full_name: str) -> HostedRepository:
    repository = context.forge.repository(full_name)
    if repository is None or not context.caller.sees(repository.full_name):
        raise Failure('NOT_FOUND', f"Could not resolve to a Repository with the name '{full_name}'.")
    return repository


def _repository_of_id(context: Context, node_id: str) -> HostedRepository:
    for repository in context.forge.repositories.values():
        if repository.node_id == node_id and context.caller.sees(repository.full_name):
            return repository
    raise Failure('NOT_FOUND', f"Could not resolve to a node with the global id of '{node_id}'.")


def _require(context: Context, repository: HostedRepository, permission: str, level: str) -> None:
    if not context.caller.may(permission, level):
        raise Failure('FORBIDDEN', context.caller.missing_permission)
    if repository.archived and level != 'read':
        raise Failure('FORBIDDEN', 'Repository was archived so is read-only.')


def _ask_repository(context: Context, arguments: Mapping[str, Any]) -> dict[str, Any]:
    repository = _repository(context, f'{arguments["owner"]}/{arguments["name"]}')
    _require(context, repository, 'contents', 'read')
    return _repository_value(repository)


def _repository_value(repository: HostedRepository) -> dict[str, Any]:
    def object_at(expression: str | None = None, oid: str | None = None) -> dict[str, Any] | None:
        if oid:
            return _object(repository, oid)
        name, _, path = (expression or '').partition(':')
        commit = repository.resolve(name or repository.default_branch)
        if commit is None or ':' not in (expression or ''):
            return _object(repository, commit)
        found = repository.store.at(repository.store.tree_of(commit), path)
        return _object(repository, found[1] if found else None)

    return {
        '__typename': 'Repository',
        'id': repository.node_id,
        'databaseId': repository.number,
        'name': repository.name,
        'nameWithOwner': repository.full_name,
        'url': repository.url,
        'isArchived': repository.archived,
        'isPrivate': repository.private,
        'isEmpty': repository.store.is_empty(),
        'defaultBranchRef': lambda: _reference(repository, f'refs/heads/{repository.default_branch}'),
        'ref': lambda qualifiedName: _reference(repository, _full(repository, qualifiedName)),  # noqa: N803
        'object': object_at,
    }


def _full(repository: HostedRepository, name: str) -> str:
    if name.startswith('refs/'):
        return name
    return f'refs/tags/{name}' if repository.store.reference(f'refs/tags/{name}') else f'refs/heads/{name}'


def _reference(repository: HostedRepository, name: str) -> dict[str, Any] | None:
    sha = repository.store.reference(name)
    prefix, _, last = name.partition('/heads/')
    if sha is None:
        return None
    return {
        '__typename': 'Ref',
        'id': f'REF_{number_of(repository.full_name + name)}',
        'name': last or name.rpartition('/')[2],
        'prefix': f'{prefix}/heads/' if last else f'{name.rpartition("/")[0]}/',
        'repository': lambda: _repository_value(repository),
        'target': lambda: _object(repository, sha),
    }


def _object(repository: HostedRepository, sha: str | None) -> dict[str, Any] | None:
    found = repository.store.read(sha) if sha else None
    if sha is None or found is None:
        return None
    kind, content = found
    value: dict[str, Any] = {
        '__typename': kind.capitalize(),
        'id': f'{kind[0].upper()}_kwDO{sha}',
        'oid': sha,
        'abbreviatedOid': sha[:7],
        'repository': lambda: _repository_value(repository),
    }
    if kind == 'blob':
        is_binary = b'\0' in content[:8000]
        text = None if is_binary else content.decode('utf-8', 'replace')
        value |= {'byteSize': len(content), 'isBinary': is_binary, 'isTruncated': False, 'text': text}
    elif kind == 'tree':
        value['entries'] = lambda: [
            {
                '__typename': 'TreeEntry',
                'name': name,
                'mode': mode,
                'oid': oid,
                'type': (repository.store.type_of(oid) or 'commit'),
                'object': lambda oid=oid: _object(repository, oid),
            }
            for name, (mode, oid) in repository.store.entries(sha).items()
        ]
    elif kind == 'commit':
        value |= _commit_fields(repository, sha)
    return value


def _commit_fields(repository: HostedRepository, sha: str) -> dict[str, Any]:
    commit = repository.store.commit(sha)
    assert commit is not None
    message = commit.message.decode('utf-8', 'replace')
    headline, _, body = message.partition('\n')
    author, committer = (
        {'name': one.name, 'email': one.email, 'date': one.date, 'user': None} for one in signatures_of(repository, sha)
    )
    return {
        'message': message,
        'messageHeadline': headline,
        'messageBody': body.strip('\n'),
        'committedDate': committer['date'],
        'authoredDate': author['date'],
        'author': author,
        'committer': committer,
        'tree': lambda: _object(repository, commit.tree.decode()),
        'url': f'{repository.url}/commit/{sha}',
        'commitUrl': f'{repository.url}/commit/{sha}',
        'treeUrl': f'{repository.url}/tree/{sha}',
        'viewerCanSubscribe': False,
        'isSignedByGitHub': verification_json(repository, sha)['verified'],
    }


def _ask_viewer(context: Context, _arguments: Mapping[str, Any]) -> dict[str, Any]:
    login = context.caller.login
    return {
        '__typename': 'User',
        'id': f'U_kgDO{number_of(login):08d}',
        'login': login,
        'databaseId': number_of(login),
        'name': None,
        'email': context.caller.email,
        'url': f'{context.forge.url}/{login}',
    }


def _ask_rate_limit(context: Context, _arguments: Mapping[str, Any]) -> dict[str, Any]:
    forge = context.forge
    state = forge.limits.state(context.caller.login, 'graphql', forge.now())
    resets = forge.now().fromtimestamp(state['reset'], forge.now().tzinfo).strftime('%Y-%m-%dT%H:%M:%SZ')
    return {**state, 'cost': 1, 'nodeCount': 0, 'resetAt': resets}


def _ask_node(context: Context, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return _repository_value(_repository_of_id(context, arguments['id']))


def _update_references(context: Context, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Move several references, all or none, each only if it is where the client thinks that it is."""
    asked = arguments['input']
    repository = _repository_of_id(context, asked['repositoryId'])
    _require(context, repository, 'contents', 'write')
    moves = [_checked_move(context, repository, update) for update in asked['refUpdates']]
    for name, current, new in moves:
        if not repository.move(name, new, expected=current, actor=context.caller.login):
            raise Failure('UNPROCESSABLE', f'Reference {name} cannot be updated.')
    return {'clientMutationId': asked.get('clientMutationId')}


def _checked_move(
    context: Context, repository: HostedRepository, update: Mapping[str, Any]
) -> tuple[str, str | None, str | None]:
    name, new, store = update['name'], update['afterOid'], repository.store
    current, expected = store.reference(name), update.get('beforeOid')
    if expected is not None and expected != (current or NOTHING):
        raise Failure('UNPROCESSABLE', f'Reference {name} is at {current or NOTHING} but expected {expected}.')
    if new == NOTHING:
        if current is None:
            raise Failure('UNPROCESSABLE', f'Reference {name} does not exist.')
        return name, current, None
    if store.type_of(new) is None:
        raise Failure('UNPROCESSABLE', f'Object {new} does not exist.')
    if current and not update.get('force') and not store.is_ancestor(current, new):
        raise Failure('UNPROCESSABLE', f'Reference {name} cannot be updated: the update is not a fast forward.')
    branch = name.removeprefix('refs/heads/')
    violation = repository.rule_violation(branch, new, context.caller) if current else ''
    if violation:
        raise Failure('UNPROCESSABLE', _protection_text(repository, branch, violation))
    return name, current, new


def _protection_text(repository: HostedRepository, branch: str, violation: str) -> str:
    is_classic = any(rule.kind == 'classic' for rule in repository.rules.get(branch, []))
    return f"protected branch '{branch}' check failed: {violation}" if is_classic else violation


def _create_commit(context: Context, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Commit complete files on top of the head that the client names, signed by GitHub."""
    asked = arguments['input']
    repository, name = _committable(context, asked['branch'])
    _require(context, repository, 'contents', 'write')
    store = repository.store
    current = store.reference(name)
    if current is None:
        raise Failure('NOT_FOUND', 'Branch not found')
    if current != asked['expectedHeadOid']:
        raise Failure(
            'STALE_DATA',
            f'Expected branch to point to "{asked["expectedHeadOid"]}" but it did not.  Pull and try again.',
        )
    tree = _changed_tree(repository, current, asked.get('fileChanges') or {})
    message = asked['message']['headline']
    if body := asked['message'].get('body'):
        message = f'{message}\n\n{body}'
    now = context.forge.now().replace(microsecond=0)
    author = Signature(context.caller.login, context.caller.email, now)
    sha = store.add_commit(
        tree=tree,
        parents=[current],
        message=message,
        author=author,
        committer=Signature('GitHub', 'noreply@github.com', now),
        signature=GITHUB_SIGNATURE,
    )
    branch = name.removeprefix('refs/heads/')
    violation = repository.rule_violation(branch, sha, context.caller)
    if violation:
        raise Failure('UNPROCESSABLE', _protection_text(repository, branch, violation))
    if not repository.move(name, sha, expected=current, actor=context.caller.login):
        raise Failure('STALE_DATA', f'Expected branch to point to "{current}" but it did not.  Pull and try again.')
    return {
        'clientMutationId': asked.get('clientMutationId'),
        'commit': lambda: _object(repository, sha),
        'ref': lambda: _reference(repository, name),
    }


def _committable(context: Context, branch: Mapping[str, Any]) -> tuple[HostedRepository, str]:
    if branch.get('id'):
        for repository in context.forge.repositories.values():
            for name in repository.store.references('refs/heads/'):
                if branch['id'] == f'REF_{number_of(repository.full_name + name)}':
                    return _repository(context, repository.full_name), name
        raise Failure('NOT_FOUND', f"Could not resolve to a node with the global id of '{branch['id']}'.")
    if not branch.get('repositoryNameWithOwner') or not branch.get('branchName'):
        raise Failure('UNPROCESSABLE', 'A branch needs an id, or the names of a repository and a branch.')
    name = branch['branchName']
    full = name if name.startswith('refs/') else f'refs/heads/{name}'
    return _repository(context, branch['repositoryNameWithOwner']), full


def _changed_tree(repository: HostedRepository, head: str, changes: Mapping[str, Any]) -> str:
    store = repository.store
    base = store.tree_of(head)
    additions, deletions = changes.get('additions') or [], changes.get('deletions') or []
    paths = [change['path'] for change in (*additions, *deletions)]
    if len(set(paths)) != len(paths):
        raise Failure('UNPROCESSABLE', 'A path was requested for more than one change.')
    rows: list[tuple[str, tuple[int, str] | None]] = []
    for addition in additions:
        present = store.at(base, addition['path'])
        sha = store.write('blob', base64.b64decode(addition['contents']))
        rows.append((addition['path'], (present[0] if present else FILE, sha)))
    rows += [(deletion['path'], None) for deletion in deletions]
    try:
        return store.edit(base, rows)
    except MalformedChange as error:
        missing = next((row['path'] for row in deletions if not store.at(base, row['path'])), paths[0])
        raise Failure(
            'UNPROCESSABLE',
            f'A path was requested for deletion which does not exist as of commit oid `{head}`: {missing}',
        ) from error


_ROOTS: dict[str, Callable[[Context, Mapping[str, Any]], Any]] = {
    'repository': _ask_repository,
    'viewer': _ask_viewer,
    'rateLimit': _ask_rate_limit,
    'node': _ask_node,
    'updateRefs': _update_references,
    'createCommitOnBranch': _create_commit,
}
