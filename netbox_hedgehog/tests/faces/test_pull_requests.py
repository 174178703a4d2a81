"""The pull request of a fabric: what the pages say about it, and what people decide."""

from core.choices import JobStatusChoices
from core.models import Job
from django.test import TestCase
from django.urls import reverse

from netbox_hedgehog.models import FabricModeChoices, HedgehogFabric, PendingChange, Server, SyncRun, WriteMethodChoices
from netbox_hedgehog.sync.proposal import proposal_of
from netbox_hedgehog.tests.faces.api_client import ApiClient
from netbox_hedgehog.tests.faces.fabric_state import url_of
from netbox_hedgehog.tests.queues import OwnQueues
from netbox_hedgehog.tests.sync.base import DIRECTORY, SyncFixture
from netbox_hedgehog.tests.sync.github_base import GitHubFixture
from netbox_hedgehog.tests.sync.test_github_requests import servers


class PullRequestFixture(GitHubFixture, OwnQueues):
    files = servers(3)

    def setUp(self):
        super().setUp()
        self.sync()
        HedgehogFabric.objects.update(write_method=WriteMethodChoices.PULL_REQUEST)
        self.edit(0, 'Proposed')
        self.sync()
        self.number = self.remote.pull_requests[0].number

    def edit(self, number: int, description: str):
        row = Server.objects.get(fabric=self.fabric, name=f'server-{number:05}')
        row.spec = {**row.spec, 'description': description}
        row.save()

    def close(self):
        self.remote.close_pull(self.number)
        self.sync()

    def page(self) -> str:
        return ' '.join(self.client.get(url_of(self.fabric)).content.decode().split())

    def listed(self) -> str:
        return self.client.get(reverse('plugins:netbox_hedgehog:hedgehogfabric_list')).content.decode()

    def follow(self):
        """Make the pass that was queued last, as a worker would."""
        job = Job.objects.latest('pk')
        self.run_rq_jobs('default')
        job.refresh_from_db()
        assert job.status == JobStatusChoices.STATUS_COMPLETED, job.error
        return SyncRun.objects.get(pk=job.data['run'])

    def description(self, number: int) -> str:
        return Server.objects.get(fabric=self.fabric, name=f'server-{number:05}').spec['description']


class PageTests(PullRequestFixture, TestCase):
    def test_an_open_request_is_linked_and_counted_in_purple(self):
        page = self.page()
        assert f'<a href="{self.remote.pull_requests[0].url}">#{self.number}</a>' in page
        assert f'1 proposed in pull request #{self.number}' in page
        assert 'text-bg-purple' in page
        assert 'The fabric is set to write by pull request.' in page
        assert 'Propose again' not in page
        assert f'1 proposed in pull request #{self.number}' in self.listed()
        assert 'compared equal' not in page

    def test_a_closed_request_says_what_to_decide_in_orange(self):
        self.close()
        page = self.page()
        assert f'Pull request #{self.number} was closed: propose again or discard' in page
        assert 'text-bg-orange' in page
        assert url_of(self.fabric, 'propose_again') in page
        assert url_of(self.fabric, 'discard') in page
        assert 'propose again or discard' in self.listed()

    def test_a_merged_request_is_gone_and_everything_is_green(self):
        self.remote.merge_pull(self.number)
        self.sync()
        page = self.page()
        assert 'compared equal' in page
        assert f'#{self.number}' not in page

    def test_a_protected_branch_says_why_there_is_a_request(self):
        self.remote.merge_pull(self.number)
        self.sync()
        HedgehogFabric.objects.update(write_method=WriteMethodChoices.PUSH)
        self.remote.protect('main', kind='pull_request')
        self.edit(1, 'Protected')
        self.sync()
        because = proposal_of(self.fabric).because
        assert because
        assert f'The branch main does not take commits directly: {because.split(chr(39))[0]}' in self.page()

    def test_who_may_not_decide_sees_no_buttons(self):
        self.close()
        self.user.is_superuser = False
        self.user.save()
        api = ApiClient('somebody')
        api.allow('view_hedgehogfabric')
        self.client.force_login(api.user)
        page = self.page()
        assert f'#{self.number}' in page
        assert url_of(self.fabric, 'discard') not in page

    def test_commits_and_files_lead_to_github(self):
        self.remote.merge_pull(self.number)
        self.sync()
        head = self.remote.head()
        path = f'{DIRECTORY}/managed/servers/server-00000.yaml'
        assert f'href="{self.remote.url}/commit/{head}"' in self.page()
        page = self.client.get(Server.objects.get(name='server-00000').get_absolute_url()).content.decode()
        assert f'href="{self.remote.url}/blob/main/{path}"' in page
        assert f'href="{self.remote.url}/commit/' in page
        self.edit(1, 'Directly')
        HedgehogFabric.objects.update(write_method=WriteMethodChoices.PUSH)
        page = self.client.get(self.sync().get_absolute_url()).content.decode()
        assert f'href="{self.remote.url}/commit/{self.remote.head()}"' in page
        assert f'href="{self.remote.url}/blob/main/{path.replace("00000", "00001")}"' in page


class ElsewhereTests(SyncFixture, TestCase):
    def test_a_repository_on_this_machine_has_no_links(self):
        self.sync()
        page = self.client.get(url_of(self.fabric)).content.decode()
        assert '/commit/' not in page
        assert 'Pull request' not in page


class ButtonTests(PullRequestFixture, TestCase):
    def press(self, view, **data):
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(url_of(self.fabric, view), data)

    def newest(self):
        return PendingChange.objects.latest('pk').pk

    def test_what_was_refused_is_proposed_again(self):
        self.close()
        assert self.press('propose_again').status_code == 302
        self.follow()
        assert [request.state for request in self.remote.pull_requests] == ['closed', 'open']
        assert f'#{self.remote.pull_requests[-1].number}' in self.page()

    def test_discarding_shows_what_would_be_lost_and_takes_over_what_git_holds(self):
        self.close()
        page = self.client.get(url_of(self.fabric, 'discard')).content.decode()
        assert 'server-00000' in page
        assert f'#{self.number}' in page
        assert self.description(0) == 'Proposed'
        assert self.press('discard', confirm=True, newest=self.newest()).status_code == 302
        self.follow()
        assert self.description(0) == 'Rack of server-00000'
        assert not PendingChange.objects.exists()
        assert 'compared equal' in self.page()

    def test_a_confirmation_is_about_what_was_shown_and_nothing_newer(self):
        self.close()
        shown = self.newest()
        self.edit(1, 'Meanwhile')
        response = self.press('discard', confirm=True, newest=shown)
        self.assertRedirects(response, url_of(self.fabric, 'discard'))
        assert self.description(1) == 'Meanwhile'
        assert PendingChange.objects.count() == 2

    def test_a_loss_must_be_confirmed(self):
        self.close()
        self.press('discard', newest=self.newest())
        assert PendingChange.objects.exists()

    def test_there_must_be_something_to_decide(self):
        for view in ('propose_again', 'discard'):
            response = self.client.post(url_of(self.fabric, view), {'confirm': True, 'newest': self.newest()})
            self.assertRedirects(response, url_of(self.fabric))
        self.assertRedirects(self.client.get(url_of(self.fabric, 'discard')), url_of(self.fabric))
        assert proposal_of(self.fabric).number == self.number
        assert PendingChange.objects.exists()

    def test_a_link_proposes_nothing(self):
        self.close()
        assert self.client.get(url_of(self.fabric, 'propose_again')).status_code == 302
        assert proposal_of(self.fabric).is_refused

    def test_it_takes_the_permission_to_approve(self):
        self.close()
        api = ApiClient('somebody')
        api.allow('view_hedgehogfabric', 'sync_hedgehogfabric', 'change_hedgehogfabric')
        self.client.force_login(api.user)
        for view in ('propose_again', 'discard'):
            assert self.press(view, confirm=True, newest=self.newest()).status_code == 403
        api.allow('approve_hedgehogfabric', constraints={'slug': 'dc2'})
        for view in ('propose_again', 'discard'):
            assert self.press(view, confirm=True, newest=self.newest()).status_code == 404
        assert proposal_of(self.fabric).is_refused

    def test_changes_that_the_user_may_not_see_are_counted(self):
        self.close()
        api = ApiClient('somebody')
        api.allow('view_hedgehogfabric', 'approve_hedgehogfabric')
        self.client.force_login(api.user)
        page = self.client.get(url_of(self.fabric, 'discard')).content.decode()
        assert 'server-00000' not in page
        assert '1 more change is not listed.' in page

    def test_a_fabric_that_is_not_active_decides_nothing(self):
        self.close()
        HedgehogFabric.objects.update(mode=FabricModeChoices.PAUSED)
        self.press('discard', confirm=True, newest=self.newest())
        assert proposal_of(self.fabric).is_refused
        assert PendingChange.objects.exists()


class RestTests(PullRequestFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.api = ApiClient()
        Job.objects.all().delete()

    def act(self, action):
        with self.captureOnCommitCallbacks(execute=True):
            return self.api.post(f'fabrics/{self.fabric.pk}/{action}/')

    def test_the_request_is_told_with_the_state_of_the_fabric(self):
        self.api.allow('view_hedgehogfabric')
        state = self.api.get(f'fabrics/{self.fabric.pk}/').json()['state']
        url = self.remote.pull_requests[0].url
        assert state['proposal'] == {'number': self.number, 'url': url, 'status': 'open', 'because': ''}
        self.remote.merge_pull(self.number)
        self.sync()
        assert self.api.get(f'fabrics/{self.fabric.pk}/').json()['state']['proposal'] is None

    def test_what_was_refused_is_proposed_again(self):
        self.close()
        self.api.allow('approve_hedgehogfabric')
        response = self.act('propose-again')
        assert response.status_code == 202, response.content
        assert self.follow().pk
        assert [request.state for request in self.remote.pull_requests] == ['closed', 'open']

    def test_what_was_refused_is_discarded(self):
        self.close()
        self.api.allow('approve_hedgehogfabric')
        answer = self.act('discard').json()
        assert answer['discarded'] == 1
        assert answer['fabric']['slug'] == 'dc1'
        self.follow()
        assert self.description(0) == 'Rack of server-00000'

    def test_there_must_be_something_to_decide(self):
        self.api.allow('approve_hedgehogfabric')
        for action in ('propose-again', 'discard'):
            response = self.act(action)
            assert response.status_code == 409
            assert 'closed without being merged' in response.json()['detail']
        assert not Job.objects.exists()

    def test_it_takes_the_permission_to_approve(self):
        self.close()
        self.api.allow('view_hedgehogfabric', 'sync_hedgehogfabric', 'change_hedgehogfabric')
        for action in ('propose-again', 'discard'):
            assert self.act(action).status_code == 403
        self.api.allow('approve_hedgehogfabric', constraints={'slug': 'dc2'})
        for action in ('propose-again', 'discard'):
            assert self.act(action).status_code == 403
        assert proposal_of(self.fabric).is_refused

    def test_a_fabric_that_is_not_active_decides_nothing(self):
        self.close()
        self.api.allow('approve_hedgehogfabric')
        HedgehogFabric.objects.update(mode=FabricModeChoices.PAUSED)
        for action in ('propose-again', 'discard'):
            assert self.act(action).status_code == 409
        assert proposal_of(self.fabric).is_refused
