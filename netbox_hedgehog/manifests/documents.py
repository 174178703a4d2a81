"""Read a file: what each of its pieces is, with line and reason for what cannot be taken over."""

from collections.abc import Iterator
from dataclasses import dataclass

from netbox_hedgehog.catalog import JSON, Identity, Kind

from .addressing import Unaddressable, address, list_items
from .errors import ReasonCode, Unreadable
from .files import Role, Segment, cut, decode, encode, holds_only_comments
from .limits import DEFAULT_LIMITS, Limits
from .lines import Place
from .nodes import Mapping, Node, Sequence, content
from .reader import check_text, read

__all__ = ('Comment', 'Document', 'ListPiece', 'ManifestFile', 'Piece', 'Rejected', 'parse')


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two separators, unless it is blank.

    `index` counts the pieces of the file from 0, `line` is the piece's first one in the file, counted from 1, and
    `text` is the piece as it stands there, without separator line and without the file's byte order mark.
    """

    index: int
    line: int
    text: str

    @property
    def data(self) -> bytes:
        """The bytes of the piece, also where they are not UTF-8; its text then holds lone surrogates."""
        return encode(self.text)


@dataclass(frozen=True, slots=True)
class Document(_Piece):
    """A resource of one of the fifteen kinds, as Kubernetes reads it: valid or not, but readable and addressable."""

    content: dict[str, JSON]
    identity: Identity
    kind: Kind

    @property
    def api_version(self) -> str:
        """The version that the document was written in, which may be a legacy one."""
        return str(self.content['apiVersion'])


@dataclass(frozen=True, slots=True)
class ListPiece(_Piece):
    """A `List` of Kubernetes, whose items are objects in their own right."""

    items: tuple[dict[str, JSON], ...]


@dataclass(frozen=True, slots=True)
class Comment(_Piece):
    """A piece with nothing but comments: often a resource that was switched off."""


@dataclass(frozen=True, slots=True)
class Rejected(_Piece):
    """A piece that cannot be taken over.

    `line` and `column` are those of the fault, in the file, counted from 1; `first_line` is where the piece begins.
    """

    column: int
    code: ReasonCode
    message: str
    first_line: int


type Piece = Document | ListPiece | Comment | Rejected


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """The pieces of a file, in order; none of its bytes is outside of them but separators, blanks and order mark."""

    path: str
    pieces: tuple[Piece, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """The resources."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Document))

    @property
    def lists(self) -> tuple[ListPiece, ...]:
        """The lists of resources."""
        return tuple(piece for piece in self.pieces if isinstance(piece, ListPiece))

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """The pieces that cannot be taken over."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Rejected))

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The pieces with nothing but comments."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Comment))


def parse(path: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> ManifestFile:
    """Read a file. No content raises: what cannot be read is Rejected, and its neighbours are read all the same."""
    text = decode(data)
    if len(data) > limits.file_bytes:
        return _reject_whole(path, text, f'The file is larger than {limits.file_bytes} bytes; split it.')
    segments = cut(text)
    if sum(segment.role is Role.PIECE for segment in segments) > limits.documents:
        return _reject_whole(path, text, f'The file has more than {limits.documents} documents; split it.')
    return ManifestFile(path, tuple(_read_pieces(segments, limits)))


def _reject_whole(path: str, text: str, message: str) -> ManifestFile:
    return ManifestFile(path, (Rejected(0, 1, text, 1, ReasonCode.TOO_LARGE, message, first_line=1),))


def _read_pieces(segments: tuple[Segment, ...], limits: Limits) -> Iterator[Piece]:
    index, line = 0, 1
    for role, text in segments:
        if role is Role.PIECE:
            yield _read_piece(index, line, text, limits)
            index += 1
        line += text.count('\n')


def _read_piece(index: int, line: int, text: str, limits: Limits) -> Piece:
    try:
        if holds_only_comments(text):
            check_text(Place(text, line), limits)
            return Comment(index, line, text)
        tree = read(text, first_line=line, limits=limits)
        value = content(tree.root)
        items = list_items(value)
        found = address(value) if items is None else items
        if isinstance(found, Unaddressable):
            raise tree.place.refusal(_find(tree.root, found.path).start, found.code, found.message)
    except Unreadable as fault:
        return Rejected(index, fault.line, text, fault.column, fault.code, fault.message, first_line=line)
    if isinstance(found, tuple):
        return ListPiece(index, line, text, found)
    return Document(index, line, text, found.content, found.identity, found.kind)


def _find(node: Node, path: tuple[str | int, ...]) -> Node:
    """Return the node at a path, or the last one on the way to it that exists."""
    for step in path:
        match node:
            case Mapping():
                node = next((value for key, value in node.entries if key.name == step), node)
            case Sequence() if isinstance(step, int):
                node = node.items[step]
    return node
