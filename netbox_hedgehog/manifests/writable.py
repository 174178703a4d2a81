"""What a manifest can hold."""

import re
from math import isfinite
from typing import Any

from netbox_hedgehog.catalog import JSONObject
from netbox_hedgehog.catalog.paths import Path, spell

from .equality import same
from .errors import Unreadable, Unwritable
from .limits import Limits
from .nodes import content
from .quoting import scalar_text
from .reader import read
from .scalars import INT64, Number, normal

__all__ = ('check_writable', 'prove')

_NOT_A_CHARACTER = re.compile('[\0\ud800-\udfff]')


def check_writable(content: JSONObject, limits: Limits) -> None:
    """Raise Unwritable at the first value that is no JSON, or that no reader would accept in a manifest."""
    _check_entries(content, limits, ())


def prove(text: str, wanted: JSONObject, limits: Limits) -> None:
    """Raise Unwritable unless the text is read as the wanted content and nothing else."""
    try:
        written = content(read(text, limits=limits).root)
    except Unreadable as refusal:
        raise Unwritable('', f'What would be written could not be read: {refusal}') from refusal
    if not same(written, wanted):
        raise Unwritable('', 'What would be written would be read as something else.')


def _check_entries(entries: JSONObject, limits: Limits, path: Path) -> None:
    for key, value in entries.items():
        _check_key(key, limits, path)
        _check_value(value, limits, (*path, key))


def _check_value(value: Any, limits: Limits, path: Path) -> None:
    if len(path) >= limits.depth:
        raise Unwritable(spell(path), f'More than {limits.depth} values inside each other; make it flatter.')
    match value:
        case None | bool():
            pass
        case str():
            _check_text(value, limits, path)
        case int() | float():
            _check_number(value, path)
        case list():
            for position, item in enumerate(value):
                _check_value(item, limits, (*path, position))
        case dict():
            _check_entries(value, limits, path)
        case _:
            raise Unwritable(spell(path), f'A manifest holds no {type(value).__name__}; write a text.')


def _check_text(text: str, limits: Limits, path: Path) -> None:
    if found := _NOT_A_CHARACTER.search(text):
        raise Unwritable(spell(path), f'Remove U+{ord(found[0]):04X}: it is no character of a text.')
    if len(text) > limits.scalar_chars:
        raise Unwritable(spell(path), f'Longer than {limits.scalar_chars} characters; shorten it.')


def _check_number(number: Number, path: Path) -> None:
    written = normal(number)
    is_too_large = not isfinite(written) if isinstance(written, float) else written not in INT64
    if is_too_large:
        raise Unwritable(spell(path), 'No number that a cluster can hold; write a smaller one.')


def _check_key(key: Any, limits: Limits, path: Path) -> None:
    if not isinstance(key, str):
        raise Unwritable(spell(path), f'The key {key} is no text; put it in quotes.')
    _check_text(key, limits, path)
    if len(scalar_text(key)) > limits.key_chars:
        raise Unwritable(spell(path), f'A key is longer than {limits.key_chars} characters; shorten it.')
