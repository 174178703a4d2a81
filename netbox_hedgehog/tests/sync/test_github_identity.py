"""In whose name a fabric on GitHub is synchronised: a token, a GitHub App, and whom the commits name."""

import os
from datetime import timedelta
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from netbox_hedgehog.models import (
    AuthorshipChoices,
    CredentialTypeChoices,
    ForgeChoices,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    InstallationToken,
    RunStatusChoices,
    Server,
)
from netbox_hedgehog.repositories import CredentialUnusable
from netbox_hedgehog.sync.access import access_to, budget_key
from netbox_hedgehog.sync.schedule import outlook_of
from netbox_hedgehog.tests.sync.base import DIRECTORY
from netbox_hedgehog.tests.sync.github_base import GitHubFixture
from netbox_hedgehog.tests.sync.test_github_requests import servers


class IdentityTests(GitHubFixture, TestCase):
    files = servers(2)

    def edit(self, description: str):
        row = Server.objects.get(name='server-00000')
        data = {
            'fabric': self.fabric.pk,
            'namespace': 'default',
            'name': row.name,
            'spec': f'description: {description}',
        }
        response = self.client.post(reverse('plugins:netbox_hedgehog:server_edit', args=[row.pk]), data)
        assert response.status_code == 302, response.content

    def in_git(self) -> bytes:
        return self.remote.files()[f'{DIRECTORY}/managed/servers/server-00000.yaml']

    def use_app(self, *repositories: str):
        app = self.forge.add_app(1234, repositories=list(repositories))
        self.credential.type, self.credential.app_id = CredentialTypeChoices.APP, '1234'
        self.credential.set_secret(app.private_key_pem)
        self.credential.full_clean()
        self.credential.save()
        return app

    def test_the_user_is_the_author_of_a_commit_and_the_service_its_committer(self):
        self.sync()
        self.edit('By Ada')
        self.sync()
        commit = self.remote.log('main')[-1]
        assert commit.author == b'ada <ada@example.com>'
        assert commit.committer.startswith(b'netbox_hedgehog')
        assert b'Co-authored-by' not in commit.message

    def test_a_verified_commit_is_githubs_own_and_credits_the_user(self):
        self.fabric.authorship = AuthorshipChoices.VERIFIED
        self.fabric.full_clean()
        self.fabric.save()
        self.sync()
        self.edit('By Ada')
        requests = self.requests_of()
        assert 'POST graphql/createCommitOnBranch 200' in requests
        commit = self.remote.log('main')[-1]
        message = commit.message.decode()
        assert 'Co-authored-by: ada <ada@example.com>' in message
        assert 'HNP-User: ada' in message
        assert not commit.author.startswith(b'ada')
        assert b'By Ada' in self.in_git()

    def test_an_app_works_with_short_lived_tokens_that_are_kept_encrypted(self):
        app = self.use_app('acme/network')
        self.sync()
        self.edit('By an App')
        requests = self.requests_of()
        assert not any('access' in request for request in requests), 'the token of the first pass lives for an hour'
        assert b'By an App' in self.in_git()
        assert InstallationToken.objects.get().token.startswith('gAAAA')
        assert app.tokens_issued == 1
        InstallationToken.objects.create(key='of a key that was replaced', token='', expires=timezone.now())
        later = timezone.now() + timedelta(minutes=56)
        self.forge.now = lambda: later
        with mock.patch('django.utils.timezone.now', return_value=later):
            self.sync()
        assert app.tokens_issued == 2
        assert InstallationToken.objects.count() == 1

    def test_two_repositories_of_one_app_keep_their_tokens_beside_each_other(self):
        app = self.use_app('acme/network', 'acme/second')
        hosted = self.forge.create_repository('acme', 'second', files=self.files)
        second = GitRepository.objects.create(
            name='second', url=hosted.url, forge=ForgeChoices.GITHUB, credential=self.credential
        )
        fabrics = [self.fabric, HedgehogFabric.objects.create(name='DC2', slug='dc2', repository=second)]
        for _round in range(2):
            for self.fabric in fabrics:
                self.sync()
        assert app.tokens_issued == 2
        for self.fabric in fabrics:
            assert self.requests_of() == ['GET git/get-ref 304']
        assert app.tokens_issued == 2

    def test_a_token_is_read_from_the_environment_anew_for_each_pass(self):
        self.forge.add_token('ghp_fromTheEnvironment', login='hedgehog-bot')
        credential = GitCredential(
            name='variable',
            type=CredentialTypeChoices.ENVIRONMENT,
            host=self.credential.host,
            reference='HEDGEHOG_TEST_TOKEN',
        )
        credential.full_clean()
        credential.save()
        self.repository.credential = credential
        self.repository.save()
        run = self.attempt()
        assert run.status == RunStatusChoices.FAILED
        assert 'HEDGEHOG_TEST_TOKEN' in run.error
        with mock.patch.dict(os.environ, {'HEDGEHOG_TEST_TOKEN': 'ghp_fromTheEnvironment'}):
            self.sync()

    def test_the_variable_of_last_resort_is_sent_to_github_alone(self):
        self.repository.credential = None
        self.repository.save()
        with mock.patch.dict(os.environ, {'GITHUB_TOKEN': 'ghp_forGitHubOnly'}):
            run = self.attempt()
        assert run.status == RunStatusChoices.FAILED
        assert self.forge.requests == []

    def test_no_token_travels_in_the_clear(self):
        GitCredential.objects.update(host='git.example.com')
        for url, credential, variables, named in (
            ('http://github.com/acme/network', None, {'GITHUB_TOKEN': 'ghp_canary'}, 'GITHUB_TOKEN'),
            ('http://git.example.com/acme/network', self.credential.pk, {}, 'credential bot'),
        ):
            repository = GitRepository(name='clear', url=url, credential_id=credential)
            with mock.patch.dict(os.environ, variables), pytest.raises(CredentialUnusable) as refused:
                access_to(repository)
            assert named in refused.value.message
            assert 'https://' in refused.value.remedy
            assert 'ghp_' not in str(refused.value)
            for forge in ('', ForgeChoices.GIT):
                repository.forge = forge
                with pytest.raises(ValidationError) as refused:
                    repository.full_clean(exclude=['address_key'])
                assert set(refused.value.message_dict) == {'url'}

    def test_the_budget_of_a_credential_is_found_without_its_secret(self):
        GitCredential.objects.update(_secret='')
        with mock.patch('netbox_hedgehog.models.GitCredential.resolve', side_effect=AssertionError):
            assert outlook_of(self.fabric) is not None
        assert budget_key(self.repository) == f'credential:{self.credential.pk}'
        url = 'https://github.com/acme/other'
        with mock.patch.dict(os.environ, {'GITHUB_TOKEN': 'ghp_canary'}):
            assert budget_key(GitRepository(url=url)) == 'environment:GITHUB_TOKEN'
        with mock.patch.dict(os.environ, {'GITHUB_TOKEN': ''}):
            assert budget_key(GitRepository(url=url)) == 'anonymous:github.com'

    def test_a_credential_is_not_sent_to_another_server(self):
        GitCredential.objects.update(host='github.com')
        run = self.attempt()
        assert run.status == RunStatusChoices.FAILED
        assert 'github.com' in run.error
        assert self.forge.requests == []
