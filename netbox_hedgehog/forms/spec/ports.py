"""The ports that a form offers: those of a switch, by its profile and breakouts, and the interfaces of a gateway."""

from collections.abc import Iterator, Mapping

from ...catalog import Design
from ...catalog.fields import entries
from ...catalog.gateway import GatewaySpec
from ...catalog.ports import canonical_port
from ...catalog.profiles import SwitchProfile, available_profiles
from ...catalog.wiring import SwitchSpec

__all__ = ('gateway_ports', 'ports_in_use', 'profile_ports', 'switch_ports')


def switch_ports(design: Design, name: str) -> tuple[str, ...]:
    """Return the names of the ports of a switch that a connection may use, each once; none without a known profile."""
    switch = design.find(SwitchSpec, name)
    profile = available_profiles(design.settings).get(switch.spec.profile or '') if switch else None
    if switch is None or profile is None:
        return ()
    return tuple(profile_ports(profile, dict(entries(switch.spec.portBreakouts))))


def profile_ports(profile: SwitchProfile, breakouts: Mapping[str, str]) -> Iterator[str]:
    """Yield the ports of a profile in the order of the switch; in place of a port that is broken out, its lanes."""
    for port in profile.ports.values():
        lanes = profile.lanes(port.name, breakouts) or 1
        if port.is_management:
            continue
        if lanes == 1:
            yield port.name
        else:
            yield from (f'{port.name}/{lane}' for lane in range(1, lanes + 1))


def gateway_ports(design: Design, name: str) -> tuple[str, ...]:
    """Return the interfaces of a gateway."""
    gateway = design.find(GatewaySpec, name)
    return tuple(interface for interface, _ in entries(gateway.spec.interfaces)) if gateway else ()


def ports_in_use(design: Design, device: str, ports: tuple[str, ...], *, but: str) -> dict[str, str]:
    """Return which connection uses which of the ports of a device; the connection called `but` does not count."""
    used = {}
    for port in ports:
        for claimant in design.claimants(('port', canonical_port(f'{device}/{port}'))):
            if claimant.identity.name != but:
                used[port] = claimant.identity.name
    return used
