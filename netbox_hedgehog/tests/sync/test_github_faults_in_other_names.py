"""Faults while commits are GitHub's own, and while a GitHub App is handed its tokens."""

from datetime import timedelta
from unittest import mock

from django.test import TestCase

from netbox_hedgehog.models import AuthorshipChoices, CredentialTypeChoices
from netbox_hedgehog.tests.sync.github_faults import BothSidesFixture, meeting
from netbox_hedgehog.tests.sync.simulated_clock import SimulatedClock


# The faults that mean something else to this request than to those that it replaces.
@meeting(
    (
        'stale',
        'not a fast forward',
        'bad gateway before the effect',
        'bad gateway after the effect',
        'connection reset after the effect',
        'stale read',
    )
)
class VerifiedFaultTests(BothSidesFixture, TestCase):
    """GitHub makes the commits: `createCommitOnBranch` in the place of trees, commits and references."""

    least_requests = 3

    def make_ready(self):
        self.fabric.authorship = AuthorshipChoices.VERIFIED
        self.fabric.full_clean()
        self.fabric.save()
        super().make_ready()

    def assert_converged(self, hint: str):
        super().assert_converged(hint)
        assert self.remote.log('main')[-1].gpgsig, f'{hint}: GitHub has not signed it'


# The faults that mean something else to a request for a token.
@meeting(('bad token', 'not found', 'bad gateway after the effect'))
class AppFaultTests(BothSidesFixture, TestCase):
    """Each pass comes an hour after the one before it: the App's token has ended, and its requests fail as well."""

    least_requests = 8

    def setUp(self):
        self.clock = SimulatedClock()
        patch = mock.patch('django.utils.timezone.now', self.clock)
        patch.start()
        self.addCleanup(patch.stop)
        super().setUp()

    def make_ready(self):
        app = self.forge.add_app(1234, repositories=['acme/network'])
        self.credential.type, self.credential.app_id = CredentialTypeChoices.APP, '1234'
        self.credential.set_secret(app.private_key_pem)
        self.credential.full_clean()
        self.credential.save()
        super().make_ready()

    def prepare(self):
        self.let_time_pass()

    def let_time_pass(self):
        self.clock.sleep(timedelta(hours=1).total_seconds())
