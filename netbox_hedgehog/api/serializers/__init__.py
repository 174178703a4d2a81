"""Serializers; NetBox looks for `<Model>Serializer` here."""

from .actions import (
    JobReferenceSerializer,
    PassQueuedSerializer,
    PlanSerializer,
    RefusalSerializer,
    ResolvedSerializer,
    ResolveRequestSerializer,
    SyncRequestSerializer,
)
from .fabric import FabricStateSerializer, HedgehogFabricSerializer
from .records import ConflictSerializer, PendingChangeSerializer, ProblemSerializer, SyncRunSerializer
from .repository import GitRepositorySerializer
from .resources import RESOURCE_SERIALIZERS, ResourceSerializer, ResourceSyncSerializer

__all__ = (
    'RESOURCE_SERIALIZERS',
    'ConflictSerializer',
    'FabricStateSerializer',
    'GitRepositorySerializer',
    'HedgehogFabricSerializer',
    'JobReferenceSerializer',
    'PassQueuedSerializer',
    'PendingChangeSerializer',
    'PlanSerializer',
    'ProblemSerializer',
    'RefusalSerializer',
    'ResolveRequestSerializer',
    'ResolvedSerializer',
    'ResourceSerializer',
    'ResourceSyncSerializer',
    'SyncRequestSerializer',
    'SyncRunSerializer',
)

globals().update({serializer.__name__: serializer for serializer in RESOURCE_SERIALIZERS.values()})
