"""Where in its file a field of a document stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from netbox_hedgehog.catalog import JSON
from netbox_hedgehog.catalog.paths import Path

from .documents import Piece, Rejected
from .errors import Unreadable
from .limits import DEFAULT_LIMITS, Limits
from .nodes import Entry, Mapping, Node, Sequence, Tree, content
from .reader import read

__all__ = ('Located', 'line_of', 'locate', 'read_value')


@dataclass(frozen=True, slots=True)
class Located:
    """A piece that was read again with the places of its values."""

    _tree: Tree

    @property
    def content(self) -> JSON:
        """What the piece means: also that of a document that is none of ours."""
        return content(self._tree.root)

    def line(self, path: Path) -> int:
        """Return the line of the field at a path, in the file, counted from 1.

        That of the nearest field around it where it does not exist, and where the document starts if there is none.
        What an alias or a merge key repeats stands where it is written.
        """
        node, index = self._tree.root, self._tree.root.start
        for step in path:
            found = _step(node, step)
            if found is None:
                break
            index, node = found
        return self._tree.place.line(index)


def locate(piece: Piece, limits: Limits = DEFAULT_LIMITS) -> Located | None:
    """Read a piece of a file again for the places in it; None if nobody can read it."""
    first_line = piece.first_line if isinstance(piece, Rejected) else piece.line
    try:
        tree = read(piece.text, first_line=first_line, limits=limits)
    except Unreadable:
        return None
    return Located(tree)


def line_of(piece: Piece, path: Path, limits: Limits = DEFAULT_LIMITS) -> int:
    """Return the line of a field of a piece, in the file; see `Located.line`. To ask for several, `locate` it once."""
    located = locate(piece, limits)
    return located.line(path) if located else piece.line


def read_value(text: str, limits: Limits = DEFAULT_LIMITS) -> JSON:
    """Return what a text of one document means, manifest or not. Raises Unreadable."""
    return content(read(text, limits=limits).root)


def _step(node: Node, step: str | int) -> tuple[int, Node] | None:
    """Return the part of a node that a step of a path leads to, and where it starts: at its key if it has one."""
    match node, step:
        case Mapping(), str():
            entry = next((entry for entry in _entries(node) if entry.key.name == step), None)
            return (entry.key.start, entry.value) if entry else None
        case Sequence(), int() if step < len(node.items):
            return node.items[step].start, node.items[step]
        case _:
            return None


def _entries(node: Node) -> Iterator[Entry]:
    """Yield the entries of a map in the order in which they count: its own, then those that it merges."""
    if not isinstance(node, Mapping):
        return
    yield from (entry for entry in node.entries if not entry.key.is_merge)
    for entry in node.entries:
        if entry.key.is_merge:
            for source in entry.value.items if isinstance(entry.value, Sequence) else (entry.value,):
                yield from _entries(source)
