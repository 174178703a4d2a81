"""How many requests things cost: with a limit of 5,000 an hour, that is what decides whether they can be done."""

import pytest

from netbox_hedgehog.repositories import Entry, blob_id
from netbox_hedgehog.repositories.github import BranchMemory

from .git_host import FILE
from .on_github import numbered


def test_an_unchanged_branch_costs_one_request_that_is_free(hub):
    head = hub.warm()
    for _ in range(3):
        with hub.open() as repository:
            assert repository.head() == head
    assert hub.requests == ['git/get-ref 304'] * 3
    assert all(request.conditional for request in hub.forge.requests)


def test_a_commit_of_a_known_file_costs_four_requests(hub):
    hub.hosted.push({'fabric/a.yaml': b'a: 1\n'})
    head = hub.warm()
    with hub.open() as repository:
        assert repository.head() == head
        known = {'fabric/a.yaml': Entry(FILE, blob_id(b'a: 1\n'))}
        new = hub.commit({'fabric/a.yaml': b'a: 2\n'}, head, repository=repository, known=known)
    assert hub.requests == ['git/get-ref 304', 'git/create-tree 201', 'git/create-commit 201', 'graphql/updateRefs 200']
    assert hub.hosted.head() == new
    assert hub.hosted.files()['fabric/a.yaml'] == b'a: 2\n'


def test_after_a_commit_the_next_one_builds_on_what_is_known(hub):
    head = hub.warm()
    for number in range(3):
        known = {f'f/{number}': None}
        with hub.open() as repository:
            head = hub.commit({f'f/{number}': b'x'}, head, repository=repository, known=known)
    assert len(hub.forge.requests) == 9
    hub.forge.requests.clear()
    with hub.open() as repository:
        assert repository.head() == head
        assert repository.head() == head
    assert hub.requests == ['git/get-ref 200', 'git/get-ref 304']


def test_a_thousand_files_cost_fifteen_requests(hub):
    head = hub.warm()
    files = numbered(1_000)
    with hub.open() as repository:
        assert repository.head() == head
        new = hub.commit(files, head, repository=repository, known=dict.fromkeys(files))
        assert len(repository.tree(new, 'fabric')) == 1_000
    assert len(hub.forge.requests) <= 15
    assert hub.operations()['git/create-tree'] == 10
    assert hub.hosted.files().items() >= files.items()


@pytest.fixture
def large(hub):
    """Ten thousand files."""
    hub.hosted.push(numbered(10_000))
    hub.forge.requests.clear()
    return hub


def test_ten_thousand_files_are_read_with_five_requests(large):
    with large.open() as repository:
        tree = repository.tree(repository.head(), 'fabric')
        found = repository.read({entry.blob for entry in tree.values()})
    assert {path: found[entry.blob] for path, entry in tree.items()} == numbered(10_000)
    assert len(large.forge.requests) <= 5


def test_one_changed_file_among_ten_thousand_costs_five_requests(large):
    old = large.warm()
    path = 'fabric/1/00001.yaml'
    large.hosted.push({path: b'number: changed\n'})
    large.forge.requests.clear()
    with large.open() as repository:
        new = repository.head()
        assert repository.is_ancestor(old, new)
        blob = repository.tree(new, 'fabric')[path].blob
        assert repository.read([blob]) == {blob: b'number: changed\n'}
    assert len(large.forge.requests) <= 5


def test_a_listing_is_asked_for_once(hub):
    head = hub.warm()
    with hub.open() as repository:
        for prefix in ('', 'fabric', 'README.md'):
            repository.tree(head, prefix)
        repository.compare(head, head, '')
    assert hub.requests == ['git/get-tree 200']


def test_what_is_remembered_is_plain_data_of_one_branch(hub):
    hub.warm()
    kept = hub.memory.to_json()
    assert BranchMemory.from_json(kept) == hub.memory
    assert BranchMemory.from_json({**kept, 'chunk_entries': 'many', 'more': 1}).chunk_entries == 100
    hub.open('other').close()
    assert hub.memory.head == ''
