"""Every rule is shown by a fabric that keeps it, and one that breaks it in one field."""

import importlib
import pkgutil

import pytest

from netbox_hedgehog.catalog import RULES, Problem, judge, judge_change
from netbox_hedgehog.catalog.paths import parse
from netbox_hedgehog.tests.catalog import rules

from .case import Case, declarations, design


def _cases():
    names = sorted(module.name for module in pkgutil.iter_modules(rules.__path__) if module.name.startswith('cases_'))
    modules = [importlib.import_module(f'{rules.__name__}.{name}') for name in names]
    return [case for module in modules for case in module.CASES]


CASES = _cases()
each_case = pytest.mark.parametrize('case', CASES, ids=str)


def problems(text: str, case: Case) -> dict[str, tuple[Problem, ...]]:
    """Return the problems of each resource, by kind/name; for a rule about edits, those that the edit introduces."""
    fabric = design(text, case.settings)
    verdicts = judge(fabric)
    if case.before:
        before = design(case.before, case.settings)
        edited = before.with_changes(declarations(text))
        verdicts = {**dict.fromkeys(verdicts, ()), **judge_change(before, edited, list(verdicts)).introduced}
    return {f'{identity.kind}/{identity.name}': found for identity, found in verdicts.items()}


def test_every_rule_is_shown():
    assert sorted(RULES.keys() - {case.rule for case in CASES}) == []


def test_every_case_shows_a_rule():
    assert sorted({case.rule for case in CASES} - RULES.keys()) == []


@each_case
def test_who_keeps_the_rule_is_not_reported(case):
    for name, found in problems(case.valid, case).items():
        assert case.rule not in {problem.rule for problem in found}, name


@each_case
def test_who_breaks_the_rule_is_told_where_and_what_to_write(case):
    reported = [problem for problem in problems(case.invalid, case)[case.object] if problem.rule == case.rule]
    assert case.path in {problem.path for problem in reported}
    for problem in reported:
        assert problem.severity is RULES[case.rule].severity
        assert problem.message.endswith('.')


@each_case
def test_a_problem_leads_to_the_document_that_has_it(case):
    """Its path is read back to steps, which the field has if it is there."""
    kind_name, _, name = case.object.partition('/')
    fabric = design(case.invalid, case.settings)
    assert (kind_name, name) in {(entry.kind.name, entry.name) for entry in fabric}
    for problem in problems(case.invalid, case)[case.object]:
        assert parse(problem.path)[0] in ('spec', 'metadata', 'kind', 'apiVersion')
