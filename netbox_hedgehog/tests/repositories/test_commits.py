"""A change set becomes one commit on the expected head, or nothing."""

from datetime import timedelta

import pytest

from netbox_hedgehog.repositories import Author, Entry, HeadMoved, InvalidChange, blob_id

from .conftest import WHEN
from .git_host import EXECUTABLE, FILE, SUBMODULE, SYMLINK, content, git, listing


def test_files_are_added_changed_and_deleted_in_one_commit(place):
    first = place.seed({'f/keep': b'keep', 'f/change': b'1', 'f/drop': b'drop', 'top': b'top'})
    second = place.commit({'f/change': b'2', 'f/drop': None, 'g/h/new': b'new'}, first)
    assert place.head() == second
    assert git(place.path, 'rev-parse', f'{second}^') == first
    assert set(listing(place.path, second)) == {'f/keep', 'f/change', 'g/h/new', 'top'}
    assert content(place.path, second, 'f/change') == b'2'
    assert content(place.path, second, 'g/h/new') == b'new'
    assert listing(place.path, second)['top'] == listing(place.path, first)['top']


def test_the_first_commit_creates_the_branch(place):
    first = place.commit({'fabric/a.yaml': b'a'}, None)
    assert place.head() == first
    assert git(place.path, 'rev-list', '--count', first) == '1'
    assert listing(place.path, first).keys() == {'fabric/a.yaml'}


def test_a_new_branch_can_be_created_beside_others(place):
    place.seed({'b': b'b'}, branch='other')
    first = place.commit({'a': b'a'}, None)
    assert place.head() == first


def test_a_first_commit_needs_the_branch_to_be_absent(place):
    first = place.seed({'a': b'a'})
    with pytest.raises(HeadMoved) as moved:
        place.commit({'b': b'b'}, None)
    assert (moved.value.expected, moved.value.found) == (None, first)
    assert place.head() == first


@pytest.mark.parametrize('changes', [{}, {'a': b'same'}], ids=['nothing', 'same'])
def test_a_change_set_without_effect_makes_no_commit(place, changes):
    first = place.seed({'a': b'same'})
    assert place.commit(changes, first) == first
    assert place.head() == first
    second = place.seed({'a': b'other'}, onto=first)
    with pytest.raises(HeadMoved) as moved:
        place.commit(changes, first)
    assert moved.value.found == second


def test_a_moved_head_is_never_overwritten(place):
    first = place.seed({'a': b'1'})
    with place.open() as repository:
        repository.tree(first, '')
        second = place.seed({'b': b'2'}, onto=first)
        with pytest.raises(HeadMoved) as moved:
            place.commit({'a': b'3'}, first, repository=repository)
    assert (moved.value.branch, moved.value.expected, moved.value.found) == ('main', first, second)
    assert place.head() == second


def test_a_rewound_or_rewritten_branch_is_never_overwritten(place):
    first, second = place.history({'a': b'1'}, {'a': b'2'})
    with place.open() as repository:
        repository.tree(second, '')
        git(place.path, 'update-ref', 'refs/heads/main', first)
        with pytest.raises(HeadMoved) as moved:
            place.commit({'b': b'b'}, second, repository=repository)
    assert moved.value.found == first
    assert place.head() == first


def test_a_head_that_no_longer_exists_has_moved(place):
    first = place.seed({'a': b'1'})
    with pytest.raises(HeadMoved) as moved:
        place.commit({'b': b'b'}, 'd' * 40)
    assert (moved.value.expected, moved.value.found) == ('d' * 40, first)


def test_a_deleted_branch_has_moved(place):
    first = place.seed({'a': b'1'})
    with place.open() as repository:
        repository.tree(first, '')
        git(place.path, 'update-ref', '-d', 'refs/heads/main')
        with pytest.raises(HeadMoved) as moved:
            place.commit({'b': b'b'}, first, repository=repository)
    assert moved.value.found is None


def test_a_file_keeps_its_mode_and_a_new_one_is_an_ordinary_file(place):
    first = place.seed({'run': (EXECUTABLE, b'1'), 'note': b'1'})
    second = place.commit({'run': b'2', 'note': b'2', 'new': b'2'}, first)
    assert {path: mode for path, (mode, _) in listing(place.path, second).items()} == {
        'run': EXECUTABLE,
        'note': FILE,
        'new': FILE,
    }


def test_what_the_caller_knows_makes_no_difference(place):
    first = place.seed({'run': (EXECUTABLE, b'1'), 'gone': b'g', 'other': b'o'})
    known = {'run': Entry(EXECUTABLE, blob_id(b'1')), 'gone': Entry(FILE, blob_id(b'g')), 'new': None}
    second = place.commit({'run': b'2', 'gone': None, 'new': b'n'}, first, known=known)
    assert {path: mode for path, (mode, _) in listing(place.path, second).items()} == {
        'run': EXECUTABLE,
        'other': FILE,
        'new': FILE,
    }


def test_links_and_submodules_stay_as_they_are_beside_a_change(place):
    first = place.seed({'d/link': (SYMLINK, b'a'), 'd/module': (SUBMODULE, 'c' * 40), 'd/a': b'a'})
    second = place.commit({'d/a': b'b', 'd/b': b'b'}, first)
    after = listing(place.path, second)
    assert after['d/link'] == listing(place.path, first)['d/link']
    assert after['d/module'] == (SUBMODULE, 'c' * 40)


@pytest.mark.parametrize(
    ('path', 'data'), [('link', b'x'), ('module', None), ('absent', None), ('../a', b'x')], ids=str
)
def test_a_change_that_cannot_be_applied_is_refused_as_a_whole(place, path, data):
    first = place.seed({'a': b'a', 'link': (SYMLINK, b'd'), 'module': (SUBMODULE, 'c' * 40)})
    with pytest.raises(InvalidChange) as refused:
        place.commit({'a': b'changed', path: data}, first)
    assert refused.value.path == path
    assert place.head() == first


def test_a_file_becomes_a_directory_and_a_directory_a_file(place):
    first = place.seed({'a': b'a', 'd/e/f': b'f', 'd/g': b'g', 'z': b'z'})
    second = place.commit({'a': None, 'a/b/c': b'c', 'd/e/f': None, 'd/g': None, 'd': b'd'}, first)
    assert set(listing(place.path, second)) == {'a/b/c', 'd', 'z'}
    third = place.commit({'a/b/c': None, 'a/b': b'b', 'd': None, 'd/e': b'e'}, second)
    assert set(listing(place.path, third)) == {'a/b', 'd/e', 'z'}


def test_a_directory_without_files_disappears(place):
    first = place.seed({'a/b/c': b'c'})
    second = place.commit({'a/b/c': None}, first)
    assert listing(place.path, second) == {}
    third = place.commit({'a/b/d': b'd'}, second)
    assert set(listing(place.path, third)) == {'a/b/d'}


def test_names_in_every_script_are_written_exactly(place):
    names = ['größe/ü.yaml', '日本/東京.yaml', 'emoji/🦔.yaml', "a b/it's.yaml"]
    first = place.commit(dict.fromkeys(names, b'x'), None)
    assert set(listing(place.path, first)) == set(names)
    second = place.commit(dict.fromkeys(names, None) | {'rest': b'r'}, first)
    assert set(listing(place.path, second)) == {'rest'}


def test_a_file_whose_name_nobody_would_choose_can_be_changed_and_deleted(place):
    odd = ['legacy/ä.yaml' if place.speaks_json else 'legacy/\udce4.yaml', 'd/u\u0308.yaml', 'back\\slash.yaml']
    first = place.seed(dict.fromkeys(odd, b'x') | {'a': b'a'})
    second = place.commit({odd[0]: b'y', odd[1]: b'y', odd[2]: None}, first)
    with place.open() as repository:
        assert repository.tree(second, '').keys() == {odd[0], odd[1], 'a'}
    third = place.commit({odd[0]: None, odd[1]: None}, second)
    assert set(listing(place.path, third)) == {'a'}


def test_a_thousand_files_are_one_commit(place):
    first = place.seed({'fabric/old': b'old'})
    changes = {f'fabric/{number % 5}/{number:04}.yaml': b'number: %d\n' % number for number in range(1000)}
    with place.open() as repository:
        second = place.commit(changes, first, repository=repository)
        tree = repository.tree(second, 'fabric')
        found = repository.read({tree[path].blob for path in changes})
    assert len(tree) == 1001
    assert {path: found[tree[path].blob] for path in changes} == changes
    assert git(place.path, 'rev-list', '--count', second) == '2'


def test_content_is_kept_byte_by_byte(place):
    data = {'empty': b'', 'crlf': b'a\r\nb\r\n', 'binary': bytes(range(256)), 'large': b'0123456789abcdef' * 65_536}
    first = place.commit(data, None)
    assert {name: content(place.path, first, name) for name in data} == data


def test_the_same_call_gives_the_same_commit_and_its_repetition_succeeds(place):
    first = place.seed({'a': b'1'})
    second = place.commit({'a': b'2'}, first)
    assert place.commit({'a': b'2'}, first) == second
    assert place.head() == second
    git(place.path, 'update-ref', 'refs/heads/main', first)
    assert place.commit({'a': b'2'}, first) == second
    git(place.path, 'update-ref', 'refs/heads/main', first)
    assert place.commit({'a': b'2'}, first, when=WHEN + timedelta(seconds=1)) != second


def test_the_same_call_gives_the_same_commit_at_every_place(place):
    first = place.commit({'a': b'1'}, None)
    assert first == '35f59d2e2d04f40047e54860b0d311938dd542cb'
    assert place.commit({'a': b'2', 'b/c': b'3'}, first).endswith('ace4b5463e68')


def test_the_same_first_commit_may_be_repeated(place):
    first = place.commit({'a': b'1'}, None)
    assert place.commit({'a': b'1'}, None) == first


def test_the_committer_can_be_named(place):
    first = place.commit({'a': b'1'}, None, committer=Author('Bot', 'bot@example.com'))
    assert git(place.path, 'log', '-1', '--format=%cn <%ce>', first) == 'Bot <bot@example.com>'


@pytest.mark.parametrize(
    ('message', 'kept'), [('Subject', 'Subject\n'), ('Subject\n\nBody\n\n', 'Subject\n\nBody\n'), ('a\0b', 'ab\n')]
)
def test_a_message_ends_with_one_line_break(place, message, kept):
    first = place.commit({'a': b'1'}, None, message=message)
    assert git(place.path, 'cat-file', 'commit', first).partition('\n\n')[2] == kept.rstrip('\n')
    with place.open() as repository:
        assert repository.log('', start=first, limit=1)[0].message == kept
