"""What a page shows of a spec: every input with its name, label, help and problems, and with the template it needs."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from ...catalog import Problem
from ...catalog.paths import Path, spell
from .fields import Leaf, LeafType
from .hints import NextFree
from .labels import label_of

__all__ = (
    'Shown',
    'ShownGroup',
    'ShownKept',
    'ShownLeaf',
    'ShownRow',
    'ShownRows',
    'ShownVariants',
    'mark_at',
)

# So many inputs stand side by side without a lid over them.
_INLINE_LEAVES = 4


@dataclass(slots=True, kw_only=True)
class Shown:
    """Anything with a place in the spec; `depth` tells how many lists are around it."""

    template: ClassVar[str]
    path: Path
    name: str
    label: str
    help: str = ''
    is_required: bool = False
    depth: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def html_id(self) -> str:
        """The id of the input, or of what holds the inputs."""
        # The text of the YAML is `id_spec`.
        return f'id_{self.name}' if len(self.path) > 1 else f'id_{self.name}_fields'

    @property
    def spelled_path(self) -> str:
        """The place as problems name it."""
        return spell(self.path)

    @property
    def field_name(self) -> str:
        """The name of the field in its structure."""
        return str(self.path[-1])

    @property
    def children(self) -> Iterable['Shown']:
        """What is shown inside."""
        return ()

    def walk(self) -> Iterator['Shown']:
        """Yield this and everything inside; of two with the same place the inner one comes last."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def has_problems(self) -> bool:
        """Whether a problem stands here or further inside."""
        return bool(self.problems) or any(child.has_problems for child in self.children)

    @property
    def is_set(self) -> bool:
        """Whether anything is filled in."""
        return any(child.is_set for child in self.children)


@dataclass(slots=True, kw_only=True)
class ShownLeaf(Shown):
    """A single input, or a pair of them."""

    template: ClassVar[str] = 'netbox_hedgehog/spec/leaf.html'
    leaf: Leaf
    value: str | bool
    part: str = ''
    depends: str = ''
    # What the spec held when the page was made.
    stored: Any = None

    @property
    def widget(self) -> str:
        """How the value is asked for."""
        if self.leaf.type is LeafType.FLAG:
            return 'tri-state' if self.leaf.hint.is_tri_state else 'checkbox'
        if self.leaf.choices:
            return 'choice'
        if self.leaf.hint.part_label:
            return 'pair'
        return 'lines' if isinstance(self.value, str) and '\n' in self.value else 'text'

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The values to choose from, with what is shown of them; one that is none of them stays until it is changed.

        So does one that no fabric takes.
        """
        if self.widget == 'tri-state':
            return [('', '---------'), ('true', _('Yes')), ('false', _('No'))]
        unsupported = self.leaf.unsupported
        kept = (self.value, self.stored)
        known = [choice for choice in self.leaf.choices if choice and (choice not in unsupported or choice in kept)]
        if self.value and self.value not in known:
            known.append(str(self.value))
        return [('', '---------'), *((choice, with_support(choice, unsupported)) for choice in known)]

    @property
    def next_free(self) -> NextFree | None:
        """Where the next free value is asked for."""
        return self.leaf.hint.next_free

    @property
    def first_label(self) -> str:
        """The label of the part before the slash."""
        return label_of(self.leaf.hint.label)

    @property
    def part_label(self) -> str:
        """The label of the part after the slash."""
        return label_of(self.leaf.hint.part_label)

    @property
    def part_help(self) -> str:
        """What to write after the slash."""
        return self.leaf.hint.part_help

    @property
    def is_set(self) -> bool:
        """Whether something is filled in."""
        return bool(self.value or self.part)


@dataclass(slots=True, kw_only=True)
class ShownKept(Shown):
    """A value that the inputs cannot show; it stays as it is."""

    template: ClassVar[str] = 'netbox_hedgehog/spec/kept.html'
    value: str
    is_set: ClassVar[bool] = True


@dataclass(slots=True, kw_only=True)
class ShownGroup(Shown):
    """A structure."""

    template: ClassVar[str] = 'netbox_hedgehog/spec/group.html'
    fields: list[Shown]

    @property
    def children(self) -> Iterable[Shown]:
        """The fields."""
        return self.fields

    @property
    def is_inline(self) -> bool:
        """Whether there is so little in it that nobody needs to open it."""
        leaves = _count_leaves(self)
        return leaves is not None and leaves <= _INLINE_LEAVES

    @property
    def is_one_pair(self) -> bool:
        """Whether it is a wrapping around a single pair of inputs, which carries its label."""
        return len(self.fields) == 1 and isinstance(self.fields[0], ShownLeaf) and self.fields[0].widget == 'pair'

    @property
    def is_open(self) -> bool:
        """Whether there is something to see."""
        return self.is_set or self.has_problems


@dataclass(slots=True, kw_only=True)
class ShownVariants(Shown):
    """A structure of which one field is chosen.

    `fixed` says why it has to be the one that it is, where that is so; then it has no others.
    """

    template: ClassVar[str] = 'netbox_hedgehog/spec/variants.html'
    chosen: str
    fields: list[Shown]
    unsupported: frozenset[str] = frozenset()
    fixed: str = ''

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The fields to choose from, with what is shown of them."""
        texts = (
            (field.field_name, with_support(field.field_name, self.unsupported), field.help) for field in self.fields
        )
        return [(name, f'{text}: {explained}' if explained else text) for name, text, explained in texts]

    @property
    def children(self) -> Iterable[Shown]:
        """The fields, also those that are not chosen."""
        return self.fields

    @property
    def is_set(self) -> bool:
        """Whether a field is chosen."""
        return bool(self.chosen)


@dataclass(slots=True, kw_only=True)
class ShownRow(Shown):
    """A row of a list or a map."""

    template: ClassVar[str] = 'netbox_hedgehog/spec/row.html'

    @property
    def html_id(self) -> str:
        """The id of the row; what it holds has the plain one."""
        return f'id_{self.name}.row'

    was: str
    key: str
    content: Shown
    is_entry: bool
    key_label: str
    key_source: str
    depends: str
    is_ordered: bool

    @property
    def children(self) -> Iterable[Shown]:
        """What the row holds."""
        return (self.content,)

    @property
    def is_set(self) -> bool:
        """Whether anything is filled in."""
        return bool(self.key or self.was) or self.content.is_set


@dataclass(slots=True, kw_only=True)
class ShownRows(Shown):
    """A list or a map, with what a new row of it looks like."""

    template: ClassVar[str] = 'netbox_hedgehog/spec/rows.html'
    rows: list[Shown]
    new: Shown | None
    row_label: str

    @property
    def children(self) -> Iterable[Shown]:
        """The rows."""
        return self.rows

    @property
    def mark(self) -> str:
        """What stands in the names of a new row for its number."""
        return mark_at(self.depth)


def with_support(choice: str, unsupported: Container[str]) -> str:
    """Return what is shown of a choice; of one that no fabric takes, that it is so."""
    return _('{choice} (not supported)').format(choice=choice) if choice in unsupported else choice


def mark_at(depth: int) -> str:
    """Return what stands for the number of a new row, below so many lists."""
    return f'__{depth}__'


def _count_leaves(shown: Shown) -> int | None:
    """Count the inputs inside; None if there are rows or a choice among them."""
    match shown:
        case ShownLeaf() | ShownKept():
            return 1
        case ShownGroup():
            counts = [_count_leaves(child) for child in shown.fields]
            return None if None in counts else sum(count or 0 for count in counts)
    return None
