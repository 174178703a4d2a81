"""An answer may be lost at every request of a commit: the commit is made once, or not, or it is said to be unclear."""

import itertools

import pytest

from netbox_hedgehog.repositories import Ambiguous, HeadMoved, RepositoryError, Unavailable
from netbox_hedgehog.tests.github import FaultKind

# How an answer gets lost, and whether the request was carried out before that.
LOSSES = [
    (FaultKind.BAD_GATEWAY, False),
    (FaultKind.BAD_GATEWAY, True),
    (FaultKind.SERVER_ERROR, True),
    (FaultKind.RESET, False),
    (FaultKind.RESET, True),
    (FaultKind.CUT_OFF, True),
    (FaultKind.PROXY_PAGE, True),
]

CHANGES = {'a': b'1', 'binary': b'\xff'}
WRITES = ('git/create-blob', 'git/create-tree', 'git/create-commit', 'graphql/updateRefs', 'git/update-ref')


def attempt(hub, head, **more) -> str | None:
    """Commit, and repeat the call until it gives a definite answer, as the next pass would; None if it was refused."""
    for _ in range(3):
        try:
            return hub.commit(CHANGES, head, **more)
        except Ambiguous:
            continue
        except RepositoryError:
            return None
    raise AssertionError('It never became clear.')


@pytest.mark.parametrize(('kind', 'is_done'), LOSSES, ids=lambda value: getattr(value, 'name', value))
def test_one_lost_answer_to_any_request_of_a_commit_does_no_harm(hub, kind, is_done):
    head = hub.warm()
    for at, number in zip(range(5), itertools.count(), strict=False):
        hub.fail(kind, at=at, after_effect=is_done)
        changes = {'a': b'%d' % number, 'binary': b'\xff%d' % number}
        known = dict.fromkeys(changes) if number == 0 else None
        try:
            new = hub.commit(changes, head, known=known)
        except Unavailable:  # a read was lost, and reads are not repeated
            hub.forge.faults.clear()
            new = hub.commit(changes, head)
        hub.forge.faults.clear()
        assert hub.hosted.head() == new
        assert hub.hosted.files()['a'] == b'%d' % number
        assert [commit.id.decode() for commit in hub.hosted.log()][-2:] == [head, new]
        head = new


@pytest.mark.parametrize('operation', WRITES)
@pytest.mark.parametrize(('kind', 'is_done'), LOSSES, ids=lambda value: getattr(value, 'name', value))
def test_a_write_that_never_answers_is_settled_by_the_next_pass(hub, operation, kind, is_done):
    head = hub.warm()
    hub.fail(kind, operation=operation, times=6, after_effect=is_done)
    if operation == 'git/update-ref':
        hub.fail(FaultKind.FORBIDDEN, operation='graphql/updateRefs', times=99)
    known = dict.fromkeys(CHANGES)
    first = attempt(hub, head, known=known)
    hub.forge.faults.clear()
    second = attempt(hub, head, known=known)
    assert hub.hosted.head() == second
    assert first in (None, second)
    assert len(hub.hosted.log()) == 2


def test_a_branch_whose_move_is_never_answered_is_ambiguous(hub):
    head = hub.warm()
    hub.fail(FaultKind.RESET, operation='graphql/updateRefs', times=9)
    hub.fail(FaultKind.RESET, operation='git/update-ref', times=9)
    with pytest.raises(Ambiguous) as doubt:
        hub.commit({'a': b'1'}, head)
    hub.forge.faults.clear()
    assert hub.hosted.head() == head
    assert hub.commit({'a': b'1'}, head) == doubt.value.sha


def test_a_doubt_that_cannot_be_looked_into_is_ambiguous(hub):
    head = hub.warm()
    hub.fail(FaultKind.RESET, operation='graphql/updateRefs', after_effect=True)
    hub.fail(FaultKind.SERVER_ERROR, operation='git/get-ref', times=9)
    with pytest.raises(Ambiguous) as doubt:
        hub.commit({'a': b'1'}, head)
    assert hub.hosted.head() == doubt.value.sha


def test_a_commit_that_somebody_built_on_before_the_answer_was_missed_is_found(hub, monkeypatch):
    head = hub.warm()
    hub.fail(FaultKind.RESET, operation='graphql/updateRefs', after_effect=True)
    with hub.open() as repository:
        find = repository._branch.find

        def find_later() -> str | None:
            hub.hosted.push({'theirs': b'1'})
            return find()

        monkeypatch.setattr(repository._branch, 'find', find_later)
        new = hub.commit({'a': b'1'}, head, repository=repository)
    assert [commit.id.decode() for commit in hub.hosted.log()][1] == new
    assert set(hub.hosted.files()) == {'README.md', 'a', 'theirs'}


def test_a_lost_answer_and_a_read_of_the_past_do_not_make_two_commits(hub):
    head = hub.warm()
    hub.fail(FaultKind.RESET, operation='graphql/updateRefs', after_effect=True)
    hub.fail(FaultKind.STALE_READ, times=1)
    new = hub.commit({'a': b'1'}, head)
    assert hub.hosted.head() == new
    assert len(hub.hosted.log()) == 2


def test_a_lost_answer_to_a_lost_race_is_a_lost_race(hub):
    head = hub.warm()
    theirs = hub.hosted.push({'theirs': b'1'})
    hub.fail(FaultKind.RESET, operation='graphql/updateRefs')
    with pytest.raises(HeadMoved) as moved:
        hub.commit({'a': b'1'}, head)
    assert moved.value.found == theirs


def test_a_server_that_accepts_no_connection_is_unavailable(hub):
    head = hub.warm()
    with hub.open() as repository:
        hub.forge.stop()
        with pytest.raises(Unavailable):
            hub.commit({'a': b'1'}, head, repository=repository)


def test_silence_is_bounded(hub):
    hub.warm()
    hub.fail(FaultKind.SLOW, seconds=1)
    with hub.open(timeout_seconds=0.1) as repository, pytest.raises(Unavailable, match=r'within 0\.1 seconds'):
        repository.head()
