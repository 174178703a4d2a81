"""What a form may offer: the choices that some fabric takes, as the rules have them."""

from dataclasses import replace

import pytest

from netbox_hedgehog.catalog import KINDS, FabricSettings
from netbox_hedgehog.catalog.ports import CONNECTION_TYPES, REMOVED_CONNECTION_TYPES
from netbox_hedgehog.catalog.support import is_supported, what_fixes

TYPES = (*CONNECTION_TYPES, *REMOVED_CONNECTION_TYPES)
INSTALLED = FabricSettings()


@pytest.mark.parametrize(
    ('kind', 'pattern', 'value', 'expected'),
    [
        pytest.param('VPC', 'mode', 'l3flat', False, id='reserved mode'),
        pytest.param('VPC', 'mode', 'l3vni', True, id='mode'),
        pytest.param('Switch', 'role', 'virtual-edge', False, id='role that no installer takes'),
        pytest.param('Switch', 'role', 'server-leaf', True, id='role'),
        pytest.param('Switch', 'redundancy.type', 'mclag', False, id='redundancy of old'),
        pytest.param('Switch', 'redundancy.type', 'eslag', True, id='redundancy'),
        pytest.param('Switch', 'portFECs.*', 'rs', True, id='value in a map'),
        pytest.param('GatewayPeering', 'acl.rules[].action', 'deny', True, id='value in a list'),
        pytest.param('Connection', 'mclag', None, False, id='type that was removed'),
        pytest.param('Connection', 'eslag', None, True, id='type'),
    ],
)
def test_what_is_supported(kind, pattern, value, expected):
    assert is_supported(KINDS[kind], pattern, value) is expected


def test_a_stored_connection_keeps_its_type():
    rule = what_fixes(KINDS['Connection'], {'eslag': {}}, TYPES, INSTALLED)
    assert rule
    assert rule.id == 'connection-type-changed'


@pytest.mark.parametrize(
    ('spec', 'settings'),
    [
        pytest.param({'eslag': {}}, replace(INSTALLED, is_installed=False), id='nothing is installed'),
        pytest.param({'mclag': {}}, INSTALLED, id='the fabric never stored it'),
        pytest.param({}, INSTALLED, id='it has no type yet'),
        pytest.param({'eslag': None}, INSTALLED, id='its type is null'),
    ],
)
def test_a_connection_that_may_get_another_type(spec, settings):
    assert what_fixes(KINDS['Connection'], spec, TYPES, settings) is None


def test_no_rule_keeps_the_choice_of_another_kind():
    assert what_fixes(KINDS['Switch'], {'role': 'spine'}, ('role', 'profile'), INSTALLED) is None
