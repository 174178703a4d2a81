"""`netbox hedgehog_webhook`, with a GitHub that calls over real HTTP."""

from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.test import LiveServerTestCase, TestCase
from django.urls import reverse

from netbox_hedgehog.models import GitRepository, WebhookState
from netbox_hedgehog.models.secrets import decrypt, encrypt
from netbox_hedgehog.tests.emptying import EmptiedAfterwards
from netbox_hedgehog.tests.faces.test_webhook_setup import GitHubFixture
from netbox_hedgehog.tests.github import Fault, FaultKind

ADDRESS = 'https://netbox.example.com'


class CommandFixture(GitHubFixture):
    def run_command(self, *arguments):
        self.out = StringIO()
        call_command('hedgehog_webhook', *arguments, stdout=self.out, no_color=True)
        return self.out.getvalue()

    def fail_command(self, *arguments, status):
        with pytest.raises(CommandError) as caught:
            self.run_command(*arguments)
        assert caught.value.returncode == status, caught.value
        return str(caught.value)


class InstallTests(CommandFixture, TestCase):
    def test_it_makes_the_webhook_and_prints_the_address_and_no_secret(self):
        printed = self.run_command('install', 'network', '--url', ADDRESS, '--show-secret')
        (hook,) = self.hosted.hooks
        assert hook.url == f'{ADDRESS}/plugins/hedgehog/webhooks/github/{self.github.pk}/'
        assert hook.secret == self.secret()
        assert hook.url in printed
        assert hook.secret not in printed

    def test_it_can_be_repeated_and_replaces_the_secret_only_when_asked(self):
        self.run_command('install', 'network', '--url', ADDRESS)
        first = self.secret()
        self.run_command('install', 'network', '--url', ADDRESS)
        assert self.secret() == first
        self.run_command('install', 'network', '--url', ADDRESS, '--new-secret')
        assert self.hosted.hooks[0].secret == self.secret() != first
        assert decrypt(self.state().previous_secret) == first

    def test_a_token_that_may_not_gets_instructions_and_the_secret_only_when_asked(self):
        self.may_not_make_webhooks()
        assert 'by hand' in self.fail_command('install', 'network', '--url', ADDRESS, status=1)
        printed = self.out.getvalue()
        assert 'application/json' in printed
        assert self.secret() not in printed
        self.fail_command('install', 'network', '--url', ADDRESS, '--show-secret', status=1)
        assert self.secret() in self.out.getvalue()

    def test_a_repository_elsewhere_gets_instructions(self):
        self.fail_command('install', 'dc', '--url', ADDRESS, '--show-secret', status=1)
        assert self.secret(self.repository) in self.out.getvalue()

    def test_without_an_address_nothing_is_done(self):
        assert 'webhook_base_url' in self.fail_command('install', 'network', status=2)
        assert not WebhookState.objects.exists()

    def test_an_unknown_repository_is_a_mistake(self):
        message = self.fail_command('install', 'nothing', '--url', ADDRESS, status=2)
        assert message == 'There is no repository nothing. Known repositories: dc, network'

    def test_a_github_that_does_not_answer_is_a_failure_to_run(self):
        self.forge.fail(Fault(FaultKind.SERVER_ERROR, times=9))
        self.fail_command('install', 'network', '--url', ADDRESS, status=2)

    def test_a_stored_secret_that_cannot_be_read_is_told(self):
        WebhookState.objects.create(repository=self.github, secret='gAAAAA')
        assert 'encryption_keys' in self.fail_command('install', 'network', '--url', ADDRESS, status=2)

    def test_the_help_tells_how_it_ends(self):
        command = load_command_class(get_commands()['hedgehog_webhook'], 'hedgehog_webhook')
        text = command.create_parser('netbox', 'hedgehog_webhook').format_help()
        assert 'REPOSITORY' in text
        assert '\n  1  it does not work' in text


class StatusTests(CommandFixture, TestCase):
    def test_before_the_installation_it_does_not_work(self):
        assert 'run install' in self.fail_command('status', 'network', status=1)
        assert 'There is no secret yet' in self.out.getvalue()

    def test_a_webhook_that_somebody_deleted_at_github_is_noticed(self):
        self.run_command('install', 'network', '--url', ADDRESS)
        self.hosted.hooks.clear()
        assert 'not installed' in self.fail_command('status', 'network', status=1)

    def test_a_repository_elsewhere_cannot_be_asked_about(self):
        self.fail_command('status', 'dc', status=2)
        assert 'Rejected calls: 0' in self.out.getvalue()


class CalledTests(CommandFixture, EmptiedAfterwards, LiveServerTestCase):
    def test_a_webhook_is_installed_tested_and_examined(self):
        self.run_command('install', 'network', '--url', self.live_server_url)
        self.forge.webhooks.settle()
        assert 'the webhook works' in self.run_command('test', 'network')
        self.forge.webhooks.settle()
        printed = self.run_command('status', 'network')
        assert 'At GitHub: active, last answer 200 OK' in printed
        assert 'Did not arrive' not in printed
        assert self.forge.violations == []

    def test_what_does_not_arrive_is_told_and_repeated(self):
        self.run_command('install', 'network', '--url', self.live_server_url)
        self.forge.webhooks.settle()
        with mock.patch('netbox_hedgehog.views.webhooks.LONGEST_BODY', 10):
            self.hosted.push({'README.md': b'Edited\n'})
            self.forge.webhooks.settle()
        self.fail_command('status', 'network', status=1)
        assert self.out.getvalue().count('Did not arrive: push') == 1
        assert '(413)' in self.out.getvalue()
        self.fail_command('status', 'network', '--redeliver', status=1)
        self.forge.webhooks.settle()
        assert 'Did not arrive' not in self.run_command('status', 'network')

    def test_a_call_with_another_secret_is_told(self):
        self.run_command('install', 'network', '--url', self.live_server_url)
        self.forge.webhooks.settle()
        WebhookState.objects.update(secret=encrypt('another'), last_rejection=None)
        assert 'another secret' in self.fail_command('test', 'network', status=1)
        self.forge.webhooks.settle()
        self.fail_command('status', 'network', status=1)

    def test_a_call_of_a_stranger_does_not_count_against_a_webhook_that_works(self):
        self.run_command('install', 'network', '--url', self.live_server_url)
        self.run_command('test', 'network')
        url = reverse('plugins:netbox_hedgehog:github_webhook', args=[GitRepository.objects.get(name='network').pk])
        assert self.client.post(url, b'{}', content_type='application/json').status_code == 403
        assert 'Rejected calls: 1' in self.run_command('status', 'network')

    def test_a_call_that_does_not_arrive_is_told(self):
        self.run_command('install', 'network', '--url', 'http://127.0.0.1:9')
        with mock.patch('netbox_hedgehog.management.commands.hedgehog_webhook._WAIT_SECONDS', 0):
            assert 'nothing arrived' in self.fail_command('test', 'network', status=1)
        assert WebhookState.objects.get().last_delivery is None
