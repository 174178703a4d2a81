"""What only a directory has: its creation, its locks, its damages, its permissions."""

import os
import stat
import time
from pathlib import Path

import pytest
from dulwich.file import FileLocked

from netbox_hedgehog.repositories import (
    AddressRefused,
    BareRepository,
    EmptyRepository,
    Forbidden,
    HeadMoved,
    InvalidChange,
    NotFound,
    RepositoryError,
    Unavailable,
    Unsupported,
    blob_id,
    create_bare,
)

from .conftest import ANN, WHEN
from .git_host import add_commits, content, git, make_bare

not_as_root = pytest.mark.skipif(os.geteuid() == 0, reason='permissions do not hold back root')


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_bare(tmp_path / 'repository.git')


def commit(path: Path, changes, head, **more) -> str:
    with BareRepository(path, 'main') as repository:
        return repository.commit(changes, message='m', author=ANN, expected_head=head, when=WHEN, **more)


def test_a_created_repository_is_one_for_git_too(tmp_path):
    path = tmp_path / 'site' / 'fabric.git'
    create_bare(path, 'trunk')
    with BareRepository(path, 'trunk') as repository:
        assert repository.default_branch() == 'trunk'
        with pytest.raises(EmptyRepository):
            repository.head()
        first = repository.commit({'a': b'a'}, message='m', author=ANN, expected_head=None, when=WHEN)
    assert git(path, 'rev-parse', 'HEAD') == first
    assert git(path, 'rev-parse', '--is-bare-repository') == 'true'
    git(tmp_path, 'clone', '--quiet', str(path), 'clone')
    assert (tmp_path / 'clone' / 'a').read_bytes() == b'a'
    git(path, 'fsck', '--full', '--strict')
    assert [entry.name for entry in path.parent.iterdir()] == ['fabric.git']


def test_an_empty_directory_may_become_a_repository(tmp_path):
    (tmp_path / 'empty').mkdir()
    create_bare(tmp_path / 'empty', 'main')
    assert git(tmp_path / 'empty', 'rev-parse', '--is-bare-repository') == 'true'


def test_a_taken_path_is_left_alone(path):
    first = add_commits(path, [{'a': b'a'}])[0]
    note = path.parent / 'note.txt'
    note.write_text('mine')
    for taken in (path, note):
        with pytest.raises(InvalidChange, match='is taken already'):
            create_bare(taken, 'main')
    assert git(path, 'rev-parse', 'main') == first
    assert note.read_text() == 'mine'


def test_what_is_no_repository_is_told_from_nothing(tmp_path):
    (tmp_path / 'file').write_text('text')
    (tmp_path / 'directory').mkdir()
    for name, occupied in (('nothing', False), ('file', True), ('directory', True)):
        with pytest.raises(NotFound) as missing:
            BareRepository(tmp_path / name, 'main')
        assert missing.value.occupied is occupied


def test_a_path_that_cannot_be_followed_is_unavailable(tmp_path):
    (tmp_path / 'loop').symlink_to('loop')
    with pytest.raises(Unavailable, match='symbolic links'):
        BareRepository(tmp_path / 'loop', 'main')


@pytest.mark.parametrize(
    ('arguments', 'config', 'reason'),
    [
        pytest.param(('init',), '', 'work tree', id='work-tree'),
        pytest.param(('init', '--bare', '--object-format=sha256'), '', 'SHA-256', id='sha-256'),
        pytest.param(
            ('init', '--bare'),
            '[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n',
            'reftable',
            id='reftable',
        ),
        pytest.param(
            ('init', '--bare'), '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tnew = yes\n', 'format', id='new'
        ),
        pytest.param(('init', '--bare'), '[core]\n\trepositoryformatversion = 7\n', 'format', id='newest'),
    ],
)
def test_a_repository_of_another_kind_is_unsupported(tmp_path, arguments, config, reason):
    git(tmp_path, *arguments, '--quiet', 'other')
    if config:
        (tmp_path / 'other' / 'config').write_text(config)
    with pytest.raises(Unsupported, match=reason):
        BareRepository(tmp_path / 'other', 'main')


def test_the_inside_of_a_work_tree_is_unsupported_as_well(tmp_path):
    git(tmp_path, 'init', '--quiet', 'work')
    with pytest.raises(Unsupported, match='work tree'):
        BareRepository(tmp_path / 'work' / '.git', 'main')


@pytest.mark.parametrize('branch', ['', '..', 'a..b', 'a b', 'a~1', 'x.lock', '-f', '/a', 'a/', 'a\n', '\ud800?'])
def test_a_name_that_no_branch_can_have_is_refused(path, branch):
    with pytest.raises(AddressRefused):
        BareRepository(path, branch)
    with pytest.raises(AddressRefused):
        create_bare(path.parent / 'new.git', branch)


def test_a_lock_in_use_means_that_the_head_is_about_to_move(path):
    first = add_commits(path, [{'a': b'a'}])[0]
    (path / 'refs/heads/main.lock').touch()
    with pytest.raises(HeadMoved) as moved:
        commit(path, {'a': b'b'}, first)
    assert moved.value.found == first
    assert git(path, 'rev-parse', 'main') == first


def test_a_lock_that_a_crash_left_behind_is_named_with_the_remedy(path):
    first = add_commits(path, [{'a': b'a'}])[0]
    lock = path / 'refs/heads/main.lock'
    lock.touch()
    an_hour_ago = time.time() - 3600
    os.utime(lock, (an_hour_ago, an_hour_ago))
    with pytest.raises(Unavailable, match=r'6\d minutes') as locked:
        commit(path, {'a': b'b'}, first)
    assert str(lock) in locked.value.remedy
    lock.unlink()
    assert commit(path, {'a': b'b'}, first) == git(path, 'rev-parse', 'main')


def test_a_lock_on_an_object_is_treated_alike(path):
    first = add_commits(path, [{'a': b'a'}])[0]
    name = blob_id(b'new content')
    lock = path / 'objects' / name[:2] / f'{name[2:]}.lock'
    lock.parent.mkdir()
    lock.touch()
    with pytest.raises(HeadMoved):
        commit(path, {'a': b'new content'}, first)


def test_a_lock_that_is_gone_already_was_in_use(path, monkeypatch):
    first = add_commits(path, [{'a': b'a'}])[0]

    def locked(self, expected, new):
        raise FileLocked(b'main', bytes(path / 'main.lock'))

    monkeypatch.setattr(BareRepository, '_swap', locked)
    with pytest.raises(HeadMoved):
        commit(path, {'a': b'b'}, first)


def test_few_objects_are_written_as_files_and_many_as_one_pack(path):
    first = commit(path, {'a': b'a'}, None)
    assert not list(path.glob('objects/pack/*.pack'))
    commit(path, {f'{number}': b'%d' % number for number in range(200)}, first)
    assert len(list(path.glob('objects/pack/*.pack'))) == 1
    git(path, 'fsck', '--full', '--strict')


@pytest.mark.parametrize('files', [1, 200])
def test_objects_are_on_disk_before_the_branch_shows_them(path, monkeypatch, files):
    synced: list[str] = []
    fsync = os.fsync

    def record(descriptor: int) -> None:
        synced.append(str(Path(f'/proc/self/fd/{descriptor}').readlink()))
        fsync(descriptor)

    monkeypatch.setattr(os, 'fsync', record)
    commit(path, {f'{number}': b'%d' % number for number in range(files)}, None)
    assert synced[-1].endswith('refs/heads/main.lock')
    assert sum('/objects/' in name for name in synced) >= 2


def test_a_repository_that_git_repacks_stays_readable(path):
    first = commit(path, {f'{number}': b'%d' % number for number in range(20)}, None)
    with BareRepository(path, 'main') as repository:
        tree = repository.tree(first, '')
        git(path, 'gc', '--quiet', '--prune=now')
        assert repository.tree(first, '') == tree
        assert repository.read([blob_id(b'7')]) == {blob_id(b'7'): b'7'}
        second = repository.commit({'7': b'x'}, message='m', author=ANN, expected_head=first, when=WHEN)
    assert content(path, second, '7') == b'x'


def test_a_shallow_repository_says_what_it_cannot_know(path, tmp_path):
    commits = add_commits(path, [{'a': b'%d' % number} for number in range(3)])
    git(tmp_path, 'clone', '--quiet', '--bare', '--depth=1', f'file://{path}', 'shallow.git')
    with BareRepository(tmp_path / 'shallow.git', 'main') as repository:
        assert repository.tree(commits[-1], '').keys() == {'a'}
        assert repository.is_ancestor(commits[1], commits[-1])
        with pytest.raises(RepositoryError, match='left open'):
            repository.is_ancestor(commits[0], commits[-1])
        assert repository.log('a', start=commits[-1], limit=5) == []


def damage(file: Path, data: bytes) -> None:
    file.chmod(stat.S_IRUSR | stat.S_IWUSR)
    file.write_bytes(data)


def loose(path: Path, name: str) -> Path:
    return path / 'objects' / name[:2] / name[2:]


@pytest.mark.parametrize('data', [b'', b'nonsense', b'x\x9c', b'x\x9cK\xca\xc9OR0c\xc8\x04\x00\x12\x84\x03\x02'])
@pytest.mark.parametrize('kind', ['commit', 'tree', 'blob'])
def test_a_damaged_object_is_never_taken_for_something_else(path, kind, data):
    first = commit(path, {'a': b'content'}, None)
    name = {'commit': first, 'tree': git(path, 'rev-parse', f'{first}^{{tree}}'), 'blob': blob_id(b'content')}[kind]
    damage(loose(path, name), data)
    with BareRepository(path, 'main') as repository, pytest.raises(Unavailable):
        repository.read([entry.blob for entry in repository.tree(first, '').values()])


def test_an_object_that_hides_under_another_name_is_found_out(path):
    commit(path, {'a': b'content', 'b': b'other'}, None)
    damage(loose(path, blob_id(b'content')), loose(path, blob_id(b'other')).read_bytes())
    with pytest.raises(Unavailable, match='is damaged'), BareRepository(path, 'main') as repository:
        repository.read([blob_id(b'content')])


def test_a_missing_directory_object_is_damage_and_not_an_empty_directory(path):
    first = commit(path, {'d/a': b'a'}, None)
    loose(path, git(path, 'rev-parse', f'{first}:d')).unlink()
    with pytest.raises(Unavailable, match='is damaged'), BareRepository(path, 'main') as repository:
        repository.tree(first, '')


def test_a_damaged_pack_is_unavailable(path):
    first = commit(path, {f'{number}': b'%d' % number for number in range(200)}, None)
    for suffix in ('pack', 'idx'):
        (pack,) = (path / 'objects/pack').glob(f'*.{suffix}')
        data = pack.read_bytes()
        for broken in (b'', data[:40], data[:20] + b'\xff' * 60 + data[80:], b'x' * len(data)):
            damage(pack, broken)
            with pytest.raises(RepositoryError), BareRepository(path, 'main') as repository:
                repository.read([entry.blob for entry in repository.tree(first, '').values()])
        damage(pack, data)


@pytest.mark.parametrize(
    ('file', 'data'),
    [
        pytest.param('refs/heads/main', b'', id='empty-branch'),
        pytest.param('refs/heads/main', b'nonsense\n', id='nonsense-branch'),
        pytest.param('refs/heads/main', b'\xff\xfe\n', id='binary-branch'),
        pytest.param('refs/heads/main', b'ref: refs/heads/main\n', id='endless-branch'),
        pytest.param('packed-refs', b'', id='empty-packed-refs'),
        pytest.param('packed-refs', b'nonsense\n', id='nonsense-packed-refs'),
        pytest.param('config', b'[core\nbare = ', id='config'),
        pytest.param('config', b'[core]\n\trepositoryformatversion = many\n', id='config-value'),
    ],
)
def test_damaged_branches_are_never_taken_for_missing_ones(path, file, data):
    add_commits(path, [{'a': b'a'}])
    if file == 'packed-refs':
        (path / 'refs/heads/main').unlink()
    (path / file).write_bytes(data)
    with pytest.raises(Unavailable), BareRepository(path, 'main') as repository:
        repository.head()


@not_as_root
def test_a_repository_that_may_not_be_read_is_unavailable(path):
    add_commits(path, [{'a': b'a'}])
    for closed in (path / 'refs/heads', path):
        closed.chmod(0)
        try:
            with pytest.raises(Unavailable), BareRepository(path, 'main') as repository:
                repository.head()
        finally:
            closed.chmod(0o755)


@not_as_root
def test_a_repository_that_may_not_be_written_is_forbidden(path):
    first = add_commits(path, [{'a': b'a'}])[0]
    (path / 'objects').chmod(0o555)
    try:
        with pytest.raises(Forbidden) as forbidden:
            commit(path, {'a': b'b'}, first)
    finally:
        (path / 'objects').chmod(0o755)
    assert forbidden.value.permission == 'write'


def test_a_full_disk_is_unavailable_and_moves_nothing(path, monkeypatch):
    first = add_commits(path, [{'a': b'a'}])[0]

    def full(descriptor: int) -> None:
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(Unavailable, match='No space left'):
        commit(path, {'a': b'b'}, first)
    assert git(path, 'rev-parse', 'main') == first
