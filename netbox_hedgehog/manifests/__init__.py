"""YAML text and what it means to Kubernetes: reading it, writing it, and changing no more of it than has to change.

A file is cut into pieces, each of which is a resource, a comment or rejected with line and reason (`parse`). A document
is edited in place (`edit`) or written anew in canonical form (`dump`), and put back among its neighbours (`replace`).
"""

from .addressing import Address, Unaddressable, address, list_items
from .canonical import dump
from .documents import Comment, Document, ListPiece, ManifestFile, Piece, Rejected, parse
from .edit import edit
from .equality import same
from .errors import EditRefused, ManifestError, ReasonCode, Unreadable, Unwritable
from .files import remove, replace
from .limits import Limits
from .locate import Located, line_of, locate, read_value

__all__ = (
    'Address',
    'Comment',
    'Document',
    'EditRefused',
    'Limits',
    'ListPiece',
    'Located',
    'ManifestError',
    'ManifestFile',
    'Piece',
    'ReasonCode',
    'Rejected',
    'Unaddressable',
    'Unreadable',
    'Unwritable',
    'address',
    'dump',
    'edit',
    'line_of',
    'list_items',
    'locate',
    'parse',
    'read_value',
    'remove',
    'replace',
    'same',
)
