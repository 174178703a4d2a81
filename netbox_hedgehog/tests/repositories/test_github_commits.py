"""A batch becomes one commit, in pieces that GitHub takes, and nothing else than what was asked for."""

import json
from datetime import datetime
from typing import override

import pytest

from netbox_hedgehog.repositories import Entry, HeadMoved, InvalidChange, ProtectedBranch, Unavailable, blob_id
from netbox_hedgehog.repositories.github import Answer, GitHubServer
from netbox_hedgehog.tests.github import FaultKind

from .git_host import EXECUTABLE, FILE, SYMLINK, content, listing
from .on_github import WHEN, numbered


class Watching(GitHubServer):
    """Keeps the trees that are sent, and may alter them on their way."""

    trees: list[dict]
    altered: tuple[str, str] = ('', '')

    @override
    def write(self, method, path, body, **more) -> Answer:
        if path.endswith('/git/trees'):
            self.trees.append(body)
            body = json.loads(json.dumps(body).replace(*self.altered)) if self.altered[0] else body
        return super().write(method, path, body, **more)


@pytest.fixture
def watching(hub):
    kind = type('WatchingHere', (Watching,), {'trees': []})
    with hub.open(kind=kind) as repository:
        yield repository, kind


# ---- Pieces


def test_no_piece_is_too_large_for_github(hub, watching):
    repository, kind = watching
    files = {f'{number:03}': b'x' * 50_000 for number in range(60)} | numbered(250)
    hub.commit(files, repository.head(), repository=repository)
    assert max(len(tree['tree']) for tree in kind.trees) <= 100
    assert max(sum(len(item['content']) for item in tree['tree']) for tree in kind.trees) <= 2**20
    assert all(tree['base_tree'] for tree in kind.trees)
    assert hub.hosted.files().items() >= files.items()
    assert len(hub.hosted.log()) == 2


def test_a_piece_that_takes_too_long_is_halved_and_the_size_is_remembered(hub):
    head = hub.warm()
    hub.forge.most_tree_entries = 40
    files = numbered(200)
    hub.commit(files, head, known=dict.fromkeys(files))
    assert hub.hosted.files().items() >= files.items()
    assert hub.memory.chunk_entries == 25
    hub.forge.requests.clear()
    hub.commit(dict.fromkeys(files), hub.hosted.head(), known={p: Entry(FILE, 'a' * 40) for p in files})
    assert all(request.status < 400 for request in hub.forge.requests)


def test_a_single_file_that_takes_too_long_is_told(hub):
    head = hub.warm()
    hub.fail(FaultKind.TREE_TIMEOUT, times=20)
    with pytest.raises(Unavailable, match="'a', not even alone"):
        hub.commit({'a': b'a', 'b': b'b', 'c': b'c'}, head)
    assert hub.hosted.head() == head


def test_a_bad_gateway_halves_a_piece_for_this_once(hub):
    head = hub.warm()
    hub.fail(FaultKind.BAD_GATEWAY, operation='git/create-tree')
    hub.commit(numbered(80), head)
    assert hub.operations()['git/create-tree'] == 3
    assert hub.memory.chunk_entries == 100


def test_what_no_text_can_carry_is_stored_apart(hub):
    head = hub.warm()
    files = {
        'binary': bytes(range(256)),
        'again': bytes(range(256)),
        'large': b'0123456789abcdef' * 2**17,
        'text': b'x',
    }
    new = hub.commit(files, head)
    assert hub.operations()['git/create-blob'] == 2
    assert {path: content(hub.hosted.path, new, path) for path in files} == files


# ---- What was asked for


def test_a_tree_that_comes_out_otherwise_never_reaches_the_branch(hub, watching):
    repository, kind = watching
    head = repository.head()
    repository.tree(head, '')
    kind.altered = ('precious', 'spoilt')
    with pytest.raises(Unavailable, match='must come out'):
        hub.commit({'a': b'precious'}, head, repository=repository)
    assert hub.hosted.head() == head


def test_modes_and_links_are_kept_without_a_listing(hub):
    first = hub.hosted.push({'run': (EXECUTABLE, b'1'), 'link': (SYMLINK, b'run'), 'other': b'o'})
    known = {'run': Entry(EXECUTABLE, blob_id(b'1'))}
    second = hub.commit({'run': b'2'}, first, known=known)
    assert {path: mode for path, (mode, _) in listing(hub.hosted.path, second).items()} == {
        'README.md': FILE,
        'run': EXECUTABLE,
        'link': SYMLINK,
        'other': FILE,
    }


@pytest.mark.parametrize(
    ('known', 'data'),
    [
        pytest.param(None, None, id='delete-what-is-absent'),
        pytest.param(Entry(SYMLINK, 'a' * 40), b'x', id='over-a-link'),
        pytest.param(Entry(0o160000, 'a' * 40), None, id='delete-a-submodule'),
    ],
)
def test_what_is_known_is_checked_like_what_is_listed(hub, known, data):
    head = hub.warm()
    with pytest.raises(InvalidChange) as refused:
        hub.commit({'a': data}, head, known={'a': known})
    assert refused.value.path == 'a'
    assert hub.forge.requests == []


def test_a_deletion_of_what_is_wrongly_known_is_refused_as_a_whole(hub):
    head = hub.warm()
    with pytest.raises(InvalidChange) as refused:
        hub.commit({'gone': None, 'new': b'n'}, head, known={'gone': Entry(FILE, 'a' * 40), 'new': None})
    assert refused.value.path == 'gone'
    assert hub.hosted.head() == head


def test_nothing_is_sent_for_what_is_there_already(hub):
    head = hub.warm()
    known = {'README.md': Entry(FILE, blob_id(b'Network\n'))}
    assert hub.commit({'README.md': b'Network\n'}, head, known=known) == head
    assert hub.requests == ['git/get-ref 200']


def test_names_that_github_cannot_be_told_are_refused(hub):
    head = hub.warm()
    for path in ('legacy/\udce4', 'legacy/\ufffd'):
        with pytest.raises(InvalidChange, match='UTF-8'):
            hub.commit({path: b'x'}, head)


def test_author_committer_and_moment_are_ours(hub):
    when = datetime.fromisoformat('2026-05-04T03:02:01.5+05:30')
    new = hub.commit({'a': b'1'}, hub.warm(), when=when, message='Subject\n\nHNP-Batch: 1')
    commit = hub.hosted.log()[-1]
    assert commit.id.decode() == new
    assert commit.author == b'Ann <ann@example.com>'
    assert commit.committer == b'netbox_hedgehog <netbox-hedgehog@localhost>'
    assert commit.author_time == commit.commit_time == int(when.timestamp())
    assert commit.message == b'Subject\n\nHNP-Batch: 1\n'


# ---- Rules


@pytest.mark.parametrize(
    ('kind', 'words'),
    [
        ('pull_request', 'through a pull request'),
        ('signatures', 'verified signatures'),
        ('classic', 'approving review'),
    ],
)
def test_a_protected_branch_says_by_which_rule(hub, kind, words):
    head = hub.warm()
    hub.hosted.protect('main', kind=kind)
    with pytest.raises(ProtectedBranch, match=words) as protected:
        hub.commit({'a': b'1'}, head)
    assert protected.value.branch == 'main'
    assert hub.hosted.head() == head


def test_without_graphql_commits_are_made_all_the_same(hub):
    head = hub.warm()
    hub.fail(FaultKind.FORBIDDEN, operation='graphql/updateRefs', times=9)
    new = hub.commit({'a': b'1'}, head)
    assert hub.hosted.head() == new
    hub.hosted.push({'b': b'1'})
    with pytest.raises(HeadMoved):
        hub.commit({'a': b'2'}, new)


def test_a_branch_that_was_set_back_does_not_get_back_what_was_taken_away(hub):
    first = hub.warm()
    second = hub.hosted.push({'secret': b'taken away'})
    hub.hosted.rewind('main', first)
    with pytest.raises(HeadMoved) as moved:
        hub.commit({'a': b'1'}, second)
    assert (moved.value.found, hub.hosted.head()) == (first, first)


def test_an_object_that_is_not_visible_yet_is_waited_for(hub, monkeypatch):
    head = hub.warm()
    answers = iter([True, False, True, False, False])
    monkeypatch.setattr(
        'netbox_hedgehog.repositories.github.writing.is_object_missing', lambda answer: next(answers, False)
    )
    new = hub.commit({'a': b'1'}, head, when=WHEN)
    assert hub.hosted.head() == new
    assert hub.pauses == [1, 1]
