import pytest

from netbox_hedgehog.catalog import KINDS


def cells(kind_name, spec):
    return {column.key: column.value(spec) for column in KINDS[kind_name].columns}


@pytest.mark.parametrize(
    ('kind_name', 'spec', 'expected'),
    [
        pytest.param(
            'VPC',
            {
                'ipv4Namespace': 'default',
                'vlanNamespace': 'vl',
                'subnets': {'default': {'subnet': '10.0.1.0/24', 'vlan': 1001}, 'bgp': {'subnet': '10.0.2.0/24'}},
            },
            {
                'ipv4_namespace': 'default',
                'vlan_namespace': 'vl',
                'subnets': 'default 10.0.1.0/24 vlan 1001, bgp 10.0.2.0/24',
            },
            id='vpc',
        ),
        pytest.param(
            'VPCAttachment',
            {'subnet': 'vpc-1/default', 'connection': 'c', 'nativeVLAN': True},
            {'subnet': 'vpc-1/default', 'connection': 'c', 'native_vlan': 'true'},
            id='vpc-attachment',
        ),
        pytest.param(
            'VPCPeering',
            {'permit': [{'vpc-2': {}, 'vpc-1': {}}, {'vpc-1': {}, 'vpc-2': {}}]},
            {'vpc1': 'vpc-1', 'vpc2': 'vpc-2', 'remote': ''},
            id='vpc-peering',
        ),
        pytest.param(
            'External',
            {'inboundCommunity': '65102:5000', 'outboundCommunity': '50000:50001'},
            {'ipv4_namespace': '', 'inbound_community': '65102:5000', 'outbound_community': '50000:50001'},
            id='external',
        ),
        pytest.param(
            'ExternalAttachment',
            {
                'connection': 'c',
                'external': 'e',
                'switch': {'vlan': 10, 'ip': '100.1.10.1/24'},
                'neighbor': {'asn': 64102, 'ip': '100.1.10.6'},
            },
            {
                'external': 'e',
                'connection': 'c',
                'switch_vlan': '10',
                'switch_ip': '100.1.10.1/24',
                'neighbor_asn': '64102',
                'neighbor_ip': '100.1.10.6',
            },
            id='external-attachment',
        ),
        pytest.param(
            'ExternalPeering',
            {
                'permit': {
                    'vpc': {'name': 'vpc-1', 'subnets': ['a', 'b']},
                    'external': {'name': 'e', 'prefixes': [{'prefix': '0.0.0.0/0'}]},
                }
            },
            {'vpc': 'vpc-1', 'vpc_subnets': 'a, b', 'external': 'e', 'external_prefixes': '0.0.0.0/0'},
            id='external-peering',
        ),
        pytest.param(
            'IPv4Namespace',
            {'subnets': ['10.0.0.0/16', '10.2.0.0/16']},
            {'subnets': '10.0.0.0/16, 10.2.0.0/16'},
            id='ipv4-namespace',
        ),
        pytest.param(
            'VLANNamespace',
            {'ranges': [{'from': 1000, 'to': 2999}, {'from': 10}]},
            {'ranges': '1000-2999, 10'},
            id='vlan-namespace',
        ),
        pytest.param(
            'Switch',
            {
                'profile': 'vs',
                'role': 'server-leaf',
                'description': 'VS-01',
                'boot': {'mac': '0c:20:12:ff:00:00'},
                'redundancy': {'group': 'eslag-1', 'type': 'eslag'},
                'groups': ['eslag-1'],
            },
            {
                'profile': 'vs',
                'role': 'server-leaf',
                'description': 'VS-01',
                'boot': 'MAC 0c:20:12:ff:00:00',
                'vtep_ip': '',
                'redundancy': 'eslag',
                'groups': 'eslag-1',
            },
            id='switch',
        ),
        pytest.param('Server', {'description': 'S-01'}, {'description': 'S-01'}, id='server'),
        pytest.param(
            'Connection',
            {
                'eslag': {
                    'links': [
                        {'server': {'port': 's/1'}, 'switch': {'port': 'leaf-02/E1/1'}},
                        {'server': {'port': 's/2'}, 'switch': {'port': 'leaf-01/E1/1'}},
                    ]
                }
            },
            {'type': 'eslag', 'switches': 'leaf-01, leaf-02', 'servers': 's'},
            id='connection',
        ),
        pytest.param(
            'Connection',
            {'staticExternal': {'link': {'switch': {'port': 'leaf-01/E1/1'}}}},
            {'type': 'static-external', 'switches': 'leaf-01', 'servers': ''},
            id='connection-with-a-type-of-two-words',
        ),
        pytest.param(
            'Connection', {'unbundled': {}, 'mclag': {}}, {'type': 'unbundled', 'switches': '', 'servers': ''}
        ),
        pytest.param(
            'Gateway',
            {'vtepIP': '172.30.12.1/32', 'protocolIP': '172.30.8.1/32', 'groups': [{'name': 'default'}], 'workers': 4},
            {'vtep_ip': '172.30.12.1/32', 'groups': 'default', 'workers': '4', 'protocol_ip': '172.30.8.1/32'},
            id='gateway',
        ),
        pytest.param(
            'GatewayPeering',
            {
                'gatewayGroup': 'gw',
                'peering': {
                    'vpc-1': {'expose': [{'nat': {'static': {}}}, {'nat': {'masquerade': {}}}]},
                    'ext.dc': {'expose': [{'default': True}]},
                },
            },
            {'gateway_group': 'gw', 'peers': 'ext.dc, vpc-1', 'nat': 'masquerade, static'},
            id='gateway-peering',
        ),
    ],
)
def test_a_row_shows_what_kubectl_prints(kind_name, spec, expected):
    assert cells(kind_name, spec) == expected


@pytest.mark.parametrize('kind', KINDS.values(), ids=list(KINDS))
def test_an_empty_spec_has_empty_cells(kind):
    assert all(column.value({}) == '' for column in kind.columns)


def test_kinds_without_a_spec_have_no_columns():
    assert [name for name, kind in KINDS.items() if not kind.columns] == ['SwitchGroup', 'GatewayGroup']
