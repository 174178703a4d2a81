"""The menu."""

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from netbox.plugins import PluginMenu, PluginMenuButton, PluginMenuItem
from utilities.permissions import get_permission_for_model

from .models import (
    RESOURCE_MODELS,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    PendingChange,
    SyncRun,
)

__all__ = ('menu',)


def _item(model: type[Model], label: str | None = None, *, editable: bool = True) -> PluginMenuItem:
    route = f'plugins:netbox_hedgehog:{model._meta.model_name}'
    buttons = (
        PluginMenuButton(
            link=f'{route}_add',
            title=_('Add'),
            icon_class='mdi mdi-plus-thick',
            permissions=[get_permission_for_model(model, 'add')],
        ),
        PluginMenuButton(
            link=f'{route}_bulk_import',
            title=_('Import'),
            icon_class='mdi mdi-upload',
            permissions=[get_permission_for_model(model, 'add')],
        ),
    )
    return PluginMenuItem(
        link=f'{route}_list',
        link_text=label or _(_headline(model)),
        permissions=[get_permission_for_model(model, 'view')],
        buttons=buttons if editable else (),
    )


def _headline(model: type[Model]) -> str:
    """Return the plural with a capital at its beginning; `title()` would spoil VPC."""
    plural = str(model._meta.verbose_name_plural)
    return plural[:1].upper() + plural[1:]


def _kinds_of(group: str) -> tuple[PluginMenuItem, ...]:
    return tuple(_item(model) for model in RESOURCE_MODELS if model.kind.group.partition('.')[0] == group)


menu = PluginMenu(
    label='Hedgehog',
    icon_class='mdi mdi-lan',
    groups=(
        (
            _('Operate'),
            (
                _item(HedgehogFabric, _('Fabrics')),
                _item(PendingChange, _('Pending changes'), editable=False),
                _item(SyncRun, _('Sync runs'), editable=False),
            ),
        ),
        ('VPC', _kinds_of('vpc')),
        (_('Wiring'), _kinds_of('wiring')),
        (_('Gateway'), _kinds_of('gateway')),
        ('Git', (_item(GitRepository, _('Repositories')), _item(GitCredential, _('Credentials')))),
    ),
)
