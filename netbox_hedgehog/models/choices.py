"""The closed sets of values that our models use; every status is spelled here and nowhere else."""

from django.utils.translation import gettext_lazy as _
from utilities.choices import ChoiceSet

__all__ = (
    'ChangeActionChoices',
    'ConnectionStatusChoices',
    'FabricModeChoices',
    'RunStatusChoices',
    'RunTriggerChoices',
    'SideChoices',
    'SyncStatusChoices',
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


class ConnectionStatusChoices(ChoiceSet):
    """How the last attempt to reach a fabric's repository ended."""

    UNKNOWN = 'unknown'
    OK = 'ok'
    UNREACHABLE = 'unreachable'
    REFUSED = 'refused'
    MISSING = 'missing'

    CHOICES = [
        (UNKNOWN, _('Not checked yet'), 'gray'),
        (OK, _('OK'), 'green'),
        (UNREACHABLE, _('Unreachable'), 'red'),
        (REFUSED, _('Refused'), 'red'),
        (MISSING, _('Repository or branch missing'), 'red'),
    ]


class SyncStatusChoices(ChoiceSet):
    """How a resource stands to its manifest. Only `synced` and `invalid` say that both sides were compared equal."""

    SYNCED = 'synced'
    PENDING = 'pending'
    CONFLICT = 'conflict'
    HELD = 'held'
    QUARANTINED = 'quarantined'
    INVALID = 'invalid'
    UNKNOWN = 'unknown'

    CHOICES = [
        (SYNCED, _('In sync'), 'green'),
        (PENDING, _('Pending'), 'blue'),
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
    APPROVAL = 'approval'

    CHOICES = [
        (SAVE, _('A change in NetBox'), 'blue'),
        (BUTTON, _('Sync now'), 'purple'),
        (API, _('REST API'), 'cyan'),
        (COMMAND, _('Command line'), 'gray'),
        (SCRIPT, _('Script'), 'gray'),
        (SCHEDULE, _('Schedule'), 'gray'),
        (APPROVAL, _('Approval'), 'orange'),
    ]


class RunStatusChoices(ChoiceSet):
    """How a pass ended.

    `attention` means that it did its work and that something waits for a person, `observed` that it wrote nothing on
    either side.
    """

    RUNNING = 'running'
    SUCCESS = 'success'
    ATTENTION = 'attention'
    OBSERVED = 'observed'
    FAILED = 'failed'

    CHOICES = [
        (RUNNING, _('Running'), 'blue'),
        (SUCCESS, _('Success'), 'green'),
        (ATTENTION, _('Needs attention'), 'orange'),
        (OBSERVED, _('Observed only'), 'cyan'),
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
