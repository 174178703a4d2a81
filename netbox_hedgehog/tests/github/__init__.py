"""A GitHub for tests and for the demonstration: its REST and GraphQL API over real bare repositories."""

from .exchange import Recorded
from .faults import Fault, FaultKind
from .forge import Forge
from .repository import HostedRepository

__all__ = ('Fault', 'FaultKind', 'Forge', 'HostedRepository', 'Recorded')
