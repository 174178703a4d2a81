"""Who asks, and what they may: personal tokens, Apps and their installations' tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .exchange import Refusal

if TYPE_CHECKING:
    from .webhooks import Hook

__all__ = ('App', 'Caller', 'CallerKind')

LEVELS = {'read': 1, 'write': 2, 'admin': 3}
LONGEST_ASSERTION = timedelta(minutes=10)
CLOCK_TOLERANCE = timedelta(seconds=60)
TOKEN_LIFE = timedelta(hours=1)


class CallerKind(Enum):
    """How somebody proved who they are."""

    NOBODY = 'nobody'
    CLASSIC = 'classic token'
    FINE_GRAINED = 'fine-grained token'
    INSTALLATION = 'installation token'
    APP = 'App'


@dataclass
class App:
    """A GitHub App with one installation."""

    app_id: int
    client_id: str
    slug: str
    permissions: dict[str, str]
    installation_id: int
    repositories: list[str]
    key: rsa.RSAPrivateKey = field(repr=False)
    hook: 'Hook | None' = None
    # How many tokens were handed out.
    tokens_issued: int = 0

    @property
    def private_key_pem(self) -> str:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        ).decode()

    @property
    def login(self) -> str:
        return f'{self.slug}[bot]'

    def check(self, assertion: str, now: datetime) -> None:
        """Verify what an App says of itself; raises Refusal."""
        try:
            claims = jwt.decode(
                assertion,
                self.key.public_key(),
                algorithms=['RS256'],
                options={'verify_exp': False, 'verify_iat': False, 'verify_aud': False},
            )
        except jwt.InvalidTokenError as error:
            raise Refusal(401, 'A JSON web token could not be decoded') from error
        issued, expires = claims.get('iat'), claims.get('exp')
        if not isinstance(issued, int) or issued > (now + CLOCK_TOLERANCE).timestamp():
            raise Refusal(
                401,
                "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
            )
        if not isinstance(expires, int) or expires <= now.timestamp():
            raise Refusal(
                401,
                "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the "
                'assertion expires',
            )
        if expires > (now + LONGEST_ASSERTION + CLOCK_TOLERANCE).timestamp():
            raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")


@dataclass
class Caller:
    """Somebody with a token, or nobody."""

    kind: CallerKind
    login: str = ''
    permissions: Mapping[str, str] = field(default_factory=dict)
    # Full names; None for all.
    repositories: frozenset[str] | None = None
    expires: datetime | None = None
    is_revoked: bool = False
    app: App | None = None

    @property
    def email(self) -> str:
        return f'{self.login}@users.noreply.github.com'

    @property
    def missing_permission(self) -> str:
        """What is said when a permission is missing."""
        if self.kind is CallerKind.INSTALLATION:
            return 'Resource not accessible by integration'
        return 'Resource not accessible by personal access token'

    def is_valid(self, now: datetime) -> bool:
        return not self.is_revoked and (self.expires is None or now < self.expires)

    def sees(self, full_name: str) -> bool:
        if self.kind in {CallerKind.NOBODY, CallerKind.APP}:
            return False
        return self.repositories is None or full_name.lower() in {name.lower() for name in self.repositories}

    def may(self, permission: str, level: str) -> bool:
        if self.kind is CallerKind.CLASSIC or permission == 'metadata':
            return True
        granted = self.permissions.get(permission, '')
        return LEVELS.get(granted, 0) >= LEVELS[level]


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
