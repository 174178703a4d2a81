"""The webhook of a repository: how it stands, and what became of setting it up."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

__all__ = ('InstallationSerializer', 'WebhookRequestSerializer', 'WebhookSerializer')


class WebhookRequestSerializer(serializers.Serializer):
    """How to set the webhook up."""

    new_secret = serializers.BooleanField(
        default=False, help_text=_('Replace the secret; the former one is valid until a call carries the new one.')
    )


class WebhookSerializer(serializers.Serializer):
    """How the webhook stands."""

    payload_url = serializers.CharField(read_only=True, help_text=_('The address that the server is to call.'))
    has_secret = serializers.BooleanField(read_only=True)
    is_replacing_secret = serializers.BooleanField(read_only=True)
    hook_id = serializers.IntegerField(
        read_only=True, allow_null=True, help_text=_('The number that GitHub gave the webhook, if it was made here.')
    )
    works = serializers.BooleanField(read_only=True)
    last_delivery = serializers.DateTimeField(read_only=True, allow_null=True)
    last_rejection = serializers.DateTimeField(read_only=True, allow_null=True)
    rejections = serializers.IntegerField(read_only=True)
    waiting = serializers.IntegerField(read_only=True)
    failed = serializers.IntegerField(read_only=True)


class InstallationSerializer(serializers.Serializer):
    """What became of setting the webhook up."""

    payload_url = serializers.CharField(read_only=True, source='url')
    is_installed = serializers.SerializerMethodField(help_text=_('Whether the server was told.'))
    obstacle = serializers.CharField(read_only=True, help_text=_('Why it was not, and what to do.'))
    secret = serializers.CharField(
        read_only=True,
        help_text=_(
            'The secret: only in the answer to the request that made it, and only if a person has to enter it.'
        ),
    )

    def get_is_installed(self, installation: object) -> bool:
        """Tell whether GitHub has a record of it."""
        return getattr(installation, 'hook', None) is not None
