import pytest

from netbox_hedgehog.catalog import KINDS, references


def refer(kind_name, spec):
    return [(found.path, found.kind_name, found.name) for found in references(KINDS[kind_name], spec)]


@pytest.mark.parametrize(
    ('kind_name', 'spec', 'expected'),
    [
        pytest.param(
            'VPC',
            {
                'ipv4Namespace': 'ns',
                'vlanNamespace': 'vl',
                'subnets': {'a': {'dhcp': {'relay': '10.0.0.1/32', 'relayVPC': 'vpc-2'}}, 'b': {}},
                'permit': [['a', 'b']],
            },
            [
                ('spec.ipv4Namespace', 'IPv4Namespace', 'ns'),
                ('spec.vlanNamespace', 'VLANNamespace', 'vl'),
                ('spec.subnets.a.dhcp.relayVPC', 'VPC', 'vpc-2'),
            ],
            id='vpc',
        ),
        pytest.param('VPC', {'subnets': {}}, [], id='defaults-that-are-not-written'),
        pytest.param(
            'VPCAttachment',
            {'subnet': 'vpc-1/default', 'connection': 'server-01--unbundled--leaf-01'},
            [('spec.subnet', 'VPC', 'vpc-1'), ('spec.connection', 'Connection', 'server-01--unbundled--leaf-01')],
            id='vpc-attachment',
        ),
        pytest.param('VPCAttachment', {'subnet': 'vpc-1'}, [('spec.subnet', 'VPC', 'vpc-1')], id='vpc-without-subnet'),
        pytest.param('VPCAttachment', {'subnet': '/default'}, [], id='subnet-without-vpc'),
        pytest.param(
            'VPCPeering',
            {'permit': [{'vpc-1': {}, 'vpc-2': {'subnets': ['a']}}]},
            [('spec.permit[0].vpc-1', 'VPC', 'vpc-1'), ('spec.permit[0].vpc-2', 'VPC', 'vpc-2')],
            id='vpc-peering',
        ),
        pytest.param(
            'External', {'ipv4Namespace': 'ns'}, [('spec.ipv4Namespace', 'IPv4Namespace', 'ns')], id='external'
        ),
        pytest.param(
            'ExternalAttachment',
            {'external': 'ext', 'connection': 'leaf-01--external'},
            [('spec.external', 'External', 'ext'), ('spec.connection', 'Connection', 'leaf-01--external')],
            id='external-attachment',
        ),
        pytest.param(
            'ExternalPeering',
            {'permit': {'vpc': {'name': 'vpc-1', 'subnets': ['a']}, 'external': {'name': 'ext'}}},
            [('spec.permit.vpc.name', 'VPC', 'vpc-1'), ('spec.permit.external.name', 'External', 'ext')],
            id='external-peering',
        ),
        pytest.param('IPv4Namespace', {'subnets': ['10.0.0.0/16']}, [], id='ipv4-namespace'),
        pytest.param('VLANNamespace', {'ranges': [{'from': 1, 'to': 2}]}, [], id='vlan-namespace'),
        pytest.param(
            'Switch',
            {
                'profile': 'vs',
                'groups': ['eslag-1', 'other'],
                'redundancy': {'group': 'eslag-1', 'type': 'eslag'},
                'vlanNamespaces': ['default'],
            },
            [
                ('spec.groups[0]', 'SwitchGroup', 'eslag-1'),
                ('spec.groups[1]', 'SwitchGroup', 'other'),
                ('spec.redundancy.group', 'SwitchGroup', 'eslag-1'),
                ('spec.vlanNamespaces[0]', 'VLANNamespace', 'default'),
            ],
            id='switch-but-not-its-profile',
        ),
        pytest.param('Server', {'profile': 'unused'}, [], id='server'),
        pytest.param('SwitchGroup', {}, [], id='switch-group'),
        pytest.param(
            'Connection',
            {'unbundled': {'link': {'server': {'port': 'server-01/enp2s1'}, 'switch': {'port': 'leaf-01/E1/1'}}}},
            [
                ('spec.unbundled.link.server.port', 'Server', 'server-01'),
                ('spec.unbundled.link.switch.port', 'Switch', 'leaf-01'),
            ],
            id='unbundled',
        ),
        pytest.param(
            'Connection',
            {
                'eslag': {
                    'links': [{'server': {'port': 's/1'}, 'switch': {'port': 'l1/1'}}, {'switch': {'port': 'l2/1'}}]
                }
            },
            [
                ('spec.eslag.links[0].server.port', 'Server', 's'),
                ('spec.eslag.links[0].switch.port', 'Switch', 'l1'),
                ('spec.eslag.links[1].switch.port', 'Switch', 'l2'),
            ],
            id='eslag',
        ),
        pytest.param(
            'Connection',
            {'fabric': {'links': [{'spine': {'port': 's/1', 'ip': '1.1.1.1/31'}, 'leaf': {'port': 'l/1'}}]}},
            [('spec.fabric.links[0].leaf.port', 'Switch', 'l'), ('spec.fabric.links[0].spine.port', 'Switch', 's')],
            id='fabric',
        ),
        pytest.param(
            'Connection',
            {'mesh': {'links': [{'leaf1': {'port': 'a/1'}, 'leaf2': {'port': 'b/1'}}]}},
            [('spec.mesh.links[0].leaf1.port', 'Switch', 'a'), ('spec.mesh.links[0].leaf2.port', 'Switch', 'b')],
            id='mesh',
        ),
        pytest.param(
            'Connection',
            {'gateway': {'links': [{'switch': {'port': 'spine-01/1'}, 'gateway': {'port': 'gateway-1/enp2s1'}}]}},
            [
                ('spec.gateway.links[0].gateway.port', 'Gateway', 'gateway-1'),
                ('spec.gateway.links[0].switch.port', 'Switch', 'spine-01'),
            ],
            id='gateway-connection',
        ),
        pytest.param(
            'Connection',
            {
                'mclagDomain': {
                    'peerLinks': [{'switch1': {'port': 'a/1'}, 'switch2': {'port': 'b/1'}}],
                    'sessionLinks': [],
                }
            },
            [
                ('spec.mclagDomain.peerLinks[0].switch1.port', 'Switch', 'a'),
                ('spec.mclagDomain.peerLinks[0].switch2.port', 'Switch', 'b'),
            ],
            id='mclag-domain',
        ),
        pytest.param(
            'Connection',
            {
                'staticExternal': {
                    'link': {'switch': {'port': 'leaf-01/E1/1', 'nextHop': '1.1.1.1'}},
                    'withinVPC': 'vpc-1',
                }
            },
            [
                ('spec.staticExternal.link.switch.port', 'Switch', 'leaf-01'),
                ('spec.staticExternal.withinVPC', 'VPC', 'vpc-1'),
            ],
            id='static-external',
        ),
        pytest.param(
            'Gateway',
            {'groups': [{'name': 'default', 'priority': 1}, {}]},
            [('spec.groups[0].name', 'GatewayGroup', 'default')],
            id='gateway',
        ),
        pytest.param('GatewayGroup', {}, [], id='gateway-group'),
        pytest.param(
            'GatewayPeering',
            {'gatewayGroup': 'default', 'peering': {'vpc-1': {'expose': []}, 'ext.dc': {}}, 'acl': {'rules': []}},
            [
                ('spec.gatewayGroup', 'GatewayGroup', 'default'),
                ('spec.peering.vpc-1', 'VPC', 'vpc-1'),
                ('spec.peering["ext.dc"]', 'External', 'dc'),
            ],
            id='gateway-peering',
        ),
    ],
)
def test_a_spec_refers_to_what_it_names(kind_name, spec, expected):
    assert sorted(refer(kind_name, spec)) == sorted(expected)


@pytest.mark.parametrize(
    ('kind_name', 'spec'),
    [
        ('VPC', None),
        ('VPC', []),
        ('VPC', {'ipv4Namespace': 3, 'vlanNamespace': '', 'subnets': ['dhcp']}),
        ('VPCAttachment', {'subnet': ['vpc-1/default'], 'connection': None}),
        ('VPCPeering', {'permit': {'vpc-1': {}}}),
        ('VPCPeering', {'permit': [{'vpc-1': None}, 'vpc-2']}),
        ('GatewayPeering', {'peering': ['vpc-1', 'vpc-2']}),
        ('GatewayPeering', {'peering': {'ext.': {}}}),
        ('Connection', {'unbundled': {'link': [{'server': {'port': 's/1'}}]}}),
        ('Connection', {'unbundled': {'link': {'server': 'server-01/enp2s1'}}}),
    ],
)
def test_a_malformed_spec_refers_to_nothing(kind_name, spec):
    assert refer(kind_name, spec) == []


def test_every_reference_is_to_one_of_the_kinds():
    port = {'port': 'device/1'}
    sides = ('server', 'switch', 'switch1', 'switch2', 'spine', 'leaf', 'leaf1', 'leaf2', 'gateway')
    spec = {'any': {'link': dict.fromkeys(sides, port)}}
    found = refer('Connection', spec)
    assert len(found) == len(sides)
    assert {kind_name for _, kind_name, _ in found} <= set(KINDS)
