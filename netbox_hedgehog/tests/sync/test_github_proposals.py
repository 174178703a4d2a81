"""Changes that go through a pull request: one for each fabric, and green only when it is merged."""

from unittest import mock

import pytest
from django.test import TestCase

from netbox_hedgehog.models import (
    Conflict,
    FabricState,
    ForgeChoices,
    GitRepository,
    HedgehogFabric,
    PendingChange,
    RunStatusChoices,
    Server,
    SyncState,
    WriteMethodChoices,
)
from netbox_hedgehog.sync import BidirectionalSyncOrchestrator
from netbox_hedgehog.sync import proposal as proposal_module
from netbox_hedgehog.sync.decisions import discard, newest_change, propose_again
from netbox_hedgehog.sync.errors import DecisionStale
from netbox_hedgehog.sync.proposal import proposal_of
from netbox_hedgehog.sync.resolve import resolve_conflicts, visible_conflicts
from netbox_hedgehog.tests.github import Fault, FaultKind
from netbox_hedgehog.tests.sync.base import DIRECTORY
from netbox_hedgehog.tests.sync.github_base import GitHubFixture
from netbox_hedgehog.tests.sync.test_github_requests import manifest, servers

BRANCH = 'hedgehog/dc1'


class ProposalFixture(GitHubFixture):
    files = servers(3)

    def edit(self, number: int, description: str):
        row = Server.objects.get(fabric=self.fabric, name=f'server-{number:05}')
        row.spec = {**row.spec, 'description': description}
        row.save()

    def in_git(self, number: int, branch: str = 'main') -> bytes:
        return self.remote.files(branch)[f'{DIRECTORY}/managed/servers/server-{number:05}.yaml']

    def status(self, number: int) -> str:
        return self.status_of('Server', f'server-{number:05}')

    def is_needed(self) -> bool:
        return BidirectionalSyncOrchestrator(HedgehogFabric.objects.get(pk=self.fabric.pk)).is_needed()


class PullRequestTests(ProposalFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.sync()
        self.fabric.write_method = WriteMethodChoices.PULL_REQUEST
        self.fabric.reviewers = 'ines, tomas'
        self.fabric.full_clean()
        self.fabric.save()
        self.head = self.remote.head()

    def test_an_edit_waits_in_a_pull_request_and_the_branch_is_left_alone(self):
        self.edit(0, 'Proposed')
        run = self.sync()
        assert run.status == RunStatusChoices.SUCCESS
        assert self.remote.head() == self.head
        (request,) = self.remote.pull_requests
        assert (request.state, request.head, request.base) == ('open', BRANCH, 'main')
        assert 'server-00000' in request.title
        assert 'managed/servers/server-00000.yaml' in request.body
        assert b'description: Proposed\n' in self.in_git(0, BRANCH)
        assert self.status(0) == 'proposed'
        assert PendingChange.objects.count() == 1
        assert not self.is_needed()

    def test_later_batches_extend_the_same_request(self):
        self.edit(0, 'First')
        self.sync()
        self.edit(1, 'Second')
        self.sync()
        (request,) = self.remote.pull_requests
        assert b'First' in self.in_git(0, BRANCH)
        assert b'Second' in self.in_git(1, BRANCH)
        assert '2 resources' in request.title
        assert len(self.remote.log(BRANCH)) == len(self.remote.log('main')) + 2

    def test_a_pass_that_has_nothing_new_to_propose_leaves_the_request_alone(self):
        self.edit(0, 'First')
        self.sync()
        head = self.remote.head(BRANCH)
        self.sync(trigger='button')
        self.sync(complete=True)
        assert self.remote.head(BRANCH) == head
        assert self.status(0) == 'proposed'

    def test_merging_in_any_way_turns_the_changes_green(self):
        for number, how in enumerate(('merge', 'squash', 'rebase')):
            self.edit(number, f'By {how}')
            self.sync()
            self.remote.merge_pull(self.remote.pull_requests[-1].number, how=how)
            assert self.is_needed()
            self.sync()
            assert f'By {how}'.encode() in self.in_git(number)
            assert self.status(number) == 'synced'
            assert not PendingChange.objects.exists()
            assert not proposal_of(self.fabric).exists
        assert [request.merged for request in self.remote.pull_requests] == [True] * 3

    def test_a_closed_request_holds_its_changes_and_is_not_opened_again_by_a_save(self):
        self.edit(0, 'Refused')
        self.sync()
        self.remote.close_pull(self.remote.pull_requests[0].number)
        assert self.is_needed()
        self.sync()
        assert self.status(0) == 'held'
        assert 'closed' in SyncState.objects.get(name='server-00000').reason
        self.edit(1, 'Later')
        self.sync()
        assert len(self.remote.pull_requests) == 1
        assert Server.objects.get(name='server-00000').spec['description'] == 'Refused'

    def test_a_refused_change_is_proposed_again(self):
        self.test_a_closed_request_holds_its_changes_and_is_not_opened_again_by_a_save()
        propose_again(self.fabric)
        self.sync()
        assert [request.state for request in self.remote.pull_requests] == ['closed', 'open']
        assert b'Refused' in self.in_git(0, BRANCH)
        assert b'Later' in self.in_git(1, BRANCH)

    def test_a_refused_change_is_discarded_and_netbox_shows_what_git_holds(self):
        self.edit(0, 'Refused')
        Server.objects.get(name='server-00001').delete()
        Server(fabric=self.fabric, namespace='default', name='server-new', spec={'description': 'New'}).save()
        self.sync()
        self.remote.close_pull(self.remote.pull_requests[0].number)
        self.sync()
        assert discard(self.fabric, newest_change(self.fabric)) == 3
        assert self.is_needed()
        self.sync(trigger='schedule')
        assert Server.objects.get(name='server-00000').spec['description'] == 'Rack of server-00000'
        assert Server.objects.filter(name='server-00001').exists()
        assert not Server.objects.filter(name='server-new').exists()
        assert not PendingChange.objects.exists()
        assert self.remote.head() == self.head
        assert set(SyncState.objects.values_list('status', flat=True)) == {'synced'}

    def test_a_change_that_was_not_shown_is_not_discarded(self):
        self.test_a_closed_request_holds_its_changes_and_is_not_opened_again_by_a_save()
        shown = newest_change(self.fabric)
        self.edit(2, 'Not shown')
        with pytest.raises(DecisionStale):
            discard(self.fabric, shown)
        assert proposal_of(self.fabric).is_refused
        assert PendingChange.objects.count() == 3

    def test_a_decision_is_made_once(self):
        self.test_a_closed_request_holds_its_changes_and_is_not_opened_again_by_a_save()
        propose_again(self.fabric)
        for decide in (lambda: propose_again(self.fabric), lambda: discard(self.fabric, newest_change(self.fabric))):
            with pytest.raises(DecisionStale):
                decide()

    def test_a_request_that_is_opened_again_goes_on(self):
        self.test_a_closed_request_holds_its_changes_and_is_not_opened_again_by_a_save()
        self.remote.pull_requests[0].state = 'open'
        assert self.is_needed()
        self.sync()
        assert self.status(0) == 'proposed'
        assert len(self.remote.pull_requests) == 1

    def test_a_request_that_could_not_be_opened_is_opened_by_the_next_pass(self):
        self.edit(0, 'Proposed')
        self.forge.fail(Fault(FaultKind.FORBIDDEN, operation='pulls/create'))
        assert self.attempt().status == RunStatusChoices.FAILED
        self.sync()
        (request,) = self.remote.pull_requests
        assert request.state == 'open'
        assert len(self.remote.log(BRANCH)) == len(self.remote.log('main')) + 1

    def test_words_that_could_not_be_changed_are_changed_by_the_next_pass(self):
        self.edit(0, 'First')
        self.sync()
        self.edit(1, 'Second')
        self.forge.fail(Fault(FaultKind.SERVER_ERROR, operation='pulls/update', times=2))
        self.attempt()
        self.forge.faults.clear()
        self.sync()
        assert '2 resources' in self.remote.pull_requests[0].title

    def test_a_branch_that_has_to_stay_keeps_nothing_from_turning_green(self):
        self.edit(0, 'Merged')
        self.sync()
        self.remote.merge_pull(self.remote.pull_requests[0].number)
        self.forge.fail(Fault(FaultKind.FORBIDDEN, operation='git/delete-ref'))
        self.sync()
        assert self.status(0) == 'synced'

    def test_a_merge_in_the_middle_of_a_pass_opens_no_second_request(self):
        self.edit(0, 'Merged meanwhile')
        self.sync()
        self.remote.push({'NOTES.md': b'Elsewhere'}, 'Somebody')
        request = self.remote.pull_requests[0]
        self.edit(0, 'Merged meanwhile')

        def merge(*_: object) -> str:
            self.remote.merge_pull(request.number)
            return original(*_)

        original = proposal_module._status
        with mock.patch.object(
            proposal_module, '_status', lambda *given: original(*given) if request.merged else merge(*given)
        ):
            self.sync()
        assert len(self.remote.pull_requests) == 1
        assert self.status(0) == 'synced'

    def test_reviewers_that_cannot_be_asked_are_named(self):
        self.forge.collaborators.add('ines')
        self.edit(0, 'Proposed')
        self.sync()
        assert list(proposal_of(self.fabric).unavailable) == ['tomas']

    def test_a_fabric_that_proposes_never_pushes_past_it(self):
        self.repository.forge = ForgeChoices.GIT
        GitRepository.objects.filter(pk=self.repository.pk).update(forge=ForgeChoices.GIT, credential=None)
        self.edit(0, 'Not pushed')
        assert self.attempt().status == RunStatusChoices.FAILED
        assert self.remote.head() == self.head

    def test_a_decision_lasts_while_its_request_is_open(self):
        path = f'{DIRECTORY}/managed/servers/server-00000.yaml'
        self.edit(0, 'Ours')
        self.sync()
        self.remote.push({path: manifest('server-00000').replace(b'Rack of server-00000', b'Theirs')}, 'By hand')
        self.sync()
        assert self.status(0) == 'conflict'
        assert resolve_conflicts(self.fabric, 'Server', 'default', 'server-00000', 'netbox')
        for trigger in ('save', 'button', 'schedule'):
            self.sync(trigger=trigger, complete=trigger == 'schedule')
            assert self.status(0) == 'proposed', trigger
            assert b'Ours' in self.in_git(0, BRANCH)
        assert not visible_conflicts(self.fabric, self.user).exists()
        self.remote.merge_pull(self.remote.pull_requests[-1].number)
        self.sync()
        assert self.status(0) == 'synced'
        assert not Conflict.objects.exists()

    def test_an_edit_made_just_before_the_merge_is_no_conflict_with_oneself(self):
        self.edit(0, 'Proposed')
        self.sync()
        self.edit(0, 'Once more')
        self.remote.merge_pull(self.remote.pull_requests[-1].number, how='squash')
        self.sync()
        assert not Conflict.objects.exists()
        assert self.status(0) == 'proposed'
        assert b'description: Proposed\n' in self.in_git(0)
        assert b'Once more' in self.in_git(0, BRANCH)

    def test_a_run_says_what_it_proposed(self):
        self.edit(0, 'Proposed')
        assert self.sync().counts['proposed'] == 1

    def test_an_edit_that_is_taken_back_leaves_the_request(self):
        self.edit(0, 'First')
        self.edit(1, 'Second')
        self.sync()
        self.edit(0, 'Rack of server-00000')
        self.sync()
        assert self.in_git(0, BRANCH) == self.in_git(0)
        assert b'Second' in self.in_git(1, BRANCH)
        self.edit(1, 'Rack of server-00001')
        self.sync()
        assert self.remote.pull_requests[0].state == 'closed'
        assert set(SyncState.objects.values_list('status', flat=True)) == {'synced'}

    def test_a_change_on_the_branch_is_taken_over_while_a_request_is_open(self):
        self.edit(0, 'Ours')
        self.sync()
        path = f'{DIRECTORY}/managed/servers/server-00000.yaml'
        self.remote.push({path: manifest('server-00000') + b'  profile: theirs\n'}, 'By hand')
        self.sync()
        assert Server.objects.get(name='server-00000').spec == {'description': 'Ours', 'profile': 'theirs'}
        assert b'Ours' in self.in_git(0, BRANCH)
        assert b'theirs' in self.in_git(0, BRANCH)
        assert len(self.remote.pull_requests) == 1
        self.remote.merge_pull(self.remote.pull_requests[0].number)
        self.sync()
        assert self.status(0) == 'synced'

    def test_what_somebody_else_commits_to_the_requests_branch_is_not_overwritten(self):
        self.edit(0, 'Ours')
        self.sync()
        self.remote.push({'NOTES.md': b'Reviewed\n'}, 'A reviewer', branch=BRANCH)
        theirs = self.remote.head(BRANCH)
        self.edit(1, 'More')
        run = self.attempt()
        assert run.status == RunStatusChoices.FAILED
        assert BRANCH in run.error
        assert self.remote.head(BRANCH) == theirs
        self.remote.merge_pull(self.remote.pull_requests[0].number)
        self.sync()
        self.sync()
        assert self.status(0) == 'synced'
        assert self.remote.pull_requests[-1].state == 'open'
        assert b'More' in self.in_git(1, self.remote.pull_requests[-1].head)

    def test_a_drop_in_is_taken_over_once_and_its_move_is_proposed(self):
        self.remote.push({f'{DIRECTORY}/raw/new.yaml': manifest('server-raw')}, 'Drop in')
        self.sync()
        assert Server.objects.filter(name='server-raw').count() == 1
        self.sync(complete=True)
        (request,) = self.remote.pull_requests
        assert f'{DIRECTORY}/raw/new.yaml' not in self.remote.files(BRANCH)
        self.remote.merge_pull(request.number)
        self.sync()
        assert self.status_of('Server', 'server-raw') == 'synced'
        assert f'{DIRECTORY}/raw/new.yaml' not in self.remote.files()


class ProtectedBranchTests(ProposalFixture, TestCase):
    """A fabric that pushes finds its branch protected."""

    def setUp(self):
        super().setUp()
        self.sync()

    def test_a_protected_branch_leads_to_a_pull_request_by_itself_and_says_why(self):
        for kind in ('pull_request', 'classic'):
            self.remote.protect('main', kind=kind)
            self.edit(0, f'Behind {kind}')
            run = self.sync()
            assert run.status == RunStatusChoices.SUCCESS
            assert self.remote.pull_requests[-1].state == 'open'
            proposal = proposal_of(self.fabric)
            assert proposal.because
            assert self.status(0) == 'proposed'
            self.remote.merge_pull(proposal.number)
            self.sync()
            assert self.status(0) == 'synced'
            assert FabricState.objects.get().connection == 'ok'

    def test_it_asks_the_branch_only_once_while_the_request_is_open(self):
        self.remote.protect('main', kind='pull_request')
        self.edit(0, 'First')
        self.sync()
        self.edit(1, 'Second')
        requests = self.requests_of()
        assert not any('update-ref 422' in request for request in requests), requests
        assert len(self.remote.pull_requests) == 1
