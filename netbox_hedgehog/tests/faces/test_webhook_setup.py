"""Setting up a webhook from the page and over REST, against a GitHub of the tests' own and without one."""

import re

from core.models import ObjectChange
from django.conf import settings
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from netbox_hedgehog.models import GitCredential, GitRepository, WebhookDelivery, WebhookState
from netbox_hedgehog.models.secrets import decrypt
from netbox_hedgehog.tests.faces.api_client import ApiClient
from netbox_hedgehog.tests.faces.everything import nothing_changes
from netbox_hedgehog.tests.github import Fault, FaultKind, Forge
from netbox_hedgehog.tests.sync.base import SyncFixture

TOKEN = 'ghp_webhooks'
PERMISSIONS = {'metadata': 'read', 'contents': 'write', 'repository_hooks': 'write'}


class GitHubFixture(SyncFixture):
    """A repository at a GitHub, whose token may make webhooks."""

    def setUp(self):
        super().setUp()
        self.forge = Forge(self.root / 'forge')
        self.forge.start()
        self.addCleanup(self.forge.stop)
        self.hosted = self.forge.create_repository('acme', 'network', files={'README.md': b'Fabrics\n'})
        self.forge.add_token(TOKEN, permissions=PERMISSIONS)
        host = self.forge.url.partition('//')[2]
        self.credential = GitCredential(name='GitHub', host=host)
        self.credential.set_secret(TOKEN)
        self.credential.save()
        self.github = GitRepository.objects.create(
            name='network', url=self.hosted.url, forge='github', credential=self.credential
        )

    def may_not_make_webhooks(self):
        self.forge.revoke(TOKEN)
        self.credential.set_secret('ghp_reader')
        self.credential.save()
        self.forge.add_token('ghp_reader', permissions={'metadata': 'read', 'contents': 'write'})

    def state(self, repository=None):
        return WebhookState.objects.get(repository=repository or self.github)

    def secret(self, repository=None):
        return decrypt(self.state(repository).secret)


class PageTests(GitHubFixture, TestCase):
    def page(self, repository=None, view=''):
        name = f'plugins:netbox_hedgehog:gitrepository{view and "_"}{view}'
        return reverse(name, args=[(repository or self.github).pk])

    def press(self, view, repository=None):
        return self.client.post(self.page(repository, view), follow=True)

    def test_the_panel_tells_that_nothing_is_set_up_and_where_to_call(self):
        shown = self.client.get(self.page()).content.decode()
        assert 'Not set up' in shown
        assert f'http://testserver/plugins/hedgehog/webhooks/github/{self.github.pk}/' in shown
        for view in ('install_webhook', 'replace_secret'):
            assert f'action="{self.page(view=view)}"' in shown

    def test_the_panel_tells_how_the_webhook_stands(self):
        now = timezone.now()
        state = WebhookState.objects.create(repository=self.github, secret='x')
        assert 'Not called yet' in self.client.get(self.page()).content.decode()
        state.last_delivery = now
        state.save()
        assert 'Works' in self.client.get(self.page()).content.decode()
        delivery = WebhookDelivery.objects.create(repository=self.github, guid='1', event='push', status='failed')
        assert 'Failed deliveries' in self.client.get(self.page()).content.decode()
        delivery.delete()
        state.last_rejection, state.rejections = timezone.now(), 41
        state.save()
        shown = self.client.get(self.page()).content.decode()
        assert 'The last call was rejected' in shown
        assert '41' in shown

    def test_installing_makes_a_webhook_at_github_and_shows_no_secret(self):
        shown = self.press('install_webhook').content.decode()
        assert 'from now on' in shown
        (hook,) = self.hosted.hooks
        assert hook.url == f'http://testserver/plugins/hedgehog/webhooks/github/{self.github.pk}/'
        assert set(hook.events) == {'push', 'pull_request'}
        assert hook.secret == self.secret()
        assert len(hook.secret) == 64
        assert hook.secret not in shown
        assert self.state().hook_id == hook.id
        assert hook.secret not in self.state().secret

    def test_installing_again_changes_nothing_at_github(self):
        self.press('install_webhook')
        secret = self.secret()
        self.press('install_webhook')
        assert [hook.secret for hook in self.hosted.hooks] == [secret] == [self.secret()]

    def test_a_new_secret_is_given_to_github_and_the_former_one_stays_valid(self):
        self.press('install_webhook')
        former = self.secret()
        self.press('replace_secret')
        (hook,) = self.hosted.hooks
        assert hook.secret == self.secret() != former
        assert decrypt(self.state().previous_secret) == former

    def test_whatever_becomes_of_a_replacement_the_secret_that_github_has_is_accepted(self):
        self.press('install_webhook')
        place = {'operation': 'repos/update-webhook', 'times': 9}
        done = Fault(FaultKind.SERVER_ERROR, after_effect=True, **place)
        undone = Fault(FaultKind.SERVER_ERROR, **place)
        for fault in (None, done, undone, None, undone, done, done, undone, None):
            if fault:
                self.forge.fail(fault)
            self.press('replace_secret')
            self.forge.faults.clear()
            (hook,) = self.hosted.hooks
            assert hook.secret in (self.secret(), decrypt(self.state().previous_secret))
        assert hook.secret == self.secret()

    def test_where_the_token_may_not_the_secret_is_shown_once_and_kept_nowhere(self):
        self.may_not_make_webhooks()
        response = self.press('install_webhook')
        shown = response.content.decode()
        assert self.secret() in shown
        assert 'application/json' in shown
        assert 'no-store' in response['Cache-Control']
        assert self.secret() not in self.press('install_webhook').content.decode()
        assert self.secret() not in self.client.get(self.page()).content.decode()
        assert not any(self.secret() in str(change.postchange_data) for change in ObjectChange.objects.all())

    def test_a_new_secret_of_a_repository_elsewhere_is_shown(self):
        shown = self.press('replace_secret', self.repository).content.decode()
        assert self.secret(self.repository) in shown
        again = self.press('replace_secret', self.repository).content.decode()
        assert self.secret(self.repository) in again

    def test_a_github_that_does_not_answer_leaves_the_installation_to_be_repeated(self):
        self.forge.fail(Fault(FaultKind.SERVER_ERROR, times=9))
        shown = self.press('install_webhook').content.decode()
        assert self.secret() not in shown
        assert not self.hosted.hooks
        self.forge.faults.clear()
        self.press('install_webhook')
        assert self.hosted.hooks[0].secret == self.secret()

    def test_following_a_link_changes_nothing(self):
        with nothing_changes(self.root / 'forge'):
            for view in ('install_webhook', 'replace_secret'):
                assert self.client.get(self.page(view=view)).url == self.page()

    def test_the_forms_carry_their_tokens(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.user)
        page = client.get(self.page()).content.decode()
        for view in ('install_webhook', 'replace_secret'):
            assert client.post(self.page(view=view)).status_code == 403
            form = page[page.index(f'action="{self.page(view=view)}"') :]
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
            assert client.post(self.page(view=view), {'csrfmiddlewaretoken': token[1]}).status_code in (200, 302)

    def test_who_may_not_change_the_repository_neither_sees_the_buttons_nor_may_press_them(self):
        reader = ApiClient('reader')
        reader.allow('view_gitrepository')
        reader.allow('change_gitrepository', constraints={'name': 'another'})
        self.client.force_login(reader.user)
        assert 'Install webhook' not in self.client.get(self.page()).content.decode()
        for view in ('install_webhook', 'replace_secret'):
            assert self.client.post(self.page(view=view)).status_code in (403, 404)
        assert not WebhookState.objects.exists()

    def test_the_setting_goes_before_the_address_that_people_use(self):
        config = {**settings.PLUGINS_CONFIG['netbox_hedgehog'], 'webhook_base_url': 'https://hooks.example.com/'}
        with override_settings(PLUGINS_CONFIG={**settings.PLUGINS_CONFIG, 'netbox_hedgehog': config}):
            self.press('install_webhook')
        assert self.hosted.hooks[0].url.startswith('https://hooks.example.com/plugins/hedgehog/webhooks/github/')


class ApiTests(GitHubFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.api = ApiClient()

    def install(self, repository=None, **data):
        return self.api.post(f'git-repositories/{(repository or self.github).pk}/webhook/', data)

    def test_installing_makes_a_webhook_at_github(self):
        self.api.allow('change_gitrepository')
        response = self.install()
        assert response.status_code == 200, response.content
        answer = response.json()
        assert answer['is_installed'] is True
        assert (answer['secret'], answer['obstacle']) == ('', '')
        assert answer['payload_url'] == self.hosted.hooks[0].url
        assert self.hosted.hooks[0].secret == self.secret()

    def test_a_secret_to_be_entered_by_hand_is_answered_once(self):
        self.api.allow('change_gitrepository')
        response = self.install(self.repository)
        answer = response.json()
        assert answer['is_installed'] is False
        assert answer['secret'] == self.secret(self.repository)
        assert answer['obstacle']
        assert 'no-store' in response['Cache-Control']
        assert self.install(self.repository).json()['secret'] == ''
        assert self.install(self.repository, new_secret=True).json()['secret'] == self.secret(self.repository)

    def test_how_it_stands_is_answered_without_the_secret(self):
        self.api.allow('view_gitrepository')
        self.client.post(reverse('plugins:netbox_hedgehog:gitrepository_install_webhook', args=[self.github.pk]))
        response = self.api.get(f'git-repositories/{self.github.pk}/webhook/')
        assert response.status_code == 200, response.content
        answer = response.json()
        assert answer['payload_url'].endswith(f'/plugins/hedgehog/webhooks/github/{self.github.pk}/')
        assert (answer['has_secret'], answer['works'], answer['rejections']) == (True, False, 0)
        assert answer['hook_id'] == self.hosted.hooks[0].id
        assert self.secret() not in response.content.decode()

    def test_it_takes_the_permission_to_change_the_repository(self):
        self.api.allow('view_gitrepository', 'add_gitrepository')
        self.api.allow('change_gitrepository', constraints={'name': 'another'})
        assert self.install().status_code == 403
        assert not WebhookState.objects.exists()
        other = ApiClient('nobody')
        assert other.get(f'git-repositories/{self.github.pk}/webhook/').status_code == 403

    def test_a_token_that_may_not_write_may_not_install(self):
        self.api = ApiClient('reader', write_enabled=False)
        self.api.allow('change_gitrepository')
        assert self.install().status_code == 403

    def test_a_github_that_does_not_answer_is_told(self):
        self.api.allow('change_gitrepository')
        self.forge.fail(Fault(FaultKind.SERVER_ERROR, times=9))
        response = self.install()
        assert response.status_code == 503
        assert set(response.json()) >= {'detail', 'remedy'}

    def test_a_stored_secret_that_cannot_be_read_is_told(self):
        self.api.allow('change_gitrepository')
        WebhookState.objects.create(repository=self.github, secret='gAAAAA')
        response = self.install()
        assert response.status_code == 409
        assert 'remedy' in response.json()
        assert self.install(new_secret=True).status_code == 200
