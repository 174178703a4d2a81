"""Connections are judged as the fabric's admission code judges them."""

import pytest

from netbox_hedgehog.catalog import FabricSettings, Severity, judge_change
from netbox_hedgehog.tests.catalog.rules.case import declarations, design, problems
from netbox_hedgehog.tests.catalog.rules.cases_connection import WIRED
from netbox_hedgehog.tests.catalog.rules.wiring_texts import BASE, connection, leaf, manifest

UNBUNDLED = {'link': {'server': {'port': 'server-1/nic1'}, 'switch': {'port': 'leaf-1/E1/2'}}}
STATIC = {'link': {'switch': {'port': 'leaf-3/E1/1', 'ip': '192.0.2.1/30', 'nextHop': '192.0.2.2'}}}


def rules_of(text, name='c-1', settings=None):
    return {problem.rule: problem.path for problem in problems(text, f'Connection/{name}', settings)}


def mesh(first_ip='', second_ip=''):
    ends = {'leaf1': {'port': 'leaf-3/E1/1', 'ip': first_ip}, 'leaf2': {'port': 'leaf-4/E1/1', 'ip': second_ip}}
    return {'links': [{side: {key: text for key, text in end.items() if text} for side, end in ends.items()}]}


def test_a_sound_connection_has_no_problems():
    assert rules_of(WIRED + connection(unbundled=UNBUNDLED)) == {}
    assert rules_of(WIRED + connection(staticExternal=STATIC)) == {}
    assert rules_of(WIRED + connection(mesh=mesh('172.30.128.0/31', '172.30.128.1/31'))) == {}


def test_nothing_else_is_said_of_an_mclag_connection():
    links = [{'server': {'port': 'server-9/nic1'}, 'switch': {'port': 'leaf-9'}}, {}]
    assert rules_of(WIRED + connection(mclag={'links': links})) == {'connection-mclag-removed': 'spec.mclag'}


def test_mclag_beside_another_type_turns_all_checks_off():
    text = WIRED + connection(unbundled={'link': {'switch': {'port': 'leaf-9'}}}, mclag={'links': [{}, {}]})
    assert rules_of(text) == {'connection-type-ambiguous': 'spec.mclag'}


def test_the_first_of_two_types_decides():
    text = WIRED + connection(external={'link': {'switch': {'port': 'leaf-9'}}}, unbundled=UNBUNDLED)
    found = problems(text, 'Connection/c-1')
    assert [(problem.rule, problem.severity) for problem in found] == [('connection-type-ambiguous', Severity.WARNING)]
    assert 'as unbundled' in found[0].message


def test_a_type_of_the_wrong_shape_is_not_missing():
    assert rules_of(WIRED + connection(bundled=['leaf-1/E1/1'])) == {'wrong-type': 'spec.bundled'}
    assert rules_of(WIRED + connection(bundled={'links': ['leaf-1/E1/1']})) == {'wrong-type': 'spec.bundled.links[0]'}


def test_a_link_without_an_end_is_told_which_one():
    assert rules_of(WIRED + connection(fabric={'links': [{'spine': {'port': 'spine-1/E1/1'}}]})) == {
        'connection-port-missing': 'spec.fabric.links[0].leaf.port'
    }


@pytest.mark.parametrize('is_installed', [True, False])
def test_blank_addresses_of_a_link_are_for_the_installer(is_installed):
    found = rules_of(WIRED + connection(mesh=mesh()), settings=FabricSettings(is_installed=is_installed))
    assert set(found) == ({'connection-link-address-missing'} if is_installed else set())


def test_a_link_with_one_address_is_not_looked_at():
    settings = FabricSettings(is_installed=False)
    assert rules_of(WIRED + connection(mesh=mesh('192.0.2.1/24')), settings=settings) == {}


def test_two_static_externals_may_have_the_same_address():
    other = {'link': {'switch': {**STATIC['link']['switch'], 'port': 'leaf-4/E1/1'}}}
    assert rules_of(WIRED + connection(staticExternal=STATIC) + connection('c-2', staticExternal=other)) == {}


def test_both_connections_learn_of_a_port_they_share():
    other = {'link': {'switch': {'port': 'leaf-1/E1/2'}}}
    text = WIRED + connection(unbundled=UNBUNDLED) + connection('c-2', external=other)
    (problem,) = problems(text, 'Connection/c-1')
    assert problem.message == 'Connection c-2 uses leaf-1/E1/2; write another port.'
    assert rules_of(text, 'c-2') == {'connection-port-taken': 'spec.external.link.switch.port'}


def test_a_malformed_connection_is_no_fault_of_the_others():
    text = (
        WIRED + connection(unbundled=UNBUNDLED) + connection('c-2', external={'link': {'switch': {'port': 'leaf-1'}}})
    )
    assert rules_of(text) == {}


@pytest.mark.parametrize('changes', [{'profile': 'nexus'}, {'profile': None}, {'portBreakouts': {'E1/1': '9x9G'}}])
def test_the_ports_of_a_faulty_switch_are_not_checked(changes):
    link = {'server': {'port': 'server-1/nic1'}, 'switch': {'port': 'leaf-1/E1/1/3'}}
    text = BASE + manifest('Server', 'server-1', {}) + leaf(**changes) + connection(unbundled={'link': link})
    assert rules_of(text) == {}


def test_a_switch_whose_redundancy_is_half_declared_is_told_so_itself():
    links = [
        {'server': {'port': f'server-1/nic{number}'}, 'switch': {'port': f'leaf-{number}/E1/2'}} for number in (1, 2)
    ]
    half = {'group': 'pair-1'}
    devices = BASE + manifest('Server', 'server-1', {}) + leaf(redundancy=half) + leaf(2, redundancy=half)
    assert rules_of(devices + connection(eslag={'links': links})) == {}


def introduced(before, after):
    fabric = design(WIRED + before)
    changed = declarations(after)
    verdict = judge_change(fabric, fabric.with_changes(changed), [declaration.identity for declaration in changed])
    return [problem.rule for problems_ in verdict.introduced.values() for problem in problems_]


def test_what_the_fabric_never_stored_may_change_its_type():
    after = connection(unbundled=UNBUNDLED)
    assert introduced(connection(mclag={'links': [{}, {}]}), after) == []
    assert introduced(connection(), after) == []
    assert introduced(connection(external={'link': {'switch': {'port': 'leaf-1/E1/2'}}}), after) == [
        'connection-type-changed'
    ]


def test_a_static_external_may_not_be_put_into_a_vpc_later():
    after = connection(staticExternal={**STATIC, 'withinVPC': 'vpc-1'})
    assert introduced(connection(staticExternal=STATIC), after) == ['connection-vpc-changed']
    assert introduced(connection(staticExternal={**STATIC, 'withinVPC': ''}), connection(staticExternal=STATIC)) == []


def test_an_mtu_beyond_its_type_is_told_with_the_largest_of_the_fabric():
    text = WIRED + connection(unbundled={**UNBUNDLED, 'mtu': 99999})
    (problem,) = problems(text, 'Connection/c-1', FabricSettings(fabric_mtu=1600))
    assert (problem.path, problem.rule) == ('spec.unbundled.mtu', 'out-of-range')
    assert problem.message == 'Too large; write a whole number from 1 to 1536.'
