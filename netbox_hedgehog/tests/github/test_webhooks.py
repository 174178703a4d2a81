"""Deliveries are real requests, signed, and sometimes lost."""

import hashlib
import hmac
import json

import pytest

HOOKS = '/repos/acme/network/hooks'
SECRET = 'shared'


@pytest.fixture
def hook(client, repository, listener, forge):
    body = {
        'name': 'web',
        'active': True,
        'events': ['push', 'pull_request'],
        'config': {'url': listener.url, 'content_type': 'json', 'secret': SECRET, 'insecure_ssl': '0'},
    }
    made = client.ask('POST', HOOKS, body)
    assert made.status_code == 201
    assert made.json()['config']['secret'] == '********'
    forge.settle()
    return made.json()


def events(listener):
    return [headers['X-GitHub-Event'] for headers, _ in listener.heard]


def pushes(listener):
    return [json.loads(body) for headers, body in listener.heard if headers['X-GitHub-Event'] == 'push']


def test_a_new_hook_is_pinged(hook, listener, client, forge):
    assert events(listener) == ['ping']
    assert client.ask('POST', f'{HOOKS}/{hook["id"]}/pings').status_code == 204
    forge.settle()
    assert events(listener) == ['ping', 'ping']


def test_the_signature_is_over_the_raw_body(hook, listener, repository, forge):
    repository.push({'x': b'1'})
    forge.settle()
    headers, body = listener.heard[-1]
    assert headers['X-Hub-Signature-256'] == f'sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}'
    assert headers['X-GitHub-Hook-ID'] == str(hook['id'])


def test_a_push_tells_what_was_moved(hook, listener, repository, forge):
    before = repository.head()
    after = repository.push({'x': b'1', 'README.md': None}, 'Say why')
    forge.settle()
    (told,) = pushes(listener)
    assert (told['ref'], told['before'], told['after'], told['forced']) == ('refs/heads/main', before, after, False)
    (commit,) = told['commits']
    assert (commit['id'], commit['added'], commit['removed'], commit['message']) == (
        after,
        ['x'],
        ['README.md'],
        'Say why',
    )


def test_a_rewind_is_forced_and_a_removal_deleted(hook, listener, repository, client, forge):
    old = repository.head()
    repository.push({'x': b'1'})
    repository.rewind('main', old)
    client.ask('POST', '/repos/acme/network/git/refs', {'ref': 'refs/heads/b', 'sha': old})
    client.ask('DELETE', '/repos/acme/network/git/refs/heads/b')
    forge.settle()
    flags = [(told['forced'], told['created'], told['deleted']) for told in pushes(listener)]
    assert flags == [(False, False, False), (True, False, False), (False, True, False), (False, False, True)]


def test_what_the_api_moves_is_told_too(hook, listener, repository, client, forge):
    sha = client.commit(repository, {'x': '1\n'})
    client.ask('PATCH', '/repos/acme/network/git/refs/heads/main', {'sha': sha})
    forge.settle()
    assert [told['after'] for told in pushes(listener)] == [sha]


@pytest.mark.parametrize(('mode', 'heard'), [('lose', []), ('double', [0, 0, 1, 1]), ('reorder', [1, 0])])
def test_deliveries_go_astray(hook, listener, repository, forge, mode, heard):
    forge.webhook_mode = mode
    made = [repository.push({'x': b'%d' % number}) for number in range(2)]
    forge.settle()
    assert [told['after'] for told in pushes(listener)] == [made[number] for number in heard]
    guids = [headers['X-GitHub-Delivery'] for headers, _ in listener.heard if headers['X-GitHub-Event'] == 'push']
    assert len(set(guids)) == len(set(heard))


def test_a_failed_delivery_is_listed_and_sent_again_with_its_guid(hook, listener, repository, client, forge):
    listener.status = 500
    repository.push({'x': b'1'})
    forge.settle()
    path = f'{HOOKS}/{hook["id"]}/deliveries'
    (failed,) = client.get(path, params={'status': 'failure'}).json()
    assert (failed['event'], failed['status_code'], failed['redelivery']) == ('push', 500, False)
    listener.status = 202
    assert client.ask('POST', f'{path}/{failed["id"]}/attempts').status_code == 202
    forge.settle()
    assert listener.heard[-1][0]['X-GitHub-Delivery'] == failed['guid']
    newest = client.get(path, params={'per_page': 1})
    assert (newest.json()[0]['redelivery'], newest.json()[0]['status_code']) == (True, 202)
    assert 'cursor=' in newest.headers['Link']
    told = client.get(f'{path}/{failed["id"]}').json()
    assert told['request']['payload']['after'] == repository.head()


def test_a_hook_is_changed_and_removed(hook, listener, repository, client, forge):
    path = f'{HOOKS}/{hook["id"]}'
    assert client.ask('PATCH', path, {'active': False}).json()['active'] is False
    repository.push({'x': b'1'})
    forge.settle()
    assert pushes(listener) == []
    changed = client.ask('PATCH', f'{path}/config', {'url': f'{listener.url}/new', 'secret': 'other'})
    assert changed.json()['url'] == f'{listener.url}/new'
    assert client.get(f'{path}/config').json()['content_type'] == 'json'
    assert [row['id'] for row in client.get(HOOKS).json()] == [hook['id']]
    assert client.ask('DELETE', path).status_code == 204
    assert client.get(path).status_code == 404


def test_the_same_hook_is_not_made_twice(hook, listener, client):
    answer = client.ask('POST', HOOKS, {'config': {'url': listener.url}, 'events': ['push']})
    assert answer.status_code == 422
    assert answer.json()['errors'][0]['message'] == 'Hook already exists on this repository'
