"""What a Hedgehog kind is: the one table that reading, writing, checking and the pages share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from .json import JSONObject

__all__ = ('FILE_NAME_LIMIT', 'LABEL_LIMIT', 'AtomicList', 'Column', 'KeyedList', 'Kind', 'ListShape', 'SetList')

# Kubernetes' limit for the value of a label, and for its key after the slash.
LABEL_LIMIT = 63
# A file system's limit for one component of a path, less `.yaml`.
FILE_NAME_LIMIT = 250


@dataclass(frozen=True, slots=True)
class AtomicList:
    """A list that is one value: two different edits of it are a conflict."""


@dataclass(frozen=True, slots=True)
class SetList:
    """A list whose order has no meaning and whose items are scalars."""


@dataclass(frozen=True, slots=True)
class KeyedList:
    """A list of maps in which the values at `keys` (dotted paths) tell the items apart.

    `ordered` says that their order has a meaning of its own, as that of rules of which the first match decides.
    """

    keys: tuple[str, ...]
    ordered: bool = False


ListShape = AtomicList | SetList | KeyedList


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the kind's list, as `kubectl get` prints it; `value` tolerates any spec."""

    key: str
    label: str
    value: Callable[[JSONObject], str]


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A resource kind of the Hedgehog API.

    There is one object per kind, in `KINDS`; kinds are compared by identity.

    `plural` names the directory below `managed/`; `name_limit` is the length that a name may have in practice
    (names are copied into labels and device tables); `legacy_versions` are read with a warning and never written anew;
    `list_shapes` maps a pattern of field names below `spec` (`*` for any map key, `[]` for any item) to the way two
    edits of that list are merged: a list without an entry is atomic.
    """

    group: str
    version: str
    name: str
    plural: str
    verbose_name: str
    verbose_name_plural: str
    description: str
    spec: type[BaseModel]
    name_limit: int
    columns: tuple[Column, ...] = ()
    legacy_versions: tuple[str, ...] = ()
    list_shapes: Mapping[str, ListShape] = field(default_factory=dict)

    @property
    def api_version(self) -> str:
        """The apiVersion that a new manifest of this kind carries."""
        return f'{self.group}/{self.version}'

    @property
    def model_name(self) -> str:
        """The name of the kind's NetBox model, in lower case."""
        return self.name.lower()

    @property
    def slug(self) -> str:
        """The last part of the kind's addresses, in the GUI and in REST."""
        return self.verbose_name_plural.lower().replace(' ', '-')
