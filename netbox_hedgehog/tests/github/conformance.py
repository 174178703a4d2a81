"""Holding requests and answers to GitHub's own description of its API, so that the double does not bend to the client.

What does not match is noted, not raised: a test asserts that `violations` stays empty. The description is an extract of
the package that its header names, made by `tools.github_api_extract`. OpenAPI 3.0 is not JSON Schema, and GitHub's
description is loose in places, so some of it is rewritten before use (`_rewritten`) and some rules are added:

- every key that is sent or answered is named in the schema, although schemas hardly ever forbid others;
- every error has a message and an address of documentation;
- statuses that any operation may answer with need not be listed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from .exchange import Answer, Request

__all__ = ('Conformance', 'described_operations')

EXTRACT = Path(__file__).parent / 'extract' / 'rest.json'
ADDRESS = 'urn:github'
UNLISTED = {301, 304, 307, 400, 401, 403, 404, 410, 429, 451, 500, 502, 503, 504}
# GitHub sends an error's status in its body too, and only some of the schemas say so.
UNDESCRIBED = {'$.status'}
DOCUMENTATION = 'https://docs.github.com/rest'
# Of longer lists only some entries are checked.
WHOLE_LIST, SAMPLE = 40, 20
REMEMBERED = 20_000
SHOWN = 200
FALSE = {'', '0', 'false', 'no'}

type Schema = Mapping[str, Any]


class Conformance:
    """Checks what passes, and notes what does not match."""

    def __init__(self, violations: list[str]) -> None:
        self.is_enabled = True
        self._violations = violations
        # Digests of what was found to match.
        self._passed: set[bytes] = set()

    def documentation(self, operation: str) -> str:
        """Return the address that GitHub names in an operation's errors."""
        described = described_operations().get(operation)
        return described['documentation'] if described else DOCUMENTATION

    def check_request(self, operation: str, request: Request, body: Mapping[str, Any] | None) -> None:
        """Check the parameters and the body of a request."""
        described = described_operations().get(operation)
        if described is None or not self.is_enabled:
            return
        where = f'{operation}: request'
        for name in request.query.keys() - set(described['query']):
            self._violations.append(f'{where} has an unknown parameter {name}')
        if request.query.get('recursive', '1').lower() in FALSE:
            self._violations.append(f'{where} asks for a recursive listing with a value that looks like the opposite')
        schema = described.get('requestBody', {}).get('application/json')
        if body is None:
            return
        if schema is None:
            self._violations.append(f'{where} has a body, and none is described')
        else:
            self._check(where, schema, body, request.body)

    def check_answer(self, operation: str, answer: Answer) -> None:
        """Check an answer's status and body."""
        described = described_operations().get(operation)
        if described is None or not self.is_enabled:
            if operation == 'unknown':
                self._violations.append('an operation was asked for that the double does not know')
            return
        where = f'{operation}: answer {answer.status}'
        contents = described['responses'].get(str(answer.status))
        if contents is None and answer.status not in UNLISTED:
            self._violations.append(f'{where} is not described')
            return
        if answer.status >= 400:
            value = answer.value if isinstance(answer.value, dict) else {}
            if not value.get('message') or not value.get('documentation_url'):
                self._violations.append(f'{where} has no message or no documentation_url')
        schema = _schema_for(contents or {}, answer)
        if schema is not None and answer.value is not None:
            self._check(where, schema, answer.value, answer.body)

    def check_event(self, event: str, payload: Mapping[str, Any]) -> None:
        """Check what a webhook is told."""
        name = f'{event.replace("_", "-")}-{payload["action"]}' if 'action' in payload else event
        schema = _description()['webhooks'].get(name)
        if schema is None:
            self._violations.append(f'event {name} is not described')
        elif self.is_enabled:
            self._check(f'event {name}', schema, payload, json.dumps(payload).encode())

    def _check(self, where: str, schema: Schema, value: Any, raw: bytes) -> None:
        digest = sha256(where.encode() + raw).digest()
        if digest in self._passed:
            return
        sample = _sampled(value)
        found = [_described(where, error) for error in _validator(_Held(schema)).iter_errors(sample)]
        unknown = set(_unknown_keys(sample, [schema], '$')) - UNDESCRIBED
        found += [f'{where}: {path} is not described' for path in sorted(unknown)]
        self._violations += found
        if not found:
            if len(self._passed) > REMEMBERED:
                self._passed.clear()
            self._passed.add(digest)


class _Held:
    """A schema as an argument of a cached function, compared by what it is and not by what it holds."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.schema is self.schema


def _described(where: str, error: ValidationError) -> str:
    value = repr(error.instance)
    return f'{where}: {error.json_path}: {error.message[:SHOWN]} (in {value[:SHOWN]})'


def _sampled(value: Any) -> Any:
    """Leave most entries of long lists out, for time's sake."""
    if isinstance(value, dict):
        return {name: _sampled(inner) for name, inner in value.items()}
    if isinstance(value, list) and len(value) > WHOLE_LIST:
        return [_sampled(inner) for inner in (*value[:SAMPLE], *value[SAMPLE :: len(value) // SAMPLE], value[-1])]
    if isinstance(value, list):
        return [_sampled(inner) for inner in value]
    return value


# The description


@cache
def _description() -> dict[str, Any]:
    read: dict[str, Any] = _rewritten(json.loads(EXTRACT.read_text()))
    return read


@cache
def described_operations() -> dict[str, Any]:
    """Return the extract's operations by name."""
    found: dict[str, Any] = {
        operation['operationId']: operation
        for methods in _description()['paths'].values()
        for operation in methods.values()
    }
    # It demands an account that is a user and an enterprise at once; the schema of one installation is right.
    installations = found['apps/list-installations']['responses']['200']
    installations['application/json'] = {
        'type': 'array',
        'items': {'$ref': f'{ADDRESS}#/components/schemas/installation'},
    }
    return found


def _rewritten(part: Any, *, are_names: bool = False) -> Any:
    """Turn OpenAPI 3.0 into JSON Schema.

    `nullable` becomes a choice. `oneOf` becomes `anyOf`, because error bodies match several of GitHub's loose schemas.
    `discriminator` goes: one of them sends arrays to the schema of directories, by a member that arrays do not have.
    """
    if isinstance(part, list):
        return [_rewritten(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    if are_names:
        return {name: _rewritten(inner) for name, inner in part.items()}
    if '$ref' in part and isinstance(part['$ref'], str):
        return {'$ref': f'{ADDRESS}{part["$ref"]}'}
    new = {
        'anyOf' if name == 'oneOf' else name: _rewritten(inner, are_names=name in {'properties', 'schemas'})
        for name, inner in part.items()
        if name not in {'nullable', 'discriminator'}
    }
    return {'anyOf': [{'type': 'null'}, new]} if part.get('nullable') is True else new


@cache
def _registry() -> Registry[Any]:
    contents = {'components': _description()['components']}
    return Registry().with_resource(ADDRESS, Resource.from_contents(contents, default_specification=DRAFT202012))


@cache
def _formats() -> FormatChecker:
    checker = FormatChecker(formats=())
    checker.checks('date-time', raises=ValueError)(_is_time)
    checker.checks('uri')(_is_address)
    return checker


def _is_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def _is_address(value: object) -> bool:
    return not isinstance(value, str) or (bool(urlsplit(value).scheme) and ' ' not in value)


@cache
def _validator(held: _Held) -> Draft202012Validator:
    return Draft202012Validator(held.schema, registry=_registry(), format_checker=_formats())


def _schema_for(contents: Mapping[str, Any], answer: Answer) -> Schema | None:
    kind = answer.content_type.partition(';')[0]
    found: Schema | None = contents.get(kind)
    if found is None and kind == 'application/json' and answer.status >= 400:
        found = _basic_error()
    return found


@cache
def _basic_error() -> Schema:
    return {'$ref': f'{ADDRESS}#/components/schemas/basic-error'}


# Keys


def _unknown_keys(value: Any, schemas: Sequence[Schema], path: str) -> Iterator[str]:
    """Yield the paths of keys that none of the schemas for a value names."""
    if isinstance(value, list):
        items = [inner['items'] for schema in schemas for inner in _parts(schema) if 'items' in inner]
        for position, entry in enumerate(value) if items else ():
            yield from _unknown_keys(entry, items, f'{path}[{position}]')
    elif isinstance(value, dict):
        parts = [inner for schema in schemas for inner in _parts(schema)]
        named: dict[str, list[Schema]] = {}
        for part in parts:
            for name, inner in part.get('properties', {}).items():
                named.setdefault(name, []).append(inner)
        is_open = not named or any(_is_open(part) for part in parts)
        for name, inner in value.items():
            if name in named:
                yield from _unknown_keys(inner, named[name], f'{path}.{name}')
            elif not is_open:
                yield f'{path}.{name}'


def _is_open(part: Schema) -> bool:
    """Tell whether a schema is made for keys that it does not name."""
    return part.get('additionalProperties', False) is not False


def _parts(schema: Schema) -> list[Schema]:
    """Return a schema and all that it combines, references resolved."""
    return _parts_of(_Held(schema))


@cache
def _parts_of(held: _Held) -> list[Schema]:
    schema = held.schema
    if '$ref' in schema:
        name = schema['$ref'].rpartition('/')[2]
        return _parts(_description()['components']['schemas'][name])
    combined = [part for word in ('allOf', 'anyOf') for part in schema.get(word, ())]
    return [schema, *(inner for part in combined for inner in _parts(part))]
