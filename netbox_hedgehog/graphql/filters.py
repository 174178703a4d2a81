"""GraphQL filters; NetBox looks for `<Model>Filter` here. The names in the schema are prefixed, being global."""

# ruff: noqa: RUF009  a field of Strawberry is made to stand in a dataclass

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from netbox.graphql.filter_lookups import IntegerLookup, JSONFilter
from netbox.graphql.filters import BaseModelFilter, PrimaryModelFilter, register_filter
from strawberry import ID
from strawberry_django import BaseFilterLookup, DatetimeFilterLookup, FilterLookup, StrFilterLookup

from ..models import RESOURCE_MODELS, GitCredential, GitRepository, HedgehogFabric, PendingChange, Resource, SyncRun
from .enums import (
    AuthorshipEnum,
    ChangeActionEnum,
    CredentialTypeEnum,
    FabricModeEnum,
    ForgeEnum,
    ReleaseEnum,
    RunStatusEnum,
    RunTriggerEnum,
    WriteMethodEnum,
)

if TYPE_CHECKING:
    from users.graphql.filters import UserFilter

__all__ = (
    'RESOURCE_FILTERS',
    'GitCredentialFilter',
    'GitRepositoryFilter',
    'HedgehogFabricFilter',
    'PendingChangeFilter',
    'SyncRunFilter',
)


@register_filter(GitCredential, name='HedgehogGitCredentialFilter', lookups=True)
class GitCredentialFilter(PrimaryModelFilter):
    """Choose credentials; there is no filter for the secret, which could be guessed letter by letter with one."""

    name: StrFilterLookup | None = strawberry_django.filter_field()
    type: BaseFilterLookup[CredentialTypeEnum] | None = strawberry_django.filter_field()
    host: StrFilterLookup | None = strawberry_django.filter_field()
    username: StrFilterLookup | None = strawberry_django.filter_field()
    app_id: StrFilterLookup | None = strawberry_django.filter_field()
    reference: StrFilterLookup | None = strawberry_django.filter_field()


@register_filter(GitRepository, name='HedgehogGitRepositoryFilter', lookups=True)
class GitRepositoryFilter(PrimaryModelFilter):
    """Choose repositories."""

    name: StrFilterLookup | None = strawberry_django.filter_field()
    url: StrFilterLookup | None = strawberry_django.filter_field()
    default_branch: StrFilterLookup | None = strawberry_django.filter_field()
    forge: BaseFilterLookup[ForgeEnum] | None = strawberry_django.filter_field()
    credential: GitCredentialFilter | None = strawberry_django.filter_field()
    credential_id: ID | None = strawberry_django.filter_field()


@register_filter(HedgehogFabric, name='HedgehogFabricFilter', lookups=True)
class HedgehogFabricFilter(PrimaryModelFilter):
    """Choose fabrics."""

    name: StrFilterLookup | None = strawberry_django.filter_field()
    slug: StrFilterLookup | None = strawberry_django.filter_field()
    repository: GitRepositoryFilter | None = strawberry_django.filter_field()
    repository_id: ID | None = strawberry_django.filter_field()
    branch: StrFilterLookup | None = strawberry_django.filter_field()
    directory: StrFilterLookup | None = strawberry_django.filter_field()
    mode: BaseFilterLookup[FabricModeEnum] | None = strawberry_django.filter_field()
    commit_window_seconds: IntegerLookup | None = strawberry_django.filter_field()
    write_method: BaseFilterLookup[WriteMethodEnum] | None = strawberry_django.filter_field()
    authorship: BaseFilterLookup[AuthorshipEnum] | None = strawberry_django.filter_field()
    reviewers: StrFilterLookup | None = strawberry_django.filter_field()
    deletion_limit: IntegerLookup | None = strawberry_django.filter_field()
    deletion_percent: IntegerLookup | None = strawberry_django.filter_field()
    release: BaseFilterLookup[ReleaseEnum] | None = strawberry_django.filter_field()
    is_installed: FilterLookup[bool] | None = strawberry_django.filter_field()
    is_draft: FilterLookup[bool] | None = strawberry_django.filter_field()


@dataclass
class ResourceFilterMixin:
    """What resources of any kind are chosen by."""

    fabric: HedgehogFabricFilter | None = strawberry_django.filter_field()
    fabric_id: ID | None = strawberry_django.filter_field()
    namespace: StrFilterLookup | None = strawberry_django.filter_field()
    name: StrFilterLookup | None = strawberry_django.filter_field()
    labels: JSONFilter | None = strawberry_django.filter_field()
    annotations: JSONFilter | None = strawberry_django.filter_field()
    spec: JSONFilter | None = strawberry_django.filter_field()


def _filter_for(model: type[Resource]) -> type[PrimaryModelFilter]:
    attributes = {'__module__': __name__, '__doc__': f'Choose {model.kind.verbose_name_plural}.'}
    body = type(f'{model.__name__}Filter', (ResourceFilterMixin, PrimaryModelFilter), attributes)
    return register_filter(model, name=f'Hedgehog{body.__name__}', lookups=True)(body)


RESOURCE_FILTERS = {model.kind.name: _filter_for(model) for model in RESOURCE_MODELS}

globals().update({body.__name__: body for body in RESOURCE_FILTERS.values()})


@register_filter(SyncRun, name='HedgehogSyncRunFilter', lookups=True)
class SyncRunFilter(BaseModelFilter):
    """Choose passes."""

    fabric: HedgehogFabricFilter | None = strawberry_django.filter_field()
    fabric_id: ID | None = strawberry_django.filter_field()
    trigger: BaseFilterLookup[RunTriggerEnum] | None = strawberry_django.filter_field()
    user: Annotated['UserFilter', strawberry.lazy('users.graphql.filters')] | None = strawberry_django.filter_field()
    user_id: ID | None = strawberry_django.filter_field()
    status: BaseFilterLookup[RunStatusEnum] | None = strawberry_django.filter_field()
    started: DatetimeFilterLookup | None = strawberry_django.filter_field()
    completed: DatetimeFilterLookup | None = strawberry_django.filter_field()
    commit_before: StrFilterLookup | None = strawberry_django.filter_field()
    commit_after: StrFilterLookup | None = strawberry_django.filter_field()
    error: StrFilterLookup | None = strawberry_django.filter_field()
    requests: IntegerLookup | None = strawberry_django.filter_field()


@register_filter(PendingChange, name='HedgehogPendingChangeFilter', lookups=True)
class PendingChangeFilter(BaseModelFilter):
    """Choose changes that are not in Git yet."""

    fabric: HedgehogFabricFilter | None = strawberry_django.filter_field()
    fabric_id: ID | None = strawberry_django.filter_field()
    group: StrFilterLookup | None = strawberry_django.filter_field()
    kind: StrFilterLookup | None = strawberry_django.filter_field()
    namespace: StrFilterLookup | None = strawberry_django.filter_field()
    name: StrFilterLookup | None = strawberry_django.filter_field()
    action: BaseFilterLookup[ChangeActionEnum] | None = strawberry_django.filter_field()
    user: Annotated['UserFilter', strawberry.lazy('users.graphql.filters')] | None = strawberry_django.filter_field()
    user_id: ID | None = strawberry_django.filter_field()
    user_name: StrFilterLookup | None = strawberry_django.filter_field()
    message: StrFilterLookup | None = strawberry_django.filter_field()
    created: DatetimeFilterLookup | None = strawberry_django.filter_field()
