"""The forms that Kubernetes asks of names and labels; how long they may be is another matter."""

import re

__all__ = ('is_dns_label', 'is_label_text', 'is_subdomain')

_DNS_LABEL = re.compile(r'[a-z0-9]([-a-z0-9]*[a-z0-9])?')
_SUBDOMAIN = re.compile(rf'{_DNS_LABEL.pattern}(\.{_DNS_LABEL.pattern})*')
_LABEL_TEXT = re.compile(r'[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?')


def is_dns_label(text: str) -> bool:
    """Tell whether a text is a label of RFC 1123: lower-case letters, digits, and hyphens between them."""
    return _DNS_LABEL.fullmatch(text) is not None


def is_subdomain(text: str) -> bool:
    """Tell whether a text is a subdomain of RFC 1123: such labels, with dots between them."""
    return _SUBDOMAIN.fullmatch(text) is not None


def is_label_text(text: str) -> bool:
    """Tell whether a text may be the value of a Kubernetes label, or the part of its key after the slash."""
    return _LABEL_TEXT.fullmatch(text) is not None
