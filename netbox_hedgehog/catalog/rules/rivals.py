"""Who else takes what a resource takes."""

from collections.abc import Iterable, Iterator
from itertools import islice

from ..design import Claimant
from ..identity import DEFAULT_NAMESPACE, Identity

__all__ = ('name_rival', 'rivals')

# As many as a person wants to read of; all of them would be quadratic where a whole fabric takes the same.
_ENOUGH = 10


def rivals(claimants: Iterable[Claimant], identity: Identity) -> Iterator[Claimant]:
    """Yield the other resources among the claimants, the first ones in their order if they are many.

    What stands in another namespace than the only one the fabric accepts takes nothing.
    """
    others = (
        claimant
        for claimant in claimants
        if claimant.identity != identity and claimant.identity.namespace == DEFAULT_NAMESPACE
    )
    return islice(others, _ENOUGH)


def name_rival(rival: Claimant) -> str:
    """Write a resource as people call it: `VPC vpc-2`."""
    return f'{rival.identity.kind} {rival.identity.name}'
