"""The demonstration's fabric is one that a person could have built: well formed, and complete."""

from collections import Counter

from netbox_hedgehog.catalog import check_metadata, check_structure, references
from netbox_hedgehog.manifests import Document, parse
from tools.checkout import DEMO_FABRIC
from tools.history import HISTORY

BUILT_IN = {'SwitchProfile'}


def documents() -> list[Document]:
    files = [parse(str(path), path.read_bytes()) for path in sorted(DEMO_FABRIC.rglob('*.yaml'))]
    assert not [piece for file in files for piece in file.rejected]
    return [document for file in files for document in file.documents]


def test_every_document_is_without_a_problem() -> None:
    problems = []
    for document in documents():
        metadata = document.content['metadata']
        found = check_structure(document.kind, document.content['spec']) + check_metadata(
            document.kind,
            metadata.get('namespace', 'default'),
            metadata['name'],
            metadata.get('labels', {}),
            metadata.get('annotations', {}),
        )
        problems += [(document.identity.name, problem) for problem in found]
    assert not problems


def test_everything_that_is_referred_to_is_there() -> None:
    known = {(document.kind.name, document.identity.name) for document in documents()}
    missing = [
        (document.identity.name, reference)
        for document in documents()
        for reference in references(document.kind, document.content['spec'])
        if reference.kind_name not in BUILT_IN and (reference.kind_name, reference.name) not in known
    ]
    assert not missing


def test_all_fifteen_kinds_are_shown() -> None:
    assert len({document.kind.name for document in documents()}) == 15


def test_no_port_is_used_twice() -> None:
    def ports(value: object) -> list[str]:
        if isinstance(value, dict):
            own = [value['port']] if isinstance(value.get('port'), str) else []
            return own + [port for part in value.values() for port in ports(part)]
        return [port for part in value for port in ports(part)] if isinstance(value, list) else []

    used = Counter(port for document in documents() for port in ports(document.content['spec']))
    assert not [port for port, times in used.items() if times > 1]


def test_every_manifest_is_part_of_the_history() -> None:
    patterns = [pattern for contribution in HISTORY for pattern in contribution.patterns]
    pushed = {path for pattern in patterns for path in DEMO_FABRIC.glob(pattern) if path.is_file()}
    assert set(DEMO_FABRIC.rglob('*.yaml')) == pushed
