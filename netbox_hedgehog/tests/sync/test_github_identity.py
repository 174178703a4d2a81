"""In whose name a fabric on GitHub is synchronised: a token, a GitHub App, and whom the commits name."""

import os
from datetime import timedelta
from unittest import mock

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from netbox_hedgehog.models import (
    AuthorshipChoices,
    CredentialState,
    CredentialTypeChoices,
    GitCredential,
    RunStatusChoices,
    Server,
)
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
        app = self.forge.add_app(1234, repositories=['acme/network'])
        self.credential.type, self.credential.app_id = CredentialTypeChoices.APP, '1234'
        self.credential.set_secret(app.private_key_pem)
        self.credential.full_clean()
        self.credential.save()
        self.sync()
        self.edit('By an App')
        requests = self.requests_of()
        assert not any('access' in request for request in requests), 'the token of the first pass lives for an hour'
        assert b'By an App' in self.in_git()
        state = CredentialState.objects.get(key=f'credential:{self.credential.pk}')
        assert state.token.startswith('gAAAA')
        assert app.tokens_issued == 1
        later = timezone.now() + timedelta(minutes=56)
        self.forge.now = lambda: later
        with mock.patch('django.utils.timezone.now', return_value=later):
            self.sync()
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

    def test_a_credential_is_not_sent_to_another_server(self):
        GitCredential.objects.update(host='github.com')
        run = self.attempt()
        assert run.status == RunStatusChoices.FAILED
        assert 'github.com' in run.error
        assert self.forge.requests == []
