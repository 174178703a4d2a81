"""No token, key or secret in any log, page, answer, change log, job, record or error, whatever was done."""

import io
import json
import logging
import re
from unittest import mock

import pytest
from core.models import Job, ObjectChange
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.serializers import serialize
from django.test import TestCase
from django.urls import reverse

from netbox_hedgehog.models import (
    CredentialState,
    CredentialTypeChoices,
    FabricState,
    GitCredential,
    InstallationToken,
    PendingChange,
    Server,
    WebhookDelivery,
    WebhookState,
    WriteMethodChoices,
)
from netbox_hedgehog.models.secrets import decrypt
from netbox_hedgehog.repositories.github.signature import SIGNATURE_HEADER, sign
from netbox_hedgehog.sync.webhooks import install_webhook
from netbox_hedgehog.tests.github import Fault, FaultKind
from netbox_hedgehog.tests.sync.github_base import TOKEN, GitHubFixture
from netbox_hedgehog.tests.sync.test_github_requests import servers

API = '/api/plugins/hedgehog'
KEY_LINE = re.compile(r'^[A-Za-z0-9+/]{60,}$', re.MULTILINE)


class Listener(logging.Handler):
    """Keeps every line that any logger says, at any level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter('%(name)s %(message)s'))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class SecretTests(GitHubFixture, TestCase):
    files = servers(3)

    def setUp(self):
        self.listener, root = Listener(), logging.getLogger()
        level = root.level
        root.addHandler(self.listener)
        root.setLevel(logging.DEBUG)
        self.addCleanup(root.setLevel, level)
        self.addCleanup(root.removeHandler, self.listener)
        # What a configuration has silenced is heard too.
        for logger in [logging.getLogger(name) for name in logging.root.manager.loggerDict]:
            for name, value in (('disabled', False), ('propagate', True)):
                self.addCleanup(setattr, logger, name, getattr(logger, name))
                setattr(logger, name, value)
        self.seen: list[tuple[str, str]] = []
        super().setUp()

    def look(self, where: str, text: object):
        self.seen.append((where, text.decode(errors='replace') if isinstance(text, bytes) else str(text)))

    def edit(self, number: int = 0):
        row = Server.objects.get(name=f'server-{number:05}')
        row.snapshot()
        row.spec = {'description': f'Edit {PendingChange.objects.count()} of {row.spec["description"]}'}
        row.save()

    def test_nothing_secret_is_seen_anywhere(self):
        app = self.forge.add_app(1234, repositories=['acme/network'])
        secrets = {TOKEN, *KEY_LINE.findall(app.private_key_pem)}
        assert len(secrets) > 5

        self.make_passes()
        secrets.add(self.receive_webhooks())
        self.examine()
        self.edit_credentials(app)
        self.make_passes()
        secrets.update(decrypt(kept.token) for kept in InstallationToken.objects.all())
        self.propose()
        self.meet_faults()
        self.read_pages_and_answers()
        self.read_tables()

        assert len(secrets) > 6
        assert len(self.listener.lines) > 100
        for where, text in [*self.seen, *(('a log', line) for line in self.listener.lines)]:
            for secret in secrets:
                assert secret not in text, f'a secret in {where}'

    def make_passes(self):
        self.sync()
        self.edit()
        self.sync(trigger='button')
        self.sync(complete=True)

    def receive_webhooks(self) -> str:
        url = reverse('plugins:netbox_hedgehog:github_webhook', args=[self.repository.pk])
        self.look('the installation', install_webhook(self.repository, f'https://netbox.example.com{url}').hook)
        secret = decrypt(WebhookState.objects.get().secret)
        body = json.dumps({'ref': 'refs/heads/main', 'before': '0' * 40, 'after': '1' * 40}).encode()
        for signature in (sign(secret, body), sign('wrong', body)):
            headers = {SIGNATURE_HEADER: signature, 'X-GitHub-Event': 'push', 'X-GitHub-Delivery': signature[-30:]}
            answer = self.client.post(url, body, content_type='application/json', headers=headers)
            self.look('the answer to a webhook', answer.content)
        assert WebhookDelivery.objects.exists()
        return secret

    def examine(self):
        for command in (
            ['hedgehog_doctor'],
            ['hedgehog_doctor', '--json'],
            ['hedgehog_webhook', 'status', self.repository.name],
            ['hedgehog_sync', self.fabric.slug],
            ['hedgehog_rotate_secrets'],
        ):
            printed = io.StringIO()
            try:
                call_command(*command, stdout=printed, stderr=printed)
            except (CommandError, SystemExit) as ended:
                self.look(f'the end of {command}', ended)
            self.look(f'the output of {command}', printed.getvalue())

    def edit_credentials(self, app):
        self.login_token()
        data = {
            'name': 'App',
            'type': CredentialTypeChoices.APP,
            'host': self.credential.host,
            'app_id': '1234',
            'secret': app.private_key_pem,
        }
        answer = self.client.post(reverse('plugins:netbox_hedgehog:gitcredential_add'), data)
        self.look('the answer to a form', answer.content)
        wrong = self.client.post(reverse('plugins:netbox_hedgehog:gitcredential_add'), {**data, 'host': 'a b'})
        self.look('a form with an error', wrong.content)
        made = GitCredential.objects.get(name='App')
        for body in ({'secret': app.private_key_pem}, {'secret': app.private_key_pem, 'app_id': ''}):
            answer = self.client.patch(
                f'{API}/git-credentials/{made.pk}/', body, content_type='application/json', headers=self.headers
            )
            self.look('the answer to a REST call', answer.content)
        self.repository.credential = made
        self.repository.save()

    def login_token(self):
        from users.models import Token

        token = Token.objects.create(user=self.user)
        self.headers = {'Authorization': f'Bearer nbt_{token.key}.{token.token}'}

    def propose(self):
        self.fabric.write_method = WriteMethodChoices.PULL_REQUEST
        self.fabric.save()
        self.edit(1)
        self.sync()
        assert FabricState.objects.get().proposal['number']

    def meet_faults(self):
        for kind in FaultKind:
            self.forge.fail(Fault(kind, at=0, seconds=0.01))
            self.attempt()
            self.forge.faults.clear()
            CredentialState.objects.update(budget={})
        self.forge.add_token('ghp_other')
        with mock.patch('requests.sessions.Session.send', side_effect=OSError('no route')):
            with pytest.raises(OSError, match='no route') as raised:
                self.attempt()
            self.look('an error that nobody foresaw', raised.value)

    def read_pages_and_answers(self):
        for name, key in (
            ('gitcredential', self.repository.credential.pk),
            ('gitrepository', self.repository.pk),
            ('hedgehogfabric', self.fabric.pk),
        ):
            for page in ('', '_edit', '_changelog', '_delete'):
                url = reverse(f'plugins:netbox_hedgehog:{name}{page}', args=[key])
                self.look(url, self.client.get(url).content)
            url = reverse(f'plugins:netbox_hedgehog:{name}_list')
            for query in ('', '?export', '?export=table'):
                self.look(url + query, b''.join(self.client.get(url + query)))
        for path in ('git-credentials', 'git-repositories', 'fabrics', 'sync-runs', 'pending-changes'):
            answer = self.client.get(f'{API}/{path}/', headers=self.headers)
            assert answer.status_code == 200
            self.look(path, answer.content)
        for page in ('core:job_list', 'core:objectchange_list'):
            self.look(page, self.client.get(reverse(page)).content)

    def read_tables(self):
        for model in (*apps.get_app_config('netbox_hedgehog').get_models(), Job, ObjectChange):
            self.look(f'the table of {model.__name__}', serialize('json', model.objects.all()))
