"""Fabrics in the REST API."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from drf_spectacular.utils import extend_schema_field
from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer
from rest_framework import serializers

from ...models import ConnectionStatusChoices, FabricModeChoices, FabricState, HedgehogFabric
from .repository import GitRepositorySerializer

__all__ = ('FabricStateSerializer', 'HedgehogFabricSerializer')


class FabricStateSerializer(serializers.ModelSerializer):
    """How a fabric stands: the commit at which both sides were compared, when, and how its repository answered."""

    connection = serializers.ChoiceField(choices=ConnectionStatusChoices, read_only=True)

    class Meta:
        model = FabricState
        fields = (
            'commit',
            'compared_at',
            'verified_at',
            'connection',
            'error',
            'error_since',
            'retry_at',
        )
        read_only_fields = fields


class HedgehogFabricSerializer(PrimaryModelSerializer):
    """A fabric; `state` is written by the synchroniser alone."""

    repository = GitRepositorySerializer(nested=True)
    mode = ChoiceField(choices=FabricModeChoices, required=False)
    state = serializers.SerializerMethodField()

    class Meta:
        model = HedgehogFabric
        fields = (
            'id',
            'url',
            'display_url',
            'display',
            'name',
            'slug',
            'repository',
            'branch',
            'directory',
            'mode',
            'commit_window_seconds',
            'deletion_limit',
            'deletion_percent',
            'state',
            'description',
            'owner',
            'comments',
            'tags',
            'custom_fields',
            'created',
            'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'description')
        # Defaults and the normal form of the directory come from the model's clean().
        model_clean_fields = ('branch', 'directory')

    @extend_schema_field(FabricStateSerializer)
    def get_state(self, fabric: HedgehogFabric) -> dict[str, Any]:
        """Return the fabric's state, that of a fabric never looked at included."""
        try:
            state = fabric.state
        except ObjectDoesNotExist:
            state = FabricState(fabric=fabric)
        return FabricStateSerializer(state).data
