"""What refers to resources that are to be deleted, as far as a user may see it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ..catalog import Design, Identity
from .design import design_of
from .resource import Resource
from .resources import model_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

__all__ = ('Tie', 'ties')

# More than these nobody reads; how many more there are is said.
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Tie:
    """A resource that others refer to: those of them that are named to a user, and how many more there are.

    `keeps` says that the resource stays while they are there; where a design is under way it goes all the same.
    """

    resource: Resource
    referrers: tuple[Resource, ...]
    more: int
    keeps: bool

    @property
    def by_kind(self) -> list[tuple[str, list[Resource]]]:
        """The referrers that are named, by the name of their kind."""
        return [(kind, list(found)) for kind, found in groupby(self.referrers, lambda row: row.kind.name)]

    @property
    def refusal(self) -> str:
        """Why the resource stays, and what to do about it, in plain text."""
        names = ', '.join(f'{referrer.kind.name} {referrer}' for referrer in self.referrers)
        if not names:
            names = _('{count} resources that you may not see').format(count=self.more)
        elif self.more:
            names = _('{names} and {count} more').format(names=names, count=self.more)
        message = _('{resource} cannot be deleted: {names} refer to it. Delete them, or let them name another.')
        return message.format(resource=f'{self.resource.kind.name} {self.resource}', names=names)


def ties(selected: Iterable[Resource], user: 'AbstractBaseUser') -> list[Tie]:
    """Return those of a selection that resources beside it refer to, or that refer to each other in a circle.

    Each of the others can go once those are gone that are selected and refer to it.
    """
    by_fabric: dict[int, list[Resource]] = {}
    for resource in selected:
        by_fabric.setdefault(resource.fabric_id, []).append(resource)
    return [tie for resources in by_fabric.values() for tie in _ties_of(resources, user)]


def _ties_of(resources: Collection[Resource], user: 'AbstractBaseUser') -> Iterator[Tie]:
    fabric = next(iter(resources)).fabric
    design = design_of(fabric)
    found = _left_behind(design, [resource.identity for resource in resources])
    rows = _visible(fabric.pk, {identity for referrers in found.values() for identity in referrers}, user)
    for resource in resources:
        if referrers := found.get(resource.identity):
            named = [rows[identity] for identity in referrers if identity in rows][:_NAMED]
            yield Tie(resource, tuple(named), len(referrers) - len(named), keeps=not fabric.is_draft)


def _left_behind(design: Design, selected: Collection[Identity]) -> dict[Identity, list[Identity]]:
    """Return what still refers to each of a selection, once all have gone that can go for those beside it."""
    chosen = set(selected)
    inside = {identity: {other for other in design.referrers(identity) if other in chosen} for identity in selected}
    while free := [identity for identity, others in inside.items() if not others]:
        for identity in free:
            del inside[identity]
        for others in inside.values():
            others.difference_update(free)
    circle = inside.keys()
    left = {
        identity: [other for other in design.referrers(identity) if other in circle or other not in chosen]
        for identity in selected
    }
    return {identity: referrers for identity, referrers in left.items() if referrers}


def _visible(fabric_id: int, identities: Collection[Identity], user: 'AbstractBaseUser') -> Mapping[Identity, Resource]:
    rows: dict[Identity, Resource] = {}
    for kind in {identity.kind for identity in identities}:
        names = {identity.name for identity in identities if identity.kind == kind}
        found = model_for(kind).objects.restrict(user, 'view').filter(fabric=fabric_id, name__in=names)
        found = found.only('fabric', 'namespace', 'name')
        rows |= {row.identity: row for row in found if row.identity in identities}
    return rows
