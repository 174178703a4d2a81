"""What is offered for a field: the resources of a fabric that it may name, as far as the user may see them.

A source is written as in the hints: the name of a kind, with types of connections after a colon
(`Connection:external`), `subnets` of the VPC in `of`, `ports:Switch` of the device in `of`, `sides` of a gateway
peering, `profiles` of switches, and `profile-ports` and `profile-breakouts` of the profile in `of`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ...catalog import Design
from ...catalog.fields import entries
from ...catalog.ports import connection_type, links
from ...catalog.profiles import available_profiles
from ...catalog.references import EXTERNAL_PREFIX
from ...catalog.vpc import VPCSpec
from ...catalog.wiring import ConnectionSpec
from ...models import HedgehogFabric, design_of, model_for
from ...models.permissions import may, permission_needed
from .ports import gateway_ports, ports_in_use, switch_ports

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

__all__ = ('Offer', 'Wanted', 'offers')

# More than these nobody looks through: a few letters of what is wanted bring up the rest.
_MOST = 100


@dataclass(frozen=True, slots=True)
class Offer:
    """A value to choose, with what is worth knowing of it; `id` is the number of the resource that it names."""

    value: str
    note: str = ''
    is_used: bool = False
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page asks for: a source, what it looks at (`of`), what a person typed, and the resource that is edited."""

    source: str
    of: str = ''
    typed: str = ''
    edited: str = ''


def offers(fabric: HedgehogFabric, user: 'AbstractBaseUser', wanted: Wanted) -> list[Offer]:
    """Return what matches, at most a page full, those that are free before those in use. An unknown source has none.

    Raises `PermissionDenied` where the user may see nothing at all of what the source offers: to be offered nothing
    would look as if there were nothing.
    """
    source, _colon, argument = wanted.source.partition(':')
    find = _SOURCES.get(source)
    if find is None:
        return []
    models = [model_for(kind_name) for kind_name in _kinds_of(source, argument)]
    if models and not any(may(user, model) for model in models):
        raise PermissionDenied(permission_needed(models[0]))
    view = _View(fabric, user, design_of(fabric))
    typed = wanted.typed.casefold()
    found = [offer for offer in find(view, wanted, argument) if typed in offer.value.casefold()]
    # What was typed in full comes before what only contains it.
    return sorted(found, key=lambda offer: (offer.value.casefold() != typed, offer.is_used))[:_MOST]


@dataclass(frozen=True, slots=True)
class _View:
    """A fabric as a user may see it."""

    fabric: HedgehogFabric
    user: 'AbstractBaseUser'
    design: Design

    def numbers(self, kind_name: str) -> dict[str, int]:
        """Return the resources of a kind that the user may see, by name."""
        rows = model_for(kind_name).objects.restrict(self.user, 'view').filter(fabric=self.fabric, namespace='default')
        return dict(rows.order_by('name').values_list('name', 'pk'))

    def sees(self, kind_name: str, name: str) -> bool:
        """Tell whether the user may see a resource."""
        rows = model_for(kind_name).objects.restrict(self.user, 'view')
        return rows.filter(fabric=self.fabric, namespace='default', name=name).exists()


type _Find = Callable[[_View, Wanted, str], Iterable[Offer]]


def _resources(kind_name: str) -> _Find:
    return lambda view, _wanted, _argument: (Offer(name, id=pk) for name, pk in view.numbers(kind_name).items())


def _connections(view: _View, _wanted: Wanted, types: str) -> Iterator[Offer]:
    allowed = types.split(',') if types else ()
    for name, pk in view.numbers('Connection').items():
        entry = view.design.find(ConnectionSpec, name)
        found = connection_type(entry.spec) if entry else ''
        if entry and (not allowed or found in allowed):
            devices = dict.fromkeys(end.device for link in links(entry.spec) for end in link if end.device)
            yield Offer(name, ': '.join((found, ', '.join(devices))), id=pk)


def _subnets(view: _View, wanted: Wanted, _argument: str) -> Iterator[Offer]:
    vpc = view.design.find(VPCSpec, wanted.of) if wanted.of and view.sees('VPC', wanted.of) else None
    for name, subnet in entries(vpc.spec.subnets) if vpc else ():
        facts = (subnet.subnet or '', _('VLAN {vlan}').format(vlan=subnet.vlan) if subnet.vlan else '')
        yield Offer(name, ', '.join(fact for fact in facts if fact))


def _ports(view: _View, wanted: Wanted, kind_name: str) -> Iterator[Offer]:
    find = _PORTS.get(kind_name)
    if find is None or not wanted.of or not view.sees(kind_name, wanted.of):
        return
    ports = find(view.design, wanted.of)
    used = ports_in_use(view.design, wanted.of, ports, but=wanted.edited)
    visible = view.numbers('Connection') if used else {}
    for port in ports:
        user = used.get(port, '')
        note = _('used by {connection}').format(connection=user) if user in visible else _('in use')
        yield Offer(port, note if user else '', is_used=bool(user))


def _sides(view: _View, _wanted: Wanted, _argument: str) -> Iterator[Offer]:
    yield from (Offer(name, 'VPC', id=pk) for name, pk in view.numbers('VPC').items())
    for name, pk in view.numbers('External').items():
        yield Offer(f'{EXTERNAL_PREFIX}{name}', _('external'), id=pk)


def _profiles(view: _View, _wanted: Wanted, _argument: str) -> Iterator[Offer]:
    for profile in available_profiles(view.design.settings).values():
        yield Offer(profile.name, profile.title)


def _profile_ports(view: _View, wanted: Wanted, _argument: str) -> Iterator[Offer]:
    profile = available_profiles(view.design.settings).get(wanted.of)
    for port in profile.ports.values() if profile else ():
        if not port.is_management:
            yield Offer(port.name, ', '.join(port.profile.speeds) if port.profile else '')


def _profile_breakouts(view: _View, wanted: Wanted, _argument: str) -> Iterator[Offer]:
    profile = available_profiles(view.design.settings).get(wanted.of)
    for port in profile.ports.values() if profile else ():
        if port.profile and port.can_break_out:
            yield Offer(port.name, ', '.join(port.profile.breakouts))


_PORTS: Mapping[str, Callable[[Design, str], tuple[str, ...]]] = {'Switch': switch_ports, 'Gateway': gateway_ports}

# The kinds that are offered as they are.
_PLAIN = (
    'VPC',
    'External',
    'IPv4Namespace',
    'VLANNamespace',
    'Switch',
    'SwitchGroup',
    'Server',
    'Gateway',
    'GatewayGroup',
)

_SOURCES: Mapping[str, _Find] = {
    **{kind_name: _resources(kind_name) for kind_name in _PLAIN},
    'Connection': _connections,
    'subnets': _subnets,
    'ports': _ports,
    'sides': _sides,
    'profiles': _profiles,
    'profile-ports': _profile_ports,
    'profile-breakouts': _profile_breakouts,
}


def _kinds_of(source: str, argument: str) -> tuple[str, ...]:
    """Return the kinds whose resources a source offers, or looks into; profiles are in no fabric."""
    match source:
        case 'subnets':
            return ('VPC',)
        case 'sides':
            return ('VPC', 'External')
        case 'ports':
            return (argument,) if argument in _PORTS else ()
        case _:
            return (source,) if source in (*_PLAIN, 'Connection') else ()
