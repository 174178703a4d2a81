"""The fields of a spec as columns of an import, each named by its path: `boot.serial`, `subnets.default.vlan`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..catalog import Kind

__all__ = ('ColumnField', 'column_fields', 'find_column', 'write_columns')

# What a column may begin with, to tell it from one of NetBox's own: `spec.description` is that of a switch.
_PREFIX = 'spec.'
_POSITION = re.compile(r'0|[1-9][0-9]{0,2}')
_WHOLE_NUMBER = re.compile(r'-?[0-9]{1,18}')
_TRUTHS = {'true': True, 'false': False}
_SCALARS = ('string', 'integer', 'boolean')

type Steps = tuple[str | int, ...]
type Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A field that one cell can hold: a text, a number, a flag, or a list of these."""

    steps: Steps
    type: str
    is_list: bool
    description: str


class ColumnField(forms.Field):
    """A cell of an import that becomes a field of the spec; what JSON or YAML brings stays as it is.

    What is no number where one is due, say, stays a text: the catalogue tells what to write, as it does everywhere.
    """

    widget = forms.TextInput

    def __init__(self, leaf: _Leaf, **kwargs: Any) -> None:
        self.steps = leaf.steps
        self._leaf = leaf
        notes = [leaf.description]
        if leaf.is_list:
            notes.append(_('Several are separated by commas.'))
        elif leaf.type == 'boolean':
            notes.append(_('Write true or false.'))
        super().__init__(**{'required': False, 'help_text': ' '.join(filter(None, notes)), **kwargs})

    def to_python(self, value: Any) -> Any:
        """Read a cell; a blank one is None."""
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        if self._leaf.is_list:
            return [self._read(item.strip()) for item in value.split(',') if item.strip()]
        return self._read(value.strip())

    def _read(self, text: str) -> str | int | bool:
        match self._leaf.type:
            case 'integer' if _WHOLE_NUMBER.fullmatch(text):
                return int(text)
            case 'boolean':
                return _TRUTHS.get(text.lower(), text)
            case _:
                return text


def column_fields(kind: Kind, taken: Iterable[str]) -> dict[str, ColumnField]:
    """Return a field for each column that a kind has, to be listed: `<key>` and `<n>` stand for a name and a position.

    Where a field that is `taken` has the same name, the longer name of the column is given.
    """
    taken = set(taken)
    fields = {}
    for leaf in _leaves(_schema(kind), _schema(kind), (), ''):
        name = '.'.join(map(str, leaf.steps))
        fields[_PREFIX + name if name in taken else name] = ColumnField(leaf)
    return fields


def find_column(kind: Kind, name: str) -> ColumnField | None:
    """Return the field for a column; None if the kind has none of that name."""
    root = schema = _schema(kind)
    steps: list[str | int] = []
    description = ''
    for step in name.removeprefix(_PREFIX).split('.'):
        schema = _plain(root, schema)
        inner = _inner(schema, step)
        if inner is None:
            return None
        steps.append(int(step) if schema.get('type') == 'array' else step)
        description = inner.get('description', '')
        schema = inner
    leaf = _leaf(root, _plain(root, schema), tuple(steps), description)
    return ColumnField(leaf) if leaf else None


def write_columns(spec: dict[str, Any], cells: Mapping[str, tuple[Steps, Any]]) -> dict[str, list[str]]:
    """Write cells into a spec; a blank one removes its field or item. Returns what is wrong, by column.

    Positions are those of the spec as it was: items go when everything else is written, the last ones first. An item
    that has lost its last field goes, too.
    """
    errors: dict[str, list[str]] = {}
    written: dict[Steps, str] = {}
    blank: list[Steps] = []
    emptied: dict[Steps, None] = {}
    for name, (steps, value) in sorted(cells.items(), key=lambda cell: _order(cell[1][0])):
        if steps in written:
            message = _('This is also column {name}; leave one of the two out.')
            errors[name] = [message.format(name=written[steps])]
            continue
        written[steps] = name
        try:
            if value is not None:
                _put(spec, steps, value)
            elif isinstance(steps[-1], int):
                blank.append(steps)
            elif _remove(spec, steps):
                emptied[steps[:-1]] = None
        except ValidationError as refused:
            errors[name] = refused.messages
    filled = {steps for steps, value in cells.values() if value is not None}
    for steps in reversed(blank):
        # Where a column has the whole list, blank cells for its items say nothing.
        if not filled.intersection(steps[:length] for length in range(len(steps))):
            _remove_item(spec, steps)
    for steps in reversed(emptied):
        _remove_empty(spec, steps)
    return errors


def _order(steps: Steps) -> list[tuple[bool, int, str]]:
    """Sort positions as numbers: an item is written after those before it."""
    return [(isinstance(step, str), step if isinstance(step, int) else 0, str(step)) for step in steps]


def _put(spec: dict[str, Any], steps: Steps, value: Any) -> None:
    place: Any = spec
    for at, step in enumerate(steps[:-1]):
        following: Any = [] if isinstance(steps[at + 1], int) else {}
        if isinstance(step, int):
            _refuse_gap(place, steps[: at + 1])
            if step == len(place):
                place.append(following)
        elif place.get(step) is None:
            place[step] = following
        place = place[step]
        if not isinstance(place, type(following)):
            raise ValidationError(_('The spec of this record has something else here; leave one of the two out.'))
    last = steps[-1]
    if isinstance(last, int):
        _refuse_gap(place, steps)
        place[last : last + 1] = [value]
    else:
        place[last] = value


def _refuse_gap(place: list[Any], steps: Steps) -> None:
    """Refuse an item that would not follow the last one of its list."""
    if isinstance(steps[-1], int) and steps[-1] > len(place):
        missing = '.'.join(map(str, (*steps[:-1], len(place))))
        raise ValidationError(_('Fill in {missing} first.').format(missing=missing))


def _found(spec: dict[str, Any], steps: Steps) -> Any:
    """Return what stands at a place; None where there is nothing."""
    place: Any = spec
    for step in steps:
        match place, step:
            case dict(), str() if step in place:
                place = place[step]
            case list(), int() if step < len(place):
                place = place[step]
            case _:
                return None
    return place


def _remove(spec: dict[str, Any], steps: Steps) -> bool:
    """Remove a field, and tell whether it was there."""
    place = _found(spec, steps[:-1])
    if not isinstance(place, dict) or steps[-1] not in place:
        return False
    del place[steps[-1]]
    return True


def _remove_item(spec: dict[str, Any], steps: Steps) -> None:
    place, last = _found(spec, steps[:-1]), steps[-1]
    if isinstance(place, list) and isinstance(last, int) and last < len(place):
        del place[last]
        _remove_empty(spec, steps[:-1])


def _remove_empty(spec: dict[str, Any], steps: Steps) -> None:
    """Remove an item of a list, or what is within one, and what it is in, as far as nothing is left of it."""
    while any(isinstance(step, int) for step in steps) and _found(spec, steps) in ({}, []):
        del _found(spec, steps[:-1])[steps[-1]]
        steps = steps[:-1]


@cache
def _schema(kind: Kind) -> Schema:
    return kind.spec.model_json_schema()


def _plain(root: Schema, schema: Schema) -> Schema:
    """Look through what only says that a value may be absent, and through references."""
    while True:
        if choices := [choice for choice in schema.get('anyOf', ()) if choice.get('type') != 'null']:
            schema = choices[0]
        elif '$ref' in schema:
            schema = root['$defs'][schema['$ref'].rpartition('/')[2]]
        else:
            return schema


def _inner(schema: Schema, step: str) -> Schema | None:
    """Return what a step leads to: a field, an entry of a map with any key, or an item of a list."""
    if schema.get('type') == 'array':
        return schema['items'] if _POSITION.fullmatch(step) else None
    if 'properties' in schema:
        return schema['properties'].get(step)
    entry = schema.get('additionalProperties')
    return entry if isinstance(entry, Mapping) and step else None


def _leaf(root: Schema, schema: Schema, steps: Steps, description: str) -> _Leaf | None:
    if schema.get('type') in _SCALARS:
        return _Leaf(steps, schema['type'], is_list=False, description=description)
    if schema.get('type') == 'array':
        item = _plain(root, schema['items'])
        if item.get('type') in _SCALARS:
            return _Leaf(steps, item['type'], is_list=True, description=description)
    return None


def _leaves(root: Schema, schema: Schema, steps: Steps, description: str) -> Iterator[_Leaf]:
    schema = _plain(root, schema)
    leaf = _leaf(root, schema, steps, description)
    if leaf:
        yield leaf
    elif schema.get('type') == 'array':
        yield from _leaves(root, schema['items'], (*steps, '<n>'), description)
    elif 'properties' in schema:
        for name, inner in schema['properties'].items():
            yield from _leaves(root, inner, (*steps, name), inner.get('description', ''))
    elif isinstance(entry := schema.get('additionalProperties'), Mapping):
        yield from _leaves(root, entry, (*steps, '<key>'), description)
