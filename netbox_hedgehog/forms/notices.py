"""What a form of NetBox's shows of ours, where its template has no place for it."""

from collections.abc import Mapping
from typing import Any

from django.forms import HiddenInput
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

__all__ = ('Notice',)


class Notice(HiddenInput):
    """Something to read: it stands before what the form shows, where its hidden inputs are. Nothing is posted."""

    def __init__(self, template: str, context: Mapping[str, Any]) -> None:
        super().__init__()
        self.notice = render_to_string(template, dict(context))

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        """Return the text in place of an input."""
        return SafeString(self.notice)
