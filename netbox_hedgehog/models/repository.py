"""Where a fabric's manifests live."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from netbox.models import PrimaryModel
from netbox.plugins import get_plugin_config

from ..repositories import Address, AddressRefused, RemoteAddress, parse_address
from ..repositories.github import is_github_host
from .choices import AuthorshipChoices, ForgeChoices, WriteMethodChoices
from .credential import GitCredential
from .validators import validate_branch

__all__ = ('GitRepository',)

OWNER_AND_NAME = 2


def local_repository_root() -> Path | None:
    """Return the directory below which the administrator allows repositories on this machine."""
    root = get_plugin_config('netbox_hedgehog', 'local_repository_root')
    return Path(root) if root else None


class GitRepository(PrimaryModel):
    """A Git repository: a server's address, or a bare repository below the administrator's local root.

    Two records never name the same repository: `address_key` is the normalised address.
    """

    name = models.CharField(verbose_name=_('name'), max_length=100, unique=True)
    url = models.CharField(
        verbose_name=_('URL'),
        max_length=500,
        help_text=_(
            'https://server/owner/repository, or the path of a bare repository below the directory that the '
            'administrator has set for local ones. A local one that does not exist yet is created at the first sync.'
        ),
    )
    default_branch = models.CharField(
        verbose_name=_('default branch'),
        max_length=200,
        default='main',
        validators=[validate_branch],
        help_text=_('The branch that a new fabric uses unless it names another.'),
    )
    forge = models.CharField(
        verbose_name=_('kind of server'),
        max_length=20,
        choices=ForgeChoices,
        blank=True,
        help_text=_(
            'Left blank: the GitHub API for github.com and ghe.com, Git for every other server. '
            'Choose GitHub API for a GitHub Enterprise Server.'
        ),
    )
    credential = models.ForeignKey(
        to=GitCredential,
        on_delete=models.PROTECT,
        related_name='repositories',
        verbose_name=_('credential'),
        null=True,
        blank=True,
        help_text=_('Left blank: the environment variable GITHUB_TOKEN for repositories on github.com, else none.'),
    )
    address_key = models.CharField(max_length=500, unique=True, editable=False)

    clone_fields = ('default_branch', 'forge', 'credential', 'description')

    # NetBox's own documentation, to which the help button would lead, does not describe this model.
    docs_url = ''

    class Meta:
        ordering = ('name',)
        verbose_name = _('Git repository')
        verbose_name_plural = _('Git repositories')

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the detail page."""
        return reverse('plugins:netbox_hedgehog:gitrepository', args=[self.pk])

    @property
    def address(self) -> Address:
        """The parsed address; raises `AddressRefused` when the settings no longer allow it."""
        return parse_address(self.url, local_repository_root())

    @property
    def is_on_github(self) -> bool:
        """Whether the repository is spoken to through the GitHub API."""
        if self.forge:
            return self.forge == ForgeChoices.GITHUB
        address = self.address
        return isinstance(address, RemoteAddress) and is_github_host(address.host)

    def clean(self) -> None:
        """Refuse an address that is not allowed here, or that another record already names."""
        super().clean()
        try:
            self.address_key = self.address.key
        except AddressRefused as refused:
            raise ValidationError({'url': str(refused)}) from refused
        self._check_server(self.address)
        before = GitRepository.objects.filter(pk=self.pk).first()
        if before:
            self._check_abilities(before)
        if (
            before
            and before.address_key != self.address_key
            and self.fabrics.exclude(state=None).exclude(state__commit='').exists()
        ):
            message = _('Fabrics are bound to this repository; add another one for another address.')
            raise ValidationError({'url': message})
        other = GitRepository.objects.filter(address_key=self.address_key).exclude(pk=self.pk).first()
        if other:
            raise ValidationError({'url': _('{name} is the same repository.').format(name=other.name)})

    def _check_server(self, address: Address) -> None:
        """Refuse to speak to a directory as to a server, and to send a secret elsewhere or in the clear."""
        if not isinstance(address, RemoteAddress):
            if self.forge == ForgeChoices.GITHUB or self.credential:
                field = 'forge' if self.forge == ForgeChoices.GITHUB else 'credential'
                raise ValidationError({field: _('A repository on this machine is not behind a server.')})
            return
        if self.is_on_github and len(address.path.split('/')) != OWNER_AND_NAME:
            raise ValidationError({'url': _('A repository on GitHub is named as in https://github.com/owner/name.')})
        if (self.is_on_github or is_github_host(address.host)) and not address.is_private_way:
            # GitHub takes changes from nobody without a token, which this way everybody could read.
            raise ValidationError({'url': _('The address of a repository on GitHub has to begin with https://.')})
        if not self.credential:
            return
        if self.credential.host != address.host:
            message = _('The credential {name} is for {host} and is not sent to another server.')
            text = message.format(name=self.credential, host=self.credential.host)
            raise ValidationError({'credential': text})
        if not address.is_private_way:
            raise ValidationError({'url': _('With a credential the address has to begin with https://.')})

    def _check_abilities(self, before: 'GitRepository') -> None:
        """Stay on GitHub while a fabric needs what only GitHub can do."""
        if self.is_on_github:
            return
        needs_github = (
            Q(write_method=WriteMethodChoices.PULL_REQUEST)
            | Q(authorship=AuthorshipChoices.VERIFIED)
            | Q(state__proposal__number__gt=0)
        )
        fabric = self.fabrics.filter(needs_github).first()
        if fabric is None:
            return
        message = _(
            'Fabric {name} has an open pull request, or is set to use pull requests or verified commits, which only a '
            'repository on GitHub can do.'
        )
        field = 'forge' if self.forge != before.forge else 'url'
        raise ValidationError({field: message.format(name=fabric.name)})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the normalised address beside the written one."""
        self.address_key = self.address.key
        super().save(*args, **kwargs)

    def serialize_object(self, exclude: Collection[str] | None = None) -> dict[str, Any]:
        """Leave out what is derived from the address."""
        return super().serialize_object(exclude=[*(exclude or []), 'address_key'])
