"""The rules of switches: the admission code of Switch, the fields of its CRD, and the switch profiles."""

from collections.abc import Iterator

from ..addresses import is_mac, normal_mac
from ..design import Design, Entry
from ..fields import entries
from ..identity import DEFAULT_NAMESPACE
from ..paths import Path
from ..pools import vlan_pool
from ..problems import Problem, Severity
from ..profiles import PROFILES, SwitchProfile, available_profiles
from ..settings import FabricSettings, VLANSpan
from ..wiring import SwitchGroupSpec, SwitchSpec
from . import switch_addresses, switch_ports
from .kind_rules import KindRules
from .rule import Rule, Scope

__all__ = ('SWITCH',)

PROFILE_MISSING = Rule('switch-profile-missing', 'A switch has a profile.', Scope.RESOURCE)
PROFILE_UNKNOWN = Rule('switch-profile-unknown', 'The profile is one that the fabric has.', Scope.RESOURCE)
PROFILE_UNCHECKED = Rule(
    'switch-profile-unchecked',
    'Where a fabric allows profiles of its own, nobody but the cluster knows the ports of such a switch.',
    Scope.RESOURCE,
    Severity.WARNING,
)
ROLE_VIRTUAL_EDGE = Rule(
    'switch-role-virtual-edge',
    'No installer accepts the role virtual-edge, though the fabric still does.',
    Scope.RESOURCE,
    Severity.WARNING,
)
REDUNDANCY_INCOMPLETE = Rule('switch-redundancy-incomplete', 'Redundancy has both a group and a type.', Scope.RESOURCE)
REDUNDANCY_MCLAG = Rule('switch-redundancy-mclag', 'MCLAG is no longer supported.', Scope.RESOURCE, Severity.WARNING)
ESLAG_UNSUPPORTED = Rule(
    'switch-eslag-unsupported', 'Redundancy of type eslag needs a switch that can do it.', Scope.RESOURCE
)
ROCE_UNSUPPORTED = Rule('switch-roce-unsupported', 'RoCE needs a switch that can do it.', Scope.RESOURCE)
ROCE_QPN_UNSUPPORTED = Rule(
    'switch-roce-qpn-unsupported', 'Spreading RoCE by queue pair needs a switch that can do it.', Scope.RESOURCE
)
# Upstream takes any text; one that is no MAC address is that of no switch.
BOOT_MAC = Rule(
    'switch-boot-mac',
    'The MAC address by which a switch is recognised is written as six pairs of hexadecimal digits.',
    Scope.RESOURCE,
    Severity.WARNING,
)
GROUP_EMPTY = Rule('switch-group-empty', 'A switch group is named by a text that is not empty.', Scope.RESOURCE)
GROUP_UNKNOWN = Rule('switch-group-unknown', 'The switch groups of a switch exist.', Scope.FABRIC)
VLAN_NAMESPACE_UNKNOWN = Rule('switch-vlan-namespace-unknown', 'The VLAN namespaces of a switch exist.', Scope.FABRIC)
VLAN_NAMESPACES_OVERLAP = Rule(
    'switch-vlan-namespaces-overlap', 'The VLAN namespaces of a switch share no VLAN.', Scope.FABRIC
)
BREAKOUTS_FROZEN = Rule(
    'switch-breakouts-frozen',
    'Breakout modes stay as they are while RoCE is on, and while it is turned on or off.',
    Scope.RESOURCE,
)

# Six pairs of digits, with colons between them.
_LENGTH_OF_MAC = 17


def check_own(entry: Entry[SwitchSpec], settings: FabricSettings) -> Iterator[Problem]:
    """Check a switch alone."""
    spec = entry.spec
    if spec.role == 'virtual-edge':
        message = 'The installer refuses this role; write spine, server-leaf, border-leaf or mixed-leaf.'
        yield ROLE_VIRTUAL_EDGE.at(('spec', 'role'), message)
    yield from switch_addresses.check_addresses(entry, settings)
    yield from _check_redundancy(spec)
    yield from _check_boot(spec)
    for position, group in enumerate(spec.groups or []):
        if not group:
            yield GROUP_EMPTY.at(('spec', 'groups', position), 'Empty; write the name of a switch group, or remove it.')
    profile = available_profiles(settings).get(spec.profile or '')
    if profile:
        yield from _check_features(spec, profile)
        yield from switch_ports.check_ports(entry, profile)
    else:
        yield _without_profile(spec.profile or '', settings)


def check_fabric(entry: Entry[SwitchSpec], design: Design) -> Iterator[Problem]:
    """Check a switch against the groups, the namespaces and the other devices of its fabric."""
    spec = entry.spec
    redundancy_group = (spec.redundancy.group if spec.redundancy else None) or ''
    named: list[tuple[Path, str]] = [
        (('spec', 'groups', position), group) for position, group in enumerate(spec.groups or [])
    ]
    for path, group in (*named, (('spec', 'redundancy', 'group'), redundancy_group)):
        if group and design.find(SwitchGroupSpec, group) is None:
            message = f'There is no SwitchGroup {group} in this fabric; add it, or write another.'
            yield GROUP_UNKNOWN.at(path, message)
    yield from _check_vlan_namespaces(entry, design)
    yield from switch_addresses.check_unique(entry, design)


def check_update(before: Entry[SwitchSpec], after: Entry[SwitchSpec]) -> Iterator[Problem]:
    """Check an edit of a switch."""
    if not (before.spec.roce or after.spec.roce):
        return
    old, new = dict(entries(before.spec.portBreakouts)), dict(entries(after.spec.portBreakouts))
    for name in {**old, **new}:
        if old.get(name) != new.get(name):
            was = f'write {old[name]} again' if name in old else f'remove {name} again'
            message = f'Breakout modes cannot change with RoCE; {was}, or turn RoCE off in an edit of its own first.'
            yield BREAKOUTS_FROZEN.at(('spec', 'portBreakouts', name), message)


def _without_profile(name: str, settings: FabricSettings) -> Problem:
    path = ('spec', 'profile')
    if not name:
        return PROFILE_MISSING.at(path, 'Missing; write the model of the switch, such as celestica-ds3000.')
    if settings.allow_extra_switch_profiles:
        message = (
            f'{name} is not built into the fabric, so its ports are not checked; make sure that the cluster has it.'
        )
        return PROFILE_UNCHECKED.at(path, message)
    if name in PROFILES:
        message = (
            f'This fabric is installed without {PROFILES[name].title}; write another profile, or change its settings.'
        )
        return PROFILE_UNKNOWN.at(path, message)
    return PROFILE_UNKNOWN.at(path, f'There is no SwitchProfile {name}; write one such as celestica-ds3000.')


def _check_redundancy(spec: SwitchSpec) -> Iterator[Problem]:
    redundancy = spec.redundancy
    if redundancy is None:
        return
    if redundancy.group and not redundancy.type:
        yield REDUNDANCY_INCOMPLETE.at(('spec', 'redundancy', 'type'), 'Missing beside the group; write eslag.')
    if redundancy.type and not redundancy.group:
        message = 'Missing beside the type; write the name of the switch group.'
        yield REDUNDANCY_INCOMPLETE.at(('spec', 'redundancy', 'group'), message)
    if redundancy.type == 'mclag':
        yield REDUNDANCY_MCLAG.at(('spec', 'redundancy', 'type'), 'MCLAG is no longer supported; write eslag.')


def _check_boot(spec: SwitchSpec) -> Iterator[Problem]:
    mac = (spec.boot and spec.boot.mac) or ''
    if mac and not (is_mac(mac) and len(normal_mac(mac)) == _LENGTH_OF_MAC):
        message = 'Not a MAC address; write that of the management port, such as 0c:20:12:ff:00:00.'
        yield BOOT_MAC.at(('spec', 'boot', 'mac'), message)


def _check_features(spec: SwitchSpec, profile: SwitchProfile) -> Iterator[Problem]:
    if spec.redundancy and spec.redundancy.type == 'eslag' and 'eslag' not in profile.features:
        message = f'{profile.title} cannot do ESLAG; remove the redundancy, or write another profile.'
        yield ESLAG_UNSUPPORTED.at(('spec', 'redundancy', 'type'), message)
    if spec.roce and 'roce' not in profile.features:
        yield ROCE_UNSUPPORTED.at(('spec', 'roce'), f'{profile.title} cannot do RoCE; write false.')
    if spec.ecmp and spec.ecmp.roceQPN and 'ecmpRoCEQPN' not in profile.features:
        message = f'{profile.title} cannot spread RoCE by queue pair; write false.'
        yield ROCE_QPN_UNSUPPORTED.at(('spec', 'ecmp', 'roceQPN'), message)


def _check_vlan_namespaces(entry: Entry[SwitchSpec], design: Design) -> Iterator[Problem]:
    spec = entry.spec
    spans: list[tuple[VLANSpan, int]] = []
    names = spec.vlanNamespaces or [DEFAULT_NAMESPACE]
    for position, name in enumerate(names):
        path: Path = ('spec', 'vlanNamespaces', position) if spec.vlanNamespaces else ('spec', 'vlanNamespaces')
        pool = vlan_pool(design, name)
        if pool is None:
            message = (
                f'There is no VLANNamespace {name} in this fabric; add it, or write another.'
                if name
                else 'Empty; write the name of a VLANNamespace, or remove it.'
            )
            yield VLAN_NAMESPACE_UNKNOWN.at(path, message)
        elif pool.is_whole:
            spans += [(span, position) for span in pool.spans]
    yield from _check_overlaps(names, spans)


def _check_overlaps(names: list[str], spans: list[tuple[VLANSpan, int]]) -> Iterator[Problem]:
    """Compare each range with the one before it that reaches furthest; within a namespace they are its own affair."""
    reported: set[tuple[int, int]] = set()
    furthest: tuple[VLANSpan, int] | None = None
    for span, position in sorted(spans):
        if furthest and furthest[1] != position and furthest[0].overlaps(span):
            first, second = sorted((furthest[1], position))
            if (first, second) not in reported:
                reported.add((first, second))
                message = f'{names[second]} shares VLANs with {names[first]}; remove one of them.'
                yield VLAN_NAMESPACES_OVERLAP.at(('spec', 'vlanNamespaces', second), message)
        if furthest is None or span.last > furthest[0].last:
            furthest = span, position


SWITCH: KindRules[SwitchSpec] = KindRules(
    rules=(
        PROFILE_MISSING,
        PROFILE_UNKNOWN,
        PROFILE_UNCHECKED,
        ROLE_VIRTUAL_EDGE,
        *switch_addresses.RULES,
        REDUNDANCY_INCOMPLETE,
        REDUNDANCY_MCLAG,
        ESLAG_UNSUPPORTED,
        ROCE_UNSUPPORTED,
        ROCE_QPN_UNSUPPORTED,
        BOOT_MAC,
        GROUP_EMPTY,
        GROUP_UNKNOWN,
        VLAN_NAMESPACE_UNKNOWN,
        VLAN_NAMESPACES_OVERLAP,
        *switch_ports.RULES,
        BREAKOUTS_FROZEN,
    ),
    own=check_own,
    fabric=check_fabric,
    glances={'VLANNamespace': _check_vlan_namespaces},
    update=check_update,
)
