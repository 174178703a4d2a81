"""The laws of the three-way merge, as a table of cases and as properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbox_hedgehog.catalog import KINDS
from netbox_hedgehog.manifests import same
from netbox_hedgehog.reconcile import ABSENT, Decision, Side, merge

VPC, SWITCH, CONNECTION, PEERING = (KINDS[name] for name in ('VPC', 'Switch', 'Connection', 'GatewayPeering'))


def spec(**fields):
    return {'metadata': {'labels': {}, 'annotations': {}}, 'spec': fields}


def link(server, port, **more):
    return {'server': {'port': f'{server}/e1'}, 'switch': {'port': f'leaf-1/{port}'}} | more


ONE, TWO, THREE = link('s1', 'E1/1'), link('s2', 'E1/2'), link('s3', 'E1/3')


def links(*items):
    return spec(bundled={'links': list(items)})


def rules(*names, **of_first):
    named = [{'name': name, 'action': 'allow'} for name in names]
    named[0] |= of_first
    return spec(acl={'rules': named})


@pytest.mark.parametrize(
    ('kind', 'base', 'ours', 'theirs', 'expected'),
    [
        pytest.param(VPC, spec(a=1), spec(a=1), spec(a=2), spec(a=2), id='a change in Git is taken'),
        pytest.param(VPC, spec(a=1), spec(a=2), spec(a=1), spec(a=2), id='a change in NetBox is taken'),
        pytest.param(VPC, spec(a=1), spec(a=2), spec(a=2), spec(a=2), id='the same change agrees'),
        pytest.param(VPC, spec(a=1), spec(a=1, b=2), spec(a=3), spec(a=3, b=2), id='different fields both survive'),
        pytest.param(VPC, spec(a=1, b=1), spec(b=1), spec(a=1), spec(), id='two deletions'),
        pytest.param(
            VPC,
            spec(subnets={'a': {'vlan': 1}}),
            spec(subnets={'a': {'vlan': 1}, 'b': {'vlan': 2}}),
            spec(subnets={'a': {'vlan': 1}, 'c': {'vlan': 3}}),
            spec(subnets={'a': {'vlan': 1}, 'b': {'vlan': 2}, 'c': {'vlan': 3}}),
            id='two added subnets',
        ),
        pytest.param(
            SWITCH,
            spec(groups=['a', 'b']),
            spec(groups=['a', 'b', 'c']),
            spec(groups=['b', 'd']),
            spec(groups=['b', 'd', 'c']),
            id='a set takes what both added and loses what either removed',
        ),
        pytest.param(
            CONNECTION, links(ONE), links(ONE, TWO), links(ONE, THREE), links(ONE, TWO, THREE), id='two links'
        ),
        pytest.param(
            CONNECTION,
            links(ONE, TWO),
            links(ONE | {'x': 1}, TWO),
            links(ONE, TWO | {'y': 2}),
            links(ONE | {'x': 1}, TWO | {'y': 2}),
            id='two links edited, one on each side',
        ),
        pytest.param(
            PEERING, rules('a', 'b'), rules('b', 'a'), rules('a', 'b', 'c'), rules('b', 'c', 'a'), id='order and item'
        ),
        pytest.param(VPC, ABSENT, spec(a=1), spec(b=2), spec(a=1, b=2), id='without a base, both are united'),
        pytest.param(VPC, spec(a=1), ABSENT, spec(a=1), ABSENT, id='a deletion of what stayed the same'),
    ],
)
def test_changes_of_both_sides_are_merged(kind, base, ours, theirs, expected):
    result = merge(kind, base, ours, theirs)
    assert result.conflicts == ()
    assert result.netbox == result.git == result.base == expected


@pytest.mark.parametrize(
    ('kind', 'base', 'ours', 'theirs', 'paths'),
    [
        pytest.param(VPC, spec(a=1), spec(a=2), spec(a=3), ['/spec/a'], id='one field, two values'),
        pytest.param(VPC, spec(a=1), spec(), spec(a=3), ['/spec/a'], id='deleted and changed'),
        pytest.param(
            VPC, spec(a={'b': 1}), spec(a=5), spec(a={'b': 2}), ['/spec/a'], id='another type and an edit inside'
        ),
        pytest.param(VPC, ABSENT, spec(a=1), spec(a=2), ['/spec/a'], id='added on both sides, differently'),
        pytest.param(VPC, spec(a=1), spec(a=True), spec(a=2), ['/spec/a'], id='true is not one'),
        pytest.param(VPC, spec(a=[1]), spec(a=[1, 2]), spec(a=[1, 3]), ['/spec/a'], id='a list is one value'),
        pytest.param(VPC, spec(a=1), ABSENT, spec(a=2), [''], id='the whole deleted here, edited there'),
        pytest.param(
            CONNECTION,
            links(ONE, TWO),
            links(ONE | {'x': 1}, TWO),
            links(ONE | {'x': 2}, TWO),
            ['/spec/bundled/links/s1~1e1 leaf-1~1E1~11/x'],
            id='one field of one link',
        ),
        pytest.param(
            PEERING,
            rules('a', 'b', 'c'),
            rules('b', 'a', 'c'),
            rules('a', 'c', 'b'),
            ['/spec/acl/rules'],
            id='two orders of rules',
        ),
    ],
)
def test_a_conflict_leaves_each_side_and_the_base_as_they_were(kind, base, ours, theirs, paths):
    result = merge(kind, base, ours, theirs)
    assert [conflict.path for conflict in result.conflicts] == paths
    assert (result.netbox, result.git, result.base) == (ours, theirs, base if base is not ABSENT else result.base)
    again = merge(kind, result.base, result.netbox, result.git)
    assert again.conflicts == result.conflicts


def test_the_order_of_a_set_is_no_change():
    result = merge(SWITCH, spec(groups=['a', 'b']), spec(groups=['b', 'a']), spec(groups=['a', 'b', 'c']))
    assert result.conflicts == ()
    assert sorted(result.git['spec']['groups']) == ['a', 'b', 'c']


def test_items_without_a_key_make_the_list_one_value():
    nameless = {'unbundled': True}
    result = merge(CONNECTION, links(ONE), links(ONE, nameless), links(ONE, TWO))
    assert [conflict.path for conflict in result.conflicts] == ['/spec/bundled/links']


def test_a_decision_settles_its_field_and_no_other():
    base, ours, theirs = spec(a=1, b=1), spec(a=2, b=2), spec(a=3, b=3)
    for_a, for_b = Decision(Side.NETBOX, 2, 3), Decision(Side.GIT, 2, 3)
    result = merge(VPC, base, ours, theirs, {'/spec/a': for_a})
    assert [conflict.path for conflict in result.conflicts] == ['/spec/b']
    assert result.netbox['spec'] == {'a': 2, 'b': 2}
    assert result.git['spec'] == {'a': 2, 'b': 3}
    settled = merge(VPC, base, ours, theirs, {'/spec/a': for_a, '/spec/b': for_b})
    assert settled.netbox == settled.git == settled.base == spec(a=2, b=3)


def test_a_decision_about_values_that_moved_since_says_nothing():
    result = merge(VPC, spec(a=1), spec(a=2), spec(a=4), {'/spec/a': Decision(Side.NETBOX, 2, 3)})
    assert [conflict.theirs for conflict in result.conflicts] == [4]


scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(['a', 'b', ''])
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from('pqr'), inner, max_size=3)
)
trees = st.dictionaries(st.sampled_from(['mode', 'permit', 'subnets', 'staticRoutes', 'x']), values, max_size=4).map(
    lambda fields: spec(**fields)
)
sides = trees | st.just(ABSENT)


def alike(one, other):
    if one is ABSENT or other is ABSENT:
        return one is other
    return same(one, other)


@given(trees, sides)
def test_what_one_side_alone_changed_is_taken(base, changed):
    for result in (merge(VPC, base, base, changed), merge(VPC, base, changed, base)):
        assert result.conflicts == ()
        assert alike(result.netbox, changed)
        assert alike(result.git, changed)


@given(sides, sides)
def test_what_both_changed_alike_agrees(base, changed):
    result = merge(VPC, base, changed, changed)
    assert result.conflicts == ()
    assert alike(result.git, changed)


@given(sides, sides, sides)
def test_the_sides_are_symmetric(base, ours, theirs):
    one, other = merge(VPC, base, ours, theirs), merge(VPC, base, theirs, ours)
    assert {c.path for c in one.conflicts} == {c.path for c in other.conflicts}
    assert alike(one.netbox, other.git)


@given(sides, sides, sides)
def test_merging_again_changes_nothing(base, ours, theirs):
    first = merge(VPC, base, ours, theirs)
    again = merge(VPC, first.base, first.netbox, first.git)
    assert alike(again.netbox, first.netbox)
    assert alike(again.git, first.git)
    assert {c.path for c in again.conflicts} == {c.path for c in first.conflicts}


@given(sides, sides, sides, st.sampled_from(Side))
def test_deciding_every_conflict_leaves_none(base, ours, theirs, side):
    found = merge(VPC, base, ours, theirs).conflicts
    result = merge(VPC, base, ours, theirs, {each.path: Decision(side, each.ours, each.theirs) for each in found})
    assert result.conflicts == ()
    assert alike(result.netbox, result.git)


@given(sides, sides, sides)
def test_without_a_conflict_both_sides_end_equal(base, ours, theirs):
    result = merge(VPC, base, ours, theirs)
    assert bool(result.conflicts) != alike(result.netbox, result.git)
