"""What goes wrong on request."""

import io
import tarfile
import time

import pytest
import requests

from . import Fault, FaultKind

AT = '/repos/acme/network'


def read(client):
    return client.get(f'{AT}/git/ref/heads/main')


@pytest.mark.parametrize(
    ('fault', 'status', 'text'),
    [
        (Fault(FaultKind.UNAUTHORIZED), 401, 'Bad credentials'),
        (Fault(FaultKind.FORBIDDEN), 403, 'Resource not accessible'),
        (Fault(FaultKind.SSO_REQUIRED), 403, 'SAML enforcement'),
        (Fault(FaultKind.BLOCKED), 451, 'Repository access blocked'),
        (Fault(FaultKind.RATE_LIMIT_403), 403, 'API rate limit exceeded'),
        (Fault(FaultKind.RATE_LIMIT_429), 429, 'API rate limit exceeded'),
        (Fault(FaultKind.SECONDARY_LIMIT), 403, 'secondary rate limit'),
        (Fault(FaultKind.NOT_FOUND), 404, 'Not Found'),
        (Fault(FaultKind.EMPTY), 409, 'Git Repository is empty.'),
        (Fault(FaultKind.BAD_GATEWAY), 502, '502 Bad Gateway'),
        (Fault(FaultKind.SERVER_ERROR), 500, 'Server Error'),
        (Fault(FaultKind.SERVER_ERROR, status=503), 503, 'Server Error'),
        (Fault(FaultKind.PROXY_PAGE), 200, '<!DOCTYPE html>'),
        (Fault(FaultKind.REDIRECT), 302, 'Moved'),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Fault) else '',
)
def test_the_next_request_fails_and_the_one_after_does_not(client, repository, forge, fault, status, text):
    forge.fail(fault)
    answer = read(client)
    assert answer.status_code == status
    assert text in answer.text
    assert read(client).status_code == 200


def test_a_limit_names_its_end_in_one_of_two_ways(client, repository, forge, clock):
    forge.fail(Fault(FaultKind.RATE_LIMIT_403))
    by_reset = read(client).headers
    assert by_reset['x-ratelimit-remaining'] == '0'
    assert int(by_reset['x-ratelimit-reset']) > clock().timestamp()
    assert 'retry-after' not in by_reset
    forge.fail(Fault(FaultKind.RATE_LIMIT_429, retry_after=7))
    assert read(client).headers['retry-after'] == '7'


def test_a_secondary_limit_may_come_without_any_counter(client, repository, forge):
    forge.fail(Fault(FaultKind.SECONDARY_LIMIT))
    assert not [name for name in read(client).headers if name.lower().startswith(('x-ratelimit', 'retry-after'))]


def test_a_fault_strikes_the_request_that_it_is_meant_for(client, repository, forge):
    forge.fail(Fault(FaultKind.BAD_GATEWAY, at=2))
    assert [read(client).status_code for _ in range(4)] == [200, 200, 502, 200]


def test_a_fault_strikes_an_operation_as_often_as_it_is_told(client, repository, forge):
    forge.fail(Fault(FaultKind.BAD_GATEWAY, operation='repos/get', times=2))
    assert read(client).status_code == 200
    assert [client.get(AT).status_code for _ in range(3)] == [502, 502, 200]


@pytest.mark.parametrize('after_effect', [False, True])
@pytest.mark.parametrize('kind', [FaultKind.BAD_GATEWAY, FaultKind.RESET])
def test_an_answer_is_lost_before_or_after_the_effect(client, repository, forge, kind, after_effect):
    old, new = repository.head(), client.commit(repository, {'x': '1\n'})
    forge.fail(Fault(kind, operation='git/update-ref', after_effect=after_effect))
    body = {'sha': new, 'force': False}
    if kind is FaultKind.RESET:
        with pytest.raises(requests.ConnectionError):
            client.ask('PATCH', f'{AT}/git/refs/heads/main', body)
    else:
        assert client.ask('PATCH', f'{AT}/git/refs/heads/main', body).status_code == 502
    assert repository.head() == (new if after_effect else old)


def test_a_body_is_cut_off(client, repository, forge):
    forge.fail(Fault(FaultKind.CUT_OFF))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        read(client)
    assert read(client).status_code == 200


def test_an_answer_is_slow(client, repository, forge):
    forge.fail(Fault(FaultKind.SLOW, seconds=0.1))
    started = time.monotonic()
    assert read(client).status_code == 200
    assert time.monotonic() - started >= 0.1


@pytest.mark.parametrize(
    ('kind', 'text'),
    [(FaultKind.NON_FAST_FORWARD, 'Update is not a fast forward'), (FaultKind.PROTECTED, 'Repository rule violations')],
)
def test_a_reference_is_not_moved(client, repository, forge, kind, text):
    forge.fail(Fault(kind))
    assert read(client).status_code == 200
    answer = client.ask('PATCH', f'{AT}/git/refs/heads/main', {'sha': repository.head()})
    assert (answer.status_code, text in answer.json()['message']) == (422, True)


def test_a_tree_times_out(client, repository, forge):
    forge.fail(Fault(FaultKind.TREE_TIMEOUT))
    tree = [{'path': 'x', 'mode': '100644', 'type': 'blob', 'content': ''}]
    body = {'base_tree': repository.store.tree_of(repository.head()), 'tree': tree}
    assert 'your request timed out' in client.ask('POST', f'{AT}/git/trees', body).json()['message']
    assert client.ask('POST', f'{AT}/git/trees', body).status_code == 201


def test_a_file_is_stale(client, repository, forge):
    forge.fail(Fault(FaultKind.STALE))
    assert client.ask('PUT', f'{AT}/contents/x', {'message': 'm', 'content': ''}).status_code == 409


def test_graphql_is_refused_in_its_own_way(client, repository, forge):
    forge.fail(Fault(FaultKind.STALE, operation='graphql/viewer'))
    told = client.query('{ viewer { login } }')
    assert (told['data'], told['errors'][0]['type']) == (None, 'STALE_DATA')


class TestStaleReads:
    """References read as what they were."""

    def head(self, client):
        return read(client).json()['object']['sha']

    def test_for_so_many_reads(self, client, repository, forge):
        old = repository.head()
        new = repository.push({'x': b'1'})
        forge.stale_reads(2)
        assert [self.head(client) for _ in range(3)] == [old, old, new]

    def test_for_so_long_after_a_move(self, client, repository, forge, clock):
        old = repository.head()
        new = repository.push({'x': b'1'})
        forge.stale_reads(seconds=60)
        assert self.head(client) == old
        clock.pass_(seconds=60)
        assert self.head(client) == new

    def test_once_as_a_fault(self, client, repository, forge):
        old = repository.head()
        new = repository.push({'x': b'1'})
        forge.fail(Fault(FaultKind.STALE_READ))
        assert [self.head(client) for _ in range(2)] == [old, new]

    def test_a_new_branch_is_not_there_yet(self, client, repository, forge):
        body = {'ref': 'refs/heads/new', 'sha': repository.head()}
        client.ask('POST', f'{AT}/git/refs', body)
        forge.stale_reads(1)
        assert [client.get(f'{AT}/git/ref/heads/new').status_code for _ in range(2)] == [404, 200]


def test_a_listing_is_truncated(client, repository, forge):
    forge.fail(Fault(FaultKind.TRUNCATED_TREE))
    path = f'{AT}/git/trees/main'
    told = [client.get(path, params={'recursive': '1'}).json()['truncated'] for _ in range(2)]
    assert told == [True, False]


@pytest.mark.parametrize('kind', [FaultKind.WRONG_TARBALL, FaultKind.WRONG_COMMIT, FaultKind.MISSING_FILE])
def test_an_archive_is_wrong(client, repository, forge, kind):
    repository.push({'x': b'1'})
    forge.fail(Fault(kind))
    address = client.get(f'{AT}/tarball/{repository.head()}').headers['Location']
    with tarfile.open(fileobj=io.BytesIO(requests.get(address, timeout=10).content)) as tar:
        contents = {member.name.partition('/')[2]: tar.extractfile(member).read() for member in tar if member.isfile()}
        is_right_commit = tar.pax_headers['comment'] == repository.head()
    assert is_right_commit == (kind is not FaultKind.WRONG_COMMIT)
    assert (contents == repository.files()) == (kind is FaultKind.WRONG_COMMIT)


@pytest.mark.usefixtures('wrong_on_purpose')
def test_a_token_that_follows_a_redirect_is_noticed(client, repository, forge):
    forge.fail(Fault(FaultKind.REDIRECT))
    address = read(client).headers['Location']
    assert '//localhost:' in address
    requests.get(address, headers={'Authorization': 'Bearer x'}, timeout=10)
    assert 'a token reached another host' in forge.violations[0]
