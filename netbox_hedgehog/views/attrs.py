"""Attributes of detail pages for what NetBox has no attribute of its own."""

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from netbox.ui import attrs

from ..catalog import Column
from ..models import Resource
from ..tables.columns import SHORT_COMMIT

__all__ = ('CommitAttr', 'LinkAttr', 'SpecAttr')


class SpecAttr(attrs.TextAttr):
    """A column of the catalogue, computed from the spec."""

    def __init__(self, column: Column) -> None:
        super().__init__('spec', label=_(column.label))
        self.column = column

    def get_value(self, obj: Resource) -> str:
        """Return the text; an empty one shows as the placeholder."""
        return self.column.value(obj.spec or {})


class CommitAttr(attrs.TextAttr):
    """A commit, in short."""

    def __init__(self, accessor: str, **kwargs: Any) -> None:
        super().__init__(accessor, style='font-monospace', **kwargs)

    def get_value(self, obj: object) -> str:
        """Return the first digits."""
        return (super().get_value(obj) or '')[:SHORT_COMMIT]


class LinkAttr(attrs.ObjectAttribute):
    """A link that is computed from the object; none where there is no address."""

    def __init__(self, link: Callable[[Any], tuple[str, str] | None], **kwargs: Any) -> None:
        super().__init__('pk', **kwargs)
        self.link = link

    def render(self, obj: object, context: dict[str, Any]) -> str:
        """Return the link, made of address and text."""
        link = self.link(obj)
        return format_html('<a href="{}">{}</a>', *link) if link else self.placeholder
