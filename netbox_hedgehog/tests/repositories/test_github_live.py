"""The same steps on the double and, where one is named, on a real repository of GitHub.

HEDGEHOG_TEST_GITHUB_REPO is `owner/name` or a URL, HEDGEHOG_TEST_GITHUB_TOKEN may write its contents. Everything
happens on branches that are removed again.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from netbox_hedgehog.repositories import HeadMoved, RemoteAddress, open_repository
from netbox_hedgehog.repositories.github import BranchMemory, GitHubAccess, GitHubRepository, Token
from netbox_hedgehog.repositories.github.branch import Branch
from netbox_hedgehog.repositories.github.history import History

from .on_github import ANN, TOKEN, numbered

REPOSITORY, SECRET = 'HEDGEHOG_TEST_GITHUB_REPO', 'HEDGEHOG_TEST_GITHUB_TOKEN'

type Open = Callable[..., GitHubRepository]


@pytest.fixture(params=['double', 'live'])
def opened(request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open a branch of its own, which does not exist yet."""
    if request.param == 'double':
        url, token = request.getfixturevalue('hub').hosted.url, TOKEN
    elif REPOSITORY in os.environ and SECRET in os.environ:
        url, token = os.environ[REPOSITORY], os.environ[SECRET]
    else:
        pytest.skip(f'{REPOSITORY} and {SECRET} do not name a repository on GitHub')
    address = RemoteAddress(url if '://' in url else f'https://github.com/{url}')
    branch, memory = f'hedgehog-test/{uuid.uuid4().hex[:12]}', BranchMemory()

    def again(*, verified: bool = False) -> GitHubRepository:
        access = GitHubAccess(Token(token), memory=memory, verified=verified)
        return open_repository(address, branch, github=access)

    yield again
    with again() as repository:
        own = Branch(repository.server, branch, History(repository.server, memory), memory)
        tip = own.tip()
        if tip:
            own.delete(tip)


def commit(repository: GitHubRepository, changes, head: str | None, message: str = 'Test', **more) -> str:
    when = datetime.now(UTC).replace(microsecond=0)
    return repository.commit(changes, message=message, author=ANN, expected_head=head, when=when, **more)


def test_a_branch_is_made_changed_and_read(opened: Open):
    with opened() as repository:
        first = commit(repository, {'a.yaml': b'a: 1\n', 'd/b.yaml': 'b: größe\n'.encode()}, None)
        second = commit(repository, {'a.yaml': b'a: 2\n', 'd/b.yaml': None, 'binary': bytes(range(256))}, first)
    with opened() as repository:
        assert repository.head() == second
        assert repository.head() == second
        tree = repository.tree(second, '')
        assert list(tree) == ['a.yaml', 'binary']
        found = repository.read([entry.blob for entry in tree.values()])
        assert [found[entry.blob] for entry in tree.values()] == [b'a: 2\n', bytes(range(256))]
        assert set(repository.compare(first, second, '')) == {'a.yaml', 'binary', 'd/b.yaml'}
        assert repository.is_ancestor(first, second)
        assert [step.sha for step in repository.log('a.yaml', start=second, limit=5)] == [second, first]


def test_many_files_are_one_commit(opened: Open):
    files = numbered(250)
    with opened() as repository:
        first = commit(repository, {'a': b'a'}, None)
        second = commit(repository, files, first, known=dict.fromkeys(files))
        (newest,) = repository.log('', start=second, limit=1)
    assert newest.parents == (first,)
    with opened() as repository:
        tree = repository.tree(second, 'fabric')
        found = repository.read({entry.blob for entry in tree.values()})
        assert {path: found[entry.blob] for path, entry in tree.items()} == files


def test_another_writer_is_not_overwritten(opened: Open):
    with opened() as repository, opened() as other:
        first = commit(repository, {'a': b'1'}, None)
        second = commit(other, {'b': b'1'}, first)
        with pytest.raises(HeadMoved):
            commit(repository, {'c': b'1'}, first)
        assert set(repository.tree(second, '')) == {'a', 'b'}


def test_a_commit_that_github_signs(opened: Open):
    with opened() as repository:
        first = commit(repository, {'a': b'1'}, None)
    with opened(verified=True) as repository:
        second = commit(repository, {'a': b'2'}, first, 'Subject\n\nBody')
        (newest,) = repository.log('', start=second, limit=1)
        assert newest.message.split() == ['Subject', 'Body']
        assert repository.head() == second
