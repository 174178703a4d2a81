"""The verdict on a design: what the fabric's admission code would refuse, and what a person should look at."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from .design import Design, Entry
from .faults import Faults
from .fields import Structure
from .identity import Identity
from .json import JSON
from .paths import at, parse
from .problems import Problem, Severity
from .reach import looking_at
from .rules import KIND_RULES, RULES, Scope, check_common, check_release, under_release, within_bounds

__all__ = ('ChangeVerdict', 'judge', 'judge_change', 'problems_of')

# How a problem is known again: its rule, its path without positions in lists, and the value that stands there.
type _Likeness = tuple[str, tuple[str | None, ...], tuple[type, JSON] | None]


@dataclass(frozen=True, slots=True)
class ChangeVerdict:
    """What a change breaks that was whole before.

    `introduced` holds the new errors by resource, those of the changed ones and those of others; `referrers` what
    still refers to a resource that the change removes.
    """

    introduced: Mapping[Identity, tuple[Problem, ...]]
    referrers: Mapping[Identity, tuple[Identity, ...]]

    @property
    def is_clean(self) -> bool:
        """Whether the change breaks nothing."""
        return not self.introduced and not self.referrers


def judge(design: Design) -> dict[Identity, tuple[Problem, ...]]:
    """Return all problems of each resource of a design, in the design's order; the tuple of a flawless one is empty."""
    return {entry.identity: _problems(entry, design) for entry in design}


def problems_of(design: Design, identity: Identity) -> tuple[Problem, ...]:
    """Return all problems of one resource; none if it is not in the design."""
    entry = design.entry(identity)
    return _problems(entry, design) if entry else ()


def judge_change(before: Design, after: Design, changed: Collection[Identity]) -> ChangeVerdict:
    """Compare a design with what it would become: only what the change breaks counts, not what was broken before.

    `changed` holds the identities that the change adds, edits or removes. A problem counts as the same when its rule
    and its path are, whatever the positions in lists; and in a resource that the change edits, the value there, which
    somebody may have replaced with one that is as wrong. What a message quotes may be something that got better.
    """
    introduced = {}
    edited = frozenset(changed)
    for identity, seen in _affected(before, after, changed).items():
        # What has not changed itself can only break what looks at others.
        is_edited = identity in edited
        look = problems_of if is_edited else partial(_problems_among_others, seen=seen)
        found = (*look(after, identity), *_update_problems(before, after, identity))
        errors = [problem for problem in found if problem.severity is Severity.ERROR]
        # Of most that a change can be felt by nothing is to be said, and what was said before does not matter.
        if errors:
            old, now = (design.entry(identity) if is_edited else None for design in (before, after))
            known = Counter(_likeness(problem, old) for problem in look(before, identity))
            if new := tuple(_beyond(known, errors, now)):
                introduced[identity] = new
    removed = [identity for identity in changed if identity not in after and identity in before]
    left = {identity: after.referrers(identity) for identity in removed}
    return ChangeVerdict(introduced, {identity: referrers for identity, referrers in left.items() if referrers})


def _affected(before: Design, after: Design, changed: Collection[Identity]) -> dict[Identity, set[str]]:
    """Return what a change can be felt by: the changed ones first, then what looks at them, with the kinds of those.

    What still refers to a removed resource is told as such.
    """
    reached: dict[Identity, set[str]] = {identity: set() for identity in changed if identity in after}
    for identity in changed:
        # Nobody looks at another's labels and annotations.
        if identity in after and _spec(before, identity) != _spec(after, identity):
            for other in looking_at(identity, after, before):
                if other in after:
                    reached.setdefault(other, set()).add(identity.kind)
    return reached


def _spec(design: Design, identity: Identity) -> JSON:
    entry = design.entry(identity)
    return entry.declaration.spec if entry else None


def _beyond(known: Counter[_Likeness], errors: Iterable[Problem], edited: Entry[Structure] | None) -> Iterator[Problem]:
    for error in errors:
        likeness = _likeness(error, edited)
        if known[likeness]:
            known[likeness] -= 1
        else:
            yield error


def _likeness(problem: Problem, edited: Entry[Structure] | None) -> _Likeness:
    path = parse(problem.path)
    value = at(edited.declaration.document, path) if edited else None
    # Lists and maps are told apart by what is wrong in them. Go takes what is empty for what is missing.
    is_telling = bool(value) and not isinstance(value, list | dict)
    anywhere = tuple(None if isinstance(step, int) else step for step in path)
    return problem.rule, anywhere, (type(value), value) if is_telling else None


def _update_problems(before: Design, after: Design, identity: Identity) -> tuple[Problem, ...]:
    old, new = before.entry(identity), after.entry(identity)
    # What is not installed yet, nothing has stored: it may still become anything.
    if old is None or new is None or old is new or not after.settings.is_installed:
        return ()
    return tuple(KIND_RULES[type(new.spec)].update(old, new))


def _problems_among_others(design: Design, identity: Identity, seen: Collection[str]) -> tuple[Problem, ...]:
    """Return the problems that a resource has with others of some kinds, and perhaps some that it has with more."""
    entry = design.entry(identity)
    if entry is None:
        return ()
    rules = KIND_RULES[type(entry.spec)]
    checks = [rules.glances.get(kind, rules.fabric) for kind in sorted(seen)]
    if rules.fabric in checks:
        checks = [rules.fabric]
    found = chain.from_iterable(check(entry, design) for check in checks)
    return tuple(map(_in_draft, found) if design.settings.is_draft else found)


def _problems(entry: Entry[Structure], design: Design) -> tuple[Problem, ...]:
    settings, rules = design.settings, KIND_RULES[type(entry.spec)]
    structural = (
        under_release(within_bounds(problem, entry, settings), entry, settings.release) for problem in entry.problems
    )
    unknown = tuple(check_release(entry, settings.release))
    faults = Faults.of((*entry.problems, *unknown)) if unknown else entry.faults
    by_rules = (*check_common(entry, settings), *rules.own(entry, settings), *rules.fabric(entry, design))
    # Where a value has the wrong type, or is missing, nothing is to be said about what stands in for it.
    found = [problem for problem in by_rules if not (faults.fields and faults.hold(parse(problem.path)))]
    return (*filter(None, structural), *unknown, *(map(_in_draft, found) if settings.is_draft else found))


def _in_draft(problem: Problem) -> Problem:
    """While a design is under way, what it still lacks is worth a look, and nothing more."""
    if RULES[problem.rule].scope is Scope.FABRIC and problem.severity is Severity.ERROR:
        return replace(problem, severity=Severity.WARNING)
    return problem
