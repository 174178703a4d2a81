from netbox_hedgehog.catalog import KINDS, FieldOrder, spec_order


def test_the_order_follows_the_schema_all_the_way_down():
    order = spec_order(KINDS['VPC'])
    assert list(order.fields)[:3] == ['defaultIsolated', 'defaultRestricted', 'ipv4Namespace']
    subnet = order.fields['subnets'].each
    assert list(subnet.fields)[:3] == ['dhcp', 'gateway', 'hostBGP']
    assert list(subnet.fields['dhcp'].fields['range'].fields) == ['end', 'start']
    assert list(subnet.fields['dhcp'].fields['static'].each.fields) == ['ip']


def test_lists_have_the_order_of_their_items():
    assert list(spec_order(KINDS['VPC']).fields['staticRoutes'].each.fields) == ['nextHops', 'prefix']
    assert spec_order(KINDS['VPC']).fields['permit'] == FieldOrder(each=FieldOrder(each=FieldOrder()))
    assert list(spec_order(KINDS['VPCPeering']).fields['permit'].each.each.fields) == ['subnets']
    links = spec_order(KINDS['Connection']).fields['eslag'].fields['links']
    assert list(links.each.fields) == ['server', 'switch']


def test_words_that_python_keeps_for_itself_are_spelled_as_in_the_schema():
    assert list(spec_order(KINDS['VLANNamespace']).fields['ranges'].each.fields) == ['from', 'to']
    expose = spec_order(KINDS['GatewayPeering']).fields['peering'].each.fields['expose'].each
    assert list(expose.fields) == ['as', 'default', 'ips', 'nat']
    assert list(expose.fields['as'].each.fields) == ['cidr', 'not']


def test_a_scalar_and_an_empty_spec_have_nothing_to_order():
    assert spec_order(KINDS['VPC']).fields['mode'] == FieldOrder()
    assert spec_order(KINDS['SwitchGroup']) == FieldOrder()
    assert spec_order(KINDS['GatewayGroup']) == FieldOrder()
