"""Is the metadata of a document what Kubernetes, and the fabric's own use of names, allow."""

from collections.abc import Callable, Iterator

from .identity import DEFAULT_NAMESPACE
from .json import JSON
from .kind import FILE_NAME_LIMIT, LABEL_LIMIT, Kind
from .names import is_dns_label, is_label_text, is_subdomain
from .paths import spell
from .problems import Problem, Severity
from .references import EXTERNAL_PREFIX

__all__ = ('check_metadata',)

_SUBDOMAIN_LIMIT = 253
_ANNOTATIONS_LIMIT_BYTES = 256 * 1024
# Labels with this in their key are computed from the spec, and written anew whenever the object is stored.
_CONTROLLER_DOMAINS = ('fabric.githedgehog.com/', 'gateway.githedgehog.com/')


def check_metadata(kind: Kind, namespace: JSON, name: JSON, labels: JSON, annotations: JSON) -> tuple[Problem, ...]:
    """Report every problem of a document's metadata. What is null is absent.

    The values are taken as they were read, so that a name that is a number, say, is reported and not mended.
    """
    return (
        *_check_name(kind, name),
        *_check_namespace(namespace),
        *_check_entries('labels', labels, _is_label_key),
        *_check_labels(labels),
        *_check_entries('annotations', annotations, _is_annotation_key),
        *_check_size(annotations),
    )


def _check_name(kind: Kind, name: JSON) -> Iterator[Problem]:
    path = 'metadata.name'
    if name is None or name == '':
        yield Problem(path, 'required', 'Missing; write a name.')
        return
    if not isinstance(name, str):
        yield Problem(path, 'wrong-type', 'Not a text; write the name in quotes.')
        return
    if not is_subdomain(name):
        message = 'Not in the right form; write lower-case letters, digits, hyphens, and dots between such parts.'
        yield Problem(path, 'bad-name', message)
    if too_long := _too_long(kind, len(name)):
        yield too_long
    if kind.name == 'VPC' and name.startswith(EXTERNAL_PREFIX):
        yield Problem(path, 'reserved-name', f'{EXTERNAL_PREFIX} marks externals in peerings; write another beginning.')


def _too_long(kind: Kind, length: int) -> Problem | None:
    """Report the smallest limit that a name exceeds, unless the fabric refuses it for a larger one."""
    limit = kind.name_limit if kind.name_limit < LABEL_LIMIT else _SUBDOMAIN_LIMIT
    message = f'Too long with {length} characters; write {kind.name_limit} or fewer.'
    if length > limit:
        return Problem('metadata.name', 'name-too-long', message)
    if length > FILE_NAME_LIMIT:
        return Problem('metadata.name', 'name-too-long-for-file', message, Severity.WARNING)
    if length > kind.name_limit:
        # Only the resources are refused whose labels the name is copied into.
        return Problem('metadata.name', 'name-too-long-for-label', message, Severity.WARNING)
    return None


def _check_namespace(namespace: JSON) -> Iterator[Problem]:
    if namespace is None or namespace == '':
        return
    if not isinstance(namespace, str):
        yield Problem('metadata.namespace', 'wrong-type', f'Not a text; write {DEFAULT_NAMESPACE}.')
    elif len(namespace) > LABEL_LIMIT or not is_dns_label(namespace):
        yield Problem('metadata.namespace', 'bad-namespace', f'Not a namespace; write {DEFAULT_NAMESPACE}.')


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
