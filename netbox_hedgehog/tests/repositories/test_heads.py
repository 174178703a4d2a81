"""Where a branch stands: a commit, nowhere yet, or nowhere although the repository is not empty."""

import pytest

from netbox_hedgehog.repositories import BranchMissing, EmptyRepository, NotFound

from .git_host import git


def test_the_head_is_the_commit_at_the_tip(place):
    sha = place.seed({'a.yaml': b'a'})
    with place.open() as repository:
        assert repository.head() == sha


def test_an_empty_repository_is_told_from_a_missing_branch(place):
    with place.open() as repository, pytest.raises(EmptyRepository) as empty:
        repository.head()
    assert empty.value.address.endswith('repository.git')
    place.seed({'a.yaml': b'a'}, branch='other')
    with place.open() as repository, pytest.raises(BranchMissing) as missing:
        repository.head()
    assert missing.value.branch == 'main'


def test_a_repository_with_a_tag_only_is_not_empty(place):
    sha = place.seed({'a.yaml': b'a'})
    git(place.path, 'tag', 'v1', sha)
    git(place.path, 'update-ref', '-d', 'refs/heads/main')
    with place.open() as repository, pytest.raises(BranchMissing):
        repository.head()


def test_a_repository_that_is_not_there_is_not_found(place):
    with pytest.raises(NotFound) as missing, place.open(name='nothing.git') as repository:
        repository.head()
    assert not missing.value.occupied
    assert missing.value.remedy


def test_the_default_branch_is_known_before_and_after_the_first_commit(place):
    place.set_default_branch('trunk')
    with place.open('trunk') as repository:
        assert repository.default_branch() == 'trunk'
        place.commit({'a.yaml': b'a'}, None, repository=repository)
        assert repository.default_branch() == 'trunk'


def test_a_packed_branch_is_found_and_moved(place):
    first = place.seed({'a.yaml': b'a'})
    git(place.path, 'pack-refs', '--all')
    with place.open() as repository:
        assert repository.head() == first
    second = place.commit({'a.yaml': b'b'}, first)
    assert place.head() == second


@pytest.mark.parametrize('branch', ['release/1.2', 'größe', 'with-dash'])
def test_branches_have_any_name_that_git_allows(place, branch):
    with place.open(branch) as repository:
        sha = place.commit({'a.yaml': b'a'}, None, repository=repository)
    with place.open(branch) as repository:
        assert repository.head() == sha
    assert place.head(branch) == sha


def test_a_branch_with_a_similar_name_is_another_one(place):
    place.seed({'a.yaml': b'a'}, branch='main2')
    with place.open() as repository, pytest.raises(BranchMissing):
        repository.head()
