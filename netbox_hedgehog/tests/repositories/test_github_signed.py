"""Commits that GitHub makes and signs: in the name of the account, and never on another head than the expected one."""

import pytest

from netbox_hedgehog.repositories import Ambiguous, Entry, HeadMoved, ProtectedBranch, Unavailable, blob_id
from netbox_hedgehog.repositories.github import GitHubServer
from netbox_hedgehog.repositories.github.refusals import QueryRefused
from netbox_hedgehog.tests.github import FaultKind

from .git_host import FILE

OPERATION = 'graphql/createCommitOnBranch'
MESSAGE = 'Subject\n\nBody of two\nlines\n\nCo-authored-by: Ann <ann@example.com>'


def commit(hub, changes, head, **more) -> str:
    with hub.open(verified=True) as repository:
        return hub.commit(changes, head, repository=repository, message=MESSAGE, **more)


def test_a_commit_is_one_request_and_is_signed(hub):
    hub.hosted.push({'old': b'o', 'gone': b'g'})
    head = hub.warm()
    known = {'old': Entry(FILE, blob_id(b'o')), 'gone': Entry(FILE, blob_id(b'g')), 'binary': None}
    new = commit(hub, {'old': b'new', 'gone': None, 'binary': b'\xff\0'}, head, known=known)
    assert hub.requests == [f'{OPERATION} 200']
    assert hub.hosted.head() == new
    assert hub.hosted.files() == {'README.md': b'Network\n', 'old': b'new', 'binary': b'\xff\0'}
    made = hub.hosted.log()[-1]
    assert made.gpgsig
    assert made.message.decode().split() == MESSAGE.split()
    with hub.open(verified=True) as repository:
        assert repository.head() == new
        assert repository.tree(new, 'binary') == {}


def test_a_branch_that_wants_signatures_takes_it(hub):
    head = hub.warm()
    hub.hosted.protect('main', kind='signatures')
    assert commit(hub, {'a': b'1'}, head) == hub.hosted.head()


def test_a_moved_head_is_never_overwritten(hub):
    first = hub.warm()
    second = hub.hosted.push({'a': b'1'})
    with pytest.raises(HeadMoved) as moved:
        commit(hub, {'a': b'2'}, first)
    assert (moved.value.expected, moved.value.found) == (first, second)
    hub.hosted.rewind('main', first)
    with pytest.raises(HeadMoved):
        commit(hub, {'b': b'2'}, second)


@pytest.mark.parametrize('changes', [{}, {'README.md': b'Network\n'}])
def test_what_changes_nothing_makes_no_commit(hub, changes):
    head = hub.warm()
    assert commit(hub, changes, head) == head
    assert hub.operations()[OPERATION] == 0


@pytest.mark.parametrize('kind', [FaultKind.BAD_GATEWAY, FaultKind.RESET, FaultKind.CUT_OFF])
@pytest.mark.parametrize('after_effect', [True, False])
def test_a_lost_answer_makes_no_second_commit(hub, kind, after_effect):
    head = hub.warm()
    hub.fail(kind, operation=OPERATION, after_effect=after_effect)
    assert commit(hub, {'a': b'1'}, head) == hub.hosted.head()
    assert len(hub.hosted.log()) == 2


def test_the_same_call_again_finds_the_commit(hub):
    head = hub.warm()
    new = commit(hub, {'a': b'1'}, head)
    assert commit(hub, {'a': b'1'}, head) == new
    hub.hosted.push({'b': b'1'})
    assert commit(hub, {'a': b'1'}, head) == new
    assert len(hub.hosted.log()) == 3


def test_answers_that_stay_away_are_ambiguous(hub):
    head = hub.warm()
    hub.fail(FaultKind.RESET, operation=OPERATION, times=9)
    with pytest.raises(Ambiguous):
        commit(hub, {'a': b'1'}, head)
    assert hub.hosted.head() == head


def test_a_protected_branch_says_so(hub):
    head = hub.warm()
    hub.hosted.protect('main')
    with pytest.raises(ProtectedBranch, match='pull request'):
        commit(hub, {'a': b'1'}, head)


@pytest.mark.parametrize(
    'said',
    [
        "You're not authorized to push to this branch.",
        'Reference update failed',
        'At least one approving review is required by reviewers with write access.',
        'Commits must have verified signatures.',
        'Required status check "ci" is expected.',
        'Repository rule violations found',
    ],
)
def test_every_sentence_about_a_rule_is_known_here_too(hub, monkeypatch, said):
    head = hub.warm()

    def refuse(*_args, **_more):
        raise QueryRefused(['UNPROCESSABLE'], said)

    monkeypatch.setattr(GitHubServer, 'mutate', refuse)
    with pytest.raises(ProtectedBranch) as refused:
        commit(hub, {'a': b'1'}, head)
    assert said in str(refused.value)


def test_any_other_refusal_is_told_in_githubs_words(hub):
    head = hub.warm()
    hub.fail(FaultKind.FORBIDDEN, operation=OPERATION)
    with pytest.raises(Unavailable, match='not accessible'):
        commit(hub, {'a': b'1'}, head)
