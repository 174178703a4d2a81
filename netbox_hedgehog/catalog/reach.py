"""Who may have to be judged anew when resources change."""

from collections.abc import Collection, Iterator

from .design import Claimant, Design
from .identity import Identity

__all__ = ('felt_by', 'looking_at')

# Attachments look at connections, and at the switches of those.
_SEEN_THROUGH_REFERRERS = 'Switch'


def felt_by(design: Design, changed: Collection[Identity]) -> set[Identity]:
    """Return which resources of a design may have new problems by a change that led to it.

    Those are the changed ones, what refers to them, and what takes the same. Who had problems before may have lost
    them besides.
    """
    felt = {identity for identity in changed if identity in design}
    for identity in changed:
        felt.update(looking_at(identity, design))
        felt.update(rival.identity for rival in _rivals(design, identity))
    return felt


def looking_at(identity: Identity, *designs: Design) -> Iterator[Identity]:
    """Yield what the rules judge by a look at a resource, in any of the designs: what refers to it, and who sees past.

    Some are named more than once.
    """
    for design in designs:
        for referrer in design.referrers(identity):
            yield referrer
            if identity.kind == _SEEN_THROUGH_REFERRERS:
                for other in designs:
                    yield from other.referrers(referrer)


def _rivals(design: Design, identity: Identity) -> Iterator[Claimant]:
    entry = design.entry(identity)
    if entry is None:
        return
    for claim in entry.claims:
        yield from design.claimants(claim.thing)
    for pool, prefix, _ in entry.prefixes:
        yield from (claimant for _, claimant in design.overlapping(pool, prefix))
