"""An answer may be lost at every request of a commit: the commit is made once, or not, or it is said to be unclear."""

import contextlib
import itertools
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from netbox_hedgehog.repositories import Ambiguous, HeadMoved, RepositoryError, Unavailable
from netbox_hedgehog.repositories.github import GitHubServer
from netbox_hedgehog.repositories.github.refusals import AnswerLost
from netbox_hedgehog.tests.github import FaultKind

from .on_github import SIGNED_IN

# How an answer gets lost, and whether the request was carried out before that.
LOSSES = [
    (FaultKind.BAD_GATEWAY, False),
    (FaultKind.BAD_GATEWAY, True),
    (FaultKind.SERVER_ERROR, True),
    (FaultKind.RESET, False),
    (FaultKind.RESET, True),
    (FaultKind.CUT_OFF, True),
    (FaultKind.PROXY_PAGE, True),
]

CHANGES = {'a': b'1', 'binary': b'\xff'}
WRITES = ('git/create-blob', 'git/create-tree', 'git/create-commit', 'graphql/updateRefs', 'git/update-ref')


@pytest.fixture
def tls_listener(tmp_path: Path) -> Iterator[str]:
    """Listen on this machine with a certificate that nobody issued."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, 'localhost')])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / 'server.pem'
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def greet(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            context.wrap_socket(connection, server_side=True).close()

    with socket.create_server(('127.0.0.1', 0)) as listener:
        thread = threading.Thread(target=greet, args=(listener,), daemon=True)
        thread.start()
        yield f'https://localhost:{listener.getsockname()[1]}'
        thread.join(5)


def attempt(hub, head, **more) -> str | None:
    """Commit, and repeat the call until it gives a definite answer, as the next pass would; None if it was refused."""
    for _ in range(3):
        try:
            return hub.commit(CHANGES, head, **more)
        except Ambiguous:
            continue
        except RepositoryError:
            return None
    raise AssertionError('It never became clear.')


@pytest.mark.parametrize(('kind', 'is_done'), LOSSES, ids=lambda value: getattr(value, 'name', value))
def test_one_lost_answer_to_any_request_of_a_commit_does_no_harm(hub, kind, is_done):
    head = hub.warm()
    for at, number in zip(range(5), itertools.count(), strict=False):
        hub.fail(kind, at=at, after_effect=is_done)
        changes = {'a': b'%d' % number, 'binary': b'\xff%d' % number}
        known = dict.fromkeys(changes) if number == 0 else None
        try:
            new = hub.commit(changes, head, known=known)
        except Unavailable:  # a read was lost, and reads are not repeated
            hub.forge.faults.clear()
            new = hub.commit(changes, head)
        hub.forge.faults.clear()
        assert hub.hosted.head() == new
        assert hub.hosted.files()['a'] == b'%d' % number
        assert [commit.id.decode() for commit in hub.hosted.log()][-2:] == [head, new]
        head = new


@pytest.mark.parametrize('operation', WRITES)
@pytest.mark.parametrize(('kind', 'is_done'), LOSSES, ids=lambda value: getattr(value, 'name', value))
def test_a_write_that_never_answers_is_settled_by_the_next_pass(hub, operation, kind, is_done):
    head = hub.warm()
    hub.fail(kind, operation=operation, times=6, after_effect=is_done)
    if operation == 'git/update-ref':
        hub.fail(FaultKind.FORBIDDEN, operation='graphql/updateRefs', times=99)
    known = dict.fromkeys(CHANGES)
    first = attempt(hub, head, known=known)
    hub.forge.faults.clear()
    second = attempt(hub, head, known=known)
    assert hub.hosted.head() == second
    assert first in (None, second)
    assert len(hub.hosted.log()) == 2


def test_a_branch_whose_move_is_never_answered_is_ambiguous(hub):
    head = hub.warm()
    hub.fail(FaultKind.RESET, operation='graphql/updateRefs', times=9)
    hub.fail(FaultKind.RESET, operation='git/update-ref', times=9)
    with pytest.raises(Ambiguous) as doubt:
        hub.commit({'a': b'1'}, head)
    hub.forge.faults.clear()
    assert hub.hosted.head() == head
    assert hub.commit({'a': b'1'}, head) == doubt.value.sha


def test_a_doubt_that_cannot_be_looked_into_is_ambiguous(hub):
    head = hub.warm()
    hub.fail(FaultKind.RESET, operation='graphql/updateRefs', after_effect=True)
    hub.fail(FaultKind.SERVER_ERROR, operation='git/get-ref', times=9)
    with pytest.raises(Ambiguous) as doubt:
        hub.commit({'a': b'1'}, head)
    assert hub.hosted.head() == doubt.value.sha


def test_a_commit_that_somebody_built_on_before_the_answer_was_missed_is_found(hub, monkeypatch):
    head = hub.warm()
    hub.fail(FaultKind.RESET, operation='graphql/updateRefs', after_effect=True)
    with hub.open() as repository:
        find = repository._branch.find

        def find_later() -> str | None:
            hub.hosted.push({'theirs': b'1'})
            return find()

        monkeypatch.setattr(repository._branch, 'find', find_later)
        new = hub.commit({'a': b'1'}, head, repository=repository)
    assert [commit.id.decode() for commit in hub.hosted.log()][1] == new
    assert set(hub.hosted.files()) == {'README.md', 'a', 'theirs'}


def test_a_lost_answer_and_a_read_of_the_past_do_not_make_two_commits(hub):
    head = hub.warm()
    hub.fail(FaultKind.RESET, operation='graphql/updateRefs', after_effect=True)
    hub.fail(FaultKind.STALE_READ, times=1)
    new = hub.commit({'a': b'1'}, head)
    assert hub.hosted.head() == new
    assert len(hub.hosted.log()) == 2


def test_a_lost_answer_to_a_lost_race_is_a_lost_race(hub):
    head = hub.warm()
    theirs = hub.hosted.push({'theirs': b'1'})
    hub.fail(FaultKind.RESET, operation='graphql/updateRefs')
    with pytest.raises(HeadMoved) as moved:
        hub.commit({'a': b'1'}, head)
    assert moved.value.found == theirs


def test_a_server_that_accepts_no_connection_is_unavailable(hub):
    head = hub.warm()
    with hub.open() as repository:
        hub.forge.stop()
        with pytest.raises(Unavailable):
            hub.commit({'a': b'1'}, head, repository=repository)


def tls_error(inner: ssl.SSLError) -> requests.exceptions.SSLError:
    reason = urllib3.exceptions.SSLError(inner)
    return requests.exceptions.SSLError(urllib3.exceptions.MaxRetryError(None, '/x', reason))


@pytest.mark.parametrize(
    ('error', 'lost'),
    [
        (tls_error(ssl.SSLCertVerificationError(1, 'certificate verify failed')), Unavailable),
        (tls_error(ssl.SSLError(1, 'bad record mac')), AnswerLost),
        (tls_error(ssl.SSLEOFError(8, 'EOF occurred in violation of protocol')), AnswerLost),
        (requests.exceptions.SSLError(urllib3.exceptions.SSLError(ssl.SSLError(1, 'bad record mac'))), AnswerLost),
    ],
    ids=['certificate', 'record', 'end', 'in the body'],
)
def test_only_a_refused_certificate_proves_that_nothing_was_sent(hub, monkeypatch, error, lost):
    def fail(*_args, **_more):
        raise error

    monkeypatch.setattr(requests.Session, 'request', fail)
    server = hub.server()
    with pytest.raises(lost):
        server.write('POST', '/x', {'a': 1})
    with pytest.raises(Unavailable):
        server.get('/x')


def test_a_certificate_of_nobody_known_is_told_as_such(hub, tls_listener):
    server = GitHubServer(tls_listener, f'{tls_listener}/graphql', SIGNED_IN, repository='acme/network')
    with pytest.raises(Unavailable, match='is not secure') as refused:
        server.write('POST', '/x', {'a': 1})
    assert 'trusted' in refused.value.remedy
    server.close()


def test_silence_is_bounded(hub):
    hub.warm()
    hub.fail(FaultKind.SLOW, seconds=1)
    with hub.open(timeout_seconds=0.1) as repository, pytest.raises(Unavailable, match=r'within 0\.1 seconds'):
        repository.head()
