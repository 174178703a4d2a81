"""The tables of every model; those of the fifteen kinds come from one factory.

A class of a generated name that is defined by hand goes below the last line, and replaces the generated one.
"""

from .fabrics import GitCredentialTable, GitRepositoryTable, HedgehogFabricTable
from .records import PendingChangeTable, SyncRunTable
from .resources import RESOURCE_TABLES, ResourceTable

__all__ = (
    'RESOURCE_TABLES',
    'GitCredentialTable',
    'GitRepositoryTable',
    'HedgehogFabricTable',
    'PendingChangeTable',
    'ResourceTable',
    'SyncRunTable',
)

globals().update(RESOURCE_TABLES)
