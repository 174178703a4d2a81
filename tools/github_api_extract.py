"""Cut the parts of GitHub's machine-readable API descriptions out that the tests' double is held to.

Run by hand, when a newer description is wanted, with the tarballs that `npm pack` makes:

    npm pack @octokit/openapi @octokit/graphql-schema
    python -m tools.github_api_extract octokit-openapi-*.tgz octokit-graphql-schema-*.tgz

The result is committed. It holds nothing but what the packages hold, without descriptions and examples.
"""

import argparse
import base64
import hashlib
import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import (
    DefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeDefinitionNode,
    TypeNode,
    build_ast_schema,
    parse,
    print_schema,
    validate_schema,
)

from .checkout import TESTS
from .report import say

__all__ = ('main',)

EXTRACT = TESTS / 'github' / 'extract'
REST_FILE, GRAPHQL_FILE = 'rest.json', 'schema.graphql'
DESCRIPTION = 'package/generated/api.github.com.json'
# The oldest Enterprise Server that everything must exist in, and what need not.
ENTERPRISE = 'package/generated/ghes-3.17.json'
METHODS = {'get', 'put', 'post', 'patch', 'delete'}
REPOSITORY = '/repos/{owner}/{repo}'
HOOK = f'{REPOSITORY}/hooks/{{hook_id}}'
PULL = f'{REPOSITORY}/pulls/{{pull_number}}'
OPERATIONS = {
    REPOSITORY: 'get',
    f'{REPOSITORY}/contents/{{path}}': 'get put delete',
    f'{REPOSITORY}/git/ref/{{ref}}': 'get',
    f'{REPOSITORY}/git/matching-refs/{{ref}}': 'get',
    f'{REPOSITORY}/git/refs': 'post',
    f'{REPOSITORY}/git/refs/{{ref}}': 'patch delete',
    f'{REPOSITORY}/git/commits': 'post',
    f'{REPOSITORY}/git/commits/{{commit_sha}}': 'get',
    f'{REPOSITORY}/git/trees': 'post',
    f'{REPOSITORY}/git/trees/{{tree_sha}}': 'get',
    f'{REPOSITORY}/git/blobs': 'post',
    f'{REPOSITORY}/git/blobs/{{file_sha}}': 'get',
    f'{REPOSITORY}/compare/{{basehead}}': 'get',
    f'{REPOSITORY}/tarball/{{ref}}': 'get',
    f'{REPOSITORY}/commits': 'get',
    f'{REPOSITORY}/commits/{{ref}}': 'get',
    f'{REPOSITORY}/branches': 'get',
    f'{REPOSITORY}/branches/{{branch}}': 'get',
    f'{REPOSITORY}/branches/{{branch}}/protection': 'get',
    f'{REPOSITORY}/rules/branches/{{branch}}': 'get',
    f'{REPOSITORY}/hooks': 'get post',
    HOOK: 'get patch delete',
    f'{HOOK}/config': 'get patch',
    f'{HOOK}/pings': 'post',
    f'{HOOK}/deliveries': 'get',
    f'{HOOK}/deliveries/{{delivery_id}}': 'get',
    f'{HOOK}/deliveries/{{delivery_id}}/attempts': 'post',
    f'{REPOSITORY}/pulls': 'get post',
    PULL: 'get patch',
    f'{PULL}/merge': 'put',
    f'{PULL}/update-branch': 'put',
    f'{PULL}/requested_reviewers': 'get post delete',
    f'{REPOSITORY}/issues/{{issue_number}}/labels': 'get post',
    f'{REPOSITORY}/installation': 'get',
    '/app': 'get',
    '/app/installations': 'get',
    '/app/installations/{installation_id}/access_tokens': 'post',
    '/app/hook/deliveries': 'get',
    '/app/hook/deliveries/{delivery_id}/attempts': 'post',
    '/installation/repositories': 'get',
    '/rate_limit': 'get',
    '/user': 'get',
    '/meta': 'get',
}
EVENTS = (
    'push',
    'ping',
    *(f'pull-request-{action}' for action in ('opened', 'closed', 'reopened', 'synchronize', 'edited')),
)
# What only people read. `example` and the like are also names of properties, which are kept.
PROSE = {'description', 'example', 'examples', 'title', 'summary', 'externalDocs', 'deprecated', 'tags'}

ROOTS = {
    'Query': {'repository', 'viewer', 'rateLimit', 'node'},
    'Mutation': {'createCommitOnBranch', 'updateRefs', 'enablePullRequestAutoMerge'},
}
TYPES = {
    *ROOTS,
    'Actor',
    'Blob',
    'Commit',
    'CreateCommitOnBranchPayload',
    'EnablePullRequestAutoMergePayload',
    'GitActor',
    'GitObject',
    'Node',
    'PullRequest',
    'RateLimit',
    'Ref',
    'Repository',
    'RepositoryOwner',
    'Tree',
    'TreeEntry',
    'UpdateRefsPayload',
    'User',
}


def main() -> int:
    """Read the tarballs and write the extract."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('openapi', type=Path, help='the tarball of @octokit/openapi')
    parser.add_argument('graphql', type=Path, help='the tarball of @octokit/graphql-schema')
    chosen = parser.parse_args()
    EXTRACT.mkdir(exist_ok=True)
    rest = extract_rest(_member_json(chosen.openapi, DESCRIPTION))
    absent = _absent(rest, _member_json(chosen.openapi, ENTERPRISE))
    if absent:
        say(f'not in {ENTERPRISE}: {", ".join(absent)}')
        return 1
    header = _header(chosen.openapi) | {'all_operations_also_in': Path(ENTERPRISE).stem}
    text = json.dumps({'_source': header, **rest}, separators=(',', ':'), sort_keys=True)
    (EXTRACT / REST_FILE).write_text(f'{text}\n')
    schema = extract_graphql(_member(chosen.graphql, 'package/schema.graphql').decode())
    lines = [f'# {name}: {value}' for name, value in _header(chosen.graphql).items()]
    (EXTRACT / GRAPHQL_FILE).write_text('\n'.join(lines) + f'\n\n{schema}\n')
    for tarball, name, member in (
        (chosen.openapi, 'rest.LICENSE', 'package/LICENSE'),
        (chosen.graphql, 'schema.LICENSE', 'package/LICENSE.md'),
    ):
        (EXTRACT / name).write_bytes(_member(tarball, member))
    operations = sum(len(methods) for methods in rest['paths'].values())
    say(f'{operations} operations, {len(rest["components"]["schemas"])} schemas, {len(rest["webhooks"])} events')
    return 0


def _member(tarball: Path, name: str) -> bytes:
    with tarfile.open(tarball) as tar:
        file = tar.extractfile(name)
        if file is None:
            raise FileNotFoundError(f'{tarball} holds no {name}: is it the right package?')
        return file.read()


def _member_json(tarball: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(_member(tarball, name))
    return loaded


def _header(tarball: Path) -> dict[str, str]:
    package = _member_json(tarball, 'package/package.json')
    digest = hashlib.sha512(tarball.read_bytes()).digest()
    return {
        'package': package['name'],
        'version': package['version'],
        'sha512': base64.b64encode(digest).decode(),
        'license': package['license'],
    }


# REST


def extract_rest(description: dict[str, Any]) -> dict[str, Any]:
    """Return the chosen operations and events with every schema that they refer to."""
    components = description['components']
    paths = {
        path: {method: _operation(description['paths'][path][method], components) for method in methods.split()}
        for path, methods in OPERATIONS.items()
    }
    webhooks = {
        event: _stripped(
            description['x-webhooks'][event]['post']['requestBody']['content']['application/json']['schema']
        )
        for event in EVENTS
    }
    schemas: dict[str, Any] = {}
    waiting = list(_references([paths, webhooks]))
    while waiting:
        name = waiting.pop().removeprefix('#/components/schemas/')
        if name not in schemas:
            schemas[name] = _stripped(components['schemas'][name])
            waiting += _references(schemas[name])
    return {'paths': paths, 'webhooks': webhooks, 'components': {'schemas': schemas}}


def _operation(operation: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    parameters = [_resolved(parameter, components) for parameter in operation.get('parameters', ())]
    kept: dict[str, Any] = {
        'operationId': operation['operationId'],
        'documentation': operation['externalDocs']['url'],
        'query': sorted(parameter['name'] for parameter in parameters if parameter['in'] == 'query'),
        'responses': {
            status: _content(_resolved(response, components)) for status, response in operation['responses'].items()
        },
    }
    if 'requestBody' in operation:
        kept['requestBody'] = _content(_resolved(operation['requestBody'], components))
    return kept


def _content(part: dict[str, Any]) -> dict[str, Any]:
    return {kind: _stripped(value.get('schema', {})) for kind, value in part.get('content', {}).items()}


def _resolved(part: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    if '$ref' not in part:
        return part
    _, _, section, name = part['$ref'].split('/')
    resolved: dict[str, Any] = components[section][name]
    return resolved


def _stripped(schema: Any, *, are_names: bool = False) -> Any:
    """Return a schema without prose; `are_names` where the keys are names of properties."""
    if isinstance(schema, list):
        return [_stripped(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _stripped(value, are_names=key == 'properties' and not are_names)
        for key, value in schema.items()
        if are_names or not (key in PROSE or key.startswith('x-'))
    }


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get('$ref'), str):
            yield part['$ref']
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


def _absent(rest: dict[str, Any], enterprise: dict[str, Any]) -> list[str]:
    """Name the operations that an Enterprise Server lacks."""
    there = {
        operation['operationId']
        for methods in enterprise['paths'].values()
        for method, operation in methods.items()
        if method in METHODS
    }
    ours = {operation['operationId'] for methods in rest['paths'].values() for operation in methods.values()}
    return sorted(ours - there)


# GraphQL


def extract_graphql(text: str) -> str:
    """Return the chosen types, their fields of chosen or plain types, and whatever these take as arguments."""
    document = parse(text, no_location=True)
    definitions = {node.name.value: node for node in document.definitions if isinstance(node, TypeDefinitionNode)}
    kept: dict[str, DefinitionNode] = {}
    waiting = sorted(TYPES)
    while waiting:
        name = waiting.pop()
        node = definitions.get(name)
        if name in kept or node is None:
            continue
        if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            fields = [field for field in node.fields or () if _is_chosen(name, field, definitions)]
            node = type(node)(
                name=node.name,
                interfaces=tuple(one for one in node.interfaces or () if one.name.value in TYPES and name not in ROOTS),
                fields=tuple(fields),
                directives=(),
            )
            waiting += [_named(field.type) for field in fields]
            waiting += [_named(argument.type) for field in fields for argument in field.arguments or ()]
        elif isinstance(node, InputObjectTypeDefinitionNode):
            waiting += [_named(field.type) for field in node.fields or ()]
        kept[name] = node
    nodes = tuple(kept[name] for name in sorted(kept))
    schema = build_ast_schema(DocumentNode(definitions=nodes), assume_valid_sdl=True)
    errors = validate_schema(schema)
    if errors:
        raise ValueError(f'the extract is no valid schema: {errors[0].message}')
    for kind in schema.type_map.values():
        _forget_prose(kind)
    return print_schema(schema)


def _is_chosen(owner: str, field: FieldDefinitionNode, definitions: dict[str, TypeDefinitionNode]) -> bool:
    if owner in ROOTS:
        return field.name.value in ROOTS[owner]
    kind = _named(field.type)
    plain = (ScalarTypeDefinitionNode, EnumTypeDefinitionNode)
    return kind in TYPES or kind not in definitions or isinstance(definitions[kind], plain)


def _named(node: TypeNode) -> str:
    while not isinstance(node, NamedTypeNode):
        node = node.type  # type: ignore[attr-defined]  # lists and non-null types both wrap one
    return node.name.value


def _forget_prose(part: Any) -> None:
    part.description = None
    for name in ('fields', 'args', 'values'):
        inner = getattr(part, name, None)
        for value in inner.values() if isinstance(inner, dict) else ():
            _forget_prose(value)


if __name__ == '__main__':
    sys.exit(main())
