"""Cause and consequence: where a form refuses something itself, what is then missing from the spec is not told."""

from django.core.exceptions import ValidationError

from ..catalog import Problem
from ..catalog.faults import Faults
from ..catalog.paths import parse

__all__ = ('leave_out_consequences', 'problem_of')


def problem_of(error: ValidationError) -> Problem | None:
    """Return the problem of the catalogue that an error tells, if it tells one."""
    problem = (error.params or {}).get('problem')
    return problem if isinstance(problem, Problem) else None


def leave_out_consequences(errors: dict[str, list[ValidationError]], faults: Faults) -> None:
    """Leave out the errors of a spec which the faults that a form has found explain."""
    if 'spec' not in errors or not faults.fields:
        return
    told = [(error, problem_of(error)) for error in errors.pop('spec')]
    causes = [error for error, problem in told if not (problem and faults.explain(parse(problem.path)))]
    if causes:
        errors['spec'] = causes
