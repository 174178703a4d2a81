"""How a rule is shown: a small fabric that keeps it, and one that breaks it in one field."""

from dataclasses import dataclass, field

from netbox_hedgehog.catalog import KINDS, Declaration, Design, FabricSettings, Identity, judge
from netbox_hedgehog.manifests import Document, parse


@dataclass(frozen=True)
class Case:
    """Texts of manifests. In `invalid` the resource `object` (kind/name) breaks the rule at `path`.

    For a rule about edits `before` is what the fabric held; the other two are what somebody makes of it.
    """

    rule: str
    valid: str
    invalid: str
    object: str
    path: str
    settings: FabricSettings = field(default_factory=FabricSettings)
    before: str = ''

    def __str__(self) -> str:
        return f'{self.rule} at {self.path}'


def declarations(text):
    """Read manifests; every document must be one of a Hedgehog kind. What is declared already is taken as it is."""
    if not isinstance(text, str):
        return list(text)
    file = parse('fabric.yaml', text.encode())
    assert not file.rejected, file.rejected
    return [_declaration(document) for document in file.documents]


def _declaration(document: Document) -> Declaration:
    metadata, identity = document.content['metadata'], document.identity
    return Declaration(
        document.kind,
        identity.namespace,
        identity.name,
        document.content.get('spec'),
        metadata.get('labels'),
        metadata.get('annotations'),
    )


def design(text, settings=None):
    return Design(settings or FabricSettings(), declarations(text))


def problems(text, object_name, settings=None):
    """Return the problems of one resource (kind/name) of a fabric."""
    kind_name, _, name = object_name.partition('/')
    kind = KINDS[kind_name]
    return judge(design(text, settings))[Identity(kind.group, kind.name, 'default', name)]
