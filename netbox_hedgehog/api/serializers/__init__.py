"""Serializers; NetBox looks for `<Model>Serializer` here."""

from .actions import (
    DiscardedSerializer,
    JobReferenceSerializer,
    PassQueuedSerializer,
    PlanSerializer,
    RefusalSerializer,
    ResolvedSerializer,
    ResolveRequestSerializer,
    SyncRequestSerializer,
)
from .budget import BudgetSerializer
from .credential import GitCredentialSerializer
from .examination import ExaminationSerializer
from .fabric import FabricStateSerializer, HedgehogFabricSerializer
from .records import ConflictSerializer, PendingChangeSerializer, ProblemSerializer, SyncRunSerializer
from .repository import GitRepositorySerializer
from .resources import RESOURCE_SERIALIZERS, ResourceSerializer, ResourceSyncSerializer
from .webhook import InstallationSerializer, WebhookRequestSerializer, WebhookSerializer

__all__ = (
    'RESOURCE_SERIALIZERS',
    'BudgetSerializer',
    'ConflictSerializer',
    'DiscardedSerializer',
    'ExaminationSerializer',
    'FabricStateSerializer',
    'GitCredentialSerializer',
    'GitRepositorySerializer',
    'HedgehogFabricSerializer',
    'InstallationSerializer',
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
    'WebhookRequestSerializer',
    'WebhookSerializer',
)

globals().update({serializer.__name__: serializer for serializer in RESOURCE_SERIALIZERS.values()})
