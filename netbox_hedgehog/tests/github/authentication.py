"""Finding out who sends a request."""

import base64
import binascii
from typing import TYPE_CHECKING

import jwt

from .callers import App, Caller, CallerKind
from .exchange import Refusal, Request

if TYPE_CHECKING:
    from .forge import Forge

__all__ = ('identify',)

NOBODY = Caller(CallerKind.NOBODY)
BAD = 'Bad credentials'


def identify(forge: 'Forge', request: Request) -> tuple[Caller, Refusal | None]:
    """Return who asks, and why they are turned away, if they are."""
    scheme, _, value = request.headers.get('Authorization', '').partition(' ')
    value = value.strip()
    if not scheme:
        return NOBODY, None
    if scheme.lower() == 'basic':
        value = _password(value)
    if caller := forge.callers.get(value):
        return (caller, None) if caller.is_valid(forge.now()) else (NOBODY, Refusal(401, BAD))
    if value.count('.') == 2 and value.startswith('ey'):
        return _identify_app(forge, value)
    return NOBODY, Refusal(401, BAD)


def _password(value: str) -> str:
    try:
        return base64.b64decode(value).decode().partition(':')[2]
    except (binascii.Error, UnicodeDecodeError):
        return ''


def _identify_app(forge: 'Forge', assertion: str) -> tuple[Caller, Refusal | None]:
    try:
        issuer = str(jwt.decode(assertion, options={'verify_signature': False}).get('iss'))
    except jwt.InvalidTokenError:
        return NOBODY, Refusal(401, 'A JSON web token could not be decoded')
    app = next((app for app in forge.apps if issuer in {str(app.app_id), app.client_id}), None)
    if app is None:
        return NOBODY, Refusal(401, "'Issuer' claim ('iss') must be an Integer")
    try:
        app.check(assertion, forge.now())
    except Refusal as refusal:
        return NOBODY, refusal
    return _app_caller(app), None


def _app_caller(app: App) -> Caller:
    return Caller(CallerKind.APP, app.slug, app.permissions, frozenset(app.repositories), app=app)
