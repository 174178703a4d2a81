"""What the subnet of a VPC is given: a VLAN, a prefix or both."""

from collections.abc import Callable
from typing import Any, Literal

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from ..catalog import DEFAULT_NAMESPACE
from ..catalog.allocation import PoolUnknown, next_prefix, next_vlan
from ..catalog.names import is_dns_label
from ..models import VPC, Resource
from .allocation import Allocation

__all__ = ('GivenSubnet', 'SubnetValue')

type SubnetValue = Literal['vlan', 'prefix']


class GivenSubnet:
    """The subnet of a VPC that a request names: one that is there, or one that is added."""

    def __init__(self, allocated: Allocation, wanted: dict[str, Any]) -> None:
        self._allocated = allocated
        self._wanted = wanted
        self._name = wanted['subnet']
        self._vpc = allocated.find(VPC, wanted['vpc'], 'vpc')
        allocated.take_message(self._vpc, wanted)
        self._is_new = self._fields() is None
        if self._is_new and not is_dns_label(self._name):
            # The rules only warn of such a name, which Git may hold; a new one need not be made.
            message = _('{subnet} is no name for a subnet; write lower-case letters, digits and hyphens.')
            raise ValidationError({'subnet': [message.format(subnet=self._name)]})

    def check(self, field: str, namespace: Resource) -> None:
        """Refuse a VPC that takes its values from another namespace."""
        used = self._namespace(field)
        if used != namespace.name:
            message = _('VPC {vpc} uses {kind} {used}; ask for what is free there.')
            refusal = message.format(vpc=self._vpc.name, kind=namespace.kind.name, used=used)
            raise ValidationError({'vpc': [refusal]})

    def give(self, value: SubnetValue) -> dict[str, Any]:
        """Give the subnet the next free value, and return what it got; one that is added gets the other, too."""
        gives: dict[str, Callable[[], Any]] = {'vlan': self._give_vlan, 'prefix': self._give_prefix}
        given: dict[str, Any] = {value: gives.pop(value)()}
        # The fabric accepts no subnet without both.
        for name, give_other in gives.items() if self._is_new else ():
            try:
                given[name] = give_other()
            except PoolUnknown:
                # The rules say what the VPC lacks, or allow it for now.
                continue
        return {'vpc': self._vpc.name, 'subnet': self._name, **given}

    def _give_vlan(self) -> int:
        self._check_blank('vlan')
        vlan = next_vlan(self._allocated.design, self._namespace('vlanNamespace'))
        self._put('vlan', vlan)
        return vlan

    def _give_prefix(self) -> str:
        self._check_blank('subnet')
        namespace, length = self._namespace('ipv4Namespace'), self._wanted['prefix_length']
        prefix = str(next_prefix(self._allocated.design, namespace, length))
        self._put('subnet', prefix)
        return prefix

    def _fields(self) -> dict[str, Any] | None:
        subnets = self._vpc.spec.get('subnets')
        fields = subnets.get(self._name) if isinstance(subnets, dict) else subnets
        if fields is not None and not (isinstance(subnets, dict) and isinstance(fields, dict)):
            message = _('The subnets of VPC {vpc} cannot be read; mend its spec first.')
            raise ValidationError({'vpc': [message.format(vpc=self._vpc.name)]})
        return fields

    def _check_blank(self, field: str) -> None:
        value = (self._fields() or {}).get(field)
        if value:
            message = _('Subnet {subnet} has {value} already; empty it first.')
            raise ValidationError({'subnet': [message.format(subnet=self._name, value=value)]})

    def _namespace(self, field: str) -> str:
        entry = self._allocated.design.entry(self._vpc.identity)
        return (getattr(entry.spec, field) if entry else None) or DEFAULT_NAMESPACE

    def _put(self, field: str, value: Any) -> None:
        self._allocated.put(self._vpc, ('spec', 'subnets', self._name, field), value)
