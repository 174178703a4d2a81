"""Which resource a document describes."""

from dataclasses import dataclass

from netbox_hedgehog.catalog import DEFAULT_NAMESPACE, JSON, Identity, Kind, Unsupported, find_kind
from netbox_hedgehog.catalog.kind import FILE_NAME_LIMIT, LABEL_LIMIT
from netbox_hedgehog.catalog.metadata import check_identity
from netbox_hedgehog.catalog.names import is_dns_label, is_subdomain

from .errors import ReasonCode

__all__ = ('Address', 'Unaddressable', 'address', 'list_items')


@dataclass(frozen=True, slots=True)
class Address:
    """The kind and the identity of a document that is one of ours, with its content."""

    content: dict[str, JSON]
    kind: Kind
    identity: Identity


@dataclass(frozen=True, slots=True)
class Unaddressable:
    """Why a document is none of ours, and the field that says so."""

    code: ReasonCode
    path: tuple[str | int, ...]
    message: str


def address(content: JSON) -> Address | Unaddressable:
    """Find out which resource a document describes; a missing namespace means `default`."""
    if not isinstance(content, dict):
        return Unaddressable(
            ReasonCode.NOT_AN_OBJECT, (), 'Not an object; write apiVersion, kind, metadata and spec, each with a colon.'
        )
    api_version, kind_name = content.get('apiVersion'), content.get('kind')
    if not isinstance(api_version, str) or not api_version:
        return Unaddressable(
            ReasonCode.MISSING_API_VERSION, ('apiVersion',), 'No apiVersion; write the group and version of the kind.'
        )
    if not isinstance(kind_name, str) or not kind_name:
        return Unaddressable(ReasonCode.MISSING_KIND, ('kind',), 'No kind; write which kind of resource this is.')
    kind = find_kind(api_version, kind_name)
    if isinstance(kind, Unsupported):
        return Unaddressable(ReasonCode(kind.code), ('kind',), kind.message)
    return _find_name(kind, content)


def _find_name(kind: Kind, content: dict[str, JSON]) -> Address | Unaddressable:
    metadata = content.get('metadata')
    fields = metadata if isinstance(metadata, dict) else {}
    name, namespace = fields.get('name'), fields.get('namespace')
    if name is None or name == '':
        return Unaddressable(ReasonCode.MISSING_NAME, ('metadata', 'name'), 'No name; write one in metadata.')
    # No more than a path needs: whether the fabric accepts the name is for the catalogue to say.
    if not isinstance(name, str) or len(name) > FILE_NAME_LIMIT or not is_subdomain(name):
        return _refuse(kind, namespace, name, 'name')
    if namespace is None or namespace == '':
        namespace = DEFAULT_NAMESPACE
    if not isinstance(namespace, str) or len(namespace) > LABEL_LIMIT or not is_dns_label(namespace):
        return _refuse(kind, namespace, name, 'namespace')
    return Address(content, kind, Identity(kind.group, kind.name, namespace, name))


def _refuse(kind: Kind, namespace: JSON, name: JSON, field: str) -> Unaddressable:
    """Refuse a name or a namespace in the words in which every other face of it is told."""
    found = check_identity(kind, namespace, name)
    message = next(problem.message for problem in found if problem.path == f'metadata.{field}')
    return Unaddressable(ReasonCode.BAD_NAME, ('metadata', field), message)


def list_items(content: JSON) -> tuple[dict[str, JSON], ...] | Unaddressable | None:
    """Return the objects in a `List`, in order; None if the document is no List."""
    if not isinstance(content, dict) or (content.get('apiVersion'), content.get('kind')) != ('v1', 'List'):
        return None
    items = content.get('items') or []
    if not isinstance(items, list):
        return Unaddressable(ReasonCode.NOT_AN_OBJECT, ('items',), 'Not a list; write the objects as its items.')
    objects = []
    for position, item in enumerate(items):
        if not isinstance(item, dict):
            return Unaddressable(
                ReasonCode.NOT_AN_OBJECT, ('items', position), 'Not an object; write one, or remove it.'
            )
        objects.append(item)
    return tuple(objects)
