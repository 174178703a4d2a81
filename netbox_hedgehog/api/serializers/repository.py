"""Repositories in the REST API."""

from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer
from netbox.api.serializers.fields import NetBoxAPIHyperlinkedIdentityField
from rest_framework import serializers

from ...models import ForgeChoices, GitRepository
from .credential import GitCredentialSerializer

__all__ = ('GitRepositorySerializer',)


class GitRepositorySerializer(PrimaryModelSerializer):
    """A Git repository.

    `url` is its address, as everywhere in the product; NetBox's link to the object itself is `api_url`.
    """

    url = serializers.CharField(max_length=500, help_text=GitRepository._meta.get_field('url').help_text)
    api_url = NetBoxAPIHyperlinkedIdentityField()
    forge = ChoiceField(choices=ForgeChoices, required=False, allow_blank=True)
    credential = GitCredentialSerializer(nested=True, required=False, allow_null=True)

    class Meta:
        model = GitRepository
        fields = (
            'id',
            'api_url',
            'display_url',
            'display',
            'name',
            'url',
            'default_branch',
            'forge',
            'credential',
            'description',
            'owner',
            'comments',
            'tags',
            'custom_fields',
            'created',
            'last_updated',
        )
        brief_fields = ('id', 'api_url', 'display', 'name', 'description')
