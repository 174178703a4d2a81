"""The rules that hold for any document: its metadata, and the structure of its spec.

`check_metadata` and `check_structure` report what breaks them.
"""

from ..problems import Severity
from .rule import Rule, Scope

__all__ = ('RULES',)


def _error(rule: str, summary: str) -> Rule:
    return Rule(rule, summary, Scope.DOCUMENT)


def _warning(rule: str, summary: str) -> Rule:
    return Rule(rule, summary, Scope.DOCUMENT, Severity.WARNING)


_METADATA = (
    _error('bad-name', 'A name is an RFC 1123 subdomain: lower-case letters, digits, hyphens and dots.'),
    _error(
        'name-too-long',
        'A name has at most 253 characters; that of a VPC, an external or an IPv4 namespace at most 11.',
    ),
    _warning(
        'name-too-long-for-file',
        'A name of more than 250 characters does not fit into the name of a file, so that no manifest can hold it.',
    ),
    _warning(
        'name-too-long-for-label',
        'Nothing can refer to a connection, switch, server, switch group or VLAN namespace whose name has more than '
        '63 characters, because references are copied into labels.',
    ),
    _error('reserved-name', 'The name of a VPC does not begin with ext., which marks externals in gateway peerings.'),
    _error('bad-namespace', 'A namespace is an RFC 1123 label of at most 63 characters.'),
    _error(
        'bad-key', 'The key of a label or an annotation is a name of at most 63 characters after an optional domain.'
    ),
    _error('bad-label-value', 'The value of a label has at most 63 letters, digits, hyphens, underscores and dots.'),
    _warning('controller-label', 'A label that the fabric computes from the spec is left out of the manifest.'),
    _error('annotations-too-large', 'The annotations of a resource take at most 256 KiB in all.'),
)
_STRUCTURE = (
    _error('required', 'A field that the schema requires is there.'),
    _warning('filled-in', 'A required field that the fabric fills in by itself is written out.'),
    _error('wrong-type', 'A value has the type of its field: the fabric turns no number into a text, or the reverse.'),
    _error('unknown-field', 'A spec has only the fields of its kind, because the fabric decodes it strictly.'),
    _error('out-of-range', 'A number lies within the bounds of the schema, and fits into its type.'),
    _error('not-a-choice', 'A field with choices holds one of them.'),
    _error('wrong-form', 'A text has the form that the schema asks for.'),
    _error('too-few-items', 'A list has at least as many items as the schema asks for.'),
    _error('too-many-items', 'A list has no more items than the schema allows.'),
    _error('not-unicode', 'A text can be expressed in UTF-8.'),
)

RULES: tuple[Rule, ...] = (*_METADATA, *_STRUCTURE)
