"""Fields of the REST API that NetBox does not have."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

__all__ = ('MapField',)


@extend_schema_field(OpenApiTypes.OBJECT)
class MapField(serializers.JSONField):
    """A JSON object, as `spec`, `labels` and `annotations` are; anything else is refused, and named."""

    default_error_messages = {
        'not_a_map': _('This is {given}; write a JSON object with keys and values, or {{}} for an empty one.'),
        'null': _('This is null; write a JSON object with keys and values, or {{}} for an empty one.'),
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Accept an object, as it is."""
        value = super().to_internal_value(data)
        if not isinstance(value, dict):
            self.fail('not_a_map', given=_describe(value))
        return value


def _describe(value: object) -> str:
    match value:
        case bool():
            return _('true or false')
        case int() | float():
            return _('a number')
        case str():
            return _('a text')
        case _:
            return _('a list')
