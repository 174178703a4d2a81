"""Text that people paste into a form, as the maps and records that it means.

Everything is read as the cluster reads it: PyYAML's own loader would turn the community 65000:50 into a number.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..catalog import JSON, JSONObject, Kind
from ..manifests import Limits, Unaddressable, Unreadable, address, dump
from ..manifests.addressing import list_items
from ..manifests.files import Role, cut, holds_only_comments
from ..manifests.nodes import content
from ..manifests.reader import read
from ..reconcile import FABRIC_ANNOTATION, content_of

__all__ = ('flatten', 'read_map', 'read_records', 'write_labels', 'write_spec', 'write_value')

_MANIFEST_KEYS = frozenset({'apiVersion', 'kind', 'metadata', 'spec', 'status', 'fabric'})


def read_map(text: str) -> dict[str, JSON]:
    """Return the map that a text of YAML (or JSON) stands for; an empty text is an empty map.

    Raises `ValidationError` with line and column.
    """
    text = text.replace('\r\n', '\n')
    if holds_only_comments(text):
        return {}
    try:
        value = content(read(text).root)
    except Unreadable as refused:
        raise ValidationError(_at(refused)) from refused
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValidationError(_('Line 1: this is not a map; write keys, each with a colon and its value.'))
    return value


def write_spec(kind: Kind, spec: JSONObject) -> str:
    """Return a spec as YAML, its fields in the order of the kind; an empty one is an empty text.

    Raises `Unwritable`.
    """
    if not spec:
        return ''
    return _outdent(dump({'spec': dict(spec)}, kind).removeprefix('spec:\n'))


def write_labels(kind: Kind, labels: JSONObject) -> str:
    """Return labels or annotations as YAML; none are an empty text. Raises `Unwritable`."""
    return dump(labels, kind) if labels else ''


def write_value(kind: Kind, value: JSON) -> str:
    """Return any value of a manifest as YAML. Raises `Unwritable`."""
    text = dump({'value': value}, kind).removeprefix('value:')
    # A map stands indented below its key, a list does not, and anything else follows on the same line.
    return _outdent(text.removeprefix('\n')) if isinstance(value, dict) and value else text[1:]


def _outdent(text: str) -> str:
    """Undo the indent of a canonical dump below its first key."""
    return '\n'.join(line.removeprefix('  ') for line in text.split('\n'))


def read_records(text: str) -> list[Any]:
    """Return the objects in a text of YAML: its documents, or the items of those that are lists.

    Raises `ValidationError` with all that cannot be read, each with its line.
    """
    text = text.replace('\r\n', '\n')
    limit = Limits().file_bytes
    if len(text.encode(errors='replace')) > limit:
        raise ValidationError(_('The text is larger than {size} bytes; split it.').format(size=limit))
    records: list[Any] = []
    errors: list[str] = []
    for line, piece in _pieces(text):
        try:
            value = content(read(piece, first_line=line).root)
        except Unreadable as refused:
            errors.append(_at(refused))
            continue
        items = list_items(value)
        if isinstance(items, tuple):
            records += items
        else:
            records += value if isinstance(value, list) else [value]
    if errors:
        raise ValidationError(errors)
    return records


def flatten(kind: Kind, record: JSON, number: int) -> dict[str, Any]:
    """Return a record of an import as the flat fields of its form; a manifest is taken apart.

    The fabric of a manifest is its key `fabric`, or the annotation that says where it belongs.
    Raises `ValidationError` that names the record.
    """
    if not isinstance(record, dict):
        raise ValidationError(_('Record {number}: this is not an object.').format(number=number))
    if not record.keys() & {'apiVersion', 'metadata'}:
        return dict(record)
    found = address(record)
    if isinstance(found, Unaddressable):
        field = '.'.join(map(str, found.path))
        raise ValidationError(_record_message(number, field, found.message))
    if found.kind is not kind:
        message = _('This is a resource of the kind {found}; here only {kind} is imported.')
        raise ValidationError(_record_message(number, 'kind', message.format(found=found.kind.name, kind=kind.name)))
    metadata: Any = found.content['metadata']
    annotations, labels = metadata.get('annotations'), metadata.get('labels')
    shared = content_of(record)
    fabric = annotations.get(FABRIC_ANNOTATION) if isinstance(annotations, dict) else None
    return {
        **{key: value for key, value in record.items() if key not in _MANIFEST_KEYS},
        'fabric': record.get('fabric', fabric),
        'namespace': found.identity.namespace,
        'name': found.identity.name,
        # What the fabric or this plugin writes is left out; what is no map is left to the form to refuse.
        'labels': shared.labels if isinstance(labels, dict) else labels,
        'annotations': shared.annotations if isinstance(annotations, dict) else annotations,
        'spec': record.get('spec'),
    }


def _record_message(number: int, field: str, message: str) -> str:
    return _('Record {number} {field}: {message}').format(number=number, field=field, message=message)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield each document of a text with the line at which it starts."""
    line = 1
    for role, piece in cut(text):
        if role is Role.PIECE and not holds_only_comments(piece):
            yield line, piece
        line += piece.count('\n')


def _at(refused: Unreadable) -> str:
    return _('Line {line}, column {column}: {message}').format(
        line=refused.line, column=refused.column, message=refused.message
    )
