"""What names one Hedgehog resource within a fabric."""

from dataclasses import dataclass

__all__ = ('DEFAULT_NAMESPACE', 'Identity')

# The only namespace that the fabric's admission code accepts, and the one that a manifest without namespace means.
DEFAULT_NAMESPACE = 'default'


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """API group, kind, namespace and name: they stay when the file that holds the resource moves."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f'{self.kind} {self.namespace}/{self.name}'
