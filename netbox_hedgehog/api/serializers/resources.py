"""The fifteen kinds in the REST API: one serializer each, made from one pattern."""

from collections.abc import Mapping
from typing import Any

from django.db import router
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from netbox.api.serializers import PrimaryModelSerializer
from rest_framework import serializers

from ...models import RESOURCE_MODELS, Resource, SyncStatusChoices
from ...models.resource import CONTENT_FIELDS
from ..fields import MapField
from .fabric import HedgehogFabricSerializer

__all__ = ('RESOURCE_SERIALIZERS', 'ResourceSerializer', 'ResourceSyncSerializer')

# The fields of a row that say what is declared.
_DECLARING = ('fabric', 'namespace', 'name', 'labels', 'annotations', 'spec')
_PACKAGE = 'netbox_hedgehog.api.serializers'


class ResourceSyncSerializer(serializers.Serializer):
    """How a resource stands to its manifest: the file, the commit that proves it, and since when."""

    status = serializers.ChoiceField(choices=SyncStatusChoices, read_only=True)
    path = serializers.CharField(read_only=True)
    commit = serializers.CharField(read_only=True)
    since = serializers.DateTimeField(read_only=True, allow_null=True)

    def to_representation(self, instance: Mapping[str, Any]) -> dict[str, Any]:
        """Read the date back that the database has put into JSON."""
        since = instance['since']
        if isinstance(since, str):
            since = parse_datetime(since)
        return super().to_representation({**instance, 'since': since})


class ResourceSerializer(PrimaryModelSerializer):
    """What all kinds share. `fabric`, `namespace` and `name` cannot change once saved; `sync` is read-only."""

    fabric = HedgehogFabricSerializer(nested=True)
    labels = MapField(required=False, help_text=_('Labels of the manifest: texts by key.'))
    annotations = MapField(required=False, help_text=_('Annotations of the manifest: texts by key.'))
    spec = MapField(required=False, help_text=_('The spec of the manifest, with the fields of its kind.'))
    sync = ResourceSyncSerializer(read_only=True)

    def create(self, validated_data: dict[str, Any]) -> Resource:
        """Create the row; raises `AbortRequest` if it clashes with what was saved since it was checked.

        The instance that NetBox has checked is another one than it saves, which knows nothing of the check.
        """
        model: type[Resource] = self.Meta.model
        row = model(**{field: validated_data[field] for field in _DECLARING if field in validated_data})
        row.check_in_turn(CONTENT_FIELDS, router.db_for_write(model))
        return super().create(validated_data)


def _serializer_for(model: type[Resource]) -> type[ResourceSerializer]:
    name = f'{model.__name__}Serializer'
    meta = {
        'model': model,
        'fields': (
            'id',
            'url',
            'display_url',
            'display',
            'fabric',
            'namespace',
            'name',
            'labels',
            'annotations',
            'spec',
            'sync',
            'description',
            'owner',
            'comments',
            'tags',
            'custom_fields',
            'created',
            'last_updated',
        ),
        'brief_fields': ('id', 'url', 'display', 'namespace', 'name', 'description'),
    }
    attributes = {'__module__': _PACKAGE, '__doc__': model.kind.description, 'Meta': type('Meta', (), meta)}
    return type(name, (ResourceSerializer,), attributes)


RESOURCE_SERIALIZERS = {model.kind.name: _serializer_for(model) for model in RESOURCE_MODELS}
