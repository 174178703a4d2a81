"""What is read out of a webhook's call, and what is refused."""

import json

import pytest

from netbox_hedgehog.repositories.github.events import EventRefused, Ping, Push, RequestSettled, read_event

COMMIT = '6113728f27ae82c7b1a177c8d03f9e96e0adf246'
NOTHING = '0' * 40


def read(name, **payload):
    return read_event(name, json.dumps(payload).encode())


@pytest.mark.parametrize(
    ('payload', 'expected'),
    [
        pytest.param({'ref': 'refs/heads/main', 'after': COMMIT}, Push('main', COMMIT, is_rewrite=False), id='branch'),
        pytest.param(
            {'ref': 'refs/heads/team/a/main', 'after': COMMIT, 'forced': False, 'commits': []},
            Push('team/a/main', COMMIT, is_rewrite=False),
            id='branch-with-slashes',
        ),
        pytest.param(
            {'ref': 'refs/heads/main', 'after': COMMIT, 'forced': True},
            Push('main', COMMIT, is_rewrite=True),
            id='forced',
        ),
        pytest.param(
            {'ref': 'refs/heads/main', 'after': NOTHING, 'deleted': True},
            Push('main', '', is_rewrite=True),
            id='deleted',
        ),
        pytest.param(
            {'ref': 'refs/heads/main', 'after': COMMIT + COMMIT[:24]},
            Push('main', COMMIT + COMMIT[:24], is_rewrite=False),
            id='sha-256',
        ),
        pytest.param({'ref': 'refs/tags/v1', 'after': COMMIT}, None, id='tag'),
        pytest.param({'ref': 'refs/heads/main\0', 'after': COMMIT}, None, id='no-text'),
        pytest.param({'ref': 'refs/heads/\ud800', 'after': COMMIT}, None, id='half-a-character'),
    ],
)
def test_a_push_tells_of_a_branch(payload, expected):
    assert read('push', **payload) == expected


@pytest.mark.parametrize('action', ['closed', 'reopened'])
def test_a_pull_request_that_is_settled_is_told(action):
    assert read('pull_request', action=action, number=2) == RequestSettled(2)


def test_what_concerns_no_fabric_is_nothing():
    assert read('pull_request', action='labeled', number=2) is None
    assert read('issues', action='opened') is None
    assert read('') is None


def test_a_ping_is_told():
    assert read('ping', zen='Keep it logically awesome.') == Ping()


@pytest.mark.parametrize(
    'body',
    [b'', b'{', b'\xff\xfe', b'[]', b'null', b'"push"', b'payload=%7B%7D', b'[' * 200_000],
    ids=['empty', 'cut', 'no-text', 'list', 'null', 'text', 'form', 'deep'],
)
@pytest.mark.parametrize('name', ['push', 'ping', 'issues'])
def test_what_is_no_json_object_is_refused(name, body):
    with pytest.raises(EventRefused):
        read_event(name, body)


@pytest.mark.parametrize(
    'payload',
    [
        {},
        {'ref': 'refs/heads/main'},
        {'after': COMMIT},
        {'ref': 7, 'after': COMMIT},
        {'ref': 'refs/heads/main', 'after': None},
        {'ref': 'refs/heads/main', 'after': 'main'},
        {'ref': 'refs/heads/main', 'after': COMMIT.upper()},
        {'ref': 'refs/heads/main', 'after': f'{COMMIT}\n'},
    ],
)
def test_a_push_without_ref_and_commit_is_refused(payload):
    with pytest.raises(EventRefused):
        read('push', **payload)


@pytest.mark.parametrize('payload', [{}, {'action': 'closed'}, {'action': 'closed', 'number': True}, {'number': 2}])
def test_a_pull_request_without_action_and_number_is_refused(payload):
    with pytest.raises(EventRefused):
        read('pull_request', **payload)
