"""From a push at GitHub over its call to the row in NetBox, however badly GitHub delivers."""

from core.models import Job
from django.test import LiveServerTestCase

from netbox_hedgehog.jobs import SweepJob
from netbox_hedgehog.models import HedgehogFabric, Server, SyncRun, WebhookDelivery, WebhookState
from netbox_hedgehog.sync import BidirectionalSyncOrchestrator
from netbox_hedgehog.sync.webhooks import install_webhook, webhook_url
from netbox_hedgehog.tests.documents import server
from netbox_hedgehog.tests.emptying import EmptiedAfterwards
from netbox_hedgehog.tests.faces.test_webhook_setup import GitHubFixture
from netbox_hedgehog.tests.queues import OwnQueues


class GitHubCallsTests(GitHubFixture, OwnQueues, EmptiedAfterwards, LiveServerTestCase):
    def setUp(self):
        super().setUp()
        self.pause()
        self.at_github = HedgehogFabric(name='West', slug='west', repository=self.github, commit_window_seconds=0)
        self.at_github.full_clean()
        self.at_github.save()
        run = BidirectionalSyncOrchestrator(self.at_github).run()
        assert run.status == 'success', run.error
        install_webhook(self.github, webhook_url(self.github, self.live_server_url))
        self.forge.settle()
        assert WebhookState.objects.get().last_delivery, 'GitHub pings a new webhook'
        Job.objects.all().delete()
        self.clear_rq_queues()

    def push(self, *numbers):
        for number in numbers:
            self.hosted.push({self.path_of(f'server-{number:02}'): server(number).encode()})

    def path_of(self, name):
        return f'fabrics/west/gitops/managed/servers/{name}.yaml'

    def work_off(self):
        self.forge.settle()
        self.run_rq_jobs('default')

    def servers(self):
        return sorted(Server.objects.values_list('name', flat=True))

    def assert_processed(self, count):
        assert list(WebhookDelivery.objects.values_list('status', flat=True)) == ['processed'] * count

    def test_a_push_reaches_netbox(self):
        self.push(1)
        self.work_off()
        assert self.servers() == ['server-01']
        assert SyncRun.objects.first().trigger == 'webhook'
        self.assert_processed(1)
        assert self.forge.violations == []

    def test_what_is_delivered_twice_is_done_once(self):
        self.forge.webhook_mode = 'double'
        self.push(1)
        self.forge.settle()
        assert Job.objects.count() == 1
        self.work_off()
        assert self.servers() == ['server-01']
        self.assert_processed(1)

    def test_what_is_delivered_out_of_order_is_all_there(self):
        self.forge.webhook_mode = 'reorder'
        self.push(1, 2)
        self.work_off()
        assert self.servers() == ['server-01', 'server-02']
        self.assert_processed(2)

    def test_what_is_lost_is_found_by_the_poll(self):
        self.forge.webhook_mode = 'lose'
        self.push(1)
        self.work_off()
        assert self.servers() == []
        SweepJob.enqueue(immediate=True)
        self.work_off()
        assert self.servers() == ['server-01']
        assert not WebhookDelivery.objects.exists()

    def test_our_own_commit_comes_back_and_causes_no_work(self):
        Server.objects.create(fabric=self.at_github, name='server-07')
        BidirectionalSyncOrchestrator(self.at_github).run()
        assert self.path_of('server-07') in self.hosted.files()
        runs = SyncRun.objects.count()
        self.work_off()
        self.assert_processed(1)
        assert SyncRun.objects.count() == runs
        assert self.forge.violations == []
