"""The double as a process: what it is told to have, what it remembers, and the doors beside the API."""

import json
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
import requests

from . import Forge
from .state import Memory, set_up

AT = '/repos/acme/network'


@contextmanager
def process(root, *arguments):
    """Start the double, and stop it when the block ends."""
    started = subprocess.Popen(
        [sys.executable, '-m', 'netbox_hedgehog.tests.github', '--root', str(root), *arguments],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield started.stdout.readline().strip()
    finally:
        started.send_signal(signal.SIGTERM)
        assert started.wait(timeout=20) == 0
        started.stdout.close()


def test_what_the_file_names_is_there_and_stays(tmp_path, listener):
    wanted = {
        'repositories': [{'owner': 'acme', 'name': 'network', 'files': {'README.md': '# Network\n'}}],
        'tokens': [{'value': 'ghp_x'}],
        'hooks': [{'repository': 'acme/network', 'url': listener.url, 'secret': 's'}],
    }
    file = tmp_path / 'wanted.json'
    file.write_text(json.dumps(wanted))
    headers = {'Authorization': 'Bearer ghp_x', 'User-Agent': 'test'}
    numbers = []
    for _ in range(2):
        with process(tmp_path / 'root', '--state', str(file)) as url:
            told = requests.get(f'{url}/api/v3{AT}', headers=headers, timeout=10).json()
            hooks = requests.get(f'{url}/api/v3{AT}/hooks', headers=headers, timeout=10).json()
            numbers.append((told['id'], [hook['id'] for hook in hooks]))
    assert numbers[0] == numbers[1]
    assert len(numbers[0][1]) == 1


def test_hooks_and_requests_survive_a_restart(tmp_path, clock):
    def start():
        forge = Forge(tmp_path, clock=clock)
        forge.start()
        Memory(forge, tmp_path / 'forge.json').recall()
        set_up(forge, {'repositories': [{'owner': 'acme', 'name': 'network', 'files': {'x': '1'}}]})
        return forge

    with start() as forge:
        repository = forge.repository('acme/network')
        repository.push({'y': b'1'}, branch='changes', force_parent=repository.head())
        repository.pulls.open(title='Please', head='changes', base='main', body=None, user='ann')
        key = forge.add_app(repositories=['acme/network']).private_key_pem
        forge.changed()
        node_id = repository.node_id
    assert (tmp_path / 'forge.json').stat().st_mode & 0o077 == 0
    with start() as forge:
        repository = forge.repository('acme/network')
        (pull,) = repository.pull_requests
        assert (pull.title, pull.created, repository.node_id) == ('Please', clock(), node_id)
        assert forge.apps[0].private_key_pem == key
        repository.merge_pull(1)
    with start() as forge:
        assert forge.repository('acme/network').pull_requests[0].merged is True


def test_a_plain_push_is_told_to_listeners(tmp_path, repository, forge, client, listener):
    client.ask('POST', f'{AT}/hooks', {'config': {'url': listener.url}, 'events': ['push']})
    work = tmp_path / 'work'
    git('clone', str(repository.path), str(work))
    head = commit_and_push(work)
    forge.settle()
    told = json.loads(listener.heard[-1][1])
    assert (told['ref'], told['after']) == ('refs/heads/main', head)
    assert client.get(f'{AT}/git/ref/heads/main').json()['object']['sha'] == head


def test_git_reads_and_writes_over_http(tmp_path, repository, forge, client, listener):
    client.ask('POST', f'{AT}/hooks', {'config': {'url': listener.url}, 'events': ['push']})
    address = repository.url.replace('//', f'//x:{client.token}@')
    work = tmp_path / 'work'
    if git('clone', f'{address}.git', str(work), check=False).returncode:
        pytest.skip('git http-backend is not installed')
    head = commit_and_push(work)
    forge.settle()
    assert repository.head() == head
    assert json.loads(listener.heard[-1][1])['after'] == head
    assert git('ls-remote', repository.url, check=False).returncode != 0


def git(*arguments, check=True):
    return subprocess.run(
        ['git', '-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', '-c', 'credential.helper=', *arguments],
        capture_output=True,
        text=True,
        check=check,
        env={'PATH': '/usr/bin:/bin:/usr/local/bin', 'HOME': '/nonexistent', 'GIT_TERMINAL_PROMPT': '0'},
    )


def commit_and_push(work):
    (work / 'pushed').write_text('1\n')
    git('-C', str(work), 'add', '.')
    git('-C', str(work), 'commit', '-m', 'Push')
    git('-C', str(work), 'push')
    return git('-C', str(work), 'rev-parse', 'HEAD').stdout.strip()


class TestPages:
    """Links lead somewhere."""

    def test_a_repository_a_commit_and_a_file(self, repository, forge):
        overview = requests.get(repository.url, timeout=10).text
        assert repository.head()[:10] in overview
        assert 'fabric/vpcs.yaml' in overview
        assert '+kind: VPC' in requests.get(f'{repository.url}/commit/{repository.head()}', timeout=10).text
        assert 'kind: VPC' in requests.get(f'{repository.url}/blob/main/fabric/vpcs.yaml', timeout=10).text
        assert repository.full_name in requests.get(forge.url, timeout=10).text

    @pytest.mark.parametrize('path', ['commit/none', 'pull/7', 'blob/main/none', 'settings'])
    def test_what_is_not_there(self, repository, path):
        assert requests.get(f'{repository.url}/{path}', timeout=10).status_code == 404

    @pytest.mark.parametrize(('button', 'state'), [('squash', 'merged'), ('close', 'closed')])
    def test_a_pull_request_is_settled_with_a_button(self, repository, button, state):
        repository.push({'x': b'<1>\n'}, branch='changes', force_parent=repository.head())
        pull = repository.pulls.open(title='<Please>', head='changes', base='main', body=None, user='ann')
        page = requests.get(pull.url, timeout=10).text
        assert '&lt;Please&gt;' in page
        assert '+&lt;1&gt;' in page
        assert f'<b id="state">{state}</b>' in requests.post(f'{pull.url}/{button}', timeout=10).text
        assert requests.post(f'{pull.url}/merge', timeout=10).status_code == 405
