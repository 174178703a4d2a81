"""A fabric: one directory of one branch, and the policies of its synchronisation."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from netbox.models import PrimaryModel
from netbox.models.features import JobsMixin

from ..reconcile import DirectoryRefused, normalise_directory, overlap
from ..repositories import AddressRefused
from .choices import AuthorshipChoices, ConnectionStatusChoices, FabricModeChoices, WriteMethodChoices
from .fabric_settings import SETTINGS, FabricSettingsMixin
from .repository import GitRepository
from .validators import validate_branch

__all__ = ('FabricState', 'HedgehogFabric')


class HedgehogFabric(FabricSettingsMixin, JobsMixin, PrimaryModel):
    """A Hedgehog fabric, bound to (repository, branch, directory).

    The directories of two fabrics on one branch are neither equal nor nested. The name carries the product's prefix
    because the Hedgehog API is about to have a kind called `Fabric` of its own.
    """

    name = models.CharField(verbose_name=_('name'), max_length=100, unique=True)
    slug = models.SlugField(verbose_name=_('slug'), max_length=100, unique=True)
    repository = models.ForeignKey(
        to=GitRepository, on_delete=models.PROTECT, related_name='fabrics', verbose_name=_('repository')
    )
    branch = models.CharField(
        verbose_name=_('branch'),
        max_length=200,
        blank=True,
        validators=[validate_branch],
        help_text=_("Left blank: the repository's default branch."),
    )
    directory = models.CharField(
        verbose_name=_('directory'),
        max_length=255,
        blank=True,
        help_text=_('Left blank: fabrics/(slug)/gitops. Enter . to use the whole repository for this fabric.'),
    )
    mode = models.CharField(
        verbose_name=_('mode'),
        max_length=20,
        choices=FabricModeChoices,
        default=FabricModeChoices.ACTIVE,
        help_text=_('Observe only: changes are compared and shown, nothing is written on either side.'),
    )
    commit_window_seconds = models.PositiveSmallIntegerField(
        verbose_name=_('commit window'),
        default=2,
        validators=[MaxValueValidator(300)],
        help_text=_('Seconds during which neighbouring changes are collected into one commit.'),
    )
    write_method = models.CharField(
        verbose_name=_('way of writing'),
        max_length=20,
        choices=WriteMethodChoices,
        default=WriteMethodChoices.PUSH,
        help_text=_(
            'Push: each batch is a commit on the branch. Pull request: batches are collected in one open request until '
            'somebody merges it. A protected branch leads to a pull request by itself.'
        ),
    )
    authorship = models.CharField(
        verbose_name=_('authorship'),
        max_length=20,
        choices=AuthorshipChoices,
        default=AuthorshipChoices.AUTHOR,
        help_text=_('GitHub signs only commits that it makes itself; it then names the credential as their author.'),
    )
    reviewers = models.CharField(
        verbose_name=_('reviewers'),
        max_length=500,
        blank=True,
        help_text=_('GitHub user names, separated by commas, that are asked to review a pull request.'),
    )
    deletion_limit = models.PositiveIntegerField(
        verbose_name=_('deletion limit'),
        default=10,
        help_text=_('More deletions than this, found in Git at once, are held until a person approves them.'),
    )
    deletion_percent = models.PositiveSmallIntegerField(
        verbose_name=_('deletion limit in percent'),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_(
            'A larger share of the resources than this, gone from Git at once, is held too. '
            'A single deletion is never held for its share.'
        ),
    )

    clone_fields = (
        'repository',
        'branch',
        'mode',
        'commit_window_seconds',
        'write_method',
        'authorship',
        'reviewers',
        'deletion_limit',
        'deletion_percent',
        *SETTINGS,
    )
    # NetBox's own documentation, to which the help button would lead, does not describe this model.
    docs_url = ''

    class Meta:
        ordering = ('name',)
        verbose_name = _('fabric')
        verbose_name_plural = _('fabrics')
        constraints = (
            models.UniqueConstraint(
                'repository',
                'branch',
                Lower('directory'),
                name='%(app_label)s_%(class)s_unique_directory',
                violation_error_message=_('Another fabric already uses this directory of this branch.'),
            ),
        )
        permissions = [('sync', 'Synchronise with Git'), ('approve', 'Decide what is held')]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the detail page."""
        return reverse('plugins:netbox_hedgehog:hedgehogfabric', args=[self.pk])

    def get_mode_color(self) -> str:
        """Return the colour of the mode's badge."""
        return FabricModeChoices.colors.get(self.mode)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Fill the defaults before the fields are checked: they are stored, and a later rename moves nothing."""
        self._fill_defaults()
        if self._has_new_repository:
            exclude = {*(exclude or ()), 'repository'}
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Refuse a directory that is unsafe, or that overlaps with another fabric's."""
        super().clean()
        try:
            self.directory = normalise_directory(self.directory)
        except DirectoryRefused as refused:
            raise ValidationError({'directory': str(refused)}) from refused
        if not (self.repository_id or self._has_new_repository):
            return
        self._check_abilities()
        neighbours = HedgehogFabric.objects.filter(repository=self.repository_id, branch=self.branch)
        for neighbour in neighbours.exclude(pk=self.pk):
            if overlap(self.directory, neighbour.directory):
                message = _('Fabric {name} uses {directory} on this branch; the two must be neither equal nor nested.')
                raise ValidationError({'directory': message.format(name=neighbour.name, directory=neighbour.directory)})
        self._check_binding()

    def _check_abilities(self) -> None:
        """Refuse what only GitHub can do for a repository that is elsewhere."""
        if self.write_method == WriteMethodChoices.PULL_REQUEST:
            field = 'write_method'
        elif self.authorship == AuthorshipChoices.VERIFIED:
            field = 'authorship'
        else:
            return
        try:
            is_on_github = self.repository.is_on_github
        except AddressRefused as refused:
            raise ValidationError({field: str(refused)}) from refused
        if not is_on_github:
            message = _('Only a repository that is reached through the GitHub API can do this.')
            raise ValidationError({field: message})

    def _check_binding(self) -> None:
        """Keep the binding while there are resources: pointing them at other files is not an edit of this record."""
        if not self.pk:
            return
        before = HedgehogFabric.objects.filter(pk=self.pk).values('repository', 'branch', 'directory').first()
        now = {'repository': self.repository_id, 'branch': self.branch, 'directory': self.directory}
        if not before or before == now or not (self.is_connected or self.sync_states.exists()):
            return
        message = _('The resources of this fabric are bound to {directory} on {branch}; this cannot change any more.')
        changed = next(name for name in now if now[name] != before[name])
        raise ValidationError({changed: message.format(directory=before['directory'], branch=before['branch'])})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store branch, directory and settings, given or not."""
        self._fill_defaults()
        super().save(*args, **kwargs)

    def _fill_defaults(self) -> None:
        self.fill_settings()
        if not self.branch and (self.repository_id or self._has_new_repository):
            self.branch = self.repository.default_branch
        if not self.directory and self.slug:
            self.directory = f'fabrics/{self.slug}/gitops'

    @property
    def _has_new_repository(self) -> bool:
        """Whether the repository is saved together with the fabric, by whoever has set it, and has no number yet."""
        return self.repository_id is None and hasattr(self, 'repository')

    @property
    def is_connected(self) -> bool:
        """Whether a pass has ever ended well, so that the two sides have agreed at some commit."""
        return FabricState.objects.filter(fabric=self.pk).exclude(commit='').exists()

    @property
    def prefix(self) -> str:
        """The directory as a repository names it: empty for the whole repository."""
        return '' if self.directory == '.' else self.directory


class FabricState(models.Model):
    """What the synchroniser knows about a fabric: written by passes alone, never by people, never change-logged.

    `commit` is the commit at which both sides were last compared; `verified_at` says when they last were completely.
    `proposal` is the pull request that holds what is not on the branch yet: `reconcile`'s sibling in `sync.proposal`
    reads and writes it. `judged_under` is a digest of the settings under which the resources were judged last.
    """

    fabric = models.OneToOneField(HedgehogFabric, on_delete=models.CASCADE, primary_key=True, related_name='state')
    commit = models.CharField(max_length=64, blank=True)
    compared_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    connection = models.CharField(
        max_length=20, choices=ConnectionStatusChoices, default=ConnectionStatusChoices.UNKNOWN
    )
    error = models.TextField(blank=True)
    error_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    journal = models.JSONField(default=dict)
    proposal = models.JSONField(default=dict)
    judged_under = models.CharField(max_length=64, blank=True)

    _netbox_private = True

    def __str__(self) -> str:
        return f'{self.fabric} at {self.commit[:12] or "-"}'

    def get_connection_color(self) -> str:
        """Return the colour of the connection's badge."""
        return ConnectionStatusChoices.colors.get(self.connection)
