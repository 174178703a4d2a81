"""The rules of VPC attachments, kept and broken."""

from .case import Case
from .texts import NAMESPACES, manifest, vpc


def _switch(name, rest=''):
    return manifest('Switch', name, f'{{role: server-leaf, profile: vs{rest}}}')


def _connection(name, body):
    return manifest('Connection', name, f'{{{body}}}')


def _link(server, switch, port='E1/1'):
    return f'{{server: {{port: {server}/eth0}}, switch: {{port: {switch}/{port}}}}}'


_LONG = 's' * 64
_FABRIC = (
    NAMESPACES
    + manifest('VLANNamespace', 'vl-2', '{ranges: [{from: 100, to: 200}]}')
    + vpc(
        '{subnets: {default: {subnet: 10.0.1.0/24, vlan: 1001}, two: {subnet: 10.0.2.0/24, vlan: 1002}, '
        f'{_LONG}: {{subnet: 10.0.3.0/24, vlan: 1003}}}}}}'
    )
    + vpc(
        '{mode: l3vni, subnets: {default: {subnet: 10.0.4.0/24, vlan: 1004}, '
        'bgp: {subnet: 10.0.5.0/24, hostBGP: true}}}',
        'vpc-2',
    )
    + vpc('{vlanNamespace: vl-2, subnets: {default: {subnet: 10.0.6.0/24, vlan: 106}}}', 'vpc-3')
    + _switch('leaf-01')
    + _switch('leaf-02', ', redundancy: {group: pair, type: mclag}')
    + _switch('leaf-03', ', profile: celestica-ds5000').replace('profile: vs, ', '')
    + _connection('plain', f'unbundled: {{link: {_link("server-01", "leaf-01")}}}')
    + _connection('paired', f'unbundled: {{link: {_link("server-02", "leaf-02")}}}')
    + _connection('narrow', f'unbundled: {{link: {_link("server-03", "leaf-03")}}}')
    + _connection('bundle', f'bundled: {{links: [{_link("server-04", "leaf-01", "E1/4")}]}}')
    + _connection(
        'multihomed',
        f'eslag: {{links: [{_link("server-05", "leaf-01", "E1/5")}, {_link("server-05", "leaf-02", "E1/5")}]}}',
    )
    + _connection('outside', 'external: {link: {switch: {port: leaf-01/E1/9}}}')
)


def _attachment(spec, name='att-1', metadata=''):
    return manifest('VPCAttachment', name, f'{{{spec}}}', metadata)


_VALID = 'subnet: vpc-1/default, connection: plain'


def _attached(rule, invalid, path, valid=_VALID):
    return Case(rule, _FABRIC + _attachment(valid), _FABRIC + _attachment(invalid), 'VPCAttachment/att-1', path)


def _attached_twice(rule, valid, invalid, path):
    first = _FABRIC + _attachment(f'{_VALID}, nativeVLAN: true')
    return Case(
        rule,
        first + _attachment(valid, 'att-2'),
        first + _attachment(invalid, 'att-2'),
        'VPCAttachment/att-1',
        path,
    )


def _linked(text):
    return _FABRIC + _attachment(_VALID, metadata=f", annotations: {{fabric.githedgehog.com/p2p-link: '{text}'}}")


CASES = (
    _attached('vpc-attachment-subnet-missing', 'connection: plain', 'spec.subnet'),
    _attached('vpc-attachment-subnet-missing', 'subnet: vpc-1/, connection: plain', 'spec.subnet'),
    _attached('vpc-attachment-subnet-name', f'subnet: vpc-1/{_LONG}, connection: plain', 'spec.subnet'),
    _attached('vpc-attachment-connection-missing', 'subnet: vpc-1/default', 'spec.connection'),
    Case(
        'vpc-attachment-p2p-link',
        _linked('10.9.0.0/31'),
        _linked('10.9.0.0/30'),
        'VPCAttachment/att-1',
        'metadata.annotations["fabric.githedgehog.com/p2p-link"]',
    ),
    _attached('vpc-attachment-vpc-unknown', 'subnet: vpc-9/default, connection: plain', 'spec.subnet'),
    _attached(
        'vpc-attachment-subnet-unknown',
        'subnet: vpc-1/nine, connection: plain',
        'spec.subnet',
        'subnet: vpc-1, connection: plain',
    ),
    _attached('vpc-attachment-connection-unknown', 'subnet: vpc-1/default, connection: other', 'spec.connection'),
    _attached('vpc-attachment-connection-type', 'subnet: vpc-1/default, connection: outside', 'spec.connection'),
    _attached(
        'vpc-attachment-mode-eslag',
        'subnet: vpc-2/default, connection: multihomed',
        'spec.connection',
        'subnet: vpc-1/default, connection: multihomed',
    ),
    _attached(
        'vpc-attachment-host-bgp-connection',
        'subnet: vpc-2/bgp, connection: bundle',
        'spec.connection',
        'subnet: vpc-2/bgp, connection: plain',
    ),
    _attached(
        'vpc-attachment-host-bgp-native-vlan',
        'subnet: vpc-2/bgp, connection: plain, nativeVLAN: true',
        'spec.nativeVLAN',
        'subnet: vpc-2/bgp, connection: plain',
    ),
    _attached(
        'vpc-attachment-host-bgp-mclag',
        'subnet: vpc-2/bgp, connection: paired',
        'spec.connection',
        'subnet: vpc-2/default, connection: paired',
    ),
    _attached('vpc-attachment-vlan-namespace', 'subnet: vpc-3/default, connection: plain', 'spec.connection'),
    _attached(
        'vpc-attachment-mode',
        'subnet: vpc-1/default, connection: narrow',
        'spec.connection',
        'subnet: vpc-2/default, connection: narrow',
    ),
    _attached_twice('vpc-attachment-repeated', 'subnet: vpc-1/two, connection: plain', _VALID, 'spec.subnet'),
    _attached_twice(
        'vpc-attachment-native-vlan-repeated',
        'subnet: vpc-1/two, connection: plain',
        'subnet: vpc-1/two, connection: plain, nativeVLAN: true',
        'spec.nativeVLAN',
    ),
)
