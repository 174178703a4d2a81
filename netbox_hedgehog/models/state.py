"""The synchroniser's own records.

They are keyed by identity, not by the resource's primary key, so that they survive the deletion of the row; they are
not change-logged, and nothing here is written through a resource's `save()`.
"""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from utilities.querysets import RestrictedQuerySet

from ..catalog import Identity
from .choices import ChangeActionChoices, RunStatusChoices, RunTriggerChoices, SideChoices, SyncStatusChoices
from .fabric import HedgehogFabric

__all__ = ('Conflict', 'GitFile', 'PendingChange', 'SyncRun', 'SyncState')


class IdentityModel(models.Model):
    """A record about one identity of one fabric."""

    fabric = models.ForeignKey(to=HedgehogFabric, on_delete=models.CASCADE, verbose_name=_('fabric'))
    group = models.CharField(verbose_name=_('API group'), max_length=63)
    kind = models.CharField(verbose_name=_('kind'), max_length=63)
    namespace = models.CharField(verbose_name=_('namespace'), max_length=63)
    name = models.CharField(verbose_name=_('name'), max_length=253)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.identity)

    @property
    def identity(self) -> Identity:
        """What this record is about."""
        return Identity(self.group, self.kind, self.namespace, self.name)


class SyncState(IdentityModel):
    """What both sides last agreed on for one identity, and how they stand now.

    `base` is null until they have agreed once: without it nothing is ever deleted. `path` and `position` say where the
    document stood at `commit`, `manifest` is its text there; `problems` are those of the document,
    `verdict` are those of the resource among the others of the fabric, as they were found last.
    `is_deletion_held` stays until somebody approves the deletion or the manifest is back.
    """

    fabric = models.ForeignKey(to=HedgehogFabric, on_delete=models.CASCADE, related_name='sync_states')
    status = models.CharField(max_length=20, choices=SyncStatusChoices, default=SyncStatusChoices.UNKNOWN)
    reason = models.TextField(blank=True)
    since = models.DateTimeField(default=timezone.now)
    base = models.JSONField(null=True)
    api_version = models.CharField(max_length=100, blank=True)
    path = models.CharField(max_length=1000, blank=True)
    position = models.PositiveIntegerField(default=0)
    commit = models.CharField(max_length=64, blank=True)
    is_deletion_held = models.BooleanField(default=False)
    problems = models.JSONField(default=list, blank=True)
    verdict = models.JSONField(default=list, blank=True)
    manifest = models.TextField(blank=True)

    _netbox_private = True

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=('fabric', 'kind', 'namespace', 'name'), name='%(app_label)s_%(class)s_unique_identity'
            ),
        )
        indexes = (
            models.Index(fields=('fabric', 'status')),
            models.Index(fields=('fabric', 'path')),
        )

    def get_status_color(self) -> str:
        """Return the colour of the status badge."""
        return SyncStatusChoices.colors.get(self.status)


class PendingChange(IdentityModel):
    """One accepted change that is not yet in a confirmed commit: the outbox.

    It says that the identity is dirty, who made it so and why; the content is read when the plan is made. The row goes
    in the transaction that records the commit (or that finds both sides equal).
    """

    action = models.CharField(verbose_name=_('action'), max_length=10, choices=ChangeActionChoices)
    user = models.ForeignKey(
        to=settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name='+',
        verbose_name=_('user'),
    )
    user_name = models.CharField(verbose_name=_('user name'), max_length=150, blank=True)
    request_id = models.UUIDField(verbose_name=_('request ID'), null=True)
    message = models.CharField(verbose_name=_('message'), max_length=200, blank=True)
    created = models.DateTimeField(verbose_name=_('created'), auto_now_add=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ('pk',)
        verbose_name = _('pending change')
        verbose_name_plural = _('pending changes')
        indexes = (models.Index(fields=('fabric', 'kind', 'namespace', 'name')),)

    def get_absolute_url(self) -> str:
        """Return the address of the detail page."""
        return reverse('plugins:netbox_hedgehog:pendingchange', args=[self.pk])

    def get_action_color(self) -> str:
        """Return the colour of the action's badge."""
        return ChangeActionChoices.colors.get(self.action)


class Conflict(IdentityModel):
    """One field that was changed to different values on both sides; neither is overwritten until it is settled.

    `path` is empty when the whole resource is in conflict (edited on one side, deleted on the other). A value is
    wrapped as `{'value': …}`; an empty map means that the side does not have the field.
    """

    path = models.CharField(verbose_name=_('field'), max_length=1000, blank=True)
    base = models.JSONField(verbose_name=_('last agreed'), default=dict)
    ours = models.JSONField(verbose_name=_('NetBox'), default=dict)
    theirs = models.JSONField(verbose_name=_('Git'), default=dict)
    commit = models.CharField(verbose_name=_('commit'), max_length=64)
    since = models.DateTimeField(verbose_name=_('since'), default=timezone.now)
    decision = models.CharField(verbose_name=_('decision'), max_length=10, choices=SideChoices, blank=True)

    _netbox_private = True

    class Meta:
        ordering = ('kind', 'namespace', 'name', 'path')
        constraints = (
            models.UniqueConstraint(
                fields=('fabric', 'kind', 'namespace', 'name', 'path'),
                name='%(app_label)s_%(class)s_unique_path',
            ),
        )


class GitFile(models.Model):
    """One file of a fabric's directory as it was last read: an unchanged blob is not read again.

    `documents` lists the identities that the file holds, in order; `problems` what could not be taken over, with line
    and reason. `content` are its bytes where they were read: a blob never changes, so they are not fetched again.
    """

    fabric = models.ForeignKey(to=HedgehogFabric, on_delete=models.CASCADE, related_name='git_files')
    path = models.CharField(max_length=1000)
    blob = models.CharField(max_length=64)
    mode = models.PositiveIntegerField()
    documents = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    content = models.BinaryField(null=True)

    _netbox_private = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=('fabric', 'path'), name='%(app_label)s_%(class)s_unique_path'),)

    def __str__(self) -> str:
        return self.path


class SyncRun(models.Model):
    """One pass over one fabric: what started it, what it did on either side, and what it found.

    `changes` lists what was done, one entry per resource; `problems` what needs a person, with file and line.
    """

    fabric = models.ForeignKey(
        to=HedgehogFabric, on_delete=models.CASCADE, related_name='runs', verbose_name=_('fabric')
    )
    trigger = models.CharField(verbose_name=_('trigger'), max_length=20, choices=RunTriggerChoices)
    user = models.ForeignKey(
        to=settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name='+',
        verbose_name=_('user'),
    )
    batch = models.UUIDField(verbose_name=_('batch'), unique=True)
    status = models.CharField(
        verbose_name=_('status'), max_length=20, choices=RunStatusChoices, default=RunStatusChoices.RUNNING
    )
    started = models.DateTimeField(verbose_name=_('started'), default=timezone.now)
    completed = models.DateTimeField(verbose_name=_('completed'), null=True)
    commit_before = models.CharField(verbose_name=_('commit before'), max_length=64, blank=True)
    commit_after = models.CharField(verbose_name=_('commit after'), max_length=64, blank=True)
    counts = models.JSONField(verbose_name=_('counts'), default=dict)
    changes = models.JSONField(verbose_name=_('changes'), default=list, encoder=DjangoJSONEncoder)
    problems = models.JSONField(verbose_name=_('problems'), default=list)
    error = models.TextField(verbose_name=_('error'), blank=True)
    requests = models.PositiveIntegerField(verbose_name=_('API requests'), default=0)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ('-started', '-pk')
        verbose_name = _('sync run')
        verbose_name_plural = _('sync runs')

    def __str__(self) -> str:
        return f'{self.fabric} {self.started:%Y-%m-%d %H:%M:%S}'

    def get_absolute_url(self) -> str:
        """Return the address of the detail page."""
        return reverse('plugins:netbox_hedgehog:syncrun', args=[self.pk])

    def get_status_color(self) -> str:
        """Return the colour of the status badge."""
        return RunStatusChoices.colors.get(self.status)

    def get_trigger_color(self) -> str:
        """Return the colour of the trigger's badge."""
        return RunTriggerChoices.colors.get(self.trigger)

    @property
    def duration_seconds(self) -> float | None:
        """How long the pass took; nothing while it runs."""
        return (self.completed - self.started).total_seconds() if self.completed else None
