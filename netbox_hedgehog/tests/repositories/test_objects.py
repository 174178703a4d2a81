"""What others pushed is read for what it is, however odd, and damage is never taken for something else."""

import stat
from datetime import UTC, datetime

import pytest
from dulwich import objects as git
from dulwich.object_store import MemoryObjectStore

from netbox_hedgehog.repositories import Author, Unavailable, blob_id
from netbox_hedgehog.repositories.objects import Objects

TREE = git.Tree().id.decode()
COMMIT = f"""tree {TREE}
author Ann <ann@example.com> 1700000000 +0100
committer Ann <ann@example.com> 1700000000 +0100

Subject
"""


def stored(kind: type[git.ShaFile], text: str | bytes, store: MemoryObjectStore) -> str:
    made = kind.from_string(text if isinstance(text, bytes) else text.encode())
    store.add_objects([(made, None), (git.Tree(), None)])
    return made.id.decode()


def logged(text: str | bytes):
    """Return how the one commit of a history is told."""
    store = MemoryObjectStore()
    sha = stored(git.Commit, text, store)
    ((commit,), complete) = Objects(store, 'memory').log('', start=sha, limit=1, bound=9)
    assert complete
    return commit


def chain(store: MemoryObjectStore, length: int) -> list[str]:
    commits: list[str] = []
    for number in range(length):
        parent = f'parent {commits[-1]}\n' if commits else ''
        commits.append(stored(git.Commit, COMMIT.replace('author', f'{parent}author', 1) + str(number), store))
    return commits


@pytest.mark.parametrize(
    ('seconds', 'offset', 'told'),
    [
        ('1700000000', '+0100', datetime.fromisoformat('2023-11-14T23:13:20+01:00')),
        ('1700000000', '-0330', datetime.fromisoformat('2023-11-14T18:43:20-03:30')),
        ('1700000000', '+9959', datetime.fromisoformat('2023-11-14T22:13:20+00:00')),
        ('99999999999999999', '+0000', datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_commit_has_a_time_whatever_it_claims(seconds, offset, told):
    commit = logged(COMMIT.replace('1700000000 +0100', f'{seconds} {offset}'))
    assert commit.committer_time == told
    assert commit.committer_time.utcoffset() == told.utcoffset()


@pytest.mark.parametrize(
    ('header', 'word', 'told'),
    [
        (b'', 'Größe'.encode(), 'Größe'),
        (b'encoding ISO-8859-1\n', 'Größe'.encode('latin-1'), 'Größe'),
        (b'encoding nonsense\n', 'Größe'.encode(), 'Größe'),
        (b'', 'Größe'.encode('latin-1'), 'Gr\ufffd\ufffde'),
    ],
)
def test_a_message_is_told_in_its_own_encoding(header, word, told):
    assert logged(COMMIT.encode().replace(b'\n\nSubject', b'\n' + header + b'\n' + word)).message == f'{told}\n'


@pytest.mark.parametrize(
    ('line', 'told'),
    [
        ('Ann <ann@example.com>', Author('Ann', 'ann@example.com')),
        ('Ann Lee <x> <ann@example.com>', Author('Ann Lee <x>', 'ann@example.com')),
        (' <ann@example.com>', Author('', 'ann@example.com')),
        ('Ann <>', Author('Ann', '')),
    ],
)
def test_an_author_is_told_by_name_and_mail(line, told):
    assert logged(COMMIT.replace('Ann <ann@example.com>', line, 1)).author == told


@pytest.mark.parametrize('missing', ['author', 'committer'])
def test_an_incomplete_commit_is_damage(missing):
    store = MemoryObjectStore()
    sha = stored(git.Commit, ''.join(line for line in COMMIT.splitlines(True) if not line.startswith(missing)), store)
    with pytest.raises(Unavailable, match='is damaged'):
        Objects(store, 'memory').entries(sha, '')


@pytest.mark.parametrize('name', [b'a/b', b'.', b'..'])
def test_an_entry_that_no_directory_can_have_is_damage(name):
    store = MemoryObjectStore()
    tree = git.Tree()
    tree.add(name, stat.S_IFREG | 0o644, git.ObjectID(blob_id(b'').encode()))
    store.add_object(tree)
    sha = stored(git.Commit, COMMIT.replace(TREE, tree.id.decode()), store)
    with pytest.raises(Unavailable, match='impossible entry'):
        Objects(store, 'memory').entries(sha, '')


def test_an_object_under_a_wrong_name_is_damage():
    class Swapped(MemoryObjectStore):
        def __getitem__(self, name):
            return git.Blob.from_string(b'other')

    with pytest.raises(Unavailable, match='has changed'):
        Objects(Swapped(), 'memory').content(blob_id(b'content'))


def test_an_object_that_cannot_be_read_is_unavailable():
    class Broken(MemoryObjectStore):
        def __getitem__(self, name):
            raise OSError(5, 'Input/output error')

    with pytest.raises(Unavailable, match='Input/output error'):
        Objects(Broken(), 'memory').content(blob_id(b'content'))


def test_a_search_ends_at_its_bound_and_says_so():
    store = MemoryObjectStore()
    commits = chain(store, 6)
    objects = Objects(store, 'memory')
    assert objects.is_ancestor(commits[0], commits[-1], bound=3) is None
    assert objects.is_ancestor(commits[0], commits[-1], bound=6) is True
    assert objects.is_ancestor('d' * 40, commits[-1], bound=7) is False
    found, complete = objects.log('', start=commits[-1], limit=9, bound=3)
    assert ([commit.sha for commit in found], complete) == (commits[:2:-1], False)


def test_a_search_ends_where_history_was_cut_off_and_says_so():
    store = MemoryObjectStore()
    commits = chain(store, 6)
    objects = Objects(store, 'memory', {git.ObjectID(commits[3].encode())})
    assert objects.is_ancestor(commits[2], commits[-1], bound=9) is True  # named as parent, though not in the store
    assert objects.is_ancestor(commits[1], commits[-1], bound=9) is None
    found, complete = objects.log('', start=commits[-1], limit=9, bound=9)
    assert ([commit.sha for commit in found], complete) == (commits[:3:-1], False)


def test_directories_may_nest_as_deep_as_somebody_pushed_them():
    store = MemoryObjectStore()
    tree = git.Tree()
    tree.add(b'f', stat.S_IFREG | 0o644, git.ObjectID(blob_id(b'').encode()))
    for _ in range(3000):
        store.add_object(tree)
        above = git.Tree()
        above.add(b'd', stat.S_IFDIR, tree.id)
        tree = above
    store.add_object(tree)
    sha = stored(git.Commit, COMMIT.replace(TREE, tree.id.decode()), store)
    assert list(Objects(store, 'memory').entries(sha, '')) == ['d/' * 3000 + 'f']
