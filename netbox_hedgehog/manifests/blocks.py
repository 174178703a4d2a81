"""Write values as lines of a manifest, in block style."""

from collections.abc import Sequence
from dataclasses import dataclass

from netbox_hedgehog.catalog import JSON, JSONObject

from .quoting import is_literal, scalar_text

__all__ = ('BlockStyle', 'Rendered', 'mapping_lines', 'render_item', 'render_value', 'sequence_lines')

_DASH = '- '


@dataclass(frozen=True, slots=True)
class BlockStyle:
    """How a document is laid out.

    The keys of a map stand `key_indent` to the right of its own key, the dashes of a list `dash_indent`. A text of
    several lines stands below `|`, or, without literals, on one line in quotes.
    """

    key_indent: int = 2
    dash_indent: int = 0
    has_literals: bool = True


@dataclass(frozen=True, slots=True)
class Rendered:
    """A value: what stands on the line of its key or dash, and the whole lines below."""

    inline: str
    below: tuple[str, ...] = ()


def render_value(value: JSON, column: int, layout: BlockStyle) -> Rendered:
    """Write the value of a key that stands in `column`."""
    match value:
        case dict() if value:
            return Rendered('', tuple(mapping_lines(value, column + layout.key_indent, layout)))
        case list() if value:
            return Rendered('', tuple(sequence_lines(value, column + layout.dash_indent, layout)))
        case _:
            return _render_leaf(value, column + layout.key_indent, layout)


def render_item(value: JSON, column: int, layout: BlockStyle, style: str = '') -> Rendered:
    """Write an item of a list whose dashes stand in `column`; its parts begin on the line of the dash.

    `style` is the quote for an item that is a text on one line.
    """
    inner = column + len(_DASH)
    match value:
        case dict() if value:
            lines = mapping_lines(value, inner, layout)
        case list() if value:
            lines = sequence_lines(value, inner, layout)
        case _:
            return _render_leaf(value, inner, layout, style)
    return Rendered(lines[0][inner:], tuple(lines[1:]))


def mapping_lines(mapping: JSONObject, column: int, layout: BlockStyle) -> list[str]:
    """Write a map, each key in `column`, in the order of the map."""
    lines = []
    for key, value in mapping.items():
        rendered = render_value(value, column, layout)
        lines += _lines(column, f'{scalar_text(key)}:', rendered)
    return lines


def sequence_lines(items: Sequence[JSON], column: int, layout: BlockStyle, style: str = '') -> list[str]:
    """Write a list, each dash in `column`, and texts on one line in the quotes of `style`."""
    lines = []
    for item in items:
        lines += _lines(column, '-', render_item(item, column, layout, style))
    return lines


def _lines(column: int, head: str, rendered: Rendered) -> list[str]:
    first = f'{" " * column}{head} {rendered.inline}' if rendered.inline else f'{" " * column}{head}'
    return [first, *rendered.below]


def _render_leaf(value: JSON, column: int, layout: BlockStyle, style: str = '') -> Rendered:
    match value:
        case dict():
            return Rendered('{}')
        case list():
            return Rendered('[]')
        case str() if layout.has_literals and is_literal(value):
            body = value.removesuffix('\n')
            header = '|' if value != body else '|-'
            return Rendered(header, tuple(f'{" " * column}{line}' if line else '' for line in body.split('\n')))
        case _:
            return Rendered(scalar_text(value, style))
