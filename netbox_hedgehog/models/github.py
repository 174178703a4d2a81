"""What the synchroniser remembers about a Git server: budgets, branches, webhooks. Nothing here is change-logged."""

from django.db import models
from django.utils import timezone

from .choices import DeliveryStatusChoices
from .repository import GitRepository

__all__ = ('BranchState', 'CredentialState', 'InstallationToken', 'WebhookDelivery', 'WebhookState')


class CredentialState(models.Model):
    """The budget of one credential, shared by all workers and kept across restarts.

    `key` names the credential (`credential:<id>`, or where the token comes from); `budget` holds counters and times.
    """

    key = models.CharField(max_length=200, unique=True)
    budget = models.JSONField(default=dict)

    _netbox_private = True

    def __str__(self) -> str:
        return self.key


class InstallationToken(models.Model):
    """A short-lived token of a GitHub App, encrypted. One App has a token of its own for each repository.

    `key` is a digest of the App, its private key and the repository.
    """

    key = models.CharField(max_length=200, unique=True)
    token = models.TextField()
    expires = models.DateTimeField(db_index=True)

    _netbox_private = True

    def __str__(self) -> str:
        return self.key


class BranchState(models.Model):
    """What was last seen of one branch: entity tag, head and root tree, so that an unchanged branch costs nothing."""

    repository = models.ForeignKey(GitRepository, on_delete=models.CASCADE, related_name='branch_states')
    branch = models.CharField(max_length=200)
    memory = models.JSONField(default=dict)

    _netbox_private = True

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=('repository', 'branch'), name='%(app_label)s_%(class)s_unique_branch'),
        )

    def __str__(self) -> str:
        return f'{self.repository} {self.branch}'


class WebhookState(models.Model):
    """The webhook of one repository: its secrets, encrypted, and what was last heard of it.

    Two secrets are valid while one replaces the other; `is_told` tells that GitHub has confirmed the newest. `hook_id`
    is GitHub's number of the webhook, if we made it. No attribute of the repository leads here: templates that users
    write must not find the secrets.
    """

    repository = models.OneToOneField(GitRepository, on_delete=models.CASCADE, primary_key=True, related_name='+')
    secret = models.TextField(blank=True)
    previous_secret = models.TextField(blank=True)
    is_told = models.BooleanField(default=False)
    hook_id = models.PositiveBigIntegerField(null=True)
    last_delivery = models.DateTimeField(null=True)
    last_rejection = models.DateTimeField(null=True)
    rejections = models.PositiveIntegerField(default=0)

    _netbox_private = True

    def __str__(self) -> str:
        return f'Webhook of {self.repository}'


class WebhookDelivery(models.Model):
    """One delivery of a webhook: kept so that a processed one is not processed again, and a failed one is.

    `guid` names the event, not the delivery (two hooks of one repository send the same): it is unique per repository.
    `fabrics` holds the keys of the fabrics that have still to look at the branch for it. `completed` is when it last
    came to an end: one that is received, and has it, failed before and was delivered again.
    """

    repository = models.ForeignKey(GitRepository, on_delete=models.CASCADE, related_name='deliveries')
    guid = models.CharField(max_length=100)
    event = models.CharField(max_length=50)
    branch = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=20, choices=DeliveryStatusChoices, default=DeliveryStatusChoices.RECEIVED)
    received = models.DateTimeField(default=timezone.now)
    completed = models.DateTimeField(null=True)
    fabrics = models.JSONField(default=list)

    _netbox_private = True

    class Meta:
        ordering = ('-received', '-pk')
        constraints = (
            models.UniqueConstraint(fields=('repository', 'guid'), name='%(app_label)s_%(class)s_unique_guid'),
        )
        indexes = (models.Index(fields=('received',)), models.Index(fields=('repository', 'status')))

    def __str__(self) -> str:
        return f'{self.event} {self.guid}'

    def get_status_color(self) -> str:
        """Return the colour of the status badge."""
        return DeliveryStatusChoices.colors.get(self.status)
