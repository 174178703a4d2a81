"""Both sides in memory: a directory of files and a table of rows, with a plan applied to them."""

from dataclasses import dataclass, field

from netbox_hedgehog.catalog import KINDS, Identity
from netbox_hedgehog.manifests import parse
from netbox_hedgehog.reconcile import (
    Agreed,
    Base,
    Conflicting,
    Content,
    GitSnapshot,
    Gone,
    NetBoxSnapshot,
    Plan,
    Policy,
    RowDelete,
    content_of,
    is_managed_manifest,
    reconcile,
)
from netbox_hedgehog.repositories import Entry, blob_id

__all__ = ('World', 'identity')


def identity(kind: str, name: str, namespace: str = 'default') -> Identity:
    return Identity(KINDS[kind].group, kind, namespace, name)


@dataclass
class World:
    files: dict[str, bytes] = field(default_factory=dict)
    rows: dict[Identity, Content] = field(default_factory=dict)
    deleted: set[Identity] = field(default_factory=set)
    base: dict[Identity, Base] = field(default_factory=dict)
    conflicts: dict[Identity, Conflicting] = field(default_factory=dict)
    commits: int = 0

    def plan(self, **policy) -> Plan:
        entries = {path: Entry(0o100644, blob_id(data)) for path, data in self.files.items()}
        options = {'deletion_limit': 1000, 'initialise': self.commits == 0} | policy
        return reconcile(
            self.base,
            NetBoxSnapshot(self.rows, self.deleted - self.rows.keys()),
            GitSnapshot('0' * 40, entries, self.files),
            Policy('DC1', **options),
            {*self.base, *self.rows, *self.deleted, *self.documents()},
        )

    def sync(self, **policy) -> Plan:
        plan = self.plan(**policy)
        for change in plan.files:
            if change.data is None:
                del self.files[change.path]
            else:
                self.files[change.path] = change.data
        self.commits += bool(plan.files)
        for row in plan.rows:
            if isinstance(row, RowDelete):
                del self.rows[row.identity]
            else:
                self.rows[row.identity] = row.content
        for key, outcome in plan.outcomes.items():
            self.conflicts.pop(key, None)
            match outcome:
                case Agreed(base=base, path=path):
                    self.base[key] = Base(base, path)
                    self.deleted.discard(key)
                case Conflicting(base=base, path=path):
                    self.base[key] = Base(base, path)
                    self.conflicts[key] = outcome
                case Gone():
                    self.base.pop(key, None)
                    self.deleted.discard(key)
        return plan

    def documents(self) -> dict[Identity, Content]:
        """Return what `managed/` holds, read afresh."""
        found = {}
        for path, data in self.files.items():
            if is_managed_manifest(path):
                for document in parse(path, data).documents:
                    found[document.identity] = content_of(document.content)
        return found

    def text(self, path: str) -> str:
        return self.files[path].decode()
