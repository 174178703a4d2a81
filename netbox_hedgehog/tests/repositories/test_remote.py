"""What only a server does: refuse, fall silent, lose an answer, lie."""

import random
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from netbox_hedgehog.repositories import (
    Ambiguous,
    CommitMissing,
    EmptyRepository,
    Forbidden,
    HeadMoved,
    NotFound,
    ProtectedBranch,
    RateLimited,
    RemoteRepository,
    Unauthorized,
    Unavailable,
    Unsupported,
    blob_id,
    git_remote,
    git_server,
)

from .conftest import Place
from .git_host import GitHost, add_commits, content, git, listing, make_bare, serving

BASIC_ANN_SECRET = 'Basic YW5uOnMzY3JldA=='  # ann:s3cret


@pytest.fixture
def place(host: GitHost, tmp_path) -> Iterator[Place]:
    place = Place(make_bare(host.root / tmp_path.name / 'repository.git'), host)
    yield place
    git(place.path, 'fsck', '--full', '--strict')


def pkt(*lines: bytes) -> bytes:
    return b''.join(b'%04x%s' % (len(line) + 4, line) for line in lines)


# ---- Refusals


@pytest.mark.parametrize(
    ('status', 'headers', 'error'),
    [
        (401, {}, Unauthorized),
        (403, {}, Forbidden),
        (404, {}, NotFound),
        (410, {}, NotFound),
        (429, {}, RateLimited),
        (403, {'Retry-After': '60'}, RateLimited),
        (407, {}, Unavailable),
        (418, {}, Unavailable),
        (500, {}, Unavailable),
        (503, {'Retry-After': '60'}, Unavailable),
        (200, {'Content-Type': 'text/html'}, Unsupported),
        (200, {'Content-Type': 'text/plain'}, Unsupported),
    ],
)
def test_each_refusal_has_its_own_error(place, status, headers, error):
    place.host.instead = lambda request: (status, headers, b'<html>no</html>')
    with place.open() as repository, pytest.raises(error) as refused:
        repository.head()
    assert type(refused.value) is error
    assert refused.value.remedy
    assert len(place.host.requests) == 1


@pytest.mark.parametrize(
    ('wait', 'until'),
    [
        ('Fri, 01 Jan 2100 00:00:00 GMT', datetime(2100, 1, 1, tzinfo=UTC)),
        ('soon', None),
        ('9' * 30, None),
        ('', None),
    ],
)
def test_a_limit_says_until_when(place, wait, until):
    place.host.instead = lambda request: (429, {'Retry-After': wait}, b'')
    with place.open() as repository, pytest.raises(RateLimited) as limited:
        repository.head()
    assert limited.value.until == until


def test_a_limit_in_seconds_counts_from_now(place):
    place.host.instead = lambda request: (429, {'Retry-After': '90'}, b'')
    before = datetime.now(UTC)
    with place.open() as repository, pytest.raises(RateLimited) as limited:
        repository.head()
    assert 90 <= (limited.value.until - before).total_seconds() < 100


def test_credentials_are_sent_and_never_told(place):
    sha = place.seed({'a': b'a'})

    def guard(request):
        return None if request.headers.get('Authorization') == BASIC_ANN_SECRET else (401, {}, b'')

    place.host.instead = guard
    url = f'{place.host.url}/{place.path.relative_to(place.host.root)}'
    with RemoteRepository(url, 'main', username='ann', password='s3cret') as repository:
        assert repository.head() == sha
    for password, presented in (('wr0ng', True), (None, False)):
        username = 'ann' if password else None
        with RemoteRepository(url, 'main', username=username, password=password) as repository:
            with pytest.raises(Unauthorized) as refused:
                repository.head()
            assert refused.value.presented is presented
            assert 'wr0ng' not in f'{refused.value!r} {refused.value.remedy} {repository!r}'


def test_credentials_do_not_follow_to_another_server(place, tmp_path):
    add_commits(make_bare(tmp_path / 'other.git'), [{'a': b'a'}])
    with serving(tmp_path) as other:
        place.host.instead = lambda request: (
            302,
            {'Location': f'{other.url}/other.git/info/refs?service=git-upload-pack'},
            b'',
        )
        url = f'{place.host.url}/{place.path.relative_to(place.host.root)}'
        with RemoteRepository(url, 'main', username='ann', password='s3cret') as repository:
            repository.head()
        assert place.host.requests[0].headers['Authorization'] == BASIC_ANN_SECRET
        assert len(other.requests) == 2
        assert not any('Authorization' in request.headers for request in other.requests)


def test_a_repository_that_moved_is_followed(place):
    sha = place.seed({'a': b'a'})
    there = str(place.path.relative_to(place.host.root))
    place.host.instead = lambda request: (
        (301, {'Location': request.path.replace('/old/place', f'/{there}')}, b'') if '/old/' in request.path else None
    )
    with RemoteRepository(f'{place.host.url}/old/place', 'main') as repository:
        assert repository.head() == sha
        second = place.commit({'a': b'b'}, sha, repository=repository)
    assert place.head() == second


def test_a_server_that_is_not_there_is_unavailable():
    with socket.create_server(('127.0.0.1', 0)) as closed:
        port = closed.getsockname()[1]
    with (
        RemoteRepository(f'http://127.0.0.1:{port}/r', 'main') as repository,
        pytest.raises(Unavailable, match='accepts no connection'),
    ):
        repository.head()


def test_a_server_that_says_nothing_is_unavailable_after_the_timeout():
    with socket.create_server(('127.0.0.1', 0)) as silent:
        url = f'http://127.0.0.1:{silent.getsockname()[1]}/r'
        with (
            RemoteRepository(url, 'main', timeout_seconds=0.1) as repository,
            pytest.raises(Unavailable, match=r'did not answer within 0\.1 seconds'),
        ):
            repository.head()


def test_an_unknown_host_is_unavailable(monkeypatch):
    def unknown(*args, **more):
        raise socket.gaierror(-2, 'Name or service not known')

    monkeypatch.setattr(socket, 'getaddrinfo', unknown)
    with (
        RemoteRepository('https://nowhere.invalid/r', 'main') as repository,
        pytest.raises(Unavailable, match=r'The host of https://nowhere\.invalid/r is not known'),
    ):
        repository.head()


def test_a_connection_without_encryption_is_not_taken_for_a_secure_one(place):
    with (
        RemoteRepository(place.host.url.replace('http:', 'https:') + '/r', 'main', timeout_seconds=5) as repository,
        pytest.raises(Unavailable, match='is not secure'),
    ):
        repository.head()


@pytest.mark.parametrize(
    'body',
    [
        pytest.param(b'', id='nothing'),
        pytest.param(b'nonsense', id='nonsense'),
        pytest.param(b'00', id='cut-off'),
        pytest.param(pkt(b'# service=git-upload-pack\n') + b'0000' + pkt(b'nonsense\n') + b'0000', id='no-reference'),
        pytest.param(pkt(b'# service=git-upload-pack\n') + b'0000' + pkt(b'ERR access denied\n') + b'0000', id='error'),
        pytest.param(pkt(b'version 2\n', b'ls-refs\n') + b'0000', id='then-nothing'),
    ],
)
def test_an_answer_without_sense_is_unavailable(place, body):
    place.host.instead = lambda request: (
        (200, {'Content-Type': 'application/x-git-upload-pack-advertisement'}, body)
        if request.method == 'GET'
        else (200, {'Content-Type': 'application/x-git-upload-pack-result'}, b'\xff' * 9)
    )
    with place.open() as repository, pytest.raises(Unavailable):
        repository.head()


REFERENCES = [
    pytest.param(pkt(b'ERR access denied'), 'refuses: access denied', id='refusal'),
    pytest.param(pkt(b'd' * 39 + b' refs/heads/main\n') + b'0000', 'makes no sense', id='short-name'),
    pytest.param(pkt(b'\xff' * 40 + b' refs/heads/main\n') + b'0000', 'makes no sense', id='no-name'),
]


@pytest.mark.parametrize(('body', 'told'), REFERENCES)
def test_references_are_told_as_they_are_or_not_at_all(place, body, told):
    place.host.instead = lambda request: (
        (200, {'Content-Type': 'application/x-git-upload-pack-result'}, body) if request.method == 'POST' else None
    )
    with place.open() as repository, pytest.raises(Unavailable, match=told):
        repository.head()


def test_a_repository_that_names_objects_by_sha_256_is_unsupported(host, tmp_path):
    git(host.root, 'init', '--quiet', '--bare', '--object-format=sha256', f'{tmp_path.name}.git')
    with (
        RemoteRepository(f'{host.url}/{tmp_path.name}.git', 'main') as repository,
        pytest.raises(Unsupported, match='SHA-256'),
    ):
        repository.head()


# ---- Reading


def test_a_poll_costs_two_requests_and_a_listing_no_contents(place):
    sha = place.seed({f'{number}': bytes(1000) for number in range(50)})
    with place.open() as repository:
        repository.head()
        assert len(place.host.requests) == 2
        repository.tree(sha, '')
        repository.tree(sha, '')
        assert len(place.host.requests) == 5


def test_a_server_that_hands_out_whole_commits_only_is_read_all_the_same(place):
    sha = place.seed({'a': b'content'})
    wanted = f'want {blob_id(b"content")}'.encode()
    place.host.instead = lambda request: (
        (200, {'Content-Type': 'application/x-git-upload-pack-result'}, pkt(b'ERR upload-pack: not our ref'))
        if wanted in request.body
        else None
    )
    with place.open() as repository:
        repository.tree(sha, '')
        assert repository.read([blob_id(b'content')]) == {blob_id(b'content'): b'content'}


def test_a_server_that_refuses_without_naming_a_commit_is_unavailable(place):
    sha = place.seed({'a': b'content'})
    refusal = (200, {'Content-Type': 'application/x-git-upload-pack-result'}, pkt(b'ERR out of order'))
    place.host.instead = lambda request: refusal if b'command=fetch' in request.body else None
    with place.open() as repository, pytest.raises(Unavailable, match='refuses: out of order'):
        repository.tree(sha, '')


def test_a_history_that_is_too_long_to_search_leaves_the_question_open(place, monkeypatch):
    monkeypatch.setattr(git_remote, 'ANCESTRY_DEPTHS', (1, 2))
    commits = place.history(*({'a': b'%d' % number} for number in range(5)))
    with place.open() as repository:
        assert repository.is_ancestor(commits[2], commits[4])
        with pytest.raises(Ambiguous) as doubt:
            repository.is_ancestor(commits[0], commits[4])
    assert doubt.value.sha == commits[0]


def test_a_server_of_the_first_protocol_is_read_and_written(place):
    first, second = place.history({'f/a': b'1'}, {'f/a': b'2'})
    place.host.protocol = 0
    with place.open() as repository:
        assert repository.head() == second
        assert repository.default_branch() == 'main'
        assert repository.read([repository.tree(second, 'f')['f/a'].blob]) == {blob_id(b'2'): b'2'}
        assert repository.is_ancestor(first, second)
        assert [commit.sha for commit in repository.log('f', start=second, limit=5)] == [second, first]
        with pytest.raises(CommitMissing):
            repository.tree('d' * 40, '')
        third = place.commit({'f/b': b'3'}, second, repository=repository)
    assert set(listing(place.path, third)) == {'f/a', 'f/b'}


def test_an_empty_server_of_the_first_protocol_is_empty(place):
    place.host.protocol = 0
    with place.open() as repository:
        with pytest.raises(EmptyRepository):
            repository.head()
        first = place.commit({'a': b'1'}, None, repository=repository)
        assert repository.head() == first


def test_a_server_without_filters_is_written(tmp_path, host):
    path = make_bare(host.root / tmp_path.name / 'plain.git', filters=False)
    place = Place(path, host)
    first = place.seed({'a': b'1', 'd/b': b'2'})
    with place.open(name='plain.git') as repository:
        second = place.commit({'d/b': b'3'}, first, repository=repository)
    assert content(path, second, 'd/b') == b'3'


def test_an_answer_of_any_size_is_not_taken(place, monkeypatch):
    sha = place.seed({'a': b'a'})
    monkeypatch.setattr(git_server, 'FETCH_BYTES', 100)
    with place.open() as repository, pytest.raises(Unavailable, match='at once'):
        repository.tree(sha, '')


# ---- Writing


def test_no_other_branch_is_touched(place):
    first = place.seed({'a': b'1'})
    other = place.seed({'b': b'1'}, branch='other')
    place.commit({'a': b'2'}, first)
    assert place.head('other') == other
    assert git(place.path, 'for-each-ref', '--format=%(refname)').split() == ['refs/heads/main', 'refs/heads/other']


def test_a_server_that_may_be_read_only_is_forbidden_to_write(place):
    first = place.seed({'a': b'1'})
    git(place.path, 'config', 'http.receivepack', 'false')
    with pytest.raises(Forbidden) as forbidden:
        place.commit({'a': b'2'}, first)
    assert forbidden.value.permission == 'write'


@pytest.mark.parametrize('hook', ['pre-receive', 'update'])
def test_a_declined_commit_carries_the_sentence_of_the_server(place, hook):
    first = place.seed({'a': b'1'})
    script = place.path / 'hooks' / hook
    script.parent.mkdir()
    script.write_text('#!/bin/sh\necho "GH006: Cannot change a locked branch: main." >&2\nexit 1\n')
    script.chmod(0o755)
    with pytest.raises(ProtectedBranch) as declined:
        place.commit({'a': b'2'}, first)
    assert declined.value.branch == 'main'
    assert 'hook declined' in declined.value.answer
    assert 'GH006: Cannot change a locked branch: main.' in declined.value.answer
    assert place.head() == first


def test_a_server_that_cannot_store_is_unavailable(place):
    first = place.seed({'a': b'1'})
    git(place.path, 'config', 'receive.maxInputSize', '10')
    with pytest.raises(Unavailable, match='could not store the commit'):
        place.commit({'a': b'2'}, first)
    assert place.head() == first


def test_a_lost_answer_is_found_out(place):
    first = place.seed({'a': b'1'})
    garbled = (200, {'Content-Type': 'application/x-git-receive-pack-result'}, b'0')
    for answer in (None, (500, {}, b''), (200, {'Content-Type': 'text/html'}, b'<html>'), garbled):
        place.host.after_push = lambda _, answer=answer: answer
        first = place.commit({'a': str(answer).encode()}, first)
        assert place.head() == first


def test_a_commit_that_may_still_arrive_is_ambiguous_and_may_be_repeated(place):
    first = place.seed({'a': b'1'})
    place.host.instead = lambda request: (502, {}, b'') if request.is_push else None
    with pytest.raises(Ambiguous) as doubt:
        place.commit({'a': b'2'}, first)
    assert place.head() == first
    place.host.instead = None
    assert place.commit({'a': b'2'}, first) == doubt.value.sha == place.head()


def test_a_server_that_is_gone_after_a_push_leaves_it_open(place):
    first = place.seed({'a': b'1'})

    def vanish(_):
        place.host.instead = lambda request: (503, {}, b'')

    place.host.after_push = vanish
    with pytest.raises(Ambiguous) as doubt:
        place.commit({'a': b'2'}, first)
    assert place.head() == doubt.value.sha


def test_a_push_that_is_refused_by_its_status_was_not_carried_out(place):
    first = place.seed({'a': b'1'})
    for status, error in ((401, Unauthorized), (403, Forbidden), (413, Unavailable), (429, RateLimited)):
        place.host.instead = lambda request, status=status: (status, {}, b'') if request.is_push else None
        with pytest.raises(error):
            place.commit({'a': b'2'}, first)
    assert place.head() == first


def accept_without_doing(request):
    """Answer a push as if it had been carried out."""
    if not request.is_push:
        return None
    report = pkt(b'unpack ok\n', b'ok refs/heads/main\n') + b'0000'
    return 200, {'Content-Type': 'application/x-git-receive-pack-result'}, pkt(b'\x01' + report) + b'0000'


def test_a_server_that_only_says_yes_is_not_believed(place):
    first = place.seed({'a': b'1'})
    place.host.instead = accept_without_doing
    with pytest.raises(Ambiguous):
        place.commit({'a': b'2'}, first)


def test_a_server_that_says_yes_to_two_writers_is_not_believed(place):
    first = place.seed({'a': b'1'})

    def other_was_faster(request):
        if request.is_push:
            place.seed({'b': b'2'}, onto=first)
        return accept_without_doing(request)

    place.host.instead = other_was_faster
    with pytest.raises(HeadMoved):
        place.commit({'a': b'2'}, first)


def test_a_commit_that_others_build_on_at_once_counts_as_taken(place):
    first = place.seed({'a': b'1'})

    def build_on(answer):
        place.seed({'b': b'2'}, onto=place.head())
        return answer

    place.host.after_push = build_on
    second = place.commit({'a': b'2'}, first)
    assert git(place.path, 'rev-parse', 'main^') == second


def test_a_writer_between_offer_and_push_wins(place):
    first = place.seed({'a': b'1'})

    def overtake(request):
        if request.is_push and place.head() == first:
            place.seed({'b': b'2'}, onto=first)

    place.host.instead = overtake
    with pytest.raises(HeadMoved) as moved:
        place.commit({'a': b'2'}, first)
    assert moved.value.found == place.head()
    assert set(listing(place.path, place.head())) == {'a', 'b'}


def test_a_large_commit_is_streamed(place):
    first = place.seed({'a': b'1'})
    noise = random.Random(0)  # so that it does not shrink on its way
    second = place.commit({f'{number}': noise.randbytes(50_000) for number in range(40)}, first)
    assert 'chunked' in {request.headers.get('Transfer-Encoding') for request in place.host.requests}
    assert len(listing(place.path, second)) == 41
