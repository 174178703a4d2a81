"""Real manifests: read as they are meant, and changed field by field."""

import difflib
from collections import Counter
from random import Random

import pytest

from netbox_hedgehog.manifests import EditRefused, dump, edit, parse, replace, same
from netbox_hedgehog.manifests.files import cut, decode, encode

from ..catalog.reference_data import REFERENCE, needs_reference
from .reading import meaning

SAMPLES = REFERENCE / 'samples'

pytestmark = needs_reference


def files():
    return {path: parse(str(path), path.read_bytes()) for path in sorted(SAMPLES.rglob('*.yaml'))}


@pytest.fixture(scope='module')
def documents():
    return [document for file in files().values() for document in file.documents]


def test_the_canonical_files_hold_48_resources():
    found = [parse(str(path), path.read_bytes()) for path in sorted((SAMPLES / 'canonical').glob('*.yaml'))]
    kinds = Counter(document.kind.name for file in found for document in file.documents)
    assert kinds == {'Connection': 26, 'Server': 10, 'Switch': 7, 'SwitchGroup': 3, 'VPC': 2}
    assert not any(file.rejected for file in found)


def test_no_byte_and_no_document_is_lost():
    for path, file in files().items():
        data = path.read_bytes()
        assert encode(''.join(segment.text for segment in cut(decode(data)))) == data
        assert all(piece.line >= 1 for piece in file.pieces)
        if path.parent.name not in ('fragment', 'docs-alpha-7'):
            assert not [each for each in file.rejected if each.code == 'syntax-error'], path


def test_the_canonical_form_of_each_means_the_same(documents):
    for document in documents:
        text = dump(document.content, document.kind)
        assert same(meaning(text), document.content)
        assert edit(document.text, document.content) is document.text


VALUES = ['x', '65000:50', 'yes', '', 'a: b', 'line\nline\n', 0, 17, True, None, {'k': 'v'}, [], {}, ['a', {'b': 1}]]


def changed(random, content):
    """Return a copy of the content in which one field differs: another value, removed, or added."""
    copy = dict(content)
    key = 'spec' if 'spec' in copy and random.random() < 0.8 else 'metadata'
    copy[key] = _changed(random, copy[key])
    return copy


def _changed(random, value):
    if isinstance(value, dict):
        key = random.choice([*value, 'added'])
        if key not in value or random.random() < 0.1:
            return {**value, key: random.choice(VALUES)}
        if random.random() < 0.15:
            return {name: inner for name, inner in value.items() if name != key}
        return {**value, key: _changed(random, value[key])}
    if isinstance(value, list) and value:
        at = random.randrange(len(value))
        if random.random() < 0.3:
            return [*value[:at], *value[at + 1 :]]
        if random.random() < 0.3:
            return [*value[:at], random.choice(VALUES), *value[at:]]
        return [*value[:at], _changed(random, value[at]), *value[at + 1 :]]
    return random.choice(VALUES)


def test_one_field_is_changed_in_place_nearly_always(documents, record_property):
    random = Random(20)
    patched, refused = [], Counter()
    for document in documents * 2:
        wanted = changed(random, document.content)
        try:
            text = edit(document.text, wanted)
        except EditRefused as reason:
            refused[reason.reason] += 1
            continue
        lines = difflib.unified_diff(document.text.splitlines(), text.splitlines(), lineterm='', n=0)
        patched.append(sum(line[0] in '+-' for line in lines) - 2)
    share = len(patched) / (len(patched) + refused.total())
    record_property('share_patched', share)
    record_property('median_changed_lines', sorted(patched)[len(patched) // 2])
    assert share >= 0.99, refused


def test_a_file_of_many_documents_changes_in_one_of_them():
    data = (SAMPLES / 'canonical' / 'prepop.yaml').read_bytes()
    file = parse('prepop.yaml', data)
    document = next(each for each in file.documents if each.kind.name == 'Server')
    text = edit(document.text, {**document.content, 'spec': {'description': 'changed'}})
    result = replace(data, document.index, text)
    assert result == data.replace(document.data, text.encode())
    changes = [
        line for line in difflib.ndiff(data.decode().splitlines(), result.decode().splitlines()) if line[0] in '+-'
    ]
    assert [line[2:].split(':')[0] for line in changes] == ['  description', '  description']
    assert [piece.text for piece in parse('prepop.yaml', result).pieces if piece.index != document.index] == [
        piece.text for piece in file.pieces if piece.index != document.index
    ]
