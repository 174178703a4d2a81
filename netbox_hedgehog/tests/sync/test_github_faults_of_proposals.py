"""Faults while changes go through a pull request: whatever was lost, one request is open and holds the edits."""

from django.test import TestCase

from netbox_hedgehog.models import ConnectionStatusChoices, FabricState, PendingChange, SyncState, WriteMethodChoices
from netbox_hedgehog.sync.proposal import proposal_of
from netbox_hedgehog.tests.sync.base import DIRECTORY
from netbox_hedgehog.tests.sync.github_faults import DIFFERENT, FaultFixture, meeting

# What may leave a request, or its branch, that nothing here knows of.
LOST = ('bad gateway before the effect', 'bad gateway after the effect')


class ProposingFixture(FaultFixture):
    """`self.proposed` maps the numbers of servers to what the open request has to say of them."""

    def make_ready(self):
        super().make_ready()
        self.fabric.write_method = WriteMethodChoices.PULL_REQUEST
        self.fabric.full_clean()
        self.fabric.save()
        self.proposed: dict[int, str] = {}

    def propose(self, number: int):
        self.proposed[number] = self.edit_in_netbox(number)

    def open_requests(self):
        return [request for request in self.remote.pull_requests if request.state == 'open']

    def assert_converged(self, hint: str):
        opened = [request.number for request in self.open_requests()]
        assert len(opened) == 1, f'{hint}: {len(opened)} requests are open'
        proposal = proposal_of(self.fabric)
        assert [proposal.number] == opened, hint
        assert proposal.head == self.remote.head(proposal.branch), hint
        branch, main = self.remote.files(proposal.branch), self.remote.files('main')
        for number, description in self.proposed.items():
            assert self.described_in_git(number, proposal.branch) == description, hint
            assert self.described_in_netbox(number) == description, hint
            assert self.status_of('Server', f'server-{number:05}') == 'proposed', hint
        paths = {f'{DIRECTORY}/managed/servers/server-{number:05}.yaml' for number in self.proposed}
        assert {path for path in branch.keys() | main.keys() if branch.get(path) != main.get(path)} == paths, hint
        changed = set(PendingChange.objects.values_list('name', flat=True))
        assert changed == {f'server-{number:05}' for number in self.proposed}, hint
        others = SyncState.objects.exclude(name__in=changed)
        assert set(others.values_list('status', flat=True)) == {'synced'}, hint
        assert FabricState.objects.get().connection == ConnectionStatusChoices.OK, hint

    def merge(self):
        """Merge the open request, and let a pass see it."""
        (request,) = self.open_requests()
        self.remote.merge_pull(request.number)
        self.sync()
        for number, description in self.proposed.items():
            assert self.described_in_git(number) == description
        self.proposed = {}
        assert not PendingChange.objects.exists()
        assert set(SyncState.objects.values_list('status', flat=True)) == {'synced'}


@meeting(DIFFERENT)
class OpeningFaultTests(ProposingFixture, TestCase):
    """There is no request yet."""

    least_requests = 4

    def prepare(self):
        if self.proposed:
            self.merge()

    def edit(self):
        self.propose(0)


class ExtendingFixture(ProposingFixture):
    """There is a request, and it remains the only one."""

    def make_ready(self):
        super().make_ready()
        self.propose(1)
        self.sync()

    def edit(self):
        self.propose(0)

    def assert_converged(self, hint: str):
        super().assert_converged(hint)
        assert len(self.remote.pull_requests) == 1, hint


@meeting((*LOST, 'limit, 403, with a time', 'not a fast forward', 'stale read'))
class ExtendingFaultTests(ExtendingFixture, TestCase):
    """Each edit is added to the request."""


@meeting(('bad gateway after the effect',))
class MovedFaultTests(ExtendingFixture, TestCase):
    """The request's base has moved since it was opened."""

    def edit(self):
        super().edit()
        self.theirs = self.edit_in_git(2)

    def assert_converged(self, hint: str):
        super().assert_converged(hint)
        assert self.described_in_git(2) == self.described_in_netbox(2) == self.theirs, hint
