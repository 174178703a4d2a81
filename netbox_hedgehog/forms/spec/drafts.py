"""What stands in the inputs of a form: made from a spec that is shown, or from what a person has posted.

A draft keeps what no spec can hold, a name that is used twice for example, so that the page can show it again beside
its fault. Where a spec has another shape than its kind's, the form leaves it alone: its draft is `KEPT`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ...catalog import JSON
from .fields import Entries, Field, Group, Leaf, LeafType, Node, Rows, Variants

__all__ = (
    'ABSENT',
    'KEPT',
    'Choice',
    'Draft',
    'Row',
    'blank',
    'chosen_in',
    'draft_of',
    'draft_posted',
    'item_of',
)


class _Mark:
    """A value that stands for itself alone."""

    __slots__ = ('name',)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


# There is no value; null is one.
ABSENT: Final = _Mark('ABSENT')
# The form does not know what to make of the value, and keeps it.
KEPT: Final = _Mark('KEPT')

# No list is longer; of a text of thousands of digits Python makes no number.
_POSITION = re.compile(r'[0-9]{1,9}')

_FLAG_TEXTS = {True: 'true', False: 'false'}


@dataclass(slots=True)
class Row:
    """One row of a list or map.

    `index` is its part of the posted names, `was` the key or the position that it had when the page was made (empty for
    a new one), `key` the name in a map. `step` is where it stands in the spec: unset while it stands nowhere.
    """

    index: str
    was: str
    key: str
    content: 'Draft'
    step: str | int | None = None
    fault: str = ''


@dataclass(slots=True)
class Choice:
    """Which of the fields of a structure is chosen, and what stands in each of them."""

    name: str
    fields: dict[str, 'Draft'] = field(default_factory=dict)


# A leaf is a text, a leaf in two parts a pair of them, a checked box a flag; then structures, lists and choices.
type Draft = str | tuple[str, str] | bool | dict[str, Draft] | list[Row] | Choice | _Mark


def blank(node: Node) -> Draft:
    """Return the draft of something new: what a list starts with is there, and empty."""
    match node:
        case Rows() | Entries():
            return [Row(str(number), '', '', blank(node.item)) for number in range(node.hint.starts_with)]
        case Group():
            return {known.name: blank(known.node) for known in node.fields}
        case Variants():
            return Choice('', {known.name: blank(known.node) for known in node.fields})
        case Leaf():
            return draft_of(node, ABSENT)


def draft_of(node: Node, value: JSON | _Mark) -> Draft:
    """Return what the inputs show of a value."""
    if value is None or value is ABSENT:
        return _empty(node)
    if not _fits(node, value):
        return KEPT
    match node, value:
        case Leaf(), _:
            return _leaf_draft(node, value)
        case Group(), dict():
            return {known.name: draft_of(known.node, value.get(known.name)) for known in node.fields}
        case Variants(), dict():
            fields = {known.name: draft_of(known.node, value.get(known.name)) for known in node.fields}
            for known in node.fields:
                if value.get(known.name) is None:
                    fields[known.name] = blank(known.node)
            return Choice(chosen_in(node, value), fields)
        case Rows(), list():
            return [
                Row(str(place), str(place), '', draft_of(node.item, item), step=place)
                for place, item in enumerate(value)
            ]
        case Entries(), dict():
            present = [(key, item) for key, item in value.items() if item is not None]
            return [
                Row(str(place), key, key, draft_of(node.item, item), step=key)
                for place, (key, item) in enumerate(present)
            ]
    return KEPT


def draft_posted(node: Node, data: Mapping[str, Any], name: str, base: JSON | _Mark) -> Draft:
    """Read what was posted under a name and below it; `base` is the value that the page was made from."""
    if base is not None and base is not ABSENT and not _fits(node, base):
        return KEPT
    match node:
        case Leaf():
            return _leaf_posted(node, data, name)
        case Group():
            return _fields_posted(node.fields, data, name, base)
        case Variants():
            return Choice(_text(data, f'{name}.choice'), _fields_posted(node.fields, data, name, base))
    return list(_rows_posted(node, data, name, base))


def chosen_in(node: Variants, value: JSON | _Mark) -> str:
    """Return the field that a structure has of those that exclude each other; the first one, if it has several."""
    if not isinstance(value, dict):
        return ''
    return next((known.name for known in node.fields if value.get(known.name) is not None), '')


def _shown_text(node: Leaf, value: JSON) -> str:
    """Return what an input shows of a scalar; where a number is due, a text keeps its quotes."""
    if isinstance(value, bool):
        return _FLAG_TEXTS[value]
    if node.type is LeafType.NUMBER:
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _empty(node: Node) -> Draft:
    match node:
        case Rows() | Entries():
            return []
        case Group():
            return {known.name: _empty(known.node) for known in node.fields}
        case Variants():
            return Choice('', {known.name: blank(known.node) for known in node.fields})
        case Leaf(hint=hint) if hint.part_label:
            return '', ''
        case Leaf(type=LeafType.FLAG) if not node.hint.is_tri_state:
            return False
    return ''


def _fits(node: Node, value: JSON | _Mark) -> bool:
    """Tell whether the inputs of a node can show a value, and give it back."""
    match node:
        case Leaf(type=LeafType.TEXT):
            return isinstance(value, str) and _is_printable(value)
        case Leaf(type=LeafType.NUMBER):
            return not isinstance(value, dict | list)
        case Leaf(type=LeafType.FLAG):
            return isinstance(value, bool)
        case Leaf(type=LeafType.TEXTS):
            return isinstance(value, list) and all(isinstance(item, str) and _is_item(item) for item in value)
        case Rows():
            return isinstance(value, list)
        case Group() | Variants():
            return isinstance(value, dict)
    return isinstance(value, dict) and all(key and '\n' not in key and _is_printable(key) for key in value)


def _is_item(text: str) -> bool:
    return bool(text) and ',' not in text and '\n' not in text and text == text.strip() and _is_printable(text)


def _is_printable(text: str) -> bool:
    """Tell whether a text survives its way to the browser and back: no control characters, no half ones."""
    return all(character.isprintable() or character in ' \n\u00a0' for character in text)


def _leaf_draft(node: Leaf, value: JSON | _Mark) -> Draft:
    match value:
        case list():
            return ', '.join(map(str, value))
        case bool() if node.type is LeafType.FLAG and not node.hint.is_tri_state:
            return value
        case str() if node.hint.part_label:
            first, _, rest = value.partition('/')
            return first, rest
        case str() | int() | float():
            return _shown_text(node, value)
    return KEPT


def _leaf_posted(node: Leaf, data: Mapping[str, Any], name: str) -> Draft:
    if node.hint.part_label:
        return _text(data, name), _text(data, f'{name}.part')
    if node.type is LeafType.FLAG and not node.hint.is_tri_state:
        return _text(data, name) not in ('', 'false')
    return _text(data, name)


def _fields_posted(
    fields: tuple[Field, ...], data: Mapping[str, Any], name: str, base: JSON | _Mark
) -> dict[str, Draft]:
    known_base = base if isinstance(base, dict) else {}
    return {
        known.name: draft_posted(known.node, data, f'{name}.{known.name}', known_base.get(known.name, ABSENT))
        for known in fields
    }


def _rows_posted(node: Rows | Entries, data: Mapping[str, Any], name: str, base: JSON | _Mark) -> Iterator[Row]:
    for index in _indexes(data, name):
        row_name = f'{name}.{index}'
        if _text(data, f'{row_name}.remove'):
            continue
        was = _text(data, f'{row_name}.was')
        # What has fields keeps them beside `key` and `was`; anything else stands below `value`.
        content_name = row_name if isinstance(node.item, Group) else f'{row_name}.value'
        content = draft_posted(node.item, data, content_name, item_of(base, was))
        yield Row(index, was, _text(data, f'{row_name}.key'), content)


def _indexes(data: Mapping[str, Any], name: str) -> list[str]:
    """Return the rows that were posted, in the order in which they stood on the page."""
    start = f'{name}.'
    found = dict.fromkeys(
        posted[len(start) : -len('.was')] for posted in data if posted.startswith(start) and posted.endswith('.was')
    )
    return [index for index in found if index and '.' not in index]


def item_of(base: JSON | _Mark, was: str) -> JSON | _Mark:
    """Return what a row was when the page was made."""
    match base:
        case list() if _POSITION.fullmatch(was) and int(was) < len(base):
            return base[int(was)]
        case dict() if was:
            return base.get(was, ABSENT)
    return ABSENT


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, '')
    return value.replace('\r\n', '\n') if isinstance(value, str) else ''
