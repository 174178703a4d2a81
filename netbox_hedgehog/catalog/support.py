"""Which choices the rules leave to a person: a schema has some that no fabric takes, and some are made once."""

from collections.abc import Collection
from functools import cache
from typing import cast

from .declaration import Declaration
from .design import Design, Entry
from .fields import Structure
from .identity import DEFAULT_NAMESPACE
from .json import JSON, JSONObject
from .judgement import problems_of
from .kind import Kind
from .paths import Path, spell
from .rules import KIND_RULES, RULES, Rule, Scope
from .settings import FabricSettings

__all__ = ('is_supported', 'what_fixes')

_SETTINGS = FabricSettings()


@cache
def is_supported(kind: Kind, pattern: str, value: str | None) -> bool:
    """Tell whether a fabric takes a value at a pattern such as `redundancy.type`; of None, whether it takes the field.

    It does not if a rule that looks at nothing but the resource finds fault with it where there is nothing else.
    """
    path = _path(pattern)
    spec = cast('dict[str, JSON]', _around(path, {} if value is None else value))
    entry = _read(kind, spec, _SETTINGS)
    place = spell(('spec', *path))
    for problem in problems_of(Design(_SETTINGS, [entry.declaration]), entry.identity):
        rule = RULES.get(problem.rule)
        if problem.path == place and rule is not None and rule.scope is Scope.RESOURCE:
            return False
    return True


def what_fixes(kind: Kind, spec: JSONObject, names: Collection[str], settings: FabricSettings) -> Rule | None:
    """Return the rule by which a stored spec keeps the one field that it has of several; None if it may get another."""
    others = [name for name in names if spec.get(name) is None]
    if not settings.is_installed or len(others) == len(names):
        return None
    before = _read(kind, spec, settings)
    found = None
    for name in others:
        after = _read(kind, {name: {}}, settings)
        problems = KIND_RULES[type(before.spec)].update(before, after)
        found = next((problem for problem in problems if problem.path == spell(('spec', name))), None)
        if found is None:
            return None
    return RULES[found.rule] if found else None


def _read(kind: Kind, spec: JSONObject, settings: FabricSettings) -> Entry[Structure]:
    declaration = Declaration(kind, DEFAULT_NAMESPACE, 'name', dict(spec))
    return cast('Entry[Structure]', Design(settings, [declaration]).entry(declaration.identity))


def _path(pattern: str) -> Path:
    """Return a path that matches a pattern: the first item of each list, and any key of each map."""
    return tuple(0 if step == '[]' else step for step in pattern.replace('[]', '.[]').split('.'))


def _around(path: Path, value: JSON) -> JSON:
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value
