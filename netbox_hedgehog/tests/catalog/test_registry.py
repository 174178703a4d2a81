import dataclasses

import pytest

from netbox_hedgehog.catalog import KINDS, AtomicList, KeyedList, SetList, Unsupported, find_kind
from netbox_hedgehog.catalog.order import spec_order

VPC, WIRING, GATEWAY = 'vpc.githedgehog.com', 'wiring.githedgehog.com', 'gateway.githedgehog.com'


def test_the_kinds_stand_in_the_order_of_the_menu():
    assert list(KINDS) == [
        'VPC',
        'VPCAttachment',
        'VPCPeering',
        'External',
        'ExternalAttachment',
        'ExternalPeering',
        'IPv4Namespace',
        'VLANNamespace',
        'Switch',
        'SwitchGroup',
        'Server',
        'Connection',
        'Gateway',
        'GatewayGroup',
        'GatewayPeering',
    ]
    assert all(name == kind.name for name, kind in KINDS.items())


@pytest.mark.parametrize(
    ('name', 'api_version', 'plural', 'slug', 'name_limit'),
    [
        ('VPC', f'{VPC}/v1beta1', 'vpcs', 'vpcs', 11),
        ('VPCAttachment', f'{VPC}/v1beta1', 'vpcattachments', 'vpc-attachments', 250),
        ('VPCPeering', f'{VPC}/v1beta1', 'vpcpeerings', 'vpc-peerings', 250),
        ('External', f'{VPC}/v1beta1', 'externals', 'externals', 11),
        ('ExternalAttachment', f'{VPC}/v1beta1', 'externalattachments', 'external-attachments', 250),
        ('ExternalPeering', f'{VPC}/v1beta1', 'externalpeerings', 'external-peerings', 250),
        ('IPv4Namespace', f'{VPC}/v1beta1', 'ipv4namespaces', 'ipv4-namespaces', 11),
        ('VLANNamespace', f'{WIRING}/v1beta1', 'vlannamespaces', 'vlan-namespaces', 63),
        ('Switch', f'{WIRING}/v1beta1', 'switches', 'switches', 63),
        ('SwitchGroup', f'{WIRING}/v1beta1', 'switchgroups', 'switch-groups', 63),
        ('Server', f'{WIRING}/v1beta1', 'servers', 'servers', 63),
        ('Connection', f'{WIRING}/v1beta1', 'connections', 'connections', 63),
        ('Gateway', f'{GATEWAY}/v1alpha1', 'gateways', 'gateways', 250),
        ('GatewayGroup', f'{GATEWAY}/v1alpha1', 'gatewaygroups', 'gateway-groups', 250),
        ('GatewayPeering', f'{GATEWAY}/v1alpha1', 'gatewaypeerings', 'gateway-peerings', 250),
    ],
)
def test_a_kind_has_its_version_directory_address_and_name_limit(name, api_version, plural, slug, name_limit):
    kind = KINDS[name]
    assert (kind.api_version, kind.plural, kind.slug, kind.name_limit) == (api_version, plural, slug, name_limit)
    assert find_kind(api_version, name) is kind


def test_the_legacy_version_is_read_where_there_was_one():
    for kind in KINDS.values():
        found = find_kind(f'{kind.group}/v1alpha2', kind.name)
        if kind.group == GATEWAY:
            assert isinstance(found, Unsupported)
            assert found.code == 'unknown-version'
        else:
            assert found is kind


@pytest.mark.parametrize(
    ('api_version', 'kind', 'code'),
    [
        pytest.param('v1', 'ConfigMap', 'foreign-kind', id='core-kind'),
        pytest.param('gateway.networking.k8s.io/v1', 'Gateway', 'foreign-kind', id='same-name-in-a-foreign-group'),
        pytest.param('ec2.aws.upbound.io/v1beta1', 'VPC', 'foreign-kind', id='vpc-of-a-cloud'),
        pytest.param(f'{WIRING}/v1alpha2', 'Rack', 'foreign-kind', id='kind-that-is-gone'),
        pytest.param(f'{GATEWAY}/v1alpha1', 'Peering', 'foreign-kind', id='old-name-of-a-kind'),
        pytest.param(f'{WIRING}/v1beta1', 'Fabric', 'foreign-kind', id='kind-that-is-to-come'),
        pytest.param(f'{WIRING}/v1beta1', 'switch', 'foreign-kind', id='kind-in-lower-case'),
        pytest.param('', '', 'foreign-kind', id='nothing'),
        pytest.param('fakegithedgehog.com/v1beta1', 'VPC', 'foreign-kind', id='domain-that-only-ends-alike'),
        pytest.param(f'{VPC}/v1beta1', 'Connection', 'wrong-group', id='wiring-kind-in-the-vpc-group'),
        pytest.param(f'{WIRING}/v1beta1', 'IPv4Namespace', 'wrong-group', id='vpc-kind-in-the-wiring-group'),
        pytest.param('githedgehog.com/v1beta1', 'VPC', 'wrong-group', id='half-a-group'),
        pytest.param('v1beta1', 'VPC', 'wrong-group', id='no-group'),
        pytest.param(f'{WIRING}/v1beta1', 'SwitchProfile', 'controller-owned-kind', id='built-in-profile'),
        pytest.param(f'{WIRING}/v1beta1', 'ServerProfile', 'controller-owned-kind', id='unused-profile'),
        pytest.param(f'{GATEWAY}/v1alpha1', 'VPCInfo', 'controller-owned-kind', id='vpc-info'),
        pytest.param('dhcp.githedgehog.com/v1beta1', 'DHCPSubnet', 'controller-owned-kind', id='dhcp-subnet'),
        pytest.param('agent.githedgehog.com/v1beta1', 'Agent', 'controller-owned-kind', id='agent'),
        pytest.param('gwint.githedgehog.com/v1alpha1', 'GatewayAgent', 'controller-owned-kind', id='gateway-agent'),
        pytest.param('fabricator.githedgehog.com/v1beta1', 'FabNode', 'controller-owned-kind', id='installer'),
        pytest.param(f'{VPC}/v1', 'VPC', 'unknown-version', id='version-that-never-was'),
        pytest.param(f'{GATEWAY}/v1beta1', 'Gateway', 'unknown-version', id='version-of-another-group'),
        pytest.param(VPC, 'VPC', 'wrong-group', id='group-without-version'),
    ],
)
def test_any_other_document_is_told_why_it_is_not_one_of_them(api_version, kind, code):
    found = find_kind(api_version, kind)
    assert isinstance(found, Unsupported)
    assert found.code == code
    assert found.message.endswith('.')


def test_kinds_and_columns_have_distinct_names():
    kinds = KINDS.values()
    for attribute in ('plural', 'slug', 'model_name', 'verbose_name', 'verbose_name_plural', 'description'):
        assert len({getattr(kind, attribute) for kind in kinds}) == len(kinds), attribute
    for kind in kinds:
        assert len({column.key for column in kind.columns}) == len({column.label for column in kind.columns})
        assert all(column.key.isidentifier() for column in kind.columns)


def test_kinds_can_be_keys_and_do_not_change():
    assert {kind: kind.name for kind in KINDS.values()}[KINDS['VPC']] == 'VPC'
    with pytest.raises(dataclasses.FrozenInstanceError):
        KINDS['VPC'].name = 'Other'


def test_list_shapes_name_lists_and_fields_that_exist():
    for kind in KINDS.values():
        for pattern, shape in kind.list_shapes.items():
            order = spec_order(kind)
            for step in pattern.split('.'):
                order = order.each if step == '*' else order.fields[step]
            assert order.each is not None, f'{kind.name} {pattern} is no list'
            match shape:
                case SetList():
                    assert not order.each.fields
                case KeyedList(keys):
                    for key in keys:
                        item = order.each
                        for step in key.split('.'):
                            item = item.fields[step]
                case AtomicList():
                    pytest.fail(f'{kind.name} {pattern}: a list is atomic without being listed')


def test_only_the_rules_of_a_gateway_peering_have_an_order_of_their_own():
    ordered = [
        (kind.name, pattern)
        for kind in KINDS.values()
        for pattern, shape in kind.list_shapes.items()
        if isinstance(shape, KeyedList) and shape.ordered
    ]
    assert ordered == [('GatewayPeering', 'acl.rules')]
