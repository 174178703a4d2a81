"""The order in which the fields of a kind are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeAliasType, Union, get_args, get_origin

from pydantic import BaseModel

from .kind import Kind

__all__ = ('FieldOrder', 'spec_order')


@dataclass(frozen=True, slots=True)
class FieldOrder:
    """How the fields of a value are ordered, all the way down.

    A structure has its known `fields` in order, each with the order of its own value; unknown ones come after them.
    A map with names of the user's choice, or a list, has in `each` the order of every one of its values.
    A scalar has neither.
    """

    fields: Mapping[str, 'FieldOrder'] = field(default_factory=dict)
    each: 'FieldOrder | None' = None


def spec_order(kind: Kind) -> FieldOrder:
    """Return the canonical order of the kind's spec: that of its CRD."""
    return _structure_order(kind.spec)


@cache
def _structure_order(structure: type[BaseModel]) -> FieldOrder:
    return FieldOrder({info.alias or name: _order(info.annotation) for name, info in structure.model_fields.items()})


def _order(annotation: Any) -> FieldOrder:
    """Read the order from a field's type, through whatever wraps it."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _structure_order(annotation)
    if isinstance(origin, TypeAliasType):
        return _order(origin.__value__[arguments])
    if origin is Annotated:
        return _order(arguments[0])
    if origin in (Union, UnionType):
        (wanted,) = (argument for argument in arguments if argument is not NoneType)
        return _order(wanted)
    if origin in (list, dict):
        return FieldOrder(each=_order(arguments[-1]))
    return FieldOrder()
