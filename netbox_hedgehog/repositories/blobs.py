"""The names that Git gives to contents."""

import hashlib

__all__ = ('blob_id', 'object_id')


def object_id(kind: bytes, data: bytes) -> str:
    """Compute the name of an object of a kind (`blob`, `tree`, `commit`), as 40 hexadecimal digits."""
    return hashlib.sha1(b'%s %d\0' % (kind, len(data)) + data, usedforsecurity=False).hexdigest()


def blob_id(data: bytes) -> str:
    """Compute the name under which Git keeps a file's content, as `git hash-object` does."""
    return object_id(b'blob', data)
