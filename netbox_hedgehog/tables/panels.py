"""Small tables that stand in panels: of findings, references, files and plans. Their rows are not models."""

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from netbox.tables import BaseTable

from ..catalog import KINDS
from ..models import HedgehogFabric, SyncStatusChoices
from .columns import badge, labels_of

__all__ = (
    'ChangeTable',
    'FieldTable',
    'FileTable',
    'FindingTable',
    'KindCountTable',
    'ProblemTable',
    'ReferenceTable',
    'RuleTable',
    'StateTable',
    'list_url',
)

_MONOSPACE = {'td': {'class': 'font-monospace'}}
_VERDICTS = {
    'ok': ('check', 'green'),
    'warning': ('alert-outline', 'yellow'),
    'failed': ('close', 'red'),
    'skipped': ('minus', 'gray'),
}


def list_url(kind_name: str, **parameters: Any) -> str:
    """Return the address of a kind's list, filtered."""
    url = reverse(f'plugins:netbox_hedgehog:{kind_name.lower()}_list')
    query = '&'.join(f'{key}={value}' for key, value in parameters.items())
    return f'{url}?{query}'


class PanelTable(BaseTable):
    """A table without sorting, pages or settings."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        defaults = {'orderable': False, 'empty_text': _('None'), 'attrs': BaseTable.Meta.attrs}
        super().__init__(*args, **(defaults | kwargs))


def _severity_badge(severity: str) -> SafeString:
    return format_html('<span class="badge text-bg-{}">{}</span>', 'red' if severity == 'error' else 'yellow', severity)


class ProblemTable(PanelTable):
    """Findings of the catalogue about one resource."""

    severity = tables.Column(verbose_name=_('Severity'))
    path = tables.Column(verbose_name=_('Field'), attrs=_MONOSPACE)
    message = tables.Column(verbose_name=_('Finding'))

    def render_severity(self, value: str) -> SafeString:
        """Show the severity as a badge."""
        return _severity_badge(value)


class ReferenceTable(PanelTable):
    """Resources at the other end of references."""

    kind_name = tables.Column(verbose_name=_('Kind'))
    name = tables.Column(verbose_name=_('Name'), attrs={'td': {'class': 'text-nowrap'}})
    paths = tables.Column(verbose_name=_('Field'), attrs={'td': {'class': 'font-monospace text-break small'}})

    def render_name(self, value: str, record: Any) -> SafeString | str:
        """Link to the resource, or say that there is none."""
        if record.resource is not None:
            return format_html('<a href="{}">{}</a>', record.resource.get_absolute_url(), value)
        if record.is_missing:
            return format_html('{} <span class="badge text-bg-red">{}</span>', value, _('missing'))
        return value

    def render_paths(self, value: tuple[str, ...]) -> SafeString:
        """List the fields, one below the other."""
        return format_html_join(SafeString('<br>'), '{}', ((path,) for path in value))


class _PathColumn(tables.Column):
    """A file, which links to where people read it if the row has an address for it."""

    def render(self, value: str, record: Mapping[str, Any]) -> SafeString | str:
        url = record.get('file_url')
        return format_html('<a href="{}">{}</a>', url, value) if url else value


class FileTable(PanelTable):
    """Files that need attention, with the place and the reason."""

    path = _PathColumn(verbose_name=_('File'), attrs=_MONOSPACE)
    line = tables.Column(verbose_name=_('Line'))
    code = tables.Column(verbose_name=_('Reason'))
    message = tables.Column(verbose_name=_('What to do'))


class FindingTable(PanelTable):
    """What an examination found."""

    verdict = tables.Column(verbose_name=_('Verdict'))
    check = tables.Column(verbose_name=_('Check'), attrs={'td': {'class': 'text-nowrap'}})
    message = tables.Column(verbose_name=_('Finding'))
    remedy = tables.Column(verbose_name=_('What to do'))

    def render_verdict(self, value: str) -> SafeString:
        """Show the verdict as a badge: an icon and a word, for a colour alone is not seen by everybody."""
        icon, colour = _VERDICTS[value]
        return format_html(
            '<span class="badge text-bg-{}"><i class="mdi mdi-{}" aria-hidden="true"></i> {}</span>',
            colour,
            icon,
            value,
        )


class ChangeTable(PanelTable):
    """What a pass did, or would do, on either side."""

    side = tables.Column(verbose_name=_('Where'))
    action = tables.Column(verbose_name=_('Action'))
    resource = tables.Column(verbose_name=_('Resource'))
    path = _PathColumn(verbose_name=_('File'), attrs=_MONOSPACE)
    reason = tables.Column(verbose_name=_('Why'))
    users = tables.Column(verbose_name=_('Who'))


class StateTable(PanelTable):
    """Resources of a fabric that wait for a person. A resource whose row is gone has a name and no link."""

    status = tables.Column(verbose_name=_('Status'))
    kind = tables.Column(verbose_name=_('Kind'))
    name = tables.Column(verbose_name=_('Name'))
    reason = tables.Column(verbose_name=_('Reason'))

    def render_status(self, value: str) -> SafeString:
        """Show the status as a badge."""
        return badge(SyncStatusChoices, value)

    def render_name(self, value: str, record: Mapping[str, Any]) -> SafeString | str:
        """Link to the resource, if it has a row."""
        return format_html('<a href="{}">{}</a>', record['url'], value) if record['url'] else value


class FieldTable(PanelTable):
    """The fields of a kind."""

    path = tables.Column(verbose_name=_('Field'), attrs=_MONOSPACE)
    type = tables.Column(verbose_name=_('Type'))
    constraint = tables.Column(verbose_name=_('Constraint'))
    description = tables.Column(verbose_name=_('Description'))


class RuleTable(PanelTable):
    """The rules of a kind."""

    rule = tables.Column(verbose_name=_('Rule'), attrs={'td': {'class': 'font-monospace text-nowrap'}})
    severity = tables.Column(verbose_name=_('Severity'))
    summary = tables.Column(verbose_name=_('What it says'))

    def render_severity(self, value: str) -> SafeString:
        """Show the severity as a badge."""
        return _severity_badge(value)


class KindCountTable(PanelTable):
    """How many resources of each kind stand how, with links to filtered lists."""

    kind = tables.Column(verbose_name=_('Kind'))
    total = tables.Column(verbose_name=_('Total'))

    def __init__(self, fabric: HedgehogFabric, counts: Mapping[str, Mapping[str, int]], **kwargs: Any) -> None:
        self.fabric = fabric
        present = {status for of_kind in counts.values() for status in of_kind}
        shown = [(status, label) for status, label in labels_of(SyncStatusChoices).items() if status in present]
        rows = [{'kind': name, 'total': sum(counts[name].values()), **counts[name]} for name in KINDS if name in counts]
        columns = [(status, _StatusCountColumn(status, verbose_name=label)) for status, label in shown]
        super().__init__(rows, extra_columns=columns, **kwargs)

    def render_kind(self, value: str) -> SafeString:
        """Link to the list of the kind."""
        return format_html('<a href="{}">{}</a>', list_url(value, fabric_id=self.fabric.pk), value)


class _StatusCountColumn(tables.Column):
    def __init__(self, status: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.status = status

    def render(self, value: int, record: Mapping[str, Any], table: KindCountTable) -> SafeString:
        url = list_url(record['kind'], fabric_id=table.fabric.pk, sync_status=self.status)
        return format_html('<a href="{}">{}</a>', url, value)
