"""Columns for what NetBox has no column of its own."""

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from netbox.tables.columns import DateTimeColumn
from utilities.choices import ChoiceSet

from ..catalog import Column as CatalogColumn
from ..models import Resource, SyncStatusChoices

__all__ = (
    'PLACEHOLDER',
    'SHORT_COMMIT',
    'CommitColumn',
    'SinceColumn',
    'SpecColumn',
    'SyncStatusColumn',
    'SyncTextColumn',
    'badge',
    'labels_of',
)

SHORT_COMMIT = 12
PLACEHOLDER = '—'


def labels_of(choices: type[ChoiceSet]) -> dict[str, str]:
    """Return the values of a choice set with their words."""
    return {value: label for value, label, _colour in choices.CHOICES}


def badge(choices: type[ChoiceSet], value: str) -> SafeString:
    """Return a badge for a value of a choice set, in words and colour."""
    label = labels_of(choices)[value]
    return format_html('<span class="badge text-bg-{}">{}</span>', choices.colors.get(value) or 'secondary', label)


class SpecColumn(tables.Column):
    """A column of the catalogue, computed from the spec; the database cannot sort by it."""

    def __init__(self, column: CatalogColumn, **kwargs: Any) -> None:
        super().__init__(accessor='spec', verbose_name=_(column.label), orderable=False, empty_values=(None,), **kwargs)
        self.column = column

    def render(self, value: dict[str, Any]) -> str:
        """Return the text, or the placeholder."""
        return self.column.value(value) or PLACEHOLDER

    def value(self, value: dict[str, Any]) -> str:
        """Return the text for an export."""
        return self.column.value(value)


class SyncStatusColumn(tables.Column):
    """How a resource stands to its manifest."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(accessor='sync_status', empty_values=(), **kwargs)

    def render(self, record: Resource) -> SafeString:
        """Return the badge; it links to the reason."""
        status = record.sync['status']
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), badge(SyncStatusChoices, status))

    def value(self, record: Resource) -> str:
        """Return the status for an export."""
        return record.sync['status']


class SinceColumn(DateTimeColumn):
    """Since when a resource stands as it does."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            accessor='sync_status', empty_values=(), order_by=('sync_record__since',), timespec='minutes', **kwargs
        )

    def render(self, record: Resource) -> str | None:
        """Return date and time."""
        return super().render(_since(record)) or PLACEHOLDER

    def value(self, record: Resource) -> str | None:
        """Return the time for an export."""
        return super().value(_since(record))


class SyncTextColumn(tables.Column):
    """The path or the commit of a resource's manifest."""

    def __init__(self, key: str, *, length: int | None = None, **kwargs: Any) -> None:
        super().__init__(
            accessor='sync_status',
            empty_values=(),
            order_by=(f'sync_record__{key}',),
            attrs={'td': {'class': 'font-monospace'}},
            **kwargs,
        )
        self.key = key
        self.length = length

    def render(self, record: Resource) -> str:
        """Return the text, shortened where only its beginning is read."""
        return (record.sync[self.key] or '')[: self.length] or PLACEHOLDER

    def value(self, record: Resource) -> str:
        """Return the whole text for an export."""
        return record.sync[self.key] or ''


class CommitColumn(tables.Column):
    """A commit, in short."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(attrs={'td': {'class': 'font-monospace'}}, **kwargs)

    def render(self, value: str) -> str:
        """Return the first digits."""
        return value[:SHORT_COMMIT]

    def value(self, value: str) -> str:
        """Return the whole commit for an export."""
        return value


def _since(record: Resource) -> datetime | None:
    """Return the time, which comes as a text when the database has put it into JSON."""
    since = record.sync['since']
    return datetime.fromisoformat(since) if isinstance(since, str) else since
