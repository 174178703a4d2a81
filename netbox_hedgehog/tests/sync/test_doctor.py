"""The doctor: what it says about a connection that is in order, and about every way in which it is not."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from functools import partial
from unittest.mock import patch

import pytest
from django.test import TestCase, override_settings

from netbox_hedgehog.models import CredentialState, CredentialTypeChoices, ForgeChoices, GitRepository, HedgehogFabric
from netbox_hedgehog.repositories.github import GitHubServer
from netbox_hedgehog.sync.doctor import Finding, examine_fabric, examine_repository, is_in_order, report_of
from netbox_hedgehog.sync.webhooks import install_webhook, webhook_url
from netbox_hedgehog.tests.github import Fault, FaultKind
from netbox_hedgehog.tests.repositories.git_host import http_backend
from netbox_hedgehog.tests.repositories.receiver import receiving
from netbox_hedgehog.tests.sync.base import DIRECTORY, SyncFixture
from netbox_hedgehog.tests.sync.github_base import TOKEN, GitHubFixture

BASE_URL = 'http://netbox.example.com'
CHECKS = [
    'credential',
    'address',
    'clock',
    'authentication',
    'budget',
    'repository',
    'write permission',
    'branch',
    'rules',
    'directory',
    'webhook',
]


class Lines:
    """Examine, and look at the findings by what they are about."""

    def examine(self, subject=None, **options) -> dict[str, Finding]:
        if subject is None:
            subject = HedgehogFabric.objects.get(pk=self.fabric.pk)
        ask = examine_repository if isinstance(subject, GitRepository) else examine_fabric
        self.findings = ask(subject, **options)
        for finding in self.findings:
            assert TOKEN not in str(finding)
            assert finding.message
            assert finding.remedy or finding.verdict in ('ok', 'skipped'), finding
        return {finding.check: finding for finding in self.findings}

    def verdicts(self, *args, **options) -> dict[str, str]:
        """Return the verdicts that are not ok."""
        lines = self.examine(*args, **options)
        return {check: line.verdict for check, line in lines.items() if line.verdict != 'ok'}


class GitHubDoctorTests(Lines, GitHubFixture, TestCase):
    files = {f'{DIRECTORY}/managed/.gitkeep': b''}

    def test_what_is_in_order_is_ok_in_every_line(self):
        with receiving() as receiver:
            base_url = receiver.url.removesuffix('/webhook')
            install_webhook(self.repository, webhook_url(self.repository, base_url))
            self.forge.settle()
            assert self.verdicts(base_url=base_url) == {}
        assert [finding.check for finding in self.findings] == CHECKS
        assert is_in_order(self.findings)

    def test_the_source_of_the_credential_is_named(self):
        assert self.examine()['credential'].message == 'In use: credential bot.'

    def test_a_repository_is_examined_for_all_fabrics_on_the_branch(self):
        self.make_fabric('dc2')
        lines = self.examine(self.repository)
        assert lines['branch'].message.startswith('The branch main stands at')
        assert [line.message for line in self.findings if line.check == 'directory'] == [
            f'The directory {DIRECTORY} is there.',
            'There is no directory fabrics/dc2/gitops yet.',
        ]

    def test_another_branch_of_a_repository_can_be_named(self):
        assert self.verdicts(self.repository, branch='other')['branch'] == 'failed'

    def test_a_wrong_token(self):
        self.forge.revoke(TOKEN)
        assert self.examine()['authentication'].verdict == 'failed'
        assert not is_in_order(self.findings)

    def test_a_missing_permission_is_named(self):
        self.forge.callers[TOKEN].permissions['contents'] = 'read'
        assert self.verdicts()['write permission'] == 'failed'
        assert 'contents' in self.examine()['write permission'].remedy

    def test_an_archived_repository(self):
        self.remote.archived = True
        assert 'archived' in self.examine()['repository'].message

    def test_a_missing_branch(self):
        HedgehogFabric.objects.update(branch='release')
        assert self.verdicts()['branch'] == 'failed'

    def test_a_protected_branch_is_a_warning_unless_the_fabric_proposes(self):
        self.remote.protect('main', kind='pull_request')
        assert self.verdicts()['rules'] == 'warning'
        assert is_in_order(self.findings)
        HedgehogFabric.objects.update(write_method='pull-request')
        assert 'rules' not in self.verdicts()

    def test_a_branch_that_wants_signatures_is_a_warning_unless_commits_are_verified(self):
        self.remote.protect('main', kind='signatures')
        assert self.verdicts()['rules'] == 'warning'
        HedgehogFabric.objects.update(authorship='verified')
        assert 'rules' not in self.verdicts()

    def test_a_missing_directory_is_a_warning(self):
        HedgehogFabric.objects.update(directory='elsewhere')
        assert self.verdicts()['directory'] == 'warning'

    def test_a_missing_webhook_is_a_warning(self):
        finding = self.examine(base_url=BASE_URL)['webhook']
        assert finding.verdict == 'warning'
        assert webhook_url(self.repository, BASE_URL) in finding.message

    def test_without_an_address_of_netbox_the_webhook_is_not_asked_for(self):
        assert self.verdicts()['webhook'] == 'skipped'

    def test_a_budget_that_is_nearly_gone(self):
        self.forge.limits.per_hour = 100
        for _ in range(92):
            self.forge.limits.admit('hedgehog-bot', 'core', datetime.now(UTC), points=0, makes_content=False)
        assert self.verdicts()['budget'] == 'warning'

    def test_a_limit_is_no_fault_of_the_connection(self):
        self.forge.fail(Fault(FaultKind.RATE_LIMIT_403, operation='repos/get', retry_after=60))
        assert self.verdicts()['repository'] == 'skipped'
        assert is_in_order(self.findings)

    def test_clocks_that_differ(self):
        ahead = partial(GitHubServer, now=lambda: datetime.now(UTC) + timedelta(minutes=2))
        with patch('netbox_hedgehog.sync.opening.GitHubServer', ahead):
            assert self.verdicts()['clock'] == 'warning'

    def test_a_server_that_is_away(self):
        self.forge.stop()
        verdicts = self.verdicts()
        assert verdicts['address'] == 'failed'
        assert set(verdicts.values()) == {'failed', 'skipped'}

    def test_a_credential_that_cannot_be_read_is_a_line(self):
        self.credential.type = CredentialTypeChoices.ENVIRONMENT
        self.credential.reference, self.credential._secret = 'HEDGEHOG_UNSET', ''
        self.credential.save()
        (finding,) = self.examine().values()
        assert (finding.check, finding.verdict) == ('credential', 'failed')
        assert 'HEDGEHOG_UNSET' in finding.message

    def test_a_repository_without_a_credential(self):
        GitRepository.objects.update(credential=None)
        (finding,) = self.examine().values()
        assert (finding.check, finding.verdict) == ('credential', 'failed')

    def test_an_examination_is_paid_from_the_budget_and_leaves_the_branch_alone(self):
        head = self.remote.head()
        self.examine()
        assert self.remote.head() == head
        assert len(CredentialState.objects.get().budget['writes']) == 1

    def test_an_error_that_nobody_foresaw_is_not_hidden(self):
        with patch('netbox_hedgehog.sync.doctor.examine', side_effect=KeyError('x')), pytest.raises(KeyError):
            self.examine()

    def test_the_report_has_a_line_for_each_finding(self):
        self.remote.protect('main', kind='signatures')
        finding = self.examine()['rules']
        lines = report_of(self.findings).splitlines()
        assert len(lines) == len(self.findings)
        assert lines[0] == 'ok       credential        In use: credential bot.'
        assert f'warning  rules             {finding.message} — {finding.remedy}' in lines


class LocalDoctorTests(Lines, SyncFixture, TestCase):
    def test_an_empty_repository_waits_for_its_first_commit(self):
        assert self.verdicts() == {'branch': 'warning', 'directory': 'skipped'}
        assert is_in_order(self.findings)

    def test_what_is_in_order_is_ok_in_every_line(self):
        self.sync()
        assert self.verdicts() == {}
        assert self.examine()['credential'].message == 'In use: no credential is needed.'

    def test_a_repository_that_is_still_to_be_created(self):
        shutil.rmtree(self.bare)
        assert self.verdicts() == {'address': 'warning'}
        assert not self.bare.exists()

    def test_a_repository_that_vanished_is_a_fault(self):
        self.sync()
        shutil.rmtree(self.bare)
        assert self.verdicts()['repository'] == 'failed'

    def test_a_missing_branch_and_a_missing_directory(self):
        self.sync()
        HedgehogFabric.objects.update(directory='elsewhere')
        assert self.verdicts() == {'directory': 'warning'}
        HedgehogFabric.objects.update(branch='release')
        assert self.verdicts() == {'branch': 'failed', 'directory': 'skipped'}

    def test_a_repository_that_may_not_be_written(self):
        self.sync()
        real = os.access
        with patch('os.access', lambda path, mode: mode != os.W_OK and real(path, mode)):
            assert self.verdicts() == {'write permission': 'failed'}
            shutil.rmtree(self.bare)
            HedgehogFabric.objects.get().state.delete()
            assert self.verdicts() == {'address': 'warning', 'write permission': 'failed'}

    def test_an_address_that_is_not_allowed_any_more(self):
        with override_settings(PLUGINS_CONFIG={'netbox_hedgehog': {'local_repository_root': None}}):
            (finding,) = self.examine().values()
        assert (finding.check, finding.verdict) == ('address', 'failed')


@pytest.mark.skipif(http_backend() is None, reason='git http-backend is not installed')
class PlainGitDoctorTests(Lines, GitHubFixture, TestCase):
    """The same server, spoken to as Git does."""

    files = {f'{DIRECTORY}/managed/.gitkeep': b''}

    def make_repository(self):
        repository = super().make_repository()
        repository.forge = ForgeChoices.GIT
        repository.save()
        return repository

    def test_what_is_in_order_is_ok_and_pushing_is_left_open(self):
        assert self.verdicts() == {'write permission': 'skipped'}
        assert self.examine()['authentication'].message == 'Accepted: credential bot.'

    def test_a_wrong_token(self):
        self.forge.revoke(TOKEN)
        assert self.verdicts() == {
            'authentication': 'failed',
            'repository': 'skipped',
            'branch': 'skipped',
            'directory': 'skipped',
            'write permission': 'skipped',
        }

    def test_a_repository_that_is_not_there(self):
        self.forge.rename(self.remote, 'renamed')
        self.forge._renamed.clear()
        assert self.verdicts()['repository'] == 'failed'

    def test_a_server_that_is_away(self):
        self.forge.stop()
        assert self.verdicts()['address'] == 'failed'
