"""The rules of the fabric's admission code, kind by kind."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from ..fields import Structure
from ..gateway import GatewayGroupSpec, GatewayPeeringSpec, GatewaySpec
from ..kind import Kind
from ..vpc import (
    ExternalAttachmentSpec,
    ExternalPeeringSpec,
    ExternalSpec,
    IPv4NamespaceSpec,
    VPCAttachmentSpec,
    VPCPeeringSpec,
    VPCSpec,
)
from ..wiring import ConnectionSpec, ServerSpec, SwitchGroupSpec, SwitchSpec, VLANNamespaceSpec
from . import (
    common,
    connection,
    document,
    external,
    external_attachment,
    gateway,
    gateway_peering,
    namespaces,
    peerings,
    release,
    switch,
    vpc,
    vpc_attachment,
)
from .bounds import within_bounds
from .common import check_common
from .fabric_settings import SETTINGS_RULES
from .kind_rules import KindRules
from .release import check_release, under_release
from .rule import Rule, Scope

__all__ = (
    'EVERY_KIND',
    'KIND_RULES',
    'RULES',
    'SETTINGS_RULES',
    'Rule',
    'Scope',
    'check_common',
    'check_release',
    'rules_of',
    'under_release',
    'within_bounds',
)

KIND_RULES: Mapping[type[Structure], KindRules[Any]] = MappingProxyType(
    {
        VPCSpec: vpc.VPC,
        VPCAttachmentSpec: vpc_attachment.VPC_ATTACHMENT,
        VPCPeeringSpec: peerings.VPC_PEERING,
        ExternalSpec: external.EXTERNAL,
        ExternalAttachmentSpec: external_attachment.EXTERNAL_ATTACHMENT,
        ExternalPeeringSpec: peerings.EXTERNAL_PEERING,
        IPv4NamespaceSpec: namespaces.IPV4_NAMESPACE,
        VLANNamespaceSpec: namespaces.VLAN_NAMESPACE,
        SwitchSpec: switch.SWITCH,
        SwitchGroupSpec: KindRules(),
        ServerSpec: KindRules(),
        ConnectionSpec: connection.CONNECTION,
        GatewaySpec: gateway.GATEWAY,
        GatewayGroupSpec: gateway.GATEWAY_GROUP,
        GatewayPeeringSpec: gateway_peering.GATEWAY_PEERING,
    }
)

# The rules that hold for resources of any kind.
EVERY_KIND: tuple[Rule, ...] = (*document.RULES, *release.RULES, *common.RULES)

# By id: those of every kind first, then those of each kind.
RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.id: rule for rules in (EVERY_KIND, *(kind.rules for kind in KIND_RULES.values())) for rule in rules}
)


def rules_of(kind: Kind) -> tuple[Rule, ...]:
    """Return the rules of a kind's own, beside those of every kind."""
    return KIND_RULES[cast('type[Structure]', kind.spec)].rules
