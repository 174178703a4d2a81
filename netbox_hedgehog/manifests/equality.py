"""When two contents are the same to a cluster."""

from collections.abc import Mapping

from netbox_hedgehog.catalog import JSON, JSONObject

from .scalars import normal

__all__ = ('same',)


def same(a: JSON | JSONObject, b: JSON | JSONObject) -> bool:
    """Tell whether two contents are one to a JSON reader.

    Types count (true is not 1, "1" is not 1) except that 1.0 is 1; the order of a map does not.
    """
    match a, b:
        case (bool() | None, _) | (_, bool() | None):
            return a is b
        case (int() | float(), int() | float()):
            return a == b or normal(a) == normal(b)
        case (str(), str()):
            return a == b
        case (list(), list()):
            return len(a) == len(b) and all(map(same, a, b))
        case (Mapping(), Mapping()):
            return a.keys() == b.keys() and all(same(value, b[key]) for key, value in a.items())
        case _:
            return False
