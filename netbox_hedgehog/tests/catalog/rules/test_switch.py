"""Switches are judged as the fabric's admission code judges them."""

from netbox_hedgehog.catalog import FabricSettings, Severity
from netbox_hedgehog.tests.catalog.rules.case import problems
from netbox_hedgehog.tests.catalog.rules.wiring_texts import BASE, leaf, manifest, spine

DAY_ZERO = FabricSettings(is_installed=False)


def rules_of(text, name='leaf-1', settings=None):
    return {problem.rule: problem.path for problem in problems(text, f'Switch/{name}', settings)}


def test_a_sound_fabric_has_no_problems():
    text = BASE + leaf() + leaf(2) + spine()
    assert [problems(text, f'Switch/{name}') for name in ('leaf-1', 'leaf-2', 'spine-1')] == [(), (), ()]


def test_blank_addresses_count_as_filled_before_the_installation():
    blank = {'asn': 0, 'ip': '', 'protocolIP': None, 'vtepIP': None}
    assert rules_of(leaf(**blank), settings=DAY_ZERO) == {}
    assert set(rules_of(BASE + leaf(**blank))) == {
        'switch-asn-missing',
        'switch-ip-missing',
        'switch-protocol-ip-missing',
        'switch-vtep-ip-missing',
    }


def test_both_switches_learn_of_an_address_they_share():
    text = BASE + leaf() + leaf(2, ip='172.30.0.11/21')
    (problem,) = problems(text, 'Switch/leaf-1')
    assert 'Switch leaf-2 has the address 172.30.0.11' in problem.message
    assert rules_of(text, 'leaf-2') == {'switch-ip-taken': 'spec.ip'}


def test_a_virtual_edge_needs_neither_a_vtep_address_nor_the_asn_of_a_leaf():
    found = problems(BASE + leaf(role='virtual-edge', vtepIP=None, asn=64512), 'Switch/leaf-1')
    assert [(problem.rule, problem.severity) for problem in found] == [('switch-role-virtual-edge', Severity.WARNING)]


def test_nothing_is_said_of_the_ports_of_a_switch_without_a_profile():
    assert rules_of(BASE + leaf(profile='nexus', portSpeeds={'Ethernet0': '1T'})) == {
        'switch-profile-unknown': 'spec.profile'
    }


def test_a_namespace_whose_ranges_make_no_sense_is_its_own_affair():
    reversed_range = manifest('VLANNamespace', 'vlans-2', {'ranges': [{'from': 2000, 'to': 1000}]})
    assert rules_of(BASE + reversed_range + leaf(vlanNamespaces=['default', 'vlans-2'])) == {}


def test_all_lights_at_once_need_no_port_beside_them():
    found = rules_of(BASE + leaf(portLocators={'*': '20m', 'E1/99': 'soon'}))
    assert found == {'switch-port-locators-expire': 'spec.portLocators'}


def test_a_port_that_was_broken_out_tells_its_lanes():
    text = BASE + leaf(portBreakouts={'E1/1': '4x25G'}, portFECs={'E1/1': 'rs'})
    (problem,) = problems(text, 'Switch/leaf-1')
    assert problem.message == 'Each lane has its own setting; write one of E1/1/1 to E1/1/4.'


def test_settings_that_cannot_be_read_are_not_held_against_a_switch():
    settings = FabricSettings(
        management_subnet='', management_dhcp_start='', control_vip='', protocol_subnet='', vtep_subnet=''
    )
    assert rules_of(BASE + leaf(), settings=settings) == {}


def test_the_asn_that_is_due_follows_from_the_role():
    for role, message in (
        ('server-leaf', 'Missing; write one of 65101-65533.'),
        ('spine', 'Missing; write 65100, that of the spines.'),
        ('virtual-edge', 'Missing; write an ASN that no other switch has.'),
    ):
        found = problems(BASE + leaf(role=role, vtepIP=None, asn=None), 'Switch/leaf-1')
        assert message in [problem.message for problem in found if problem.rule == 'switch-asn-missing']


def test_a_switch_without_a_role_is_told_nothing_that_follows_from_it():
    assert rules_of(BASE + leaf(role='king', asn=None, vtepIP=None)) == {'not-a-choice': 'spec.role'}
    assert rules_of(BASE + leaf(role=None, asn=None, vtepIP=None)) == {'required': 'spec.role'}


def test_an_asn_that_is_no_number_is_told_with_those_of_the_fabric():
    settings = FabricSettings(leaf_asn_start=64600, leaf_asn_end=64699, spine_asn=64512)
    for switch, name, message in (
        (leaf(asn=2**32), 'leaf-1', 'Too large; write a whole number from 64600 to 64699.'),
        (leaf(asn='65101a'), 'leaf-1', 'This is a text; write a whole number from 64600 to 64699.'),
        (leaf(asn='64600'), 'leaf-1', 'This is a text; write it without quotes.'),
        (spine(asn='many'), 'spine-1', 'This is a text; write 64512.'),
    ):
        (problem,) = problems(BASE + switch, f'Switch/{name}', settings)
        assert (problem.path, problem.message) == ('spec.asn', message)
