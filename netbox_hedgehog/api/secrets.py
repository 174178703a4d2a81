"""Viewsets whose objects take a secret."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from netbox.api.viewsets import NetBoxModelViewSet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from ..forms.posted import take_secrets

__all__ = ('SecretViewSet',)


class SecretViewSet(NetBoxModelViewSet):
    """Let nothing but the serializer see a secret, and hand none to a background job."""

    secret_fields: ClassVar[tuple[str, ...]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Take the secrets from Django's request, once Django REST framework has read it."""
        super().initial(request, *args, **kwargs)
        if request.data:
            take_secrets(request._request, self.secret_fields)

    def check_background_enabled(self) -> None:
        """Refuse a background job that would hold a secret until it runs."""
        super().check_background_enabled()
        for entry in self.request.data:
            for name in self.secret_fields:
                if isinstance(entry, dict) and entry.get(name):
                    raise ValidationError({name: _('A background job takes no secret; leave out the parameter.')})
