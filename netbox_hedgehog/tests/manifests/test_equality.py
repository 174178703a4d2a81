"""Two contents are the same if JSON readers cannot tell them apart."""

import pytest

from netbox_hedgehog.manifests import same

NOT_THE_SAME = [
    (1, True), (0, False), ('1', 1), ('true', True), ('', None), (0, None), ([], {}), ([], None), ({}, None),
    ([1, 2], [2, 1]), ([1], [1, 1]), ({'a': 1}, {'a': True}), ({'a': None}, {}), ({'a': [0]}, {'a': [False]}),
    (1, 1.5), (2**53, 2**53 + 1), (10**400, 10**401),
]  # fmt: skip


@pytest.mark.parametrize(('a', 'b'), NOT_THE_SAME)
def test_what_a_reader_can_tell_apart_is_not_the_same(a, b):
    assert not same(a, b)
    assert not same(b, a)


@pytest.mark.parametrize(
    ('a', 'b'),
    [
        (1, 1.0),
        (0, -0.0),
        (2**64, float(2**64)),
        ({'a': 1, 'b': 2}, {'b': 2.0, 'a': 1}),
        ([[{}]], [[{}]]),
        (None, None),
    ],
)
def test_what_a_reader_cannot_tell_apart_is_the_same(a, b):
    assert same(a, b)
    assert same(b, a)
