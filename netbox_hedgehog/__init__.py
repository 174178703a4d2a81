"""Hedgehog Open Network Fabric resources as NetBox objects, kept identical with their manifests in Git."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plugin import HedgehogConfig
    from .plugin import HedgehogConfig as config  # noqa: N813  the name is NetBox's

__all__ = ('HedgehogConfig', 'config')

__version__ = '0.1.0'


def __getattr__(name: str) -> type:
    """Load what NetBox asks for: the pure rooms are used, and manifests are judged, where there is no NetBox."""
    if name not in __all__:
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    from .plugin import HedgehogConfig  # imported only now: it imports NetBox

    return HedgehogConfig
