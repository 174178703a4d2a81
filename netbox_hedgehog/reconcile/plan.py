"""What a pass would do: a value that can be shown, compared and applied."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..catalog import Identity, Problem
from .content import Content
from .merge import FieldConflict

__all__ = (
    'Agreed',
    'Conflicting',
    'FileChange',
    'FileProblem',
    'FileReason',
    'Gone',
    'Held',
    'Outcome',
    'Plan',
    'Proposed',
    'Quarantined',
    'RowChange',
    'RowCreate',
    'RowDelete',
    'RowUpdate',
)


class FileReason(StrEnum):
    """Why a file changes: each is a kind of commit of its own in the trailers."""

    INIT = 'init'
    INGEST = 'ingest'
    SYNC = 'sync'
    REPAIR = 'repair'


@dataclass(frozen=True, slots=True)
class FileChange:
    """The wanted bytes of one file, or nothing when it goes; `path` is relative to the fabric's directory."""

    path: str
    data: bytes | None
    reason: FileReason
    identities: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Something in a file that was not taken over: where it stands, what it is, and what to do.

    An empty path stands for the branch as a whole.
    """

    path: str
    line: int
    column: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RowCreate:
    """A resource that NetBox does not have yet."""

    identity: Identity
    content: Content


@dataclass(frozen=True, slots=True)
class RowUpdate:
    """A resource whose content changes; `before` is what the plan was made from."""

    identity: Identity
    before: Content
    content: Content


@dataclass(frozen=True, slots=True)
class RowDelete:
    """A resource that is gone from a complete snapshot of Git, unchanged in NetBox."""

    identity: Identity
    before: Content


RowChange = RowCreate | RowUpdate | RowDelete


@dataclass(frozen=True, slots=True)
class Agreed:
    """Both sides hold this content once the plan is applied.

    `text` is that of the document, whose first line is `line` of the file; `problems` are those of the document alone,
    such as a version that no cluster serves.
    """

    base: Content
    path: str
    position: int
    line: int
    api_version: str
    text: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflicting:
    """Both sides differ at these fields; `base` is what they agree on otherwise (nothing if they never did)."""

    conflicts: tuple[FieldConflict, ...]
    base: Content | None
    path: str
    position: int
    api_version: str
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """Nothing is done until a person acts; for a deletion, until a person approves it."""

    reason: str
    is_deletion: bool = False


@dataclass(frozen=True, slots=True)
class Quarantined:
    """The file that held the manifest cannot be read; NetBox keeps the last good content."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """Neither side has it any more."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The change is written down for Git, but not on the branch yet: it waits `where` somebody accepts it."""

    where: str


Outcome = Agreed | Conflicting | Held | Quarantined | Gone | Proposed


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that one pass does, and how each resource that it looked at stands afterwards.

    `head` is the commit that the plan was made from; it is applied there or not at all. `notices` are things done or
    seen that a person may want to know, and that need no action.
    """

    head: str | None
    files: tuple[FileChange, ...] = ()
    rows: tuple[RowChange, ...] = ()
    outcomes: Mapping[Identity, Outcome] = field(default_factory=dict)
    problems: tuple[FileProblem, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether applying the plan would change neither a file nor a row."""
        return not self.files and not self.rows

    @property
    def committed(self) -> tuple[Identity, ...]:
        """The resources whose files change, in order."""
        return tuple(dict.fromkeys(identity for change in self.files for identity in change.identities))
