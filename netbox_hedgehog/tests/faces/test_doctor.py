"""Testing a connection from where its users stand: the command line, the pages and REST."""

import json
from io import StringIO

import pytest
from core.models import ObjectChange
from django.core.management import CommandError, call_command
from django.test import Client, TestCase
from django.urls import reverse

from netbox_hedgehog.models import GitRepository, HedgehogFabric
from netbox_hedgehog.repositories import create_bare
from netbox_hedgehog.tests.faces.api_client import ApiClient
from netbox_hedgehog.tests.faces.everything import nothing_changes
from netbox_hedgehog.tests.sync.base import SyncFixture
from netbox_hedgehog.tests.sync.github_base import TOKEN, GitHubFixture


class CommandTests(GitHubFixture, TestCase):
    files = {'README.md': b'#\n'}

    def run_command(self, *arguments):
        self.out = StringIO()
        call_command('hedgehog_doctor', *arguments, stdout=self.out, no_color=True)
        return self.out.getvalue()

    def fail_command(self, *arguments, status):
        with pytest.raises(CommandError) as caught:
            self.run_command(*arguments)
        assert caught.value.returncode == status
        assert TOKEN not in self.out.getvalue() + str(caught.value)
        return str(caught.value)

    def test_without_names_all_repositories_and_fabrics_are_examined(self):
        lines = self.run_command().splitlines()
        assert [line for line in lines if line.startswith(('repository ', 'fabric '))] == [
            'repository network',
            'fabric dc1',
        ]
        assert {line.split()[0] for line in lines} == {'repository', 'fabric', 'ok', 'warning', 'skipped'}
        assert 'ok       authentication    Signed in as hedgehog-bot.' in lines

    def test_a_fabric_is_named_by_slug_or_name_and_a_repository_by_its_name(self):
        for name, heading in (('dc1', 'fabric dc1'), ('DC1', 'fabric dc1'), ('network', 'repository network')):
            assert self.run_command(name).splitlines()[0] == heading
        assert self.run_command('dc1', 'DC1').count('fabric dc1') == 1

    def test_a_failure_ends_with_one_and_names_what_failed(self):
        self.forge.revoke(TOKEN)
        assert 'dc1' in self.fail_command('dc1', status=1)
        assert any(line.startswith('failed   authentication') and ' — ' in line for line in self.lines())

    def test_one_that_fails_keeps_no_other_waiting(self):
        create_bare(self.root / 'local.git', 'main')
        local = GitRepository.objects.create(name='local', url=str(self.root / 'local.git'))
        HedgehogFabric.objects.create(name='Local', slug='local', repository=local)
        self.forge.stop()
        assert self.fail_command(status=1) == '2 of 4 cannot be used: network, dc1'
        assert 'fabric local' in self.lines()

    def test_an_unknown_name_ends_with_two_and_examines_nothing(self):
        message = self.fail_command('dc1', 'dc9', status=2)
        assert message == 'There is no fabric and no repository dc9. Known fabrics: dc1; repositories: network'
        assert self.out.getvalue() == ''
        assert not self.forge.requests

    def test_json_is_one_document_also_where_something_failed(self):
        (fabric,) = json.loads(self.run_command('dc1', '--json'))
        assert (fabric['kind'], fabric['name'], fabric['ok']) == ('fabric', 'dc1', True)
        assert fabric['findings'][0] == {
            'check': 'credential',
            'verdict': 'ok',
            'message': 'In use: credential bot.',
            'remedy': '',
        }
        self.forge.revoke(TOKEN)
        self.fail_command('dc1', '--json', status=1)
        assert json.loads(self.out.getvalue())[0]['ok'] is False

    def lines(self):
        return self.out.getvalue().splitlines()


class EmptyTests(TestCase):
    def test_nothing_to_examine_is_said(self):
        out = StringIO()
        call_command('hedgehog_doctor', stdout=out)
        assert out.getvalue().strip() == 'There is neither a repository nor a fabric.'


class PageTests(GitHubFixture, TestCase):
    files = {'README.md': b'#\n'}

    def url(self, model='hedgehogfabric', view='test'):
        pk = (self.fabric if model == 'hedgehogfabric' else self.repository).pk
        return reverse(f'plugins:netbox_hedgehog:{model}_{view}'.removesuffix('_'), args=[pk])

    def test_the_pages_carry_the_button_and_the_answer_is_a_page_of_findings(self):
        for model in ('hedgehogfabric', 'gitrepository'):
            page = self.client.get(self.url(model, '')).content.decode()
            assert f'action="{self.url(model)}"' in page
            assert 'Test connection' in page
            page = self.client.post(self.url(model)).content.decode()
            for text in ('Can be used', 'Signed in as hedgehog-bot.', 'In use: credential bot.', 'mdi-check'):
                assert text in page
            assert f'action="{self.url(model)}"' in page, 'Test again'
            assert 'data-clipboard-text="' in page
            assert TOKEN not in page

    def test_the_form_carries_its_token(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.user)
        assert client.post(self.url()).status_code == 403
        assert not self.forge.requests

    def test_a_link_asks_nothing(self):
        assert self.client.get(self.url()).status_code == 302
        assert not self.forge.requests

    def test_what_failed_is_said_with_the_remedy(self):
        self.forge.revoke(TOKEN)
        page = self.client.post(self.url()).content.decode()
        assert 'Cannot be used' in page
        assert 'does not accept the credentials.' in page
        assert 'Renew the token' in page
        assert TOKEN not in page

    def test_each_page_needs_its_permission(self):
        self.user.is_superuser = False
        self.user.save()
        for model in ('hedgehogfabric', 'gitrepository'):
            assert self.client.post(self.url(model)).status_code == 403
        assert not self.forge.requests


class LocalPageTests(SyncFixture, TestCase):
    def test_a_repository_on_this_machine_is_tested_and_nothing_changes(self):
        self.sync()
        with nothing_changes(self.root):
            page = self.client.post(reverse('plugins:netbox_hedgehog:hedgehogfabric_test', args=[self.fabric.pk]))
        self.assertContains(page, 'The account of this process may write the repository.')


class RestTests(GitHubFixture, TestCase):
    files = {'README.md': b'#\n'}

    def setUp(self):
        super().setUp()
        self.api = ApiClient()

    def paths(self):
        return f'fabrics/{self.fabric.pk}/test/', f'git-repositories/{self.repository.pk}/test/'

    def test_the_findings_are_answered(self):
        self.api.allow('sync_hedgehogfabric', 'change_gitrepository')
        before = ObjectChange.objects.count()
        for path in self.paths():
            response = self.api.post(path)
            assert response.status_code == 200, response.content
            answer = response.json()
            assert set(answer) == {'ok', 'findings'}
            assert answer['ok'] is True
            assert {'check', 'verdict', 'message', 'remedy'} == set(answer['findings'][0])
            assert TOKEN not in response.content.decode()
        assert ObjectChange.objects.count() == before
        self.forge.revoke(TOKEN)
        for path in self.paths():
            assert self.api.post(path).json()['ok'] is False

    def test_each_takes_its_own_permission(self):
        self.api.allow('view_hedgehogfabric', 'view_gitrepository', 'add_hedgehogfabric', 'add_gitrepository')
        for path in self.paths():
            assert self.api.post(path).status_code == 403
        self.api.allow('sync_hedgehogfabric', constraints={'slug': 'dc2'})
        self.api.allow('change_gitrepository', constraints={'name': 'other'})
        for path in self.paths():
            assert self.api.post(path).status_code == 403
        assert not self.forge.requests

    def test_a_token_that_may_not_write_asks_nothing(self):
        self.api = ApiClient('reader', write_enabled=False)
        self.api.allow('sync_hedgehogfabric', 'change_gitrepository')
        for path in self.paths():
            assert self.api.post(path).status_code == 403
            assert self.api.get(path).status_code in (403, 405)
        assert not self.forge.requests

    def test_what_is_not_there(self):
        self.api.allow('sync_hedgehogfabric', 'change_gitrepository')
        assert self.api.post('fabrics/0/test/').status_code == 404
        assert self.api.post('git-repositories/0/test/').status_code == 404
