"""Which rows the spec of a resource names, and which rows name it in theirs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextField
from django.db.models.functions import Cast

from ..catalog import references
from .resources import model_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from .resource import Resource

__all__ = ('REFERRING_KINDS', 'RelatedResource', 'referrers', 'targets')

# By name of the kind that is referred to. A test compares this with what the catalogue finds in specs.
REFERRING_KINDS: Mapping[str, tuple[str, ...]] = {
    'VPC': ('VPC', 'VPCAttachment', 'VPCPeering', 'ExternalPeering', 'Connection', 'GatewayPeering'),
    'External': ('ExternalAttachment', 'ExternalPeering', 'GatewayPeering'),
    'IPv4Namespace': ('VPC', 'External'),
    'VLANNamespace': ('VPC', 'Switch'),
    'Switch': ('Connection',),
    'SwitchGroup': ('Switch',),
    'Server': ('Connection',),
    'Connection': ('VPCAttachment', 'ExternalAttachment'),
    'Gateway': ('Connection',),
    'GatewayGroup': ('Gateway', 'GatewayPeering'),
}


@dataclass(frozen=True, slots=True)
class RelatedResource:
    """A resource at the other end of a reference, and the fields that make it so.

    `resource` is None where no row has that name, or none that the user may see.
    """

    kind_name: str
    name: str
    paths: tuple[str, ...]
    resource: 'Resource | None'
    is_missing: bool = False


def targets(resource: 'Resource', user: 'AbstractBaseUser') -> list[RelatedResource]:
    """Return what the spec of a resource names, in the order of the catalogue; one query per kind."""
    paths: dict[tuple[str, str], list[str]] = {}
    for reference in references(resource.kind, resource.spec):
        paths.setdefault((reference.kind_name, reference.name), []).append(reference.path)
    found: dict[tuple[str, str], Resource] = {}
    visible: set[tuple[str, str]] = set()
    for kind_name in {kind_name for kind_name, _ in paths}:
        names = {name for kind, name in paths if kind == kind_name}
        rows = model_for(kind_name).objects.filter(
            fabric=resource.fabric_id, namespace=resource.namespace, name__in=names
        )
        found |= {(kind_name, row.name): row for row in rows}
        visible |= {(kind_name, name) for name in rows.restrict(user, 'view').values_list('name', flat=True)}
    return [
        RelatedResource(*key, tuple(where), found[key] if key in visible else None, is_missing=key not in found)
        for key, where in paths.items()
    ]


def referrers(resource: 'Resource', user: 'AbstractBaseUser', *, limit: int) -> list[RelatedResource]:
    """Return the resources, among those that the user may see, whose specs name this one; at most `limit`."""
    found: list[RelatedResource] = []
    for kind_name in REFERRING_KINDS.get(resource.kind.name, ()):
        for related in _referrers_of_kind(resource, kind_name, user):
            if len(found) == limit:
                return found
            found.append(related)
    return found


def _referrers_of_kind(resource: 'Resource', kind_name: str, user: 'AbstractBaseUser') -> Iterator[RelatedResource]:
    """Let the database find the specs in which the name occurs at all, and the catalogue those that mean it."""
    rows = model_for(kind_name).objects.restrict(user, 'view')
    candidates = (
        rows.filter(fabric=resource.fabric_id, namespace=resource.namespace)
        .alias(spec_text=Cast('spec', TextField()))
        .filter(spec_text__contains=resource.name)
    )
    for row in candidates.iterator(chunk_size=200):
        paths = tuple(
            reference.path
            for reference in references(row.kind, row.spec)
            if (reference.kind_name, reference.name) == (resource.kind.name, resource.name)
        )
        if paths:
            yield RelatedResource(kind_name, row.name, paths, row)
