"""A file that is too much is refused, soon, with the limit's name, and without harm to its neighbours."""

import time
from dataclasses import replace

import pytest

from netbox_hedgehog.manifests import EditRefused, Limits, ReasonCode, edit, parse

from .reading import meaning, refusal

DOCUMENT = b'apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nmetadata:\n  name: vpc-1\nspec: {}\n'


def bomb(levels: int, width: int) -> str:
    lines = ['a0: &a0 [' + ', '.join(['x'] * width) + ']']
    lines += [f'a{n}: &a{n} [' + ', '.join([f'*a{n - 1}'] * width) + ']' for n in range(1, levels)]
    return '\n'.join(lines) + '\n'


def blocks(depth: int) -> str:
    return ''.join(f'{" " * level}a:\n' for level in range(depth)) + ' ' * depth + 'b\n'


HOSTILE = {
    'alias bomb': (bomb(9, 9), ReasonCode.ALIAS_EXPANSION),
    'alias bomb with few aliases': (bomb(10, 5), ReasonCode.ALIAS_EXPANSION),
    'many aliases': ('a: &a 1\nb: [' + ', '.join(['*a'] * 51) + ']\n', ReasonCode.ALIAS_EXPANSION),
    'aliases that make it deep': (
        'a: &a ' + '[' * 40 + ']' * 40 + '\nb: ' + '[' * 40 + '*a' + ']' * 40 + '\n', ReasonCode.TOO_DEEP
    ),
    'brackets': ('a: ' + '[' * 100_000, ReasonCode.TOO_DEEP),
    'braces': ('{a: ' * 50_000, ReasonCode.TOO_DEEP),
    'brackets on lines': ('[\n' * 100_000, ReasonCode.TOO_DEEP),
    'dashes': ('- ' * 100_000 + 'a', ReasonCode.TOO_DEEP),
    'question marks': ('? ' * 100_000 + 'a', ReasonCode.TOO_DEEP),
    'blocks': (blocks(300), ReasonCode.TOO_DEEP),
    'many values': ('a: [' + '1,' * 100_000 + ']', ReasonCode.TOO_LARGE),
    'long text': ('a: ' + 'x' * 300_000, ReasonCode.TOO_LARGE),
    'long block text': ('a: |\n' + '  x\n' * 200_000, ReasonCode.TOO_LARGE),
    'long key': ('? ' + 'x' * 1025 + '\n: 1\n', ReasonCode.TOO_LARGE),
    'large document': ('a: 1\n' + '# comment\n' * 110_000, ReasonCode.TOO_LARGE),
    'large comment with CRLF': ('# comment\r\n' * 90_000 + 'a: [', ReasonCode.SYNTAX_ERROR),
    'open quotes': ('a: "' + '\r\n' * 400_000, ReasonCode.SYNTAX_ERROR),
}  # fmt: skip


@pytest.mark.parametrize(('text', 'code'), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_document_is_given_up_soon(text, code):
    started = time.process_time()
    error = refusal(text)
    assert error.code is code
    assert error.message.endswith('.')
    assert time.process_time() - started < 2


@pytest.mark.parametrize('text', [bomb(9, 9), '[' * 100_000, 'a: "' + '\r\n' * 400_000], ids=['bomb', 'deep', 'open'])
def test_a_hostile_document_is_not_edited(text):
    with pytest.raises(EditRefused):
        edit(text, {'a': 2})


@pytest.mark.parametrize(
    'text', [blocks(63), 'a: ' + '[' * 63 + ']' * 63, 'a: ' + 'x' * 2**18, 'x' * 1000 + ': 1', bomb(3, 9)]
)
def test_what_is_within_the_limits_is_read(text):
    assert meaning(text)


@pytest.mark.parametrize(
    ('limits', 'code'),
    [
        (Limits(file_bytes=50), 'too-large'),
        (Limits(document_bytes=50), 'too-large'),
        (Limits(documents=1), 'too-large'),
        (Limits(nodes=5), 'too-large'),
        (Limits(depth=1), 'too-deep'),
        (Limits(scalar_chars=5), 'too-large'),
        (Limits(key_chars=5), 'too-large'),
    ],
    ids=repr,
)
def test_every_limit_can_be_set(limits, code):
    first = parse('vpcs.yaml', DOCUMENT + b'---\n' + DOCUMENT, limits).pieces[0]
    assert first.code == code
    assert parse('vpcs.yaml', DOCUMENT + b'---\n' + DOCUMENT, replace(limits, **dict.fromkeys(
        ('file_bytes', 'document_bytes', 'documents', 'nodes', 'depth', 'scalar_chars', 'key_chars'), 10_000
    ))).rejected == ()  # fmt: skip


def test_a_file_that_is_too_large_is_one_piece():
    (piece,) = parse('vpcs.yaml', DOCUMENT + b'---\n' + DOCUMENT, Limits(file_bytes=100)).pieces
    assert piece.data == DOCUMENT + b'---\n' + DOCUMENT
    assert '100 bytes' in piece.message


def test_a_hostile_document_leaves_its_neighbours_alone():
    data = b'\n---\n'.join([DOCUMENT, bomb(9, 9).encode(), b'a: ' + b'x' * 2**20, DOCUMENT])
    file = parse('vpcs.yaml', data)
    assert [piece.code for piece in file.rejected] == ['alias-expansion', 'too-large']
    assert [document.index for document in file.documents] == [0, 3]
