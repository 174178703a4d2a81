"""The words in which the profiles are written down: ranges of ports, speeds and breakout modes."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from .profile import Port, PortProfile, SwitchProfile

__all__ = ('breakouts', 'grouped', 'ports', 'speeds', 'switch')

_MANAGEMENT = Port('M1', is_management=True)


def speeds(name: str, supported: str, *, auto_neg: bool = False) -> PortProfile:
    """Describe ports with a choice of speeds, slowest first; the fastest is the default.

    `auto_neg` tells that they negotiate the speed by default, and that this may be changed.
    """
    choices = tuple(supported.split())
    return PortProfile(name, choices, choices[-1], auto_neg_allowed=auto_neg, auto_neg_default=auto_neg)


def breakouts(name: str, default: str, supported: str, *, auto_neg: bool = False) -> PortProfile:
    """Describe ports that can be divided: a mode `4x25G` has four lanes; `auto_neg` tells that it may be turned on."""
    modes = MappingProxyType({mode: int(mode.partition('x')[0]) for mode in supported.split()})
    return PortProfile(name, breakouts=modes, default_breakout=default, auto_neg_allowed=auto_neg)


def ports(span: str, profile: PortProfile, pipelines: Sequence[int] = ()) -> list[Port]:
    """Describe the ports of a span such as `1-48`, which are `E1/1` to `E1/48`; with the pipeline of each, in order."""
    numbers = _numbers(span)
    pipeline_names = [str(number) for number in pipelines] or [''] * len(numbers)
    return [
        Port(f'E1/{number}', profile, pipeline=pipeline)
        for number, pipeline in zip(numbers, pipeline_names, strict=True)
    ]


def grouped(span: str, size: int) -> list[Port]:
    """Describe the ports of a span that come in groups of a size; the groups are named 1, 2 and so on."""
    return [Port(f'E1/{number}', group=str(place // size + 1)) for place, number in enumerate(_numbers(span))]


def switch(
    name: str,
    title: str,
    *,
    nos: str,
    silicon: str,
    features: str,
    data_ports: Iterable[Port],
    group_profile: PortProfile | None = None,
    other_name: str = '',
    max_ports: int = 0,
    pipeline_max_ports: int = 0,
    notes: str = '',
) -> SwitchProfile:
    """Describe a switch by its data ports; every one has the management port M1, too.

    All groups have the same profile, and all pipelines the same limit.
    """
    found = (*data_ports, _MANAGEMENT)
    groups = dict.fromkeys((port.group for port in found if port.group), group_profile)
    pipelines: Mapping[str, int] = dict.fromkeys((port.pipeline for port in found if port.pipeline), pipeline_max_ports)
    return SwitchProfile(
        name=name,
        title=title,
        nos=nos,
        silicon=silicon,
        features=frozenset(features.split()),
        ports=MappingProxyType({port.name: port for port in found}),
        port_groups=MappingProxyType({group: profile for group, profile in groups.items() if profile}),
        other_names=(other_name,) if other_name else (),
        max_ports=max_ports,
        pipelines=MappingProxyType(pipelines),
        notes=notes,
    )


def _numbers(span: str) -> range:
    first, _, last = span.partition('-')
    return range(int(first), int(last or first) + 1)
