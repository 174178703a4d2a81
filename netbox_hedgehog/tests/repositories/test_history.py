"""Looking back: what changed, what precedes what."""

from datetime import UTC, datetime

import pytest

from netbox_hedgehog.repositories import Author, CommitMissing, Entry, blob_id

from .git_host import EXECUTABLE, FILE, git


def numbered(name: str, count: int) -> list[dict[str, bytes]]:
    return [{name: b'%d' % number} for number in range(count)]


def test_compare_names_what_was_added_changed_and_removed(place):
    before = place.seed({'f/same': b's', 'f/changed': b'1', 'f/gone': b'g', 'f/bit': b'x', 'other': b'o'})
    after = place.seed(
        {'f/changed': b'2', 'f/gone': None, 'f/new/one': b'n', 'f/bit': (EXECUTABLE, b'x'), 'other': b'p'}, onto=before
    )
    with place.open() as repository:
        assert repository.compare(before, after, 'f') == {
            'f/bit': (Entry(FILE, blob_id(b'x')), Entry(EXECUTABLE, blob_id(b'x'))),
            'f/changed': (Entry(FILE, blob_id(b'1')), Entry(FILE, blob_id(b'2'))),
            'f/gone': (Entry(FILE, blob_id(b'g')), None),
            'f/new/one': (None, Entry(FILE, blob_id(b'n'))),
        }
        assert repository.compare(after, after, 'f') == {}


def test_compare_sees_a_file_become_a_directory(place):
    before = place.seed({'a': b'file'})
    after = place.seed({'a': None, 'a/b': b'below'}, onto=before)
    with place.open() as repository:
        assert repository.compare(before, after, '') == {
            'a': (Entry(FILE, blob_id(b'file')), None),
            'a/b': (None, Entry(FILE, blob_id(b'below'))),
        }


def test_a_commit_is_its_own_ancestor_and_its_parents_are_too(place):
    commits = place.history(*numbered('a.yaml', 4))
    other = place.seed({'b': b'b'}, branch='other')
    with place.open() as repository:
        assert repository.is_ancestor(commits[-1], commits[-1])
        assert repository.is_ancestor(commits[0], commits[-1])
        assert not repository.is_ancestor(commits[-1], commits[0])
        assert not repository.is_ancestor(other, commits[-1])
        assert not repository.is_ancestor('d' * 40, commits[-1])
        with pytest.raises(CommitMissing):
            repository.is_ancestor(commits[0], 'd' * 40)


def test_an_ancestor_is_found_through_a_merge_and_far_back(place):
    commits = place.history(*numbered('a.yaml', 70))
    side = place.seed({'side': b's'}, branch='side', onto=commits[0])
    tree = git(place.path, 'rev-parse', f'{commits[-1]}^{{tree}}')
    merge = git(place.path, 'commit-tree', tree, '-p', commits[-1], '-p', side, '-m', 'Merge')
    git(place.path, 'update-ref', 'refs/heads/main', merge)
    with place.open() as repository:
        assert repository.is_ancestor(side, merge)
        assert repository.is_ancestor(commits[0], merge)
        if not place.forge:  # GitHub does not look into a branch whose merge kept nothing of it
            assert [commit.sha for commit in repository.log('side', start=merge, limit=5)] == [side]


def test_the_log_lists_the_newest_commits_that_touched_a_path(place):
    commits = place.history(*numbered('fabric/a.yaml', 3))
    elsewhere = place.seed({'b.yaml': b'b'}, onto=commits[-1], when=1_700_000_010)
    with place.open() as repository:
        assert [commit.sha for commit in repository.log('fabric', start=elsewhere, limit=10)] == commits[::-1]
        assert [commit.sha for commit in repository.log('fabric/a.yaml', start=elsewhere, limit=2)] == commits[:0:-1]
        assert [commit.sha for commit in repository.log('', start=elsewhere, limit=1)] == [elsewhere]
        assert repository.log('nothing', start=elsewhere, limit=10) == []


def test_the_log_looks_past_many_commits_that_changed_something_else(place):
    commits = place.history({'fabric/a.yaml': b'a'}, *numbered('b.yaml', 70))
    with place.open() as repository:
        assert [commit.sha for commit in repository.log('fabric', start=commits[-1], limit=1)] == commits[:1]


def test_a_deletion_is_in_the_log(place):
    first = place.seed({'fabric/a.yaml': b'a', 'b': b'b'})
    second = place.seed({'fabric/a.yaml': None}, onto=first, when=1_700_000_001)
    with place.open() as repository:
        assert [commit.sha for commit in repository.log('fabric', start=second, limit=9)] == [second, first]


def test_a_commit_tells_who_when_and_why(place):
    first = place.commit({'a': b'1'}, None)
    second = place.commit(
        {'a': b'2'},
        first,
        author=Author('Ägidius <Ä>\nX', 'ä@example.com\n'),
        message='Größe\n\nHNP-Batch: 1',
        when=datetime.fromisoformat('2026-05-04T03:02:01.5+05:30'),
    )
    with place.open() as repository:
        (commit,) = repository.log('a', start=second, limit=1)
    assert commit.parents == (first,)
    assert commit.author == Author('Ägidius Ä X', 'ä@example.com')
    assert commit.message == 'Größe\n\nHNP-Batch: 1\n'
    assert commit.committer_time == datetime(2026, 5, 3, 21, 32, 1, tzinfo=UTC)
    if not place.speaks_json:
        assert commit.committer_time.utcoffset().total_seconds() == 5.5 * 60 * 60
    assert git(place.path, 'log', '-1', '--format=%cn <%ce> %an', second) == (
        'netbox_hedgehog <netbox-hedgehog@localhost> Ägidius Ä X'
    )
