"""One fault at each request of a pass in turn: what every kind of fabric on GitHub has to bear."""

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable

import yaml

from netbox_hedgehog.models import (
    ConnectionStatusChoices,
    CredentialState,
    FabricState,
    HedgehogFabric,
    PendingChange,
    RunStatusChoices,
    Server,
    SyncRun,
    SyncState,
)
from netbox_hedgehog.sync import BidirectionalSyncOrchestrator
from netbox_hedgehog.tests.github import Fault, FaultKind
from netbox_hedgehog.tests.sync.base import DIRECTORY
from netbox_hedgehog.tests.sync.github_base import GitHubFixture
from netbox_hedgehog.tests.sync.test_github_requests import manifest, servers

__all__ = ('DIFFERENT', 'ENDED_WELL', 'FAULTS', 'BothSidesFixture', 'FaultFixture', 'meeting')

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
# One of each sort: refused, limited, gone, contradicted, lost before and after the effect, and read too early.
DIFFERENT = (
    'bad token',
    'limit, 403, with a time',
    'not found',
    'stale',
    'not a fast forward',
    'bad gateway before the effect',
    'bad gateway after the effect',
    'stale read',
)
# Faults that change what these requests answer, and would pass unnoticed at every other.
NOTICED_BY = {FaultKind.STALE_READ: 'git/get-ref', FaultKind.TRUNCATED_TREE: 'git/get-tree'}


class FaultFixture(GitHubFixture, ABC):
    """Mix into a Django test case: `edit` is what a pass is to carry over, `assert_converged` that it was, once."""

    files = servers(4)
    # Passes shorter than that would not test what they are meant to.
    least_requests = 6

    def setUp(self):
        super().setUp()
        self.forge.limits.enabled = False
        self.numbers = itertools.count(1)
        self.make_ready()

    def make_ready(self):
        """Bring the fabric to where the edits begin."""
        self.sync()

    def prepare(self):
        """Do what is to be done before each edit."""

    @abstractmethod
    def edit(self):
        """Change something for the next pass."""

    @abstractmethod
    def assert_converged(self, hint: str):
        """Tell whether both sides hold the edit, each once."""

    def let_time_pass(self):
        """Let the time pass that a refusal asked for."""
        CredentialState.objects.all().delete()

    def meet_at_any_request(self, name: str):
        """Edit and make a pass, with the fault at the first request that notices it, and so on to the last."""
        position, operation = 0, NOTICED_BY.get(FAULTS[name]['kind'])
        while True:
            self.prepare()
            self.edit()
            self.forge.requests.clear()
            self.forge.fail(Fault(at=position, operation=operation, **FAULTS[name]))
            run = self.attempt()
            requests = [f'{request.method} {request.operation} {request.status}' for request in self.forge.requests]
            hint = f'{name} at request {position}: {requests} {run.error}'
            struck = self.struck_request(position, operation)
            self.assert_truthful(run, hint)
            self.forge.faults.clear()
            self.settle()
            self.assert_converged(hint)
            if struck is None:
                break
            position = struck + 1
        assert position, f'{name}: it never struck'
        assert max(position, len(requests)) >= self.least_requests, f'{name}: a pass is only {len(requests)} requests'

    def struck_request(self, position: int, operation: str | None) -> int | None:
        for number, request in enumerate(self.forge.requests):
            if number >= position and operation in (None, request.operation):
                return number
        return None

    def assert_truthful(self, run: SyncRun, hint: str):
        state = FabricState.objects.get(fabric=self.fabric)
        if run.status in ENDED_WELL:
            assert state.connection == ConnectionStatusChoices.OK, hint
            assert run.commit_after == state.commit, hint
            assert not run.error, hint
        else:
            assert run.status in (RunStatusChoices.FAILED, RunStatusChoices.POSTPONED), hint
            assert run.error, hint
            assert state.error, hint
            assert state.connection not in (ConnectionStatusChoices.OK, ConnectionStatusChoices.UNKNOWN), hint
            assert state.retry_at is not None, hint
        in_git = self.files_at(state.commit)
        waiting = set(PendingChange.objects.values_list('name', flat=True))
        green = SyncState.objects.filter(fabric=self.fabric, status='synced')
        # Some servers are never edited: what is compared here is never nothing.
        assert len(green) >= 2, hint
        for row in green:
            assert row.name not in waiting, f'{hint}: {row.name} has changes that are on neither branch nor screen'
            spec = yaml.safe_load(in_git[f'{DIRECTORY}/{row.path}'])['spec']
            in_netbox = Server.objects.get(fabric=self.fabric, name=row.name).spec
            assert spec == row.base['spec'] == in_netbox, f'{hint}: {row.name} is not at {state.commit}'

    def settle(self):
        """Make passes until one finds nothing to do, each after the time that a refusal asked for."""
        for _ in range(4):
            self.let_time_pass()
            run = self.attempt()
            if run.status in ENDED_WELL and not self.is_needed():
                break

    def is_needed(self) -> bool:
        return BidirectionalSyncOrchestrator(HedgehogFabric.objects.get(pk=self.fabric.pk)).is_needed()

    def files_at(self, commit: str) -> dict[str, bytes]:
        store = self.remote.store
        return {path: store.blob(entry.sha) or b'' for path, entry in store.files(store.tree_of(commit)).items()}

    def edit_in_netbox(self, number: int) -> str:
        description = f'From NetBox {next(self.numbers)}'
        row = Server.objects.get(fabric=self.fabric, name=f'server-{number:05}')
        row.spec = {'description': description}
        row.save()
        return description

    def edit_in_git(self, number: int) -> str:
        description, name = f'From Git {next(self.numbers)}', f'server-{number:05}'
        text = manifest(name).replace(f'Rack of {name}'.encode(), description.encode())
        self.remote.push({f'{DIRECTORY}/managed/servers/{name}.yaml': text}, 'By hand')
        return description

    def described_in_git(self, number: int, branch: str = 'main') -> str:
        text = self.remote.files(branch)[f'{DIRECTORY}/managed/servers/server-{number:05}.yaml']
        return yaml.safe_load(text)['spec']['description']

    def described_in_netbox(self, number: int) -> str:
        return Server.objects.get(fabric=self.fabric, name=f'server-{number:05}').spec['description']


class BothSidesFixture(FaultFixture):
    """An edit on either side, which a pass commits and takes over."""

    def edit(self):
        self.ours, self.theirs = self.edit_in_netbox(0), self.edit_in_git(1)
        self.commits = len(self.remote.log('main'))

    def assert_converged(self, hint: str):
        assert self.described_in_git(0) == self.described_in_netbox(0) == self.ours, hint
        assert self.described_in_git(1) == self.described_in_netbox(1) == self.theirs, hint
        assert not PendingChange.objects.exists(), hint
        assert set(SyncState.objects.values_list('status', flat=True)) == {'synced'}, hint
        assert FabricState.objects.get().connection == ConnectionStatusChoices.OK, hint
        assert len(self.remote.log('main')) == self.commits + 1, f'{hint}: our edit is in one commit'


def meeting(names: Iterable[str]) -> Callable[[type], type]:
    """Give a test case a test for each of these faults."""

    def decorate(case: type) -> type:
        for name in names:
            test = _test_of(name)
            setattr(case, test.__name__, test)
        return case

    return decorate


def _test_of(name: str) -> Callable[[FaultFixture], None]:
    def test(self: FaultFixture):
        self.meet_at_any_request(name)

    test.__name__ = f'test_{name.replace(" ", "_").replace(",", "")}_at_any_request'
    return test
