"""The canonical form of a manifest: the same content always gives the same bytes."""

from netbox_hedgehog.catalog import JSON, FieldOrder, JSONObject, Kind, spec_order

from .blocks import BlockStyle, mapping_lines
from .limits import DEFAULT_LIMITS, Limits
from .writable import check_writable, prove

__all__ = ('arrange', 'dump')

_UNORDERED = FieldOrder()
_METADATA_ORDER = FieldOrder(dict.fromkeys(('name', 'namespace', 'labels', 'annotations'), _UNORDERED))


def dump(content: JSONObject, kind: Kind, limits: Limits = DEFAULT_LIMITS) -> str:
    """Write a manifest in canonical form: two blanks of indent, fields in the order of the kind, others by name.

    Nothing is added and nothing left out. Raises Unwritable if no manifest can hold the content.
    """
    check_writable(content, limits)
    text = '\n'.join([*mapping_lines(arrange(content, kind), 0, BlockStyle()), ''])
    prove(text, content, limits)
    return text


def arrange(content: JSONObject, kind: Kind) -> dict[str, JSON]:
    """Return the content with its fields in canonical order, all the way down."""
    order = {'apiVersion': _UNORDERED, 'kind': _UNORDERED, 'metadata': _METADATA_ORDER, 'spec': spec_order(kind)}
    return _arrange_fields(content, FieldOrder(order))


def _arrange_fields(fields: JSONObject, order: FieldOrder) -> dict[str, JSON]:
    known = [name for name in order.fields if name in fields]
    others = sorted(fields.keys() - order.fields.keys())
    return {
        name: _arrange(fields[name], order.fields.get(name) or order.each or _UNORDERED) for name in (*known, *others)
    }


def _arrange(value: JSON, order: FieldOrder) -> JSON:
    if isinstance(value, dict):
        return _arrange_fields(value, order)
    if isinstance(value, list):
        return [_arrange(item, order.each or _UNORDERED) for item in value]
    return value
