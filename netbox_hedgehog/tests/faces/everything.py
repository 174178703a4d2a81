"""All that a pass could change, to be compared before and after what must change nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.models import Job, ObjectChange
from django.apps import apps
from django.db import connection

__all__ = ('nothing_changes',)


@contextmanager
def nothing_changes(directory: Path) -> Iterator[None]:
    """Fail if a row of ours, a job, an entry of the change log, or a file below the directory changes in between."""
    before = _everything(directory)
    yield
    assert _everything(directory) == before


def _everything(directory: Path) -> dict[str, Any]:
    tables = [model._meta.db_table for model in apps.get_app_config('netbox_hedgehog').get_models()]
    tables += [Job._meta.db_table, ObjectChange._meta.db_table]
    found: dict[str, Any] = {str(path): path.read_bytes() for path in directory.rglob('*') if path.is_file()}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = cursor.fetchall()
    return found
