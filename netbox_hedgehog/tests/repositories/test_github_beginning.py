"""The first commit: of an empty repository, where GitHub makes no objects, and of a branch beside others."""

import pytest

from netbox_hedgehog.repositories import EmptyRepository, HeadMoved, InvalidChange, Unavailable
from netbox_hedgehog.repositories.github.beginning import FIRST_MESSAGE
from netbox_hedgehog.tests.github import FaultKind

from .on_github import numbered

PUT = 'repos/create-or-update-file-contents'


@pytest.fixture
def empty(hub):
    hub.hosted = hub.forge.create_repository('acme', 'empty')
    return hub


def test_one_file_is_one_commit(empty):
    first = empty.commit({'fabric/a.yaml': b'a'}, None)
    assert [commit.id.decode() for commit in empty.hosted.log()] == [first]
    assert empty.hosted.log()[0].message == b'Change\n'


def test_several_files_are_two_commits_and_only_the_last_has_the_message(empty):
    files = numbered(150)
    head = empty.commit(files, None)
    assert [commit.message.decode() for commit in empty.hosted.log()] == [FIRST_MESSAGE, 'Change\n']
    assert empty.hosted.head() == head
    assert empty.hosted.files() == files
    assert empty.commit(files, None) == head


def test_a_head_is_read_after_the_first_commit(empty):
    with empty.open() as repository:
        with pytest.raises(EmptyRepository):
            repository.head()
        head = empty.commit({'a': b'1', 'b': b'22'}, None, repository=repository)
        assert repository.head() == head
        assert repository.read([repository.tree(head, '')['b'].blob])


@pytest.mark.parametrize('operation', [PUT, 'git/create-tree', 'git/create-commit', 'graphql/updateRefs'])
@pytest.mark.parametrize('after_effect', [True, False])
def test_a_lost_answer_does_no_harm(empty, operation, after_effect):
    empty.fail(FaultKind.RESET, operation=operation, after_effect=after_effect)
    try:
        head = empty.commit({'a': b'1', 'b': b'22'}, None)
    except (Unavailable, HeadMoved):
        head = empty.commit({'a': b'1', 'b': b'22'}, empty.hosted.head() or None)
    assert empty.hosted.head() == head
    assert empty.hosted.files() == {'a': b'1', 'b': b'22'}
    assert len(empty.hosted.log()) == 2


@pytest.mark.parametrize(
    ('ours', 'then'),
    [
        ({'a': b'ours'}, {'a': b'theirs'}),
        # GitHub puts a file on top of whatever is there: the caller is told, and reads it before going on.
        ({'a': b'ours', 'b': b'b'}, {'a': b'theirs', 'b': b'b'}),
    ],
    ids=['same-file', 'another-file'],
)
def test_a_race_for_the_first_commit_is_lost_by_one(empty, ours, then):
    with empty.open() as repository:
        find = repository._branch.find

        def find_then_lose() -> str | None:
            repository._branch.find = find
            try:
                return find()
            finally:
                empty.hosted.push({'a': b'theirs'})

        repository._branch.find = find_then_lose
        with pytest.raises(HeadMoved) as moved:
            empty.commit(ours, None, repository=repository)
    assert moved.value.found == empty.hosted.head()
    assert empty.hosted.files() == then


def test_nothing_is_no_beginning(empty):
    with pytest.raises(InvalidChange):
        empty.commit({}, None)


def test_a_branch_beside_others_begins_with_nothing(hub):
    with hub.open('other') as repository:
        first = hub.commit({'a': b'1', 'b': b'2'}, None, repository=repository)
    assert hub.hosted.head('other') == first
    assert hub.hosted.files('other') == {'a': b'1', 'b': b'2'}
    with hub.open('other') as repository:
        assert hub.commit({'a': b'1', 'b': b'2'}, None, repository=repository) == first


@pytest.mark.parametrize('after_effect', [True, False])
def test_a_lost_answer_to_a_new_branch_does_no_harm(hub, after_effect):
    hub.fail(FaultKind.RESET, operation='git/create-ref', after_effect=after_effect)
    with hub.open('other') as repository:
        first = hub.commit({'a': b'1'}, None, repository=repository)
    assert hub.hosted.head('other') == first
