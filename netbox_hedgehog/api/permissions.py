"""Who may start the actions of a fabric, in addition to the token's own right to write."""

from netbox.api.authentication import TokenPermissions, TokenSyncPermission

__all__ = ('TokenApprovePermission', 'TokenChangePermission', 'TokenResolvePermission', 'TokenSyncPermission')


class TokenApprovePermission(TokenPermissions):
    """Require the permission to approve held deletions, in place of the one to add that a POST otherwise maps to."""

    perms_map = {**TokenPermissions.perms_map, 'POST': ['%(app_label)s.approve_%(model_name)s']}


class TokenChangePermission(TokenPermissions):
    """Require the permission to change an object, in place of the one to add that a POST otherwise maps to."""

    perms_map = {**TokenPermissions.perms_map, 'POST': ['%(app_label)s.change_%(model_name)s']}


class TokenResolvePermission(TokenPermissions):
    """Require a user whose token may write: what else it takes depends on the resource, which the view looks at."""

    perms_map = {**TokenPermissions.perms_map, 'POST': []}
