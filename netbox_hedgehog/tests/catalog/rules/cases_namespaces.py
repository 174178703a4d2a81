"""The rules of namespaces, kept and broken."""

from .case import Case
from .texts import manifest


def _prefixes(text):
    return manifest('IPv4Namespace', 'ns-1', f'{{subnets: [{text}]}}')


def _ranges(text):
    return manifest('VLANNamespace', 'vl-1', f'{{ranges: [{text}]}}')


def _ipv4(rule, valid, invalid, path='spec.subnets[0]'):
    return Case(rule, valid, invalid, 'IPv4Namespace/ns-1', path)


def _vlan(rule, valid, invalid, path='spec.ranges[0]'):
    return Case(rule, valid, invalid, 'VLANNamespace/vl-1', path)


_TEN = ', '.join(f'10.{number}.0.0/16' for number in range(10))

CASES = (
    _ipv4('ipv4-namespace-empty', _prefixes('10.0.0.0/16'), manifest('IPv4Namespace', 'ns-1', '{}'), 'spec.subnets'),
    _ipv4('ipv4-namespace-empty', _prefixes('10.0.0.0/16'), _prefixes(''), 'spec.subnets'),
    _ipv4('ipv4-namespace-too-many', _prefixes(_TEN), _prefixes(f'{_TEN}, 10.10.0.0/16'), 'spec.subnets'),
    _ipv4('ipv4-namespace-subnet-unreadable', _prefixes('10.0.0.5/16'), _prefixes('10.0.0.0')),
    _ipv4('ipv4-namespace-ipv6', _prefixes('10.0.0.0/16'), _prefixes("'fd00::/64'")),
    _ipv4(
        'ipv4-namespace-subnets-overlap', _prefixes('10.0.0.0/16, 10.1.0.0/16'), _prefixes('10.0.0.0/16, 10.0.9.0/24')
    ),
    _ipv4(
        'ipv4-namespace-subnets-overlap',
        _prefixes('10.0.0.0/16, 10.1.0.0/16'),
        _prefixes('10.0.0.0/16, 10.0.9.0/24'),
        'spec.subnets[1]',
    ),
    _ipv4('ipv4-namespace-subnet-reserved', _prefixes('172.29.0.0/16'), _prefixes('172.30.0.0/24')),
    _vlan('vlan-namespace-empty', _ranges('{from: 10}'), manifest('VLANNamespace', 'vl-1', '{}'), 'spec.ranges'),
    _vlan('vlan-namespace-empty', _ranges('{from: 10}'), _ranges(''), 'spec.ranges'),
    _vlan('vlan-namespace-range-invalid', _ranges('{from: 1, to: 2999}'), _ranges('{from: 20, to: 10}')),
    _vlan('vlan-namespace-range-invalid', _ranges('{from: 4000, to: 4094}'), _ranges('{from: 4000, to: 4095}')),
    _vlan(
        'vlan-namespace-ranges-overlap',
        _ranges('{from: 10, to: 20}, {from: 21, to: 30}'),
        _ranges('{from: 10, to: 20}, {from: 20, to: 30}'),
    ),
    _vlan('vlan-namespace-range-reserved', _ranges('{from: 2000, to: 2999}'), _ranges('{from: 2000, to: 3000}')),
    _vlan('vlan-namespace-range-reserved', _ranges('{from: 4000}'), _ranges('{from: 3999}')),
)
