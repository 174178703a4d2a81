"""Repositories of manifests: read a tree, commit a change set, look back. Nothing here knows what a manifest is."""

from .address import Address, LocalAddress, RemoteAddress, parse_address
from .blobs import blob_id
from .changes import NEW_FILE
from .errors import (
    AddressRefused,
    Ambiguous,
    Archived,
    BranchMissing,
    CommitMissing,
    CredentialUnusable,
    EmptyRepository,
    Forbidden,
    HeadMoved,
    InvalidChange,
    NotFound,
    ProtectedBranch,
    RateLimited,
    RepositoryError,
    Unauthorized,
    Unavailable,
    Unsupported,
)
from .git_bare import BareRepository, create_bare
from .git_remote import RemoteRepository
from .opening import open_repository
from .protocol import SERVICE, Author, Commit, Entry, Repository

__all__ = (
    'NEW_FILE',
    'SERVICE',
    'Address',
    'AddressRefused',
    'Ambiguous',
    'Archived',
    'Author',
    'BareRepository',
    'BranchMissing',
    'Commit',
    'CommitMissing',
    'CredentialUnusable',
    'EmptyRepository',
    'Entry',
    'Forbidden',
    'HeadMoved',
    'InvalidChange',
    'LocalAddress',
    'NotFound',
    'ProtectedBranch',
    'RateLimited',
    'RemoteAddress',
    'RemoteRepository',
    'Repository',
    'RepositoryError',
    'Unauthorized',
    'Unavailable',
    'Unsupported',
    'blob_id',
    'create_bare',
    'open_repository',
    'parse_address',
)
