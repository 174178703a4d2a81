"""Who may have to be judged anew when resources change."""

from collections.abc import Collection, Iterator

from .claims import Claim, claims
from .design import Claimant, Design
from .identity import Identity

__all__ = ('FELT_TWICE', 'felt_by')

# An edit is felt by what refers to the resource. That of a switch is felt further: attachments look at connections,
# and at the switches of those.
FELT_TWICE = 'Switch'


def felt_by(design: Design, changed: Collection[Identity]) -> set[Identity]:
    """Return which resources of a design may have new problems by a change that led to it.

    Those are the changed ones, what refers to them, and what takes the same. Who had problems before may have lost
    them besides.
    """
    felt = {identity for identity in changed if identity in design}
    for identity in changed:
        referrers = design.referrers(identity)
        felt.update(referrers)
        if identity.kind == FELT_TWICE:
            felt.update(other for referrer in referrers for other in design.referrers(referrer))
        felt.update(rival.identity for rival in _rivals(design, identity))
    return felt


def _rivals(design: Design, identity: Identity) -> Iterator[Claimant]:
    entry = design.entry(identity)
    for claim in claims(entry.spec) if entry else ():
        if isinstance(claim, Claim):
            yield from design.claimants(claim.thing)
        else:
            yield from (claimant for _, claimant in design.overlapping(claim.pool, claim.prefix))
