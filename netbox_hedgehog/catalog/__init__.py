"""What a Hedgehog kind is: its fields, structure, references and columns. Knows neither Git nor NetBox."""

from .declaration import Declaration
from .design import Design, Entry
from .identity import DEFAULT_NAMESPACE, Identity
from .json import JSON, JSONObject
from .judgement import ChangeVerdict, judge, judge_change, problems_of
from .kind import AtomicList, Column, KeyedList, Kind, ListShape, SetList
from .metadata import check_metadata
from .order import FieldOrder, spec_order
from .problems import Problem, Severity
from .references import ResourceReference, references
from .registry import KINDS, Unsupported, find_kind
from .rules import RULES, Rule, Scope
from .settings import FabricSettings, VLANSpan
from .structure import check_structure

__all__ = (
    'DEFAULT_NAMESPACE',
    'JSON',
    'KINDS',
    'RULES',
    'AtomicList',
    'ChangeVerdict',
    'Column',
    'Declaration',
    'Design',
    'Entry',
    'FabricSettings',
    'FieldOrder',
    'Identity',
    'JSONObject',
    'KeyedList',
    'Kind',
    'ListShape',
    'Problem',
    'ResourceReference',
    'Rule',
    'Scope',
    'SetList',
    'Severity',
    'Unsupported',
    'VLANSpan',
    'check_metadata',
    'check_structure',
    'find_kind',
    'judge',
    'judge_change',
    'problems_of',
    'references',
    'spec_order',
)
