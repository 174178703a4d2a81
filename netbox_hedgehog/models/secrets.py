"""Secrets at rest: encrypted with a key of their own, and never shown again.

The keys are the plugin's `encryption_keys`, newest first: the first encrypts, all of them decrypt. Without any, one is
derived from NetBox's `SECRET_KEY`, which then must not change without the secrets being entered again.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from netbox.plugins import get_plugin_config

__all__ = ('SecretUnreadable', 'decrypt', 'encrypt', 'rotate')

# Binds the derived key to this use: the same passphrase elsewhere gives another key (RFC 5869, section 3.2).
_PURPOSE = b'netbox_hedgehog secrets at rest'


class SecretUnreadable(Exception):
    """A stored secret was encrypted with a key that is no longer configured."""

    remedy = 'Put the former key back at the end of encryption_keys, or enter the secret again.'

    def __init__(self) -> None:
        super().__init__(f'A stored secret cannot be decrypted with any of the configured keys. {self.remedy}')


def encrypt(secret: str) -> str:
    """Return a secret as it is stored; the empty text stays empty."""
    return _cipher().encrypt(secret.encode()).decode('ascii') if secret else ''


def decrypt(stored: str) -> str:
    """Return a stored secret; raises `SecretUnreadable`."""
    if not stored:
        return ''
    try:
        return _cipher().decrypt(stored).decode()
    except InvalidToken as error:
        raise SecretUnreadable from error


def rotate(stored: str) -> str:
    """Return a stored secret encrypted with the newest key; raises `SecretUnreadable`."""
    if not stored:
        return ''
    try:
        return _cipher().rotate(stored).decode('ascii')
    except InvalidToken as error:
        raise SecretUnreadable from error


def _cipher() -> MultiFernet:
    passphrases = get_plugin_config('netbox_hedgehog', 'encryption_keys') or [settings.SECRET_KEY]
    return MultiFernet([Fernet(_derived(passphrase)) for passphrase in passphrases])


def _derived(passphrase: str) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(passphrase.encode())
    return base64.urlsafe_b64encode(key)
