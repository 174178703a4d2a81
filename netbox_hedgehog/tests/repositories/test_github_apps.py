"""A GitHub App signs in with short-lived tokens for one repository, asked for as rarely as possible."""

import jwt
import pytest

from netbox_hedgehog.repositories import CredentialUnusable, Forbidden, Unauthorized
from netbox_hedgehog.repositories.github import AppKey, ProcessTokens
from netbox_hedgehog.tests.github import FaultKind

FIVE_MINUTES = 5 * 60


@pytest.fixture
def app(hub):
    return hub.forge.add_app(app_id=1234, installation_id=99, repositories=['acme/network'])


@pytest.fixture
def key(app) -> AppKey:
    return AppKey('1234', app.private_key_pem)


def test_an_app_finds_its_installation_and_works(hub, key):
    head = hub.warm()
    with hub.open(credential=key) as repository:
        assert repository.head() == head
        new = hub.commit({'a': b'1'}, head, repository=repository)
    assert hub.hosted.head() == new
    assert hub.operations()['apps/get-repo-installation'] == 1
    assert hub.operations()['apps/create-installation-access-token'] == 1


def test_an_installation_that_is_named_is_not_looked_for(hub, app):
    with hub.open(credential=AppKey('1234', app.private_key_pem, 99)) as repository:
        repository.head()
    assert hub.operations()['apps/get-repo-installation'] == 0


def test_a_token_is_for_this_repository_only(hub, key, app):
    hub.forge.create_repository('acme', 'other', files={'a': b'a'})
    app.repositories.append('acme/other')
    with hub.open(credential=key) as repository:
        repository.head()
    issued = [caller for value, caller in hub.forge.callers.items() if value.startswith('ghs_')]
    assert [set(caller.repositories) for caller in issued] == [{'acme/network'}]


def test_a_token_is_used_until_five_minutes_before_its_end(hub, key):
    tokens = ProcessTokens()
    for seconds, asked in ((0, 1), (60 * 60 - FIVE_MINUTES - 5, 1), (10, 2)):
        hub.clock.forward(seconds)
        with hub.open(credential=key, token_cache=tokens) as repository:
            repository.head()
        assert hub.operations()['apps/create-installation-access-token'] == asked


def test_a_renewed_token_does_not_forget_what_was_seen_with_the_old_one(hub, key, app):
    other = AppKey('1234', app.private_key_pem, 99)
    with hub.open(credential=key) as repository:
        repository.head()
    scope = hub.server(key).scope('/x')
    hub.clock.forward(60 * 60)
    hub.forge.requests.clear()
    with hub.open(credential=key) as repository:
        repository.head()
    assert hub.operations()['apps/create-installation-access-token'] == 1
    assert [request.conditional for request in hub.forge.requests if request.operation == 'git/get-ref'] == [True]
    assert hub.server(key).scope('/x') == scope
    assert len({scope, hub.server(other).scope('/x'), hub.server(AppKey('77', '')).scope('/x')}) == 3


def test_another_repository_or_account_begins_anew(hub, key):
    scopes = {
        hub.server(key).scope('/x'),
        hub.server(key).scope('/y'),
        hub.server(key, repository='acme/other').scope('/x'),
        hub.server().scope('/x'),
    }
    assert len(scopes) == 4


def test_a_kept_token_is_of_no_use_to_another_key(hub, key):
    tokens = ProcessTokens()
    with hub.open(credential=key, token_cache=tokens) as repository:
        repository.head()
    other = hub.forge.add_app(app_id=77, client_id='Iv1.other', slug='other', installation_id=98, repositories=[])
    with pytest.raises(Unauthorized):
        hub.open(credential=AppKey('1234', other.private_key_pem), token_cache=tokens).head()


def test_a_refused_token_is_renewed_once(hub, key):
    head = hub.warm()
    hub.fail(FaultKind.UNAUTHORIZED, operation='git/get-ref')
    with hub.open(credential=key) as repository:
        assert repository.head() == head
    assert hub.operations()['apps/create-installation-access-token'] == 2
    hub.fail(FaultKind.UNAUTHORIZED, operation='git/get-ref', times=2)
    with hub.open(credential=key) as repository, pytest.raises(Unauthorized):
        repository.head()


def test_a_personal_token_that_is_refused_is_not_tried_again(hub):
    hub.fail(FaultKind.UNAUTHORIZED, operation='git/get-ref')
    with hub.open() as repository, pytest.raises(Unauthorized) as refused:
        repository.head()
    assert refused.value.presented
    assert len(hub.forge.requests) == 1


def test_an_app_follows_a_repository_that_was_renamed(hub, key, app):
    tokens, old = ProcessTokens(), {'repository': 'acme/network'}
    with hub.open(credential=key, token_cache=tokens, **old) as repository:
        head = repository.head()
    hub.hosted.rename('renamed')
    app.repositories[:] = ['acme/renamed']
    for caller in hub.forge.callers.values():
        if caller.app:
            caller.repositories = frozenset({'acme/renamed'})
    for _ in range(2):
        with hub.open(credential=key, token_cache=tokens, **old) as repository:
            assert repository.head() == head
        hub.clock.forward(60 * 60)


def test_a_clock_that_is_wrong_is_told(hub, key):
    def slow():
        return hub.clock().replace(year=2020)

    with hub.open(credential=key, now=slow) as repository, pytest.raises(Unauthorized) as refused:
        repository.head()
    assert 'clock' in refused.value.remedy


def test_an_app_that_is_not_installed_is_told(hub, key, app):
    app.repositories.clear()
    with hub.open(credential=key) as repository, pytest.raises(Forbidden) as refused:
        repository.head()
    assert 'installation' in refused.value.remedy


@pytest.mark.parametrize('text', ['', 'no key', '-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----'])
def test_a_key_that_is_none_is_told_without_being_sent(hub, text):
    with hub.open(credential=AppKey('1234', text)) as repository, pytest.raises(CredentialUnusable) as refused:
        repository.head()
    assert text not in str(refused.value) or not text
    assert hub.forge.requests == []


def test_the_assertion_is_short_lived_and_allows_for_clocks(hub, key, app, monkeypatch):
    seen = []
    encode = jwt.encode
    monkeypatch.setattr(
        jwt, 'encode', lambda claims, *more, **rest: seen.append(claims) or encode(claims, *more, **rest)
    )
    with hub.open(credential=key) as repository:
        repository.head()
    now = int(hub.clock().timestamp())
    assert seen == [{'iat': now - 60, 'exp': now + 480, 'iss': '1234'}]
