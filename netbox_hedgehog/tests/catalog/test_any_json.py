"""Whatever the JSON, the catalog answers: it checks, refers and prints without an exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_hedgehog.catalog import KINDS, Problem, check_metadata, check_structure, find_kind, references, spec_order

# Lone surrogates included: JSON can spell them.
texts = st.text(max_size=8) | st.text(st.characters(categories=['Cs', 'Lu', 'P']), max_size=2)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
plausible = st.sampled_from(
    ['default', 'vpc-1/default', 'leaf-01/E1/1', '10.0.0.0/24', '/', 'ext.', 1001, 1.0, -1, True]
)


def near(order):
    """Build specs that have the known fields, but not always values of the right type in them."""
    values = [anything, plausible]
    if order.fields:
        known = {name: near(inner) for name, inner in order.fields.items()}
        values = [st.fixed_dictionaries({}, optional=known), *values]
    if order.each:
        values = [st.lists(near(order.each), max_size=3), st.dictionaries(texts, near(order.each), max_size=3), *values]
    return st.one_of(values)


def are_problems(problems):
    return all(isinstance(problem, Problem) and problem.path and problem.message.endswith('.') for problem in problems)


@pytest.mark.parametrize('kind', KINDS.values(), ids=list(KINDS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_spec_is_answered(kind, data):
    spec = data.draw(near(spec_order(kind)))
    assert are_problems(check_structure(kind, spec))
    assert all(reference.kind_name in KINDS and reference.name for reference in references(kind, spec))
    if isinstance(spec, dict):
        assert all(isinstance(column.value(spec), str) for column in kind.columns)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(list(KINDS.values())), anything, anything, anything, anything)
def test_any_metadata_is_answered(kind, namespace, name, labels, annotations):
    assert are_problems(check_metadata(kind, namespace, name, labels, annotations))


@settings(max_examples=50, deadline=None)
@given(texts, texts)
def test_any_api_version_and_kind_are_answered(api_version, kind):
    assert find_kind(api_version, kind)


@pytest.mark.parametrize('kind', KINDS.values(), ids=list(KINDS))
def test_a_value_of_any_depth_is_answered(kind):
    deep = []
    for _ in range(20_000):
        deep = [deep]
    spec = {'unknown': deep, **dict.fromkeys(spec_order(kind).fields, deep)}
    assert are_problems(check_structure(kind, spec))
    references(kind, spec)
    for column in kind.columns:
        column.value(spec)


def test_checking_does_not_change_the_spec():
    spec = {'subnets': {'a': {'vlan': 1.0, 'dhcp': None}}, 'unknown': [None]}
    check_structure(KINDS['VPC'], spec)
    assert spec == {'subnets': {'a': {'vlan': 1.0, 'dhcp': None}}, 'unknown': [None]}
    assert isinstance(spec['subnets']['a']['vlan'], float)
