"""What each release of the fabric knows."""

import pytest

from netbox_hedgehog.catalog import KINDS, Declaration, Design, FabricSettings, Severity, judge, spec_order
from netbox_hedgehog.catalog.rules import release as release_rules
from netbox_hedgehog.catalog.rules.release import check_release, is_newer
from netbox_hedgehog.catalog.settings import RELEASES


def entry(kind, spec):
    (found,) = Design(FabricSettings(), [Declaration(KINDS[kind], 'default', 'a', spec)])
    return found


def unknown(kind, spec, release):
    return [problem.path for problem in check_release(entry(kind, spec), release)]


SUBNET = {
    'hostBGP': True,
    'hostBGPMinPrefixLen': 24,
    'dhcp': {
        'enable': True,
        'relayVPC': 'vpc-2',
        'static': {},
        'options': {'interfaceMTU': 9036, 'leaseTimeSeconds': 60, 'advertisedRoutes': []},
    },
}


@pytest.mark.parametrize(
    ('kind', 'spec', 'added'),
    [
        ('Connection', {'gateway': {'links': []}}, '25.01'),
        ('Connection', {'gateway': {'links': [{'switch': {}}]}}, '25.04'),
        ('Connection', {'mesh': {}}, '25.04'),
        ('Connection', {'bundled': {'links': [], 'fallback': False}}, '25.05'),
        ('Switch', {'enableAllPorts': True}, '25.01'),
        ('Switch', {'roce': True}, '25.03'),
        ('Switch', {'ecmp': {}}, '25.03'),
        ('Switch', {'linkFlapErrDisable': {}}, '26.03'),
        ('Switch', {'portFECs': {}}, '26.03'),
        ('Switch', {'portLocators': {}}, '26.03'),
        ('VPC', {'mode': ''}, '25.03'),
        ('VPC', {'subnets': {'a': {'dhcp': {'options': {'leaseTimeSeconds': 60}}}}}, '25.03'),
        ('VPC', {'subnets': {'a': {'dhcp': {'options': {'disableDefaultRoute': True}}}}}, '25.03'),
        ('VPC', {'subnets': {'a': {'dhcp': {'static': {}}}}}, '25.05'),
        ('VPC', {'subnets': {'a': {'hostBGP': False}}}, '26.01'),
        ('VPC', {'subnets': {'a': {'dhcp': {'relayVPC': 'b'}}}}, '26.02'),
        ('VPC', {'subnets': {'a': {'hostBGPMaxPrefixLen': 32}}}, '26.03'),
        ('VPC', {'subnets': {'a': {'hostBGPExtraPrefixes': {}}}}, '26.03'),
        ('External', {'static': {}}, '26.01'),
        ('ExternalAttachment', {'static': {'remoteIP': ''}}, '26.01'),
        ('ExternalAttachment', {'inboundACL': {}}, '26.02'),
        ('Gateway', {}, '26.01'),
        ('Gateway', {'flowTableCapacity': 1}, '26.02'),
        ('Gateway', {'logs': {'rateLimit': {}}}, '26.03'),
        ('GatewayGroup', {}, '26.01'),
        ('GatewayPeering', {}, '26.01'),
        ('GatewayPeering', {'acl': {}}, '26.03'),
    ],
)
def test_a_field_is_unknown_before_the_release_that_added_it(kind, spec, added):
    for release in RELEASES:
        assert bool(unknown(kind, spec, release)) is (release < added), release


def test_each_field_is_reported_at_its_place():
    assert unknown('VPC', {'subnets': {'x.y': SUBNET}}, '24.09') == [
        'spec.subnets["x.y"].dhcp.options.leaseTimeSeconds',
        'spec.subnets["x.y"].dhcp.options.advertisedRoutes',
        'spec.subnets["x.y"].dhcp.static',
        'spec.subnets["x.y"].hostBGP',
        'spec.subnets["x.y"].dhcp.relayVPC',
        'spec.subnets["x.y"].hostBGPMinPrefixLen',
    ]


def test_of_a_kind_that_is_unknown_nothing_else_is_reported():
    assert unknown('GatewayPeering', {'acl': {}}, '25.05') == ['kind']


def test_of_a_field_that_is_unknown_nothing_inside_is_reported():
    assert unknown('Connection', {'gateway': {'links': [{'switch': {}}]}}, '24.09') == ['spec.gateway']


@pytest.mark.parametrize('release', ['26.03', 'newer', '27.01', '', 'main'])
def test_the_newest_release_knows_everything_as_does_one_that_nobody_knows(release):
    assert unknown('VPC', {'subnets': {'a': SUBNET}}, release) == []


def test_null_is_absent():
    assert unknown('VPC', {'mode': None}, '24.09') == []


@pytest.mark.parametrize('spec', [None, [], 'text', {'subnets': [1]}, {'subnets': {'a': 5}}])
def test_any_spec_is_answered(spec):
    assert unknown('VPC', spec, '24.09') == []


def test_the_fields_of_the_table_exist():
    for kind, patterns in release_rules._FIELD_RELEASES.items():
        for pattern in patterns:
            order = spec_order(KINDS[kind])
            for step in pattern.replace('[]', '.[]').split('.'):
                order = order.each if step in ('*', '[]') else order.fields[step]
                assert order is not None or pattern.endswith(step), pattern


def test_only_a_later_release_is_newer():
    assert [release for release in (*RELEASES, 'newer', '27.01', '') if is_newer(release)] == ['newer', '27.01']


def judged(kind, spec, release, name='a'):
    """Return the severities of what is wrong with the structure of a resource, by rule."""
    declaration = Declaration(KINDS[kind], 'default', name, spec)
    (problems,) = judge(Design(FabricSettings(release=release), [declaration])).values()
    return {problem.rule: problem.severity for problem in problems}


WIDENED = [
    ('unknown-field', 'Server', {'colour': 'red'}),
    ('not-a-choice', 'Switch', {'role': 'super-leaf'}),
    ('not-a-choice', 'VPC', {'mode': 'l2'}),
    ('out-of-range', 'VPC', {'subnets': {'a': {'vlan': 70000}}}),
    ('out-of-range', 'Switch', {'role': 'spine', 'linkFlapErrDisable': {'flapThreshold': 51}}),
    ('too-many-items', 'VPCPeering', {'permit': [{}] * 11}),
    ('required', 'Switch', {}),
    ('required', 'GatewayPeering', {'acl': {'rules': [{'from': 'a'}]}}),
]
KEPT = [
    ('out-of-range', 'VPC', {'subnets': {'a': {'vlan': -1}}}),
    ('out-of-range', 'VPC', {'subnets': {'a': {'hostBGPMinPrefixLen': 0}}}),
    ('wrong-type', 'Server', {'description': 7}),
    ('too-few-items', 'VPCPeering', {'permit': []}),
]


@pytest.mark.parametrize(('rule', 'kind', 'spec'), WIDENED)
def test_what_a_later_release_may_accept_is_worth_a_warning_there(rule, kind, spec):
    assert judged(kind, spec, RELEASES[-1])[rule] is Severity.ERROR
    for release in ('newer', '27.01'):
        assert judged(kind, spec, release)[rule] is Severity.WARNING


@pytest.mark.parametrize(('rule', 'kind', 'spec'), KEPT)
def test_what_no_release_will_accept_is_an_error_everywhere(rule, kind, spec):
    for release in (*RELEASES, 'newer'):
        assert judged(kind, spec, release)[rule] is Severity.ERROR


def test_metadata_is_not_the_business_of_a_release():
    assert judged('Server', {}, 'newer', name='')['required'] is Severity.ERROR


def test_of_a_choice_that_only_a_later_release_knows_nothing_else_is_said():
    assert not {rule for rule in judged('Switch', {'role': 'super-leaf'}, 'newer') if 'role' in rule}
