"""Addresses of the REST API, below /api/plugins/hedgehog/."""

from netbox.api.routers import NetBoxRouter

from . import views

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

urlpatterns = router.urls
