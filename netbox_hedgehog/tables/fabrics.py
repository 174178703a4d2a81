"""Lists of fabrics and repositories."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from netbox.tables import PrimaryModelTable
from netbox.tables.columns import ChoiceFieldColumn, DateTimeColumn, LinkedCountColumn, TagColumn

from ..models import ConnectionStatusChoices, GitRepository, HedgehogFabric, SyncStatusChoices
from ..models.condition import Condition, condition_of
from .columns import CommitColumn, badge

__all__ = ('GitRepositoryTable', 'HedgehogFabricTable')


class GitRepositoryTable(PrimaryModelTable):
    """Git repositories."""

    name = tables.Column(verbose_name=_('Name'), linkify=True)
    url = tables.Column(verbose_name=_('URL'))
    default_branch = tables.Column(verbose_name=_('Default branch'))
    fabric_count = LinkedCountColumn(
        viewname='plugins:netbox_hedgehog:hedgehogfabric_list',
        url_params={'repository_id': 'pk'},
        verbose_name=_('Fabrics'),
    )
    tags = TagColumn(url_name='plugins:netbox_hedgehog:gitrepository_list')

    class Meta(PrimaryModelTable.Meta):
        model = GitRepository
        fields = (
            'pk',
            'id',
            'name',
            'url',
            'default_branch',
            'fabric_count',
            'description',
            'owner_group',
            'owner',
            'comments',
            'tags',
            'created',
            'last_updated',
            'actions',
        )
        default_columns = ('pk', 'name', 'url', 'default_branch', 'fabric_count', 'description', 'actions')


class HedgehogFabricTable(PrimaryModelTable):
    """Fabrics, each with one line about how NetBox stands to Git."""

    name = tables.Column(verbose_name=_('Name'), linkify=True)
    repository = tables.Column(verbose_name=_('Repository'), linkify=True)
    mode = ChoiceFieldColumn(verbose_name=_('Mode'))
    connection = tables.Column(accessor='state__connection', verbose_name=_('Connection'))
    commit = CommitColumn(accessor='state__commit', verbose_name=_('Compared at'))
    compared_at = DateTimeColumn(accessor='state__compared_at', timespec='minutes', verbose_name=_('Since'))
    resource_count = tables.Column(verbose_name=_('Resources'))
    pending_count = tables.Column(verbose_name=_('Pending'))
    conflict_count = tables.Column(verbose_name=_('Conflicts'))
    held_count = tables.Column(verbose_name=_('Held'))
    status = tables.Column(verbose_name=_('Status'), empty_values=(), orderable=False)
    tags = TagColumn(url_name='plugins:netbox_hedgehog:hedgehogfabric_list')

    class Meta(PrimaryModelTable.Meta):
        model = HedgehogFabric
        fields = (
            'pk',
            'id',
            'name',
            'slug',
            'repository',
            'branch',
            'directory',
            'mode',
            'status',
            'connection',
            'commit',
            'compared_at',
            'resource_count',
            'pending_count',
            'conflict_count',
            'held_count',
            'description',
            'owner_group',
            'owner',
            'comments',
            'tags',
            'created',
            'last_updated',
            'actions',
        )
        default_columns = (
            'pk',
            'name',
            'repository',
            'branch',
            'directory',
            'mode',
            'status',
            'commit',
            'pending_count',
            'conflict_count',
            'held_count',
            'actions',
        )

    def render_connection(self, value: str, record: HedgehogFabric) -> SafeString:
        """Show how the last attempt to reach the repository ended."""
        return badge(ConnectionStatusChoices, record.state.connection)

    def render_status(self, record: HedgehogFabric) -> SafeString:
        """Show in a word whether both sides agree."""
        condition = _condition(record)
        return format_html('<span class="badge text-bg-{}">{}</span>', condition.colour, condition.text)

    def value_status(self, record: HedgehogFabric) -> str:
        """Return the word for an export."""
        return _condition(record).text


def _condition(fabric: HedgehogFabric) -> Condition:
    """Judge a fabric by the counts that `with_counts()` has annotated."""
    counts = {
        SyncStatusChoices.PENDING: fabric.pending_count,
        SyncStatusChoices.CONFLICT: fabric.conflict_count,
        SyncStatusChoices.HELD: fabric.held_count,
    }
    return condition_of(fabric.mode, getattr(fabric, 'state', None), counts, fabric.file_count)
