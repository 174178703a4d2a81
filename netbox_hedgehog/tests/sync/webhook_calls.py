"""A fabric that is in sync, and calls for it as a server makes them."""

import json
import uuid

from core.models import Job
from django.test import Client
from django.urls import reverse
from django_rq import get_queue

from netbox_hedgehog.models import Server, WebhookDelivery, WebhookState
from netbox_hedgehog.models.secrets import encrypt
from netbox_hedgehog.repositories.github.signature import sign
from netbox_hedgehog.tests.documents import server
from netbox_hedgehog.tests.queues import OwnQueues
from netbox_hedgehog.tests.sync.base import SyncFixture

__all__ = ('SECRET', 'ZERO', 'WebhookFixture')

SECRET = 'correct horse battery staple'
ZERO = '0' * 40


class WebhookFixture(SyncFixture, OwnQueues):
    """A fabric that is in sync, and a server that calls for it."""

    def setUp(self):
        super().setUp()
        self.sync()
        self.state = WebhookState.objects.create(repository=self.repository, secret=encrypt(SECRET))
        self.caller = Client(enforce_csrf_checks=True)
        Job.objects.all().delete()
        self.clear_rq_queues()

    def url(self, repository=None):
        key = (repository or self.repository).pk
        return reverse('plugins:netbox_hedgehog:github_webhook', args=[key])

    def call(
        self,
        payload,
        *,
        event='push',
        secret=SECRET,
        guid=None,
        url=None,
        content_type='application/json',
        signature=None,
        **headers,
    ):
        """Send a request as GitHub would, and let the callbacks of its transaction run."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        signature = sign(secret, body) if signature is None else signature
        headers |= {'X-GitHub-Event': event, 'X-GitHub-Delivery': str(guid or uuid.uuid4())}
        headers |= {'X-Hub-Signature-256': signature} if signature else {}
        with self.captureOnCommitCallbacks(execute=True):
            return self.caller.post(url or self.url(), body, content_type=content_type, headers=headers)

    def push_payload(self, after, *, branch='main', **more):
        return {'ref': f'refs/heads/{branch}', 'before': ZERO, 'after': after, 'forced': False, **more}

    def edit_in_git(self, number=1, fabric='dc1'):
        self.work.pull()
        self.work.write(f'fabrics/{fabric}/gitops/managed/servers/server-{number:02}.yaml', server(number))
        return self.work.push()

    def work_off(self):
        """Do what is queued for now, as a worker would, outside of any transaction."""
        with self.captureOnCommitCallbacks(execute=True):
            self.run_rq_jobs('default')

    def look_again(self):
        """Do what is scheduled for later, as if the time had come."""
        queue = get_queue('default')
        for key in queue.scheduled_job_registry.get_job_ids():
            job = queue.fetch_job(key)
            queue.scheduled_job_registry.remove(job)
            queue.enqueue_job(job)
        self.work_off()

    def servers(self):
        return set(Server.objects.values_list('name', flat=True))

    def delivery(self):
        return WebhookDelivery.objects.get()
