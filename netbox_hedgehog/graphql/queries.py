"""The root queries: one for a single object and one for a list, per model."""

from typing import Any

import strawberry
import strawberry_django
from django.db.models import Model

from ..models import RESOURCE_MODELS, GitCredential, GitRepository, HedgehogFabric, PendingChange, SyncRun
from . import types

__all__ = ('HedgehogQuery', 'query_name')

_MODELS: tuple[type[Model], ...] = (
    GitCredential,
    GitRepository,
    HedgehogFabric,
    *RESOURCE_MODELS,
    SyncRun,
    PendingChange,
)


def query_name(model: type[Model]) -> str:
    """Return the name of the query for one object: that of the model in words, prefixed, being global."""
    return f'hedgehog_{str(model._meta.verbose_name_raw).lower().replace(" ", "_")}'


def _make_query() -> type:
    annotations: dict[str, Any] = {}
    for model in _MODELS:
        object_type: Any = getattr(types, f'{model.__name__}Type')
        annotations |= {query_name(model): object_type, f'{query_name(model)}_list': list[object_type]}
    fields = {name: strawberry_django.field() for name in annotations}
    attributes = {'__module__': __name__, '__doc__': 'The queries of this plugin.', '__annotations__': annotations}
    return strawberry.type(type('HedgehogQuery', (), attributes | fields), name='Query')


HedgehogQuery = _make_query()
