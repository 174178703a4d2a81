"""Edit views whose form takes a secret."""

from typing import Any, ClassVar

from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from netbox.views import generic

from ..forms.posted import take_secrets

__all__ = ('SecretEditView',)


class SecretEditView(generic.ObjectEditView):
    """An edit view whose form takes a secret, which nothing but the form gets to see."""

    secret_fields: ClassVar[tuple[str, ...]] = ()
    secret_form: ClassVar[type[ModelForm]]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Set the secrets aside for the form, before anything else looks at the request."""
        self._posted = take_secrets(request, self.secret_fields)
        return super().post(request, *args, **kwargs)

    def form(self, data: Any = None, **kwargs: Any) -> ModelForm:
        """Make the form, in place of the class that NetBox expects here."""
        return self.secret_form(data=None if data is None else self._posted, **kwargs)
