"""Form fields for what NetBox has no field of its own."""

import json
import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from utilities.forms.fields import CSVModelChoiceField, DynamicModelChoiceField

from ..catalog import JSONObject
from ..manifests import Unwritable, same
from ..models import HedgehogFabric
from ..models.permissions import permission_needed
from .manifests import read_map

__all__ = ('FabricCSVField', 'MapField', 'PermittedChoiceField', 'PrivateKeyField', 'TextListField', 'TokenField')


class MapField(forms.CharField):
    """A map, edited as YAML; JSON is YAML too. The cleaned value is a dictionary, empty for an empty text.

    `write` renders a value as text. A value that no manifest can hold is refused.
    """

    widget = forms.Textarea

    def __init__(self, *, write: Callable[[JSONObject], str], rows: int = 4, **kwargs: Any) -> None:
        self.write = write
        attrs = {'class': 'font-monospace', 'rows': rows, 'spellcheck': 'false'}
        super().__init__(**{'required': False, 'strip': False, 'widget': forms.Textarea(attrs=attrs), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """Show a stored map as YAML, and what a person typed, or a link carried, as it is."""
        if not isinstance(value, dict):
            return value
        try:
            return self.write(value)
        except Unwritable:
            # It is refused with its reason, and shown beside it; JSON can spell what YAML cannot.
            return json.dumps(value, indent=2)

    def to_python(self, value: Any) -> dict[str, Any]:
        """Read the text; an import of JSON or YAML brings the map itself."""
        if value in (None, ''):
            return {}
        if isinstance(value, str):
            return read_map(value)
        if not isinstance(value, dict):
            raise ValidationError(_('This is not a map; write keys with their values.'))
        return value

    def validate(self, value: dict[str, Any]) -> None:
        """Refuse what has no place in a manifest, such as a text with a null character."""
        super().validate(value)
        try:
            self.write(value)
        except Unwritable as refused:
            raise ValidationError(str(refused)) from refused

    def run_validators(self, value: dict[str, Any]) -> None:
        """Do nothing: the validators of the base class are about texts."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what the texts mean: another order of keys is no change."""
        try:
            return not same(self.to_python(initial), self.to_python(data))
        except ValidationError:
            return True


class TextListField(forms.CharField):
    """Several short texts, separated by commas, spaces or lines. The cleaned value is a list."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {'class': 'font-monospace', 'rows': 2, 'spellcheck': 'false'}
        super().__init__(**{'required': False, 'widget': forms.Textarea(attrs=attrs), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """Show a list as one text, and what a person typed as it is."""
        return ', '.join(map(str, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[str]:
        """Read the text; an import of JSON or YAML brings the list itself."""
        if isinstance(value, list | tuple):
            return [str(item).strip() for item in value]
        return [item for item in re.split(r'[\s,;]+', str(value or '')) if item]

    def run_validators(self, value: list[str]) -> None:
        """Do nothing: the validators of the base class are about texts."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the lists, whatever separates their items."""
        return self.to_python(initial) != self.to_python(data)


class TokenField(forms.CharField):
    """A secret of one line. What was entered is never shown again, not even beside an error."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={'autocomplete': 'new-password'}, render_value=False)
        super().__init__(**{'required': False, 'widget': widget, **kwargs})


class _UnshownTextarea(forms.Textarea):
    def format_value(self, value: Any) -> None:
        """Show nothing, whatever is there."""


class PrivateKeyField(forms.CharField):
    """A private key as the lines of a PEM file. What was entered is never shown again, not even beside an error."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {'class': 'font-monospace', 'rows': 8, 'spellcheck': 'false', 'autocomplete': 'off'}
        super().__init__(**{'required': False, 'widget': _UnshownTextarea(attrs=attrs), **kwargs})


class PermittedChoiceField(DynamicModelChoiceField):
    """An object to choose. To a user who may see none it says why none is offered."""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Look at what NetBox left of the choices for this user, before a page fetches those that it shows."""
        is_without_choices = self.queryset.query.is_empty()
        bound = super().get_bound_field(form, field_name)
        if is_without_choices:
            bound.help_text = f'{bound.help_text} {permission_needed(self.queryset.model)}'.lstrip()
        return bound


class FabricCSVField(CSVModelChoiceField):
    """A fabric in an import, named by its slug or its name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=HedgehogFabric.objects.all(), to_field_name='slug', **kwargs)

    def to_python(self, value: Any) -> HedgehogFabric | None:
        """Look for the slug first; a header such as `fabric.id` names another field."""
        if self.to_field_name == 'slug' and isinstance(value, str) and value:
            found = self.queryset.filter(Q(slug=value) | Q(name=value))
            by_slug = {fabric.slug: fabric for fabric in found}
            if found:
                return by_slug.get(value) or found[0]
        return super().to_python(value)
