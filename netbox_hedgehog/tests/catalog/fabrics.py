"""Small fabrics in which everything clashes with everything, and edits of them."""

from hypothesis import strategies as st

from netbox_hedgehog.catalog import KINDS, Declaration

__all__ = ('changes', 'declare')


def declare(kind_name, name, spec, namespace='default'):
    """Declare a resource."""
    return Declaration(KINDS[kind_name], namespace, name, spec)


def _resources(kind_name, specs, names=('a', 'b', 'c', 'd')):
    namespaces = st.sampled_from(['default'] * 7 + ['other'])
    return st.builds(declare, st.just(kind_name), st.sampled_from(names), specs, namespaces)


def _records(**fields):
    return st.fixed_dictionaries({}, optional=fields)


_PREFIXES = st.sampled_from(['10.0.0.0/8', '10.0.0.0/16', '10.0.0.0/24', '10.0.0.0/25', '10.0.1.0/24', 'none', 7])
_VLANS = st.sampled_from([5, 1001, 1002, 'none'])
_PORTS = st.sampled_from(['a/E1/1', 'a/E1/1/1', 'b/E1/1', 'b/E1/2', 'none', 7])
_ADDRESSES = st.sampled_from(['172.30.128.0/31', '172.30.128.1/31', '172.30.128.2/31'])
_ENDS = _records(port=_PORTS, ip=_ADDRESSES)
_ATTACHED = _records(connection=st.sampled_from('abcd'), subnet=st.sampled_from(['a', 'b/default', 'b/two']))
_EXPOSED = st.lists(
    _records(ips=st.lists(_records(cidr=_PREFIXES, vpcSubnet=st.just('default')), max_size=2)), max_size=2
)
_SUBNETS = st.dictionaries(st.sampled_from(['default', 'two']), _records(subnet=_PREFIXES, vlan=_VLANS), max_size=2)
_SWITCHES = _records(
    role=st.sampled_from(['spine', 'server-leaf', 'none']),
    profile=st.just('celestica-ds3000'),
    asn=st.sampled_from([65100, 65101]),
    ip=st.sampled_from(['172.30.0.9/21', '172.30.0.10/21']),
    protocolIP=st.sampled_from(['172.30.8.1/32', '172.30.8.2/32']),
    vtepIP=st.sampled_from(['172.30.12.1/32', '172.30.12.2/32']),
)
_GATEWAYS = _records(protocolIP=st.just('172.30.8.1/32'), vtepIP=st.just('172.30.12.1/32'))
_ANY = st.one_of(
    _resources('VPC', _records(subnets=_SUBNETS)),
    _resources('IPv4Namespace', _records(subnets=st.lists(_PREFIXES, max_size=3)), ['default']),
    _resources('VLANNamespace', _records(ranges=st.lists(_records(**{'from': _VLANS}), max_size=2)), ['default']),
    _resources('Switch', _SWITCHES),
    _resources('Gateway', _GATEWAYS),
    _resources('Connection', st.builds(lambda ends: {'mesh': {'links': [ends]}}, _records(leaf1=_ENDS, leaf2=_ENDS))),
    _resources('VPCAttachment', _ATTACHED),
    _resources('VPCPeering', st.just({'permit': [{'a': {}, 'b': {}}]})),
    _resources(
        'GatewayPeering',
        st.builds(lambda a, b: {'peering': {'a': {'expose': a}, 'b': {'expose': b}}}, _EXPOSED, _EXPOSED),
    ),
)


def changes():
    """Draw what a change puts into a fabric, and the resources that it takes out, be they there or not."""
    return st.tuples(st.lists(_ANY, max_size=8), st.lists(_ANY.map(lambda found: found.identity), max_size=3))
