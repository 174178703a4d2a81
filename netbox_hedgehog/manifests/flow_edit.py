"""Change collections in brackets and braces, item by item."""

import re
from collections.abc import Sequence

from netbox_hedgehog.catalog import JSON

from .alignment import Difference
from .equality import same
from .nodes import Mapping, Node, Scalar, children
from .nodes import Sequence as SequenceNode
from .parts import change_parts, refuse_tags
from .patch import Patch, Row
from .quoting import flow_text, scalar_text

__all__ = ('FlowEditor',)

_COLON = re.compile(r'\s*:')


class FlowEditor:
    """Plans the changes to flow collections. What it writes continues their quotes and their lines.

    `style` is the quote where a collection has none of its own: in JSON, every text has it.
    """

    def __init__(self, patch: Patch, style: str = '') -> None:
        self._patch = patch
        self._style = style

    def change_mapping(self, node: Mapping, old: dict[str, JSON], new: dict[str, JSON], difference: Difference) -> None:
        """Change a map, or the object of a JSON text."""
        wanted = list(new.items())
        style = node.entries[-1].key.style or self._style
        for before, after in difference.kept:
            key, value = node.entries[before]
            self._change(value, old[key.name], wanted[after][1], style, key.end)
        rows = [Row(key.start, value.end) for key, value in node.entries]
        texts = [f'{scalar_text(name, style, in_flow=True)}: {flow_text(value, style)}' for name, value in wanted]
        self._move(node, rows, texts, difference)

    def change_sequence(self, node: SequenceNode, old: list[JSON], new: list[JSON], difference: Difference) -> None:
        """Change a list, or the array of a JSON text."""
        last = node.items[-1]
        style = (last.style if isinstance(last, Scalar) else '') or self._style
        for before, after in difference.kept:
            item = node.items[before]
            self._change(item, old[before], new[after], style, item.start)
        rows = [Row(item.start, item.end) for item in node.items]
        self._move(node, rows, [flow_text(item, style) for item in new], difference)

    def _change(self, node: Node, old: JSON, new: JSON, style: str, key_end: int) -> None:
        if same(old, new) or change_parts(self, node, old, new):
            return
        refuse_tags(self._patch, node)
        if isinstance(node, Scalar) and node.style and isinstance(new, str):
            style = node.style
        text = flow_text(new, style)
        if node.start < node.end:
            self._patch.replace(node.start, node.end, text)
        elif colon := _COLON.match(self._patch.text, key_end):
            self._patch.replace(colon.end(), colon.end(), f' {text}')
        else:
            raise self._patch.refusal(node.start, 'The key has no colon; write one after it.')

    def _move(
        self, node: Mapping | SequenceNode, rows: Sequence[Row], texts: Sequence[str], difference: Difference
    ) -> None:
        """Remove and add rows; `texts` are all rows as they would be written now."""
        for first, last in difference.removed:
            for part in children(node)[first : last + 1]:
                refuse_tags(self._patch, part)
            self._remove(rows, first, last)
        for before, positions in difference.added:
            added = [texts[position] for position in positions]
            if before is None:
                self._add_before(rows[0], added)
            else:
                end = rows[before + 1].start if before + 1 < len(rows) else node.end
                self._add_after(rows[before], end, added)

    def _remove(self, rows: Sequence[Row], first: int, last: int) -> None:
        """Remove neighbouring rows with one comma: the one below, or for the last row the one above."""
        text = self._patch.text
        if last + 1 < len(rows):
            end = rows[last + 1].start
            if '#' in text[rows[last].end : end]:
                # The comment on this line goes; one on a line below belongs to the next row.
                end = self._patch.next_content(rows[last].end)
            self._patch.replace(rows[first].start, end, '')
        else:
            start = rows[first - 1].end
            self._refuse_comment(start, rows[first].start)
            self._patch.replace(start, rows[last].end, '')

    def _add_before(self, row: Row, texts: Sequence[str]) -> None:
        separator = self._separator(row)
        self._patch.replace(row.start, row.start, ''.join(f'{text}{separator}' for text in texts))

    def _add_after(self, row: Row, end: int, texts: Sequence[str]) -> None:
        self._refuse_comment(row.end, end)
        separator = self._separator(row)
        self._patch.replace(row.end, row.end, ''.join(f'{separator}{text}' for text in texts))

    def _separator(self, row: Row) -> str:
        """Return what comes between rows: a comma, and a new line where each row has its own."""
        margin = self._patch.margin(row.start)
        return ', ' if margin is None else f',{self._patch.line_break}{margin}'

    def _refuse_comment(self, start: int, end: int) -> None:
        if '#' in self._patch.text[start:end]:
            raise self._patch.refusal(start, 'A comment stands where the list would change; put it above the list.')
