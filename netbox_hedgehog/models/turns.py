"""Taking turns: two saves that are checked at the same moment must not both pass and clash afterwards."""

from django.db import connections

__all__ = ('take_turn',)


def take_turn(fabric_id: int, using: str) -> None:
    """Wait until nobody else saves or deletes resources of a fabric, and keep others waiting.

    The turn ends with the transaction, after what it wrote can be seen. What a pass writes does not wait for one: Git
    has the last word, and what clashes then is marked.
    """
    with connections[using].cursor() as cursor:
        cursor.execute('SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))', [f'netbox_hedgehog fabric {fabric_id}'])
