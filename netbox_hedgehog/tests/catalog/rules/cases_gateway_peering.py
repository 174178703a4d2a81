"""Fabrics that keep and break the rules of gateway peerings."""

from netbox_hedgehog.catalog import FabricSettings
from netbox_hedgehog.tests.catalog.rules.case import Case

__all__ = ('CASES',)

_BASE = """\
apiVersion: vpc.githedgehog.com/v1beta1
kind: IPv4Namespace
metadata: {name: default}
spec: {subnets: [10.0.0.0/16]}
---
apiVersion: wiring.githedgehog.com/v1beta1
kind: VLANNamespace
metadata: {name: default}
spec: {ranges: [{from: 1000, to: 2999}]}
---
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata: {name: vpc-1}
spec: {subnets: {default: {subnet: 10.0.1.0/24, vlan: 1001}, two: {subnet: 10.0.2.0/24, vlan: 1002}}}
---
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata: {name: vpc-2}
spec: {subnets: {default: {subnet: 10.0.3.0/24, vlan: 1003}}}
---
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata: {name: vpc-3}
spec: {subnets: {default: {subnet: 10.0.4.0/24, vlan: 1004}}}
---
apiVersion: vpc.githedgehog.com/v1beta1
kind: External
metadata: {name: e1}
spec: {}
---
apiVersion: gateway.githedgehog.com/v1alpha1
kind: GatewayGroup
metadata: {name: default}
spec: {}
"""


def peering(spec, name='gwp-1'):
    return f"""\
---
apiVersion: gateway.githedgehog.com/v1alpha1
kind: GatewayPeering
metadata: {{name: {name}}}
spec: {{{spec}}}
"""


def sides(one='{}', other='{}', names=('vpc-1', 'vpc-2')):
    return f'peering: {{{names[0]}: {one}, {names[1]}: {other}}}'


def exposing(*entries):
    """Write what a side exposes: the entries without their braces."""
    return f'{{expose: [{", ".join(f"{{{entry}}}" for entry in entries)}]}}'


_CIDR = 'ips: [{cidr: 10.0.1.0/24}]'
_OTHER_CIDR = 'ips: [{cidr: 10.0.3.0/24}]'
_AS = 'as: [{cidr: 192.168.1.0/24}]'
_STATIC = f'{_CIDR}, {_AS}, nat: {{static: {{}}}}'
_MASQUERADE = f'{_CIDR}, {_AS}, nat: {{masquerade: {{idleTimeout: 2m}}}}'
_OTHER_MASQUERADE = f'{_OTHER_CIDR}, as: [{{cidr: 192.168.3.0/24}}], nat: {{masquerade: {{}}}}'


def _case(rule, path, valid, invalid, settings=None):
    fabrics = (_BASE + peering(valid), _BASE + peering(invalid))
    return Case(rule, *fabrics, 'GatewayPeering/gwp-1', path, settings or FabricSettings())


def _entry(rule, field, valid, invalid):
    """Show a rule by what vpc-1 exposes."""
    path = f'spec.peering.vpc-1.expose[0].{field}'
    return _case(rule, path, sides(exposing(valid)), sides(exposing(invalid)))


def _forward(rule, field, valid, invalid):
    ports = (f'{_CIDR}, {_AS}, nat: {{portForward: {{ports: [{port}]}}}}' for port in (valid, invalid))
    return _entry(rule, f'nat.portForward.ports{field}', *ports)


def _acl(rule, field, valid, invalid, names=('vpc-1', 'vpc-2')):
    specs = (f'{sides(names=names)}, acl: {{default: deny, rules: [{{{text}}}]}}' for text in (valid, invalid))
    return _case(rule, f'spec.acl.rules[0].{field}', *specs)


def _two(rule, path, valid, invalid):
    """Show a rule by a second peering beside one of vpc-1 with vpc-2 that exposes a prefix."""
    first = _BASE + peering(sides(exposing(_CIDR)))
    return Case(rule, first + peering(valid, 'gwp-2'), first + peering(invalid, 'gwp-2'), 'GatewayPeering/gwp-1', path)


CASES = (
    # What is disabled is broken by being there at all.
    Case(
        'gateway-peering-disabled',
        'apiVersion: wiring.githedgehog.com/v1beta1\nkind: Server\nmetadata: {name: server-1}\nspec: {}\n',
        _BASE + peering(sides()),
        'GatewayPeering/gwp-1',
        'spec',
        FabricSettings(enable_gateway=False),
    ),
    _case('gateway-peering-sides', 'spec.peering', sides(), 'peering: {vpc-1: {}}'),
    # The API server drops a side that is null.
    _case('gateway-peering-sides', 'spec.peering', sides(), sides(other='null')),
    _case('gateway-peering-sides', 'spec.peering', sides(), 'peering: {vpc-1: {}, vpc-2: {}, vpc-3: {}}'),
    _entry('gateway-peering-default-alone', 'default', 'default: true', f'default: true, {_CIDR}'),
    _entry('gateway-peering-nothing-exposed', 'ips', _CIDR, 'ips: []'),
    _entry('gateway-peering-address-choice', 'ips[0]', 'ips: [{vpcSubnet: two}]', 'ips: [{}]'),
    _entry(
        'gateway-peering-address-choice',
        'ips[1]',
        'ips: [{cidr: 10.0.1.0/24}, {not: 10.0.1.1/32}]',
        'ips: [{cidr: 10.0.1.0/24}, {not: 10.0.1.1/32, vpcSubnet: two}]',
    ),
    _entry(
        'gateway-peering-address-choice',
        'as[0]',
        _STATIC,
        f'{_CIDR}, as: [{{cidr: 1.0.0.0/24, not: 1.0.0.0/32}}], nat: {{static: {{}}}}',
    ),
    _case(
        'gateway-peering-subnet-of-external',
        'spec.peering["ext.e1"].expose[0].ips[0].vpcSubnet',
        sides(other=exposing('default: true'), names=('vpc-1', 'ext.e1')),
        sides(other=exposing('ips: [{vpcSubnet: default}]'), names=('vpc-1', 'ext.e1')),
    ),
    _entry('gateway-peering-prefix-form', 'ips[0].cidr', _CIDR, 'ips: [{cidr: 10.0.1.0}]'),
    _entry('gateway-peering-prefix-form', 'ips[0].not', 'ips: [{not: 10.0.1.0/25}]', 'ips: [{not: none}]'),
    _entry('gateway-peering-not-ipv4', 'ips[0].not', 'ips: [{not: 10.0.1.0/25}]', 'ips: [{not: "2001:db8::/32"}]'),
    _entry('gateway-peering-as-and-nat', 'nat', _STATIC, f'{_CIDR}, {_AS}'),
    _entry('gateway-peering-as-and-nat', 'as', _STATIC, f'{_CIDR}, nat: {{static: {{}}}}'),
    _entry('gateway-peering-nat-choice', 'nat', _MASQUERADE, f'{_CIDR}, {_AS}, nat: {{}}'),
    _entry('gateway-peering-nat-choice', 'nat', _STATIC, f'{_CIDR}, {_AS}, nat: {{static: {{}}, masquerade: {{}}}}'),
    _forward('gateway-peering-forward-empty', '', '{port: "80", as: "8080"}', ''),
    _forward('gateway-peering-port-form', '[0].port', '{port: "1-65535", as: "80"}', '{port: "0", as: "80"}'),
    _forward('gateway-peering-port-form', '[0].as', '{port: "80", as: "90 - 91"}', '{port: "80"}'),
    _forward('gateway-peering-port-form', '[0].port', '{port: "80", as: "80"}', '{port: "80,81", as: "80"}'),
    _forward('gateway-peering-port-form', '[0].port', '{port: "80-80", as: "80"}', '{port: "81-80", as: "80"}'),
    _case(
        'gateway-peering-both-stateful',
        'spec.peering',
        sides(exposing(_MASQUERADE), exposing(_OTHER_CIDR)),
        sides(exposing(_MASQUERADE), exposing(_OTHER_MASQUERADE)),
    ),
    _case(
        'gateway-peering-static-and-stateful',
        'spec.peering',
        sides(exposing(_STATIC), exposing(_OTHER_CIDR)),
        sides(exposing(_STATIC), exposing(_OTHER_MASQUERADE)),
    ),
    _case('gateway-peering-group-unknown', 'spec.gatewayGroup', sides(), f'gatewayGroup: gr-9, {sides()}'),
    _case('gateway-peering-vpc-unknown', 'spec.peering.vpc-9', sides(), sides(names=('vpc-1', 'vpc-9'))),
    _case(
        'gateway-peering-external-unknown',
        'spec.peering["ext.e9"]',
        sides(names=('vpc-1', 'ext.e1')),
        sides(names=('vpc-1', 'ext.e9')),
    ),
    _entry('gateway-peering-prefix-outside', 'ips[0].cidr', 'ips: [{cidr: 10.0.1.7/32}]', 'ips: [{cidr: 10.0.0.0/22}]'),
    _entry('gateway-peering-subnet-unknown', 'ips[0].vpcSubnet', 'ips: [{vpcSubnet: two}]', 'ips: [{vpcSubnet: six}]'),
    _two(
        'gateway-peering-prefix-overlap',
        'spec.peering.vpc-1.expose[0].ips[0].cidr',
        sides(exposing('ips: [{cidr: 10.0.4.0/24}]'), names=('vpc-3', 'vpc-2')),
        sides(exposing('ips: [{cidr: 10.0.1.128/25}]'), names=('vpc-1', 'vpc-2')),
    ),
    _two(
        'gateway-peering-prefix-overlap',
        'spec.peering.vpc-1.expose[0].ips[0].cidr',
        sides(exposing(_CIDR), names=('vpc-1', 'vpc-3')),
        sides(
            exposing('ips: [{cidr: 10.0.4.0/24}], as: [{cidr: 10.0.0.0/16}], nat: {static: {}}'),
            names=('vpc-3', 'vpc-2'),
        ),
    ),
    # The other peering cannot be compared, which is why this one is refused, too.
    _two(
        'gateway-peering-prefix-unseen',
        'spec.peering.vpc-1.expose[0].ips[0]',
        sides(exposing('default: true'), names=('vpc-3', 'vpc-2')),
        sides(exposing('ips: [{vpcSubnet: default}]'), names=('vpc-3', 'vpc-2')),
    ),
    Case(
        'gateway-peering-prefix-unseen',
        _BASE + peering(sides(exposing('ips: [{vpcSubnet: default}]'))),
        _BASE
        + peering(sides(exposing('ips: [{vpcSubnet: default}]')))
        + peering(sides(exposing('ips: [{cidr: 10.0.4.0/24}]'), names=('vpc-3', 'vpc-2')), 'gwp-2'),
        'GatewayPeering/gwp-1',
        'spec.peering.vpc-1.expose[0].ips[0]',
    ),
    _acl(
        'gateway-peering-acl-name', 'name', 'name: web, from: vpc-1, action: deny', 'name: A b, to: vpc-1, action: deny'
    ),
    _acl('gateway-peering-acl-direction-missing', 'from', 'to: vpc-1, action: deny', 'action: deny'),
    _acl('gateway-peering-acl-side-unknown', 'to', 'to: vpc-1, action: deny', 'to: vpc-3, action: deny'),
    _acl(
        'gateway-peering-acl-endpoint-choice',
        'match.src[0]',
        'from: vpc-1, action: deny, match: {src: [{cidr: 10.0.1.0/24}]}',
        'from: vpc-1, action: deny, match: {src: [{cidr: 10.0.1.0/24, vpcSubnet: two}]}',
    ),
    _acl(
        'gateway-peering-prefix-form',
        'match.dst[0].cidr',
        'from: vpc-1, action: deny, match: {dst: [{cidr: 0.0.0.0/0}]}',
        'from: vpc-1, action: deny, match: {dst: [{cidr: any}]}',
    ),
    _acl(
        'gateway-peering-port-form',
        'match.dst[0].ports[1]',
        'from: vpc-1, action: deny, match: {dst: [{ports: ["80"]}]}',
        'from: vpc-1, action: deny, match: {dst: [{ports: ["80", "70000"]}]}',
    ),
    _acl(
        'gateway-peering-acl-protocol',
        'match.proto',
        'from: vpc-1, action: deny, match: {proto: "89"}',
        'from: vpc-1, action: deny, match: {proto: icmp}',
    ),
    _acl(
        'gateway-peering-acl-protocol-range',
        'match.proto',
        'from: vpc-1, action: deny, match: {proto: "255"}',
        'from: vpc-1, action: deny, match: {proto: "256"}',
    ),
    _acl(
        'gateway-peering-acl-subnet-unknown',
        'match.dst[0].vpcSubnet',
        'from: vpc-2, action: deny, match: {dst: [{vpcSubnet: two}]}',
        'from: vpc-1, action: deny, match: {dst: [{vpcSubnet: two}]}',
    ),
    _acl(
        'gateway-peering-acl-subnet-of-external',
        'match.src[0].vpcSubnet',
        'from: vpc-1, action: deny, match: {src: [{vpcSubnet: two}]}',
        'to: vpc-1, action: deny, match: {src: [{vpcSubnet: two}]}',
        names=('vpc-1', 'ext.e1'),
    ),
)
