"""Paths: every one lies below the directory, no two identities share one, and an unsafe directory is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbox_hedgehog.catalog import KINDS, Identity
from netbox_hedgehog.reconcile import DirectoryRefused, below, canonical_path, folded, normalise_directory, overlap
from netbox_hedgehog.tests.reconcile.world import identity


@pytest.mark.parametrize(
    ('text', 'expected'),
    [('fabrics/dc1/gitops', 'fabrics/dc1/gitops'), ('/a/b/', 'a/b'), (' a ', 'a'), ('.', '.'), ('A_1.b-c', 'A_1.b-c')],
)
def test_a_directory_loses_its_outer_slashes(text, expected):
    assert normalise_directory(text) == expected


@pytest.mark.parametrize(
    'text',
    [
        '',
        '/',
        '//',
        '..',
        'a/../b',
        'a//b',
        '.git',
        'a/.GIT/b',
        '.github',
        'a/raw',
        'managed',
        'a\\b',
        'a b',
        'a/$x',
        'a%2fb',
        'a*',
        '-a',
        'a.',
        'a.lock',
        'x' * 256,
        '/'.join('a' * 11),
        'a\nb',
        "a'b",
        'é',
        'a/.',
        './a',
    ],
)
def test_an_unsafe_directory_is_refused_with_a_reason(text):
    with pytest.raises(DirectoryRefused, match=r'.{20}'):
        normalise_directory(text)


@pytest.mark.parametrize(
    ('one', 'other', 'expected'),
    [
        ('a', 'a', True),
        ('a', 'A', True),
        ('a', 'a/b', True),
        ('a/b', 'a', True),
        ('.', 'a', True),
        ('a', 'ab', False),
        ('a/b', 'a/c', False),
    ],
)
def test_equal_and_nested_directories_overlap(one, other, expected):
    assert overlap(one, other) is expected


def test_the_canonical_path_names_kind_and_name():
    assert canonical_path(identity('VPC', 'vpc-01')) == 'managed/vpcs/vpc-01.yaml'
    assert canonical_path(identity('VPC', 'vpc-01', 'other')) == 'managed/vpcs/other/vpc-01.yaml'


label = st.from_regex(r'[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?', fullmatch=True)
identities = st.builds(
    lambda kind, namespace, name: Identity(KINDS[kind].group, kind, namespace, '.'.join(name)),
    st.sampled_from(sorted(KINDS)),
    st.just('default') | label,
    st.lists(label, min_size=1, max_size=3),
)


@given(identities, identities)
def test_no_two_identities_share_a_path_on_any_file_system(one, other):
    if one != other:
        assert folded(canonical_path(one)) != folded(canonical_path(other))


@given(identities)
def test_every_canonical_path_lies_below_the_directory(key):
    assert below('fabrics/dc1', canonical_path(key)).startswith('fabrics/dc1/managed/')


@given(st.text(max_size=30))
def test_no_path_escapes_the_directory(path):
    try:
        full = below('fabrics/dc1', path)
    except DirectoryRefused:
        return
    assert full.startswith('fabrics/dc1/')
    assert not {'..', '.', '', '.git'} & set(full.split('/'))
