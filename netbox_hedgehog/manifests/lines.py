"""Lines of a text, and places in it: as YAML counts them, and as people do."""

import re
from bisect import bisect_right
from typing import NamedTuple

from .errors import ReasonCode, Unreadable

__all__ = ('BLANKS', 'Lines', 'Place', 'line_end', 'size_in_bytes', 'trim_break')

# NEL, LS and PS end a line for YAML, though not for an editor.
BLANKS = ' \t\r\n\x85\u2028\u2029'
_BREAK = re.compile('\r\n|[\r\n\x85\u2028\u2029]')


class Lines:
    """The lines of a text as YAML counts them, by index of any character in them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def number(self, index: int) -> int:
        """Return the position, from 0, of the line that holds the index."""
        return bisect_right(self._starts, index) - 1

    def start(self, number: int) -> int:
        """Return where a line starts; the one after the last starts where the text ends."""
        return self._starts[number] if number < len(self._starts) else len(self._text)

    def line(self, number: int) -> str:
        """Return a line with its break."""
        return self._text[self.start(number) : self.start(number + 1)]


class Place(NamedTuple):
    """A text, and the line of its file in which it starts."""

    text: str
    first_line: int = 1

    def line(self, index: int) -> int:
        """Return the line of a character as editors count: from 1, and only what ends in a line feed."""
        return self.first_line + self.text.count('\n', 0, index)

    def refusal(self, index: int, code: ReasonCode, message: str) -> Unreadable:
        """Return the error that points at a character."""
        column = index - self.text.rfind('\n', 0, index)
        return Unreadable(code, self.line(index), column, message)


def line_end(text: str, index: int) -> int:
    """Return where the line that holds the index ends, before its break."""
    found = _BREAK.search(text, index)
    return found.start() if found else len(text)


def trim_break(text: str, end: int) -> int:
    """Return the index before the line break that ends at `end`, or `end` if there is none."""
    if text.endswith('\r\n', 0, end):
        return end - 2
    return end - 1 if end and _BREAK.fullmatch(text, end - 1, end) else end


def size_in_bytes(text: str) -> int:
    """Return how many bytes the text takes in its file."""
    return len(text) if text.isascii() else len(text.encode('utf-8', 'surrogateescape'))
