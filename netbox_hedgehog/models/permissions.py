"""What is said to a user who lacks a permission: which one it is, by the name that NetBox grants it under."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Model
from django.utils.translation import gettext as _
from utilities.permissions import get_permission_for_model

__all__ = ('may', 'permission_needed')


def may(user: AbstractBaseUser | AnonymousUser, model: type[Model], action: str = 'view') -> bool:
    """Tell whether a user has a permission for any object of a model; its constraints may leave none."""
    return user.has_perm(get_permission_for_model(model, action))


def permission_needed(model: type[Model], action: str = 'view') -> str:
    """Return the sentence that names a permission which is needed."""
    message = _('This takes the permission {permission}; ask an administrator of NetBox for it.')
    return message.format(permission=get_permission_for_model(model, action))
