"""The forms of every model; those of the fifteen kinds come from one factory per purpose.

A class of a generated name that is defined by hand goes below the last line, and replaces the generated one: the views
look each form up by its name.
"""

from .bulk_edit import (
    RESOURCE_BULK_EDIT_FORMS,
    GitCredentialBulkEditForm,
    GitRepositoryBulkEditForm,
    HedgehogFabricBulkEditForm,
    ResourceBulkEditForm,
)
from .bulk_import import (
    RESOURCE_IMPORT_FORMS,
    GitCredentialImportForm,
    GitRepositoryImportForm,
    HedgehogFabricImportForm,
    ManifestImportForm,
    ResourceImportForm,
)
from .credentials import GitCredentialForm
from .filtersets import (
    RESOURCE_FILTER_FORMS,
    GitCredentialFilterForm,
    GitRepositoryFilterForm,
    HedgehogFabricFilterForm,
    PendingChangeFilterForm,
    ResourceFilterForm,
    SyncRunFilterForm,
)
from .model_forms import RESOURCE_FORMS, GitRepositoryForm, HedgehogFabricForm, ResourceForm

__all__ = (
    'RESOURCE_BULK_EDIT_FORMS',
    'RESOURCE_FILTER_FORMS',
    'RESOURCE_FORMS',
    'RESOURCE_IMPORT_FORMS',
    'GitCredentialBulkEditForm',
    'GitCredentialFilterForm',
    'GitCredentialForm',
    'GitCredentialImportForm',
    'GitRepositoryBulkEditForm',
    'GitRepositoryFilterForm',
    'GitRepositoryForm',
    'GitRepositoryImportForm',
    'HedgehogFabricBulkEditForm',
    'HedgehogFabricFilterForm',
    'HedgehogFabricForm',
    'HedgehogFabricImportForm',
    'ManifestImportForm',
    'PendingChangeFilterForm',
    'ResourceBulkEditForm',
    'ResourceFilterForm',
    'ResourceForm',
    'ResourceImportForm',
    'SyncRunFilterForm',
)

globals().update(RESOURCE_FORMS | RESOURCE_IMPORT_FORMS | RESOURCE_BULK_EDIT_FORMS | RESOURCE_FILTER_FORMS)
