"""Objects and references made through the API are Git's own."""

import base64
import subprocess

import pytest

from .objects import EXECUTABLE, SYMLINK

AT = '/repos/acme/network/git'


def git(repository, *arguments):
    return subprocess.run(
        ['git', '-C', str(repository.path), *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_commit_is_built_from_a_tree_and_moves_the_branch(client, repository):
    head = client.get(f'{AT}/ref/heads/main').json()['object']['sha']
    base = client.get(f'{AT}/commits/{head}').json()['tree']['sha']
    tree = client.ask(
        'POST',
        f'{AT}/trees',
        {
            'base_tree': base,
            'tree': [
                {'path': 'fabric/new/vpc.yaml', 'mode': '100644', 'type': 'blob', 'content': 'kind: VPC\n'},
                {'path': 'README.md', 'mode': '100644', 'type': 'blob', 'sha': None},
            ],
        },
    )
    assert tree.status_code == 201
    person = {'name': 'Ann', 'email': 'ann@example.com', 'date': '2026-02-03T04:05:06Z'}
    commit = client.ask(
        'POST',
        f'{AT}/commits',
        {
            'message': 'Add\n\nA body',
            'tree': tree.json()['sha'],
            'parents': [head],
            'author': person,
            'committer': person,
        },
    )
    assert commit.status_code == 201
    sha = commit.json()['sha']
    assert commit.json()['verification']['reason'] == 'unsigned'
    moved = client.ask('PATCH', f'{AT}/refs/heads/main', {'sha': sha, 'force': False})
    assert (moved.status_code, moved.json()['object']['sha']) == (200, sha)
    assert repository.files() == {
        'fabric/new/vpc.yaml': b'kind: VPC\n',
        'fabric/switches.yaml': b'kind: Switch\n',
        'fabric/vpcs.yaml': b'kind: VPC\n',
    }
    assert git(repository, 'show', '--no-patch', '--format=%H %an %at %ct %s', 'main') == (
        f'{sha} Ann 1770091506 1770091506 Add'
    )


def test_the_same_commit_has_the_same_id(client, repository):
    person = {'name': 'Ann', 'email': 'ann@example.com', 'date': '2026-02-03T04:05:06Z'}
    body = {
        'message': 'Same',
        'tree': repository.store.tree_of(repository.head()),
        'parents': [repository.head()],
        'author': person,
    }
    made = [client.ask('POST', f'{AT}/commits', body).json()['sha'] for _ in range(2)]
    assert made[0] == made[1]


def test_modes_and_links_are_kept_and_told(client, forge):
    files = {'run.sh': (EXECUTABLE, b'#!/bin/sh\n'), 'link': (SYMLINK, b'run.sh'), 'b/c.yaml': b'x: 1\n'}
    repository = forge.create_repository('acme', 'modes', files=files)
    told = client.get(f'/repos/acme/modes/git/trees/{repository.head()}', params={'recursive': '1'}).json()
    assert [(row['path'], row['mode'], row['type']) for row in told['tree']] == [
        ('b', '040000', 'tree'),
        ('b/c.yaml', '100644', 'blob'),
        ('link', '120000', 'blob'),
        ('run.sh', '100755', 'blob'),
    ]
    assert told['truncated'] is False
    assert repository.fsck() == ''


def test_a_tree_without_the_parameter_is_one_level_deep(client, repository):
    told = client.get(f'{AT}/trees/main').json()
    assert [row['path'] for row in told['tree']] == ['README.md', 'fabric']


@pytest.mark.usefixtures('wrong_on_purpose')
def test_any_value_of_recursive_means_yes(client, repository, forge):
    told = client.get(f'{AT}/trees/main', params={'recursive': 'false'}).json()
    assert 'fabric/vpcs.yaml' in [row['path'] for row in told['tree']]
    assert 'looks like the opposite' in forge.violations[0]


def test_a_listing_above_the_limit_is_truncated(client, repository, forge):
    forge.truncate_trees(above=3)
    told = client.get(f'{AT}/trees/main', params={'recursive': '1'}).json()
    assert told['truncated'] is True
    assert len(told['tree']) < 4
    assert client.get(f'{AT}/trees/main').json()['truncated'] is False


def test_a_blob_is_read_as_base64_or_raw(client, repository):
    sha = client.ask('POST', f'{AT}/blobs', {'content': base64.b64encode(b'\x00\xff').decode(), 'encoding': 'base64'})
    assert sha.status_code == 201
    path = f'{AT}/blobs/{sha.json()["sha"]}'
    told = client.get(path).json()
    assert (base64.b64decode(told['content']), told['encoding'], told['size']) == (b'\x00\xff', 'base64', 2)
    raw = client.get(path, headers={'Accept': 'application/vnd.github.raw+json'})
    assert raw.content == b'\x00\xff'


def test_a_known_answer_is_not_sent_again_and_costs_nothing(client, repository, forge):
    first = client.get(f'{AT}/ref/heads/main')
    again = client.get(f'{AT}/ref/heads/main', headers={'If-None-Match': first.headers['ETag']})
    assert (again.status_code, again.content) == (304, b'')
    assert again.headers['x-ratelimit-used'] == first.headers['x-ratelimit-used']
    repository.push({'new': b'1'})
    changed = client.get(f'{AT}/ref/heads/main', headers={'If-None-Match': first.headers['ETag']})
    assert changed.status_code == 200
    assert [record.conditional for record in forge.requests] == [False, True, True]


def test_an_etag_is_another_for_another_representation(client, repository):
    first, other = (client.get(f'{AT}/trees/main', headers={'Accept': kind}) for kind in ('application/json', '*/*'))
    assert first.headers['ETag'] != other.headers['ETag']


def test_branches_with_slashes_are_made_listed_and_removed(client, repository):
    body = {'ref': 'refs/heads/netbox/changes', 'sha': repository.head()}
    assert client.ask('POST', f'{AT}/refs', body).status_code == 201
    assert client.get(f'{AT}/ref/heads/netbox/changes').json()['ref'] == 'refs/heads/netbox/changes'
    assert [row['ref'] for row in client.get(f'{AT}/matching-refs/heads/netbox').json()] == [
        'refs/heads/netbox/changes'
    ]
    assert client.ask('DELETE', f'{AT}/refs/heads/netbox/changes').status_code == 204
    assert repository.head('netbox/changes') == ''


def test_a_fast_forward_check_lets_dropped_commits_come_back(client, repository):
    """The hole that a compare-and-swap closes: the branch was set back, and our commit still fits."""
    old = repository.head()
    dropped = repository.push({'dropped': b'1'})
    ours = client.commit(repository, {'ours': '1\n'})
    repository.rewind('main', old)
    assert client.ask('PATCH', f'{AT}/refs/heads/main', {'sha': ours, 'force': False}).status_code == 200
    assert dropped in [commit.id.decode() for commit in repository.log()]


def test_a_plain_reader_sees_what_the_api_wrote(client, repository):
    sha = client.commit(repository, {f'many/{number}.yaml': 'x\n' for number in range(100)})
    client.ask('PATCH', f'{AT}/refs/heads/main', {'sha': sha})
    assert git(repository, 'rev-parse', 'main') == sha
    assert len(git(repository, 'ls-tree', '-r', '--name-only', 'main').splitlines()) == 103
