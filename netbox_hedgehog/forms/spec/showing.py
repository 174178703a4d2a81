"""From a draft to what the page shows of it, with each problem at its field."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ...catalog import JSON, Problem
from ...catalog.paths import Path, parse
from .drafts import KEPT, Choice, Draft, Row, blank, item_of
from .fields import Entries, Field, Group, Leaf, Node, Rows, Variants
from .labels import label_of
from .shown import Shown, ShownGroup, ShownKept, ShownLeaf, ShownRow, ShownRows, ShownVariants, mark_at

__all__ = ('show',)


def show(node: Group | Variants, draft: Draft, base: JSON, problems: Iterable[Problem], *, fixed: str = '') -> Shown:
    """Return what the page shows, with each problem at its field, or at the nearest one around it.

    `fixed` says why the field that is chosen has to stay, where one is chosen and has to.
    """
    root = _Showing(fixed).node(node, draft, base, _Place(('spec',), 'spec', label=''))
    index = {shown.path: shown for shown in root.walk()}
    for problem in sorted(set(problems)):
        path = _read(problem.path)
        while path not in index and len(path) > 1:
            path = path[:-1]
        index.get(path, root).problems.append(problem)
    return root


@dataclass(frozen=True, slots=True)
class _Place:
    path: Path
    name: str
    label: str
    help: str = ''
    is_required: bool = False
    depth: int = 0
    # The input that names the entry around this place.
    key_name: str = ''

    def below(self, known: Field) -> '_Place':
        return _Place(
            (*self.path, known.name),
            f'{self.name}.{known.name}',
            label_of(known.node.hint.label or known.name),
            known.help,
            known.is_required,
            self.depth,
            self.key_name,
        )

    def common(self) -> dict[str, Any]:
        return {
            'path': self.path,
            'name': self.name,
            'label': self.label,
            'help': self.help,
            'is_required': self.is_required,
            'depth': self.depth,
        }

    def depends(self, wanted: str) -> str:
        """Return the name of the input that a source looks at."""
        if wanted == 'key':
            return self.key_name
        if wanted.startswith('.'):
            return self.name.rpartition('.')[0] + wanted
        return wanted if not wanted or wanted.startswith('spec') else f'spec.{wanted}'


class _Showing:
    """Walks the fields of a kind and the draft side by side."""

    def __init__(self, fixed: str) -> None:
        self.fixed = fixed

    def node(self, node: Node, draft: Draft, base: Any, place: _Place) -> Shown:
        match node, draft:
            case _, _ if draft is KEPT:
                return ShownKept(**place.common(), value=json.dumps(base, ensure_ascii=False))
            case Leaf(), tuple():
                # The description says how the two parts are spelled; here each has an input of its own.
                common = place.common() | {'help': ''}
                return ShownLeaf(**common, leaf=node, value=draft[0], part=draft[1], depends=place.name)
            case Leaf(), str() | bool():
                depends = place.depends(node.hint.depends)
                return ShownLeaf(**place.common(), leaf=node, value=draft, depends=depends, stored=base)
            case Variants(), Choice():
                return self._variants(node, draft, base, place)
            case Group(), dict():
                group = ShownGroup(**place.common(), fields=list(self._fields(node, draft, base, place)))
                if group.is_one_pair and group.label:
                    group.fields[0].label = group.label
                return group
            case Rows() | Entries(), list():
                return self._rows(node, draft, base, place)
        raise TypeError(f'{place.name} has a draft of another shape than its field.')

    def _fields(self, node: Group | Variants, drafts: Mapping[str, Draft], base: Any, place: _Place) -> Iterator[Shown]:
        first = {name: number for number, name in enumerate(node.hint.first)}
        known_base = base if isinstance(base, dict) else {}
        for known in sorted(node.fields, key=lambda known: first.get(known.name, len(first))):
            yield self.node(known.node, drafts[known.name], known_base.get(known.name), place.below(known))

    def _variants(self, node: Variants, draft: Choice, base: Any, place: _Place) -> Shown:
        """Show what may be chosen; where that is fixed, what is chosen, and what is there beside it."""
        fixed = self.fixed if len(place.path) == 1 else ''
        known_base = base if isinstance(base, dict) else {}
        stays = {draft.name, *(name for name, value in known_base.items() if value is not None)}
        order = [known.name for known in node.fields]
        fields = sorted(
            (
                shown
                for shown in self._fields(node, draft.fields, base, place)
                if shown.field_name in stays or not fixed
            ),
            key=lambda shown: order.index(shown.field_name),
        )
        return ShownVariants(
            **place.common(), chosen=draft.name, fields=fields, unsupported=node.unsupported, fixed=fixed
        )

    def _rows(self, node: Rows | Entries, rows: list[Row], base: Any, place: _Place) -> Shown:
        new = Row(mark_at(place.depth), '', '', blank(node.item))
        return ShownRows(
            **place.common(),
            rows=[self._row(node, row, base, place) for row in rows],
            new=self._row(node, new, None, place),
            row_label=node.hint.row_label or _('Row'),
        )

    def _row(self, node: Rows | Entries, row: Row, base: Any, place: _Place) -> Shown:
        name = f'{place.name}.{row.index}'
        is_entry = isinstance(node, Entries)
        # Without a place of its own no problem of the spec can be about it.
        path = (*place.path, row.step if row.step is not None else f'\0{row.index}')
        inner = _Place(
            path,
            name if isinstance(node.item, Group) else f'{name}.value',
            '',
            depth=place.depth + 1,
            key_name=f'{name}.key' if is_entry else place.key_name,
        )
        shown = ShownRow(
            path=path,
            name=name,
            label=node.hint.row_label or _('Row'),
            depth=place.depth,
            was=row.was,
            key=row.key,
            content=self.node(node.item, row.content, item_of(base, row.was), inner),
            is_entry=is_entry,
            key_label=node.hint.key_label or _('Name'),
            key_source=node.hint.key_source,
            depends=place.depends(node.hint.depends),
            is_ordered=node.hint.is_ordered,
        )
        if row.fault:
            shown.problems.append(Problem('', 'name', row.fault))
        return shown


def _read(spelled: str) -> Path:
    try:
        return parse(spelled)
    except ValueError:
        return ('spec',)
