"""What the credential of a fabric has left with GitHub, and what may be expected of the fabric."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

__all__ = ('BudgetSerializer',)


class BudgetSerializer(serializers.Serializer):
    """The budget of a fabric's credential, and its queue."""

    requests_limit = serializers.IntegerField(
        source='quota.limit', default=None, help_text=_('Requests of an hour; null until GitHub has answered.')
    )
    requests_remaining = serializers.IntegerField(source='quota.remaining', default=None)
    requests_reset = serializers.DateTimeField(source='quota_reset', allow_null=True)
    writes_limit = serializers.IntegerField(help_text=_('Requests of an hour that may create content.'))
    writes_used = serializers.IntegerField()
    writes_reserved = serializers.IntegerField(help_text=_('How many of them background work leaves to people.'))
    closed_until = serializers.DateTimeField(allow_null=True, help_text=_('Until when GitHub asks to wait.'))
    commit_window_seconds = serializers.FloatField(
        source='window_seconds', help_text=_('For how long changes are collected now.')
    )
    waiting = serializers.IntegerField(help_text=_('Changes that the next pass writes.'))
    empty_at = serializers.DateTimeField(allow_null=True, help_text=_('When the next pass is expected to begin.'))
