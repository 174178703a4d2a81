"""What a test that commits leaves behind goes in moments, and NetBox's own rows stay."""

from core.models import ObjectType
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

__all__ = ('EmptiedAfterwards',)

MADE_WITH_THE_TABLES = {model._meta.db_table for model in (ContentType, Permission, ObjectType)}


class EmptiedAfterwards:
    """Mix in before Django's `TransactionTestCase`: only tables that hold something are emptied, by deleting.

    Django truncates all of NetBox's two hundred tables after each test, and makes the content types and permissions of
    every model anew: seconds for a handful of rows.
    """

    def _fixture_teardown(self):
        with transaction.atomic(), connection.cursor() as cursor:
            names = set(connection.introspection.table_names(cursor)) - MADE_WITH_THE_TABLES
            queries = (f'SELECT \'{name}\' WHERE EXISTS (SELECT FROM "{name}")' for name in sorted(names))
            cursor.execute(' UNION ALL '.join(queries))
            # In any order: whether a reference leads nowhere is looked at when the transaction ends.
            for (name,) in cursor.fetchall():
                cursor.execute(f'DELETE FROM "{name}"')
