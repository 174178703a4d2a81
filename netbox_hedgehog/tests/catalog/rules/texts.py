"""Manifests of small fabrics, for the cases of the rules."""


def manifest(kind, name, spec, metadata=''):
    """Write a manifest; the spec is a text of YAML in flow style."""
    group = {'VLANNamespace': 'wiring', 'Switch': 'wiring', 'Server': 'wiring', 'Connection': 'wiring'}.get(kind, 'vpc')
    head = f'apiVersion: {group}.githedgehog.com/v1beta1, kind: {kind}, metadata: {{name: {name}{metadata}}}'
    return f'---\n{{{head}, spec: {spec}}}\n'


NAMESPACES = manifest('IPv4Namespace', 'default', '{subnets: [10.0.0.0/16]}') + manifest(
    'VLANNamespace', 'default', '{ranges: [{from: 1000, to: 2999}]}'
)


def vpc(spec, name='vpc-1'):
    return manifest('VPC', name, spec)


def with_subnet(body, rest=''):
    """Write the default namespaces, and a VPC with one subnet of which these are the fields."""
    return NAMESPACES + vpc(f'{{subnets: {{default: {{{body}}}}}{rest}}}')
