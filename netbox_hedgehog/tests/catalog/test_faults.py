"""Where the structure is at fault, and what stands in such a place or holds it."""

from hypothesis import given
from hypothesis import strategies as st

from netbox_hedgehog.catalog import Problem, Severity
from netbox_hedgehog.catalog.faults import NO_FAULTS, Faults
from netbox_hedgehog.catalog.paths import spell

PATHS = st.lists(st.one_of(st.sampled_from(['spec', 'a', 'a.b', '']), st.integers(0, 3)), min_size=1, max_size=4).map(
    tuple
)


def faults(*paths, severity=Severity.ERROR):
    return Faults.of(Problem(spell(path), 'rule', 'Wrong.', severity) for path in paths)


@given(st.lists(PATHS, max_size=4), PATHS)
def test_a_field_is_at_fault_with_what_it_stands_in_and_what_stands_in_it(places, path):
    found = faults(*places)
    holding = [place for place in places if path[: len(place)] == place]
    inside = [place for place in places if place[: len(path)] == path]
    assert found.hold(path) is bool(holding)
    assert found.touch(path) is bool(holding or inside)
    assert found.explain(path) is bool(inside)


def test_a_name_is_no_place_because_it_begins_like_one():
    assert not faults(('spec', 'vlan')).touch(('spec', 'vlanNamespace'))


def test_a_warning_is_no_fault():
    assert faults(('spec',), severity=Severity.WARNING) == NO_FAULTS
