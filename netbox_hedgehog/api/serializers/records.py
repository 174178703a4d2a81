"""What the synchroniser records, in the REST API. All of it is read-only."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from netbox.api.fields import ChoiceField
from netbox.api.serializers import BaseModelSerializer
from rest_framework import serializers
from users.api.serializers import UserSerializer

from ...models import (
    ChangeActionChoices,
    Conflict,
    PendingChange,
    RunStatusChoices,
    RunTriggerChoices,
    SideChoices,
    SyncRun,
)
from ...sync.visibility import visible_entries
from .fabric import HedgehogFabricSerializer

__all__ = ('ConflictSerializer', 'PendingChangeSerializer', 'ProblemSerializer', 'SyncRunSerializer')


class ProblemSerializer(serializers.Serializer):
    """Something in a file that is not taken over."""

    path = serializers.CharField()
    line = serializers.IntegerField()
    column = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField()


class SyncRunSerializer(BaseModelSerializer):
    """One pass over one fabric: what it did on either side, and what it found."""

    fabric = HedgehogFabricSerializer(nested=True, read_only=True)
    trigger = ChoiceField(choices=RunTriggerChoices, read_only=True)
    user = UserSerializer(nested=True, read_only=True)
    status = ChoiceField(choices=RunStatusChoices, read_only=True)
    duration_seconds = serializers.FloatField(read_only=True, allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    changes = serializers.SerializerMethodField()
    problems = ProblemSerializer(many=True, read_only=True)

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_changes(self, run: SyncRun) -> list[Mapping[str, Any]]:
        """Return what the pass did to the resources that the user may view; a list of runs leaves it out."""
        view = self.context.get('view')
        if getattr(view, 'action', '') == 'list':
            return []
        request = self.context.get('request')
        return visible_entries(run.changes, run.fabric, request.user) if request else []

    class Meta:
        model = SyncRun
        fields = (
            'id',
            'url',
            'display_url',
            'display',
            'fabric',
            'trigger',
            'user',
            'batch',
            'status',
            'started',
            'completed',
            'duration_seconds',
            'commit_before',
            'commit_after',
            'counts',
            'changes',
            'problems',
            'error',
            'requests',
        )
        brief_fields = ('id', 'url', 'display', 'status', 'started', 'completed', 'commit_after')


class PendingChangeSerializer(BaseModelSerializer):
    """One accepted change that is not yet in a confirmed commit."""

    fabric = HedgehogFabricSerializer(nested=True, read_only=True)
    action = ChoiceField(choices=ChangeActionChoices, read_only=True)
    user = UserSerializer(nested=True, read_only=True)

    class Meta:
        model = PendingChange
        fields = (
            'id',
            'url',
            'display_url',
            'display',
            'fabric',
            'group',
            'kind',
            'namespace',
            'name',
            'action',
            'user',
            'user_name',
            'request_id',
            'message',
            'created',
        )
        brief_fields = ('id', 'url', 'display', 'kind', 'namespace', 'name', 'action', 'created')


class ConflictSerializer(serializers.ModelSerializer):
    """One field that was changed to different values on both sides.

    `path` is empty when the whole resource is in conflict. A value is wrapped as `{"value": …}`; an empty object means
    that the side does not have the field.
    """

    base = serializers.DictField(read_only=True)
    netbox = serializers.DictField(source='ours', read_only=True)
    git = serializers.DictField(source='theirs', read_only=True)
    decision = serializers.ChoiceField(choices=SideChoices, allow_blank=True, read_only=True)

    class Meta:
        model = Conflict
        fields = ('group', 'kind', 'namespace', 'name', 'path', 'base', 'netbox', 'git', 'commit', 'since', 'decision')
        read_only_fields = fields
