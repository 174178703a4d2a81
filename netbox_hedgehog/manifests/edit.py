"""Change a document where its content changes, and nowhere else."""

from dataclasses import replace

from netbox_hedgehog.catalog import JSON, JSONObject, Kind, find_kind

from .block_edit import BlockEditor, layout_of
from .blocks import BlockStyle
from .canonical import arrange
from .equality import same
from .errors import EditRefused, Unreadable, Unwritable
from .flow_edit import FlowEditor
from .nodes import Mapping, Tree, content
from .parts import change_parts
from .patch import Patch
from .reader import BYTE_ORDER_MARK, read
from .writable import check_writable, prove

__all__ = ('edit',)


def edit(text: str, wanted: JSONObject) -> str:
    """Return the text of one document, changed so that it is read as the wanted content.

    Only the spans of changed values differ: comments, order, quotes, indent, line ends and a missing last line end
    stay. Content that is equal already returns the text itself. The result has been read again and compared.

    Raises EditRefused where that cannot be done safely: the text cannot be read, repeats a value by an anchor, or has
    something in the place of the change that only a person can decide about.
    """
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ''
    try:
        tree = read(text)
    except Unreadable as unreadable:
        raise EditRefused(unreadable.line, unreadable.message) from unreadable
    old = content(tree.root)
    if same(old, wanted):
        return text
    if tree.sharing is not None:
        reason = 'An anchor or merge key makes one place mean several values; write them out.'
        raise EditRefused(tree.place.line(tree.sharing), reason)
    try:
        check_writable(wanted)
        return mark + _edited(tree, old, wanted)
    except Unwritable as unwritable:
        raise EditRefused(1, str(unwritable)) from unwritable


def _edited(tree: Tree, old: JSON, wanted: JSONObject) -> str:
    layout = layout_of(tree.root)
    try:
        return _patched(tree, old, wanted, layout)
    except Unwritable:
        # A text below | takes blank lines after it for its own, and needs a line break at its end.
        return _patched(tree, old, wanted, replace(layout, has_literals=False))


def _patched(tree: Tree, old: JSON, wanted: JSONObject, layout: BlockStyle) -> str:
    """Change the text and prove that it is read as wanted; raise Unwritable if it is not."""
    patch = Patch(tree.place.text)
    is_flow = isinstance(tree.root, Mapping) and tree.root.is_flow
    editor = FlowEditor(patch) if is_flow else BlockEditor(patch, layout)
    if not change_parts(editor, tree.root, old, _arranged(wanted)):
        raise patch.refusal(tree.root.start, 'Nothing of the document would be left; write another one.')
    edited = patch.apply()
    prove(edited, wanted)
    return edited


def _arranged(wanted: JSONObject) -> dict[str, JSON]:
    """Put fields in canonical order, in which those that are new will be written."""
    kind = find_kind(str(wanted.get('apiVersion')), str(wanted.get('kind')))
    return arrange(wanted, kind) if isinstance(kind, Kind) else dict(wanted)
