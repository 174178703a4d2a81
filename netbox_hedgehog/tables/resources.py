"""Lists of the fifteen kinds."""

import django_tables2 as tables
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from netbox.tables import PrimaryModelTable
from netbox.tables.columns import TagColumn

from ..models import RESOURCE_MODELS, Resource
from .columns import SHORT_COMMIT, SinceColumn, SpecColumn, SyncStatusColumn, SyncTextColumn

__all__ = ('RESOURCE_TABLES', 'ResourceTable')

_BEFORE = ('pk', 'id', 'name', 'fabric', 'namespace')
_AFTER = (
    'sync_status',
    'since',
    'path',
    'commit',
    'description',
    'owner_group',
    'owner',
    'comments',
    'tags',
    'created',
    'last_updated',
    'actions',
)


class ResourceTable(PrimaryModelTable):
    """What all kinds show; the rows come from `Resource.objects.with_sync()`."""

    name = tables.Column(verbose_name=_('Name'), linkify=True)
    fabric = tables.Column(verbose_name=_('Fabric'), linkify=True)
    namespace = tables.Column(verbose_name=_('Namespace'))
    sync_status = SyncStatusColumn(verbose_name=_('Git'))
    since = SinceColumn(verbose_name=_('Since'))
    path = SyncTextColumn('path', verbose_name=_('Path'))
    commit = SyncTextColumn('commit', length=SHORT_COMMIT, verbose_name=_('Commit'))


def _table_for(model: type[Resource]) -> type[ResourceTable]:
    # Prefixed: a column of a kind may carry the name of a column that all kinds have, such as `description`.
    columns = {f'spec_{column.key}': SpecColumn(column) for column in model.kind.columns}
    empty_text = _('None found. Their manifests lie in managed/{plural}/ of the directory of a fabric.')
    meta = {
        'model': model,
        'empty_text': format_lazy(empty_text, plural=model.kind.plural),
        'fields': (*_BEFORE, *columns, *_AFTER),
        'default_columns': ('pk', 'name', 'fabric', *columns, 'sync_status', 'since', 'description', 'tags', 'actions'),
    }
    return type(
        f'{model.__name__}Table',
        (ResourceTable,),
        {
            '__module__': 'netbox_hedgehog.tables',
            '__doc__': f'Resources of the kind {model.kind.name}.',
            'Meta': type('Meta', (PrimaryModelTable.Meta,), meta),
            'tags': TagColumn(url_name=f'plugins:netbox_hedgehog:{model._meta.model_name}_list'),
            **columns,
        },
    )


RESOURCE_TABLES = {table.__name__: table for table in map(_table_for, RESOURCE_MODELS)}
