"""Whatever goes wrong at whichever request: the pass tells the truth, and the next one loses and doubles nothing."""

import itertools
from unittest import mock

from django.test import TestCase

from netbox_hedgehog.models import (
    BranchState,
    ConnectionStatusChoices,
    CredentialState,
    FabricState,
    PendingChange,
    RunStatusChoices,
    Server,
    SyncState,
)
from netbox_hedgehog.tests.github import Fault, FaultKind
from netbox_hedgehog.tests.sync.base import DIRECTORY
from netbox_hedgehog.tests.sync.github_base import GitHubFixture
from netbox_hedgehog.tests.sync.test_github_requests import manifest, servers

ENDED_WELL = (RunStatusChoices.SUCCESS, RunStatusChoices.ATTENTION)

# Each as it comes alone, so that the pass after it meets none.
FAULTS = {
    'bad token': {'kind': FaultKind.UNAUTHORIZED},
    'permission missing': {'kind': FaultKind.FORBIDDEN},
    'limit, 403, with a time': {'kind': FaultKind.RATE_LIMIT_403, 'retry_after': 30},
    'limit, 403, without a time': {'kind': FaultKind.RATE_LIMIT_403},
    'limit, 429': {'kind': FaultKind.RATE_LIMIT_429, 'retry_after': 5},
    'secondary limit': {'kind': FaultKind.SECONDARY_LIMIT},
    'not found': {'kind': FaultKind.NOT_FOUND},
    'empty repository': {'kind': FaultKind.EMPTY},
    'stale': {'kind': FaultKind.STALE},
    'not a fast forward': {'kind': FaultKind.NON_FAST_FORWARD},
    'input too large': {'kind': FaultKind.TREE_TIMEOUT},
    'bad gateway before the effect': {'kind': FaultKind.BAD_GATEWAY},
    'bad gateway after the effect': {'kind': FaultKind.BAD_GATEWAY, 'after_effect': True},
    'server error': {'kind': FaultKind.SERVER_ERROR},
    'server error after the effect': {'kind': FaultKind.SERVER_ERROR, 'after_effect': True},
    'cut off': {'kind': FaultKind.CUT_OFF},
    'connection reset': {'kind': FaultKind.RESET},
    'connection reset after the effect': {'kind': FaultKind.RESET, 'after_effect': True},
    'stale read': {'kind': FaultKind.STALE_READ},
    'truncated tree': {'kind': FaultKind.TRUNCATED_TREE},
    'page of a proxy': {'kind': FaultKind.PROXY_PAGE},
    'redirect to another host': {'kind': FaultKind.REDIRECT},
}


class FaultTests(GitHubFixture, TestCase):
    """Each test makes an edit on either side, and one pass during which one request fails."""

    files = servers(4)
    numbers = itertools.count(1)

    def setUp(self):
        super().setUp()
        self.forge.limits.enabled = False
        self.sync()

    def edit_both_sides(self) -> tuple[str, str]:
        ours, theirs = f'From NetBox {next(self.numbers)}', f'From Git {next(self.numbers)}'
        row = Server.objects.get(fabric=self.fabric, name='server-00000')
        row.spec = {'description': ours}
        row.save()
        text = manifest('server-00001').replace(b'Rack of server-00001', theirs.encode())
        self.remote.push({f'{DIRECTORY}/managed/servers/server-00001.yaml': text}, 'By hand')
        return ours, theirs

    def assert_truthful(self, run, hint: str):
        state = FabricState.objects.get(fabric=self.fabric)
        if run.status in ENDED_WELL:
            assert state.connection == ConnectionStatusChoices.OK, hint
            assert not run.error, hint
        else:
            assert run.status in (RunStatusChoices.FAILED, RunStatusChoices.POSTPONED), hint
            assert run.error, hint
            assert state.error, hint
            assert state.connection not in (ConnectionStatusChoices.OK, ConnectionStatusChoices.UNKNOWN), hint
            assert state.retry_at is not None, hint
        in_git = self.remote.files()
        for row in SyncState.objects.filter(fabric=self.fabric, status='synced'):
            text = in_git[f'{DIRECTORY}/{row.path}'].decode()
            description = row.base['spec']['description']
            assert f'description: {description}\n' in text or row.commit != self.remote.head(), hint

    def settle(self):
        """Let the time pass that a refusal asked for, and make passes until one finds nothing to do."""
        CredentialState.objects.all().delete()
        for _ in range(4):
            run = self.attempt()
            if run.status in ENDED_WELL and not PendingChange.objects.exists():
                break

    def assert_converged(self, ours: str, theirs: str, hint: str):
        files = self.remote.files()
        assert ours.encode() in files[f'{DIRECTORY}/managed/servers/server-00000.yaml'], hint
        assert Server.objects.get(fabric=self.fabric, name='server-00001').spec['description'] == theirs, hint
        assert theirs.encode() in files[f'{DIRECTORY}/managed/servers/server-00001.yaml'], hint
        assert not PendingChange.objects.exists(), hint
        assert set(SyncState.objects.values_list('status', flat=True)) == {'synced'}, hint
        assert FabricState.objects.get().connection == ConnectionStatusChoices.OK, hint

    def commits(self) -> list[str]:
        return [commit.id for commit in self.remote.log('main')]

    def requests_of_a_pass(self) -> int:
        self.edit_both_sides()
        return len(self.requests_of())


def _case(name: str):
    def test(self: FaultTests):
        count = self.requests_of_a_pass()
        assert count >= 6
        for position in range(count):
            hint = f'{name} at request {position} of {count}'
            ours, theirs = self.edit_both_sides()
            before = len(self.commits())
            self.forge.requests.clear()
            self.forge.fail(Fault(at=position, **FAULTS[name]))
            run = self.attempt()
            hint = f'{hint}: {[f"{r.method} {r.operation} {r.status}" for r in self.forge.requests]} {run.error}'
            self.assert_truthful(run, hint)
            self.forge.faults.clear()
            self.settle()
            self.assert_converged(ours, theirs, hint)
            assert len(self.commits()) == before + 1, f'{hint}: our edit is in one commit'

    test.__name__ = f'test_{name.replace(" ", "_").replace(",", "")}_at_any_request'
    return test


for _name in FAULTS:
    setattr(FaultTests, (_test := _case(_name)).__name__, _test)
del _test


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

    def test_a_slow_answer_is_given_up(self):
        self.forge.fail(Fault(FaultKind.SLOW, at=0, seconds=3))
        with mock.patch('netbox_hedgehog.sync.opening._timeout_seconds', return_value=0.3):
            run = self.attempt()
        assert run.status == RunStatusChoices.FAILED
        assert FabricState.objects.get().connection == ConnectionStatusChoices.UNREACHABLE
