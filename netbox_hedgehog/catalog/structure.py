"""Does a spec have the structure of its kind: the rules of the CRD, and of the Go types that it is decoded into."""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .fields import FORMS
from .json import JSON
from .kind import Kind
from .paths import Path, spell
from .problems import Problem, Severity

__all__ = ('Reading', 'check_structure', 'read_spec', 'spell_number')

# Required by the schema, but written by the fabric before the schema is applied: what it writes for (kind, field).
_FILLED_IN: Mapping[tuple[str, str | int], JSON] = {
    ('VPC', 'interfaceMTU'): 9036,
    ('VPC', 'leaseTimeSeconds'): 3600,
    ('ExternalAttachment', 'neighbor'): {},
    ('ExternalAttachment', 'switch'): {},
    ('GatewayPeering', 'default'): 'deny-unless-exposed',
}
# What is assumed in place of a missing field, so that the rest can be read: whatever breaks no other rule.
_ASSUMED: Mapping[tuple[str, str | int], JSON] = {
    **_FILLED_IN,
    ('VPC', 'ip'): '',
    ('ExternalAttachment', 'action'): 'permit',
    ('ExternalAttachment', 'dstPrefix'): 'any',
    ('ExternalAttachment', 'protocol'): 'ip',
    ('ExternalAttachment', 'remoteIP'): '',
    ('ExternalAttachment', 'seq'): 0,
    ('ExternalAttachment', 'srcPrefix'): 'any',
    ('Switch', 'role'): 'virtual-edge',
    ('GatewayPeering', 'action'): 'allow',
}

# What to write for a field that nobody fills in.
_DUE: Mapping[tuple[str, str | int], str] = {
    ('VPC', 'ip'): 'an address of the subnet',
    ('ExternalAttachment', 'action'): 'permit, deny, discard or transit',
    ('ExternalAttachment', 'dstPrefix'): 'a prefix such as 10.0.0.0/8, or any',
    ('ExternalAttachment', 'protocol'): 'ip, tcp, udp or icmp',
    ('ExternalAttachment', 'remoteIP'): 'the address of the external, such as 100.1.10.6',
    ('ExternalAttachment', 'seq'): 'a number from 10 on that no other statement has',
    ('ExternalAttachment', 'srcPrefix'): 'a prefix such as 10.0.0.0/8, or any',
    ('Switch', 'role'): 'spine, server-leaf, border-leaf or mixed-leaf',
    ('GatewayPeering', 'action'): 'allow or deny',
}

# The schema wants an item here; but the fabric's own code loses an empty list on its way to the schema, and lets the
# missing one pass. The rules of these kinds tell that nothing is in it.
_MAY_BE_EMPTY = frozenset({('IPv4Namespace', 'subnets'), ('VLANNamespace', 'ranges')})

# What stands for an item that cannot be read: the items after it keep their positions.
_EMPTY: Mapping[str, JSON] = {'string_type': '', 'string_unicode': '', 'list_type': []}

# Pydantic's list of choices has each of them in quotes.
_CHOICE = re.compile(r"'([^']*)'")
# The schema has these, by (kind, field, choice), and rules of the kinds refuse them, or warn of them.
_UNADVISED = frozenset({('VPC', 'mode', 'l3flat'), ('Switch', 'role', 'virtual-edge'), ('Switch', 'type', 'mclag')})

# A number as it could stand without quotes; behind a zero some would read another one.
_DIGITS = re.compile(r'0|[1-9][0-9]*')
_MOST_DIGITS = 20

_WANTED_TYPE = {
    'string_type': 'a text',
    'bool_type': 'true or false',
    'list_type': 'a list',
    'dict_type': 'a map',
    'model_type': 'a map',
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A spec with its types, as far as it has the structure of its kind, and everything in which it has not.

    In `spec` a value of the wrong type is missing, and fields that nobody knows are left out of sight.
    """

    spec: BaseModel
    problems: tuple[Problem, ...]


def check_structure(kind: Kind, spec: JSON) -> tuple[Problem, ...]:
    """Report everything in which a spec differs from the structure of its kind.

    What the fabric refuses is an error. A field that is null counts as absent, as does a spec that is null. Of a list
    that is too long nothing else is reported.
    """
    return read_spec(kind, spec).problems


def read_spec(kind: Kind, spec: JSON) -> Reading:
    """Read a spec of any shape: what can be read of it, and what is wrong with the rest."""
    spec = {} if spec is None else spec
    try:
        return Reading(kind.spec.model_validate(spec, extra='forbid'), ())
    except ValidationError as error:
        faults = error.errors(include_url=False)
    problems = tuple(_problem(kind, fault) for fault in faults if not _is_absent(kind, fault))
    return Reading(_read_rest(kind, spec, faults), problems)


def _read_rest(kind: Kind, spec: JSON, faults: list[ErrorDetails]) -> BaseModel:
    """Read what is left without the faults; mending one may uncover another."""
    rest = _copy(spec) if isinstance(spec, dict) else {}
    while True:
        for fault in sorted(faults, key=lambda fault: len(fault['loc']), reverse=True):
            if fault['type'] != 'extra_forbidden' and not any(
                _mend(kind, rest, fault, fault['loc'][:length]) for length in range(len(fault['loc']), 0, -1)
            ):
                rest = {}
        try:
            return kind.spec.model_validate(rest, extra='ignore')
        except ValidationError as error:
            faults = error.errors(include_url=False)


def _copy(spec: dict[str, JSON]) -> dict[str, JSON]:
    """Copy maps and lists, as deep as they may be: without recursion, of which Python allows only so much."""
    root = dict(spec)
    unvisited: list[dict[str, JSON] | list[JSON]] = [root]
    while unvisited:
        holder = unvisited.pop()
        items = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, value in list(items):
            if isinstance(value, dict | list):
                holder[key] = copy.copy(value)  # type: ignore[index, call-overload]
                unvisited.append(holder[key])  # type: ignore[index, call-overload, arg-type]
    return root


def _mend(kind: Kind, spec: JSON, fault: ErrorDetails, location: Path) -> bool:
    """Put something of the right type in the place of a fault, or nothing; tell whether that place was found."""
    *way, last = location
    holder = spec
    for step in way:
        holder = _step(holder, step)
    match holder, last:
        case list(), int() if last < len(holder):
            holder[last] = _EMPTY.get(fault['type'], {})
        case dict(), str() if fault['type'] == 'too_long' and isinstance(value := holder.get(last), list):
            del value[fault['ctx']['max_length'] :]
        case dict(), str() if (kind.name, last) in _ASSUMED and holder.get(last) != _ASSUMED[kind.name, last]:
            holder[last] = copy.copy(_ASSUMED[kind.name, last])
        case dict(), str() if last in holder:
            del holder[last]
        case _:
            return False
    return True


def _step(value: JSON, step: str | int) -> JSON:
    match value, step:
        case list(), int() if step < len(value):
            return value[step]
        case dict(), str():
            return value.get(step)
        case _:
            return None


def _is_absent(kind: Kind, fault: ErrorDetails) -> bool:
    """Recognise an unknown field that is null, and an empty list that counts as a missing one."""
    if fault['type'] == 'too_short':
        return (kind.name, fault['loc'][-1]) in _MAY_BE_EMPTY
    return fault['type'] == 'extra_forbidden' and fault['input'] is None


def _problem(kind: Kind, fault: ErrorDetails) -> Problem:
    """Put Pydantic's finding in the words of the person who wrote the spec."""
    location, given, limits = fault['loc'], fault['input'], fault.get('ctx', {})
    path = spell(('spec', *location))
    name = location[-1] if location else 'spec'
    is_missing = fault['type'] == 'missing' or (given is None and isinstance(name, str))
    if is_missing and (kind.name, name) in _FILLED_IN:
        value = _spell_value(_FILLED_IN[kind.name, name])
        return Problem(path, 'filled-in', f'The fabric fills this in; write {value} to be explicit.', Severity.WARNING)
    if is_missing:
        return Problem(path, 'required', f'Missing; write {_DUE.get((kind.name, name), name)}.')
    match fault['type']:
        case 'extra_forbidden':
            message = f'No such field in {kind.api_version}; check the spelling, or remove it.'
            return Problem(path, 'unknown-field', message)
        case 'greater_than_equal' | 'less_than_equal':
            return Problem(path, 'out-of-range', spell_number(given, limits['first'], limits['last']))
        case 'int_type':
            return Problem(path, 'wrong-type', spell_number(given, limits['first'], limits['last']))
        case 'literal_error':
            choices = _spell_choices(kind, name, _CHOICE.findall(limits['expected']))
            return Problem(path, 'not-a-choice', f'Not one of the choices; write {choices}.')
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


def spell_number(given: JSON, first: int, last: int) -> str:
    """Tell what is wrong with a value where a number from `first` to `last` is due, and what to write instead."""
    match given:
        case str() if _DIGITS.fullmatch(given):
            # More digits than any type has room for may be more than Python reads.
            number = int(given[:_MOST_DIGITS])
            if first <= number <= last:
                return 'This is a text; write it without quotes.'
            problem = 'Too small' if number < first else 'Too large'
        case bool():
            problem = f'This is {_describe(given)}'
        case int() | float() if given == given // 1:
            problem = 'Too small' if given < first else 'Too large'
        case _:
            problem = f'This is {_describe(given)}'
    wanted = f'a whole number from {first} to {last}' if first < last else f'{last}'
    return f'{problem}; write {wanted}.'


def _spell_choices(kind: Kind, name: str | int, choices: list[str]) -> str:
    """Name the choices that no other rule speaks against; an empty one is as good as none."""
    *others, last = [choice for choice in choices if choice and (kind.name, name, choice) not in _UNADVISED]
    listed = f'{", ".join(others)} or {last}' if others else last
    return f'{listed}, or leave it out' if '' in choices else listed


def _spell_value(value: JSON) -> str:
    return '{}' if value == {} else str(value)


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
        case 'bool_type', 'true' | 'false':
            return 'it without quotes'
        case _:
            return _WANTED_TYPE[fault]
