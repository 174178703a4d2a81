"""Go down into the parts of a collection, as far as it stays one."""

from typing import Protocol

from netbox_hedgehog.catalog import JSON

from .alignment import Difference
from .nodes import Mapping, Node, Scalar, Sequence, children
from .patch import Patch

__all__ = ('PartsEditor', 'change_parts', 'refuse_tags')


class PartsEditor(Protocol):
    """Changes collections of one style, of which at least one part stays."""

    def change_mapping(self, node: Mapping, old: dict[str, JSON], new: dict[str, JSON], difference: Difference) -> None:
        """Change the entries of a map."""

    def change_sequence(self, node: Sequence, old: list[JSON], new: list[JSON], difference: Difference) -> None:
        """Change the items of a list."""


def change_parts(editor: PartsEditor, node: Node, old: JSON, new: JSON) -> bool:
    """Change the parts of a collection. Return False, and change nothing, if no part of it stays."""
    match node, old, new:
        case Mapping(), dict(), dict():
            difference = Difference.of_keys(tuple(old), tuple(new))
            if difference.kept:
                editor.change_mapping(node, old, new, difference)
            return bool(difference.kept)
        case Sequence(), list(), list():
            difference = Difference.of_items(old, new)
            if difference.kept:
                editor.change_sequence(node, old, new, difference)
            return bool(difference.kept)
        case _:
            return False


def refuse_tags(patch: Patch, node: Node) -> None:
    """Raise EditRefused if a node that is to go, or one inside it, means what its tag says."""
    if isinstance(node, Scalar) and node.is_tagged:
        raise patch.refusal(node.start, 'The value carries a tag; remove the tag and put the text in quotes.')
    for child in children(node):
        refuse_tags(patch, child)
