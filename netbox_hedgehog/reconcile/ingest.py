"""Taking over what people dropped into `raw/`: a pure change of the directory, in which no byte is lost."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..catalog import JSON, Identity
from ..manifests import (
    Comment,
    Document,
    EditRefused,
    Limits,
    ListPiece,
    ManifestFile,
    ReasonCode,
    Rejected,
    Unaddressable,
    Unwritable,
    address,
    dump,
    edit,
    parse,
    replace,
    same,
)
from .content import FABRIC_ANNOTATION, MANAGED_BY, MANAGED_BY_ANNOTATION, content_of, without_server_fields
from .directory import Directory
from .layout import KEEP, RAW, canonical_path, is_yaml
from .plan import FileProblem, FileReason
from .unmanaged import Refused, keep, keep_comments, remove_orphaned_notes

__all__ = ('Ingested', 'identities_in', 'ingest', 'is_source', 'marked')

# How a file begins whose content Git LFS keeps elsewhere.
_LARGE_FILE_POINTER = b'version https://git-lfs.github.com/spec/'


@dataclass(frozen=True, slots=True)
class Ingested:
    """What was taken over, what was refused and why, and what else a person may want to know."""

    identities: tuple[Identity, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A document on its way into `managed/`; `render` makes its edited text the bytes of a file."""

    source: str
    line: int
    position: int
    count: int
    identity: Identity
    content: dict[str, JSON]
    text: str
    render: Callable[[str], bytes]


def is_source(path: str) -> bool:
    """Tell whether ingest looks at a file: everything below `raw/`, and loose YAML in the base."""
    if path.startswith(f'{RAW}/'):
        return path.rpartition('/')[2] != KEEP
    return '/' not in path and is_yaml(path)


def identities_in(file: ManifestFile) -> Iterator[Identity]:
    """Yield the identities that a file defines, in documents and as items of lists."""
    for document in file.documents:
        yield document.identity
    for piece in file.lists:
        for item in piece.items:
            addressed = address(item)
            if not isinstance(addressed, Unaddressable):
                yield addressed.identity


def marked(content: dict[str, JSON], fabric: str) -> dict[str, JSON]:
    """Return the document with the two annotations that tell where it belongs; they are informative."""
    metadata = content.get('metadata')
    metadata = dict(metadata) if isinstance(metadata, dict) else {}
    annotations = metadata.get('annotations')
    annotations = dict(annotations) if isinstance(annotations, dict) else {}
    metadata['annotations'] = annotations | {FABRIC_ANNOTATION: fabric, MANAGED_BY_ANNOTATION: MANAGED_BY}
    return {**content, 'metadata': metadata}


def ingest(directory: Directory, fabric: str, limits: Limits | None = None) -> Ingested:
    """Move every source into `managed/` or, word for word and with a reason, into `unmanaged/`.

    Sources and the managed files that hold the same identities must have been read.
    """
    work = _Ingest(directory, fabric, limits or Limits())
    for path in directory.paths():
        if is_source(path) and (directory.was_read(path) or not directory.is_regular(path)):
            work.take(path)
    identities = tuple(work.settle(group) for group in _by_identity(work.candidates))
    remove_orphaned_notes(directory)
    return Ingested(identities, tuple(work.problems), tuple(work.notices))


class _Ingest:
    def __init__(self, directory: Directory, fabric: str, limits: Limits) -> None:
        self.directory = directory
        self.fabric = fabric
        self.limits = limits
        self.candidates: list[_Candidate] = []
        self.problems: list[FileProblem] = []
        self.notices: list[str] = []

    def take(self, path: str) -> None:
        """Sort one source file into candidates and refusals, and empty its place."""
        if not self._is_content(path):
            message = 'Symbolic links, submodules and large-file pointers are left alone; put a file in its place.'
            self.problems.append(FileProblem(path, 1, 1, 'not-a-file', message))
            return
        data = self.directory.data(path)
        file = parse(path, data, self.limits) if is_yaml(path) else None
        if file is None:
            refused = Refused(ReasonCode.NOT_YAML, 1, 1, 'Only files that end in .yaml or .yml are taken over.')
            self._keep(path, data, refused, is_part=False)
        elif not any(isinstance(piece, Document | ListPiece) for piece in file.pieces):
            if '/' not in path:
                return  # a loose file without a supported document is not ours to move
            self._keep(path, data, *self._why_nothing(file), is_part=False)
        else:
            self._take_pieces(file, data)
        self.directory.delete(path, FileReason.INGEST)

    def _is_content(self, path: str) -> bool:
        return self.directory.is_regular(path) and not self.directory.data(path).startswith(_LARGE_FILE_POINTER)

    def _why_nothing(self, file: ManifestFile) -> list[Refused]:
        if not file.rejected:
            return [Refused(ReasonCode.NOT_AN_OBJECT, 1, 1, 'The file holds no document.')]
        return [self._refused(rejected, file) for rejected in file.rejected]

    def _take_pieces(self, file: ManifestFile, data: bytes) -> None:
        # A document that stands alone takes its whole file along: comments, markers and all.
        alone = all(isinstance(piece, Document | Comment) for piece in file.pieces) and len(file.documents) == 1
        comments = []
        for piece in file.pieces:
            if isinstance(piece, Document):
                render = _in_file(data, piece.index) if alone else _as_file
                self._add(file, piece.index, piece.line, piece.identity, piece.content, piece.text, render)
            elif isinstance(piece, ListPiece):
                self._expand(file, piece)
            elif isinstance(piece, Rejected):
                self._keep(file.path, _as_file(piece.text), self._refused(piece, file), is_part=True)
            elif not alone:
                comments.append(_ends_with_newline(piece.text))
        if comments:
            keep_comments(self.directory, file.path, _as_file(''.join(comments)))

    def _expand(self, file: ManifestFile, piece: ListPiece) -> None:
        """Take the items of a List; when one is refused, the List is kept as well, because it is its only text."""
        refusals = []
        for number, item in enumerate(piece.items, start=1):
            code, why = self._take_item(file, piece, item)
            if why:
                message = f'Item {number} of the list: {why} The other items were taken over.'
                refusals.append(Refused(code, piece.line, 1, message, piece.index + 1, len(file.pieces)))
        if refusals:
            self._keep(file.path, _as_file(piece.text), *refusals, is_part=len(file.pieces) > 1)

    def _take_item(self, file: ManifestFile, piece: ListPiece, item: dict[str, JSON]) -> tuple[str, str]:
        """Take one item, or return the code and the reason why not."""
        addressed = address(item)
        if isinstance(addressed, Unaddressable):
            return addressed.code, addressed.message
        try:
            text = dump(item, addressed.kind)
        except Unwritable as refused:
            return ReasonCode.TOO_LARGE, f'It cannot stand in a file of its own: {refused}.'
        self._add(file, piece.index, piece.line, addressed.identity, item, text, _as_file)
        return '', ''

    def _add(
        self,
        file: ManifestFile,
        index: int,
        line: int,
        identity: Identity,
        content: dict[str, JSON],
        text: str,
        render: Callable[[str], bytes],
    ) -> None:
        self.candidates.append(
            _Candidate(file.path, line, index + 1, len(file.pieces), identity, content, text, render)
        )

    def settle(self, group: list[_Candidate]) -> Identity:
        """Decide between documents of one identity: what is managed stays, else the last one wins."""
        last = group[-1]
        existing = self.directory.places(last.identity)
        standing = existing[0].document.content if existing else last.content
        where = existing[0].path if existing else last.source
        if not existing:
            self._place(last)
        for candidate in group if existing else group[:-1]:
            if same(content_of(candidate.content).tree(), content_of(standing).tree()):
                self.notices.append(
                    f'{candidate.source}: {candidate.identity} is in {where} already, with equal content.'
                )
            else:
                message = f'{candidate.identity} is defined differently in {where}, which was kept.'
                self._keep_candidate(candidate, ReasonCode.DUPLICATE_IDENTITY, message)
        return last.identity

    def _place(self, candidate: _Candidate) -> None:
        path = canonical_path(candidate.identity)
        if self.directory.exists(path):
            message = f'{path} is in use by something else; move that file and try again.'
            self._keep_candidate(candidate, ReasonCode.DUPLICATE_IDENTITY, message)
            return
        wanted, removed = without_server_fields(candidate.content)
        if removed:
            self.notices.append(f'{candidate.source}: left out of {candidate.identity}: {", ".join(removed)}.')
        try:
            text = edit(candidate.text, marked(wanted, self.fabric))
        except EditRefused as refused:
            # The annotations are informative: a text that cannot be edited safely is taken over as it is written.
            self.notices.append(f'{candidate.source}: {candidate.identity} was taken over unchanged: {refused}')
            text = candidate.text
        self.directory.write(path, candidate.render(text), FileReason.INGEST, candidate.identity)

    def _keep_candidate(self, candidate: _Candidate, code: ReasonCode, message: str) -> None:
        refused = Refused(code, candidate.line, 1, message, candidate.position, candidate.count)
        self._keep(candidate.source, _as_file(candidate.text), refused, is_part=candidate.count > 1)

    def _keep(self, source: str, data: bytes, *refusals: Refused, is_part: bool) -> None:
        self.problems += keep(self.directory, source, data, *refusals, is_part=is_part)

    @staticmethod
    def _refused(rejected: Rejected, file: ManifestFile) -> Refused:
        return Refused(
            rejected.code, rejected.line, rejected.column, rejected.message, rejected.index + 1, len(file.pieces)
        )


def _by_identity(candidates: Iterable[_Candidate]) -> Iterator[list[_Candidate]]:
    groups: dict[Identity, list[_Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.identity, []).append(candidate)
    yield from groups.values()


def _in_file(data: bytes, index: int) -> Callable[[str], bytes]:
    return lambda text: replace(data, index, text)


def _as_file(text: str) -> bytes:
    # A refused document may hold bytes that are no text; its reader gave them as lone surrogates.
    return _ends_with_newline(text).encode('utf-8', 'surrogateescape')


def _ends_with_newline(text: str) -> str:
    return text if text.endswith('\n') else f'{text}\n'
