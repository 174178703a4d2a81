"""The part of a manifest that NetBox and Git share, and the way back into the whole document."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..catalog import JSON, KINDS, Identity, JSONObject
from ..manifests import same

__all__ = (
    'FABRIC_ANNOTATION',
    'MANAGED_BY',
    'MANAGED_BY_ANNOTATION',
    'Content',
    'content_of',
    'is_reserved_annotation',
    'new_document',
    'with_content',
    'without_server_fields',
)

MANAGED_BY_ANNOTATION = 'hnp.githedgehog.com/managed-by'
FABRIC_ANNOTATION = 'hnp.githedgehog.com/fabric'
MANAGED_BY = 'hedgehog-netbox-plugin'

# Written by the fabric's own controller from the spec (mutating webhook): preserved in files, never compared.
_CONTROLLER_LABELS = ('fabric.githedgehog.com/', 'gateway.githedgehog.com/')
_IGNORED_ANNOTATIONS = frozenset(
    {
        MANAGED_BY_ANNOTATION,
        FABRIC_ANNOTATION,
        'fabric.githedgehog.com/ports',
        'fabric.githedgehog.com/servers',
        'fabric.githedgehog.com/switches',
        'gateway.githedgehog.com/nat',
        'gateway.githedgehog.com/vpcs',
        'kubectl.kubernetes.io/last-applied-configuration',
    }
)
# Filled in by the API server (Kubernetes ObjectMeta): they mean nothing in a manifest.
_SERVER_METADATA = (
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'managedFields',
    'ownerReferences',
    'selfLink',
)
_LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'


def is_reserved_annotation(key: str) -> bool:
    """Tell whether an annotation belongs to the controller, the API server or this plugin, not to the user."""
    return key in _IGNORED_ANNOTATIONS


def _is_controller_label(key: str) -> bool:
    return any(part in key for part in _CONTROLLER_LABELS)


@dataclass(frozen=True, slots=True)
class Content:
    """Labels, annotations and spec of one resource; the order of keys has no meaning."""

    labels: dict[str, Any] = field(default_factory=dict)
    annotations: dict[str, Any] = field(default_factory=dict)
    spec: dict[str, Any] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        """Compare as JSON: `1` is not `true`, and `1.0` is `1`."""
        return isinstance(other, Content) and same(self.tree(), other.tree())

    __hash__ = None  # type: ignore[assignment]  # mutable values inside

    def tree(self) -> dict[str, Any]:
        """Return the content in the shape of a manifest, always with all three maps: an absent one counts as empty."""
        return {'metadata': {'labels': self.labels, 'annotations': self.annotations}, 'spec': self.spec}

    @classmethod
    def from_tree(cls, tree: Any) -> 'Content':
        """Read what `tree` returned."""
        metadata = tree.get('metadata', {})
        return cls(
            labels=metadata.get('labels', {}), annotations=metadata.get('annotations', {}), spec=tree.get('spec', {})
        )


def content_of(document: JSONObject) -> Content:
    """Return the shared part of a manifest. What is not a map where one belongs counts as absent."""
    metadata = _mapping(document.get('metadata'))
    return Content(
        labels={k: v for k, v in _mapping(metadata.get('labels')).items() if not _is_controller_label(k)},
        annotations={k: v for k, v in _mapping(metadata.get('annotations')).items() if not is_reserved_annotation(k)},
        spec=_mapping(document.get('spec')),
    )


def new_document(identity: Identity, api_version: str = '') -> dict[str, JSON]:
    """Return the manifest of a resource without content; `spec` is always written, also when it is empty."""
    kind = KINDS[identity.kind]
    metadata: dict[str, JSON] = {'name': identity.name, 'namespace': identity.namespace}
    return {'apiVersion': api_version or kind.api_version, 'kind': kind.name, 'metadata': metadata, 'spec': {}}


def with_content(document: JSONObject, wanted: Content) -> dict[str, JSON]:
    """Return the document with its shared part replaced; everything else, also unknown fields, stays."""
    result = copy.deepcopy(dict(document))
    now = content_of(document)
    if not same(now.spec, wanted.spec):
        result['spec'] = wanted.spec
    if not same(now.labels, wanted.labels):
        _replace(result, 'labels', wanted.labels, keep=_is_controller_label)
    if not same(now.annotations, wanted.annotations):
        _replace(result, 'annotations', wanted.annotations, keep=is_reserved_annotation)
    return result


def without_server_fields(document: JSONObject) -> tuple[dict[str, JSON], tuple[str, ...]]:
    """Return the document without what an API server filled in, and the paths that were removed."""
    result = copy.deepcopy(dict(document))
    removed = []
    if result.pop('status', None) is not None:
        removed.append('status')
    metadata = result.get('metadata')
    if isinstance(metadata, dict):
        for name in _SERVER_METADATA:
            if name in metadata:
                del metadata[name]
                removed.append(f'metadata.{name}')
        annotations = metadata.get('annotations')
        if isinstance(annotations, dict) and _LAST_APPLIED in annotations:
            del annotations[_LAST_APPLIED]
            removed.append(f'metadata.annotations.{_LAST_APPLIED}')
            if not annotations:
                del metadata['annotations']
    return result, tuple(removed)


def _replace(document: dict[str, Any], name: str, wanted: Mapping[str, Any], *, keep: Callable[[str], bool]) -> None:
    """Put `wanted` in place of the user's entries of a metadata map; an emptied map goes."""
    metadata = _mapping(document.get('metadata'))
    kept = {key: value for key, value in _mapping(metadata.get(name)).items() if keep(key) or key in wanted}
    entries = kept | dict(wanted)
    if entries:
        metadata[name] = entries
    else:
        metadata.pop(name, None)
    document['metadata'] = metadata


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
