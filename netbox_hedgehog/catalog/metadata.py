"""Is the metadata of a document what Kubernetes, and the fabric's own use of names, allow."""

from collections.abc import Callable, Iterator

from .identity import DEFAULT_NAMESPACE
from .json import JSON
from .kind import FILE_NAME_LIMIT, LABEL_LIMIT, Kind
from .names import is_dns_label, is_label_text, is_subdomain
from .paths import spell
from .problems import Problem, Severity
from .references import EXTERNAL_PREFIX

__all__ = ('check_identity', 'check_metadata', 'too_long')

_SUBDOMAIN_LIMIT = 253
_NAMESPACE_ADVICE = f'Not a namespace; write {DEFAULT_NAMESPACE}, the only one that the fabric accepts.'
_ANNOTATIONS_LIMIT_BYTES = 256 * 1024
# Labels with this in their key are computed from the spec, and written anew whenever the object is stored.
_CONTROLLER_DOMAINS = ('fabric.githedgehog.com/', 'gateway.githedgehog.com/')


def check_metadata(kind: Kind, namespace: JSON, name: JSON, labels: JSON, annotations: JSON) -> tuple[Problem, ...]:
    """Report every problem of a document's metadata. What is null is absent.

    The values are taken as they were read, so that a name that is a number, say, is reported and not mended.
    """
    return (
        *check_identity(kind, namespace, name),
        *_check_entries('labels', labels, _is_label_key),
        *_check_labels(labels),
        *_check_entries('annotations', annotations, _is_annotation_key),
        *_check_size(annotations),
    )


def check_identity(kind: Kind, namespace: JSON, name: JSON) -> tuple[Problem, ...]:
    """Report every problem of a document's name and namespace: the same wherever they come from."""
    return (*_check_name(kind, name), *_check_namespace(namespace))


def too_long(kind: Kind, length: int) -> str:
    """Tell that a name has too many characters, and how many it may have in practice."""
    return f'This name is too long with {length} characters; write {kind.name_limit} or fewer.'


def _check_name(kind: Kind, name: JSON) -> Iterator[Problem]:
    path = 'metadata.name'
    if name is None or name == '':
        yield Problem(path, 'required', 'Missing; write a name.')
        return
    if not isinstance(name, str):
        yield Problem(path, 'wrong-type', 'Not a text; write the name in quotes.')
        return
    if not is_subdomain(name):
        message = (
            'Not a name; write lower-case letters, digits, hyphens and dots, '
            'with a letter or digit at both ends and beside each dot.'
        )
        yield Problem(path, 'bad-name', message)
    yield from _check_length(kind, len(name))
    if kind.name == 'VPC' and name.startswith(EXTERNAL_PREFIX):
        yield Problem(path, 'reserved-name', f'{EXTERNAL_PREFIX} marks externals in peerings; write another beginning.')


def _check_length(kind: Kind, length: int) -> Iterator[Problem]:
    """Report the smallest limit that a name exceeds, unless the fabric refuses it for a larger one."""
    path, message = 'metadata.name', too_long(kind, length)
    if length > (kind.name_limit if kind.name_limit < LABEL_LIMIT else _SUBDOMAIN_LIMIT):
        yield Problem(path, 'name-too-long', message)
    elif length > FILE_NAME_LIMIT:
        yield Problem(path, 'name-too-long-for-file', message, Severity.WARNING)
    elif length > kind.name_limit:
        # Only the resources are refused whose labels the name is copied into.
        yield Problem(path, 'name-too-long-for-label', message, Severity.WARNING)


def _check_namespace(namespace: JSON) -> Iterator[Problem]:
    if namespace is None or namespace == '':
        return
    if not isinstance(namespace, str):
        yield Problem('metadata.namespace', 'wrong-type', _NAMESPACE_ADVICE)
    elif len(namespace) > LABEL_LIMIT or not is_dns_label(namespace):
        yield Problem('metadata.namespace', 'bad-namespace', _NAMESPACE_ADVICE)


def _check_entries(field: str, value: JSON, is_key: Callable[[str], bool]) -> Iterator[Problem]:
    """Check what labels and annotations have in common."""
    if value is None:
        return
    if not isinstance(value, dict):
        yield Problem(spell(('metadata', field)), 'wrong-type', 'Not a map; write keys with their values.')
        return
    for key, text in value.items():
        path = spell(('metadata', field, key))
        if not is_key(key):
            message = (
                'Not a key; write letters, digits, hyphens, underscores and dots, after a domain and / if need be.'
            )
            yield Problem(path, 'bad-key', message)
        if text is not None and not isinstance(text, str):
            yield Problem(path, 'wrong-type', 'Not a text; write the value in quotes.')


def _check_labels(labels: JSON) -> Iterator[Problem]:
    for key, value in _texts(labels):
        path = spell(('metadata', 'labels', key))
        if any(domain in key for domain in _CONTROLLER_DOMAINS):
            yield Problem(path, 'controller-label', 'The fabric computes this label; remove it.', Severity.WARNING)
        if value and not (len(value) <= LABEL_LIMIT and is_label_text(value)):
            message = (
                f'Not the value of a label; write up to {LABEL_LIMIT} letters, digits, hyphens, underscores and dots.'
            )
            yield Problem(path, 'bad-label-value', message)


def _check_size(annotations: JSON) -> Iterator[Problem]:
    size = sum(len((key + value).encode(errors='replace')) for key, value in _texts(annotations))
    if size > _ANNOTATIONS_LIMIT_BYTES:
        message = f'Too large with {size} bytes in all; write {_ANNOTATIONS_LIMIT_BYTES} or fewer.'
        yield Problem('metadata.annotations', 'annotations-too-large', message)


def _texts(value: JSON) -> Iterator[tuple[str, str]]:
    """Yield the entries that are as they should be."""
    if isinstance(value, dict):
        yield from ((key, text) for key, text in value.items() if isinstance(text, str))


def _is_label_key(key: str) -> bool:
    """Check `[<domain>/]<name>`, as Kubernetes' IsQualifiedName does."""
    domain, slash, name = key.rpartition('/')
    is_domain = len(domain) <= _SUBDOMAIN_LIMIT and is_subdomain(domain)
    return bool((is_domain or not slash) and len(name) <= LABEL_LIMIT and is_label_text(name))


def _is_annotation_key(key: str) -> bool:
    """Check the key of an annotation, in which Kubernetes allows capital letters before the slash too."""
    return _is_label_key(key.lower())
