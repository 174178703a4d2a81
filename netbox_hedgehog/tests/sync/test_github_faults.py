"""Whatever goes wrong at whichever request: the pass tells the truth, and the next one loses and doubles nothing."""

from unittest import mock

from django.test import TestCase

from netbox_hedgehog.models import (
    BranchState,
    ConnectionStatusChoices,
    FabricState,
    PendingChange,
    RunStatusChoices,
    Server,
)
from netbox_hedgehog.tests.github import Fault, FaultKind
from netbox_hedgehog.tests.sync.base import DIRECTORY
from netbox_hedgehog.tests.sync.github_base import GitHubFixture
from netbox_hedgehog.tests.sync.github_faults import FAULTS, BothSidesFixture, meeting
from netbox_hedgehog.tests.sync.test_github_requests import manifest, servers


@meeting(FAULTS)
class FaultTests(BothSidesFixture, TestCase):
    """An edit on either side, and one pass during which one request fails."""


class ProtectionTests(GitHubFixture, TestCase):
    """What only a person can mend ends the pass with a remedy, and nothing is lost meanwhile."""

    files = servers(2)

    def setUp(self):
        super().setUp()
        self.sync()

    def test_a_revoked_token_stops_the_passes_until_there_is_another(self):
        row = Server.objects.get(fabric=self.fabric, name='server-00000')
        row.spec = {'description': 'While the token is bad'}
        row.save()
        self.forge.revoke('ghp_canaryCanaryCanaryCanaryCanary0001')
        run = self.attempt()
        assert run.status == RunStatusChoices.FAILED
        assert 'credentials' in run.error
        assert PendingChange.objects.count() == 1
        self.forge.add_token('ghp_another', permissions={'contents': 'write', 'metadata': 'read'}, login='bot')
        self.credential.set_secret('ghp_another')
        self.credential.save()
        self.sync()
        assert b'While the token is bad' in self.remote.files()[f'{DIRECTORY}/managed/servers/server-00000.yaml']

    def test_lost_memory_costs_requests_and_nothing_else(self):
        BranchState.objects.all().delete()
        head = self.remote.head()
        self.sync()
        assert self.remote.head() == head

    def test_a_read_that_lags_behind_is_not_believed_when_the_memory_is_lost(self):
        path = f'{DIRECTORY}/managed/servers/server-00001.yaml'
        self.remote.push({path: manifest('server-00001').replace(b'Rack of', b'By hand on')}, 'By hand')
        self.sync()
        BranchState.objects.all().delete()
        self.forge.fail(Fault(FaultKind.STALE_READ))
        self.sync()
        assert not self.forge.faults._planned, 'the read was a stale one'
        assert FabricState.objects.get().commit == self.remote.head()
        assert Server.objects.get(name='server-00001').spec['description'] == 'By hand on server-00001'

    def test_a_slow_answer_is_given_up(self):
        self.forge.fail(Fault(FaultKind.SLOW, at=0, seconds=3))
        with mock.patch('netbox_hedgehog.sync.opening._timeout_seconds', return_value=0.3):
            run = self.attempt()
        assert run.status == RunStatusChoices.FAILED
        assert FabricState.objects.get().connection == ConnectionStatusChoices.UNREACHABLE
