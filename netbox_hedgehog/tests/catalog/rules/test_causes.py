"""Who is told that a value has the wrong type is not told, too, what seems to follow from it being missing."""

import copy

import pytest

from netbox_hedgehog.catalog import KINDS, Declaration, Severity, judge_change, problems_of

from .test_fuzz import DESIGN, FABRIC, at, places

# One of them has the wrong type, wherever it stands.
WRONG = (True, 'none at all', 5)
_OF_STRUCTURE = frozenset(
    {'wrong-type', 'out-of-range', 'not-a-choice', 'wrong-form', 'required', 'too-few-items', 'too-many-items'}
)
RARE = ('vpc-rare', 'static', 'rare', 'nat', 'mesh', 'loop')


def specimens(kind_name):
    """Return the first resource of a kind, and those that have what no other has."""
    first, *others = [declaration for declaration in FABRIC if declaration.kind.name == kind_name]
    return [first, *(declaration for declaration in others if declaration.name in RARE)]


def spoiled(declaration):
    """Yield the resource with a value of the wrong type in each of its places, and the structural errors of that."""
    for path in places(declaration.spec):
        for value in WRONG if path else ():
            spec = copy.deepcopy(declaration.spec)
            at(spec, path[:-1])[path[-1]] = value
            changed = Declaration(declaration.kind, declaration.namespace, declaration.name, spec)
            design = DESIGN.with_changes(put=[changed])
            found = problems_of(design, declaration.identity)
            if any(problem.rule in _OF_STRUCTURE and problem.severity is Severity.ERROR for problem in found):
                yield path, design, found
                break


@pytest.mark.parametrize('kind_name', KINDS)
def test_only_the_cause_is_told(kind_name):
    for declaration in specimens(kind_name):
        identity = declaration.identity
        before = {(problem.rule, problem.path) for problem in problems_of(DESIGN, identity)}
        for path, design, found in spoiled(declaration):
            new = [problem for problem in found if (problem.rule, problem.path) not in before]
            assert [problem for problem in new if problem.rule not in _OF_STRUCTURE] == [], path
            assert judge_change(DESIGN, design, [identity]).introduced.keys() == {identity}, path
