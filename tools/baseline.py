"""The database of a freshly migrated NetBox without plugins, kept as a script.

NetBox's own migrations take minutes; restoring what they produce takes seconds. The script holds tables, triggers and
the rows that migrations make (content types, permissions, the list of migrations), and nothing else: no user, no
secret, no plugin, and one fixed date in place of all dates, so that making it again gives the same bytes.
"""

import argparse
import gzip
import re
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from .checkout import BASELINES, ROOT
from .errors import ToolError
from .instance import Instance
from .netbox import DATABASE, make_database, manage, write_configuration
from .postgresql import Cluster
from .report import fail, say

__all__ = ('main', 'restore')

FIXED_DATE = '2000-01-01 00:00:00+00'
# pg_dump guards its scripts with a random word that older psql programs do not understand, and names its release.
NOT_TO_KEEP = re.compile(r'^(\\(un)?restrict .*|-- Dumped (from|by) .*|SET transaction_timeout .*)\n', re.MULTILINE)
SAME_DATE_EVERYWHERE = f"""
DO $$
DECLARE place record;
BEGIN
  FOR place IN
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type = 'timestamp with time zone'
  LOOP
    EXECUTE format('UPDATE %I SET %I = %L WHERE %I IS NOT NULL',
                   place.table_name, place.column_name, '{FIXED_DATE}', place.column_name);
  END LOOP;
END $$
"""  # noqa: S608  nothing of this comes from outside


def baseline_of(netbox_version: str) -> Path:
    """Where the script for a NetBox release lies."""
    return BASELINES / f'netbox-{netbox_version}.sql.gz'


def restore(cluster: Cluster, *, password: str, database: str = DATABASE) -> bool:
    """Make the database from the script; answer whether there is one for the installed NetBox.

    The database gets its name only when it is complete, so a restore that was interrupted leaves none behind.
    """
    script = baseline_of(version('netbox'))
    if not script.is_file():
        return False
    half_made = f'{database}_new'
    cluster.query(f'DROP DATABASE IF EXISTS {half_made}')
    make_database(cluster, half_made, password=password)
    cluster.load(gzip.decompress(script.read_bytes()), half_made, role='netbox', password=password)
    cluster.query(f'ALTER DATABASE {half_made} RENAME TO {database}')
    return True


def make() -> None:
    """Migrate an empty database with the installed NetBox, and keep it as the script for this release."""
    netbox_version = version('netbox')
    home = ROOT / '.test' / 'baseline'
    if home.exists():
        shutil.rmtree(home)
    instance = Instance(home, durable=False)
    with instance.only_us():
        try:
            cluster = instance.start_database()
            instance.start_cache()
            password = instance.settings.database_password
            make_database(cluster, DATABASE, password=password)
            write_configuration(instance, plugins=())
            say(f'running all migrations of NetBox {netbox_version}; this takes minutes')
            manage(instance, 'migrate', '--no-input', doing='migrating')
            cluster.query(SAME_DATE_EVERYWHERE, DATABASE)
            text = cluster.dump(DATABASE, '--no-owner', '--no-privileges', '--no-comments')
        finally:
            instance.background('cache').stop()
            instance.background('postgresql').stop()
    shutil.rmtree(home)
    target = baseline_of(netbox_version)
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(gzip.compress(NOT_TO_KEEP.sub('', text).encode(), compresslevel=9, mtime=0))
    say(f'{target.relative_to(ROOT)}: {target.stat().st_size // 1024} KiB')
    for other in sorted(BASELINES.glob('netbox-*.sql.gz')):
        if other != target:
            say(f'{other.relative_to(ROOT)} is of another release; remove it when that is no longer installed')


def main() -> int:
    """Make the script for the installed NetBox."""
    argparse.ArgumentParser(prog='tools.baseline', description=__doc__).parse_args()
    try:
        make()
    except ToolError as error:
        fail(str(error))
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
