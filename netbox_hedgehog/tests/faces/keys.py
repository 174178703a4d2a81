"""Private keys of GitHub Apps, made for the tests."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

__all__ = ('locked_key', 'other_key', 'private_key', 'public_key')


@cache
def _key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_key():
    """Return a key as GitHub writes it."""
    return _key().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


def locked_key():
    """Return the same key, with a passphrase."""
    return _key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b'x')).decode()


def public_key():
    """Return the other half of the key."""
    return _key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def other_key():
    """Return a key of a kind that GitHub Apps do not have."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
