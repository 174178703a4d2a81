"""Fabrics that keep and break the rules of gateways and their groups."""

from netbox_hedgehog.catalog import FabricSettings
from netbox_hedgehog.tests.catalog.rules.case import Case

__all__ = ('CASES', 'GROUP', 'gateway')

GROUP = """\
apiVersion: gateway.githedgehog.com/v1alpha1
kind: GatewayGroup
metadata: {name: default}
spec: {}
"""

_FIELDS = {
    'protocolIP': '172.30.8.7/32',
    'vtepIP': '172.30.12.5/32',
    'vtepMAC': '"ca:fe:ba:be:01:01"',
    'asn': '65534',
    'interfaces': '{enp2s1: {ips: [172.30.128.1/31]}}',
    'neighbors': '[{ip: 172.30.128.0, asn: 65100, source: enp2s1}]',
}


def gateway(name='g1', **fields):
    """Write a gateway; a field that is empty is left out."""
    spec = ', '.join(f'{field}: {text}' for field, text in (_FIELDS | fields).items() if text)
    return f"""\
---
apiVersion: gateway.githedgehog.com/v1alpha1
kind: Gateway
metadata: {{name: {name}}}
spec: {{{spec}}}
"""


def second(**fields):
    """Write another gateway that shares nothing with the first one."""
    own = {'protocolIP': '172.30.8.8/32', 'vtepIP': '172.30.12.6/32', 'vtepMAC': '"ca:fe:ba:be:01:02"'}
    return gateway('g2', **(own | fields))


def _case(rule, path, valid, invalid, settings=None):
    return Case(
        rule,
        GROUP + gateway(**valid),
        GROUP + gateway(**invalid),
        'Gateway/g1',
        path,
        settings or FabricSettings(),
    )


def _field(rule, field, valid, invalid, path=None):
    return _case(rule, path or f'spec.{field}', {field: valid}, {field: invalid})


def _interface(rule, valid, invalid, path):
    ips = 'ips: [172.30.128.1/31]'
    return _field(rule, 'interfaces', f'{{enp2s1: {{{ips}{valid}}}}}', f'{{enp2s1: {{{ips}{invalid}}}}}', path)


_DISABLED = FabricSettings(enable_gateway=False)
_SERVER = """\
apiVersion: wiring.githedgehog.com/v1beta1
kind: Server
metadata: {name: server-1}
spec: {}
"""
_SWITCH = """\
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Switch
metadata: {name: leaf-1}
spec: {role: server-leaf, profile: vs, asn: 65101, ip: 172.30.0.9/21, protocolIP: 172.30.8.7/32, vtepIP: 172.30.12.9/32}
"""

CASES = (
    # What is disabled is broken by being there at all.
    Case('gateway-disabled', _SERVER, GROUP + gateway(), 'Gateway/g1', 'spec', _DISABLED),
    Case('gateway-group-disabled', _SERVER, GROUP, 'GatewayGroup/default', 'spec', _DISABLED),
    _field('gateway-protocol-address', 'protocolIP', '172.30.8.1/32', '172.30.8.1/31'),
    _field('gateway-protocol-address', 'protocolIP', '172.30.8.1/32', ''),
    _field('gateway-vtep-address', 'vtepIP', '172.30.12.1/32', '127.0.0.1/32'),
    _field('gateway-vtep-address', 'vtepIP', '172.30.12.1/32', '172.30.12.1'),
    _field('gateway-vtep-mac', 'vtepMAC', '02-00-00-00-00-01', '03-00-00-00-00-01'),
    _field('gateway-vtep-mac', 'vtepMAC', '0200.0000.0001', '0000.0000.0000'),
    _field('gateway-asn-missing', 'asn', '65534', '0'),
    _field('gateway-workers', 'workers', '64', '65'),
    _field('gateway-interface-missing', 'interfaces', '{eth0: {ips: [10.0.0.1/24]}}', '{}'),
    _field(
        'gateway-interface-name',
        'interfaces',
        '{enp2s1np01: {ips: [10.0.0.1/24]}}',
        '{enp2s1np0123: {ips: [10.0.0.1/24]}}',
        'spec.interfaces.enp2s1np0123',
    ),
    _interface('gateway-interface-name', ', kernel: ens1', ', kernel: 1ens', 'spec.interfaces.enp2s1.kernel'),
    _field(
        'gateway-interface-address-missing',
        'interfaces',
        '{eth0: {ips: [10.0.0.1/24]}}',
        '{eth0: {mtu: 9000}}',
        'spec.interfaces.eth0.ips',
    ),
    _field(
        'gateway-interface-address',
        'interfaces',
        '{eth0: {ips: [10.0.0.1/24]}}',
        '{eth0: {ips: [10.0.0.1/24, 10.0.0.1]}}',
        'spec.interfaces.eth0.ips[1]',
    ),
    _interface(
        'gateway-interface-pci-or-kernel',
        ', pci: "0000:02:00.0"',
        ', pci: "0000:02:00.0", kernel: ens1',
        'spec.interfaces.enp2s1.pci',
    ),
    _interface('gateway-interface-pci', ', pci: "00a0:ff:1f.7"', ', pci: "0000:02:20.0"', 'spec.interfaces.enp2s1.pci'),
    _interface(
        'gateway-interface-kernel-name', ', kernel: enp2s2', ', kernel: enp2s1', 'spec.interfaces.enp2s1.kernel'
    ),
    _field('gateway-neighbor-missing', 'neighbors', '[{ip: 10.0.0.2, asn: 1}]', ''),
    _field(
        'gateway-neighbor-address',
        'neighbors',
        '[{ip: 10.0.0.2, asn: 1}]',
        '[{ip: 224.0.0.1, asn: 1}]',
        'spec.neighbors[0].ip',
    ),
    _field(
        'gateway-neighbor-asn', 'neighbors', '[{ip: 10.0.0.2, asn: 1}]', '[{ip: 10.0.0.2}]', 'spec.neighbors[0].asn'
    ),
    _field('gateway-group-nameless', 'groups', '[{name: default}]', '[{priority: 1}]', 'spec.groups[0].name'),
    _field(
        'gateway-group-twice',
        'groups',
        '[{name: default}]',
        '[{name: default}, {name: default, priority: 1}]',
        'spec.groups[1].name',
    ),
    _field('gateway-log-level', 'logs', '{default: trace, tags: {all: "off"}}', '{default: loud}', 'spec.logs.default'),
    _field('gateway-log-level', 'logs', '{}', '{tags: {all: loud}}', 'spec.logs.tags.all'),
    _field('gateway-number-above-int32', 'asn', '2147483647', '2147483648'),
    _field('gateway-group-unknown', 'groups', '[{name: default}]', '[{name: gr-9}]', 'spec.groups[0].name'),
    Case('gateway-group-unknown', GROUP + gateway(), gateway(), 'Gateway/g1', 'spec.groups'),
    Case(
        'gateway-group-full',
        GROUP + gateway(),
        GROUP + gateway() + second(),
        'Gateway/g1',
        'spec.groups',
        FabricSettings(gateway_communities=('50001:0',)),
    ),
    Case(
        'gateway-protocol-address-taken',
        GROUP + gateway() + second(),
        GROUP + gateway() + second(protocolIP='172.30.8.7/32'),
        'Gateway/g1',
        'spec.protocolIP',
    ),
    Case(
        'gateway-protocol-address-taken',
        GROUP + gateway(),
        GROUP + gateway() + _SWITCH,
        'Gateway/g1',
        'spec.protocolIP',
    ),
    Case(
        'gateway-vtep-address-taken',
        GROUP + gateway() + second(),
        GROUP + gateway() + second(vtepIP='172.30.12.5/32'),
        'Gateway/g1',
        'spec.vtepIP',
    ),
    Case(
        'gateway-vtep-mac-taken',
        GROUP + gateway() + second(),
        GROUP + gateway() + second(vtepMAC='"CA-FE-BA-BE-01-01"'),
        'Gateway/g1',
        'spec.vtepMAC',
    ),
)
