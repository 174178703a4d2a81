"""The objects in files: each alone, whether or not the fabric is described with its kind."""

from collections.abc import Iterator
from dataclasses import dataclass

from netbox_hedgehog.catalog import DEFAULT_NAMESPACE, JSON, Declaration, Kind, Problem, find_kind
from netbox_hedgehog.catalog.paths import Path
from netbox_hedgehog.manifests import (
    Comment,
    Document,
    ListPiece,
    ManifestFile,
    Piece,
    ReasonCode,
    Rejected,
    Unaddressable,
    address,
    locate,
)

from .rules import REJECTIONS, UNKNOWN_FIELD, VERSION_NOT_SERVED

__all__ = ('Candidate', 'candidates')

_DOCUMENT_FIELDS = frozenset({'apiVersion', 'kind', 'metadata', 'spec', 'status'})
# Of Kubernetes' ObjectMeta.
_METADATA_FIELDS = frozenset(
    {
        'annotations',
        'creationTimestamp',
        'deletionGracePeriodSeconds',
        'deletionTimestamp',
        'finalizers',
        'generateName',
        'generation',
        'labels',
        'managedFields',
        'name',
        'namespace',
        'ownerReferences',
        'resourceVersion',
        'selfLink',
        'uid',
    }
)


# The reasons that only show once a document has been read.
_ABOUT_CONTENT = frozenset(
    {
        ReasonCode.NOT_AN_OBJECT,
        ReasonCode.MISSING_API_VERSION,
        ReasonCode.MISSING_KIND,
        ReasonCode.MISSING_NAME,
        ReasonCode.BAD_NAME,
        ReasonCode.FOREIGN_KIND,
        ReasonCode.WRONG_GROUP,
        ReasonCode.CONTROLLER_OWNED_KIND,
        ReasonCode.UNKNOWN_VERSION,
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """An object in a file.

    `base` leads to it from the root of its document: a `List` holds several. `declaration` is there where the object
    can take part in a fabric, and `kind` where it is one of ours; `problems` is what is wrong with it before it is
    judged by the rules.
    """

    file: ManifestFile
    piece: Piece
    base: Path
    content: JSON
    kind: Kind | None
    declaration: Declaration | None
    problems: tuple[Problem, ...]

    @property
    def is_legacy(self) -> bool:
        """Whether it is written in a version that no cluster serves any more."""
        return any(problem.rule == VERSION_NOT_SERVED.id for problem in self.problems)

    @property
    def where(self) -> str:
        """The file, and the line in which its document begins."""
        line = self.piece.first_line if isinstance(self.piece, Rejected) else self.piece.line
        return f'{self.file.path}:{line}'

    @property
    def spec(self) -> JSON:
        """What is written as its spec."""
        return self.content.get('spec') if isinstance(self.content, dict) else None

    @property
    def api_version(self) -> str | None:
        """The apiVersion, if it can be told."""
        return _text(self.content, 'apiVersion')

    @property
    def kind_name(self) -> str | None:
        """The kind as it is written, if it can be told."""
        return _text(self.content, 'kind')

    @property
    def name(self) -> str | None:
        """The name, if it can be told."""
        return _text(_metadata(self.content), 'name')

    @property
    def namespace(self) -> str | None:
        """The namespace that is meant, if it can be told."""
        written = _text(_metadata(self.content), 'namespace')
        return written or (self.declaration.namespace if self.declaration else None)


def candidates(file: ManifestFile) -> Iterator[Candidate]:
    """Yield the objects in a file, in order: documents, and the items of lists."""
    for piece in file.pieces:
        match piece:
            case Comment():
                continue
            case Document():
                yield _candidate(file, piece, (), piece.content)
            case ListPiece():
                yield from _items(file, piece, list(piece.items))
            case Rejected():
                yield from _of_rejected(file, piece)


def _of_rejected(file: ManifestFile, piece: Rejected) -> Iterator[Candidate]:
    """Yield what a rejected piece holds: an object without a name, one that is none of ours, or what nobody reads."""
    located = locate(piece) if piece.code in _ABOUT_CONTENT else None
    if located is None:
        problem = REJECTIONS[piece.code].at((), piece.message)
        yield Candidate(file, piece, (), None, None, None, (problem,))
        return
    content = located.content
    items = content.get('items') if isinstance(content, dict) and _is_list(content) else None
    if isinstance(items, list):
        yield from _items(file, piece, items)
    elif items is not None:
        problem = REJECTIONS[piece.code].at(('items',), piece.message)
        yield Candidate(file, piece, (), content, None, None, (problem,))
    else:
        yield _candidate(file, piece, (), content)


def _is_list(content: dict[str, JSON]) -> bool:
    return (content.get('apiVersion'), content.get('kind')) == ('v1', 'List')


def _items(file: ManifestFile, piece: Piece, items: list[JSON]) -> Iterator[Candidate]:
    for position, item in enumerate(items):
        yield _candidate(file, piece, ('items', position), item)


def _candidate(file: ManifestFile, piece: Piece, base: Path, content: JSON) -> Candidate:
    found = address(content)
    if not isinstance(found, Unaddressable):
        declaration = _declaration(found.kind, found.identity.namespace, found.identity.name, found.content)
        return Candidate(file, piece, base, content, found.kind, declaration, tuple(_beside_spec(found.kind, content)))
    problem = REJECTIONS[found.code].at(found.path, found.message)
    kind = find_kind(_text(content, 'apiVersion') or '', _text(content, 'kind') or '')
    if not isinstance(kind, Kind) or not isinstance(content, dict):
        return Candidate(file, piece, base, content, None, None, (problem,))
    others = tuple(_beside_spec(kind, content))
    metadata = _metadata(content)
    name, namespace = metadata.get('name'), metadata.get('namespace') or DEFAULT_NAMESPACE
    if isinstance(name, str) and name and isinstance(namespace, str):
        # The catalogue says what is wrong with the name, and with all the rest.
        return Candidate(file, piece, base, content, kind, _declaration(kind, namespace, name, content), others)
    return Candidate(file, piece, base, content, kind, None, (problem, *others))


def _declaration(kind: Kind, namespace: str, name: str, content: dict[str, JSON]) -> Declaration:
    metadata = _metadata(content)
    return Declaration(kind, namespace, name, content.get('spec'), metadata.get('labels'), metadata.get('annotations'))


def _beside_spec(kind: Kind, content: JSON) -> Iterator[Problem]:
    """Report what a cluster refuses of one of our kinds in the rest of the document."""
    if not isinstance(content, dict):
        return
    if str(content.get('apiVersion')).rpartition('/')[2] in kind.legacy_versions:
        message = f'No current cluster serves this version; write {kind.api_version}.'
        yield VERSION_NOT_SERVED.at(('apiVersion',), message)
    for path, fields, known in (
        ((), content, _DOCUMENT_FIELDS),
        (('metadata',), _metadata(content), _METADATA_FIELDS),
    ):
        for name, value in fields.items():
            if name not in known and value is not None:
                message = 'No such field here; check the spelling and the indent, or remove it.'
                yield UNKNOWN_FIELD.at((*path, name), message)


def _metadata(content: JSON) -> dict[str, JSON]:
    metadata = content.get('metadata') if isinstance(content, dict) else None
    return metadata if isinstance(metadata, dict) else {}


def _text(content: JSON, field: str) -> str | None:
    value = content.get(field) if isinstance(content, dict) else None
    return value if isinstance(value, str) and value else None
