"""Buttons of the pages of fabrics and repositories."""

from typing import Any

from django.template import Context
from django.utils.translation import gettext_lazy as _
from netbox.object_actions import ObjectAction

from ..models import GitRepository, HedgehogFabric

__all__ = ('ApproveDeletions', 'Preview', 'SyncNow', 'TestFabric', 'TestRepository')


class SyncNow(ObjectAction):
    """Queue a pass."""

    name = 'sync'
    label = _('Sync now')
    permissions_required = {'sync'}
    url_kwargs = ['pk']
    template_name = 'netbox_hedgehog/buttons/post.html'

    @classmethod
    def get_context(cls, context: Context, obj: HedgehogFabric) -> dict[str, Any]:
        """Hand on the token that a form needs."""
        return {'csrf_token': context.get('csrf_token'), 'icon': 'sync', 'css_class': 'primary'}


class Preview(ObjectAction):
    """Show what a pass would do."""

    name = 'preview'
    label = _('Preview')
    permissions_required = {'sync'}
    url_kwargs = ['pk']
    template_name = 'netbox_hedgehog/buttons/link.html'

    @classmethod
    def get_context(cls, context: Context, obj: HedgehogFabric) -> dict[str, Any]:
        """Choose the look."""
        return {'icon': 'eye-outline', 'css_class': 'cyan'}


class ApproveDeletions(ObjectAction):
    """Lead to the list of held deletions."""

    name = 'approve'
    label = _('Approve deletions')
    permissions_required = {'approve'}
    url_kwargs = ['pk']
    template_name = 'netbox_hedgehog/buttons/link.html'

    @classmethod
    def get_context(cls, context: Context, obj: HedgehogFabric) -> dict[str, Any]:
        """Choose the look."""
        return {'icon': 'hand-back-right-outline', 'css_class': 'orange'}


class TestFabric(ObjectAction):
    """Ask the server whether the fabric can be synchronised."""

    name = 'test'
    label = _('Test connection')
    permissions_required = {'sync'}
    url_kwargs = ['pk']
    template_name = 'netbox_hedgehog/buttons/post.html'

    @classmethod
    def get_context(cls, context: Context, obj: HedgehogFabric | GitRepository) -> dict[str, Any]:
        """Hand on the token that a form needs."""
        return {'csrf_token': context.get('csrf_token'), 'icon': 'stethoscope', 'css_class': 'cyan'}


class TestRepository(TestFabric):
    """Ask the server whether the repository can be used."""

    permissions_required = {'change'}
