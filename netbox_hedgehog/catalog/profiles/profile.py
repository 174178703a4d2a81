"""What a model of switch can do: its ports, their speeds and breakouts, and its features."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

__all__ = ('Port', 'PortProfile', 'SwitchProfile')


@dataclass(frozen=True, slots=True)
class PortProfile:
    """What can be set on a port: either its speed or its breakout mode, or nothing.

    `speeds` are written as in a manifest (25G), slowest first; `breakouts` holds the lanes of each mode (4x25G).
    """

    name: str
    speeds: tuple[str, ...] = ()
    default_speed: str = ''
    breakouts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    default_breakout: str = ''
    auto_neg_allowed: bool = False
    auto_neg_default: bool = False


@dataclass(frozen=True, slots=True)
class Port:
    """A port as it is printed on the switch.

    A port of a group has no profile of its own, because all ports of a group change speed together; nor has a
    management port.
    """

    name: str
    profile: PortProfile | None = None
    group: str = ''
    pipeline: str = ''
    is_management: bool = False

    @property
    def can_break_out(self) -> bool:
        """Whether the port can be divided into lanes."""
        return self.profile is not None and bool(self.profile.breakouts)


@dataclass(frozen=True, eq=False)
class SwitchProfile:
    """A model of switch under one network operating system, as the fabric knows it.

    `ports` are in their order on the switch; `port_groups` holds what can be set on each group. No more than
    `max_ports` ports and lanes may be in use at once, and no more of each pipeline than `pipelines` says; zero means
    that there is no limit.
    """

    name: str
    title: str
    nos: str
    silicon: str
    features: frozenset[str]
    ports: Mapping[str, Port]
    port_groups: Mapping[str, PortProfile]
    other_names: tuple[str, ...] = ()
    max_ports: int = 0
    pipelines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    notes: str = ''

    def port_names(self, breakouts: Mapping[str, str]) -> tuple[str, ...]:
        """Return all names of ports that a connection may use, in the order of the switch.

        `breakouts` holds the modes that are set, by port. A port that can be broken out is found under its own name,
        which means its first lane, and under that of each lane.
        """
        return _port_names(self, tuple(sorted(breakouts.items())))

    def lanes(self, port: str, breakouts: Mapping[str, str | None]) -> int | None:
        """Tell how many lanes a port has in the mode that is set, or by default.

        One if it cannot be broken out; None if it does not support the mode, or if there is no such port.
        """
        found = self.ports.get(port)
        if found is None:
            return None
        if found.profile is None or not found.profile.breakouts:
            return 1
        mode = breakouts.get(port)
        return found.profile.breakouts.get(found.profile.default_breakout if mode is None else mode)

    def owner(self, name: str) -> Port | None:
        """Return the port that has a name, or that has a lane with this name in some breakout mode."""
        found = self.ports.get(name)
        if found:
            return found
        port, _, lane = name.rpartition('/')
        outer = self.ports.get(port)
        return outer if outer and outer.can_break_out and lane in _LANES else None


# No transceiver has more lanes than eight.
_LANES = frozenset(map(str, range(1, 9)))


@lru_cache(maxsize=1024)
def _port_names(profile: SwitchProfile, breakouts: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    modes, names = dict(breakouts), []
    for port in profile.ports.values():
        names.append(port.name)
        if port.can_break_out:
            names += [f'{port.name}/{lane}' for lane in range(1, 1 + (profile.lanes(port.name, modes) or 0))]
    return tuple(names)
