"""Apps prove who they are, and get tokens that are good for an hour."""

import jwt
import pytest

AT = '/repos/acme/network'


@pytest.fixture
def app(forge, repository):
    forge.create_repository('acme', 'other', files={'x': b'1'})
    return forge.add_app(
        permissions={'metadata': 'read', 'contents': 'write'}, repositories=['acme/network', 'acme/other']
    )


@pytest.fixture
def assertion(app, clock):
    def make(**claims):
        now = int(clock().timestamp())
        wanted = {'iat': now - 60, 'exp': now + 540, 'iss': app.client_id} | claims
        return jwt.encode(wanted, app.private_key_pem, algorithm='RS256')

    return make


@pytest.fixture
def issue(client, app, assertion):
    def ask(**body):
        client.token = assertion()
        return client.ask('POST', f'/app/installations/{app.installation_id}/access_tokens', body)

    return ask


def test_an_app_finds_its_installation(client, app, assertion):
    client.token = assertion()
    assert client.get('/app').json()['slug'] == app.slug
    assert client.get(f'{AT}/installation').json()['id'] == app.installation_id
    assert [row['id'] for row in client.get('/app/installations').json()] == [app.installation_id]
    client.token = assertion(iss=str(app.app_id))
    assert client.get('/app').status_code == 200


def test_a_narrowed_token_sees_only_what_it_is_for(client, issue):
    made = issue(repositories=['network'], permissions={'contents': 'read'})
    assert made.status_code == 201
    assert made.json()['expires_at'] == '2026-03-01T13:00:00Z'
    client.token = made.json()['token']
    assert len(client.token) > 40
    assert client.get(AT).status_code == 200
    assert client.get('/repos/acme/other').status_code == 404
    assert [row['name'] for row in client.get('/installation/repositories').json()['repositories']] == ['network']
    refused = client.ask('POST', f'{AT}/git/blobs', {'content': 'x'})
    assert (refused.status_code, refused.json()['message']) == (403, 'Resource not accessible by integration')


def test_a_token_ends_after_an_hour(client, issue, clock):
    client.token = issue().json()['token']
    clock.pass_(minutes=59)
    assert client.get(AT).status_code == 200
    clock.pass_(minutes=1)
    assert client.get(AT).status_code == 401


@pytest.mark.parametrize('body', [{'permissions': {'administration': 'write'}}, {'repositories': ['none']}])
def test_more_than_was_granted_is_refused(issue, body):
    assert issue(**body).status_code == 422


@pytest.mark.parametrize(
    ('claims', 'text'),
    [
        ({'iat': 4_000_000_000}, "'Issued at' claim"),
        ({'exp': 1}, "'Expiration time' claim"),
        ({'exp': 4_000_000_000}, 'too far in the future'),
        ({'iss': 'somebody'}, "'Issuer' claim"),
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused(client, app, assertion, claims, text):
    client.token = assertion(**claims)
    answer = client.get('/app')
    assert answer.status_code == 401
    assert text in answer.json()['message']


def test_an_assertion_with_another_key_is_refused(client, app, assertion, forge):
    other = forge.add_app(app_id=2, client_id='Iv1.other', slug='other')
    client.token = jwt.encode({'iat': 0, 'exp': 1, 'iss': app.client_id}, other.private_key_pem, algorithm='RS256')
    assert client.get('/app').json()['message'] == 'A JSON web token could not be decoded'


def test_a_bots_commit_is_signed_when_it_names_nobody(client, repository, issue):
    client.token = issue().json()['token']
    body = {'message': 'm', 'tree': repository.store.tree_of(repository.head()), 'parents': [repository.head()]}
    made = client.ask('POST', f'{AT}/git/commits', body).json()
    assert (made['verification']['verified'], made['author']['name']) == (True, 'hedgehog-sync[bot]')
    named = body | {'author': {'name': 'Ann', 'email': 'ann@example.com'}}
    assert client.ask('POST', f'{AT}/git/commits', named).json()['verification']['verified'] is False


def test_a_person_is_no_app(client, app):
    assert client.get('/app').status_code == 401
    assert client.get('/installation/repositories').status_code == 403


def test_an_apps_hook_hears_the_same_event(client, forge, repository, listener, clock):
    app = forge.add_app(repositories=['acme/network'], webhook_url=listener.url, webhook_secret='s')
    client.ask('POST', f'{AT}/hooks', {'config': {'url': f'{listener.url}/own'}, 'events': ['push']})
    repository.push({'x': b'1'})
    forge.settle()
    guids = [headers['X-GitHub-Delivery'] for headers, _ in listener.heard if headers['X-GitHub-Event'] == 'push']
    assert (len(guids), len(set(guids))) == (2, 1)
    now = int(clock().timestamp())
    client.token = jwt.encode({'iat': now, 'exp': now + 60, 'iss': app.client_id}, app.private_key_pem, 'RS256')
    (told,) = client.get('/app/hook/deliveries').json()
    assert client.ask('POST', f'/app/hook/deliveries/{told["id"]}/attempts').status_code == 202
