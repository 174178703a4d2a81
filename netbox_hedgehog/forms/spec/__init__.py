"""The spec of a resource as a form: the fields of its kind, bound to what was posted, with problems beside them."""

from .binding import NAME, bind
from .drafts import blank, draft_of, draft_posted
from .fields import spec_fields
from .offers import Offer, Wanted, offers
from .showing import show
from .shown import Shown

__all__ = (
    'NAME',
    'Offer',
    'Shown',
    'Wanted',
    'bind',
    'blank',
    'draft_of',
    'draft_posted',
    'offers',
    'show',
    'spec_fields',
)
