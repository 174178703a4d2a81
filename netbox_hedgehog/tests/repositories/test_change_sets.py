"""What a change set does to a tree, compared with what it does to a dictionary of files."""

from collections.abc import Mapping

import pytest
from dulwich import objects as dulwich
from dulwich.object_store import MemoryObjectStore
from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_hedgehog.repositories import SERVICE, Author, InvalidChange
from netbox_hedgehog.repositories.changes import NewCommit, prepare_commit
from netbox_hedgehog.repositories.objects import Objects

from .conftest import ANN, WHEN
from .git_host import EXECUTABLE, SUBMODULE, SYMLINK

# Few names, so that files and directories get in each other's way.
PATHS = st.lists(st.sampled_from('abc'), min_size=1, max_size=3).map('/'.join)
CHANGE_SETS = st.lists(
    st.dictionaries(PATHS, st.none() | st.sampled_from([b'', b'1', b'2']), max_size=6), min_size=1, max_size=6
)


class Memory:
    """A repository in memory: the objects, and the commit that the next one builds on."""

    def __init__(self) -> None:
        self.store = MemoryObjectStore()
        self.objects = Objects(self.store, 'memory')
        self.head: str | None = None

    def commit(self, changes: Mapping[str, bytes | None], author: Author = ANN) -> NewCommit:
        new = prepare_commit(
            self.objects, changes, parent=self.head, message='m', author=author, committer=SERVICE, when=WHEN
        )
        self.store.add_objects([(item, None) for item in new.objects])
        self.head = new.sha
        return new

    def files(self) -> dict[str, bytes]:
        if self.head is None:
            return {}
        entries = self.objects.entries(self.head, '')
        return {path: self.objects.content(entry.blob) for path, entry in entries.items()}


def applied(files: dict[str, bytes], changes: Mapping[str, bytes | None]) -> dict[str, bytes] | None:
    """Say what a change set makes of files; None if it contradicts itself or them."""
    if any(data is None and path not in files for path, data in changes.items()):
        return None
    after = {path: data for path, data in (files | changes).items() if data is not None}
    return None if any(other.startswith(f'{path}/') for path in after for other in after) else after


@settings(max_examples=100, deadline=None)
@given(CHANGE_SETS)
def test_a_tree_follows_its_change_sets_as_a_dictionary_does(change_sets):
    memory, files = Memory(), {}
    for changes in change_sets:
        wanted = applied(files, changes)
        if wanted is None:
            with pytest.raises(InvalidChange):
                memory.commit(changes)
            continue
        before, new = memory.head, memory.commit(changes)
        assert memory.files() == wanted
        if wanted == files and before:
            assert new == NewCommit(before, ())
        files = wanted
        for item in new.objects:
            item.check()


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(PATHS, st.binary(max_size=3), max_size=6))
def test_only_new_objects_are_part_of_a_commit(files):
    memory = Memory()
    memory.commit({'z/kept': b'kept', 'y/kept': b'kept'})
    known = set(memory.store)
    try:
        new = memory.commit(files)
    except InvalidChange:
        return
    assert not known & {item.id for item in new.objects if not isinstance(item, dulwich.Blob)}


def crowded() -> Memory:
    """Hold a file, a directory, a link, a submodule and an executable."""
    memory = Memory()
    below = dulwich.Tree()
    blob = dulwich.Blob.from_string(b'x')
    below.add(b'b', 0o100644, blob.id)
    root = dulwich.Tree()
    root.add(b'a', 0o100644, blob.id)
    root.add(b'd', 0o40000, below.id)
    root.add(b'link', SYMLINK, blob.id)
    root.add(b'module', SUBMODULE, dulwich.ObjectID(b'c' * 40))
    root.add(b'run', EXECUTABLE, blob.id)
    memory.store.add_objects([(item, None) for item in (blob, below, root)])
    commit = memory.commit({}).objects[-1].copy()
    commit.tree = root.id
    memory.store.add_object(commit)
    memory.head = commit.id.decode()
    return memory


@pytest.mark.parametrize(
    ('path', 'data'),
    [
        pytest.param('link', b'x', id='over-a-link'),
        pytest.param('link', None, id='delete-a-link'),
        pytest.param('link/below', b'x', id='through-a-link'),
        pytest.param('module', b'x', id='over-a-submodule'),
        pytest.param('module/below', None, id='inside-a-submodule'),
        pytest.param('d', b'x', id='over-a-directory'),
        pytest.param('d', None, id='delete-a-directory'),
        pytest.param('a/below', b'x', id='below-a-file'),
        pytest.param('absent', None, id='delete-what-is-absent'),
        pytest.param('absent/deep', None, id='delete-below-what-is-absent'),
        pytest.param('', b'x', id='no-path'),
        pytest.param('/a', b'x', id='absolute'),
        pytest.param('d//b', b'x', id='empty-part'),
        pytest.param('d/', b'x', id='trailing-slash'),
        pytest.param('../a', b'x', id='outside'),
        pytest.param('d/../a', b'x', id='through-the-parent'),
        pytest.param('./a', b'x', id='dot'),
        pytest.param('.git/config', b'x', id='git-directory'),
        pytest.param('d/.GIT/hooks/x', b'x', id='git-directory-in-capitals'),
        pytest.param('git~1/x', b'x', id='git-directory-on-windows'),
        pytest.param('d\\b', b'x', id='backslash'),
        pytest.param('d/b\n', b'x', id='line-break'),
        pytest.param('d/b\0', b'x', id='nul'),
        pytest.param('d/\udce4', b'x', id='not-utf-8'),
        pytest.param('d/u\u0308', b'x', id='decomposed'),
        pytest.param('x' * 4097, b'x', id='too-long'),
    ],
)
def test_a_change_that_cannot_be_applied_is_refused_with_its_path(path, data):
    memory = crowded()
    with pytest.raises(InvalidChange) as refused:
        memory.commit({'run': b'changed', path: data})
    assert refused.value.path == path
    assert refused.value.reason


def test_a_path_cannot_be_both_file_and_directory():
    for changes in ({'x': b'x', 'x/y': b'y'}, {'x/y': b'y', 'x': b'x'}):
        with pytest.raises(InvalidChange) as refused:
            Memory().commit(changes)
        assert refused.value.path == 'x/y'


@pytest.mark.parametrize(
    ('author', 'identity'),
    [
        pytest.param(Author('Ann', 'ann@example.com'), b'Ann <ann@example.com>', id='plain'),
        pytest.param(Author('Ä ö', 'ä@ö.de'), 'Ä ö <ä@ö.de>'.encode(), id='umlauts'),
        pytest.param(Author('A\nauthor B <b>', 'a > b\n'), b'A author B b <ab>', id='forged-header'),
        pytest.param(Author('', 'a@b'), b'a@b <a@b>', id='no-name'),
        pytest.param(Author(' \0', ''), b'unknown <>', id='nothing'),
        pytest.param(Author('\ud800', ''), b'? <>', id='surrogate'),
    ],
)
def test_an_author_stays_within_the_line(author, identity):
    commit = Memory().commit({'a': b'a'}, author).objects[-1]
    assert commit.author == identity
    commit.check()
