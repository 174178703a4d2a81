"""Fabrics that keep and break the rules of externals and their attachments."""

from netbox_hedgehog.tests.catalog.rules.case import Case

__all__ = ('CASES',)

_HEAD = """\
apiVersion: vpc.githedgehog.com/v1beta1
kind: IPv4Namespace
metadata: {name: default}
spec: {subnets: [10.0.0.0/16]}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: VLANNamespace
metadata: {name: default}
spec: {ranges: [{from: 1000, to: 2999}]}
"""

# Connections need a switch with its profile; nothing here is about them.
_WIRING = """\
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Connection
metadata: {name: leaf-1--external}
spec: {external: {link: {switch: {port: leaf-1/E1/1}}}}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: Connection
metadata: {name: server-1--unbundled}
spec: {unbundled: {link: {server: {port: server-1/eth0}, switch: {port: leaf-1/E1/2}}}}
"""


def external(spec, name='e1'):
    return f"""\
---
apiVersion: vpc.githedgehog.com/v1beta1
kind: External
metadata: {{name: {name}}}
spec: {{{spec}}}
"""


def attachment(spec, name='a1'):
    return f"""\
---
apiVersion: vpc.githedgehog.com/v1beta1
kind: ExternalAttachment
metadata: {{name: {name}}}
spec: {{{spec}}}
"""


_NAMES = 'external: e1, connection: leaf-1--external'
_SWITCH = 'switch: {ip: 100.1.10.1/24, vlan: 10}'
_NEIGHBOR = 'neighbor: {asn: 64102, ip: 100.1.10.6}'
_BGP_SPEC = f'{_NAMES}, {_SWITCH}, {_NEIGHBOR}'
_EMPTY_SIDES = 'switch: {}, neighbor: {}'
_STATIC_EXTERNAL = external('static: {prefixes: [0.0.0.0/0]}')


def bgp_fabric(*specs):
    attachments = (attachment(spec, f'a{number}') for number, spec in enumerate(specs, 1))
    return _HEAD + _WIRING + external('') + ''.join(attachments)


def static_fabric(static, names=_NAMES, sides=_EMPTY_SIDES):
    return _HEAD + _WIRING + _STATIC_EXTERNAL + attachment(f'{names}, {sides}, static: {{{static}}}')


def acl_fabric(*statements):
    listed = ', '.join(f'{{{statement}}}' for statement in statements)
    return bgp_fabric(f'{_BGP_SPEC}, inboundACL: {{statements: [{listed}]}}')


def statement(seq=10, action='permit', protocol='tcp', source='any', target='10.0.0.0/8', more=''):
    written = f'seq: {seq}, action: {action}, protocol: {protocol}, srcPrefix: "{source}", dstPrefix: "{target}"'
    return f'{written}, {more}' if more else written


def _external(rule, valid, invalid, path):
    return Case(rule, _HEAD + external(valid), _HEAD + external(invalid), 'External/e1', path)


def _attachment(rule, valid, invalid, path):
    return Case(rule, valid, invalid, 'ExternalAttachment/a1', path)


def _bgp(rule, valid, invalid, path):
    return _attachment(rule, bgp_fabric(valid), bgp_fabric(invalid), path)


def _static(rule, valid, invalid, path):
    return _attachment(rule, static_fabric(valid), static_fabric(invalid), path)


def _acl(rule, valid, invalid, field):
    path = f'spec.inboundACL.statements[0].{field}'
    return _attachment(rule, acl_fabric(valid), acl_fabric(invalid), path)


CASES = (
    _external(
        'external-community-form',
        'inboundCommunity: "65535:0", outboundCommunity: "50000:50001"',
        'inboundCommunity: "65536:0"',
        'spec.inboundCommunity',
    ),
    _external('external-community-form', '', 'outboundCommunity: "050:1"', 'spec.outboundCommunity'),
    _external(
        'external-static-community',
        'static: {prefixes: [0.0.0.0/0]}',
        'inboundCommunity: "1:1", static: {prefixes: [0.0.0.0/0]}',
        'spec.inboundCommunity',
    ),
    _external(
        'external-prefix-missing',
        'static: {prefixes: [0.0.0.0/0]}',
        'static: {prefixes: []}',
        'spec.static.prefixes',
    ),
    _external(
        'external-prefix-form',
        'static: {prefixes: [10.0.0.0/8]}',
        'static: {prefixes: [10.0.0.0/8, 192.168.0.0]}',
        'spec.static.prefixes[1]',
    ),
    _external(
        'external-prefix-overlap',
        'static: {prefixes: [10.0.0.0/9, 10.128.0.0/9]}',
        'static: {prefixes: [0.0.0.0/0, 10.128.0.0/9]}',
        'spec.static.prefixes[1]',
    ),
    _external(
        'external-prefix-not-ipv4',
        'static: {prefixes: [10.0.0.0/9]}',
        'static: {prefixes: ["2001:db8::/32"]}',
        'spec.static.prefixes[0]',
    ),
    _external('external-ipv4-namespace-unknown', 'ipv4Namespace: default', 'ipv4Namespace: ns-9', 'spec.ipv4Namespace'),
    _bgp(
        'external-attachment-external-missing',
        _BGP_SPEC,
        f'connection: leaf-1--external, {_SWITCH}, {_NEIGHBOR}',
        'spec.external',
    ),
    _bgp(
        'external-attachment-connection-missing',
        _BGP_SPEC,
        f'external: e1, connection: "", {_SWITCH}, {_NEIGHBOR}',
        'spec.connection',
    ),
    _bgp(
        'external-attachment-switch-address',
        _BGP_SPEC,
        f'{_NAMES}, switch: {{ip: 100.1.10.1}}, {_NEIGHBOR}',
        'spec.switch.ip',
    ),
    _bgp(
        'external-attachment-neighbor-asn',
        _BGP_SPEC,
        f'{_NAMES}, {_SWITCH}, neighbor: {{ip: 100.1.10.6}}',
        'spec.neighbor.asn',
    ),
    _bgp(
        'external-attachment-neighbor-address',
        _BGP_SPEC,
        f'{_NAMES}, {_SWITCH}, neighbor: {{asn: 64102, ip: 100.1.10.6/24}}',
        'spec.neighbor.ip',
    ),
    _attachment(
        'external-attachment-static-with-bgp',
        static_fabric('remoteIP: 100.1.20.1, proxy: true'),
        static_fabric('remoteIP: 100.1.20.1, proxy: true', sides='switch: {vlan: 5}, neighbor: {}'),
        'spec.switch.vlan',
    ),
    _static(
        'external-attachment-remote-address',
        'remoteIP: 100.1.20.1, proxy: true',
        'remoteIP: 100.1.20.1/24, proxy: true',
        'spec.static.remoteIP',
    ),
    _static(
        'external-attachment-address-or-proxy',
        'remoteIP: 100.1.20.1, ip: 100.1.20.6/24',
        'remoteIP: 100.1.20.1, ip: 100.1.20.6/24, proxy: true',
        'spec.static.ip',
    ),
    _static(
        'external-attachment-address-or-proxy',
        'remoteIP: 100.1.20.1, proxy: true',
        'remoteIP: 100.1.20.1, proxy: false',
        'spec.static.ip',
    ),
    _static(
        'external-attachment-static-address',
        'remoteIP: 100.1.20.1, ip: 100.1.20.6/24',
        'remoteIP: 100.1.20.1, ip: 100.1.20.6',
        'spec.static.ip',
    ),
    _bgp(
        'external-attachment-not-ipv4',
        _BGP_SPEC,
        f'{_NAMES}, {_SWITCH}, neighbor: {{asn: 64102, ip: "2001:db8::1"}}',
        'spec.neighbor.ip',
    ),
    _bgp(
        'external-attachment-asn-above-int32',
        f'{_NAMES}, {_SWITCH}, neighbor: {{asn: 2147483647, ip: 100.1.10.6}}',
        f'{_NAMES}, {_SWITCH}, neighbor: {{asn: 2147483648, ip: 100.1.10.6}}',
        'spec.neighbor.asn',
    ),
    _bgp(
        'external-attachment-external-unknown',
        _BGP_SPEC,
        f'external: e9, connection: leaf-1--external, {_SWITCH}, {_NEIGHBOR}',
        'spec.external',
    ),
    _attachment(
        'external-attachment-static-mismatch',
        static_fabric('remoteIP: 100.1.20.1, proxy: true'),
        _HEAD + _WIRING + _STATIC_EXTERNAL + attachment(_BGP_SPEC),
        'spec.static',
    ),
    _bgp(
        'external-attachment-static-mismatch',
        _BGP_SPEC,
        f'{_NAMES}, {_EMPTY_SIDES}, static: {{remoteIP: 100.1.20.1, proxy: true}}',
        'spec.static',
    ),
    _bgp(
        'external-attachment-connection-unknown',
        _BGP_SPEC,
        f'external: e1, connection: leaf-9--external, {_SWITCH}, {_NEIGHBOR}',
        'spec.connection',
    ),
    _bgp(
        'external-attachment-connection-type',
        _BGP_SPEC,
        f'external: e1, connection: server-1--unbundled, {_SWITCH}, {_NEIGHBOR}',
        'spec.connection',
    ),
    _attachment(
        'external-attachment-vlan-taken',
        bgp_fabric(_BGP_SPEC, _BGP_SPEC.replace('vlan: 10', 'vlan: 11')),
        bgp_fabric(_BGP_SPEC, _BGP_SPEC),
        'spec.switch.vlan',
    ),
    _attachment(
        'external-attachment-vlan-taken',
        bgp_fabric(_BGP_SPEC.replace('vlan: 10', 'vlan: 0'), _BGP_SPEC),
        bgp_fabric(_BGP_SPEC.replace('vlan: 10', 'vlan: 0'), _BGP_SPEC.replace(', vlan: 10', '')),
        'spec.switch.vlan',
    ),
    _acl('external-attachment-acl-seq-reserved', statement(10), statement(9), 'seq'),
    _attachment(
        'external-attachment-acl-seq-taken',
        acl_fabric(statement(10), statement(20)),
        acl_fabric(statement(10), statement(20), statement(10)),
        'spec.inboundACL.statements[2].seq',
    ),
    _acl('external-attachment-acl-action', statement(action='transit'), statement(action='drop'), 'action'),
    _acl('external-attachment-acl-protocol', statement(protocol='icmp'), statement(protocol='sctp'), 'protocol'),
    _acl('external-attachment-acl-prefix', statement(source='any'), statement(source='all'), 'srcPrefix'),
    _acl('external-attachment-acl-prefix', statement(target='10.0.0.1/32'), statement(target=''), 'dstPrefix'),
    _acl('external-attachment-acl-not-ipv4', statement(), statement(target='2001:db8::/32'), 'dstPrefix'),
    _acl(
        'external-attachment-acl-ports-protocol',
        statement(protocol='udp', more='portRangeBegin: 1, portRangeEnd: 2'),
        statement(protocol='ip', more='portRangeBegin: 1, portRangeEnd: 2'),
        'portRangeBegin',
    ),
    _acl(
        'external-attachment-acl-port-range',
        statement(more='portRangeBegin: 80, portRangeEnd: 80'),
        statement(more='portRangeBegin: 80, portRangeEnd: 79'),
        'portRangeEnd',
    ),
    _acl(
        'external-attachment-acl-port-range',
        statement(more='portRangeBegin: 1, portRangeEnd: 79'),
        statement(more='portRangeEnd: 79'),
        'portRangeBegin',
    ),
    _acl(
        'external-attachment-acl-flags-protocol',
        statement(more='tcpFilters: {ack: true}'),
        statement(protocol='udp', more='tcpFilters: {ack: true}'),
        'tcpFilters',
    ),
    _acl(
        'external-attachment-acl-established',
        statement(more='tcpFilters: {established: true, ack: false}'),
        statement(more='tcpFilters: {established: true, notFin: true}'),
        'tcpFilters.established',
    ),
    _acl(
        'external-attachment-acl-contradiction',
        statement(more='tcpFilters: {syn: true, notAck: true}'),
        statement(more='tcpFilters: {syn: true, notSyn: true}'),
        'tcpFilters.notSyn',
    ),
    _acl(
        'external-attachment-acl-icmp-protocol',
        statement(protocol='icmp', more='icmpType: 8, icmpCode: 0'),
        statement(protocol='ip', more='icmpCode: 0'),
        'icmpCode',
    ),
)
