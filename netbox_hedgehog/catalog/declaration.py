"""One resource as it is declared: in a manifest, a form, a request or a row of an import."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .identity import Identity
from .json import JSON, JSONObject
from .kind import Kind

__all__ = ('Declaration',)


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """What somebody wrote, right or wrong: nothing is filled in, and `spec` may have any shape."""

    kind: Kind
    namespace: str
    name: str
    spec: JSON
    labels: JSON = None
    annotations: JSON = field(default=None)

    @property
    def identity(self) -> Identity:
        """What names the resource within its fabric."""
        return Identity(self.kind.group, self.kind.name, self.namespace, self.name)

    @property
    def document(self) -> JSONObject:
        """What the paths of problems lead through."""
        metadata: JSON = {
            'namespace': self.namespace,
            'name': self.name,
            'labels': self.labels,
            'annotations': self.annotations,
        }
        return {'kind': self.kind.name, 'metadata': metadata, 'spec': self.spec}

    def annotation(self, key: str) -> str | None:
        """Return the text of an annotation; None where it is missing, or is no text."""
        value = self.annotations.get(key) if isinstance(self.annotations, Mapping) else None
        return value if isinstance(value, str) else None
