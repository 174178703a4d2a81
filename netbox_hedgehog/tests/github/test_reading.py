"""Repository, history, comparison, contents and the archive."""

import base64
import io
import tarfile
from urllib.parse import urlsplit

import pytest
import requests

AT = '/repos/acme/network'


def test_a_repository_tells_what_a_client_needs(client, repository):
    told = client.get(AT).json()
    assert (told['full_name'], told['default_branch'], told['archived']) == ('acme/network', 'main', False)
    assert told['permissions'] == {'admin': True, 'maintain': True, 'push': True, 'triage': True, 'pull': True}


def test_names_are_found_in_any_case(client, repository):
    assert client.get('/repos/ACME/Network').json()['full_name'] == 'acme/network'


def test_commits_are_listed_newest_first_in_pages(client, repository):
    made = [repository.push({'x': b'%d' % number}) for number in range(4)]
    first = client.get(f'{AT}/commits', params={'per_page': 3})
    assert [row['sha'] for row in first.json()] == made[:0:-1]
    assert 'rel="next"' in first.headers['Link']
    second = client.get(f'{AT}/commits', params={'per_page': 3, 'page': 2})
    assert len(second.json()) == 2
    assert 'rel="next"' not in second.headers['Link']


def test_the_history_of_a_path_leaves_out_other_commits(client, repository):
    touched = repository.push({'fabric/vpcs.yaml': b'kind: VPC\nspec: {}\n'})
    repository.push({'elsewhere': b'1'})
    told = client.get(f'{AT}/commits', params={'path': 'fabric', 'sha': 'main'}).json()
    assert [row['sha'] for row in told] == [touched, repository.log()[0].id.decode()]


def test_a_commit_may_be_asked_for_its_id_alone(client, repository):
    answer = client.get(f'{AT}/commits/main', headers={'Accept': 'application/vnd.github.sha'})
    assert answer.text == repository.head()


def test_a_commit_tells_what_it_changed(client, repository):
    repository.push({'README.md': None, 'new': b'1\n2\n'})
    told = client.get(f'{AT}/commits/main').json()
    assert {(row['filename'], row['status']) for row in told['files']} == {('README.md', 'removed'), ('new', 'added')}
    assert told['stats'] == {'additions': 2, 'deletions': 1, 'total': 3}


def test_a_comparison_tells_how_two_commits_relate(client, repository):
    old = repository.head()
    new = repository.push({'x': b'1'})
    side = repository.push({'y': b'1'}, branch='side', force_parent=old)

    def compared(base, head, **more):
        return client.get(f'{AT}/compare/{base}...{head}', params=more).json()

    assert compared(old, new)['status'] == 'ahead'
    assert compared(new, old)['status'] == 'behind'
    assert compared(new, new)['status'] == 'identical'
    told = compared(new, side)
    assert (told['status'], told['ahead_by'], told['behind_by']) == ('diverged', 1, 1)
    assert told['merge_base_commit']['sha'] == old
    assert [row['filename'] for row in told['files']] == ['y']
    assert 'files' not in compared(old, new, per_page=1, page=2)


def test_a_file_is_made_changed_and_removed(client, repository):
    def put(**more):
        return client.ask('PUT', f'{AT}/contents/a/b.yaml', {'message': 'm', 'content': text(b'x: 1\n'), **more})

    def text(content):
        return base64.b64encode(content).decode()

    made = put()
    assert made.status_code == 201
    sha = made.json()['content']['sha']
    assert put(sha=sha, content=text(b'x: 2\n')).status_code == 200
    told = client.get(f'{AT}/contents/a/b.yaml').json()
    assert base64.b64decode(told['content']) == b'x: 2\n'
    gone = client.ask('DELETE', f'{AT}/contents/a/b.yaml', {'message': 'm', 'sha': told['sha']})
    assert (gone.status_code, gone.json()['content']) == (200, None)
    assert client.get(f'{AT}/contents/a').status_code == 404


def test_a_stale_id_of_a_path_that_is_gone_makes_the_file_again(client, repository):
    body = {'message': 'm', 'content': '', 'sha': 'f' * 40}
    assert client.ask('PUT', f'{AT}/contents/gone', body).status_code == 201
    assert 'gone' in repository.files()


def test_a_directory_lists_its_entries(client, repository):
    told = client.get(f'{AT}/contents/fabric', params={'ref': 'main'}).json()
    assert [(row['name'], row['type']) for row in told] == [('switches.yaml', 'file'), ('vpcs.yaml', 'file')]


def test_the_first_commit_of_an_empty_repository(client, forge):
    repository = forge.create_repository('acme', 'empty')
    body = {'message': 'm', 'content': '', 'branch': 'main'}
    assert client.ask('PUT', '/repos/acme/empty/contents/fabric/.gitkeep', body).status_code == 201
    assert repository.files() == {'fabric/.gitkeep': b''}
    assert client.get('/repos/acme/empty/git/ref/heads/main').json()['object']['sha'] == repository.head()


def test_branches_and_rules(client, repository):
    repository.protect('main')
    repository.protect('main', 'classic')
    told = client.get(f'{AT}/branches/main').json()
    assert (told['protected'], told['commit']['sha']) == (True, repository.head())
    assert [row['type'] for row in client.get(f'{AT}/rules/branches/main').json()] == ['pull_request']
    assert client.get(f'{AT}/rules/branches/not/there').json() == []
    assert client.get(f'{AT}/branches/main/protection').status_code == 200
    assert [row['name'] for row in client.get(f'{AT}/branches').json()] == ['main']
    repository.unprotect('main')
    assert client.get(f'{AT}/branches/main/protection').json()['message'] == 'Branch not protected'


class TestArchive:
    """The archive comes from another host, which gets no token."""

    def fetch(self, client, repository):
        answer = client.get(f'{AT}/tarball/{repository.head()}')
        assert answer.status_code == 302
        return answer.headers['Location']

    def test_it_holds_the_files_and_the_id_of_the_commit(self, client, repository):
        address = self.fetch(client, repository)
        assert urlsplit(address).hostname == 'localhost'
        content = requests.get(address, timeout=10).content
        with tarfile.open(fileobj=io.BytesIO(content)) as tar:
            assert tar.pax_headers['comment'] == repository.head()
            names = {member.name for member in tar if member.isfile()}
            assert names == {f'acme-network-{repository.head()[:7]}/{path}' for path in repository.files()}
            assert tar.extractfile(f'acme-network-{repository.head()[:7]}/README.md').read() == b'# Network\n'

    def test_its_address_is_good_for_five_minutes(self, client, repository, clock):
        address = self.fetch(client, repository)
        clock.pass_(minutes=5)
        assert requests.get(address, timeout=10).status_code == 404

    @pytest.mark.usefixtures('wrong_on_purpose')
    def test_a_token_that_reaches_the_other_host_is_noticed(self, client, repository, forge):
        address = self.fetch(client, repository)
        requests.get(address, headers={'Authorization': f'Bearer {client.token}'}, timeout=10)
        assert 'a token reached another host' in forge.violations[0]
