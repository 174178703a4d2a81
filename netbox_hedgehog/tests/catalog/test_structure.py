import pytest

from netbox_hedgehog.catalog import KINDS, Severity, check_structure

PORT = {'port': 'leaf-01/E1/1'}
LINK = {'server': {'port': 'server-01/enp2s1'}, 'switch': PORT}
STATEMENT = {'seq': 10, 'action': 'permit', 'protocol': 'tcp', 'srcPrefix': 'any', 'dstPrefix': '10.0.0.0/8'}


def check(kind_name, spec):
    return [(problem.path, problem.rule) for problem in check_structure(KINDS[kind_name], spec)]


@pytest.mark.parametrize(
    ('kind_name', 'spec'),
    [
        pytest.param('VPC', {}, id='vpc-without-anything'),
        pytest.param(
            'VPC', {'subnets': {'default': {'subnet': '10.0.1.0/24', 'vlan': 1001}}}, id='smallest-useful-vpc'
        ),
        pytest.param('VPC', {'mode': ''}, id='vpc-mode-empty'),
        pytest.param('VPC', {'mode': 'l3vni'}, id='vpc-mode-l3vni'),
        pytest.param('VPC', {'mode': 'l3flat'}, id='vpc-mode-l3flat'),
        pytest.param('VPC', {'subnets': {'a': {'vlan': 65535, 'hostBGPMinPrefixLen': 1}}}, id='bounds-are-inside'),
        pytest.param('VPC', {'subnets': {'a': {'vlan': 1001.0}}}, id='whole-number-with-a-point'),
        pytest.param('VPC', {'subnets': {'a': None}, 'permit': None, 'mode': None}, id='null-is-absent'),
        pytest.param('VPC', {'subnets': {'a': {'isolated': False, 'dhcp': {}}}, 'permit': []}, id='empty-values'),
        pytest.param(
            'VPCAttachment', {'subnet': 'vpc-1/default', 'connection': 'c', 'nativeVLAN': True}, id='attachment'
        ),
        pytest.param('VPCPeering', {'permit': [{'vpc-1': {}, 'vpc-2': {'subnets': ['a']}}]}, id='vpc-peering'),
        pytest.param('VPCPeering', {'permit': [{'a': {}, 'b': {}}] * 10}, id='ten-permits'),
        pytest.param('External', {'inboundCommunity': '65102:5000', 'static': {'prefixes': []}}, id='external'),
        pytest.param('ExternalAttachment', {'switch': {}, 'neighbor': {}}, id='external-attachment'),
        pytest.param(
            'ExternalAttachment',
            {'switch': {}, 'neighbor': {'asn': 4294967295}, 'inboundACL': {'statements': [STATEMENT]}},
            id='external-attachment-with-acl',
        ),
        pytest.param('ExternalPeering', {'permit': {'vpc': {'name': 'a'}, 'external': {}}}, id='external-peering'),
        pytest.param('IPv4Namespace', {'subnets': ['10.0.0.0/16'] * 20}, id='twenty-subnets'),
        pytest.param('VLANNamespace', {'ranges': [{'from': 1000, 'to': 2999}]}, id='vlan-namespace'),
        pytest.param('Switch', {'role': 'spine'}, id='smallest-switch'),
        pytest.param('Switch', {'role': 'virtual-edge', 'portFECs': {'E1/1': 'rs', 'E1/2': None}}, id='port-settings'),
        pytest.param('Switch', {'role': 'spine', 'linkFlapErrDisable': {'recoveryInterval': 0}}, id='never-recover'),
        pytest.param('SwitchGroup', {}, id='switch-group'),
        pytest.param('SwitchGroup', None, id='spec-that-is-null'),
        pytest.param('Server', {}, id='server'),
        pytest.param('Connection', {'unbundled': {'link': LINK, 'mtu': 9036}}, id='unbundled'),
        pytest.param('Connection', {'bundled': {'links': []}}, id='bundled-has-no-least-number-of-links'),
        pytest.param('Connection', {'eslag': {'links': [LINK, LINK]}}, id='eslag'),
        pytest.param('Connection', {'fabric': {'links': [{'leaf': {'ip': '172.30.128.0/31'}}]}}, id='fabric'),
        pytest.param('Connection', {'vpcLoopback': {'links': [{'switch1': PORT, 'switch2': PORT}]}}, id='loopback'),
        pytest.param(
            'Connection',
            {'staticExternal': {'link': {'switch': {'ip': '10.0.0.1/24', 'nextHop': '10.0.0.2'}}}},
            id='static',
        ),
        pytest.param('Gateway', {'workers': 255, 'interfaces': {'eth0': {'ips': []}}}, id='gateway'),
        pytest.param('GatewayGroup', {}, id='gateway-group'),
        pytest.param(
            'GatewayPeering', {'peering': {'vpc-1': {}, 'ext.dc': {'expose': [{'default': True}]}}}, id='peering'
        ),
        pytest.param('GatewayPeering', {'acl': {'default': '', 'rules': [{'action': 'allow', 'from': 'a'}]}}, id='acl'),
        pytest.param(
            'GatewayPeering',
            {
                'peering': {
                    'a': {'expose': [{'as': [{'not': '10.0.0.0/8'}], 'nat': {'masquerade': {'idleTimeout': '1h30m'}}}]}
                }
            },
            id='nat',
        ),
    ],
)
def test_a_spec_of_the_right_structure_has_no_problem(kind_name, spec):
    assert check(kind_name, spec) == []


@pytest.mark.parametrize(
    ('kind_name', 'spec', 'path', 'rule'),
    [
        # Types: nothing is coerced, in either direction.
        ('VPC', {'subnets': {'a': {'vlan': '1001'}}}, 'spec.subnets.a.vlan', 'wrong-type'),
        ('VPC', {'subnets': {'a': {'vlan': 1001.5}}}, 'spec.subnets.a.vlan', 'wrong-type'),
        ('VPC', {'subnets': {'a': {'vlan': True}}}, 'spec.subnets.a.vlan', 'wrong-type'),
        ('VPC', {'subnets': {'a': {'vlan': float('inf')}}}, 'spec.subnets.a.vlan', 'wrong-type'),
        ('VPC', {'subnets': {'a': {'hostBGP': 'true'}}}, 'spec.subnets.a.hostBGP', 'wrong-type'),
        ('VPC', {'subnets': {'a': {'hostBGP': 1}}}, 'spec.subnets.a.hostBGP', 'wrong-type'),
        ('VPC', {'subnets': {'a': 'b'}}, 'spec.subnets.a', 'wrong-type'),
        ('VPC', {'subnets': ['a']}, 'spec.subnets', 'wrong-type'),
        ('VPC', {'permit': [['a', 'b'], ['c', 1]]}, 'spec.permit[1][1]', 'wrong-type'),
        ('VPC', {'permit': [['a', None]]}, 'spec.permit[0][1]', 'wrong-type'),
        ('VPC', {'permit': 'a'}, 'spec.permit', 'wrong-type'),
        ('VPC', [], 'spec', 'wrong-type'),
        ('External', {'inboundCommunity': 3000050}, 'spec.inboundCommunity', 'wrong-type'),
        ('Switch', {'role': 'spine', 'boot': {'serial': 12345}}, 'spec.boot.serial', 'wrong-type'),
        ('Switch', {'role': 'spine', 'portAutoNegs': {'E1/1': 'yes'}}, 'spec.portAutoNegs.E1/1', 'wrong-type'),
        ('GatewayPeering', {'peering': {'a': {'expose': ['..']}}}, 'spec.peering.a.expose[0]', 'wrong-type'),
        ('SwitchGroup', 'text', 'spec', 'wrong-type'),
        ('Server', {'\ud800': 'x'}, 'spec', 'not-unicode'),
        # Widths of the Go types, and the bounds of the schema.
        ('VPC', {'subnets': {'a': {'vlan': 70000}}}, 'spec.subnets.a.vlan', 'out-of-range'),
        ('VPC', {'subnets': {'a': {'vlan': -1}}}, 'spec.subnets.a.vlan', 'out-of-range'),
        ('VPC', {'subnets': {'a': {'hostBGPMinPrefixLen': 0}}}, 'spec.subnets.a.hostBGPMinPrefixLen', 'out-of-range'),
        ('VPC', {'subnets': {'a': {'hostBGPMaxPrefixLen': 33}}}, 'spec.subnets.a.hostBGPMaxPrefixLen', 'out-of-range'),
        ('Switch', {'role': 'spine', 'asn': 4294967296}, 'spec.asn', 'out-of-range'),
        ('Switch', {'role': 'spine', 'asn': 10**400}, 'spec.asn', 'out-of-range'),
        (
            'Switch',
            {'role': 'spine', 'linkFlapErrDisable': {'flapThreshold': 51}},
            'spec.linkFlapErrDisable.flapThreshold',
            'out-of-range',
        ),
        ('Gateway', {'workers': 256}, 'spec.workers', 'out-of-range'),
        # What is required.
        ('Switch', {}, 'spec.role', 'required'),
        ('Switch', None, 'spec.role', 'required'),
        ('Switch', {'role': None}, 'spec.role', 'required'),
        (
            'VPC',
            {'subnets': {'a': {'dhcp': {'static': {'00:11:22:33:44:55': {}}}}}},
            'spec.subnets.a.dhcp.static.00:11:22:33:44:55.ip',
            'required',
        ),
        ('ExternalAttachment', {'switch': {}, 'neighbor': {}, 'static': {}}, 'spec.static.remoteIP', 'required'),
        (
            'ExternalAttachment',
            {'switch': {}, 'neighbor': {}, 'inboundACL': {'statements': [{**STATEMENT, 'seq': None}]}},
            'spec.inboundACL.statements[0].seq',
            'required',
        ),
        ('GatewayPeering', {'acl': {'default': 'deny', 'rules': [{}]}}, 'spec.acl.rules[0].action', 'required'),
        # Choices.
        ('VPC', {'mode': 'l2'}, 'spec.mode', 'not-a-choice'),
        ('Switch', {'role': 'leaf'}, 'spec.role', 'not-a-choice'),
        ('Switch', {'role': 'spine', 'redundancy': {'type': ''}}, 'spec.redundancy.type', 'not-a-choice'),
        ('Switch', {'role': 'spine', 'portFECs': {'E1/1': 'on'}}, 'spec.portFECs.E1/1', 'not-a-choice'),
        ('GatewayPeering', {'acl': {'default': 'allow'}}, 'spec.acl.default', 'not-a-choice'),
        # Forms.
        (
            'Connection',
            {'fabric': {'links': [{'spine': {'ip': '172.30.128.0'}}]}},
            'spec.fabric.links[0].spine.ip',
            'wrong-form',
        ),
        ('Connection', {'mesh': {'links': [{'leaf1': {'ip': ''}}]}}, 'spec.mesh.links[0].leaf1.ip', 'wrong-form'),
        (
            'Connection',
            {'staticExternal': {'link': {'switch': {'nextHop': '10.0.0.256'}}}},
            'spec.staticExternal.link.switch.nextHop',
            'wrong-form',
        ),
        (
            'GatewayPeering',
            {'peering': {'a': {'expose': [{'nat': {'masquerade': {'idleTimeout': '2 minutes'}}}]}}},
            'spec.peering.a.expose[0].nat.masquerade.idleTimeout',
            'wrong-form',
        ),
        # Numbers of items.
        ('VPCPeering', {'permit': []}, 'spec.permit', 'too-few-items'),
        ('VPCPeering', {'permit': [{}] * 11}, 'spec.permit', 'too-many-items'),
        ('VPCPeering', {'permit': [{'a': {'subnets': []}}]}, 'spec.permit[0].a.subnets', 'too-few-items'),
        ('IPv4Namespace', {'subnets': ['10.0.0.0/16'] * 21}, 'spec.subnets', 'too-many-items'),
        ('VLANNamespace', {'ranges': [{}] * 21}, 'spec.ranges', 'too-many-items'),
        ('Connection', {'eslag': {'links': [LINK]}}, 'spec.eslag.links', 'too-few-items'),
        ('Connection', {'mclagDomain': {'peerLinks': []}}, 'spec.mclagDomain.peerLinks', 'too-few-items'),
        ('Connection', {'vpcLoopback': {'links': []}}, 'spec.vpcLoopback.links', 'too-few-items'),
    ],
)
def test_a_spec_of_another_structure_is_an_error_at_its_place(kind_name, spec, path, rule):
    (problem,) = check_structure(KINDS[kind_name], spec)
    assert (problem.path, problem.rule, problem.severity) == (path, rule, Severity.ERROR)


@pytest.mark.parametrize(
    ('kind_name', 'spec', 'paths'),
    [
        ('SwitchGroup', {'extra': 1}, ['spec.extra']),
        ('Server', {'type': 'control'}, ['spec.type']),
        (
            'VPC',
            {'subnets': {'a': {'vlann': 1}}, 'topology': {'fabric': 'f'}},
            ['spec.subnets.a.vlann', 'spec.topology'],
        ),
        ('Connection', {'eslag': {'links': [{**LINK, 'speed': 1}, LINK]}}, ['spec.eslag.links[0].speed']),
        ('GatewayPeering', {'peering': {'a': {'expose': [{'not_': []}]}}}, ['spec.peering.a.expose[0].not_']),
        ('VLANNamespace', {'ranges': [{'from_': 1}]}, ['spec.ranges[0].from_']),
    ],
)
def test_an_unknown_field_is_an_error_wherever_it_stands(kind_name, spec, paths):
    problems = check_structure(KINDS[kind_name], spec)
    assert [problem.path for problem in problems] == paths
    assert {(problem.rule, problem.severity) for problem in problems} == {('unknown-field', Severity.ERROR)}


def test_an_unknown_field_that_is_null_is_absent():
    assert check('SwitchGroup', {'extra': None}) == []


@pytest.mark.parametrize(
    ('kind_name', 'spec', 'paths'),
    [
        ('ExternalAttachment', {'external': 'e', 'neighbor': None}, ['spec.neighbor', 'spec.switch']),
        ('GatewayPeering', {'acl': {'rules': []}}, ['spec.acl.default']),
        (
            'VPC',
            {'subnets': {'a': {'dhcp': {'options': {'pxeURL': 'http://10.0.0.1/boot'}}}}},
            ['spec.subnets.a.dhcp.options.interfaceMTU', 'spec.subnets.a.dhcp.options.leaseTimeSeconds'],
        ),
    ],
)
def test_a_required_field_that_the_fabric_fills_in_is_only_a_warning(kind_name, spec, paths):
    problems = check_structure(KINDS[kind_name], spec)
    assert [problem.path for problem in problems] == paths
    assert {(problem.rule, problem.severity) for problem in problems} == {('filled-in', Severity.WARNING)}


@pytest.mark.parametrize(('kind_name', 'field'), [('IPv4Namespace', 'subnets'), ('VLANNamespace', 'ranges')])
def test_an_empty_list_that_the_fabric_takes_for_a_missing_one_is_no_problem_of_structure(kind_name, field):
    assert check_structure(KINDS[kind_name], {field: []}) == ()


def test_all_problems_are_reported_at_once():
    spec = {'role': 'leaf', 'asn': -1, 'ip': 5, 'portFECs': {'E1/1': 'on'}, 'colour': 'blue'}
    assert check('Switch', spec) == [
        ('spec.asn', 'out-of-range'),
        ('spec.ip', 'wrong-type'),
        ('spec.portFECs.E1/1', 'not-a-choice'),
        ('spec.role', 'not-a-choice'),
        ('spec.colour', 'unknown-field'),
    ]


@pytest.mark.parametrize(
    ('kind_name', 'spec', 'message'),
    [
        ('External', {'inboundCommunity': 3000050}, 'This is a number; write it in quotes.'),
        ('Server', {'description': True}, 'This is true; write it in quotes.'),
        ('Server', {'description': []}, 'This is a list; write a text.'),
        ('VPC', {'subnets': {'a': {'vlan': '1001'}}}, 'This is a text; write it without quotes.'),
        ('VPC', {'subnets': {'a': {'vlan': 'x'}}}, 'This is a text; write a whole number from 1 to 4094.'),
        ('VPC', {'subnets': {'a': {'vlan': '\uff11\uff10'}}}, 'This is a text; write a whole number from 1 to 4094.'),
        ('VPC', {'subnets': {'a': {'vlan': '0100'}}}, 'This is a text; write a whole number from 1 to 4094.'),
        ('VPC', {'subnets': {'a': {'vlan': '70000'}}}, 'Too large; write a whole number from 1 to 4094.'),
        ('VPC', {'subnets': {'a': {'vlan': '9' * 5000}}}, 'Too large; write a whole number from 1 to 4094.'),
        ('VPC', {'subnets': {'a': {'vlan': 70000.0}}}, 'Too large; write a whole number from 1 to 4094.'),
        ('VPC', {'subnets': {'a': {'vlan': -1}}}, 'Too small; write a whole number from 1 to 4094.'),
        ('VPC', {'subnets': {'a': {'vlan': True}}}, 'This is true; write a whole number from 1 to 4094.'),
        ('VLANNamespace', {'ranges': [{'from': 70000}]}, 'Too large; write a whole number from 1 to 4094.'),
        (
            'ExternalAttachment',
            {'switch': {'vlan': 70000}, 'neighbor': {}},
            'Too large; write a whole number from 0 to 4094.',
        ),
        (
            'VPC',
            {'subnets': {'a': {'dhcp': {'options': {'interfaceMTU': 99999, 'leaseTimeSeconds': 1}}}}},
            'Too large; write a whole number from 96 to 9036.',
        ),
        ('Gateway', {'workers': 256}, 'Too large; write a whole number from 1 to 64.'),
        ('Gateway', {'asn': 2**32}, 'Too large; write a whole number from 1 to 2147483647.'),
        ('Switch', {'role': 'leaf'}, 'Not one of the choices; write spine, server-leaf, border-leaf or mixed-leaf.'),
        (
            'GatewayPeering',
            {'acl': {'default': 'x'}},
            'Not one of the choices; write deny or deny-unless-exposed, or leave it out.',
        ),
        ('VPC', {'subnets': {'a': {'hostBGP': 'false'}}}, 'This is a text; write it without quotes.'),
        ('VPC', {'permit': [None]}, 'This is null; write a list.'),
        ('VPC', {'subnets': {'a': {'vlan': 70000}}}, 'Too large; write a whole number from 1 to 4094.'),
        ('VPC', {'mode': 'l2'}, 'Not one of the choices; write l3vni, or leave it out.'),
        ('Switch', {}, 'Missing; write spine, server-leaf, border-leaf or mixed-leaf.'),
        (
            'Connection',
            {'fabric': {'links': [{'leaf': {'ip': 'x'}}]}},
            'Not in the right form; write an IPv4 address with prefix length such as 172.30.128.0/31.',
        ),
    ],
)
def test_a_message_tells_what_to_write(kind_name, spec, message):
    (problem,) = check_structure(KINDS[kind_name], spec)
    assert problem.message == message
