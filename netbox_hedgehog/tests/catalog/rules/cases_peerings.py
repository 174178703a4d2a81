"""The rules of peerings, kept and broken."""

from netbox_hedgehog.catalog import FabricSettings

from .case import Case
from .texts import NAMESPACES, manifest, vpc

_VPCS = (
    NAMESPACES
    + manifest('IPv4Namespace', 'ns-2', '{subnets: [10.2.0.0/16]}')
    + manifest('VLANNamespace', 'vl-2', '{ranges: [{from: 100, to: 200}]}')
    + vpc('{subnets: {default: {subnet: 10.0.1.0/24, vlan: 1001}}}', 'vpc-1')
    + vpc('{subnets: {default: {subnet: 10.0.2.0/24, vlan: 1002}}}', 'vpc-2')
    + vpc('{subnets: {default: {subnet: 10.0.3.0/24, vlan: 1003}}}', 'vpc-3')
    + vpc('{ipv4Namespace: ns-2, subnets: {default: {subnet: 10.2.1.0/24, vlan: 1004}}}', 'vpc-4')
    + vpc('{vlanNamespace: vl-2, subnets: {default: {subnet: 10.0.5.0/24, vlan: 105}}}', 'vpc-5')
    + manifest('External', 'ext-1', '{}')
    + manifest('External', 'ext-2', '{ipv4Namespace: ns-2}')
)
_PAIR = '{permit: [{vpc-1: {}, vpc-2: {}}]}'


def _peering(spec, name='peer-1'):
    return manifest('VPCPeering', name, spec)


def _vpcs(rule, invalid, path, valid=_PAIR, **options):
    return Case(rule, _VPCS + _peering(valid), _VPCS + _peering(invalid), 'VPCPeering/peer-1', path, **options)


def _external(rule, vpc, external, path):
    def text(vpc, external):
        spec = f'{{permit: {{vpc: {{{vpc}}}, external: {{{external}}}}}}}'
        return _VPCS + manifest('ExternalPeering', 'peer-1', spec)

    valid = text('name: vpc-1, subnets: [default]', 'name: ext-1, prefixes: [{prefix: 0.0.0.0/0}]')
    return Case(rule, valid, text(vpc, external), 'ExternalPeering/peer-1', path)


_SIDE, _OUTSIDE = 'name: vpc-1, subnets: [default]', 'name: ext-1'

CASES = (
    Case(
        'vpc-peering-disabled',
        _VPCS,
        _VPCS + _peering(_PAIR),
        'VPCPeering/peer-1',
        'spec',
        FabricSettings(vpc_peering_disabled=True),
    ),
    _vpcs('vpc-peering-remote', '{remote: border, permit: [{vpc-1: {}, vpc-2: {}}]}', 'spec.remote'),
    _vpcs('vpc-peering-permit-missing', '{}', 'spec.permit'),
    _vpcs('vpc-peering-permit-sides', '{permit: [{vpc-1: {}}]}', 'spec.permit[0]'),
    _vpcs('vpc-peering-permit-sides', '{permit: [{vpc-1: {}, vpc-2: null}]}', 'spec.permit[0]'),
    _vpcs(
        'vpc-peering-pairs-differ',
        '{permit: [{vpc-1: {}, vpc-2: {}}, {vpc-1: {}, vpc-3: {}}]}',
        'spec.permit[1]',
        '{permit: [{vpc-1: {}, vpc-2: {}}, {vpc-2: {}, vpc-1: {}}]}',
    ),
    _vpcs('vpc-peering-vpc-unknown', '{permit: [{vpc-1: {}, vpc-9: {}}]}', 'spec.permit[0].vpc-9'),
    _vpcs(
        'vpc-peering-subnet-unknown',
        '{permit: [{vpc-1: {subnets: [default, two]}, vpc-2: {}}]}',
        'spec.permit[0].vpc-1.subnets[1]',
        '{permit: [{vpc-1: {subnets: [default]}, vpc-2: {}}]}',
    ),
    _vpcs('vpc-peering-ipv4-namespaces-differ', '{permit: [{vpc-1: {}, vpc-4: {}}]}', 'spec.permit[0]'),
    _vpcs('vpc-peering-vlan-namespaces-differ', '{permit: [{vpc-1: {}, vpc-5: {}}]}', 'spec.permit[0]'),
    Case(
        'vpc-peering-repeated',
        _VPCS + _peering(_PAIR) + _peering('{permit: [{vpc-1: {}, vpc-3: {}}]}', 'peer-2'),
        _VPCS + _peering(_PAIR) + _peering(_PAIR, 'peer-2'),
        'VPCPeering/peer-1',
        'spec.permit',
    ),
    _external('external-peering-vpc-missing', '', _OUTSIDE, 'spec.permit.vpc.name'),
    _external('external-peering-external-missing', _SIDE, '', 'spec.permit.external.name'),
    _external(
        'external-peering-prefix-missing',
        _SIDE,
        "name: ext-1, prefixes: [{prefix: ''}]",
        'spec.permit.external.prefixes[0].prefix',
    ),
    _external(
        'external-peering-prefix-unreadable',
        _SIDE,
        'name: ext-1, prefixes: [{prefix: 0.0.0.0/0}, {prefix: all}]',
        'spec.permit.external.prefixes[1].prefix',
    ),
    _external('external-peering-subnets-empty', 'name: vpc-1', _OUTSIDE, 'spec.permit.vpc.subnets'),
    _external('external-peering-vpc-unknown', 'name: vpc-9', _OUTSIDE, 'spec.permit.vpc.name'),
    _external('external-peering-external-unknown', _SIDE, 'name: ext-9', 'spec.permit.external.name'),
    _external('external-peering-subnet-unknown', 'name: vpc-1, subnets: [two]', _OUTSIDE, 'spec.permit.vpc.subnets[0]'),
    _external('external-peering-namespaces-differ', _SIDE, 'name: ext-2', 'spec.permit.external.name'),
)
