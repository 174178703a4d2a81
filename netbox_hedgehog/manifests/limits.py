"""How large a manifest may be."""

from dataclasses import dataclass

__all__ = ('DEFAULT_LIMITS', 'Limits')


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep one bad file from stopping an ingest.

    `nodes` counts a value again for each alias that repeats it. A document of 1 MiB is below what etcd takes.
    """

    file_bytes: int = 10 * 2**20
    document_bytes: int = 2**20
    documents: int = 10_000
    aliases: int = 50
    nodes: int = 100_000
    depth: int = 64
    scalar_chars: int = 2**18
    key_chars: int = 2**10


DEFAULT_LIMITS = Limits()
