"""What saving a resource will change in Git: the difference of its file, made as the synchroniser will make it."""

import difflib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..manifests import Document, ManifestError, dump, edit, parse
from ..models import FabricModeChoices, GitFile, Resource, SyncState
from ..reconcile import below, canonical_path, marked, new_document, with_content

__all__ = ('Difference', 'difference_of')


@dataclass(frozen=True, slots=True)
class Difference:
    """The file that a save changes, the lines of the difference as `diff -u` has them, and what to know about it."""

    path: str
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()


def difference_of(resource: Resource) -> Difference:
    """Compare the file as it was last seen in Git with what it will be once the resource is saved as it is here.

    Nothing is written, and nothing is asked of the repository. What is said of other resources in the same file is
    left out: not everybody who may edit one of them may see the others.
    """
    notes: tuple[str, ...] = ()
    if resource.fabric.mode != FabricModeChoices.ACTIVE:
        notes = (_('This fabric is not synchronised now: nothing reaches Git until it is.'),)
    state = resource.sync_state
    path, before = _in_git(resource, state)
    where = below(resource.fabric.directory, path)
    try:
        after = _edited(before, resource) if before else _new_text(resource)
    except ManifestError as refused:
        return Difference(where, (), (*notes, _('It cannot be written as it is: {reason}').format(reason=refused)))
    old = before.text if before else ''
    if old == after:
        return Difference(where, (), (*notes, _('Nothing changes in Git.')))
    return Difference(where, tuple(_lines(old, after, where, is_new=before is None)), notes)


def _in_git(resource: Resource, state: SyncState | None) -> tuple[str, Document | None]:
    """Return where the resource stands in Git, or will, and its document there."""
    if state is None or not state.path:
        return canonical_path(resource.identity), None
    file = GitFile.objects.filter(fabric=resource.fabric_id, path=state.path).first()
    for data in (bytes(file.content) if file and file.content else b'', state.manifest.encode()):
        documents = [found for found in parse(state.path, data).documents if found.identity == resource.identity]
        if documents:
            return state.path, documents[0]
    return state.path, None


def _edited(document: Document, resource: Resource) -> str:
    return edit(document.text, with_content(document.content, resource.content))


def _new_text(resource: Resource) -> str:
    document = marked(with_content(new_document(resource.identity), resource.content), resource.fabric.name)
    return dump(document, resource.kind)


def _lines(before: str, after: str, path: str, *, is_new: bool) -> list[str]:
    old, new = before.splitlines(), after.splitlines()
    return list(difflib.unified_diff(old, new, '/dev/null' if is_new else f'a/{path}', f'b/{path}', lineterm=''))
