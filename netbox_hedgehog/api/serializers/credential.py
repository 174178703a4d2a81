"""Credentials in the REST API. A secret can be written, and not be read."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from netbox.api.fields import ChoiceField, RelatedObjectCountField
from netbox.api.serializers import PrimaryModelSerializer
from rest_framework import serializers

from ...models import STORED_TYPES, CredentialTypeChoices, GitCredential, read_secret
from ...models.secrets import encrypt

__all__ = ('GitCredentialSerializer',)


class GitCredentialSerializer(PrimaryModelSerializer):
    """A Git credential; `has_secret` says whether a secret is stored."""

    type = ChoiceField(choices=CredentialTypeChoices, required=False)
    secret = serializers.CharField(
        write_only=True,
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text=_('The token, or the private key (PEM) of the GitHub App. Blank or left out: the stored one stays.'),
    )
    has_secret = serializers.BooleanField(read_only=True)
    repository_count = RelatedObjectCountField('repositories')

    class Meta:
        model = GitCredential
        fields = (
            'id',
            'url',
            'display_url',
            'display',
            'name',
            'type',
            'host',
            'secret',
            'has_secret',
            'username',
            'app_id',
            'installation_id',
            'reference',
            'repository_count',
            'description',
            'owner',
            'comments',
            'tags',
            'custom_fields',
            'created',
            'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'name', 'description')
        # A type that holds no secret empties the column in the model's clean().
        model_clean_fields = ('_secret',)

    def validate(self, data: Any) -> Any:
        """Encrypt the secret before anything else sees it."""
        if self.nested:
            return super().validate(data)
        entered = data.pop('secret', '')
        credential_type = data.get('type') or getattr(self.instance, 'type', CredentialTypeChoices.TOKEN)
        if entered:
            try:
                data['_secret'] = encrypt(read_secret(credential_type, entered))
            except ValidationError as refused:
                raise serializers.ValidationError({'secret': refused.messages}) from refused
        elif credential_type in STORED_TYPES and not getattr(self.instance, 'has_secret', False):
            raise serializers.ValidationError({'secret': _('A credential of this type needs it.')})
        return super().validate(data)
