"""Does a spec have the structure of its kind: the rules of the CRD, and of the Go types that it is decoded into."""

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .fields import FORMS
from .json import JSON
from .kind import Kind
from .paths import spell
from .problems import Problem, Severity

__all__ = ('check_structure',)

# Required by the schema, but written by the fabric before the schema is applied: what it writes for (kind, field).
_FILLED_IN: Mapping[tuple[str, str | int], str] = {
    ('VPC', 'interfaceMTU'): '9036',
    ('VPC', 'leaseTimeSeconds'): '3600',
    ('ExternalAttachment', 'neighbor'): '{}',
    ('ExternalAttachment', 'switch'): '{}',
    ('GatewayPeering', 'default'): 'deny-unless-exposed',
}

_WANTED_TYPE = {
    'string_type': 'a text',
    'int_type': 'a whole number',
    'bool_type': 'true or false',
    'list_type': 'a list',
    'dict_type': 'a map',
    'model_type': 'a map',
}


def check_structure(kind: Kind, spec: JSON) -> tuple[Problem, ...]:
    """Report everything in which a spec differs from the structure of its kind.

    What the fabric refuses is an error. A field that is not known is a warning: newer releases add fields. A field
    that is null counts as absent, as does a spec that is null. Of a list that is too long nothing else is reported.
    """
    try:
        kind.spec.model_validate({} if spec is None else spec, extra='forbid')
    except ValidationError as error:
        return tuple(_problem(kind, fault) for fault in error.errors(include_url=False) if not _is_absent(fault))
    return ()


def _is_absent(fault: ErrorDetails) -> bool:
    """Recognise an unknown field that is null."""
    return fault['type'] == 'extra_forbidden' and fault['input'] is None


def _problem(kind: Kind, fault: ErrorDetails) -> Problem:
    """Put Pydantic's finding in the words of the person who wrote the spec."""
    location, given, limits = fault['loc'], fault['input'], fault.get('ctx', {})
    path = spell(('spec', *location))
    name = location[-1] if location else 'spec'
    is_missing = fault['type'] == 'missing' or (given is None and isinstance(name, str))
    if is_missing and (value := _FILLED_IN.get((kind.name, name))):
        return Problem(path, 'filled-in', f'The fabric fills this in; write {value} to be explicit.', Severity.WARNING)
    if is_missing:
        return Problem(path, 'required', f'Missing; write {name}.')
    match fault['type']:
        case 'extra_forbidden':
            message = f'No such field in {kind.api_version}; check the spelling, or remove it.'
            return Problem(path, 'unknown-field', message, Severity.WARNING)
        case 'greater_than_equal':
            return Problem(path, 'out-of-range', f'Too small; write {limits["ge"]} or more.')
        case 'less_than_equal':
            return Problem(path, 'out-of-range', f'Too large; write {limits["le"]} or less.')
        case 'literal_error':
            return Problem(path, 'not-a-choice', f'Not one of the choices; write {limits["expected"]}.')
        case 'string_pattern_mismatch':
            return Problem(path, 'wrong-form', f'Not in the right form; write {FORMS[limits["pattern"]]}.')
        case 'too_short':
            return Problem(path, 'too-few-items', f'Too few items; write {limits["min_length"]} or more.')
        case 'too_long':
            return Problem(path, 'too-many-items', f'Too many items; write {limits["max_length"]} or fewer.')
        case 'string_unicode':
            return Problem(path, 'not-unicode', 'Not expressible in UTF-8; remove the broken character.')
        case wrong_type:
            return Problem(path, 'wrong-type', f'This is {_describe(given)}; write {_suggest(wrong_type, given)}.')


def _describe(value: JSON) -> str:
    match value:
        case None:
            return 'null'
        case bool():
            return f'{value}'.lower()
        case int() | float():
            return 'a number'
        case str():
            return 'a text'
        case list():
            return 'a list'
        case dict():
            return 'a map'


def _suggest(fault: str, value: JSON) -> str:
    """Name the type that is due; YAML's quotes are what is usually missing, or one pair too many."""
    match fault, value:
        case 'string_type', bool() | int() | float():
            return 'it in quotes'
        case 'int_type', str() if value.isdecimal():
            return 'it without quotes'
        case 'bool_type', 'true' | 'false':
            return 'it without quotes'
        case _:
            return _WANTED_TYPE[fault]
