"""Change block collections, line by line."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from netbox_hedgehog.catalog import JSON

from .alignment import Difference
from .blocks import BlockStyle, Rendered, mapping_lines, render_item, render_value, sequence_lines
from .equality import same
from .flow_edit import FlowEditor
from .nodes import Mapping, Node, Scalar, Sequence, children
from .parts import change_parts, refuse_tags
from .patch import Patch, Row
from .quoting import scalar_text
from .reader import BLOCK_HEADER

__all__ = ('BlockEditor', 'layout_of')

_COLON = re.compile(r'[ \t]*:')
_BREAK = '(?:\r\n|[\r\n\x85\u2028\u2029])'
# The dash of the next item, after what is left of the line and any lines without content.
_DASH = re.compile(f'(?>[ \t]*(?:#[^\r\n\x85\u2028\u2029]*)?{_BREAK})*+[ \t]*-')


class _Slot(NamedTuple):
    """Where a value stands: after the colon of a key or the dash of an item, which itself stands in `column`.

    `head` is the index after the colon or dash; None if the colon is not where it usually is.
    """

    head: int | None
    column: int
    is_item: bool


class BlockEditor:
    """Plans the changes to block collections. What it writes continues their indent."""

    def __init__(self, patch: Patch, layout: BlockStyle) -> None:
        self._patch = patch
        self._layout = layout
        self._flow = FlowEditor(patch)

    def change_mapping(self, node: Mapping, old: dict[str, JSON], new: dict[str, JSON], difference: Difference) -> None:
        """Change a map: each entry that differs, where it stands; what is new comes last."""
        wanted = list(new.items())
        for before, after in difference.kept:
            key, value = node.entries[before]
            colon = _COLON.match(self._patch.text, key.end)
            slot = _Slot(colon.end() if colon else None, node.column, is_item=False)
            self._change(slot, value, old[key.name], wanted[after][1])
        if difference.removed or difference.added:
            self._refuse_explicit_keys(node)
        rows = [Row(key.start, value.end) for key, value in node.entries]
        self._remove(node, rows, difference)
        last_kept, _ = difference.kept[-1]
        for _, positions in difference.added:
            lines = mapping_lines(dict(wanted[position] for position in positions), node.column, self._layout)
            self._patch.insert_below(rows[last_kept].end, lines)

    def change_sequence(self, node: Sequence, old: list[JSON], new: list[JSON], difference: Difference) -> None:
        """Change a list: each item that differs, where it stands; what is new follows its neighbour."""
        rows = list(self._rows(node))
        for before, after in difference.kept:
            slot = _Slot(rows[before].start + 1, node.column, is_item=True)
            self._change(slot, node.items[before], old[before], new[after])
        self._remove(node, rows, difference)
        for neighbour, positions in difference.added:
            lines = self._item_lines(node, [new[position] for position in positions])
            if neighbour is None:
                self._patch.insert_above(rows[0], lines)
            else:
                self._patch.insert_below(rows[neighbour].end, lines)

    def _change(self, slot: _Slot, node: Node, old: JSON, new: JSON) -> None:
        if same(old, new):
            return
        is_flow = not isinstance(node, Scalar) and node.is_flow
        if change_parts(self._flow if is_flow else self, node, old, new):
            return
        refuse_tags(self._patch, node)
        rendered = self._render(slot, node, new)
        if isinstance(node, Scalar) and node.is_block:
            self._replace_block_text(slot, node, rendered)
        elif isinstance(node, Scalar) or node.is_flow:
            self._replace_inline(slot, node, rendered)
        else:
            self._replace_collection(slot, node, rendered)

    def _render(self, slot: _Slot, node: Node, new: JSON) -> Rendered:
        if isinstance(node, Scalar) and node.style in ("'", '"') and isinstance(new, str):
            return Rendered(scalar_text(new, node.style))
        render = render_item if slot.is_item else render_value
        return render(new, slot.column, self._layout)

    def _replace_inline(self, slot: _Slot, node: Node, rendered: Rendered) -> None:
        """Put a value in place of one on the line of its key; what follows on that line stays there."""
        if node.start == node.end:
            head = self._head(slot, node)
            if rendered.inline:
                self._patch.replace(head, head, f' {rendered.inline}')
            self._patch.insert_below(head, rendered.below)
        elif rendered.inline:
            self._patch.replace(node.start, node.end, rendered.inline)
            self._patch.insert_below(node.end, rendered.below)
        else:
            head = self._head(slot, node)
            if not self._patch.are_on_one_line(head, node.start):
                raise self._patch.refusal(node.start, 'The value stands below its key; put it on the same line.')
            self._patch.replace(head, node.end, '')
            self._patch.insert_below(node.end, rendered.below)

    def _replace_block_text(self, slot: _Slot, node: Scalar, rendered: Rendered) -> None:
        """Put a value in place of a text below `|` or `>`; a comment after that sign stays."""
        header = BLOCK_HEADER.match(self._patch.text, node.start)
        head = self._head(slot, node)
        if header is None or not self._patch.are_on_one_line(head, node.start):
            raise self._patch.refusal(node.start, 'The text does not begin after its key; put its | on the same line.')
        self._patch.replace(head, header.end(), f' {rendered.inline}' if rendered.inline else '')
        self._patch.replace_below(node.start, node.end, rendered.below)

    def _replace_collection(self, slot: _Slot, node: Mapping | Sequence, rendered: Rendered) -> None:
        """Put a value in place of a block collection, whose comments go with it; that of its key stays."""
        head = self._head(slot, node)
        if self._patch.are_on_one_line(head, node.start):
            self._patch.replace(node.start, node.end + len(self._patch.rest_of_line(node.end)), rendered.inline)
            self._patch.insert_below(node.end, rendered.below)
        else:
            if rendered.inline:
                self._patch.replace(head, head, f' {rendered.inline}')
            self._patch.replace_below(head, node.end, rendered.below)

    def _head(self, slot: _Slot, node: Node) -> int:
        if slot.head is None:
            raise self._patch.refusal(node.start, 'The key is written with a question mark; write "key: value".')
        return slot.head

    def _remove(self, node: Mapping | Sequence, rows: list[Row], difference: Difference) -> None:
        for first, last in difference.removed:
            for part in children(node)[first : last + 1]:
                refuse_tags(self._patch, part)
            self._patch.remove_rows(rows, first, last)

    def _refuse_explicit_keys(self, node: Mapping) -> None:
        for key, _ in node.entries:
            if key.column != node.column:
                raise self._patch.refusal(key.start, 'The key is written with a question mark; write "key: value".')

    def _rows(self, node: Sequence) -> Iterator[Row]:
        """Yield the rows of a list: each from its dash, which is not part of the item."""
        dash = node.start
        for position, item in enumerate(node.items):
            if position:
                found = _DASH.match(self._patch.text, node.items[position - 1].end)
                if found is None:
                    raise self._patch.refusal(item.start, 'The dash of the item is hard to find; write it before it.')
                dash = found.end() - 1
            yield Row(dash, item.end)

    def _item_lines(self, node: Sequence, items: list[JSON]) -> list[str]:
        """Write new items; texts in quotes if all items that are there have the same."""
        styles = {item.style for item in node.items if isinstance(item, Scalar)}
        style = styles.pop() if len(styles) == 1 else ''
        return sequence_lines(items, node.column, self._layout, style)


def layout_of(root: Node) -> BlockStyle:
    """Return how a document is mostly laid out, for what is added to it."""
    keys, dashes = Counter[int](), Counter[int]()
    for outer, inner in _nested(root):
        (keys if isinstance(inner, Mapping) else dashes)[inner.column - outer.column] += 1
    usual = BlockStyle()
    return BlockStyle(
        keys.most_common(1)[0][0] if keys else usual.key_indent,
        dashes.most_common(1)[0][0] if dashes else usual.dash_indent,
    )


def _nested(node: Node) -> Iterator[tuple[Mapping, Mapping | Sequence]]:
    """Yield each block collection that is the value of a key, with the map that it is in."""
    for child in children(node):
        if isinstance(node, Mapping) and not isinstance(child, Scalar) and not child.is_flow:
            yield node, child
        yield from _nested(child)
