"""How the plugin proves itself to a Git server."""

import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from core.models import ObjectChange
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from jinja2.sandbox import unsafe
from netbox.constants import CENSOR_TOKEN, CENSOR_TOKEN_CHANGED
from netbox.models import PrimaryModel
from netbox.plugins import get_plugin_config

from ..repositories import CredentialUnusable
from ..repositories.github import AppKey, Token
from .choices import CredentialTypeChoices
from .secrets import SecretUnreadable, decrypt, encrypt

__all__ = ('GitCredential', 'variable_is_allowed')

_HOST = RegexValidator(
    re.compile(r'^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$'),
    _('Enter the name of a server in lower case, as in github.com, with its port if it has an unusual one.'),
)


class GitCredential(PrimaryModel):
    """A token, a GitHub App, or a reference to a token outside of NetBox; one serves any number of repositories.

    A secret is sent to `host` and nowhere else, so that whoever may edit a repository cannot send it to a server of
    their own. It is stored encrypted and can be replaced, but not read again.
    """

    name = models.CharField(verbose_name=_('name'), max_length=100, unique=True)
    type = models.CharField(
        verbose_name=_('type'),
        max_length=20,
        choices=CredentialTypeChoices,
        default=CredentialTypeChoices.TOKEN,
    )
    host = models.CharField(
        verbose_name=_('server'),
        max_length=253,
        default='github.com',
        validators=[_HOST],
        help_text=_('The only server that this credential is ever sent to.'),
    )
    # The underscore keeps it out of the reach of templates that users write.
    _secret = models.TextField(verbose_name=_('secret'), db_column='secret', blank=True, editable=False)
    username = models.CharField(
        verbose_name=_('user name'),
        max_length=100,
        blank=True,
        help_text=_('For Git servers other than GitHub that ask for one beside the token.'),
    )
    app_id = models.CharField(
        verbose_name=_('App ID'), max_length=50, blank=True, help_text=_('The App ID or the client ID of a GitHub App.')
    )
    installation_id = models.PositiveBigIntegerField(
        verbose_name=_('installation ID'),
        null=True,
        blank=True,
        help_text=_('Left blank: the installation is looked up by the repository.'),
    )
    reference = models.CharField(
        verbose_name=_('reference'),
        max_length=500,
        blank=True,
        help_text=_(
            'The name of an environment variable, or the path of a file below the directory that the administrator has '
            'set, that holds the token. It is read anew for every pass.'
        ),
    )

    clone_fields = ('type', 'host', 'username', 'app_id', 'installation_id', 'description')
    # NetBox's own documentation, to which the help button would lead, does not describe this model.
    docs_url = ''

    class Meta:
        ordering = ('name',)
        verbose_name = _('Git credential')
        verbose_name_plural = _('Git credentials')

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the detail page."""
        return reverse('plugins:netbox_hedgehog:gitcredential', args=[self.pk])

    def get_type_color(self) -> str:
        """Return the colour of the type's badge."""
        return CredentialTypeChoices.colors.get(self.type)

    def set_secret(self, secret: str) -> None:
        """Replace the secret; it is encrypted here, and stored with the next save."""
        self._secret = encrypt(secret)

    @property
    def has_secret(self) -> bool:
        """Whether a secret is stored."""
        return bool(self._secret)

    @unsafe
    def resolve(self) -> Token | AppKey:
        """Return the secret, ready to use; raises `CredentialUnusable`.

        It is `unsafe` for templates that users write, such as those for exports: they could show the secret with it.
        """
        if self.type == CredentialTypeChoices.APP:
            return AppKey(self.app_id, self._stored(), self.installation_id)
        if self.type == CredentialTypeChoices.ENVIRONMENT:
            return Token(_from_environment(self.reference))
        if self.type == CredentialTypeChoices.FILE:
            return Token(_from_file(self.reference))
        return Token(self._stored())

    def _stored(self) -> str:
        if not self._secret:
            raise CredentialUnusable(f'The credential {self.name} holds no secret.', 'Enter it again.')
        try:
            return decrypt(self._secret)
        except SecretUnreadable as error:
            message = f'The secret of the credential {self.name} was encrypted with a key that is not configured.'
            raise CredentialUnusable(message, error.remedy) from error

    def clean(self) -> None:
        """Require what the type needs, refuse what it does not, and keep to what the administrator allows."""
        super().clean()
        if self.type in (CredentialTypeChoices.ENVIRONMENT, CredentialTypeChoices.FILE):
            self._secret = ''
        by_type = {
            CredentialTypeChoices.APP: ('app_id',),
            CredentialTypeChoices.ENVIRONMENT: ('reference',),
            CredentialTypeChoices.FILE: ('reference',),
        }
        needed = by_type.get(self.type, ())
        errors = {name: _('A credential of this type needs it.') for name in needed if not getattr(self, name)}
        allowed = (*needed, *(('installation_id',) if self.type == CredentialTypeChoices.APP else ()))
        for name in ('app_id', 'installation_id', 'reference'):
            if name not in allowed and getattr(self, name):
                errors[name] = _('A credential of this type does not use it.')
        if self.reference and 'reference' not in errors:
            errors.update(_reference_errors(self.type, self.reference))
        before = GitCredential.objects.filter(pk=self.pk).first() if self.pk else None
        if before and before._secret == self._secret and self._secret:
            if before.host != self.host:
                # Otherwise whoever may edit a credential could have its secret sent to a server of their own.
                errors['host'] = _('Enter the secret again to use it for another server.')
            if before.type != self.type:
                # A private key is never sent; as a token it would be.
                errors['type'] = _('Enter the secret of the new type.')
        if before and before.host != self.host and self.repositories.exists():
            # A new secret for the new server would be sent to the former one, where the repositories are.
            errors['host'] = _(
                'Repositories on {host} use this credential; add another one for another server.'
            ).format(host=before.host)
        if errors:
            raise ValidationError(errors)

    def serialize_object(self, exclude: Collection[str] | None = None) -> dict[str, Any]:
        """Show that there is a secret, and nothing of it."""
        shown = super().serialize_object(exclude=[*(exclude or []), '_secret'])
        return {**shown, 'secret': CENSOR_TOKEN if self._secret else ''}

    def snapshot(self) -> None:
        """Keep the state before a change, and which secret it was, for the change log."""
        super().snapshot()
        self._secret_before = self._secret

    def to_objectchange(self, action: str) -> ObjectChange:
        """Say in the change log that the secret was replaced, without showing either."""
        change = super().to_objectchange(action)
        before = getattr(self, '_secret_before', '')
        if change.postchange_data and self._secret and self._secret != before:
            change.postchange_data['secret'] = CENSOR_TOKEN_CHANGED
        return change


def variable_is_allowed(name: str) -> bool:
    """Tell whether the administrator lets a token be read from an environment variable; `*` stands for any ending."""
    patterns = get_plugin_config('netbox_hedgehog', 'credential_variables')
    return any(name == pattern or (pattern.endswith('*') and name.startswith(pattern[:-1])) for pattern in patterns)


def _credential_directory() -> Path | None:
    directory = get_plugin_config('netbox_hedgehog', 'credential_directory')
    return Path(os.path.realpath(directory)) if directory else None


def _reference_errors(credential_type: str, reference: str) -> dict[str, Any]:
    """Refuse what could read any variable or file of the server: its content is sent to the host as a token."""
    if credential_type == CredentialTypeChoices.ENVIRONMENT and not variable_is_allowed(reference):
        names = ', '.join(get_plugin_config('netbox_hedgehog', 'credential_variables'))
        return {'reference': _('The administrator allows these variables: {names}.').format(names=names)}
    if credential_type == CredentialTypeChoices.FILE:
        try:
            _path_of(reference)
        except CredentialUnusable as refused:
            return {'reference': refused.message}
    return {}


def _path_of(reference: str) -> Path:
    directory = _credential_directory()
    if directory is None:
        raise CredentialUnusable(
            'No file is read: no directory is set for them.', 'Have an administrator set credential_directory.'
        )
    path = Path(os.path.realpath(directory / reference))
    if directory not in path.parents:
        raise CredentialUnusable(
            f'The file {reference} does not lie below the directory for them.', f'Move it below {directory}.'
        )
    return path


def _from_environment(name: str) -> str:
    value = os.environ.get(name, '').strip() if variable_is_allowed(name) else ''
    if not value:
        raise CredentialUnusable(
            f'The environment variable {name} is not set for this process, or not allowed.',
            'Set it for the web and the worker processes of NetBox.',
        )
    return value


def _from_file(reference: str) -> str:
    path = _path_of(reference)
    try:
        value = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f'The file {reference} cannot be read: {type(error).__name__}.'
        raise CredentialUnusable(message, 'Let the web and the worker processes of NetBox read it.') from error
    if not value:
        raise CredentialUnusable(f'The file {reference} is empty.', 'Write the token into it.')
    return value
