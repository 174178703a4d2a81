"""Lists of fabrics, repositories and credentials."""

import django_tables2 as tables
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from netbox.tables import PrimaryModelTable
from netbox.tables.columns import BooleanColumn, ChoiceFieldColumn, DateTimeColumn, LinkedCountColumn, TagColumn
from utilities.templatetags.helpers import utilization_graph

from ..models import ConnectionStatusChoices, GitCredential, GitRepository, HedgehogFabric, SyncStatusChoices
from ..models.condition import Condition, condition_of
from ..sync.schedule import outlook_of
from .columns import PLACEHOLDER, CommitColumn, badge

__all__ = ('GitCredentialTable', 'GitRepositoryTable', 'HedgehogFabricTable')


class GitCredentialTable(PrimaryModelTable):
    """Git credentials; of a secret, only whether there is one."""

    name = tables.Column(verbose_name=_('Name'), linkify=True)
    type = ChoiceFieldColumn(verbose_name=_('Type'))
    host = tables.Column(verbose_name=_('Server'))
    has_secret = BooleanColumn(verbose_name=_('Secret stored'), orderable=False)
    repository_count = LinkedCountColumn(
        viewname='plugins:netbox_hedgehog:gitrepository_list',
        url_params={'credential_id': 'pk'},
        verbose_name=_('Repositories'),
    )
    tags = TagColumn(url_name='plugins:netbox_hedgehog:gitcredential_list')

    class Meta(PrimaryModelTable.Meta):
        model = GitCredential
        fields = (
            'pk',
            'id',
            'name',
            'type',
            'host',
            'has_secret',
            'username',
            'app_id',
            'installation_id',
            'reference',
            'repository_count',
            'description',
            'owner_group',
            'owner',
            'comments',
            'tags',
            'created',
            'last_updated',
            'actions',
        )
        default_columns = ('pk', 'name', 'type', 'host', 'has_secret', 'repository_count', 'description', 'actions')


class GitRepositoryTable(PrimaryModelTable):
    """Git repositories."""

    name = tables.Column(verbose_name=_('Name'), linkify=True)
    url = tables.Column(verbose_name=_('URL'))
    default_branch = tables.Column(verbose_name=_('Default branch'))
    forge = ChoiceFieldColumn(verbose_name=_('Kind of server'))
    credential = tables.Column(verbose_name=_('Credential'), linkify=True)
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
            'forge',
            'credential',
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
        default_columns = (
            'pk',
            'name',
            'url',
            'default_branch',
            'credential',
            'fabric_count',
            'description',
            'actions',
        )


class HedgehogFabricTable(PrimaryModelTable):
    """Fabrics, each with one line about how NetBox stands to Git."""

    name = tables.Column(verbose_name=_('Name'), linkify=True)
    repository = tables.Column(verbose_name=_('Repository'), linkify=True)
    mode = ChoiceFieldColumn(verbose_name=_('Mode'))
    write_method = ChoiceFieldColumn(verbose_name=_('Way of writing'))
    authorship = ChoiceFieldColumn(verbose_name=_('Authorship'))
    release = ChoiceFieldColumn(verbose_name=_('Hedgehog release'))
    is_installed = BooleanColumn(verbose_name=_('Installed'))
    is_draft = BooleanColumn(verbose_name=_('Design under way'))
    connection = tables.Column(accessor='state__connection', verbose_name=_('Connection'))
    commit = CommitColumn(accessor='state__commit', verbose_name=_('Compared at'))
    compared_at = DateTimeColumn(accessor='state__compared_at', timespec='minutes', verbose_name=_('Since'))
    resource_count = tables.Column(verbose_name=_('Resources'))
    pending_count = tables.Column(verbose_name=_('Pending'))
    conflict_count = tables.Column(verbose_name=_('Conflicts'))
    held_count = tables.Column(verbose_name=_('Held'))
    proposed_count = tables.Column(verbose_name=_('Proposed'))
    invalid_count = tables.Column(verbose_name=_('Invalid'))
    budget = tables.Column(verbose_name=_('API budget'), empty_values=(), orderable=False)
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
            'write_method',
            'authorship',
            'reviewers',
            'release',
            'is_installed',
            'is_draft',
            'status',
            'connection',
            'commit',
            'compared_at',
            'resource_count',
            'pending_count',
            'conflict_count',
            'held_count',
            'proposed_count',
            'invalid_count',
            'budget',
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

    def render_budget(self, record: HedgehogFabric) -> SafeString | str:
        """Show how much of the writes that GitHub takes in an hour is used; each row asks for its own budget."""
        outlook = outlook_of(record)
        if outlook is None:
            return PLACEHOLDER
        return get_template('helpers/utilization_graph.html').render(utilization_graph(outlook.writes_used_percent))

    def value_budget(self, record: HedgehogFabric) -> str:
        """Return the numbers for an export."""
        outlook = outlook_of(record)
        return f'{outlook.writes_used}/{outlook.writes_limit}' if outlook else ''

    def value_status(self, record: HedgehogFabric) -> str:
        """Return the word for an export."""
        return _condition(record).text


def _condition(fabric: HedgehogFabric) -> Condition:
    """Judge a fabric by the counts that `with_counts()` has annotated."""
    counts = {
        SyncStatusChoices.PENDING: fabric.pending_count,
        SyncStatusChoices.PROPOSED: fabric.proposed_count,
        SyncStatusChoices.UNKNOWN: fabric.unknown_count,
        SyncStatusChoices.CONFLICT: fabric.conflict_count,
        SyncStatusChoices.HELD: fabric.held_count,
        SyncStatusChoices.INVALID: fabric.invalid_count,
    }
    return condition_of(fabric.mode, getattr(fabric, 'state', None), counts, fabric.file_count)
