"""What a module of rules offers for a kind."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..design import Design, Entry
from ..fields import Structure
from ..problems import Problem
from ..settings import FabricSettings
from .rule import Rule

__all__ = ('KindRules', 'UpdateCheck')

type OwnCheck[S: Structure] = Callable[[Entry[S], FabricSettings], Iterator[Problem]]
type FabricCheck[S: Structure] = Callable[[Entry[S], Design], Iterator[Problem]]
type UpdateCheck[S: Structure] = Callable[[Entry[S], Entry[S]], Iterator[Problem]]


def _nothing(*_: object) -> Iterator[Problem]:
    return iter(())


@dataclass(frozen=True, slots=True)
class KindRules[S: Structure]:
    """The rules of one kind.

    `own` looks at the resource alone, `fabric` at the others, too; `update` at the resource before and after an edit.
    `glances` holds, by kind, what part of `fabric` looks at resources of it: a thousand resources may look at the same
    one, which an edit of that has to wait for. Where there is none, all of `fabric` may.
    """

    rules: tuple[Rule, ...] = ()
    own: OwnCheck[S] = _nothing
    fabric: FabricCheck[S] = _nothing
    glances: Mapping[str, FabricCheck[S]] = MappingProxyType({})
    update: UpdateCheck[S] = _nothing
