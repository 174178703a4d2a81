"""Addresses of the REST API, below /api/plugins/hedgehog/."""

from django.db.models import Model
from django.urls import URLPattern, path
from netbox.api.routers import NetBoxRouter

from ..models import HedgehogFabric, IPv4Namespace, VLANNamespace
from . import views
from .available import (
    ADDRESSED,
    AvailableASNsView,
    AvailablePrefixesView,
    AvailableView,
    AvailableVLANsView,
    FabricAvailableAddressesView,
    ResourceAvailableAddressesView,
)

app_name = 'netbox_hedgehog'

router = NetBoxRouter()
router.APIRootView = views.HedgehogRootView
router.register('git-repositories', views.GitRepositoryViewSet)
router.register('git-credentials', views.GitCredentialViewSet)
router.register('fabrics', views.HedgehogFabricViewSet)
for slug, viewset in views.RESOURCE_VIEWSETS.items():
    router.register(slug, viewset)
router.register('sync-runs', views.SyncRunViewSet)
router.register('pending-changes', views.PendingChangeViewSet)


def _available(model: type[Model], what: str, view: type[AvailableView]) -> URLPattern:
    """Return where the free values are that belong to one object of a model."""
    prefix, basename = next((each[0], each[2]) for each in router.registry if each[1].queryset.model is model)
    name = f'available-{what}'
    answer = view.as_view(queryset=model.objects.all())
    return path(f'{prefix}/<int:pk>/{name}/', answer, name=f'{basename}-{name}')


urlpatterns = [
    _available(VLANNamespace, 'vlans', AvailableVLANsView),
    _available(IPv4Namespace, 'prefixes', AvailablePrefixesView),
    _available(HedgehogFabric, 'asns', AvailableASNsView),
    _available(HedgehogFabric, 'addresses', FabricAvailableAddressesView),
    *(_available(model, 'addresses', ResourceAvailableAddressesView) for model in ADDRESSED),
    *router.urls,
]
