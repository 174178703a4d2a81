"""Small valid resources of every kind, with their fabric and repository: what the tests of the faces start from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netbox_hedgehog.models import GitCredential, GitRepository, HedgehogFabric, Resource

__all__ = (
    'SPECIMENS',
    'Specimen',
    'make_credential',
    'make_fabric',
    'make_repository',
    'make_resource',
    'make_resources',
)

type Spec = dict[str, Any]


@dataclass(frozen=True)
class Specimen:
    """Three valid specs of one kind, what one of them is changed to, and names of three more that may be added."""

    specs: tuple[Spec, Spec, Spec]
    update: Spec
    names: tuple[str, str, str] = ('item-1', 'item-2', 'item-3')
    new_names: tuple[str, str, str] = ('item-4', 'item-5', 'item-6')


def _vpc(vlan: int) -> Spec:
    subnet = {'subnet': f'10.0.{vlan % 256}.0/24', 'vlan': vlan, 'dhcp': {'enable': True}}
    return {'ipv4Namespace': 'default', 'vlanNamespace': 'default', 'subnets': {'default': subnet}}


def _link(server: str, switch: str) -> Spec:
    return {'server': {'port': server}, 'switch': {'port': switch}}


def _switch(number: int) -> Spec:
    return {
        'asn': 65100 + number,
        'boot': {'serial': f'SN{number:04}'},
        'groups': ['eslag-1'],
        'ip': f'172.30.0.{number + 5}/21',
        'profile': 'vs',
        'protocolIP': f'172.30.8.{number}/32',
        'redundancy': {'group': 'eslag-1', 'type': 'eslag'},
        'role': 'server-leaf',
        'vtepIP': f'172.30.12.{number}/32',
    }


def _gateway(number: int) -> Spec:
    return {
        'asn': 65534,
        'groups': [{'name': 'default', 'priority': number}],
        'interfaces': {'lan1': {'ips': [f'172.30.128.{number}/31'], 'kernel': 'enp2s1'}},
        'neighbors': [{'asn': 65100, 'ip': '172.30.128.0', 'source': 'lan1'}],
        'protocolIP': f'172.30.8.{number}/32',
        'vtepIP': f'172.30.12.{number}/32',
        'workers': 8,
    }


def _gateway_peering(one: str, other: str, **fields: Any) -> Spec:
    exposed = {'ips': [{'cidr': '10.0.2.0/24'}], 'as': [{'cidr': '192.168.2.0/24'}], 'nat': {'static': {}}}
    sides = {one: {'expose': [{'ips': [{'vpcSubnet': 'default'}]}]}, other: {'expose': [exposed]}}
    return {'gatewayGroup': 'default', 'peering': sides, **fields}


def _external_attachment(number: int) -> Spec:
    return {
        'connection': f'leaf-0{number}--external',
        'external': 'internet',
        'neighbor': {'asn': 65102, 'ip': f'100.1.{number}.2'},
        'switch': {'ip': f'100.1.{number}.1/24', 'vlan': 100 + number},
    }


def _external_peering(vpc: str, *prefixes: str) -> Spec:
    external = {'name': 'internet', 'prefixes': [{'prefix': prefix} for prefix in prefixes]}
    return {'permit': {'external': external, 'vpc': {'name': vpc, 'subnets': ['default']}}}


# By name of the kind. The communities would be numbers to YAML 1.1: whoever reads them must keep them texts.
SPECIMENS: Mapping[str, Specimen] = {
    'VPC': Specimen((_vpc(1001), _vpc(1002), _vpc(1003)), update=_vpc(1004)),
    'VPCAttachment': Specimen(
        (
            {'connection': 'server-01--unbundled--leaf-01', 'subnet': 'item-1/default'},
            {'connection': 'server-02--unbundled--leaf-01', 'subnet': 'item-2/default'},
            {'connection': 'server-03--unbundled--leaf-01', 'subnet': 'item-3/default', 'nativeVLAN': True},
        ),
        update={'connection': 'server-01--unbundled--leaf-01', 'subnet': 'item-1/default', 'nativeVLAN': True},
    ),
    'VPCPeering': Specimen(
        (
            {'permit': [{'item-1': {}, 'item-2': {}}]},
            {'permit': [{'item-1': {'subnets': ['default']}, 'item-3': {}}]},
            {'permit': [{'item-2': {}, 'item-3': {}}]},
        ),
        update={'permit': [{'item-1': {'subnets': ['default']}, 'item-2': {'subnets': ['default']}}]},
    ),
    'External': Specimen(
        (
            {'inboundCommunity': '65102:5000', 'ipv4Namespace': 'default', 'outboundCommunity': '50000:50001'},
            {'inboundCommunity': '65000:50', 'ipv4Namespace': 'default', 'outboundCommunity': '50000:50'},
            {'ipv4Namespace': 'default', 'static': {'prefixes': ['0.0.0.0/0']}},
        ),
        update={'inboundCommunity': '65000:55', 'ipv4Namespace': 'default', 'outboundCommunity': '50000:50001'},
    ),
    'ExternalAttachment': Specimen(
        (_external_attachment(1), _external_attachment(2), _external_attachment(3)), update=_external_attachment(4)
    ),
    'ExternalPeering': Specimen(
        (
            _external_peering('item-1', '0.0.0.0/0'),
            _external_peering('item-2', '0.0.0.0/0'),
            _external_peering('item-3', '192.0.2.0/24', '198.51.100.0/24'),
        ),
        update=_external_peering('item-1', '192.0.2.0/24'),
    ),
    'IPv4Namespace': Specimen(
        ({'subnets': ['10.0.0.0/16']}, {'subnets': ['10.1.0.0/16']}, {'subnets': ['10.2.0.0/16', '10.3.0.0/16']}),
        update={'subnets': ['10.0.0.0/16', '10.4.0.0/16']},
    ),
    'VLANNamespace': Specimen(
        (
            {'ranges': [{'from': 1000, 'to': 1999}]},
            {'ranges': [{'from': 2000, 'to': 2499}]},
            {'ranges': [{'from': 2500, 'to': 2799}, {'from': 2800, 'to': 2999}]},
        ),
        update={'ranges': [{'from': 1000, 'to': 1899}]},
    ),
    'Switch': Specimen((_switch(1), _switch(2), _switch(3)), update=_switch(1) | {'description': 'Rack A, top'}),
    'SwitchGroup': Specimen(({}, {}, {}), update={}),
    'Server': Specimen(
        ({'description': 'Web 1'}, {'description': 'Web 2'}, {}), update={'description': 'Web 1, first in its rack'}
    ),
    'Connection': Specimen(
        (
            {'unbundled': {'link': _link('server-01/enp2s1', 'leaf-01/E1/1')}},
            {
                'bundled': {
                    'links': [_link('server-02/enp2s1', 'leaf-01/E1/2'), _link('server-02/enp2s2', 'leaf-01/E1/3')]
                }
            },
            {
                'eslag': {
                    'links': [_link('server-03/enp2s1', 'leaf-01/E1/4'), _link('server-03/enp2s2', 'leaf-02/E1/4')]
                }
            },
        ),
        update={'unbundled': {'link': _link('server-01/enp2s1', 'leaf-01/E1/1'), 'mtu': 9000}},
    ),
    'Gateway': Specimen((_gateway(1), _gateway(2), _gateway(3)), update=_gateway(1) | {'workers': 16}),
    'GatewayGroup': Specimen(({}, {}, {}), update={}),
    'GatewayPeering': Specimen(
        (
            _gateway_peering('item-1', 'item-2'),
            _gateway_peering('item-1', 'item-3'),
            _gateway_peering('item-2', 'ext.internet'),
        ),
        update=_gateway_peering('item-1', 'item-2', acl={'default': 'deny'}),
    ),
}


def make_credential(name: str = 'Robot', secret: str = 'not-a-real-token', **fields: Any) -> GitCredential:
    """Save a credential for the server of the other specimens; a token, unless the fields say otherwise."""
    fields.setdefault('host', 'git.example.com')
    credential = GitCredential(name=name, **fields)
    if secret:
        credential.set_secret(secret)
    return _save(credential)


def make_repository(name: str = 'Manifests', **fields: Any) -> GitRepository:
    """Save a repository on a server that is never asked, unless `url` names another."""
    fields.setdefault('url', f'https://git.example.com/fabrics/{name.lower().replace(" ", "-")}')
    return _save(GitRepository(name=name, **fields))


def make_fabric(name: str = 'Lab', repository: GitRepository | None = None, **fields: Any) -> HedgehogFabric:
    """Save a fabric, in a repository of its own unless one is given.

    Its design is under way: the specimens name resources that a test does not need.
    """
    fields.setdefault('slug', name.lower().replace(' ', '-'))
    fields = {'is_installed': False, 'is_draft': True, **fields}
    return _save(HedgehogFabric(name=name, repository=repository or make_repository(f'{name} manifests'), **fields))


def make_resource(model: type[Resource], fabric: HedgehogFabric, name: str = 'item-1', **fields: Any) -> Resource:
    """Save a resource, by default with the first spec of its kind."""
    fields.setdefault('spec', SPECIMENS[model.kind.name].specs[0])
    return _save(model(fabric=fabric, name=name, **fields))


def make_resources(model: type[Resource], fabric: HedgehogFabric) -> list[Resource]:
    """Save the three resources of a kind."""
    specimen = SPECIMENS[model.kind.name]
    return [
        make_resource(model, fabric, name, spec=spec, description=f'The {name} of {fabric}')
        for name, spec in zip(specimen.names, specimen.specs, strict=True)
    ]


def _save[M: GitCredential | GitRepository | HedgehogFabric | Resource](instance: M) -> M:
    instance.full_clean()
    instance.save()
    return instance
