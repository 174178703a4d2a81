"""What we add to NetBox's pages."""

from typing import Any

from netbox.plugins import PluginTemplateExtension

from .models import RESOURCE_MODELS, GitRepository, HedgehogFabric, PendingChange, SyncRun
from .templatetags.hedgehog import drafts_shown, notice_of

__all__ = ('DraftNotice', 'template_extensions')

_MODELS: tuple[Any, ...] = (HedgehogFabric, GitRepository, SyncRun, PendingChange, *RESOURCE_MODELS)


class DraftNotice(PluginTemplateExtension):
    """Say on each page that shows something of a fabric that its design is under way."""

    models = tuple(f'netbox_hedgehog.{model._meta.model_name}' for model in _MODELS)

    def alerts(self) -> str:
        """Return the notice; NetBox shows it on the page of an object and on its tabs."""
        request, shown = self.context['request'], self.context['object']
        return self.render('netbox_hedgehog/inc/draft.html', notice_of(request, drafts_shown(request, shown)))


template_extensions = (DraftNotice,)
