"""What must not come of a request: whatever is not proved to be the server's leaves no trace but a count."""

import json
from datetime import timedelta
from unittest import mock

from core.models import Job
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from netbox_hedgehog.models import GitRepository, WebhookDelivery, WebhookState
from netbox_hedgehog.models.secrets import encrypt
from netbox_hedgehog.repositories.github.signature import sign
from netbox_hedgehog.sync.webhooks import install_webhook
from netbox_hedgehog.tests.faces.everything import nothing_changes
from netbox_hedgehog.tests.sync.webhook_calls import SECRET, WebhookFixture


class RefusalTests(WebhookFixture, TestCase):
    """What is not proved to come from the server leaves no trace but a count."""

    def assert_refused(self, response, status=403):
        assert response.status_code == status, response.content
        assert not Job.objects.exists()
        assert not WebhookDelivery.objects.exists()
        return response.content

    def test_a_call_that_is_not_genuine_is_refused_with_one_and_the_same_text(self):
        payload = self.push_payload(self.edit_in_git())
        body = json.dumps(payload).encode()
        other = GitRepository.objects.create(name='other', url=str(self.root / 'other.git'))
        empty = GitRepository.objects.create(name='empty', url=str(self.root / 'empty.git'))
        WebhookState.objects.create(repository=other, secret=encrypt('another secret'))
        WebhookState.objects.create(repository=empty)
        missing = reverse('plugins:netbox_hedgehog:github_webhook', args=[9999])
        enormous = missing.replace('9999', '9' * 30)
        answers = {
            self.assert_refused(self.call(payload, secret='wrong')),
            self.assert_refused(self.call(payload, signature='')),
            self.assert_refused(self.call(payload, signature='sha256=')),
            self.assert_refused(self.call(payload, signature='sha256=' + '0' * 64)),
            self.assert_refused(self.call(payload, signature=sign(SECRET, body).upper())),
            self.assert_refused(self.call(payload, signature=sign(SECRET, body).replace('sha256', 'sha1'))),
            self.assert_refused(self.call(payload, signature=sign(SECRET, body + b' '))),
            self.assert_refused(self.call(payload, signature='sha256=\u00e9')),
            self.assert_refused(self.call(payload, secret='', url=self.url(empty))),
            self.assert_refused(self.call(payload, url=self.url(other))),
            self.assert_refused(self.call(payload, url=missing)),
            self.assert_refused(self.call(payload, url=enormous)),
            self.assert_refused(self.call(b'{broken', secret='wrong')),
            self.assert_refused(self.call(payload, secret='wrong', content_type='text/plain')),
        }
        assert len(answers) == 1
        self.state.refresh_from_db()
        assert self.state.last_delivery is None

    def test_nothing_but_the_count_changes(self):
        payload = self.push_payload(self.edit_in_git())
        with mock.patch('django.utils.timezone.now', return_value=timezone.now()):
            self.call(payload, secret='wrong')
            with nothing_changes(self.root):
                for _time in range(3):
                    self.call(payload, secret='wrong')
        self.state.refresh_from_db()
        assert self.state.rejections == 1
        assert self.state.last_rejection

    def test_rejections_of_another_second_are_counted(self):
        payload = self.push_payload('1' * 40)
        self.call(payload, secret='wrong')
        WebhookState.objects.update(last_rejection=timezone.now() - timedelta(seconds=2))
        self.call(payload, secret='wrong')
        self.state.refresh_from_db()
        assert self.state.rejections == 2

    def test_a_refused_call_leaves_no_session(self):
        response = self.call(self.push_payload('1' * 40), secret='wrong')
        assert not response.cookies

    def test_only_post_is_answered(self):
        for method in ('get', 'head', 'put', 'patch', 'delete', 'options', 'trace'):
            assert getattr(self.caller, method)(self.url()).status_code == 405

    def test_what_is_too_large_is_refused_before_it_is_proved(self):
        body = b'"' + b'x' * (25 * 1024 * 1024) + b'"'
        self.assert_refused(self.call(body), status=413)

    def test_what_declares_itself_too_large_is_not_read(self):
        with mock.patch('django.http.HttpRequest.read', side_effect=AssertionError):
            response = self.caller.post(
                self.url(), b'{}', content_type='application/json', headers={'Content-Length': str(2**40)}
            )
        self.assert_refused(response, status=413)

    def test_a_body_larger_than_a_form_may_be_is_accepted(self):
        commits = [{'id': str(number) * 40, 'message': 'x' * 5000} for number in range(1000)]
        response = self.call(self.push_payload(self.edit_in_git(), commits=commits))
        assert response.status_code == 202
        self.work_off()
        assert self.servers() == {'server-01'}

    def test_a_genuine_call_that_is_no_json_is_refused(self):
        self.assert_refused(self.call(b'payload=%7B%7D', content_type='application/x-www-form-urlencoded'), status=415)
        self.assert_refused(self.call(self.push_payload('1' * 40), content_type='text/plain'), status=415)
        for body in (b'{', b'[]', b'\xff', b'{"ref": 1, "after": 2}'):
            self.assert_refused(self.call(body), status=400)

    def test_a_delivery_without_a_usable_id_is_refused(self):
        payload = self.push_payload('1' * 40)
        body = json.dumps(payload).encode()
        headers = {'X-GitHub-Event': 'push', 'X-Hub-Signature-256': sign(SECRET, body)}
        response = self.caller.post(self.url(), body, content_type='application/json', headers=headers)
        self.assert_refused(response, status=400)
        self.assert_refused(self.call(payload, guid='x' * 101), status=400)

    def test_a_ping_is_answered(self):
        response = self.call({'zen': 'Keep it logically awesome.', 'hook_id': 1}, event='ping')
        assert response.status_code == 200
        self.state.refresh_from_db()
        assert self.state.last_delivery
        assert not WebhookDelivery.objects.exists()

    def test_events_that_concern_no_fabric_are_ignored(self):
        assert self.call({'action': 'opened'}, event='issues').status_code == 202
        assert not WebhookDelivery.objects.exists()
        assert not Job.objects.exists()


class SecretTests(WebhookFixture, TestCase):
    def test_while_a_secret_is_replaced_both_are_valid_and_the_first_call_ends_the_old_one(self):
        new = install_webhook(self.repository, 'https://netbox.example.com/', replace_secret=True).secret
        assert len(new) == 64
        assert self.call({}, event='ping').status_code == 200, 'the former secret'
        assert self.call({}, event='ping', secret=new).status_code == 200
        assert self.call({}, event='ping').status_code == 403
        assert self.call({}, event='ping', secret=new).status_code == 200

    def test_replacing_twice_keeps_the_one_that_the_server_knows(self):
        for _time in range(2):
            new = install_webhook(self.repository, 'https://netbox.example.com/', replace_secret=True).secret
        assert self.call({}, event='ping').status_code == 200
        assert self.call({}, event='ping', secret=new).status_code == 200

    def test_a_secret_that_the_server_confirmed_is_the_former_one(self):
        WebhookState.objects.update(previous_secret=encrypt('from long ago'), is_told=True)
        new = install_webhook(self.repository, 'https://netbox.example.com/', replace_secret=True).secret
        assert self.call({}, event='ping', secret='from long ago').status_code == 403
        assert self.call({}, event='ping').status_code == 200
        assert self.call({}, event='ping', secret=new).status_code == 200

    def test_a_secret_that_cannot_be_decrypted_refuses_everything(self):
        WebhookState.objects.update(secret='gAAAAA', previous_secret='')
        assert self.call({}, event='ping').status_code == 403
        assert self.call({}, event='ping', secret='').status_code == 403
