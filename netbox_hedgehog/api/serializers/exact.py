"""Requests that are read to the letter."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

__all__ = ('ExactSerializer',)


class ExactSerializer(serializers.Serializer):
    """A request for something to be done: a key that is misspelt would ask for something else than is meant."""

    def to_internal_value(self, data: Any) -> Any:
        """Read what is asked for, and refuse keys that mean nothing, together with what else is wrong."""
        message = _('There is no such key; the keys are: {keys}.').format(keys=', '.join(self.fields))
        given = data if isinstance(data, Mapping) else {}
        refused: dict[str, Any] = {key: [message] for key in given if key not in self.fields}
        try:
            found = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError(error.detail | refused) from error
        if refused:
            raise serializers.ValidationError(refused)
        return found
