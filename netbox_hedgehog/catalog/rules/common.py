"""The rules that all kinds share."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..design import Entry
from ..fields import LARGEST_INT32, Structure
from ..identity import DEFAULT_NAMESPACE
from ..kind import LABEL_LIMIT
from ..paths import Path
from ..ports import links
from ..problems import Problem
from ..settings import FabricSettings
from ..vpc import ExternalAttachmentSpec, VPCAttachmentSpec, VPCSpec
from ..wiring import ConnectionSpec, SwitchSpec
from .rule import Rule, Scope

__all__ = ('RULES', 'check_common', 'warn_of_large_numbers')

NAMESPACE = Rule('namespace-not-default', 'The fabric accepts only the namespace default.', Scope.RESOURCE)
REFERENCE_TOO_LONG = Rule(
    'reference-too-long',
    'A name that the fabric copies into a label of the resource that refers to it has at most 63 characters.',
    Scope.RESOURCE,
)

RULES: tuple[Rule, ...] = (NAMESPACE, REFERENCE_TOO_LONG)


def check_common(entry: Entry[Structure], settings: FabricSettings) -> Iterator[Problem]:
    """Check what holds for every kind."""
    if entry.declaration.namespace != DEFAULT_NAMESPACE:
        message = f'The fabric accepts only the namespace {DEFAULT_NAMESPACE}; write that, or leave it out.'
        yield NAMESPACE.at(('metadata', 'namespace'), message)
    if labelled := _LABELLED.get(type(entry.spec)):
        for path, name in labelled(entry.spec):
            if name and len(name) > LABEL_LIMIT:
                message = (
                    f'The fabric makes a label of this name, which is too long with {len(name)} characters; '
                    f'name a resource with {LABEL_LIMIT} or fewer.'
                )
                yield REFERENCE_TOO_LONG.at(path, message)


def warn_of_large_numbers(rule: Rule, numbers: Iterator[tuple[Path, int | None]]) -> Iterator[Problem]:
    """Report the numbers that the API server of a newer Kubernetes refuses; the rule is a warning."""
    for path, number in numbers:
        if number is not None and number > LARGEST_INT32:
            message = f'Kubernetes refuses this from 1.36 on; write {LARGEST_INT32} or less.'
            yield rule.at(path, message)


type _Names = Iterator[tuple[Path, str | None]]


def _in_vpc(spec: VPCSpec) -> _Names:
    yield ('spec', 'vlanNamespace'), spec.vlanNamespace


def _in_attachment(spec: VPCAttachmentSpec | ExternalAttachmentSpec) -> _Names:
    yield ('spec', 'connection'), spec.connection


def _in_switch(spec: SwitchSpec) -> _Names:
    for field, names in (('groups', spec.groups), ('vlanNamespaces', spec.vlanNamespaces)):
        for position, name in enumerate(names or []):
            yield ('spec', field, position), name
    if spec.redundancy:
        yield ('spec', 'redundancy', 'group'), spec.redundancy.group


def _in_connection(spec: ConnectionSpec) -> _Names:
    for link in links(spec):
        for end in link:
            if end.side != 'gateway':
                yield (*end.path, 'port'), end.device


# The references that become labels. The names of VPCs, externals and IPv4 namespaces are always shorter.
_LABELLED: Mapping[type[Structure], Callable[[Any], _Names]] = {
    VPCSpec: _in_vpc,
    VPCAttachmentSpec: _in_attachment,
    ExternalAttachmentSpec: _in_attachment,
    SwitchSpec: _in_switch,
    ConnectionSpec: _in_connection,
}
