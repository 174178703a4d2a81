"""Addresses of the pages, below /plugins/hedgehog/."""

from django.db.models import Model
from django.urls import include, path
from utilities.urls import get_model_urls

from . import views
from .models import RESOURCE_MODELS, GitCredential, GitRepository, HedgehogFabric, PendingChange, SyncRun

_SLUGS: dict[type[Model], str] = {
    GitRepository: 'git-repositories',
    GitCredential: 'git-credentials',
    HedgehogFabric: 'fabrics',
    **{model: model.kind.slug for model in RESOURCE_MODELS},
    PendingChange: 'pending-changes',
    SyncRun: 'sync-runs',
}

urlpatterns = [
    path('reference/<str:model_name>/', views.KindReferenceView.as_view(), name='kind_reference'),
    path('spec-offers/', views.SpecOffersView.as_view(), name='spec_offers'),
    path('webhooks/github/<int:pk>/', views.GitHubWebhookView.as_view(), name='github_webhook'),
]
for model, slug in _SLUGS.items():
    name = model._meta.model_name
    urlpatterns += [
        path(f'{slug}/', include(get_model_urls('netbox_hedgehog', name, detail=False))),
        path(f'{slug}/<int:pk>/', include(get_model_urls('netbox_hedgehog', name))),
    ]
