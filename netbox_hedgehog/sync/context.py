"""Telling the synchroniser's own writes from those of people."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ('engine_writes', 'is_engine_writing')

_writing: ContextVar[bool] = ContextVar('hedgehog_engine_writing', default=False)


@contextmanager
def engine_writes() -> Iterator[None]:
    """Let the writes of this block pass without being captured: what came from Git does not go back to Git."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def is_engine_writing() -> bool:
    """Whether the current write is the synchroniser's own."""
    return _writing.get()
