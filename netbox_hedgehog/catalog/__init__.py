"""What a Hedgehog kind is: its fields, structure, references and columns. Knows neither Git nor NetBox."""

from .identity import DEFAULT_NAMESPACE, Identity
from .json import JSON, JSONObject
from .kind import AtomicList, Column, KeyedList, Kind, ListShape, SetList
from .metadata import check_metadata
from .order import FieldOrder, spec_order
from .problems import Problem, Severity
from .references import ResourceReference, references
from .registry import KINDS, Unsupported, find_kind
from .structure import check_structure

__all__ = (
    'DEFAULT_NAMESPACE',
    'JSON',
    'KINDS',
    'AtomicList',
    'Column',
    'FieldOrder',
    'Identity',
    'JSONObject',
    'KeyedList',
    'Kind',
    'ListShape',
    'Problem',
    'ResourceReference',
    'SetList',
    'Severity',
    'Unsupported',
    'check_metadata',
    'check_structure',
    'find_kind',
    'references',
    'spec_order',
)
