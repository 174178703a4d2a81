"""Where commits are not taken, they are proposed: on a branch of our own, by one pull request."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from netbox_hedgehog.repositories import (
    AddressRefused,
    Author,
    Entry,
    Forbidden,
    HeadMoved,
    InvalidChange,
    ProtectedBranch,
    Unavailable,
    blob_id,
)
from netbox_hedgehog.repositories.github import BranchMemory, GitHubServer, Token
from netbox_hedgehog.repositories.github.history import History
from netbox_hedgehog.repositories.github.listings import Listings
from netbox_hedgehog.repositories.github.proposals import Proposals
from netbox_hedgehog.repositories.github.writing import Writing
from netbox_hedgehog.tests.github import Fault, FaultKind, Forge

OURS = 'hedgehog/fabric-one'
ANN = Author('Ann', 'ann@example.com')
WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
PERMISSIONS = {'contents': 'write', 'metadata': 'read', 'pull_requests': 'write'}
FILES = {'README.md': b'Network\n', 'fabrics/a.yaml': b'a: 1\n', 'fabrics/b.yaml': b'b: 1\n'}


@pytest.fixture
def forge(tmp_path) -> Iterator[Forge]:
    with Forge(tmp_path) as forge:
        forge.create_repository('acme', 'network', files=FILES).protect('main', kind='pull_request')
        forge.add_token('ghp_proposer', permissions=PERMISSIONS)
        yield forge
        assert forge.violations == []


@pytest.fixture
def repository(forge: Forge):
    repository = forge.repositories['acme/network']
    yield repository
    assert repository.fsck() == ''


@pytest.fixture
def proposals(forge: Forge) -> Iterator[Proposals]:
    server = connect(forge)
    yield proposals_of(server)
    server.close()


def proposals_of(server: GitHubServer, **more) -> Proposals:
    memory = BranchMemory()
    history = History(server, memory)
    writing = Writing(server, history, Listings(server, memory), memory)
    return Proposals(server, 'main', history=history, writing=writing, memory=memory, **more)


def connect(forge: Forge, token: str = 'ghp_proposer') -> GitHubServer:
    return GitHubServer(
        f'{forge.url}/api/v3',
        f'{forge.url}/api/graphql',
        Token(token),
        repository='acme/network',
        timeout_seconds=10,
        pause=lambda seconds: None,
    )


def _create(forge: Forge, branch: str, sha: str) -> None:
    server = connect(forge)
    server.write('POST', server.at('git/refs'), {'ref': f'refs/heads/{branch}', 'sha': sha})
    server.close()


def propose(proposals: Proposals, changes, base, *, branch=OURS, parent=None, expected=None, **more) -> str:
    return proposals.propose(
        branch,
        changes,
        base_head=base,
        parent=parent,
        expected=expected,
        message='Change\n',
        author=ANN,
        when=WHEN,
        **more,
    )


# ---- The branch


def test_a_first_proposal_is_one_commit_on_a_new_branch(proposals: Proposals, repository):
    base = repository.head()
    sha = propose(proposals, {'fabrics/a.yaml': b'a: 2\n', 'fabrics/b.yaml': None, 'fabrics/c.yaml': b'c: 1\n'}, base)
    assert repository.head(OURS) == sha
    assert repository.head() == base
    assert repository.files(OURS) == {
        'README.md': b'Network\n',
        'fabrics/a.yaml': b'a: 2\n',
        'fabrics/c.yaml': b'c: 1\n',
    }
    commit = repository.log(OURS)[-1]
    assert [parent.decode() for parent in commit.parents] == [base]
    assert commit.author == b'Ann <ann@example.com>'


def test_a_later_batch_continues_the_branch(proposals: Proposals, repository):
    base = repository.head()
    first = propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, base)
    second = propose(proposals, {'fabrics/b.yaml': b'b: 2\n'}, base, parent=first, expected=first)
    assert [commit.id.decode() for commit in repository.log(OURS)[-2:]] == [first, second]
    assert repository.files(OURS)['fabrics/a.yaml'] == b'a: 2\n'


def test_a_branch_is_rebuilt_on_a_new_base(proposals: Proposals, repository):
    old = propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, repository.head())
    base = repository.push({'fabrics/b.yaml': b'b: theirs\n'})
    new = propose(proposals, {'fabrics/a.yaml': b'a: 3\n'}, base, expected=old)
    assert repository.head(OURS) == new
    assert repository.files(OURS) == {**FILES, 'fabrics/a.yaml': b'a: 3\n', 'fabrics/b.yaml': b'b: theirs\n'}
    assert old not in {commit.id.decode() for commit in repository.log(OURS)}


def test_nothing_to_change_makes_no_commit_and_no_branch(proposals: Proposals, repository):
    base = repository.head()
    assert propose(proposals, {'fabrics/a.yaml': b'a: 1\n'}, base) == base
    assert repository.head(OURS) in (None, '')


def test_what_the_caller_knows_wrongly_makes_no_empty_commit(proposals: Proposals, repository):
    base = repository.head()
    known = {'fabrics/a.yaml': Entry(0o100644, blob_id(b'something else'))}
    assert propose(proposals, {'fabrics/a.yaml': b'a: 1\n'}, base, known=known) == base
    assert repository.head(OURS) in (None, '')


def test_repeating_a_proposal_gives_the_same_commit(proposals: Proposals, repository):
    base = repository.head()
    first = propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, base)
    assert propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, base) == first


@pytest.mark.parametrize('operation', ['git/create-ref', 'git/create-tree', 'git/create-commit'])
@pytest.mark.parametrize('kind', [FaultKind.RESET, FaultKind.BAD_GATEWAY, FaultKind.CUT_OFF])
@pytest.mark.parametrize('after_effect', [False, True])
def test_a_lost_answer_on_a_new_branch_changes_nothing(
    forge: Forge, proposals: Proposals, repository, operation, kind, after_effect
):
    forge.fail(Fault(kind, operation=operation, after_effect=after_effect))
    sha = propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, repository.head())
    assert repository.head(OURS) == sha
    assert len(repository.log(OURS)) == 2


@pytest.mark.parametrize('kind', [FaultKind.RESET, FaultKind.BAD_GATEWAY])
@pytest.mark.parametrize('after_effect', [False, True])
def test_a_lost_answer_on_a_moved_branch_changes_nothing(
    forge: Forge, proposals: Proposals, repository, kind, after_effect
):
    base = repository.head()
    first = propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, base)
    forge.fail(Fault(kind, operation='git/update-ref', after_effect=after_effect))
    forge.fail(Fault(kind, operation='graphql/updateRefs', after_effect=after_effect))
    second = propose(proposals, {'fabrics/a.yaml': b'a: 3\n'}, base, expected=first)
    assert repository.head(OURS) == second


def test_what_somebody_added_to_our_branch_is_not_overwritten(proposals: Proposals, repository):
    base = repository.head()
    first = propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, base)
    theirs = repository.push({'fabrics/b.yaml': b'b: theirs\n'}, branch=OURS)
    with pytest.raises(HeadMoved) as caught:
        propose(proposals, {'fabrics/a.yaml': b'a: 3\n'}, base, expected=first)
    assert (caught.value.expected, caught.value.found) == (first, theirs)
    assert repository.head(OURS) == theirs
    proposals.delete_branch(OURS, expected=first)
    assert repository.head(OURS) == theirs


def test_a_branch_of_the_same_name_is_not_taken_over(proposals: Proposals, repository):
    base = repository.head()
    theirs = repository.push({'fabrics/b.yaml': b'b: theirs\n'}, branch=OURS)
    with pytest.raises(HeadMoved):
        propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, base)
    assert repository.head(OURS) == theirs


def test_a_branch_that_is_gone_is_not_revived(proposals: Proposals, repository):
    base = repository.head()
    first = propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, base)
    proposals.delete_branch(OURS, expected=first)
    assert repository.head(OURS) in (None, '')
    proposals.delete_branch(OURS, expected=first)  # gone is gone
    with pytest.raises(HeadMoved) as caught:
        propose(proposals, {'fabrics/a.yaml': b'a: 3\n'}, base, expected=first)
    assert caught.value.found is None


def test_the_target_is_never_written(proposals: Proposals, repository):
    base = repository.head()
    with pytest.raises(AddressRefused):
        propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, base, branch='main', expected=base)
    with pytest.raises(AddressRefused):
        proposals.delete_branch('main', expected=base)
    with pytest.raises(AddressRefused):
        propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, base, branch='no..name')
    assert repository.head() == base


def test_deleting_what_is_not_there_is_refused(proposals: Proposals, repository):
    with pytest.raises(InvalidChange):
        propose(proposals, {'fabrics/none.yaml': None}, repository.head())


def test_a_rule_against_new_branches_is_told(forge: Forge, proposals: Proposals, repository):
    repository.protect(OURS, kind='pull_request')
    with pytest.raises(ProtectedBranch) as caught:
        propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, repository.head())
    assert caught.value.branch == OURS


# ---- Commits that GitHub signs


@pytest.fixture
def signing(forge: Forge) -> Iterator[Proposals]:
    server = connect(forge)
    yield proposals_of(server, verified=True)
    server.close()


def _branches(repository) -> set[str]:
    return {name.removeprefix('refs/heads/') for name in repository.store.references('refs/heads/')}


def test_signed_commits_create_continue_and_rebuild_the_branch(signing: Proposals, repository):
    base = repository.head()
    first = propose(signing, {'fabrics/a.yaml': b'a: 2\n'}, base)
    second = propose(signing, {'fabrics/b.yaml': None}, base, parent=first, expected=first)
    assert [commit.id.decode() for commit in repository.log(OURS)] == [base, first, second]
    number = signing.open_request(OURS, title='Change a', body='').number
    base = repository.push({'README.md': b'theirs\n'})
    rebuilt = propose(signing, {'fabrics/a.yaml': b'a: 3\n'}, base, expected=second)
    assert [commit.id.decode() for commit in repository.log(OURS)][-2:] == [base, rebuilt]
    assert all(commit.gpgsig for commit in repository.log(OURS) if commit.id.decode() in (first, second, rebuilt))
    assert signing.request(number).state == 'open'
    assert _branches(repository) == {'main', OURS}


def test_an_interrupted_rebuild_is_taken_up_again(forge: Forge, signing: Proposals, repository):
    base = repository.head()
    first = propose(signing, {'fabrics/a.yaml': b'a: 2\n'}, base)
    _create(forge, f'{OURS}-next', first)
    rebuilt = propose(signing, {'fabrics/b.yaml': b'b: 2\n'}, base, expected=first)
    assert repository.head(OURS) == rebuilt
    assert _branches(repository) == {'main', OURS}


def test_a_signed_rebuild_overwrites_nobody(signing: Proposals, repository):
    base = repository.head()
    first = propose(signing, {'fabrics/a.yaml': b'a: 2\n'}, base)
    theirs = repository.push({'fabrics/b.yaml': b'b: theirs\n'}, branch=OURS)
    with pytest.raises(HeadMoved):
        propose(signing, {'fabrics/b.yaml': b'b: 2\n'}, base, expected=first)
    with pytest.raises(HeadMoved):
        propose(signing, {'fabrics/b.yaml': b'b: 2\n'}, base, parent=first, expected=first)
    assert repository.head(OURS) == theirs


# ---- The pull request


@pytest.fixture
def head(proposals: Proposals, repository) -> str:
    return propose(proposals, {'fabrics/a.yaml': b'a: 2\n'}, repository.head())


def test_a_pull_request_is_opened_for_the_branch(proposals: Proposals, repository, head):
    proposal = proposals.open_request(OURS, title='Change a', body='One file.')
    assert (proposal.state, proposal.merged, proposal.head, proposal.branch) == ('open', False, head, OURS)
    assert proposal.url == f'{repository.url}/pull/{proposal.number}'
    [pull] = repository.pull_requests
    assert (pull.title, pull.body, pull.head, pull.base) == ('Change a', 'One file.', OURS, 'main')


def test_an_open_pull_request_is_adopted(proposals: Proposals, repository, head):
    first = proposals.open_request(OURS, title='Change a', body='')
    assert proposals.open_request(OURS, title='Change more', body='') == first
    assert len(repository.pull_requests) == 1


@pytest.mark.parametrize('kind', [FaultKind.RESET, FaultKind.BAD_GATEWAY, FaultKind.CUT_OFF])
@pytest.mark.parametrize('after_effect', [False, True])
def test_a_lost_answer_opens_one_pull_request(forge: Forge, proposals: Proposals, repository, head, kind, after_effect):
    forge.fail(Fault(kind, operation='pulls/create', after_effect=after_effect))
    proposal = proposals.open_request(OURS, title='Change a', body='')
    assert [pull.number for pull in repository.pull_requests] == [proposal.number]


def test_words_are_changed_and_cut_to_what_github_takes(proposals: Proposals, repository, head):
    number = proposals.open_request(OURS, title='Change a', body='').number
    proposals.update_request(number, title='x' * 300, body='é' * 70_000)
    [pull] = repository.pull_requests
    assert pull.title == 'x' * 255 + '…'
    assert len(pull.body) == 65_536


@pytest.mark.parametrize('how', ['merge', 'squash', 'rebase'])
def test_a_merge_is_seen(proposals: Proposals, repository, head, how):
    number = proposals.open_request(OURS, title='Change a', body='').number
    repository.merge_pull(number, how=how)
    proposal = proposals.request(number)
    assert (proposal.state, proposal.merged, proposal.head) == ('closed', True, head)
    assert proposals.open_request_of(OURS) is None


def test_a_refusal_is_seen(proposals: Proposals, repository, head):
    number = proposals.open_request(OURS, title='Change a', body='').number
    repository.close_pull(number)
    proposal = proposals.request(number)
    assert (proposal.state, proposal.merged) == ('closed', False)


def test_a_proposal_that_is_not_wanted_any_more_is_closed(proposals: Proposals, repository, head):
    number = proposals.open_request(OURS, title='Change a', body='').number
    assert proposals.close_request(number).state == 'closed'
    assert repository.pull_requests[0].state == 'closed'


def test_later_batches_show_in_the_pull_request(proposals: Proposals, repository, head):
    number = proposals.open_request(OURS, title='Change a', body='').number
    second = propose(proposals, {'fabrics/b.yaml': None}, repository.head(), parent=head, expected=head)
    assert proposals.request(number).head == second


def test_reviewers_that_cannot_be_asked_do_not_stop_it(forge: Forge, proposals: Proposals, repository, head):
    forge.collaborators.add('carol')
    proposal = proposals.open_request(OURS, title='Change a', body='', reviewers=['bob', 'carol', 'acme/net', 'bob'])
    assert proposal.unavailable == ('bob', 'acme/net')
    [pull] = repository.pull_requests
    assert pull.reviewers == ['carol']


def test_nothing_to_propose_is_refused_in_githubs_words(forge: Forge, proposals: Proposals, repository):
    _create(forge, 'same', repository.head())
    with pytest.raises(Unavailable, match='No commits between'):
        proposals.open_request('same', title='Nothing', body='')


def test_a_missing_permission_is_named(forge: Forge, proposals: Proposals, head):
    forge.add_token('ghp_writer', permissions={'contents': 'write', 'metadata': 'read'})
    server = connect(forge, 'ghp_writer')
    with pytest.raises(Forbidden) as caught:
        proposals_of(server).open_request(OURS, title='Change a', body='')
    assert 'pull_requests=write' in caught.value.needs
    server.close()
