"""Which resources a spec names."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from .identity import DEFAULT_NAMESPACE
from .json import JSON, JSONObject
from .kind import Kind
from .paths import Path, find, spell

__all__ = ('EXTERNAL_PREFIX', 'ResourceReference', 'connected_devices', 'implied_references', 'references')

# What the name of an external begins with where it is a side of a gateway peering; no VPC may be named so.
EXTERNAL_PREFIX = 'ext.'


@dataclass(frozen=True, slots=True, order=True)
class ResourceReference:
    """A resource of the same namespace that the field at `path` names."""

    path: str
    kind_name: str
    name: str


def references(kind: Kind, spec: JSON | JSONObject) -> tuple[ResourceReference, ...]:
    """Collect every reference that is written in the spec to a resource of the fifteen kinds.

    A default that is left out is no reference, nor is a value that cannot be a name. A name that is written twice is
    reported twice, each with its path.
    """
    return tuple(_references(_PLACES.get(kind.name, {}), spec))


def implied_references(kind: Kind, spec: JSON | JSONObject) -> tuple[ResourceReference, ...]:
    """Collect the references that the fabric fills in where the spec leaves them out: all to a resource `default`."""
    return tuple(
        ResourceReference(spell(('spec', field)), kind_name, DEFAULT_NAMESPACE)
        for field, kind_name in _IMPLIED.get(kind.name, {}).items()
        if not (isinstance(spec, Mapping) and spec.get(field))
    )


def connected_devices(spec: JSON | JSONObject) -> tuple[ResourceReference, ...]:
    """Collect the devices whose ports a connection joins, one reference per port."""
    return tuple(_references(_PORTS, spec))


# Reads kind and name from what stands at a place; the key of a map's entry is the last step of its path.
type _Reader = Callable[[Path, JSON], tuple[str, JSON]]


def _references(places: Mapping[str, _Reader], spec: JSON | JSONObject) -> Iterator[ResourceReference]:
    for pattern, read in places.items():
        for path, value in find(spec, pattern):
            kind_name, name = read(path, value)
            if isinstance(name, str) and name:
                yield ResourceReference(spell(('spec', *path)), kind_name, name)


def _named(kind_name: str) -> _Reader:
    return lambda _, value: (kind_name, value)


def _before_slash(value: JSON) -> JSON:
    """Read the name from `<name>/<part of it>`: a subnet or a port."""
    return value.partition('/')[0] if isinstance(value, str) else None


def _vpc_of_subnet(_: Path, value: JSON) -> tuple[str, JSON]:
    """Read `<VPC>/<subnet>`; a VPC alone means its default subnet."""
    return 'VPC', _before_slash(value)


def _peered_vpc(path: Path, _: JSON) -> tuple[str, JSON]:
    return 'VPC', path[-1]


def _peering_side(path: Path, _: JSON) -> tuple[str, JSON]:
    side = str(path[-1])
    if side.startswith(EXTERNAL_PREFIX):
        return 'External', side.removeprefix(EXTERNAL_PREFIX)
    return 'VPC', side


_DEVICE_KINDS: Mapping[str | int, str] = {
    'server': 'Server',
    'switch': 'Switch',
    'switch1': 'Switch',
    'switch2': 'Switch',
    'spine': 'Switch',
    'leaf': 'Switch',
    'leaf1': 'Switch',
    'leaf2': 'Switch',
    'gateway': 'Gateway',
}


def _device(path: Path, value: JSON) -> tuple[str, JSON]:
    """Read `<device>/<port>`; of what kind the device is follows from the side of the link, whatever the connection."""
    kind_name = _DEVICE_KINDS.get(path[-2], '')
    return kind_name, _before_slash(value) if kind_name else None


_PORTS: Mapping[str, _Reader] = {
    '*.link.*.port': _device,
    '*.links[].*.port': _device,
    '*.peerLinks[].*.port': _device,
    '*.sessionLinks[].*.port': _device,
}

_PLACES: Mapping[str, Mapping[str, _Reader]] = {
    'VPC': {
        'ipv4Namespace': _named('IPv4Namespace'),
        'vlanNamespace': _named('VLANNamespace'),
        'subnets.*.dhcp.relayVPC': _named('VPC'),
    },
    'VPCAttachment': {'subnet': _vpc_of_subnet, 'connection': _named('Connection')},
    'VPCPeering': {'permit[].*': _peered_vpc},
    'External': {'ipv4Namespace': _named('IPv4Namespace')},
    'ExternalAttachment': {'external': _named('External'), 'connection': _named('Connection')},
    'ExternalPeering': {'permit.vpc.name': _named('VPC'), 'permit.external.name': _named('External')},
    'GatewayPeering': {'gatewayGroup': _named('GatewayGroup'), 'peering.*': _peering_side},
    'Gateway': {'groups[].name': _named('GatewayGroup')},
    'Switch': {
        'groups[]': _named('SwitchGroup'),
        'redundancy.group': _named('SwitchGroup'),
        'vlanNamespaces[]': _named('VLANNamespace'),
    },
    'Connection': {**_PORTS, 'staticExternal.withinVPC': _named('VPC')},
}

# What the mutating webhook fills in, by field.
_IMPLIED: Mapping[str, Mapping[str, str]] = {
    'VPC': {'ipv4Namespace': 'IPv4Namespace', 'vlanNamespace': 'VLANNamespace'},
    'External': {'ipv4Namespace': 'IPv4Namespace'},
    'Switch': {'vlanNamespaces': 'VLANNamespace'},
    'Gateway': {'groups': 'GatewayGroup'},
    'GatewayPeering': {'gatewayGroup': 'GatewayGroup'},
}
