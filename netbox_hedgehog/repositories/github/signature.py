"""Prove that a webhook's body was sent by somebody who knows the secret."""

import hashlib
import hmac
from collections.abc import Iterable

__all__ = ('SIGNATURE_HEADER', 'is_signed', 'sign')

SIGNATURE_HEADER = 'X-Hub-Signature-256'

_ALGORITHM = 'sha256='


def sign(secret: str, body: bytes) -> str:
    """Return the value of GitHub's signature header for the raw bytes of a body."""
    return _ALGORITHM + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(secrets: Iterable[str], body: bytes, header: str) -> bool:
    """Tell whether a body carries the signature of one of the secrets: two are valid while one replaces the other.

    An empty secret proves nothing and is left out. The time that this takes tells neither how much of a signature is
    right nor which secret made it.
    """
    given = header.encode('utf-8', 'replace')
    matches = [hmac.compare_digest(sign(secret, body).encode(), given) for secret in secrets if secret]
    return any(matches)
