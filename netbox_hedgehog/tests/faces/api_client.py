"""Ordinary users of the REST API: each has a token, and the permissions that a test gives it."""

from core.models import ObjectType
from django.test import Client
from users.constants import TOKEN_PREFIX
from users.models import ObjectPermission, Token, User
from utilities.permissions import resolve_permission_type

__all__ = ('ROOT', 'ApiClient')

ROOT = '/api/plugins/hedgehog/'


class ApiClient:
    """Sends requests as one user with one token."""

    def __init__(self, name='ordinary', *, write_enabled=True):
        self.client = Client()
        self.user = User.objects.create_user(username=name)
        token = Token.objects.create(user=self.user, write_enabled=write_enabled)
        self.headers = {'Authorization': f'Bearer {TOKEN_PREFIX}{token.key}.{token.token}'}

    def allow(self, *names, constraints=None):
        """Grant permissions such as `view_vpc`, each on its own."""
        for name in names:
            object_type, action = resolve_permission_type(f'netbox_hedgehog.{name}')
            permission = ObjectPermission.objects.create(name=name, actions=[action], constraints=constraints)
            permission.users.add(self.user)
            permission.object_types.add(ObjectType.objects.get(pk=object_type.pk))

    def get(self, path):
        return self._send('get', path)

    def post(self, path, data=None):
        return self._send('post', path, {} if data is None else data)

    def put(self, path, data):
        return self._send('put', path, data)

    def patch(self, path, data):
        return self._send('patch', path, data)

    def _send(self, method, path, data=None):
        send = getattr(self.client, method)
        return send(ROOT + path, data, content_type='application/json', headers=self.headers)
