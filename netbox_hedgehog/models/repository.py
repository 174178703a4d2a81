"""Where a fabric's manifests live."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from netbox.models import PrimaryModel
from netbox.plugins import get_plugin_config

from ..repositories import Address, AddressRefused, parse_address
from .validators import validate_branch

__all__ = ('GitRepository',)


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
    address_key = models.CharField(max_length=500, unique=True, editable=False)

    clone_fields = ('default_branch', 'description')

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

    def clean(self) -> None:
        """Refuse an address that is not allowed here, or that another record already names."""
        super().clean()
        try:
            self.address_key = self.address.key
        except AddressRefused as refused:
            raise ValidationError({'url': str(refused)}) from refused
        before = GitRepository.objects.filter(pk=self.pk).values_list('address_key', flat=True).first()
        if (
            before not in (None, self.address_key)
            and self.fabrics.exclude(state=None).exclude(state__commit='').exists()
        ):
            message = _('Fabrics are bound to this repository; add another one for another address.')
            raise ValidationError({'url': message})
        other = GitRepository.objects.filter(address_key=self.address_key).exclude(pk=self.pk).first()
        if other:
            raise ValidationError({'url': _('{name} is the same repository.').format(name=other.name)})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the normalised address beside the written one."""
        self.address_key = self.address.key
        super().save(*args, **kwargs)

    def serialize_object(self, exclude: Collection[str] | None = None) -> dict[str, Any]:
        """Leave out what is derived from the address."""
        return super().serialize_object(exclude=[*(exclude or []), 'address_key'])
