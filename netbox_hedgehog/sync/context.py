"""Telling the synchroniser's own writes from those of people."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from netbox.context import current_request
from netbox.context_managers import event_tracking
from utilities.request import NetBoxFakeRequest

__all__ = ('acting_as', 'engine_writes', 'is_engine_writing', 'request_of')

_writing: ContextVar[bool] = ContextVar('hedgehog_engine_writing', default=False)


@contextmanager
def engine_writes() -> Iterator[None]:
    """Let the writes of this block pass without being captured: what came from Git does not go back to Git."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def acting_as(user: AbstractBaseUser | None) -> Iterator[None]:
    """Attribute the writes of this block to a user, in NetBox's change log and in the commit.

    Without a user, or inside a request, whose user it is then, nothing changes.
    """
    if user is None or current_request.get() is not None:
        yield
        return
    with event_tracking(request_of(user)):
        yield


def request_of(user: AbstractBaseUser) -> NetBoxFakeRequest:
    """Return what NetBox's change log needs of a request: an id and a user."""
    blank: dict[str, Any] = {name: {} for name in ('META', 'GET', 'POST', 'FILES', 'COOKIES')}
    return NetBoxFakeRequest({**blank, 'id': uuid.uuid4(), 'user': user})


def is_engine_writing() -> bool:
    """Whether the current write is the synchroniser's own."""
    return _writing.get()
