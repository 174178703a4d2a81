"""From what a person has posted to the spec that is saved.

The form changes what was changed in it, and nothing else: an input that still says what it said keeps the value that
it stood for, an empty one means that the field is absent, and what has no input stays as it is.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...catalog import JSON, JSONObject, Problem
from ...catalog.paths import Path, spell
from .drafts import ABSENT, KEPT, Choice, Draft, Row, chosen_in, draft_of, item_of
from .fields import Entries, Field, Group, Leaf, LeafType, Node, Rows, Variants

__all__ = ('NAME', 'bind')

# What every posted name begins with.
NAME = 'spec'

_NUMBER = re.compile(r'-?[0-9]{1,18}')
_FLAGS: Mapping[str, bool] = {'true': True, 'false': False}
_NAMELESS = 'This has no name; write one, or remove it.'
_TAKEN = 'This name is used twice; write another one.'


def bind(node: Group | Variants, draft: Draft, base: JSONObject) -> tuple[dict[str, JSON], tuple[Problem, ...]]:
    """Return the spec that a draft stands for, and what about it no spec can hold; its rows learn their places."""
    binder = _Binder()
    bound = binder.value(node, draft, dict(base), (NAME,))
    return bound if isinstance(bound, dict) else {}, tuple(binder.faults)


class _Binder:
    def __init__(self) -> None:
        self.faults: list[Problem] = []

    def value(self, node: Node, draft: Draft, base: Any, path: Path) -> Any:
        """Return the value of a node, or ABSENT."""
        match node, draft:
            case _, _ if draft is KEPT:
                return base
            case Leaf(), _:
                return _leaf(node, draft, base)
            case Group(), dict():
                return _settle(self._fields(node.fields, draft, base, path), base)
            case Variants(), Choice():
                return self._chosen(node, draft, base, path)
            case Rows(), list():
                return _settle(list(self._items(node, draft, base, path)), base)
            case Entries(), list():
                return _settle(self._entries(node, draft, base, path), base)
        return base

    def _fields(self, fields: tuple[Field, ...], draft: Mapping[str, Draft], base: Any, path: Path) -> dict[str, Any]:
        before = base if isinstance(base, dict) else {}
        bound = dict(before)
        for known in fields:
            name = known.name
            value = self.value(known.node, draft[name], before.get(name, ABSENT), (*path, name))
            if value is ABSENT and known.is_required and isinstance(before.get(name), dict):
                value = {}
            if value is ABSENT:
                bound.pop(name, None)
            else:
                bound[name] = value
        return bound

    def _chosen(self, node: Variants, draft: Choice, base: Any, path: Path) -> Any:
        before = base if isinstance(base, dict) else {}
        stays = draft.name == chosen_in(node, base)
        bound = dict(before)
        for known in node.fields:
            name = known.name
            if name == draft.name:
                value = self.value(known.node, draft.fields[name], before.get(name, ABSENT), (*path, name))
                bound[name] = {} if value is ABSENT else value
            elif not stays:
                bound.pop(name, None)
        return _settle(bound, base)

    def _items(self, node: Rows, rows: list[Row], base: Any, path: Path) -> Iterator[Any]:
        place = 0
        for row in rows:
            value = self.value(node.item, row.content, item_of(base, row.was), (*path, place))
            if value is ABSENT:
                continue
            row.step = place
            place += 1
            yield value

    def _entries(self, node: Entries, rows: list[Row], base: Any, path: Path) -> dict[str, Any]:
        # The API server drops a null entry; it has no row.
        known = base if isinstance(base, dict) else {}
        bound: dict[str, Any] = {key: None for key, item in known.items() if item is None}
        taken = set()
        for row in rows:
            key = row.key if row.key == row.was else row.key.strip()
            value = self.value(node.item, row.content, item_of(base, row.was), (*path, key))
            if not key and value is ABSENT:
                continue
            if not key or key in taken:
                row.fault = _TAKEN if key else _NAMELESS
                self.faults.append(Problem(spell((*path, key) if key else path), 'name', row.fault))
                continue
            taken.add(key)
            row.step = key
            bound[key] = _nothing(node.item) if value is ABSENT else value
        return bound


def _nothing(node: Node) -> JSON:
    """Return the value of an entry that has a name and nothing else."""
    match node:
        case Leaf(type=LeafType.FLAG):
            return False
        case Leaf(type=LeafType.TEXTS) | Rows():
            return []
        case Leaf():
            return ''
        case _:
            return {}


def _settle(bound: Any, base: Any) -> Any:
    """Let go of a structure or list that is empty now; one that always was, stays."""
    if bound or bound == base:
        return bound
    return base if base is None else ABSENT


def _leaf(node: Leaf, draft: Draft, base: Any) -> Any:
    if draft == draft_of(node, base):
        return base
    match draft:
        case bool():
            return draft
        case (str() as first, str() as part):
            return _text(f'{first.strip()}/{part.strip()}' if part.strip() else first)
        case str() if node.type is LeafType.TEXTS:
            return [text.strip() for text in draft.split(',') if text.strip()] or ABSENT
        case str() if node.type is LeafType.NUMBER:
            text = draft.strip()
            return int(text) if _NUMBER.fullmatch(text) else _text(text)
        case str() if node.type is LeafType.FLAG:
            return _FLAGS.get(draft, ABSENT)
        case str():
            return _text(draft)
    return base


def _text(text: str) -> Any:
    return text.strip() or ABSENT
