"""What people may enter as the secret of a credential."""

import re
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .choices import CredentialTypeChoices

__all__ = ('MAX_SECRET_LENGTH', 'STORED_TYPES', 'read_secret')

MAX_SECRET_LENGTH = 10_000

# The types whose secret is stored here; that of the others is read from where their reference leads.
STORED_TYPES = (CredentialTypeChoices.TOKEN, CredentialTypeChoices.APP)

# What a header of HTTP can carry as a token.
_TOKEN = re.compile(r'[\x21-\x7e]+')


def read_secret(credential_type: str, text: str) -> str:
    """Return a secret as it is used, without what a copy brings along; raises `ValidationError`.

    No message holds anything of the secret.
    """
    text = text.strip()
    if len(text) > MAX_SECRET_LENGTH:
        raise ValidationError(_('This is too long for a secret.'))
    match credential_type:
        case CredentialTypeChoices.TOKEN:
            return _read_token(text)
        case CredentialTypeChoices.APP:
            return _read_private_key(text)
        case _:
            raise ValidationError(_('A credential of this type holds no secret: its reference says where it is.'))


def _read_token(text: str) -> str:
    if text.startswith('-----BEGIN'):
        raise ValidationError(_('This is a key, not a token; for the private key of a GitHub App choose that type.'))
    if not _TOKEN.fullmatch(text):
        raise ValidationError(_('A token has no spaces, line breaks or letters beyond ASCII; copy it once more.'))
    return text


def _read_private_key(text: str) -> str:
    pem = '\n'.join(line.strip() for line in text.splitlines()) + '\n'
    if 'PRIVATE KEY-----' not in pem:
        raise ValidationError(
            _('This is no private key. Paste the whole file that GitHub gave you, from its line BEGIN to its line END.')
        )
    if not isinstance(_load(pem), RSAPrivateKey):
        raise ValidationError(_('The private key of a GitHub App is an RSA key; this is another kind of key.'))
    return pem


def _load(pem: str) -> Any:
    """Load a key. What the library says about one that it cannot load is not shown: it could quote the key."""
    try:
        return load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        raise ValidationError(_('This private key is locked with a passphrase; remove the passphrase.')) from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValidationError(
            _('This private key is damaged; paste the whole file as GitHub gave it to you.')
        ) from None
