"""GraphQL types; NetBox looks for `<Model>Type` here. The names in the schema are prefixed, being global."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
import strawberry_django
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from netbox.graphql.scalars import BigInt
from netbox.graphql.types import BaseObjectType, PrimaryObjectType, register_type
from strawberry.scalars import JSON
from strawberry.types import Info
from strawberry.types.nodes import SelectedField, Selection

from ..models import (
    RESOURCE_MODELS,
    FabricState,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    PendingChange,
    Resource,
    SyncRun,
)
from . import filters

if TYPE_CHECKING:
    from users.graphql.types import UserType

__all__ = (
    'RESOURCE_TYPES',
    'GitCredentialType',
    'GitRepositoryType',
    'HedgehogFabricType',
    'PendingChangeType',
    'SyncRunType',
)

_HERE = 'netbox_hedgehog.graphql.types'
_STATE_FIELDS = ('commit', 'compared_at', 'verified_at', 'connection', 'error', 'error_since', 'retry_at')


@register_type(
    GitCredential,
    name='HedgehogGitCredentialType',
    exclude=['_secret'],
    filters=filters.GitCredentialFilter,
    pagination=True,
)
class GitCredentialType(PrimaryObjectType):
    """A Git credential, without its secret."""

    repositories: list[Annotated['GitRepositoryType', strawberry.lazy(_HERE)]]

    @strawberry_django.field(only=['_secret'])
    def has_secret(self) -> bool:
        """Return whether a secret is stored."""
        return self.has_secret


@register_type(
    GitRepository,
    name='HedgehogGitRepositoryType',
    exclude=['address_key'],
    filters=filters.GitRepositoryFilter,
    pagination=True,
)
class GitRepositoryType(PrimaryObjectType):
    """A Git repository."""

    credential: Annotated['GitCredentialType', strawberry.lazy(_HERE)] | None
    fabrics: list[Annotated['HedgehogFabricType', strawberry.lazy(_HERE)]]


@register_type(
    HedgehogFabric,
    name='HedgehogFabricType',
    fields='__all__',
    filters=filters.HedgehogFabricFilter,
    pagination=True,
)
class HedgehogFabricType(PrimaryObjectType):
    """A fabric."""

    repository: Annotated['GitRepositoryType', strawberry.lazy(_HERE)]
    reserved_subnets: list[str]
    vpc_irb_vlan_ranges: list[str]
    th5_workaround_vlan_ranges: list[str]
    gateway_communities: list[str]
    # An ASN has 32 bits, and an integer of GraphQL one less.
    spine_asn: BigInt
    leaf_asn_start: BigInt
    leaf_asn_end: BigInt
    gateway_asn: BigInt

    @strawberry_django.field(select_related=['state'], only=[f'state__{name}' for name in _STATE_FIELDS])
    def sync(self) -> JSON:
        """Return how the fabric stands: at which commit both sides were compared, how its repository answered."""
        try:
            state = self.state
        except ObjectDoesNotExist:
            state = FabricState()
        return _plain({name: getattr(state, name) for name in _STATE_FIELDS})


@strawberry.type
class ResourceType(PrimaryObjectType):
    """What the types of all kinds share beyond their columns."""

    fabric: Annotated['HedgehogFabricType', strawberry.lazy(_HERE)] | None

    @classmethod
    def get_queryset(cls, queryset: QuerySet[Resource], info: Info, **kwargs: Any) -> QuerySet[Resource]:
        """Read the state of synchronisation in the same query where it is asked for."""
        queryset = super().get_queryset(queryset, info, **kwargs)
        if any(_asks_for(field.selections, 'sync') for field in info.selected_fields):
            return queryset.with_sync()
        return queryset

    @strawberry_django.field(only=['fabric', 'namespace', 'name'])
    def sync(self) -> JSON:
        """Return how the resource stands to its manifest: status, path, commit and since when."""
        return _plain(self.sync)


def _type_for(model: type[Resource]) -> type[ResourceType]:
    attributes = {'__module__': __name__, '__doc__': model.kind.description}
    body = type(f'{model.__name__}Type', (ResourceType,), attributes)
    return register_type(
        model,
        name=f'Hedgehog{body.__name__}',
        fields='__all__',
        filters=filters.RESOURCE_FILTERS[model.kind.name],
        pagination=True,
    )(body)


RESOURCE_TYPES = {model.kind.name: _type_for(model) for model in RESOURCE_MODELS}

globals().update({object_type.__name__: object_type for object_type in RESOURCE_TYPES.values()})


@register_type(
    SyncRun,
    name='HedgehogSyncRunType',
    exclude=['changes', 'problems'],
    filters=filters.SyncRunFilter,
    pagination=True,
)
class SyncRunType(BaseObjectType):
    """One pass over one fabric."""

    fabric: Annotated['HedgehogFabricType', strawberry.lazy(_HERE)] | None
    user: Annotated['UserType', strawberry.lazy('users.graphql.types')] | None


@register_type(
    PendingChange,
    name='HedgehogPendingChangeType',
    fields='__all__',
    filters=filters.PendingChangeFilter,
    pagination=True,
)
class PendingChangeType(BaseObjectType):
    """One accepted change that is not yet in a confirmed commit."""

    fabric: Annotated['HedgehogFabricType', strawberry.lazy(_HERE)] | None
    user: Annotated['UserType', strawberry.lazy('users.graphql.types')] | None


def _asks_for(selections: Iterable[Selection], name: str) -> bool:
    """Look for a field among those of one object, in its fragments too."""
    return any(
        selection.name == name if isinstance(selection, SelectedField) else _asks_for(selection.selections, name)
        for selection in selections
    )


def _plain(record: Mapping[str, Any]) -> Any:
    """Turn dates into text, as JSON needs them."""
    return {key: value.isoformat() if hasattr(value, 'isoformat') else value for key, value in record.items()}
