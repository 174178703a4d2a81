"""The heart: from what both sides last agreed on, and what each holds now, to a plan.

No Django, no network, no clock: the same input always gives the same plan.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from ..catalog import KINDS, Identity, Problem
from ..manifests import Document, Limits, ManifestError, ManifestFile, ReasonCode, dump, edit
from ..repositories import Entry
from .content import Content, content_of, new_document, with_content
from .directory import Directory, Place
from .ingest import ingest, marked
from .layout import README, README_TEXT, canonical_path, required_directories
from .merge import ABSENT, Decision, FieldConflict, Side, merge
from .plan import (
    Agreed,
    Conflicting,
    FileProblem,
    FileReason,
    Gone,
    Held,
    Outcome,
    Plan,
    Quarantined,
    RowChange,
    RowCreate,
    RowDelete,
    RowUpdate,
)

__all__ = ('Base', 'GitSnapshot', 'NetBoxSnapshot', 'Policy', 'reconcile')

# Reasons that say what a document is; any other says that it could not be read, so it may hold anything.
_READABLE_REASONS = frozenset(
    {
        ReasonCode.FOREIGN_KIND,
        ReasonCode.WRONG_GROUP,
        ReasonCode.CONTROLLER_OWNED_KIND,
        ReasonCode.UNKNOWN_VERSION,
        ReasonCode.DUPLICATE_IDENTITY,
    }
)


@dataclass(frozen=True, slots=True)
class Base:
    """What both sides last agreed on for one identity, and where it stood.

    `content` is None until they ever did. `is_deletion_held` tells that a deletion waits for approval: what was held
    once does not slip through a later pass because fewer are left.
    """

    content: Content | None
    path: str = ''
    is_deletion_held: bool = False
    decisions: Mapping[str, Decision] = field(default_factory=dict)

    def chosen(self, ours: Content | None, theirs: Content | None) -> Side | None:
        """Return the side that a person chose for the whole resource, if these are the contents that were seen."""
        decision = self.decisions.get('')
        values = (ABSENT if content is None else content.tree() for content in (ours, theirs))
        return decision.side if decision and decision.is_about(*values) else None


@dataclass(frozen=True, slots=True)
class NetBoxSnapshot:
    """What NetBox holds: the rows in scope, and the identities whose deletion a person asked for."""

    rows: Mapping[Identity, Content]
    deleted: Collection[Identity] = frozenset()


@dataclass(frozen=True, slots=True)
class GitSnapshot:
    """What the directory holds at a commit.

    `entries` is the complete listing below the directory, by relative path; `texts` the files that were read: at least
    every source of ingest and every managed manifest that holds an identity in scope; `parsed` those of them that were
    parsed on the way. `head` is None while the branch does not exist. `doubt` says why an absence proves nothing, if
    so: the history was rewritten, say. `problems` are files that could not even be named.
    """

    head: str | None
    entries: Mapping[str, Entry]
    texts: Mapping[str, bytes]
    parsed: Mapping[str, ManifestFile] = field(default_factory=dict)
    doubt: str = ''
    problems: tuple[FileProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """What a fabric allows.

    `deletion_limit` is the number of rows that may go because of Git in this pass. `release_held` is a person's
    approval: it is about the deletions that were held before, and about no other.
    """

    fabric: str
    deletion_limit: int = 10
    release_held: bool = False
    initialise: bool = False
    limits: Limits = field(default_factory=Limits)


def reconcile(
    base: Mapping[Identity, Base],
    netbox: NetBoxSnapshot,
    git: GitSnapshot,
    policy: Policy,
    scope: Collection[Identity],
) -> Plan:
    """Return the plan for the identities in scope, and for everything that waits in `raw/`.

    An ordinary pass names the identities that are pending or whose files changed; a complete comparison names them all.
    """
    return _Reconciler(base, netbox, git, policy).plan(scope)


class _Reconciler:
    def __init__(self, base: Mapping[Identity, Base], netbox: NetBoxSnapshot, git: GitSnapshot, policy: Policy) -> None:
        self.base = base
        self.netbox = netbox
        self.git = git
        self.policy = policy
        self.directory = Directory(git.entries, git.texts, git.parsed, policy.limits)
        self.rows: list[RowChange] = []
        self.outcomes: dict[Identity, Outcome] = {}
        self.problems: list[FileProblem] = []
        self.unreadable = self._unreadable_files()

    def plan(self, scope: Collection[Identity]) -> Plan:
        """Ingest, then decide about each identity, then look after the directories."""
        is_new = not self.directory.paths()
        ingested = ingest(self.directory, self.policy.fabric, self.policy.limits)
        for identity in sorted({*scope, *ingested.identities}):
            self._decide(identity)
        self._hold_too_many_deletions()
        if self.policy.initialise or not is_new:
            if self.policy.initialise and not self.directory.exists(README):
                self.directory.write(README, README_TEXT.encode(), FileReason.INIT)
            self.directory.keep_directories(required_directories(), complete=self.policy.initialise)
        return Plan(
            head=self.git.head,
            files=self.directory.changes(),
            rows=tuple(self.rows),
            outcomes=self.outcomes,
            problems=(*self._doubts(), *self.git.problems, *ingested.problems, *self._problems_of_files()),
            notices=ingested.notices,
        )

    def _doubts(self) -> tuple[FileProblem, ...]:
        """Show a history that was rewritten also where it deletes nothing: what it changed back is taken over."""
        return (FileProblem('', 0, 0, 'history', self.git.doubt),) if self.git.doubt else ()

    # One identity

    def _decide(self, identity: Identity) -> None:
        places = self.directory.places(identity)
        if len(places) > 1 and not self._resolve_duplicates(identity, places):
            return
        place = self._preferred(identity, places)
        ours = self.netbox.rows.get(identity)
        if place:
            if ours:
                self._merge(identity, ours, place)
            else:
                self._only_in_git(identity, place)
        elif ours:
            self._only_in_netbox(identity, ours)
        elif identity in self.netbox.deleted and (
            reason := self._why_absence_proves_nothing(self._known(identity).path)
        ):
            self.outcomes[identity] = Quarantined(reason)
        else:
            self.outcomes[identity] = Gone()

    def _known(self, identity: Identity) -> Base:
        return self.base.get(identity, Base(None))

    def _resolve_duplicates(self, identity: Identity, places: list[Place]) -> bool:
        """Remove equal copies beside the canonical file; hold the identity where the copies differ."""
        preferred = self._preferred(identity, places)
        others = [place for place in places if place != preferred]
        content = content_of(preferred.document.content) if preferred else None
        if all(content_of(place.document.content) == content for place in others):
            for place in reversed(others):
                self.directory.remove_document(place, FileReason.REPAIR)
            return True
        where = ', '.join(f'{place.path} line {place.document.line}' for place in places)
        reason = f'{identity} is defined more than once, differently: {where}. Leave one of them.'
        self.outcomes[identity] = Held(reason)
        self.problems += [
            FileProblem(place.path, place.document.line, 1, ReasonCode.DUPLICATE_IDENTITY, reason) for place in others
        ]
        return False

    def _preferred(self, identity: Identity, places: list[Place]) -> Place | None:
        """Return the document that counts: the one at the canonical path, else the last in byte order."""
        canonical = canonical_path(identity)
        return next((place for place in places if place.path == canonical), places[-1] if places else None)

    def _merge(self, identity: Identity, ours: Content, place: Place) -> None:
        known = self._known(identity)
        theirs = content_of(place.document.content)
        result = merge(
            KINDS[identity.kind],
            known.content.tree() if known.content else ABSENT,
            ours.tree(),
            theirs.tree(),
            known.decisions,
        )
        for_git, for_netbox = Content.from_tree(result.git), Content.from_tree(result.netbox)
        if for_git != theirs and not self._edit(place, for_git):
            return
        if for_netbox != ours:
            self.rows.append(RowUpdate(identity, ours, for_netbox))
        if result.conflicts:
            base = None if result.base is ABSENT else Content.from_tree(result.base)
            self._conflict(identity, place, result.conflicts, base if known.content else None)
        else:
            self._agree(identity, for_git)

    def _only_in_git(self, identity: Identity, place: Place) -> None:
        known = self._known(identity)
        theirs = content_of(place.document.content)
        decision = known.chosen(None, theirs)
        if identity not in self.netbox.deleted or known.content is None or decision is Side.GIT:
            self.rows.append(RowCreate(identity, theirs))
            self._agree(identity, theirs)
        elif theirs == known.content or decision is Side.NETBOX:
            self.directory.remove_document(place, FileReason.SYNC)
            self.outcomes[identity] = Gone()
        else:
            conflict = FieldConflict('', known.content.tree(), ABSENT, theirs.tree())
            self._conflict(identity, place, (conflict,), known.content)

    def _only_in_netbox(self, identity: Identity, ours: Content) -> None:
        known = self._known(identity)
        decision = known.chosen(ours, None)
        if known.content is None or decision is Side.NETBOX:
            self._create(identity, ours)
        elif reason := self._why_absence_proves_nothing(known.path):
            self.outcomes[identity] = Quarantined(reason)
        elif ours == known.content or decision is Side.GIT:
            self.rows.append(RowDelete(identity, ours))
            self.outcomes[identity] = Gone()
        else:
            conflict = FieldConflict('', known.content.tree(), ours.tree(), ABSENT)
            self.outcomes[identity] = Conflicting((conflict,), known.content, known.path, 0, '', '')

    # What is done

    def _create(self, identity: Identity, ours: Content) -> None:
        kind = KINDS[identity.kind]
        path = canonical_path(identity)
        if self.directory.exists(path):
            self.outcomes[identity] = Held(f'{path} is in use by something else; move that file first.')
            return
        document = marked(with_content(new_document(identity), ours), self.policy.fabric)
        try:
            text = dump(document, kind)
        except ManifestError as refused:
            self.outcomes[identity] = Held(f'It cannot be written as a manifest: {refused}')
            return
        self.directory.write(path, text.encode(), FileReason.SYNC, identity)
        self._agree(identity, ours)

    def _edit(self, place: Place, wanted: Content) -> bool:
        """Change the document where it lives; a text that cannot be edited safely holds the resource."""
        document = place.document
        try:
            text = edit(document.text, with_content(document.content, wanted))
        except ManifestError as refused:
            self.outcomes[document.identity] = Held(f'{place.path} cannot be edited safely: {refused}')
            return False
        self.directory.replace_document(place, text, FileReason.SYNC)
        return True

    def _agree(self, identity: Identity, content: Content) -> None:
        place = self._preferred(identity, self.directory.places(identity))
        if place is None:
            message = f'{identity} was written and cannot be found'
            raise AssertionError(message)
        document = place.document
        self.outcomes[identity] = Agreed(
            content,
            place.path,
            document.index,
            document.line,
            document.api_version,
            document.text,
            tuple(_problems(document)),
        )

    def _conflict(
        self, identity: Identity, place: Place, conflicts: tuple[FieldConflict, ...], base: Content | None
    ) -> None:
        # An edit of the fields that are not in conflict may have been made: the text is the one after it.
        now = self._preferred(identity, self.directory.places(identity)) or place
        document = now.document
        self.outcomes[identity] = Conflicting(
            conflicts, base, now.path, document.index, document.api_version, document.text
        )

    def _hold_too_many_deletions(self) -> None:
        deletions = [row for row in self.rows if isinstance(row, RowDelete)]
        held = {row.identity for row in deletions if self._known(row.identity).is_deletion_held}
        fresh = len(deletions) - len(held)
        limit = self.policy.deletion_limit
        why = self.git.doubt
        if not why and fresh > limit:
            why = f'{fresh} resources are gone from Git at once; this fabric allows {limit} more without approval.'
        released = held if self.policy.release_held else set()
        stopped = {row.identity for row in deletions if row.identity not in released and (why or row.identity in held)}
        reason = why or 'It is gone from Git together with many others.'
        for identity in stopped:
            self.outcomes[identity] = Held(f'{reason} Approve the deletion, or restore the file.', is_deletion=True)
        self.rows = [row for row in self.rows if not (isinstance(row, RowDelete) and row.identity in stopped)]

    # What cannot be known

    def _why_absence_proves_nothing(self, path: str) -> str:
        """Return why a missing manifest may still exist: its file, or any that this pass read, cannot be read."""
        if self.unreadable:
            own = self.unreadable.get(path)
            return own or f'It is gone from {path}, and may be in a file that cannot be read: {_first(self.unreadable)}'
        if path in self.git.entries and not self.directory.is_regular(path):
            return f'{path} is a symbolic link or a submodule now.'
        return ''

    def _unreadable_files(self) -> dict[str, str]:
        """Return, by path, the first fault of each managed file that may hold more than could be read of it."""
        faults: dict[str, str] = {}
        for file in self.directory.managed_files():
            for piece in file.rejected:
                if piece.code not in _READABLE_REASONS:
                    faults.setdefault(file.path, f'{file.path}, line {piece.line}: {piece.message}')
        return faults

    def _problems_of_files(self) -> list[FileProblem]:
        problems = list(self.problems)
        for file in self.directory.managed_files():
            problems += [
                FileProblem(file.path, piece.line, piece.column, piece.code, piece.message) for piece in file.rejected
            ]
            problems += [
                FileProblem(file.path, piece.line, 1, ReasonCode.NOT_AN_OBJECT, 'A List is taken over from raw/ only.')
                for piece in file.lists
            ]
        return sorted(problems, key=lambda problem: (problem.path, problem.line, problem.code))


def _first(faults: Mapping[str, str]) -> str:
    return next(iter(faults.values()))


def _problems(document: Document) -> Iterator[Problem]:
    """Yield what is wrong with the document, and not with the resource that it holds."""
    kind, metadata = document.kind, document.content.get('metadata')
    if document.api_version != kind.api_version:
        message = f'No current cluster serves {document.api_version}; write {kind.api_version}.'
        yield Problem('apiVersion', 'version-not-served', message)
    # What is no map counts as absent from here on: the resource does not show it.
    metadata = metadata if isinstance(metadata, dict) else {}
    labels, annotations = metadata.get('labels'), metadata.get('annotations')
    maps = {'spec': document.content.get('spec'), 'metadata.labels': labels, 'metadata.annotations': annotations}
    for path, value in maps.items():
        if value is not None and not isinstance(value, dict):
            yield Problem(path, 'wrong-type', 'This is no map; write keys with their values.')
