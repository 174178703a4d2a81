"""The form of a Git credential. Its secret goes in, and never comes out."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from netbox.forms import PrimaryModelForm
from utilities.forms import get_field_value
from utilities.forms.fields import ChoiceField
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import HTMXSelect

from ..models import STORED_TYPES, CredentialTypeChoices, GitCredential, read_secret
from .fields import PrivateKeyField, TokenField

__all__ = ('TOKEN_RIGHTS', 'GitCredentialForm')

TOKEN_RIGHTS = _(
    'The smallest rights at GitHub, for the one repository: Metadata read, Contents read and write; Pull requests '
    'read and write for fabrics that write by pull request; Webhooks read and write if NetBox is to install its '
    'webhook (optional).'
)

APP_RIGHTS = _(
    'The whole file (.pem) that GitHub gave you under "Private keys" of the App. The smallest permissions of the App: '
    'Metadata read, Contents read and write; Pull requests read and write for fabrics that write by pull request; '
    'Webhooks read and write if NetBox is to install its webhook (optional).'
)

_KEEP = _('Left blank: the stored one is kept.')

# The fields that only some types have.
_BY_TYPE: dict[str, tuple[str, ...]] = {
    CredentialTypeChoices.TOKEN: ('secret', 'username'),
    CredentialTypeChoices.APP: ('app_id', 'installation_id', 'secret'),
    CredentialTypeChoices.ENVIRONMENT: ('reference', 'username'),
    CredentialTypeChoices.FILE: ('reference', 'username'),
}


class GitCredentialForm(PrimaryModelForm):
    """Add or edit a Git credential; the fields are those of the chosen type."""

    # Choosing a type fetches the form anew, with what was filled in as part of the address. A secret has no place in
    # an address, which servers write into their logs.
    type = ChoiceField(
        label=_('Type'), choices=CredentialTypeChoices, widget=HTMXSelect(attrs={'hx-params': 'not secret'})
    )
    secret = TokenField(label=_('Token'), help_text=TOKEN_RIGHTS)

    class Meta:
        model = GitCredential
        fields = (
            'name',
            'type',
            'host',
            'username',
            'app_id',
            'installation_id',
            'reference',
            'description',
            'owner',
            'comments',
            'tags',
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop('secret', None)
        chosen = get_field_value(self, 'type')
        # A link can carry any type.
        self._chosen = chosen if chosen in _BY_TYPE else CredentialTypeChoices.TOKEN
        if self._chosen == CredentialTypeChoices.APP:
            self.fields['secret'] = PrivateKeyField(label=_('Private key'), help_text=APP_RIGHTS)
        self._unused = {name for names in _BY_TYPE.values() for name in names} - set(self._fields_of_type)
        for name in self._unused:
            del self.fields[name]
        if 'secret' in self.fields and self._keeps_secret:
            field = self.fields['secret']
            field.help_text = f'{_KEEP} {field.help_text}'

    @property
    def fieldsets(self) -> Sequence[FieldSet]:
        """The fields of every credential, then those of the chosen type."""
        label = dict(CredentialTypeChoices)[self._chosen]
        return (
            FieldSet('name', 'type', 'host', 'description', 'tags', name=_('Git credential')),
            FieldSet(*self._fields_of_type, name=label),
        )

    @property
    def _fields_of_type(self) -> tuple[str, ...]:
        return _BY_TYPE[self._chosen]

    @property
    def _keeps_secret(self) -> bool:
        """Whether the stored secret serves the chosen type, too."""
        return bool(self.instance.pk) and self.instance.has_secret and self.instance.type == self._chosen

    def clean(self) -> None:
        """Take over the secret, and empty what belongs to other types only."""
        keeps_secret = self._keeps_secret
        super().clean()
        for name in self._unused - {'secret'}:
            setattr(self.instance, name, None if name == 'installation_id' else '')
        entered = self.cleaned_data.pop('secret', '')
        if entered:
            try:
                self.instance.set_secret(read_secret(self._chosen, entered))
            except ValidationError as refused:
                self.add_error('secret', refused)
        elif self._chosen in STORED_TYPES and not keeps_secret and 'secret' not in self.errors:
            self.add_error('secret', _('A credential of this type needs it.'))
