"""What names one Hedgehog resource within a fabric."""

from typing import NamedTuple

__all__ = ('DEFAULT_NAMESPACE', 'Identity')

# The only namespace that the fabric's admission code accepts, and the one that a manifest without namespace means.
DEFAULT_NAMESPACE = 'default'


# A tuple: the indexes of a fabric look identities up and sort them by the ten thousand.
class Identity(NamedTuple):
    """API group, kind, namespace and name: they stay when the file that holds the resource moves."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f'{self.kind} {self.namespace}/{self.name}'
