"""A path in a document leads to a line of its file."""

import pytest
from hypothesis import given

from netbox_hedgehog.manifests import Document, Rejected, line_of, locate, parse

from .reading import yaml
from .strategies import manifests

FILE = yaml("""
    # A banner.
    ---
    # About it.
    apiVersion: vpc.githedgehog.com/v1beta1
    kind: VPC
    metadata:
      name: vpc-1
    spec:
      common: &common
        vlan: 1001
      subnets:
        default:
          <<: *common
          subnet: 10.0.1.0/24
        "a.b": {vlan: 1002,
          subnet: 10.0.2.0/24}
      permit:
      - [default, a.b]
      -
        - default
      again: *common
""")
LINES = {
    (): 4,
    ('metadata', 'name'): 7,
    ('metadata', 'namespace'): 6,
    ('spec',): 8,
    ('spec', 'subnets', 'default'): 12,
    ('spec', 'subnets', 'default', 'vlan'): 10,
    ('spec', 'subnets', 'default', 'gateway'): 12,
    ('spec', 'subnets', 'default', 'dhcp', 'range', 'start'): 12,
    ('spec', 'subnets', 'a.b', 'vlan'): 15,
    ('spec', 'subnets', 'a.b', 'subnet'): 16,
    ('spec', 'permit', 0, 1): 18,
    ('spec', 'permit', 1, 0): 20,
    ('spec', 'permit', 2): 17,
    ('spec', 'permit', 'default'): 17,
    ('spec', 'again', 'vlan'): 10,
    ('spec', 'subnets', 'default', 'subnet', 'deeper'): 14,
    ('status',): 4,
}


@pytest.mark.parametrize(('path', 'line'), LINES.items(), ids=lambda value: str(value))
def test_a_field_stands_in_a_line_or_the_nearest_field_around_it_does(path, line):
    (document,) = parse('a.yaml', FILE.encode()).documents
    assert line_of(document, path) == line


def test_line_feeds_alone_count_as_in_an_editor():
    (document,) = parse('a.yaml', b'\xef\xbb\xbf' + FILE.replace('\n', '\r\n').encode()).documents
    assert line_of(document, ('spec', 'permit', 1, 0)) == 20


def test_a_list_is_one_document():
    text = yaml("""
        apiVersion: v1
        kind: List
        items:
        - kind: A
          metadata: {name: a}
        - kind: B
          metadata:
            name: b
    """)
    (piece,) = parse('a.yaml', f'---\n{text}'.encode()).lists
    located = locate(piece)
    assert located is not None
    assert [located.line(('items', 1)), located.line(('items', 1, 'metadata', 'name'))] == [7, 9]


def test_the_lines_of_a_rejected_document_are_those_of_its_file():
    text = 'kind: A\n---\n\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n'
    _, piece = parse('a.yaml', text.encode()).pieces
    assert isinstance(piece, Rejected)
    assert (piece.line, piece.first_line, line_of(piece, ('metadata', 'name'))) == (5, 3, 7)
    located = locate(piece)
    assert located is not None
    assert located.content == {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'a'}}


def test_what_nobody_can_read_has_the_line_of_its_fault():
    (piece,) = parse('a.yaml', b'# above\nkind: [\n').pieces
    assert locate(piece) is None
    assert line_of(piece, ('kind',)) == piece.line


def paths(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in inner:
        yield from paths(part, (*path, step))


@given(manifests())
def test_every_field_has_a_line_at_or_below_that_of_what_it_stands_in(text):
    for piece in parse('a.yaml', text.encode()).pieces:
        located = locate(piece)
        if located is None:
            continue
        begin = piece.line if isinstance(piece, Document) else piece.first_line
        for path in paths(located.content):
            line = located.line(path)
            assert begin <= line <= begin + piece.text.count('\n')
            assert not path or located.line(path[:-1]) <= line
