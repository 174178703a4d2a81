"""A document as it is written: values together with the place of each in the text."""

from typing import NamedTuple

from netbox_hedgehog.catalog import JSON

from . import scalars
from .lines import Place

__all__ = (
    'Entry',
    'Key',
    'Mapping',
    'Node',
    'Scalar',
    'Sequence',
    'Tree',
    'children',
    'content',
    'height',
    'merged',
)


class Scalar(NamedTuple):
    """A value without parts.

    `style` is empty for a plain scalar, otherwise the sign that opens it: a quote, `|` or `>`. `start` and `end` are
    indexes into the text; an empty value has no extent, and one in a block ends before its last line break.
    """

    start: int
    end: int
    column: int
    style: str
    value: scalars.Scalar
    is_tagged: bool

    @property
    def is_block(self) -> bool:
        """Whether the text stands on lines of its own, below a `|` or `>`."""
        return self.style in ('|', '>')


class Sequence(NamedTuple):
    """A list: in brackets (flow), or with a dash before each item, the first of which stands at `start`."""

    start: int
    end: int
    column: int
    is_flow: bool
    items: tuple['Node', ...]


class Key(NamedTuple):
    """A key of a map; `is_merge` marks a plain `<<`, which stands for the entries of other maps."""

    start: int
    end: int
    column: int
    style: str
    name: str
    is_merge: bool


class Entry(NamedTuple):
    """A key with its value."""

    key: Key
    value: 'Node'


class Mapping(NamedTuple):
    """A map: in braces (flow), or with a line for each key, in `column`."""

    start: int
    end: int
    column: int
    is_flow: bool
    entries: tuple[Entry, ...]


type Node = Scalar | Sequence | Mapping


class Tree(NamedTuple):
    """The nodes of one document.

    A block collection ends with its last value, before any comment. In place of an alias stands the node that it
    repeats, with that node's indexes. `sharing` is the index of the first anchor or merge key; None if every value of
    the content has one place of its own.
    """

    place: Place
    root: Node
    sharing: int | None


def content(node: Node) -> JSON:
    """Return what the node means. Nothing in it is shared."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [content(item) for item in node.items]
    result: dict[str, JSON] = {}
    for key, value in node.entries:
        if key.is_merge:
            result |= merged(value)
        else:
            result[key.name] = content(value)
    return result


def merged(node: Node) -> dict[str, JSON]:
    """Return the entries that a merge key adds: those of one map, or of several among which the first wins."""
    sources = reversed(node.items) if isinstance(node, Sequence) else (node,)
    result: dict[str, JSON] = {}
    for source in sources:
        entries = content(source)
        if isinstance(entries, dict):
            result |= entries
    return result


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node: the items of a list, or the values of a map."""
    if isinstance(node, Scalar):
        return ()
    return node.items if isinstance(node, Sequence) else tuple(value for _, value in node.entries)


def height(node: Node) -> int:
    """Return how many values stand inside each other, the node itself included."""
    return 1 + max(map(height, children(node)), default=0)
