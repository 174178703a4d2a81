"""Credentials: a secret goes in by form and by REST, is replaced and bound to its server, and never comes out."""

import json
import re
from html import unescape

from core.models import ObjectChange, ObjectType
from django.db.models.signals import post_save
from django.urls import reverse
from extras.models import ExportTemplate
from netbox.constants import CENSOR_TOKEN, CENSOR_TOKEN_CHANGED
from netbox.context import current_request
from utilities.request import copy_safe_request
from utilities.testing import TestCase

from netbox_hedgehog.models import GitCredential
from netbox_hedgehog.models.secrets import decrypt
from netbox_hedgehog.repositories.github import AppKey, Token
from netbox_hedgehog.tests.faces.api_client import ApiClient
from netbox_hedgehog.tests.faces.keys import locked_key, other_key, private_key, public_key
from netbox_hedgehog.tests.specimens import make_credential, make_repository

SECRET = 'github_pat_11VERYSECRET'
ADD = '/plugins/hedgehog/git-credentials/add/'
PATH = 'git-credentials/'


def changes_of(credential):
    rows = ObjectChange.objects.filter(changed_object_id=credential.pk, changed_object_type__model='gitcredential')
    return list(rows.order_by('time'))


class PostedForms:
    """Remembers what NetBox would hand to the jobs of event rules, whenever a credential is saved."""

    def __init__(self):
        self.copies = []

    def __enter__(self):
        post_save.connect(self._note, dispatch_uid='tests.posted')
        return self

    def __exit__(self, *error):
        post_save.disconnect(dispatch_uid='tests.posted')

    def _note(self, instance, **kwargs):
        request = current_request.get()
        if request is not None:
            self.copies.append(copy_safe_request(request, include_files=False).POST)


class FormTests(TestCase):
    user_permissions = tuple(f'netbox_hedgehog.{action}_gitcredential' for action in ('view', 'add', 'change'))

    def data(self, **fields):
        return {'name': 'Robot', 'type': 'token', 'host': 'github.com', 'secret': SECRET, **fields}

    def url_of(self, credential):
        return reverse('plugins:netbox_hedgehog:gitcredential_edit', args=[credential.pk])

    def assert_saves(self, url, **fields):
        response = self.client.post(url, self.data(**fields))
        assert response.status_code == 302, response.context['form'].errors
        return GitCredential.objects.get(name='Robot')

    def errors_of(self, url, **fields):
        response = self.client.post(url, self.data(**fields))
        self.assertHttpStatus(response, 200)
        assert SECRET not in response.content.decode()
        return response.context['form'].errors

    def test_a_token_is_stored_encrypted_and_without_what_a_copy_brings_along(self):
        credential = self.assert_saves(ADD, secret=f'  {SECRET}\n')
        assert SECRET not in credential._secret
        assert decrypt(credential._secret) == SECRET
        assert credential.resolve() == Token(SECRET)

    def test_no_page_shows_a_secret(self):
        credential = self.assert_saves(ADD)
        for url in (
            credential.get_absolute_url(),
            self.url_of(credential),
            reverse('plugins:netbox_hedgehog:gitcredential_list'),
            reverse('plugins:netbox_hedgehog:gitcredential_changelog', args=[credential.pk]),
            reverse('plugins:netbox_hedgehog:gitcredential_list') + '?export',
            reverse('plugins:netbox_hedgehog:gitcredential_list') + '?export=table',
        ):
            with self.subTest(url=url):
                response = self.client.get(url)
                self.assertHttpStatus(response, 200)
                assert SECRET not in response.content.decode()
                assert credential._secret not in response.content.decode()

    def test_a_blank_secret_keeps_the_stored_one(self):
        credential = self.assert_saves(ADD)
        credential = self.assert_saves(self.url_of(credential), secret='', description='Renewed in May')
        assert credential.description == 'Renewed in May'
        assert decrypt(credential._secret) == SECRET

    def test_a_new_credential_needs_its_secret(self):
        assert set(self.errors_of(ADD, secret=' ')) == {'secret'}
        assert set(self.errors_of(ADD, type='app', app_id='1', secret='')) == {'secret'}

    def test_another_server_takes_the_secret_again(self):
        credential = self.assert_saves(ADD)
        assert 'host' in self.errors_of(self.url_of(credential), host='evil.example', secret='')
        credential = self.assert_saves(self.url_of(credential), host='ghe.example.com', secret='other')
        assert decrypt(credential._secret) == 'other'

    def test_a_credential_in_use_stays_with_its_server(self):
        credential = self.assert_saves(ADD)
        make_repository(url='https://github.com/acme/network', credential=credential)
        assert set(self.errors_of(self.url_of(credential), host='ghe.example.com', secret='other')) == {'host'}
        self.assert_saves(self.url_of(credential), secret='other')

    def test_a_private_key_never_becomes_a_token(self):
        credential = self.assert_saves(ADD, type='app', app_id='1234', secret=private_key())
        assert 'secret' in self.errors_of(self.url_of(credential), type='token', secret='')
        credential = self.assert_saves(self.url_of(credential), type='token')
        assert (credential.app_id, credential.resolve()) == ('', Token(SECRET))

    def test_a_token_with_something_between_is_refused(self):
        for secret in ('two words', 'two\nlines', 'Schlüssel', 'x' * 10_001):
            assert set(self.errors_of(ADD, secret=secret)) == {'secret'}, secret

    def test_a_private_key_is_loaded_before_it_is_stored(self):
        lines = private_key().splitlines()
        damaged = '\n'.join([*lines[:3], *lines[5:]])
        for key, word in (
            (SECRET, 'no private key'),
            (public_key(), 'no private key'),
            (locked_key(), 'passphrase'),
            (other_key(), 'RSA'),
            (damaged, 'damaged'),
        ):
            (message,) = self.errors_of(ADD, type='app', app_id='1234', secret=key)['secret']
            assert word in message
            assert lines[1] not in message
        assert 'GitHub App' in self.errors_of(ADD, secret=private_key())['secret'][0]
        key = '\r\n'.join(f'  {line}' for line in lines)
        credential = self.assert_saves(ADD, type='app', app_id='1234', installation_id='5', secret=key)
        assert credential.resolve() == AppKey('1234', private_key(), 5)

    def test_a_reference_needs_to_be_allowed(self):
        assert set(self.errors_of(ADD, type='environment', reference='PATH')) == {'reference'}
        assert set(self.errors_of(ADD, type='file', reference='/etc/passwd')) == {'reference'}
        credential = self.assert_saves(ADD, type='environment', reference='HEDGEHOG_TOKEN', secret='')
        assert not credential.has_secret

    def test_a_reference_takes_the_place_of_a_stored_secret(self):
        credential = self.assert_saves(ADD)
        credential = self.assert_saves(self.url_of(credential), type='environment', reference='GITHUB_TOKEN')
        assert credential._secret == ''

    def test_the_form_has_the_fields_of_the_chosen_type(self):
        shown = {
            'token': {'secret', 'username'},
            'app': {'secret', 'app_id', 'installation_id'},
            'environment': {'reference', 'username'},
            'file': {'reference', 'username'},
            'nonsense': {'secret', 'username'},
        }
        every = set().union(*shown.values())
        for chosen, expected in shown.items():
            response = self.client.get(ADD, {'type': chosen, 'secret': SECRET}, headers={'HX-Request': 'true'})
            self.assertHttpStatus(response, 200)
            assert every & set(response.context['form'].fields) == expected
            assert SECRET not in response.content.decode()
            # The browser leaves it out of the address when it asks for the fields of another type.
            assert 'hx-params="not secret"' in response.content.decode()

    def test_the_change_log_tells_that_there_is_a_secret_and_that_it_was_replaced(self):
        credential = self.assert_saves(ADD)
        self.assert_saves(self.url_of(credential), secret='', description='Renewed in May')
        self.assert_saves(self.url_of(credential), secret='other', description='Renewed in May')
        shown = [
            ((change.prechange_data or {}).get('secret'), change.postchange_data['secret'])
            for change in changes_of(credential)
        ]
        assert shown[0][0] is None
        assert shown[1:] == [(CENSOR_TOKEN, CENSOR_TOKEN), (CENSOR_TOKEN, CENSOR_TOKEN_CHANGED)]
        assert shown[0][1] in (CENSOR_TOKEN, CENSOR_TOKEN_CHANGED)

    def test_no_job_is_handed_a_secret(self):
        with PostedForms() as posted:
            self.assert_saves(ADD)
        assert posted.copies
        for copy in posted.copies:
            assert copy['name'] == 'Robot'
            assert SECRET not in str(copy)

    def test_an_export_template_cannot_read_a_secret(self):
        self.add_permissions('extras.view_exporttemplate')
        self.assert_saves(ADD)
        template = ExportTemplate.objects.create(
            name='Curious', template_code='{% for row in queryset %}{{ row.resolve().value }}{% endfor %}'
        )
        template.object_types.add(ObjectType.objects.get_for_model(GitCredential))
        url = reverse('plugins:netbox_hedgehog:gitcredential_list') + '?export=Curious'
        response = self.client.get(url, follow=True)
        self.assertHttpStatus(response, 200)
        assert SECRET not in response.content.decode()
        assert 'is not safely callable' in response.content.decode()

    def test_an_import_takes_no_secret(self):
        data = {'data': f'name,type,host,secret\nRobot,token,github.com,{SECRET}\n', 'format': 'csv'}
        response = self.client.post(
            reverse('plugins:netbox_hedgehog:gitcredential_bulk_import'), {**data, 'csv_delimiter': 'auto'}
        )
        self.assertHttpStatus(response, 200)
        assert not GitCredential.objects.exists()

    def test_an_import_cannot_send_a_secret_elsewhere(self):
        credential = self.assert_saves(ADD)
        url = reverse('plugins:netbox_hedgehog:gitcredential_bulk_import')
        for row in (f'id,host\n{credential.pk},evil.example\n', f'id,type,app_id\n{credential.pk},app,1\n'):
            response = self.client.post(url, {'data': row, 'format': 'csv', 'csv_delimiter': 'auto'})
            self.assertHttpStatus(response, 200)
        credential.refresh_from_db()
        assert (credential.host, credential.type) == ('github.com', 'token')

    def test_a_page_shows_where_the_credential_is_used(self):
        self.add_permissions('netbox_hedgehog.view_gitrepository')
        credential = make_credential()
        repository, other = make_repository(credential=credential), make_repository('Other')
        response = self.client.get(credential.get_absolute_url())
        (address,) = re.findall(r'hx-get="(/plugins/hedgehog/git-repositories/[^"]*)"', response.content.decode())
        response = self.client.get(unescape(address), headers={'HX-Request': 'true'})
        assert repository.get_absolute_url() in response.content.decode()
        assert other.get_absolute_url() not in response.content.decode()
        response = self.client.get(repository.get_absolute_url())
        assert credential.get_absolute_url() in response.content.decode()

    def test_a_credential_in_use_cannot_be_deleted(self):
        self.add_permissions('netbox_hedgehog.delete_gitcredential')
        credential = make_credential()
        make_repository(credential=credential)
        url = reverse('plugins:netbox_hedgehog:gitcredential_delete', args=[credential.pk])
        self.client.post(url, {'confirm': True})
        assert GitCredential.objects.filter(pk=credential.pk).exists()


class RestTests(TestCase):
    def setUp(self):
        super().setUp()
        self.api = ApiClient()
        self.api.allow(*(f'{action}_gitcredential' for action in ('view', 'add', 'change')))

    def make(self, **fields):
        data = {'name': 'Robot', 'type': 'token', 'host': 'github.com', 'secret': f' {SECRET} ', **fields}
        response = self.api.post(PATH, data)
        assert response.status_code == 201, response.content
        self.assert_hides(response)
        return GitCredential.objects.get(name='Robot')

    def assert_hides(self, response):
        text = response.content.decode()
        assert SECRET not in text
        assert '"secret":' not in text
        for credential in GitCredential.objects.exclude(_secret=''):
            assert credential._secret not in text

    def test_a_secret_can_be_written_and_not_be_read(self):
        credential = self.make()
        assert decrypt(credential._secret) == SECRET
        for answer in (
            self.api.get(f'{PATH}{credential.pk}/'),
            self.api.get(PATH),
            self.api.get(f'{PATH}?fields=id,secret'),
            self.api.patch(f'{PATH}{credential.pk}/', {'description': 'Renewed', 'secret': ''}),
        ):
            assert answer.status_code == 200
            self.assert_hides(answer)
        assert self.api.get(f'{PATH}{credential.pk}/').json()['has_secret'] is True
        credential.refresh_from_db()
        assert decrypt(credential._secret) == SECRET

    def test_it_is_needed_and_checked(self):
        for fields in (
            {},
            {'secret': ''},
            {'secret': 'two words'},
            {'type': 'app', 'app_id': '1', 'secret': SECRET},
            {'type': 'environment', 'reference': 'HEDGEHOG_X', 'secret': SECRET},
        ):
            response = self.api.post(PATH, {'name': 'Robot', 'type': 'token', 'host': 'github.com', **fields})
            assert response.status_code == 400, fields
            assert set(response.json()) == {'secret'}
            assert SECRET not in response.content.decode()

    def test_a_private_key_is_accepted(self):
        credential = self.make(type='app', app_id='1234', secret=private_key())
        assert credential.resolve() == AppKey('1234', private_key(), None)

    def test_another_server_or_type_takes_the_secret_again(self):
        path = f'{PATH}{self.make().pk}/'
        assert set(self.api.patch(path, {'host': 'evil.example'}).json()) == {'host'}
        assert set(self.api.patch(path, {'type': 'app', 'app_id': '1'}).json()) == {'type'}
        assert self.api.patch(path, {'host': 'ghe.example.com', 'secret': 'other'}).status_code == 200
        assert decrypt(GitCredential.objects.get()._secret) == 'other'

    def test_a_reference_takes_the_place_of_a_stored_secret(self):
        path = f'{PATH}{self.make().pk}/'
        response = self.api.patch(path, {'type': 'environment', 'reference': 'GITHUB_TOKEN'})
        assert response.json()['has_secret'] is False
        assert GitCredential.objects.get()._secret == ''

    def test_the_change_log_hides_it(self):
        credential = self.make()
        self.api.patch(f'{PATH}{credential.pk}/', {'secret': 'other'})
        self.api.patch(f'{PATH}{credential.pk}/', {'description': 'Renewed'})
        assert [change.postchange_data['secret'] for change in changes_of(credential)][1:] == [
            CENSOR_TOKEN_CHANGED,
            CENSOR_TOKEN,
        ]
        stored = json.dumps([[change.prechange_data, change.postchange_data] for change in ObjectChange.objects.all()])
        assert SECRET not in stored
        assert credential._secret not in stored

    def test_no_job_is_handed_a_secret(self):
        response = self.api.post(f'{PATH}?background=true', [{'name': 'Robot', 'secret': SECRET}])
        assert (response.status_code, set(response.json())) == (400, {'secret'})
        with PostedForms() as posted:
            response = self.api.client.post(
                f'/api/plugins/hedgehog/{PATH}',
                {'name': 'Robot', 'type': 'token', 'host': 'github.com', 'secret': SECRET},
                headers=self.api.headers,
            )
        assert response.status_code == 201, response.content
        assert posted.copies
        assert SECRET not in str(posted.copies)

    def test_graphql_has_no_field_for_it(self):
        self.make()

        def ask(query):
            answer = self.api.client.post(
                '/graphql/', {'query': query}, content_type='application/json', headers=self.api.headers
            )
            return answer.json()

        fields = 'name type host has_secret repositories { name }'
        found = ask(f'{{ hedgehog_git_credential_list {{ {fields} }} }}')['data']['hedgehog_git_credential_list']
        assert found == [
            {'name': 'Robot', 'type': 'token', 'host': 'github.com', 'has_secret': True, 'repositories': []}
        ]
        assert 'errors' in ask('{ hedgehog_git_credential_list { secret } }')
        assert 'errors' in ask('{ hedgehog_git_credential_list(filters: {secret: {starts_with: "g"}}) { name } }')
