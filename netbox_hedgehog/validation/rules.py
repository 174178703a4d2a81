"""The rules that decide whether a document is read at all, and whether it stands alone."""

from collections.abc import Mapping
from types import MappingProxyType

from netbox_hedgehog.catalog import Rule, Scope
from netbox_hedgehog.manifests import ReasonCode

__all__ = ('DUPLICATE', 'REJECTIONS', 'RULES', 'UNKNOWN_FIELD', 'VERSION_NOT_SERVED')

DUPLICATE = Rule('duplicate', 'A resource is declared once.', Scope.FABRIC)
VERSION_NOT_SERVED = Rule('version-not-served', 'The apiVersion is one that a current cluster serves.', Scope.DOCUMENT)
# Of the catalogue's id for the fields of a spec: the same fault, beside the spec.
UNKNOWN_FIELD = Rule('unknown-field', 'A document has no fields but those of its kind.', Scope.DOCUMENT)

_READABLE = 'A document is YAML that every reader understands in the same way.'
_SUMMARIES = {
    ReasonCode.NOT_UTF8: 'A file is UTF-8.',
    ReasonCode.CONTROL_CHARACTER: 'A document holds no control characters.',
    ReasonCode.SYNTAX_ERROR: _READABLE,
    ReasonCode.DUPLICATE_KEY: 'A map has each key once.',
    ReasonCode.CUSTOM_TAG: 'A document has no YAML tags.',
    ReasonCode.TOO_LARGE: 'A file and its documents are no larger than a cluster takes.',
    ReasonCode.TOO_DEEP: 'Values are not nested deeper than a cluster takes.',
    ReasonCode.ALIAS_EXPANSION: 'Aliases do not repeat more than a few values.',
    ReasonCode.NOT_AN_OBJECT: 'A document is an object.',
    ReasonCode.MISSING_API_VERSION: 'A document has an apiVersion.',
    ReasonCode.MISSING_KIND: 'A document has a kind.',
    ReasonCode.MISSING_NAME: 'A resource has a name.',
    ReasonCode.BAD_NAME: 'Name and namespace are of the form that Kubernetes demands.',
    ReasonCode.FOREIGN_KIND: 'A resource is of a kind that a fabric is described with.',
    ReasonCode.WRONG_GROUP: 'The apiVersion of a resource names the API group of its kind.',
    ReasonCode.CONTROLLER_OWNED_KIND: 'What the controller or the installer owns stays out of the manifests.',
    ReasonCode.UNKNOWN_VERSION: 'The apiVersion is one that the kind has, or had.',
}
# By the reason for which a document is rejected.
REJECTIONS: Mapping[ReasonCode, Rule] = MappingProxyType(
    {code: Rule(code.value, summary, Scope.DOCUMENT) for code, summary in _SUMMARIES.items()}
)

# By id.
RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.id: rule for rule in (*REJECTIONS.values(), VERSION_NOT_SERVED, DUPLICATE, UNKNOWN_FIELD)}
)
