"""The closed sets of values that our models use; every status is spelled here and nowhere else."""

from django.utils.translation import gettext_lazy as _
from utilities.choices import ChoiceSet

from ..catalog.settings import NEWER, RELEASES

__all__ = (
    'AuthorshipChoices',
    'ChangeActionChoices',
    'ConnectionStatusChoices',
    'CredentialTypeChoices',
    'DeliveryStatusChoices',
    'FabricModeChoices',
    'ForgeChoices',
    'ProposalStatusChoices',
    'ReleaseChoices',
    'RunStatusChoices',
    'RunTriggerChoices',
    'SideChoices',
    'SyncStatusChoices',
    'WriteMethodChoices',
)


class FabricModeChoices(ChoiceSet):
    """What the synchroniser may do for a fabric."""

    key = 'HedgehogFabric.mode'

    ACTIVE = 'active'
    OBSERVE = 'observe'
    PAUSED = 'paused'

    CHOICES = [
        (ACTIVE, _('Active'), 'green'),
        (OBSERVE, _('Observe only'), 'cyan'),
        (PAUSED, _('Paused'), 'gray'),
    ]


class ReleaseChoices(ChoiceSet):
    """The Hedgehog releases that the catalogue knows; `newer` stands for all that come after the last one."""

    NEWER = NEWER

    CHOICES = [*((release, release) for release in RELEASES), (NEWER, _('Newer'))]


class ConnectionStatusChoices(ChoiceSet):
    """How the last attempt to reach a fabric's repository ended."""

    UNKNOWN = 'unknown'
    OK = 'ok'
    LIMITED = 'limited'
    UNREACHABLE = 'unreachable'
    REFUSED = 'refused'
    MISSING = 'missing'

    CHOICES = [
        (UNKNOWN, _('Not checked yet'), 'gray'),
        (OK, _('OK'), 'green'),
        (LIMITED, _('Waiting for the rate limit'), 'orange'),
        (UNREACHABLE, _('Unreachable'), 'red'),
        (REFUSED, _('Refused'), 'red'),
        (MISSING, _('Repository or branch missing'), 'red'),
    ]


class SyncStatusChoices(ChoiceSet):
    """How a resource stands to its manifest. Only `synced` and `invalid` say that both sides were compared equal."""

    SYNCED = 'synced'
    PENDING = 'pending'
    PROPOSED = 'proposed'
    CONFLICT = 'conflict'
    HELD = 'held'
    QUARANTINED = 'quarantined'
    INVALID = 'invalid'
    UNKNOWN = 'unknown'

    CHOICES = [
        (SYNCED, _('In sync'), 'green'),
        (PENDING, _('Pending'), 'blue'),
        (PROPOSED, _('Proposed'), 'purple'),
        (CONFLICT, _('Conflict'), 'red'),
        (HELD, _('Held'), 'orange'),
        (QUARANTINED, _('Quarantined'), 'red'),
        (INVALID, _('In sync, invalid'), 'yellow'),
        (UNKNOWN, _('Unknown'), 'gray'),
    ]


class ChangeActionChoices(ChoiceSet):
    """What a person did to a resource."""

    CREATE = 'create'
    UPDATE = 'update'
    DELETE = 'delete'

    CHOICES = [
        (CREATE, _('Create'), 'green'),
        (UPDATE, _('Update'), 'blue'),
        (DELETE, _('Delete'), 'red'),
    ]


class RunTriggerChoices(ChoiceSet):
    """What started a pass."""

    SAVE = 'save'
    BUTTON = 'button'
    API = 'api'
    COMMAND = 'command'
    SCRIPT = 'script'
    SCHEDULE = 'schedule'
    WEBHOOK = 'webhook'
    APPROVAL = 'approval'

    CHOICES = [
        (SAVE, _('A change in NetBox'), 'blue'),
        (BUTTON, _('Sync now'), 'purple'),
        (API, _('REST API'), 'cyan'),
        (COMMAND, _('Command line'), 'gray'),
        (SCRIPT, _('Script'), 'gray'),
        (SCHEDULE, _('Schedule'), 'gray'),
        (WEBHOOK, _('Webhook'), 'teal'),
        (APPROVAL, _('Approval'), 'orange'),
    ]


class RunStatusChoices(ChoiceSet):
    """How a pass ended.

    `attention` means that it did its work and that something waits for a person, `observed` that it wrote nothing on
    either side, `postponed` that the server's rate limit has to pass first.
    """

    RUNNING = 'running'
    SUCCESS = 'success'
    ATTENTION = 'attention'
    OBSERVED = 'observed'
    POSTPONED = 'postponed'
    FAILED = 'failed'

    CHOICES = [
        (RUNNING, _('Running'), 'blue'),
        (SUCCESS, _('Success'), 'green'),
        (ATTENTION, _('Needs attention'), 'orange'),
        (OBSERVED, _('Observed only'), 'cyan'),
        (POSTPONED, _('Postponed'), 'orange'),
        (FAILED, _('Failed'), 'red'),
    ]


class SideChoices(ChoiceSet):
    """Whose value settles a conflict; the values are those of `reconcile.Side`."""

    NETBOX = 'netbox'
    GIT = 'git'

    CHOICES = [
        (NETBOX, _('NetBox'), 'blue'),
        (GIT, _('Git'), 'orange'),
    ]


class CredentialTypeChoices(ChoiceSet):
    """Where a credential's secret is, and what it is."""

    TOKEN = 'token'  # noqa: S105  a kind of secret, not one
    APP = 'app'
    ENVIRONMENT = 'environment'
    FILE = 'file'

    CHOICES = [
        (TOKEN, _('Token'), 'blue'),
        (APP, _('GitHub App'), 'purple'),
        (ENVIRONMENT, _('Environment variable'), 'gray'),
        (FILE, _('File'), 'gray'),
    ]


class ForgeChoices(ChoiceSet):
    """How a repository is spoken to."""

    GITHUB = 'github'
    GIT = 'git'

    CHOICES = [
        (GITHUB, _('GitHub API'), 'purple'),
        (GIT, _('Git'), 'gray'),
    ]


class WriteMethodChoices(ChoiceSet):
    """How the changes of a fabric get onto its branch."""

    PUSH = 'push'
    PULL_REQUEST = 'pull-request'

    CHOICES = [
        (PUSH, _('Push'), 'green'),
        (PULL_REQUEST, _('Pull request'), 'purple'),
    ]


class AuthorshipChoices(ChoiceSet):
    """Whom a commit names."""

    AUTHOR = 'author'
    VERIFIED = 'verified'

    CHOICES = [
        (AUTHOR, _('The NetBox user as author'), 'blue'),
        (VERIFIED, _('Verified by GitHub, the user as co-author'), 'green'),
    ]


class ProposalStatusChoices(ChoiceSet):
    """How a pull request stands. `closed` means that it was closed without being merged."""

    OPEN = 'open'
    MERGED = 'merged'
    CLOSED = 'closed'

    CHOICES = [
        (OPEN, _('Open'), 'green'),
        (MERGED, _('Merged'), 'purple'),
        (CLOSED, _('Closed'), 'red'),
    ]


class DeliveryStatusChoices(ChoiceSet):
    """How far a webhook's delivery got."""

    RECEIVED = 'received'
    PROCESSED = 'processed'
    FAILED = 'failed'

    CHOICES = [
        (RECEIVED, _('Received'), 'blue'),
        (PROCESSED, _('Processed'), 'green'),
        (FAILED, _('Failed'), 'red'),
    ]
