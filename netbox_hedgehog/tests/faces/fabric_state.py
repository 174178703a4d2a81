"""Putting a fabric into a state, without a pass and without a repository."""

from django.urls import reverse
from django.utils import timezone

from netbox_hedgehog.models import FabricState, PendingChange, SyncState

__all__ = ('COMMIT', 'settle', 'url_of')

COMMIT = 'c0ffee' * 6 + 'c0ff'


def url_of(fabric, view=''):
    return reverse(f'plugins:netbox_hedgehog:hedgehogfabric{view and "_"}{view}', args=[fabric.pk])


def settle(fabric, **fields):
    """Let everything of a fabric be as after a pass that found both sides equal."""
    PendingChange.objects.filter(fabric=fabric).delete()
    SyncState.objects.filter(fabric=fabric).update(**{'status': 'synced', 'commit': COMMIT, **fields})
    state = {'commit': COMMIT, 'compared_at': timezone.now(), 'connection': 'ok'}
    FabricState.objects.update_or_create(fabric=fabric, defaults=state)
