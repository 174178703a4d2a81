"""A file is cut as Kubernetes cuts it, and put together again without changing what was not meant."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netbox_hedgehog.manifests import Comment, Document, ListPiece, Rejected, parse, remove, replace
from netbox_hedgehog.manifests.files import Role, cut, decode, encode

VPC = 'apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata:\n  name: vpc-{}\nspec: {{}}\n'
ONE, TWO, THREE = (VPC.format(number) for number in (1, 2, 3))


def pieces(text):
    return [type(piece) for piece in parse('vpcs.yaml', text.encode()).pieces]


CUTS = {
    'one document': (ONE, [Document]),
    'two documents': (f'{ONE}---\n{TWO}', [Document, Document]),
    'separator at the beginning': (f'---\n{ONE}', [Document]),
    'separator at the end': (f'{ONE}---\n', [Document]),
    'blanks after the dashes': (f'{ONE}---  \t\n{TWO}', [Document, Document]),
    'comment after the dashes': (f'{ONE}--- # next\n{TWO}', [Document, Document]),
    'comment directly after the dashes': (f'{ONE}---#next\n{TWO}', [Document, Document]),
    'content after the dashes': (f'{ONE}--- {{a: 1}}\n---\n{TWO}', [Document, Rejected, Document]),
    'text directly after the dashes': (f'{ONE}---a\n---\n{TWO}', [Document, Rejected, Document]),
    'four dashes': (f'{ONE}----\n---\n{TWO}', [Document, Rejected, Document]),
    'indented dashes': (f'{ONE} ---\n{TWO}', [Rejected]),
    'blank documents': (f'---\n\n---\n{ONE}---\n  \n---\n{TWO}---\n', [Document, Document]),
    'comment between': (f'{ONE}---\n# off\n# on\n---\n{TWO}', [Document, Comment, Document]),
    'end mark': (f'{ONE}...\n---\n{TWO}', [Document, Document]),
    'end mark without document': (f'{ONE}---\n...\n---\n{TWO}', [Document, Comment, Document]),
    'content after the end mark': (f'{ONE}...\n{TWO}---\n{THREE}', [Rejected, Document]),
    'directive': (f'%YAML 1.1\n---\n{ONE}', [Rejected, Document]),
    'byte order mark': (f'\ufeff{ONE}---\n{TWO}', [Document, Document]),
    'byte order mark before the separator': (f'\ufeff---\n{ONE}', [Document]),
    'byte order mark in the middle': (f'{ONE}---\n\ufeff{TWO}', [Document, Document]),
    'CRLF': (f'{ONE}---\n{TWO}'.replace('\n', '\r\n'), [Document, Document]),
    'no line end at the end': (f'{ONE}---\n{TWO}'.rstrip(), [Document, Document]),
    'broken neighbour': (f'{ONE}---\na: [\n---\n{TWO}', [Document, Rejected, Document]),
    'dashes in a block text': (f'{ONE[:-9]}spec:\n  a: |\n    ---\n    b\n', [Document]),
    'List': ('apiVersion: v1\nkind: List\nitems: []\n---\n' + ONE, [ListPiece, Document]),
    'nothing': ('', []),
    'only blanks': ('\n  \n---\n\n', []),
}


@pytest.mark.parametrize(('text', 'expected'), CUTS.values(), ids=CUTS.keys())
def test_cut_as_kubernetes_does(text, expected):
    assert pieces(text) == expected


@pytest.mark.parametrize(('text', 'expected'), CUTS.values(), ids=CUTS.keys())
def test_each_piece_can_be_replaced_by_itself(text, expected):
    data = text.encode()
    for piece in parse('vpcs.yaml', data).pieces:
        assert replace(data, piece.index, piece.text) == data


@pytest.mark.parametrize(('text', 'expected'), CUTS.values(), ids=CUTS.keys())
def test_to_remove_a_piece_leaves_the_others_as_they_are(text, expected):
    for index in range(len(expected)):
        check_removal(text.encode(), index)


def check_removal(data, index):
    before = parse('any.yaml', data).pieces
    others = [piece for piece in before if piece.index != index]
    rest = remove(data, index)
    if all(isinstance(piece, Comment) for piece in others):
        assert rest is None
        return
    after = parse('any.yaml', rest).pieces
    # At the beginning of a file the mark is the file's own, and not the piece's.
    assert [piece.text for piece in after] == [piece.text for piece in others] or data.count('\ufeff'.encode())
    assert [type(piece) for piece in after] == [type(piece) for piece in others]


FRAGMENTS = [
    '---',
    '--- ',
    '---#',
    '----',
    '...',
    '\n',
    '\r\n',
    '\r',
    '\x85',
    'a: 1',
    'a:',
    ' ',
    '#',
    '\t',
    '"',
    '\x00',
]
files = st.lists(st.sampled_from(FRAGMENTS), max_size=14).map(lambda parts: ''.join(parts).encode()) | st.binary(
    max_size=40
)


@settings(max_examples=60, deadline=None)
@given(files)
@example(b'\xff\xfea\x00:\x00')
@example(b'\xef\xbb\xbf---\na: 1')
@example(b'a: 1\n---\nb: \xe9\n---\nc: 1')
def test_all_segments_together_are_the_file(data):
    segments = cut(decode(data))
    assert encode(''.join(segment.text for segment in segments)) == data
    assert all(segment.text for segment in segments)
    pieces = parse('any.yaml', data).pieces
    assert [piece.text for piece in pieces] == [segment.text for segment in segments if segment.role is Role.PIECE]
    assert [piece.index for piece in pieces] == list(range(len(pieces)))


@settings(max_examples=60, deadline=None)
@given(files)
def test_any_piece_of_any_file_can_be_removed(data):
    for piece in parse('any.yaml', data).pieces:
        check_removal(data, piece.index)


FILES = {
    'LF': f'# head\n{ONE}--- # next\n{TWO}---\n# end\n',
    'CRLF': f'# head\n{ONE}--- # next\n{TWO}---\n# end\n'.replace('\n', '\r\n'),
    'BOM': f'\ufeff---\n{ONE}---\n{TWO}---\n',
    'no line end': f'{ONE}---\n{TWO}'.rstrip('\n'),
    'blanks around': f'\n\n---\n{ONE}\n\n---\n\n---\n\n{TWO}\n\n',
}


@pytest.mark.parametrize('text', FILES.values(), ids=FILES.keys())
def test_a_replaced_document_keeps_all_around_it(text):
    data = text.encode()
    for document in parse('vpcs.yaml', data).documents:
        changed = document.text.replace('vpc-', 'changed-')
        assert replace(data, document.index, changed) == data.replace(document.data, changed.encode())


def test_a_replaced_document_ends_before_the_separator():
    data = f'{ONE}---\r\n{TWO}'.encode()
    assert replace(data, 0, 'a: 1') == f'a: 1\n---\r\n{TWO}'.encode()
    assert replace(data, 1, 'a: 1') == f'{ONE}---\r\na: 1'.encode()


def test_a_removed_document_takes_one_separator_with_it():
    text = f'# head\n---\n{ONE}--- # two\n{TWO}---\n{THREE}'
    assert remove(text.encode(), 1) == f'# head\n--- # two\n{TWO}---\n{THREE}'.encode()
    assert remove(text.encode(), 2) == f'# head\n---\n{ONE}---\n{THREE}'.encode()
    assert remove(text.encode(), 3) == f'# head\n---\n{ONE}--- # two\n{TWO}'.encode()
    assert remove(f'{ONE}---\n{TWO}'.encode(), 0) == TWO.encode()
    assert remove(f'\ufeff{ONE}---\n{TWO}'.encode(), 0) == f'\ufeff{TWO}'.encode()


def test_a_file_with_nothing_but_comments_has_lost_its_purpose():
    assert remove(ONE.encode(), 0) is None
    assert remove(f'# head\n---\n{ONE}'.encode(), 1) is None
    assert remove(f'{ONE}---\na: [\n'.encode(), 0) == b'a: [\n'


def test_a_piece_that_is_not_there_is_an_error():
    with pytest.raises(IndexError):
        replace(ONE.encode(), 1, TWO)
    with pytest.raises(IndexError):
        remove(ONE.encode(), 1)


def test_bytes_that_are_no_text_stay():
    data = f'a: caf\ue000\n---\n{ONE}'.encode().replace('\ue000'.encode(), b'\xe9')
    first, second = parse('vpcs.yaml', data).pieces
    assert (first.code, first.line, first.column, first.data) == ('not-utf8', 1, 7, b'a: caf\xe9\n')
    assert isinstance(second, Document)
    assert replace(data, 1, TWO) == b'a: caf\xe9\n---\n' + TWO.encode()
