"""Attributes of detail pages for what NetBox has no attribute of its own."""

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from netbox.ui import attrs

from ..catalog import Column
from ..models import ForgeChoices, GitRepository, Resource
from ..repositories import AddressRefused
from ..tables.columns import SHORT_COMMIT
from .links import commit_url, file_url

__all__ = ('CommitAttr', 'LinkAttr', 'PathAttr', 'ServerKindAttr', 'SpecAttr')


class SpecAttr(attrs.TextAttr):
    """A column of the catalogue, computed from the spec."""

    def __init__(self, column: Column) -> None:
        super().__init__('spec', label=_(column.label))
        self.column = column

    def get_value(self, obj: Resource) -> str:
        """Return the text; an empty one shows as the placeholder."""
        return self.column.value(obj.spec or {})


class CommitAttr(attrs.TextAttr):
    """A commit of the record's fabric, in short, with a link to it on GitHub."""

    template_name = 'netbox_hedgehog/attrs/link.html'

    def __init__(self, accessor: str, **kwargs: Any) -> None:
        super().__init__(accessor, style='font-monospace', **kwargs)

    def get_value(self, obj: object) -> str:
        """Return the first digits."""
        return (super().get_value(obj) or '')[:SHORT_COMMIT]

    def get_context(self, obj: Any, attr: str, value: str, context: dict[str, Any]) -> dict[str, Any]:
        """Add the address; it takes the whole commit."""
        return {'url': commit_url(obj.fabric, super().get_value(obj)), 'style': self.style}


class PathAttr(attrs.TextAttr):
    """A file of the record's fabric, with a link to it on GitHub."""

    template_name = 'netbox_hedgehog/attrs/link.html'

    def __init__(self, accessor: str, **kwargs: Any) -> None:
        super().__init__(accessor, style='font-monospace', copy_button=True, **kwargs)

    def get_context(self, obj: Any, attr: str, value: str, context: dict[str, Any]) -> dict[str, Any]:
        """Add the address."""
        return {'url': file_url(obj.fabric, value), 'style': self.style, 'copy_button': self.copy_button}


class ServerKindAttr(attrs.TextAttr):
    """How a repository is spoken to, chosen or found out by its address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__('forge', **kwargs)

    def get_value(self, obj: GitRepository) -> str:
        """Return the kind; nothing for an address that is not allowed any more."""
        try:
            kind = ForgeChoices.GITHUB if obj.is_on_github else ForgeChoices.GIT
        except AddressRefused:
            return ''
        return dict(ForgeChoices)[kind]


class LinkAttr(attrs.ObjectAttribute):
    """A link that is computed from the object; none where there is no address."""

    def __init__(self, link: Callable[[Any], tuple[str, str] | None], **kwargs: Any) -> None:
        super().__init__('pk', **kwargs)
        self.link = link

    def render(self, obj: object, context: dict[str, Any]) -> str:
        """Return the link, made of address and text."""
        link = self.link(obj)
        return format_html('<a href="{}">{}</a>', *link) if link else self.placeholder
