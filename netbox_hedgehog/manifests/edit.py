"""Change a document where its content changes, and nowhere else."""

from dataclasses import replace

from netbox_hedgehog.catalog import JSON, JSONObject, Kind, find_kind

from .block_edit import BlockEditor, layout_of
from .blocks import BlockStyle
from .canonical import arrange
from .equality import same
from .errors import EditRefused, Unreadable, Unwritable
from .flow_edit import FlowEditor
from .limits import DEFAULT_LIMITS, Limits
from .nodes import Mapping, Tree, content
from .parts import PartsEditor, change_parts
from .patch import Patch
from .reader import BYTE_ORDER_MARK, read
from .writable import check_writable, prove

__all__ = ('edit',)


def edit(text: str, wanted: JSONObject, limits: Limits = DEFAULT_LIMITS) -> str:
    """Return the text of one document, changed so that it is read as the wanted content.

    Only the spans of changed values differ: comments, order, quotes, indent, line ends and a missing last line end
    stay. Content that is equal already returns the text itself. The result has been read again and compared.

    Raises EditRefused where that cannot be done safely: the text cannot be read, repeats a value by an anchor, or has
    something in the place of the change that only a person can decide about.
    """
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ''
    try:
        tree = read(text, limits=limits)
    except Unreadable as unreadable:
        raise EditRefused(unreadable.line, unreadable.message) from unreadable
    old = content(tree.root)
    if same(old, wanted):
        return text
    if tree.sharing is not None:
        reason = 'An anchor or merge key makes one place mean several values; write them out.'
        raise EditRefused(tree.place.line(tree.sharing), reason)
    try:
        check_writable(wanted, limits)
        return mark + _edited(tree, old, wanted, limits)
    except Unwritable as unwritable:
        raise EditRefused(1, str(unwritable)) from unwritable


def _edited(tree: Tree, old: JSON, wanted: JSONObject, limits: Limits) -> str:
    """Change the text and prove that it is read as wanted; raise Unwritable if it is not."""
    layout = layout_of(tree.root)
    edited = _patched(tree, old, wanted, layout)
    try:
        prove(edited, wanted, limits)
    except Unwritable:
        # A text below | takes blank lines after it for its own, and needs a line break at its end.
        edited = _patched(tree, old, wanted, replace(layout, has_literals=False))
        prove(edited, wanted, limits)
    return edited


def _patched(tree: Tree, old: JSON, wanted: JSONObject, layout: BlockStyle) -> str:
    patch = Patch(tree.place.text)
    root = tree.root
    editor: PartsEditor = BlockEditor(patch, layout)
    if isinstance(root, Mapping) and root.is_flow and root.entries:
        editor = FlowEditor(patch, root.entries[-1].key.style)
    if not change_parts(editor, root, old, _arranged(wanted)):
        raise patch.refusal(root.start, 'Nothing of the document would be left; write another one.')
    return patch.apply()


def _arranged(wanted: JSONObject) -> dict[str, JSON]:
    """Put fields in canonical order, in which those that are new will be written."""
    kind = find_kind(str(wanted.get('apiVersion')), str(wanted.get('kind')))
    return arrange(wanted, kind) if isinstance(kind, Kind) else dict(wanted)
