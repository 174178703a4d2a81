"""Resources that keep and break the rules of any document."""

from netbox_hedgehog.catalog import KINDS, Declaration, FabricSettings
from netbox_hedgehog.tests.catalog.rules.case import Case

__all__ = ('CASES',)


def declare(kind='Server', name='ok', spec=None, namespace='default', labels=None, annotations=None):
    """Declare what no reader of manifests would let through, such as a name that is none."""
    return (Declaration(KINDS[kind], namespace, name, spec, labels, annotations),)


def _case(rule, path, valid, invalid, settings=None):
    kind, name = invalid.get('kind', 'Server'), invalid.get('name', 'ok')
    fabrics = (declare(**valid), declare(**invalid))
    return Case(rule, *fabrics, f'{kind}/{name}', path, settings or FabricSettings())


def _name(rule, valid, invalid, kind='Server'):
    return _case(rule, 'metadata.name', {'kind': kind, 'name': valid}, {'kind': kind, 'name': invalid})


def _spec(rule, kind, path, valid, invalid):
    return _case(rule, path, {'kind': kind, 'spec': valid}, {'kind': kind, 'spec': invalid})


_LONG = 'l' * 64
_LIMIT = 256 * 1024
_LINK = {'server': {'port': 's/1'}, 'switch': {'port': 'l/E1/1'}}
_EDGE = {'role': 'virtual-edge'}

CASES = (
    _name('bad-name', 'server-01.rack-1', 'Server_01'),
    _name('name-too-long', 'v' * 11, 'v' * 12, 'VPC'),
    _name('name-too-long', 'e' * 11, 'e' * 12, 'External'),
    _name('name-too-long', 'n' * 11, 'n' * 12, 'IPv4Namespace'),
    _name('name-too-long', 'g' * 253, 'g' * 254, 'Gateway'),
    _name('name-too-long', 's' * 253, 's' * 254, 'Switch'),
    _name('name-too-long-for-file', 'g' * 250, 'g' * 251, 'GatewayGroup'),
    _name('name-too-long-for-label', 'c' * 63, 'c' * 64, 'Connection'),
    _name('reserved-name', 'ext-1', 'ext.1', 'VPC'),
    _case('bad-namespace', 'metadata.namespace', {}, {'namespace': 'Default'}),
    _case('namespace-not-default', 'metadata.namespace', {}, {'namespace': 'fab'}),
    _case('bad-key', 'metadata.labels["a b"]', {'labels': {'a-b': 'x'}}, {'labels': {'a b': 'x'}}),
    _case('bad-label-value', 'metadata.labels.a', {'labels': {'a': 'x_1.y'}}, {'labels': {'a': 'x y'}}),
    _case(
        'controller-label',
        'metadata.labels["fabric.githedgehog.com/vpc"]',
        {'labels': {'hnp.githedgehog.com/vpc': 'x'}},
        {'labels': {'fabric.githedgehog.com/vpc': 'x'}},
    ),
    _case(
        'annotations-too-large',
        'metadata.annotations',
        {'annotations': {'a': 'x' * (_LIMIT - 1)}},
        {'annotations': {'a': 'x' * _LIMIT}},
    ),
    _spec('required', 'Switch', 'spec.role', _EDGE, {'profile': 'vs'}),
    _spec(
        'filled-in',
        'ExternalAttachment',
        'spec.neighbor',
        {'switch': {}, 'neighbor': {}},
        {'switch': {}},
    ),
    _spec('wrong-type', 'Server', 'spec.description', {'description': '1'}, {'description': 1}),
    _spec('unknown-field', 'SwitchGroup', 'spec.extra', {}, {'extra': 1}),
    _spec('out-of-range', 'Switch', 'spec.asn', {**_EDGE, 'asn': 2**32 - 1}, {**_EDGE, 'asn': 2**32}),
    _spec('not-a-choice', 'Switch', 'spec.role', _EDGE, {'role': 'leaf'}),
    _spec(
        'wrong-form',
        'Connection',
        'spec.fabric.links[0].leaf.ip',
        {'fabric': {'links': [{'leaf': {'ip': '172.30.128.0/31'}}]}},
        {'fabric': {'links': [{'leaf': {'ip': '172.30.128.0'}}]}},
    ),
    _spec(
        'too-few-items', 'Connection', 'spec.eslag.links', {'eslag': {'links': [_LINK] * 2}}, {'eslag': {'links': []}}
    ),
    _spec('too-many-items', 'VPCPeering', 'spec.permit', {'permit': [{}] * 10}, {'permit': [{}] * 11}),
    _spec('not-unicode', 'Server', 'spec', {'description': 'ü'}, {'\ud800': ''}),
    _spec(
        'reference-too-long', 'Switch', 'spec.groups[0]', {**_EDGE, 'groups': ['l' * 63]}, {**_EDGE, 'groups': [_LONG]}
    ),
    _spec('reference-too-long', 'VPCAttachment', 'spec.connection', {'connection': 'l' * 63}, {'connection': _LONG}),
    _spec(
        'reference-too-long',
        'Connection',
        'spec.unbundled.link.switch.port',
        {'unbundled': {'link': {'switch': {'port': 'l' * 63 + '/E1/1'}}}},
        {'unbundled': {'link': {'switch': {'port': _LONG + '/E1/1'}}}},
    ),
    _case(
        'field-of-newer-release',
        'spec.portFECs',
        {'kind': 'Switch', 'spec': {**_EDGE, 'roce': True}},
        {'kind': 'Switch', 'spec': {**_EDGE, 'portFECs': {}}},
        FabricSettings(release='26.02'),
    ),
    _case(
        'field-of-newer-release',
        'spec.subnets.a.dhcp.relayVPC',
        {'kind': 'VPC', 'spec': {'subnets': {'a': {'dhcp': {'relay': '10.0.0.1/32'}}}}},
        {'kind': 'VPC', 'spec': {'subnets': {'a': {'dhcp': {'relayVPC': 'vpc-2'}}}}},
        FabricSettings(release='26.01'),
    ),
    _case(
        'kind-of-newer-release',
        'kind',
        {},
        {'kind': 'GatewayGroup'},
        FabricSettings(release='25.05'),
    ),
)
