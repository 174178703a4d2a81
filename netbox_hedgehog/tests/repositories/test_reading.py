"""Trees are listed completely and contents are read exactly."""

import pytest

from netbox_hedgehog.repositories import CommitMissing, Entry, Unavailable, blob_id

from .git_host import EXECUTABLE, FILE, SUBMODULE, SYMLINK, listing

pytestmark = pytest.mark.parametrize('place', ['bare', 'remote', 'remote-unfiltered', 'github'], indirect=True)

NOWHERE = 'd' * 40


def test_a_tree_lists_files_links_and_submodules_below_a_directory(place):
    sha = place.seed(
        {
            'fabric/managed/a.yaml': b'a',
            'fabric/managed/deep/b.yaml': (EXECUTABLE, b'b'),
            'fabric/link': (SYMLINK, b'/etc/passwd'),
            'fabric/module': (SUBMODULE, 'c' * 40),
            'fabric.yaml': b'outside',
            'fabricated/c.yaml': b'outside',
        }
    )
    with place.open() as repository:
        assert repository.tree(sha, 'fabric') == {
            'fabric/link': Entry(SYMLINK, blob_id(b'/etc/passwd')),
            'fabric/managed/a.yaml': Entry(FILE, blob_id(b'a')),
            'fabric/managed/deep/b.yaml': Entry(EXECUTABLE, blob_id(b'b')),
            'fabric/module': Entry(SUBMODULE, 'c' * 40),
        }


@pytest.mark.parametrize('prefix', ['fabric', 'fabric/', '/fabric/'])
def test_slashes_around_a_prefix_mean_nothing(place, prefix):
    sha = place.seed({'fabric/a.yaml': b'a'})
    with place.open() as repository:
        assert list(repository.tree(sha, prefix)) == ['fabric/a.yaml']


def test_the_whole_tree_is_the_one_that_git_lists(place):
    sha = place.seed({f'{name}/{name}.yaml': name.encode() for name in 'abcdef'} | {'top.yaml': b'top', 'a.b': b'1'})
    with place.open() as repository:
        found = repository.tree(sha, '')
    assert {path: (entry.mode, entry.blob) for path, entry in found.items()} == listing(place.path, sha)
    assert list(found) == sorted(found)


@pytest.mark.parametrize('prefix', ['nothing', 'a.yaml', 'a.yaml/deeper', 'link'])
def test_below_what_is_no_directory_there_is_nothing(place, prefix):
    sha = place.seed({'a.yaml': b'a', 'link': (SYMLINK, b'a')})
    with place.open() as repository:
        assert repository.tree(sha, prefix) == {}


def test_names_are_exact_in_every_script_and_encoding(place):
    names = ['größe/ü.yaml', '日本/東京.yaml', 'a b/c d.yaml', "quote'/x.yaml"]
    if not place.speaks_json:
        names.append('legacy/\udce4.yaml')
    sha = place.seed(dict.fromkeys(names, b'x'))
    with place.open() as repository:
        assert sorted(repository.tree(sha, '')) == sorted(names)
        assert list(repository.tree(sha, '日本')) == ['日本/東京.yaml']


def test_contents_are_read_by_their_names(place):
    sha = place.seed({'a': b'', 'b': b'line\r\nline\n', 'c': bytes(range(256)), 'd': b'line\r\nline\n'})
    with place.open() as repository:
        tree = repository.tree(sha, '')
        found = repository.read({entry.blob for entry in tree.values()})
        assert {path: found[entry.blob] for path, entry in tree.items()} == {
            'a': b'',
            'b': b'line\r\nline\n',
            'c': bytes(range(256)),
            'd': b'line\r\nline\n',
        }
        assert repository.read([]) == {}


def test_contents_are_read_without_a_tree(place):
    place.seed({'a': b'content of a'})
    with place.open() as repository:
        assert repository.read([blob_id(b'content of a')]) == {blob_id(b'content of a'): b'content of a'}


@pytest.mark.parametrize('name', [NOWHERE, 'no name'])
def test_a_content_that_is_not_there_is_an_error_and_not_a_gap(place, name):
    sha = place.seed({'a': b'content of a'})
    with place.open() as repository:
        repository.tree(sha, '')
        with pytest.raises(Unavailable, match='does not hold the content'):
            repository.read([blob_id(b'content of a'), name])


@pytest.mark.parametrize('name', [NOWHERE, '', 'HEAD', 'größe', 'D' * 40])
def test_a_commit_that_is_not_there_is_missing(place, name):
    place.seed({'a': b'content of a'})
    with place.open() as repository, pytest.raises(CommitMissing) as missing:
        repository.tree(name, '')
    assert missing.value.sha == name


def test_what_is_no_commit_is_a_missing_commit(place):
    sha = place.seed({'a': b'content of a'})
    with place.open() as repository:
        repository.tree(sha, '')
        with pytest.raises(CommitMissing):
            repository.tree(blob_id(b'content of a'), '')


def test_an_older_commit_is_read_as_well_as_the_newest(place):
    first = place.seed({'a': b'one'})
    second = place.seed({'a': b'two'}, onto=first)
    with place.open() as repository:
        for sha, data in ((second, b'two'), (first, b'one')):
            blob = repository.tree(sha, '')['a'].blob
            assert repository.read([blob]) == {blob: data}
