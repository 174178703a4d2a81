"""A design answers by what is declared, and never by how it came to that."""

from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_hedgehog.catalog import Design, FabricSettings, judge

from .fabrics import changes, declare

SETTINGS = FabricSettings()


def edited(design, edits):
    """Make one change after the other; return the last design, and what it was made of, in another order."""
    declared = {}
    for put, remove in edits:
        design = design.with_changes(put, remove)
        for identity in remove:
            declared.pop(identity, None)
        declared |= {declaration.identity: declaration for declaration in put}
    return design, [declared[identity] for identity in sorted(declared, reverse=True)]


@settings(max_examples=300, deadline=None)
@given(st.lists(changes(), min_size=1, max_size=6))
def test_a_design_that_was_edited_is_judged_as_one_that_is_built_anew(edits):
    design, declarations = edited(Design(SETTINGS), edits)
    anew = Design(SETTINGS, declarations)
    assert judge(design) == judge(anew)
    for entry in anew:
        assert design.referrers(entry.identity) == anew.referrers(entry.identity)


@settings(max_examples=100, deadline=None)
@given(changes(), changes())
def test_an_edit_leaves_the_design_alone_that_it_begins_with(first, second):
    design = Design(SETTINGS).with_changes(*first)
    before = judge(design)
    design.with_changes(*second)
    assert judge(design) == before


@settings(max_examples=100, deadline=None)
@given(st.lists(changes(), min_size=1, max_size=4))
def test_nothing_is_left_of_what_is_gone(edits):
    design, declarations = edited(Design(SETTINGS), edits)
    empty = design.with_changes(remove=[declaration.identity for declaration in declarations])
    indexes = (empty._claims, empty._pools, empty._referrers, empty._entries)
    assert [len(index) for index in indexes] == [0] * len(indexes)
    for pool in design._pools.values():
        assert set(pool._lengths) == {prefix.length for prefix in pool.prefixes}


def test_rivals_are_named_in_order_and_not_by_who_came_first():
    vpcs = [declare('VPC', f'vpc-{number:02}', {'subnets': {'a': {'vlan': 1001}}}) for number in range(20)]
    one, other = Design(SETTINGS, vpcs), Design(SETTINGS, reversed(vpcs))
    assert judge(one) == judge(other)
    taken = [problem.message for problem in judge(other)[vpcs[0].identity] if problem.rule == 'vpc-vlan-taken']
    assert [message.split()[1] for message in taken] == [f'vpc-{number:02}' for number in range(1, 11)]
