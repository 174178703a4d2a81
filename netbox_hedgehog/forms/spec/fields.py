"""The fields of a kind as a form shows them: a tree that is read from the Pydantic model of its spec."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAliasType, Union, get_args, get_origin

from pydantic import BaseModel

from ...catalog import KINDS, Kind
from ...catalog.gateway import NAT
from ...catalog.ports import CONNECTION_TYPES, REMOVED_CONNECTION_TYPES
from ...catalog.support import is_supported
from ...catalog.wiring import ConnectionSpec
from .hints import NO_HINT, Hint, hint_at

__all__ = ('Entries', 'Field', 'Group', 'Leaf', 'LeafType', 'Node', 'Rows', 'Variants', 'spec_fields')

# Structures of which only one field may be set, in the order in which the choice is offered.
_EXCLUSIVE: Mapping[type[BaseModel], tuple[str, ...]] = {
    ConnectionSpec: (*CONNECTION_TYPES, *REMOVED_CONNECTION_TYPES),
    NAT: ('masquerade', 'portForward', 'static'),
}
_STEPS_OF_LISTS = '[]'


class LeafType(StrEnum):
    """What a single input stands for."""

    TEXT = 'text'
    NUMBER = 'number'
    FLAG = 'flag'
    TEXTS = 'texts'


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that one input holds: a text, a number, a flag, or texts with commas between them.

    `choices` are the texts of which it must be one, if there is such a list; no fabric takes those in `unsupported`.
    """

    type: LeafType
    choices: tuple[str, ...] = ()
    hint: Hint = NO_HINT
    unsupported: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a structure, as its CRD names and describes it."""

    name: str
    help: str
    is_required: bool
    node: 'Node'


@dataclass(frozen=True, slots=True)
class Group:
    """A structure: its fields in the order of the CRD."""

    fields: tuple[Field, ...]
    hint: Hint = NO_HINT


@dataclass(frozen=True, slots=True)
class Variants:
    """A structure of which one field is chosen, and the others are absent. No fabric takes those in `unsupported`."""

    fields: tuple[Field, ...]
    hint: Hint = NO_HINT
    unsupported: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rows:
    """A list whose items are more than texts."""

    item: 'Node'
    hint: Hint = NO_HINT


@dataclass(frozen=True, slots=True)
class Entries:
    """A map with names of the user's choice."""

    item: 'Node'
    hint: Hint = NO_HINT


type Node = Leaf | Group | Variants | Rows | Entries


@cache
def spec_fields(kind: Kind) -> Group | Variants:
    """Return the fields of a kind's spec."""
    root = _structure(kind.spec, kind.name, '')
    return root


def _structure(structure: type[BaseModel], kind_name: str, pattern: str) -> Group | Variants:
    fields, patterns = {}, {}
    for field_name, info in structure.model_fields.items():
        name = info.alias or field_name
        patterns[name] = f'{pattern}.{name}' if pattern else name
        node = _node(info.annotation, kind_name, patterns[name])
        fields[name] = Field(name, info.description or '', info.is_required(), node)
    hint = hint_at(kind_name, pattern)
    if order := _EXCLUSIVE.get(structure):
        unsupported = frozenset(name for name in order if not is_supported(KINDS[kind_name], patterns[name], None))
        return Variants(tuple(fields[name] for name in order), hint, unsupported)
    return Group(tuple(fields.values()), hint)


def _node(annotation: Any, kind_name: str, pattern: str) -> Node:
    """Read a node from a field's type, through whatever wraps it."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _structure(annotation, kind_name, pattern)
    if isinstance(origin, TypeAliasType):
        return _node(origin.__value__[arguments], kind_name, pattern)
    if origin is Annotated:
        return _node(arguments[0], kind_name, pattern)
    if origin in (Union, UnionType):
        (wanted,) = (argument for argument in arguments if argument is not NoneType)
        return _node(wanted, kind_name, pattern)
    hint = hint_at(kind_name, pattern)
    if origin is list:
        item = _node(arguments[0], kind_name, f'{pattern}{_STEPS_OF_LISTS}')
        is_plain = isinstance(item, Leaf) and item.type is LeafType.TEXT
        return Leaf(LeafType.TEXTS, hint=hint) if is_plain else Rows(item, hint)
    if origin is dict:
        return Entries(_node(arguments[-1], kind_name, f'{pattern}.*'), hint)
    if origin is Literal:
        refused = frozenset(choice for choice in arguments if not is_supported(KINDS[kind_name], pattern, choice))
        return Leaf(LeafType.TEXT, tuple(arguments), hint, refused)
    return Leaf(_LEAF_TYPES[annotation], hint=hint)


_LEAF_TYPES: Mapping[type, LeafType] = {str: LeafType.TEXT, int: LeafType.NUMBER, bool: LeafType.FLAG}
