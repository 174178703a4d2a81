"""Everything that is declared for one fabric, arranged for the questions that its rules ask.

A design never changes: `with_changes` returns another one that shares what is the same, so that an edit in a fabric of
thousands of resources can be judged before it is made.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from .addresses import Prefix
from .claims import Claim, PrefixClaim, claims
from .declaration import Declaration
from .faults import NO_FAULTS, Faults
from .fields import Structure
from .identity import DEFAULT_NAMESPACE, Identity
from .indexes import Claimant, Index, Pool
from .kind import Kind
from .metadata import check_metadata
from .paths import Path
from .problems import Problem
from .references import implied_references, references
from .registry import KINDS
from .settings import FabricSettings
from .structure import read_spec

__all__ = ('Claimant', 'Design', 'Entry')

# What a claim is of, or the name of a pool; see `Claim`.
type Thing = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Entry[S: Structure]:
    """A declared resource, read: `spec` holds what has the structure of the kind, `problems` what has not."""

    declaration: Declaration
    # What names the resource within its fabric.
    identity: Identity
    spec: S
    problems: tuple[Problem, ...]
    # Where those of its problems are that are errors.
    faults: Faults
    # What it takes that a fabric has only once, and what it refers to.
    claims: tuple[Claim, ...]
    prefixes: tuple[PrefixClaim, ...]
    targets: tuple[Identity, ...]

    @property
    def kind(self) -> Kind:
        """The kind of the resource."""
        return self.declaration.kind

    @property
    def name(self) -> str:
        """The name of the resource."""
        return self.declaration.name

    def is_faulty(self, path: Path) -> bool:
        """Tell whether a field has an error of structure: itself, something in it, or what it stands in."""
        return self.faults.touch(path)


class _Changes:
    """What resources take and refer to, gathered by index: what a change takes out of the indexes, or puts in."""

    __slots__ = ('claims', 'pools', 'referrers')

    def __init__(self) -> None:
        self.claims: dict[Thing, list[Claimant]] = {}
        self.pools: dict[Thing, dict[Prefix, list[Claimant]]] = {}
        self.referrers: dict[Identity, list[Identity]] = {}

    def note(self, entry: Entry[Structure]) -> None:
        for claim in entry.claims:
            self.claims.setdefault(claim.thing, []).append(Claimant(entry.identity, claim.path))
        for pool, prefix, path in entry.prefixes:
            self.pools.setdefault(pool, {}).setdefault(prefix, []).append(Claimant(entry.identity, path))
        for target in entry.targets:
            self.referrers.setdefault(target, []).append(entry.identity)


class Design:
    """The resources of a fabric and its settings.

    Of an identity that is declared twice the last one counts, as with an apply.
    """

    __slots__ = ('_by_kind', '_claims', '_entries', '_pools', '_referrers', 'settings')

    def __init__(self, settings: FabricSettings, declarations: Iterable[Declaration] = ()) -> None:
        self.settings = settings
        self._entries: dict[Identity, Entry[Structure]] = {}
        self._by_kind: dict[str, dict[Identity, Entry[Structure]]] = {name: {} for name in KINDS}
        self._claims: Index[Thing, Claimant] = Index()
        self._pools: dict[Thing, Pool] = {}
        self._referrers: Index[Identity, Identity] = Index()
        self._change(declarations, ())

    def with_changes(self, put: Iterable[Declaration] = (), remove: Collection[Identity] = ()) -> 'Design':
        """Return the design as it would be after a change."""
        put = tuple(put)
        other = Design.__new__(Design)
        other.settings = self.settings
        other._entries = dict(self._entries)
        other._by_kind = dict(self._by_kind)
        for name in {*(declaration.kind.name for declaration in put), *(identity.kind for identity in remove)}:
            other._by_kind[name] = dict(self._by_kind[name])
        other._claims = self._claims.copy()
        other._pools = dict(self._pools)
        other._referrers = self._referrers.copy()
        other._change(put, remove)
        return other

    def with_settings(self, settings: FabricSettings) -> 'Design':
        """Return the same resources under other settings."""
        other = self.with_changes()
        other.settings = settings
        return other

    def __iter__(self) -> Iterator[Entry[Structure]]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, identity: Identity) -> bool:
        return identity in self._entries

    def entry(self, identity: Identity) -> Entry[Structure] | None:
        """Return a resource by its identity."""
        return self._entries.get(identity)

    def all[S: Structure](self, spec: type[S]) -> Collection[Entry[S]]:
        """Return all resources whose spec is of a type, in the order in which they were declared."""
        return cast('Collection[Entry[S]]', self._by_kind[_KIND_NAMES[spec]].values())

    def find[S: Structure](self, spec: type[S], name: str) -> Entry[S] | None:
        """Return the resource with a name whose spec is of a type, as a reference means it: in the one namespace."""
        kind = KINDS[_KIND_NAMES[spec]]
        found = self._by_kind[kind.name].get(Identity(kind.group, kind.name, DEFAULT_NAMESPACE, name))
        return cast('Entry[S] | None', found)

    def claimants(self, thing: Thing) -> Sequence[Claimant]:
        """Return who takes a thing, in the order of their identities; see `Claim`."""
        return self._claims[thing]

    def overlapping(self, pool: Thing, prefix: Prefix) -> Iterator[tuple[Prefix, Claimant]]:
        """Yield the prefixes of a pool that overlap one, the equal ones included, with who takes them."""
        found = self._pools.get(pool)
        return found.overlapping(prefix) if found else iter(())

    def prefixes(self, pool: Thing) -> list[Prefix]:
        """Return the prefixes that are taken from a pool, in order."""
        found = self._pools.get(pool)
        return list(found.prefixes) if found else []

    def referrers(self, identity: Identity) -> tuple[Identity, ...]:
        """Return the resources that refer to one, be it by a default that they leave out, in order; itself never."""
        return tuple(referrer for referrer in self._referrers[identity] if referrer != identity)

    def _change(self, put: Iterable[Declaration], remove: Iterable[Identity]) -> None:
        """Make a change in a design that nobody has seen yet."""
        latest: dict[Identity, Declaration] = {}
        for declaration in put:
            identity = declaration.identity
            latest.pop(identity, None)
            latest[identity] = declaration
        leaving, coming = _Changes(), _Changes()
        for identity in dict.fromkeys((*remove, *latest)):
            if entry := self._entries.pop(identity, None):
                del self._by_kind[identity.kind][identity]
                leaving.note(entry)
        for identity, declaration in latest.items():
            entry = _read(declaration, identity)
            self._entries[identity] = self._by_kind[identity.kind][identity] = entry
            coming.note(entry)
        self._claims.change(leaving.claims, coming.claims)
        self._referrers.change(leaving.referrers, coming.referrers)
        for name in leaving.pools.keys() | coming.pools.keys():
            pool = Pool(self._pools.get(name))
            pool.change(leaving.pools.get(name, {}), coming.pools.get(name, {}))
            if pool.prefixes:
                self._pools[name] = pool
            else:
                del self._pools[name]


_KIND_NAMES = {kind.spec: kind.name for kind in KINDS.values()}


def _read(declaration: Declaration, identity: Identity) -> Entry[Structure]:
    kind = declaration.kind
    reading = read_spec(kind, declaration.spec)
    spec = cast(Structure, reading.spec)
    in_metadata = check_metadata(
        kind, declaration.namespace, declaration.name, declaration.labels, declaration.annotations
    )
    problems = (*in_metadata, *reading.problems)
    taken = tuple(claims(spec))
    return Entry(
        declaration,
        identity,
        spec,
        problems,
        faults=Faults.of(problems) if problems else NO_FAULTS,
        claims=tuple(claim for claim in taken if isinstance(claim, Claim)),
        prefixes=tuple(claim for claim in taken if isinstance(claim, PrefixClaim)),
        targets=tuple(dict.fromkeys(_targets(declaration))),
    )


def _targets(declaration: Declaration) -> Iterator[Identity]:
    kind, spec = declaration.kind, declaration.spec
    for reference in (*references(kind, spec), *implied_references(kind, spec)):
        target = KINDS[reference.kind_name]
        yield Identity(target.group, target.name, declaration.namespace, reference.name)
