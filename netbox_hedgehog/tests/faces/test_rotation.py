"""`hedgehog_rotate_secrets`: every stored secret ends up under the newest key, once."""

from io import StringIO

import pytest
from core.models import ObjectChange
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from netbox_hedgehog.models import GitCredential, InstallationToken, WebhookState
from netbox_hedgehog.models.secrets import SecretUnreadable, decrypt, encrypt
from netbox_hedgehog.tests.specimens import make_credential, make_repository


def keys(*passphrases):
    return override_settings(PLUGINS_CONFIG={'netbox_hedgehog': _settings(passphrases)})


def _settings(passphrases):
    return {**settings.PLUGINS_CONFIG['netbox_hedgehog'], 'encryption_keys': list(passphrases)}


def rotate():
    output = StringIO()
    call_command('hedgehog_rotate_secrets', stdout=output)
    return output.getvalue().splitlines()


class RotationTests(TestCase):
    def setUp(self):
        with keys('old'):
            self.credential = make_credential(secret='the-token')
            self.webhook = WebhookState.objects.create(
                repository=make_repository(), secret=encrypt('new-hook'), previous_secret=encrypt('old-hook')
            )
            self.token = InstallationToken.objects.create(
                key='an App', token=encrypt('short-lived'), expires=timezone.now()
            )
        make_credential('Elsewhere', '', type='environment', reference='HEDGEHOG_TOKEN')

    def read(self):
        for row in (self.credential, self.webhook, self.token):
            row.refresh_from_db()
        return (
            decrypt(self.credential._secret),
            decrypt(self.webhook.secret),
            decrypt(self.webhook.previous_secret),
            decrypt(self.token.token),
        )

    def test_all_secrets_are_readable_with_the_newest_key_alone(self):
        before = GitCredential.objects.get(pk=self.credential.pk).last_updated
        with keys('new', 'old'):
            lines = rotate()
        assert [line.partition(' encrypted')[0] for line in lines] == [
            'credential: 1',
            'webhook: 2',
            'short-lived token: 1',
        ]
        with keys('new'):
            assert self.read() == ('the-token', 'new-hook', 'old-hook', 'short-lived')
            assert rotate() == lines
            assert self.read() == ('the-token', 'new-hook', 'old-hook', 'short-lived')
        assert self.credential.last_updated == before
        assert not ObjectChange.objects.filter(changed_object_id=self.credential.pk).exists()

    def test_what_cannot_be_decrypted_is_named_and_the_rest_is_done(self):
        with keys('lost'):
            lost = make_credential('Lost', 'gone')
        with keys('new', 'old'), pytest.raises(CommandError) as failed:
            rotate()
        assert failed.value.returncode == 1
        assert 'credential Lost' in str(failed.value)
        assert 'Robot' not in str(failed.value)
        with keys('new'):
            assert self.read()[0] == 'the-token'
        with keys('lost'):
            assert decrypt(GitCredential.objects.get(pk=lost.pk)._secret) == 'gone'

    def test_the_secret_key_of_netbox_can_be_left_for_a_key_of_its_own(self):
        with keys():
            credential = make_credential('Early', 'first')
        with keys('new', settings.SECRET_KEY, 'old'):
            rotate()
        with keys('new'):
            assert decrypt(GitCredential.objects.get(pk=credential.pk)._secret) == 'first'
            assert self.read()[0] == 'the-token'
        with keys(), pytest.raises(SecretUnreadable):
            decrypt(GitCredential.objects.get(pk=credential.pk)._secret)
