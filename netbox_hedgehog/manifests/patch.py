"""Changes to a text, by span and by line, that leave every other byte as it is."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .errors import EditRefused
from .lines import BLANKS, Lines, Place, line_end, trim_break

__all__ = ('Patch', 'Row')


class Row(NamedTuple):
    """An entry or item of a collection: from its key or dash to the end of its value."""

    start: int
    end: int


class _Change(NamedTuple):
    start: int
    end: int
    text: str


class Patch:
    """Collects changes to one text, which must not overlap, and makes them all at once."""

    def __init__(self, text: str) -> None:
        self.line_break = '\r\n' if text.count('\r\n') * 2 > text.count('\n') else '\n'
        # While it is changed, every line has a break; the last one goes again if it was missing.
        self._is_open = trim_break(text, len(text)) == len(text)
        self.text = text + self.line_break if self._is_open else text
        self._lines = Lines(self.text)
        self._changes: list[_Change] = []

    def apply(self) -> str:
        """Return the changed text. Of changes at one index, insertions come first, in the order they were made."""
        parts: list[str] = []
        done = 0
        for start, end, text in sorted(self._changes, key=lambda change: change[:2]):
            parts += self.text[done:start], text
            done = end
        result = ''.join((*parts, self.text[done:]))
        return result.rstrip('\r\n') if self._is_open else result

    def refusal(self, index: int, reason: str) -> EditRefused:
        """Return the error that points at the line of an index."""
        return EditRefused(Place(self.text).line(index), reason)

    def replace(self, start: int, end: int, text: str) -> None:
        """Put a text in place of a span; an empty span inserts it."""
        self._changes.append(_Change(start, end, text))

    def insert_below(self, index: int, lines: Iterable[str]) -> None:
        """Put whole lines below the one that holds the index."""
        self.replace_below(index, index, lines)

    def replace_below(self, index: int, end: int, lines: Iterable[str]) -> None:
        """Put whole lines in place of those below the line of `index`, as far as that of `end`."""
        text = ''.join(f'{line}{self.line_break}' for line in lines)
        self.replace(self._below(index), self._below(end), text)

    def rest_of_line(self, index: int) -> str:
        """Return what stands after the index on its line: blanks and a comment, after a value."""
        return self.text[index : line_end(self.text, index)]

    def margin(self, index: int) -> str | None:
        """Return the blanks before the index on its line, or None if anything else stands there."""
        before = self.text[self._lines.start(self._lines.number(index)) : index]
        return None if before.strip(BLANKS) else before

    def are_on_one_line(self, one: int, other: int) -> bool:
        """Tell whether no line ends between two indexes."""
        return self._lines.number(one) == self._lines.number(other)

    def next_content(self, index: int) -> int:
        """Return where something stands again below the line of the index: a comment, or a value."""
        below = self._below(index)
        return len(self.text) - len(self.text[below:].lstrip(BLANKS))

    def remove_rows(self, rows: Sequence[Row], first: int, last: int) -> None:
        """Remove neighbouring rows of a block collection, though not all of it, with the comments that are theirs.

        A comment belongs to a row if it follows on the last line, or stands directly above with the same indent.
        """
        if self.margin(rows[first].start) is None:
            # The collection begins on the line of a dash: the next row, or the comment above it, moves there.
            self.replace(rows[first].start, self.next_content(rows[last].end), '')
        else:
            above = rows[first - 1].end if first else -1
            self.replace(self._start_with_comments(rows[first], above), self._below(rows[last].end), '')

    def insert_above(self, first: Row, lines: Sequence[str]) -> None:
        """Put whole lines above the first row of a block collection and the comments that are its own."""
        if self.margin(first.start) is None:
            column = first.start - self._lines.start(self._lines.number(first.start))
            margin = ' ' * column
            self.replace(first.start, first.start, self.line_break.join((*lines, margin))[column:])
        else:
            start = self._start_with_comments(first, -1)
            self.replace(start, start, ''.join(f'{line}{self.line_break}' for line in lines))

    def _start_with_comments(self, row: Row, above: int) -> int:
        """Return the start of the lines that belong to a row; they begin after the index `above`."""
        number = self._lines.number(row.start)
        comment = f'{self.margin(row.start)}#'
        while number and self._lines.start(number - 1) > above and self._lines.line(number - 1).startswith(comment):
            number -= 1
        return self._lines.start(number)

    def _below(self, index: int) -> int:
        return self._lines.start(self._lines.number(index) + 1)
