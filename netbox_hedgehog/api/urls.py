"""Addresses of the REST API, below /api/plugins/hedgehog/."""

from django.urls import path
from netbox.api.routers import NetBoxRouter

from . import available, views

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

urlpatterns = [
    path(
        'vlan-namespaces/<int:pk>/available-vlans/',
        available.AvailableVLANsView.as_view(),
        name='vlannamespace-available-vlans',
    ),
    path(
        'ipv4-namespaces/<int:pk>/available-prefixes/',
        available.AvailablePrefixesView.as_view(),
        name='ipv4namespace-available-prefixes',
    ),
    path('fabrics/<int:pk>/available-asns/', available.AvailableASNsView.as_view(), name='fabric-available-asns'),
    path(
        'fabrics/<int:pk>/available-addresses/',
        available.FabricAvailableAddressesView.as_view(),
        name='fabric-available-addresses',
    ),
    path(
        'switches/<int:pk>/available-addresses/',
        available.SwitchAvailableAddressesView.as_view(),
        name='switch-available-addresses',
    ),
    path(
        'connections/<int:pk>/available-addresses/',
        available.ConnectionAvailableAddressesView.as_view(),
        name='connection-available-addresses',
    ),
    path(
        'gateways/<int:pk>/available-addresses/',
        available.GatewayAvailableAddressesView.as_view(),
        name='gateway-available-addresses',
    ),
    *router.urls,
]
