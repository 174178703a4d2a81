"""Lists of what the synchroniser records."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from netbox.tables import NetBoxTable
from netbox.tables.columns import ActionsColumn, ChoiceFieldColumn, DateTimeColumn

from ..models import PendingChange, SyncRun
from .columns import CommitColumn

__all__ = ('PendingChangeTable', 'SyncRunTable', 'describe_counts')


class PendingChangeTable(NetBoxTable):
    """Accepted changes that are not yet in a confirmed commit."""

    id = tables.Column(verbose_name=_('ID'), linkify=True)
    created = DateTimeColumn(verbose_name=_('Created'), linkify=True)
    fabric = tables.Column(verbose_name=_('Fabric'), linkify=True)
    action = ChoiceFieldColumn(verbose_name=_('Action'))
    user_name = tables.Column(verbose_name=_('User'))
    actions = ActionsColumn(actions=())

    class Meta(NetBoxTable.Meta):
        model = PendingChange
        fields = (
            'id',
            'created',
            'fabric',
            'action',
            'kind',
            'namespace',
            'name',
            'user_name',
            'message',
            'request_id',
            'group',
        )
        default_columns = ('created', 'fabric', 'action', 'kind', 'name', 'user_name', 'message')
        empty_text = _('Nothing is pending: every accepted change is in a confirmed commit.')


class SyncRunTable(NetBoxTable):
    """Passes of the synchroniser."""

    id = tables.Column(verbose_name=_('ID'), linkify=True)
    started = DateTimeColumn(verbose_name=_('Started'), linkify=True)
    fabric = tables.Column(verbose_name=_('Fabric'), linkify=True)
    trigger = ChoiceFieldColumn(verbose_name=_('Trigger'))
    status = ChoiceFieldColumn(verbose_name=_('Status'))
    commit_before = CommitColumn(verbose_name=_('Before'))
    commit_after = CommitColumn(verbose_name=_('After'))
    counts = tables.Column(verbose_name=_('Result'), empty_values=(), orderable=False)
    duration = tables.Column(accessor='duration_seconds', verbose_name=_('Seconds'), orderable=False)
    actions = ActionsColumn(actions=())

    class Meta(NetBoxTable.Meta):
        model = SyncRun
        fields = (
            'id',
            'started',
            'fabric',
            'trigger',
            'user',
            'status',
            'commit_before',
            'commit_after',
            'counts',
            'duration',
            'requests',
            'completed',
            'batch',
        )
        default_columns = (
            'started',
            'fabric',
            'trigger',
            'user',
            'status',
            'commit_before',
            'commit_after',
            'counts',
            'duration',
        )
        empty_text = _('No pass was made yet. The first one follows within a minute of adding a fabric.')

    def render_counts(self, record: SyncRun) -> str:
        """Show what the pass did, or why it failed."""
        return record.error or describe_counts(record.counts)

    def render_duration(self, value: float) -> str:
        """Show tenths of a second."""
        return f'{value:.1f}'


def describe_counts(counts: dict[str, Any]) -> str:
    """Return what a pass did and found, in words; only what there is."""
    labels = {
        'files_written': _t('files written'),
        'files_deleted': _t('files deleted'),
        'rows_created': _t('created in NetBox'),
        'rows_updated': _t('updated in NetBox'),
        'rows_deleted': _t('deleted from NetBox'),
        'proposed': _t('in a pull request'),
        'conflicts': _t('in conflict'),
        'held': _t('held'),
        'quarantined': _t('quarantined'),
        'problems': _t('problems in files'),
    }
    found = [f'{label}: {counts[key]}' for key, label in labels.items() if counts.get(key)]
    return ', '.join(found) or _t('nothing to do')
