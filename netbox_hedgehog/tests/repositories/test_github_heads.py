"""Where the branch stands, although reads of GitHub lag behind its writes and branches are set back."""

import pytest

from netbox_hedgehog.repositories import BranchMissing, EmptyRepository, NotFound, Unauthorized
from netbox_hedgehog.repositories.github import Token
from netbox_hedgehog.tests.github import FaultKind


def head(hub) -> str:
    with hub.open() as repository:
        return repository.head()


def test_a_read_of_the_past_is_not_believed(hub):
    first = hub.warm()
    second = hub.commit({'a': b'1'}, first)
    hub.fail(FaultKind.STALE_READ, times=2)
    assert head(hub) == second
    assert head(hub) == second
    assert hub.memory.suspect == first
    assert head(hub) == second
    assert hub.memory.suspect == ''


def test_a_branch_that_shows_the_past_for_a_minute_was_set_back(hub):
    first = hub.warm()
    second = hub.hosted.push({'a': b'1'})
    assert head(hub) == second
    hub.hosted.rewind('main', first)
    assert head(hub) == second
    hub.clock.forward(59)
    assert head(hub) == second
    hub.clock.forward(1)
    assert head(hub) == first
    assert head(hub) == first


def test_another_past_begins_another_minute(hub):
    first = hub.warm()
    second = hub.hosted.push({'a': b'1'})
    third = hub.hosted.push({'a': b'2'})
    assert head(hub) == third
    hub.hosted.rewind('main', second)
    assert head(hub) == third
    hub.clock.forward(61)
    hub.hosted.rewind('main', first)
    assert head(hub) == third


def test_a_rewritten_branch_is_told_as_it_is(hub):
    first = hub.warm()
    second = hub.hosted.push({'a': b'1'})
    assert head(hub) == second
    other = hub.hosted.push({'a': b'2'}, force_parent=first)
    with hub.open() as repository:
        assert repository.head() == other
        assert not repository.is_ancestor(second, other)


def test_a_head_far_ahead_is_followed_with_one_comparison(hub):
    first = hub.warm()
    for number in range(5):
        last = hub.hosted.push({'a': b'%d' % number})
    hub.forge.requests.clear()
    with hub.open() as repository:
        assert repository.head() == last
        assert repository.is_ancestor(first, last)
    assert sorted(hub.operations()) == ['git/get-commit', 'git/get-ref', 'repos/compare-commits-with-basehead']
    assert all('page=2' in request.query for request in hub.forge.requests if 'compare' in request.operation)


def test_the_entity_tag_is_not_used_with_another_token(hub):
    hub.warm()
    hub.forge.add_token('ghp_another_token_of_the_same_account')
    with hub.open(credential=Token('ghp_another_token_of_the_same_account')) as repository:
        repository.head()
    assert hub.requests == ['git/get-ref 200']


def test_a_commit_that_cannot_be_read_yet_is_waited_for(hub):
    hub.warm()
    last = hub.hosted.push({'a': b'1'})
    hub.fail(FaultKind.NOT_FOUND, operation='git/get-commit')
    assert head(hub) == last
    assert hub.pauses == [1]


def test_a_branch_that_is_invisible_for_a_moment_is_not_missing(hub):
    first = hub.warm()
    hub.fail(FaultKind.NOT_FOUND, operation='git/get-ref', times=2)
    assert head(hub) == first
    hub.fail(FaultKind.NOT_FOUND, operation='git/get-ref', times=3)
    with pytest.raises(BranchMissing):
        head(hub)


@pytest.mark.parametrize(
    ('name', 'branch', 'error'),
    [
        ('acme/empty', 'main', EmptyRepository),
        ('acme/network', 'other', BranchMissing),
        ('acme/nothing', 'main', NotFound),
    ],
)
def test_nothing_at_all_a_missing_branch_and_a_missing_repository(hub, name, branch, error):
    hub.forge.create_repository('acme', 'empty')
    with hub.open(branch, repository=name) as repository, pytest.raises(error):
        repository.head()


def test_a_token_that_was_revoked_is_no_missing_branch(hub):
    hub.warm()
    hub.forge.revoke('ghp_0123456789abcdefghijklmnopqrstuvwxyz')
    with pytest.raises(Unauthorized):
        head(hub)
