"""Checks of single values that come from people."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

__all__ = ('validate_branch',)

# What `git check-ref-format` refuses, as far as a branch name can hold it.
_REFUSED_IN_BRANCH = re.compile(r'\.\.|@\{|//|[\x00-\x20\x7f~^:?*\[\\]|^[-/.]|/\.|[/.]$|\.lock(/|$)|^@$')


def validate_branch(value: str) -> None:
    """Refuse a branch name that Git would not take (git-check-ref-format)."""
    if _REFUSED_IN_BRANCH.search(value):
        raise ValidationError(_('%(value)s is not a branch name that Git accepts.'), params={'value': value})
