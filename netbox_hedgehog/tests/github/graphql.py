"""The GraphQL side: documents are checked against GitHub's schema, and a few fields of it are answered.

A failed mutation is answered with status 200, `null` in place of its payload, and the reason in `errors`.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    StringValueNode,
    build_schema,
    execute,
    parse,
    validate,
)

from .callers import Caller, CallerKind
from .exchange import Answer, Refusal, Request
from .faults import FaultKind
from .repository import is_sound_reference
from .resolvers import Context, Failure, resolve

if TYPE_CHECKING:
    from .forge import Forge

__all__ = ('GraphQL', 'schema')

SCHEMA = Path(__file__).parent / 'extract' / 'schema.graphql'
DOCUMENTATION = 'https://docs.github.com/graphql'


@dataclass(frozen=True)
class _Read:
    """A document that was read: what it asks for, or why it cannot be asked."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...]
    operation: str
    is_mutation: bool


class GraphQL:
    """Answers GraphQL requests."""

    media_type = 'github.v4; format=json'

    def __init__(self, forge: 'Forge') -> None:
        self._forge = forge

    def cost(self, request: Request) -> tuple[str, int, bool, bool]:
        """Return the operation, its points, whether it writes, and whether it is free."""
        read = _read(_asked(request)[0])
        return f'graphql/{read.operation}', 5 if read.is_mutation else 1, read.is_mutation, False

    def refuse(self, refusal: Refusal, _request: Request) -> Answer:
        """Answer a refusal; of the hourly limit, unlike of the others, GraphQL tells with status 200."""
        if refusal.message.startswith('API rate limit exceeded'):
            return Answer(200, {'errors': [{'type': 'RATE_LIMITED', 'message': refusal.message}]})
        return refusal.answer(DOCUMENTATION)

    def answer(self, request: Request, caller: Caller, _faults: frozenset[FaultKind]) -> Answer:
        if caller.kind in {CallerKind.NOBODY, CallerKind.APP}:
            return Refusal(401, 'This endpoint requires you to be authenticated.').answer(DOCUMENTATION)
        text, variables = _asked(request)
        if not isinstance(text, str) or request.method != 'POST':
            return Refusal(400, 'A query attribute must be specified and must be a string.').answer(DOCUMENTATION)
        read = _read(text)
        if read.document is None or read.errors:
            self._forge.violations += [f'graphql: {error.message}' for error in read.errors]
            return Answer(200, {'errors': [_error_json(error) for error in read.errors]})
        result = execute(
            schema(),
            read.document,
            context_value=Context(self._forge, caller),
            variable_values=dict(variables),
            field_resolver=resolve,
        )
        assert not hasattr(result, '__await__')
        value: dict[str, Any] = {'data': result.data}
        if result.errors:
            value['errors'] = [_error_json(error) for error in result.errors]
            self._forge.violations += [f'graphql: {error.message}' for error in result.errors if not _kind(error)]
        return Answer(200, value)


def _asked(request: Request) -> tuple[Any, Mapping[str, Any]]:
    try:
        body = json.loads(request.body or b'{}')
    except ValueError:
        return None, {}
    return (body.get('query'), body.get('variables') or {}) if isinstance(body, dict) else (None, {})


def _kind(error: GraphQLError) -> str:
    original = error if isinstance(error, Failure) else error.original_error
    return original.kind if isinstance(original, Failure) else ''


def _error_json(error: GraphQLError) -> dict[str, Any]:
    value: dict[str, Any] = {'message': error.message}
    if kind := _kind(error):
        value['type'] = kind
    if error.path:
        value['path'] = list(error.path)
    if error.locations:
        value['locations'] = [{'line': place.line, 'column': place.column} for place in error.locations]
    return value


# Reading documents


@cache
def schema() -> GraphQLSchema:
    """Build the extract of GitHub's schema, with scalars that refuse what GitHub refuses."""
    built = build_schema(SCHEMA.read_text())
    for name, check in _SCALARS.items():
        scalar = built.type_map.get(name)
        if isinstance(scalar, GraphQLScalarType):
            _make_strict(scalar, check)
    for name, kind in (('GitObject', _object_kind), ('Node', _node_kind), ('Actor', _node_kind)):
        built.type_map[name].resolve_type = kind  # type: ignore[attr-defined]
    return built


@cache
def _read(text: object) -> _Read:
    if not isinstance(text, str):
        return _Read(None, (), 'unknown', is_mutation=False)
    try:
        document = parse(text)
    except GraphQLError as error:
        return _Read(None, (error,), 'unknown', is_mutation=False)
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    fields = [node.name.value for node in operation.selection_set.selections if isinstance(node, FieldNode)]
    is_mutation = operation.operation is OperationType.MUTATION
    return _Read(document, tuple(validate(schema(), document)), fields[0] if fields else 'unknown', is_mutation)


def _make_strict(scalar: GraphQLScalarType, check: Callable[[str], bool]) -> None:
    def parse_value(value: object) -> str:
        if not isinstance(value, str) or not check(value):
            raise GraphQLError(f'{value!r} is not a valid {scalar.name}')
        return value

    def parse_literal(node: object, _variables: object = None) -> str:
        return parse_value(node.value if isinstance(node, StringValueNode) else None)

    scalar.parse_value = parse_value  # type: ignore[method-assign]
    scalar.parse_literal = parse_literal  # type: ignore[method-assign, assignment]


def _is_base64(value: str) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error:
        return False
    return True


_SCALARS: dict[str, Callable[[str], bool]] = {
    'GitObjectID': lambda value: re.fullmatch(r'[0-9a-f]{40}|[0-9a-f]{64}', value) is not None,
    'GitRefname': is_sound_reference,
    'Base64String': _is_base64,
}


def _object_kind(value: Mapping[str, Any], *_: object) -> str:
    return str(value['__typename'])


_node_kind = _object_kind
