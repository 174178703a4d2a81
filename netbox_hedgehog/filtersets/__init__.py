"""The filtersets of every model; those of the fifteen kinds come from one factory.

A class of a generated name that is defined by hand goes below the last line, and replaces the generated one.
"""

from .fabrics import GitCredentialFilterSet, GitRepositoryFilterSet, HedgehogFabricFilterSet
from .records import PendingChangeFilterSet, SyncRunFilterSet
from .resources import RESOURCE_FILTERSETS, ResourceFilterSet

__all__ = (
    'RESOURCE_FILTERSETS',
    'GitCredentialFilterSet',
    'GitRepositoryFilterSet',
    'HedgehogFabricFilterSet',
    'PendingChangeFilterSet',
    'ResourceFilterSet',
    'SyncRunFilterSet',
)

globals().update(RESOURCE_FILTERSETS)
