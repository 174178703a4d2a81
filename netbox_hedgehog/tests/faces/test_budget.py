"""What is left of GitHub's limits, and when what waits will be in Git: on the page, in the list and over REST."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from netbox_hedgehog.models import (
    CredentialState,
    FabricModeChoices,
    FabricState,
    HedgehogFabric,
    Server,
    SyncRun,
    SyncState,
)
from netbox_hedgehog.sync.schedule import outlook_of
from netbox_hedgehog.tests.faces.api_client import ApiClient
from netbox_hedgehog.tests.faces.fabric_state import url_of
from netbox_hedgehog.tests.github import Fault, FaultKind
from netbox_hedgehog.tests.specimens import make_fabric
from netbox_hedgehog.tests.sync.github_base import TOKEN, GitHubFixture


class BudgetFixture(GitHubFixture):
    def setUp(self):
        super().setUp()
        self.sync()

    def spend(self, writes: int = 0, **fields):
        """Let the credential have made so many writes lately."""
        now = timezone.now().timestamp()
        state = CredentialState.objects.get()
        state.budget = {**state.budget, 'writes': [now - 100] * writes, **fields}
        state.save()

    def page(self) -> str:
        return ' '.join(self.client.get(url_of(self.fabric)).content.decode().split())

    def outlook(self):
        return outlook_of(HedgehogFabric.objects.get(pk=self.fabric.pk))

    def edit(self, name='server-01'):
        Server(fabric=self.fabric, namespace='default', name=name, spec={}).save()


class PanelTests(BudgetFixture, TestCase):
    def test_it_shows_what_is_left_and_what_is_used(self):
        self.spend(writes=100)
        page = self.page()
        quota = self.outlook().quota
        assert f'{quota.remaining} of {quota.limit} left until' in page
        assert '100 of 500 used; the last 50 are kept for people' in page
        assert page.count('progressbar') == 2
        assert 'No change waits for the next pass.' in page
        assert TOKEN not in page

    def test_a_window_that_is_wider_than_the_fabrics_own_is_explained(self):
        self.spend(writes=0)
        assert 'widened from' not in self.page()
        self.spend(writes=400)
        assert 'widened from the 2 s of the fabric, to spare what is left of the budget' in self.page()

    def test_changes_that_wait_have_a_time(self):
        self.edit()
        outlook = self.outlook()
        assert outlook.waiting == 1
        expected = timezone.localtime(outlook.empty_at)
        assert abs(expected - timezone.now()) < timedelta(seconds=60)
        assert '1 change waiting, expected in Git at' in self.page()

    def test_the_next_attempt_after_a_refusal_is_when_they_are_expected(self):
        self.edit()
        later = timezone.now() + timedelta(minutes=7)
        FabricState.objects.update(retry_at=later)
        assert self.outlook().empty_at == later

    def test_changes_of_a_fabric_that_is_not_active_have_no_time(self):
        self.edit()
        HedgehogFabric.objects.update(mode=FabricModeChoices.PAUSED)
        assert self.outlook().empty_at is None
        assert '1 change waiting until the fabric is active' in self.page()

    def test_a_change_that_a_person_holds_is_none_that_the_next_pass_writes(self):
        self.edit()
        for status in ('proposed', 'conflict', 'held'):
            SyncState.objects.update(status=status)
            assert self.outlook().waiting == 0

    def test_a_limit_is_shown_with_its_end_and_in_orange(self):
        self.edit()
        self.forge.fail(Fault(FaultKind.SECONDARY_LIMIT, retry_after=600, times=50))
        run = self.attempt(trigger='button')
        assert run.status == 'postponed'
        page = self.page()
        assert 'GitHub asks to wait until' in page
        retry_at = timezone.localtime(FabricState.objects.get().retry_at)
        assert f'Waiting for the rate limit until {retry_at:%H:%M:%S}' in page
        assert 'text-bg-red' not in page
        page = self.client.get(run.get_absolute_url()).content.decode()
        assert 'Postponed' in page
        assert 'text-danger' not in page

    def test_the_command_line_tells_a_limit_from_a_failure_and_ends_with_one(self):
        self.edit()
        self.forge.fail(Fault(FaultKind.SECONDARY_LIMIT, retry_after=600, times=50))
        out = StringIO()
        with pytest.raises(CommandError) as caught:
            call_command('hedgehog_sync', 'dc1', stdout=out, no_color=True)
        assert caught.value.returncode == 1
        assert out.getvalue().startswith('DC1: postponed: ')

    def test_a_fabric_that_no_budget_limits_has_no_panel(self):
        page = self.client.get(url_of(make_fabric())).content.decode()
        assert 'API budget' not in page


class ListTests(BudgetFixture, TestCase):
    def test_the_column_is_offered_and_not_shown_by_default(self):
        make_fabric()
        url = reverse('plugins:netbox_hedgehog:hedgehogfabric_list')
        assert 'progressbar' not in self.client.get(url).content.decode()
        self.user.config.set('tables.HedgehogFabricTable.columns', ['name', 'budget'], commit=True)
        assert self.client.get(url).content.decode().count('progressbar') == 1

    def test_an_export_has_the_numbers(self):
        self.spend(writes=7)
        url = reverse('plugins:netbox_hedgehog:hedgehogfabric_list')
        self.user.config.set('tables.HedgehogFabricTable.columns', ['name', 'budget'], commit=True)
        assert '7/500' in self.client.get(url, {'export': 'table'}).content.decode()


class RestTests(BudgetFixture, TestCase):
    def setUp(self):
        super().setUp()
        self.api = ApiClient()
        self.path = f'fabrics/{self.fabric.pk}/budget/'

    def test_the_budget_is_answered(self):
        self.spend(writes=3)
        self.edit()
        self.api.allow('view_hedgehogfabric')
        answer = self.api.get(self.path).json()
        quota = self.outlook().quota
        assert (answer['requests_limit'], answer['requests_remaining']) == (quota.limit, quota.remaining)
        assert parse_datetime(answer['requests_reset']).timestamp() == quota.reset
        assert (answer['writes_used'], answer['writes_limit'], answer['writes_reserved']) == (3, 500, 50)
        assert answer['closed_until'] is None
        assert answer['commit_window_seconds'] >= 2
        assert answer['waiting'] == 1
        assert parse_datetime(answer['empty_at'])

    def test_before_the_first_answer_nothing_is_made_up(self):
        CredentialState.objects.all().delete()
        self.api.allow('view_hedgehogfabric')
        answer = self.api.get(self.path).json()
        assert (answer['requests_limit'], answer['requests_remaining'], answer['requests_reset']) == (None, None, None)
        assert (answer['writes_used'], answer['waiting'], answer['empty_at']) == (0, 0, None)

    def test_it_takes_the_permission_to_view_the_fabric(self):
        assert self.api.get(self.path).status_code == 403
        self.api.allow('view_hedgehogfabric', constraints={'slug': 'dc2'})
        assert self.api.get(self.path).status_code == 404

    def test_a_fabric_that_no_budget_limits_has_none(self):
        self.api.allow('view_hedgehogfabric')
        response = self.api.get(f'fabrics/{make_fabric().pk}/budget/')
        assert response.status_code == 404
        assert 'No budget limits this fabric' in response.json()['detail']


class RequestsOfRunsTests(BudgetFixture, TestCase):
    """Each pass tells what it asked of GitHub."""

    def setUp(self):
        super().setUp()
        self.run = SyncRun.objects.get()
        assert self.run.requests > 1

    def test_on_its_page_and_in_the_list(self):
        page = ' '.join(self.client.get(self.run.get_absolute_url()).content.decode().split())
        assert 'API requests' in page
        self.user.config.set('tables.SyncRunTable.columns', ['started', 'requests'], commit=True)
        page = self.client.get(reverse('plugins:netbox_hedgehog:syncrun_list')).content.decode()
        assert f'<td >{self.run.requests}</td>' in page or f'<td>{self.run.requests}</td>' in page

    def test_over_rest_and_by_filter(self):
        api = ApiClient()
        api.allow('view_syncrun')
        assert api.get(f'sync-runs/{self.run.pk}/').json()['requests'] == self.run.requests
        assert api.get('sync-runs/?requests__gt=1').json()['count'] == 1
        assert api.get('sync-runs/?requests=0').json()['count'] == 0

    def test_over_graphql(self):
        api = ApiClient()
        api.allow('view_syncrun')
        wanted = f'{{requests: {{filter_lookup: {{exact: {self.run.requests}}}}}}}'
        query = f'{{hedgehog_sync_run_list(filters: {wanted}) {{requests}}}}'
        response = api.client.post('/graphql/', {'query': query}, content_type='application/json', headers=api.headers)
        assert response.json().get('data') == {'hedgehog_sync_run_list': [{'requests': self.run.requests}]}, (
            response.content
        )
