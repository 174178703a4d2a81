"""Pull requests, and what becomes of them."""

import json

import pytest

AT = '/repos/acme/network'


@pytest.fixture
def proposed(client, repository):
    """A branch with one more commit, and a request to merge it."""
    repository.push({'proposed': b'1\n'}, 'Propose', branch='changes', force_parent=repository.head())
    body = {'title': 'Please', 'head': 'changes', 'base': 'main', 'body': 'Because'}
    made = client.ask('POST', f'{AT}/pulls', body)
    assert made.status_code == 201
    return made.json()


def test_a_request_is_found_by_its_head(client, repository, proposed):
    assert (proposed['number'], proposed['mergeable'], proposed['merged']) == (1, True, False)
    found = client.get(f'{AT}/pulls', params={'head': 'acme:changes', 'base': 'main', 'state': 'open'}).json()
    assert [row['number'] for row in found] == [1]
    assert client.get(f'{AT}/pulls', params={'head': 'acme:other'}).json() == []
    assert len(client.get(f'{AT}/pulls', params={'head': 'other'}).json()) == 1


def test_a_second_request_for_a_branch_is_refused(client, proposed):
    answer = client.ask('POST', f'{AT}/pulls', {'title': 'Again', 'head': 'acme:changes', 'base': 'main'})
    assert answer.status_code == 422
    assert answer.json()['errors'][0]['message'] == 'A pull request already exists for acme:changes.'


def test_nothing_new_is_no_request(client, repository):
    repository.push({'x': b'1'})
    client.ask('POST', f'{AT}/git/refs', {'ref': 'refs/heads/same', 'sha': repository.head()})
    answer = client.ask('POST', f'{AT}/pulls', {'title': 't', 'head': 'same', 'base': 'main'})
    assert answer.json()['errors'][0]['message'] == 'No commits between main and same'


def test_a_request_is_edited_and_labelled_and_reviewed(client, repository, forge, proposed):
    forge.collaborators.add('ann')
    changed = client.ask('PATCH', f'{AT}/pulls/1', {'title': 'New title', 'body': 'New body'}).json()
    assert (changed['title'], changed['body']) == ('New title', 'New body')
    assert [row['name'] for row in client.ask('POST', f'{AT}/issues/1/labels', {'labels': ['netbox']}).json()] == [
        'netbox'
    ]
    assert client.ask('POST', f'{AT}/pulls/1/requested_reviewers', {'reviewers': ['ann']}).status_code == 201
    assert repository.pull_requests[0].reviewers == ['ann']
    answer = client.ask('POST', f'{AT}/pulls/1/requested_reviewers', {'reviewers': ['nobody']})
    assert answer.status_code == 422
    assert 'collaborators' in answer.json()['message']


@pytest.mark.parametrize('how', ['merge', 'squash', 'rebase'])
def test_a_request_is_merged(client, repository, proposed, how):
    repository.push({'meanwhile': b'1\n'})
    head = repository.head('changes')
    merged = repository.merge_pull(1, how)
    assert repository.head() == merged
    assert repository.files()['proposed'] == b'1\n'
    assert repository.files()['meanwhile'] == b'1\n'
    assert repository.store.is_ancestor(head, merged) == (how == 'merge')
    told = client.get(f'{AT}/pulls/1').json()
    assert (told['state'], told['merged'], told['merge_commit_sha']) == ('closed', True, merged)


def test_the_api_merges_only_the_head_that_was_seen(client, repository, proposed):
    path = f'{AT}/pulls/1/merge'
    assert client.ask('PUT', path, {'sha': repository.head()}).status_code == 409
    assert (
        client.ask('PUT', path, {'sha': repository.head('changes'), 'merge_method': 'squash'}).json()['merged'] is True
    )
    assert client.ask('PUT', path, {}).status_code == 405


def test_both_sides_changed_the_same_file(client, repository, proposed):
    repository.push({'proposed': b'other\n'})
    assert client.get(f'{AT}/pulls/1').json()['mergeable'] is False
    assert client.ask('PUT', f'{AT}/pulls/1/merge', {}).json()['message'] == 'Pull Request is not mergeable'


def test_a_branch_is_brought_up_to_date(client, repository, proposed):
    repository.push({'meanwhile': b'1\n'})
    assert client.ask('PUT', f'{AT}/pulls/1/update-branch', {}).status_code == 202
    assert 'meanwhile' in repository.files('changes')
    assert repository.pull_requests[0].head_sha == repository.head('changes')


def test_a_request_is_closed_by_people_and_by_losing_its_branch(client, repository, proposed):
    repository.close_pull(1)
    assert client.get(f'{AT}/pulls/1').json()['state'] == 'closed'
    assert client.ask('PATCH', f'{AT}/pulls/1', {'state': 'open'}).json()['state'] == 'open'
    client.ask('DELETE', f'{AT}/git/refs/heads/changes')
    told = client.get(f'{AT}/pulls/1').json()
    assert (told['state'], told['merged'], told['closed_at']) == ('closed', False, '2026-03-01T12:00:00Z')


def test_a_request_whose_commits_were_pushed_is_merged(client, repository, proposed):
    client.ask('PATCH', f'{AT}/git/refs/heads/main', {'sha': repository.head('changes')})
    assert client.get(f'{AT}/pulls/1').json()['merged'] is True


def test_listeners_hear_of_requests(client, repository, forge, listener):
    client.ask('POST', f'{AT}/hooks', {'config': {'url': listener.url}, 'events': ['pull_request']})
    repository.push({'x': b'1'}, branch='changes', force_parent=repository.head())
    client.ask('POST', f'{AT}/pulls', {'title': 'Please', 'head': 'changes', 'base': 'main'})
    repository.push({'y': b'1'}, branch='changes')
    repository.merge_pull(1)
    forge.settle()
    told = [json.loads(body) for headers, body in listener.heard if headers['X-GitHub-Event'] == 'pull_request']
    assert [row['action'] for row in told] == ['opened', 'synchronize', 'closed']
    assert told[-1]['pull_request']['merged'] is True
