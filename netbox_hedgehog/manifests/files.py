"""Cut a file into pieces, and put it together again without changing the others.

Kubernetes cuts by lines, before it parses. So one broken document cannot hide its neighbours, and what is not touched
keeps its bytes.
"""

import re
from enum import Enum
from typing import NamedTuple

from .lines import BLANKS
from .reader import BYTE_ORDER_MARK

__all__ = ('Role', 'Segment', 'cut', 'decode', 'encode', 'holds_only_comments', 'remove', 'replace')

_DASHES = re.compile(r'^---.*\n?', re.MULTILINE)
_LINE_WITHOUT_CONTENT = re.compile(r'[ \t\r]*(?:#.*)?|\.\.\.[ \t\r]*(?:#.*)?')


class Role(Enum):
    """What a segment of a file is for."""

    FRAME = 'frame'
    SEPARATOR = 'separator'
    PIECE = 'piece'


class Segment(NamedTuple):
    """A part of a file: a piece that holds something, a separator line, or a frame of blanks and byte order mark."""

    role: Role
    text: str


def decode(data: bytes) -> str:
    """Read UTF-8. A byte that is none becomes a lone surrogate, which `encode` turns back."""
    return data.decode('utf-8', 'surrogateescape')


def encode(text: str) -> bytes:
    """Undo `decode`."""
    return text.encode('utf-8', 'surrogateescape')


def cut(text: str) -> tuple[Segment, ...]:
    """Cut the text of a file; the texts of the segments together are that text.

    Three dashes at the start of a line separate, with nothing or a comment after them. Kubernetes refuses any other
    line that starts so: it begins a piece of its own, in which the fault will be found.
    """
    body = text.removeprefix(BYTE_ORDER_MARK)
    segments = [Segment(Role.FRAME, text[: len(text) - len(body)])]
    start = 0
    for line in _DASHES.finditer(body):
        segments.append(_segment(body[start : line.start()]))
        start = line.start()
        if not line[0][3:].strip() or line[0][3:].lstrip().startswith('#'):
            segments.append(Segment(Role.SEPARATOR, line[0]))
            start = line.end()
    segments.append(_segment(body[start:]))
    return tuple(segment for segment in segments if segment.text)


def holds_only_comments(text: str) -> bool:
    """Tell whether a piece has nothing but comments, blank lines and end marks."""
    return all(map(_LINE_WITHOUT_CONTENT.fullmatch, text.split('\n')))


def replace(data: bytes, index: int, text: str) -> bytes:
    """Return the file with another text for its piece number `index`; every other byte stays.

    Raises IndexError if the file has no such piece.
    """
    segments = list(cut(decode(data)))
    place = _find_piece(segments, index)
    is_last = place == len(segments) - 1
    if not is_last and not text.endswith('\n'):
        text += '\r\n' if segments[place].text.endswith('\r\n') else '\n'
    segments[place] = Segment(Role.PIECE, text)
    return _join(segments)


def remove(data: bytes, index: int) -> bytes | None:
    """Return the file without its piece number `index` and without one separator.

    Return None if nothing but comments is left: the file has lost its purpose. Raises IndexError if the file has no
    such piece.
    """
    segments = list(cut(decode(data)))
    first = _find_piece(segments, index)
    last = first
    others = [segment.text for segment in (*segments[:first], *segments[first + 1 :]) if segment.role is Role.PIECE]
    if all(map(holds_only_comments, others)):
        return None
    if first and segments[first - 1].role is Role.SEPARATOR:
        first -= 1
    elif index == 0 and segments[last + 1].role is Role.SEPARATOR:
        last += 1
    del segments[first : last + 1]
    return _join(segments)


def _find_piece(segments: list[Segment], index: int) -> int:
    return [place for place, segment in enumerate(segments) if segment.role is Role.PIECE][index]


def _join(segments: list[Segment]) -> bytes:
    return encode(''.join(segment.text for segment in segments))


def _segment(text: str) -> Segment:
    return Segment(Role.PIECE if text.strip(BLANKS) else Role.FRAME, text)
