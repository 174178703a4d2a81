"""The roles of switches, as far as the fabric treats them differently."""

__all__ = ('LEAF_ROLES', 'SPINE', 'is_leaf')

SPINE = 'spine'
LEAF_ROLES = ('server-leaf', 'border-leaf', 'mixed-leaf')


def is_leaf(role: str) -> bool:
    """Tell whether a switch of a role is a leaf, with an ASN of its own and a VTEP."""
    return role in LEAF_ROLES
