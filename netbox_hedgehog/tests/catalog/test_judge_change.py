"""An edit is refused for what it breaks, and for nothing that was broken before."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_hedgehog.catalog import Design, FabricSettings, Severity, judge, judge_change
from netbox_hedgehog.catalog.paths import parse

from .fabrics import changes, declare

SETTINGS = FabricSettings()


def introduced(declarations, *edits):
    """Return the rules and paths of what edits break, by resource."""
    before = Design(SETTINGS, declarations)
    verdict = judge_change(before, before.with_changes(put=edits), [edit.identity for edit in edits])
    return {
        str(identity): [(problem.rule, problem.path) for problem in problems]
        for identity, problems in verdict.introduced.items()
    }


def ipv4(*subnets):
    return declare('IPv4Namespace', 'default', {'subnets': list(subnets)})


VLANS = declare('VLANNamespace', 'default', {'ranges': [{'from': 1000, 'to': 2999}]})


def vpc(vlan=1001, subnet='10.0.1.0/24', name='vpc-1', **rest):
    return declare('VPC', name, {'subnets': {'default': {'subnet': subnet, 'vlan': vlan}}, **rest})


OUTSIDE = vpc(subnet='192.168.1.0/24')


def switch(mode):
    spec = {
        'role': 'server-leaf',
        'profile': 'celestica-ds3000',
        'asn': 65101,
        'ip': '172.30.0.11/21',
        'protocolIP': '172.30.8.11/32',
        'vtepIP': '172.30.12.11/32',
        'portBreakouts': {'E1/1': mode},
    }
    return declare('Switch', 'leaf-1', spec)


def joined(port):
    link = {'server': {'port': 'server-1/enp2s1'}, 'switch': {'port': port}}
    return declare('Connection', 'c-1', {'unbundled': {'link': link}})


def test_a_namespace_that_grows_does_not_answer_for_what_is_outside_it():
    assert judge(Design(SETTINGS, [ipv4('10.0.0.0/16'), VLANS, OUTSIDE]))[OUTSIDE.identity]
    assert introduced([ipv4('10.0.0.0/16'), VLANS, OUTSIDE], ipv4('10.0.0.0/16', '10.1.0.0/16')) == {}


def test_a_namespace_that_shrinks_does():
    inside = vpc(subnet='10.1.1.0/24')
    assert introduced([ipv4('10.0.0.0/16', '10.1.0.0/16'), VLANS, inside], ipv4('10.0.0.0/16')) == {
        'VPC default/vpc-1': [('vpc-subnet-outside-namespace', 'spec.subnets.default.subnet')]
    }


def test_fewer_lanes_do_not_answer_for_a_port_that_never_was_there():
    fabric = [switch('4x25G'), declare('Server', 'server-1', {}), joined('leaf-1/E1/1/5')]
    assert judge(Design(SETTINGS, fabric))[fabric[-1].identity]
    assert introduced(fabric, switch('2x50G')) == {}


def test_fewer_lanes_answer_for_a_port_that_was_there():
    fabric = [switch('4x25G'), declare('Server', 'server-1', {}), joined('leaf-1/E1/1/4')]
    assert list(introduced(fabric, switch('2x50G'))) == ['Connection default/c-1']


def test_a_list_that_is_still_too_long_has_got_better():
    before = ipv4(*(f'10.{number}.0.0/16' for number in range(15)))
    after = ipv4(*(f'10.{number}.0.0/16' for number in range(12)))
    assert [problem.rule for problem in judge(Design(SETTINGS, [after]))[after.identity]] == ['ipv4-namespace-too-many']
    assert introduced([before], after) == {}


def test_a_wrong_value_in_place_of_another_is_new():
    fabric = [ipv4('10.0.0.0/16'), VLANS, vpc(vlan=5)]
    assert introduced(fabric, vpc(vlan=6)) == {
        'VPC default/vpc-1': [('vpc-vlan-outside-namespace', 'spec.subnets.default.vlan')]
    }
    assert introduced(fabric, vpc(vlan=5, defaultIsolated=True)) == {}


@pytest.mark.parametrize(
    ('before', 'after', 'is_new'),
    [
        (['none', 'default'], ['default', 'none'], False),
        (['none', 'default'], ['other', 'default'], True),
        (['none', 'default'], ['none', 'default', 'none'], True),
        (['none', 'other', 'default'], ['other', 'default'], False),
    ],
)
def test_a_wrong_item_is_known_again_wherever_in_its_list_it_stands(before, after, is_new):
    fabric = [ipv4('10.0.0.0/16'), VLANS, vpc(permit=[before])]
    assert bool(introduced(fabric, vpc(permit=[after]))) is is_new


def test_what_is_missing_is_not_new_where_it_is_written_empty():
    missing = declare('VPCAttachment', 'a', {'connection': 'c'})
    assert introduced([missing], declare('VPCAttachment', 'a', {'connection': 'c', 'subnet': ''})) == {}


def test_a_rival_more_is_new():
    rivals = [vpc(name='vpc-1'), vpc(name='vpc-2', subnet='10.0.2.0/24')]
    third = vpc(name='vpc-3', subnet='10.0.3.0/24')
    assert 'VPC default/vpc-3' in introduced([ipv4('10.0.0.0/16'), VLANS, *rivals], third)


NAMESPACES = st.lists(st.sampled_from([f'10.{number}.0.0/16' for number in range(25)]), max_size=20).map(
    lambda subnets: ipv4(*subnets)
)


@settings(deadline=None)
@given(NAMESPACES, NAMESPACES)
def test_no_edit_of_a_namespace_answers_for_what_it_never_held(before, after):
    assert str(OUTSIDE.identity) not in introduced([before, VLANS, OUTSIDE], after)


def kept(problems):
    """Return rules and places, whatever the positions."""
    return Counter(
        (problem.rule, tuple(step for step in parse(problem.path) if isinstance(step, str))) for problem in problems
    )


def errors(problems):
    return [problem for problem in problems if problem.severity is Severity.ERROR]


@settings(max_examples=300, deadline=None)
@given(st.tuples(changes(), changes()))
def test_what_was_there_before_never_refuses_an_edit_elsewhere(drawn):
    first, (put, remove) = drawn
    before = Design(SETTINGS).with_changes(*first)
    after = before.with_changes(put, remove)
    changed = {*remove, *(declaration.identity for declaration in put)}
    old, new = judge(before), judge(after)
    for identity, problems in judge_change(before, after, changed).introduced.items():
        if identity not in changed:
            more = kept(new[identity]) - kept(old[identity])
            assert kept(problems) <= more


@settings(max_examples=300, deadline=None)
@given(changes(), changes())
def test_all_that_an_edit_of_a_namespace_breaks_is_found(change, edit):
    before = Design(SETTINGS).with_changes(*change)
    put = [declaration for declaration in edit[0] if declaration.kind.name.endswith('Namespace')]
    after = before.with_changes(put)
    changed = {declaration.identity for declaration in put}
    old, new = judge(before), judge(after)
    found = judge_change(before, after, changed).introduced
    for identity in new.keys() - changed:
        more = kept(errors(new[identity])) - kept(errors(old[identity]))
        assert more <= kept(found.get(identity, ()))


@settings(max_examples=100, deadline=None)
@given(changes())
def test_an_edit_that_says_the_same_is_never_refused(change):
    before = Design(SETTINGS).with_changes(*change)
    same = [
        declare(entry.kind.name, entry.name, {**entry.declaration.spec, 'unknown': None}, entry.declaration.namespace)
        for entry in before
    ]
    assert judge_change(before, before.with_changes(put=same), [edit.identity for edit in same]).is_clean
