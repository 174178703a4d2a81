"""Judge the documents of files as one fabric."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from netbox_hedgehog.catalog import (
    Design,
    FabricSettings,
    Identity,
    Problem,
    Severity,
    check_metadata,
    check_structure,
    judge,
)
from netbox_hedgehog.catalog.paths import parse as parse_path
from netbox_hedgehog.manifests import Located, ManifestFile, Piece, locate

from .candidates import Candidate, candidates
from .rules import DUPLICATE

__all__ = ('Finding', 'Verdict', 'judge_files')


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A problem, and the line of its file in which it stands: that of the nearest field around one that is missing."""

    line: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said about one object.

    `document` counts the documents of the file from 1, those included that hold nothing but comments; the items of a
    `List` share its number. What cannot be told is None.
    """

    source: str
    document: int
    api_version: str | None
    kind: str | None
    namespace: str | None
    name: str | None
    findings: tuple[Finding, ...]

    @property
    def is_valid(self) -> bool:
        """Whether the fabric would accept it; warnings do not count."""
        return all(finding.problem.severity is not Severity.ERROR for finding in self.findings)


def judge_files(files: Iterable[ManifestFile], settings: FabricSettings) -> tuple[Verdict, ...]:
    """Judge all files together, as one fabric; return a verdict on each object, in the order of the files.

    Of a resource that is declared twice the first one takes part, and each other one is a duplicate. What is written in
    a version that is served no more takes part, too: what refers to it is not to blame.
    """
    found = [candidate for file in files for candidate in candidates(file)]
    first: dict[Identity, Candidate] = {}
    for candidate in found:
        if candidate.declaration:
            first.setdefault(candidate.declaration.identity, candidate)
    declared = (candidate.declaration for candidate in first.values() if candidate.declaration)
    by_rules = judge(Design(settings, declared))
    places = _Places()
    return tuple(_verdict(candidate, _problems(candidate, first, by_rules), places) for candidate in found)


def _problems(
    candidate: Candidate, first: Mapping[Identity, Candidate], by_rules: Mapping[Identity, tuple[Problem, ...]]
) -> Iterator[Problem]:
    """Yield what is wrong with an object: in its document, by itself and beside the others."""
    yield from candidate.problems
    if candidate.is_legacy or candidate.kind is None:
        return
    if candidate.declaration is None:
        yield from check_structure(candidate.kind, candidate.spec)
        return
    declaration = candidate.declaration
    original = first[declaration.identity]
    if original is candidate:
        yield from by_rules[declaration.identity]
        return
    message = f'{original.where} declares {declaration.kind.name} {declaration.name} already; remove one of the two.'
    yield DUPLICATE.at(('metadata', 'name'), message)
    yield from check_metadata(
        declaration.kind, declaration.namespace, declaration.name, declaration.labels, declaration.annotations
    )
    yield from check_structure(declaration.kind, declaration.spec)


def _verdict(candidate: Candidate, problems: Iterable[Problem], places: '_Places') -> Verdict:
    return Verdict(
        candidate.file.path,
        candidate.piece.index + 1,
        candidate.api_version,
        candidate.kind_name,
        candidate.namespace,
        candidate.name,
        tuple(sorted(Finding(places.line(candidate, problem), problem) for problem in problems)),
    )


class _Places:
    """The lines of fields. A document is read again only if there is something to say, and a `List` only once."""

    def __init__(self) -> None:
        self._piece: Piece | None = None
        self._located: Located | None = None

    def line(self, candidate: Candidate, problem: Problem) -> int:
        """Return the line of a problem."""
        if self._piece is not candidate.piece:
            self._piece, self._located = candidate.piece, locate(candidate.piece)
        if self._located is None:
            return candidate.piece.line
        return self._located.line((*candidate.base, *parse_path(problem.path)))
