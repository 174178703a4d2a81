"""The next free values of a fabric: GET lists them, POST gives them to resources, as NetBox's own endpoints do."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import getdoc
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from ipam.api.views import get_results_limit
from rest_framework import status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView
from utilities.api import get_positional_errors

from ..catalog import DEFAULT_NAMESPACE, Design, Identity
from ..catalog.allocation import (
    PoolUnknown,
    Unavailable,
    free_asns,
    free_prefixes,
    free_vlans,
    next_asn,
    next_prefix,
    next_vlan,
)
from ..catalog.blank_addresses import Offer, addresses_for_role, blank_addresses
from ..catalog.names import is_dns_label
from ..catalog.paths import spell
from ..models import (
    VPC,
    Connection,
    Gateway,
    HedgehogFabric,
    IPv4Namespace,
    Resource,
    Switch,
    VLANNamespace,
    design_of,
)
from . import serializers
from .allocation import Allocation, allocation
from .errors import NothingFree
from .permissions import TokenResolvePermission
from .serializers import available as forms

__all__ = (
    'AvailableASNsView',
    'AvailablePrefixesView',
    'AvailableVLANsView',
    'ConnectionAvailableAddressesView',
    'FabricAvailableAddressesView',
    'GatewayAvailableAddressesView',
    'SwitchAvailableAddressesView',
)

_LIMIT = OpenApiParameter('limit', OpenApiTypes.INT, description='Number of results; 0 for as many as are allowed.')
# The kinds with addresses that the installer fills.
_ADDRESSED = (Switch, Connection, Gateway)


def _listing(answer: type[Serializer], *parameters: Any) -> Callable[[Callable], Any]:
    def decorate(method: Callable) -> Callable:
        responses = {200: answer(many=True), 409: serializers.RefusalSerializer}
        return extend_schema(description=getdoc(method), parameters=list(parameters), responses=responses)(method)

    return decorate


def _giving(request: type[Serializer], answer: type[Serializer], *, many: bool) -> Callable[[Callable], Any]:
    def decorate(method: Callable) -> Callable:
        return extend_schema(
            description=getdoc(method),
            request=request(many=many),
            responses={201: answer(many=True), 409: serializers.RefusalSerializer},
        )(method)

    return decorate


@contextmanager
def _refusals() -> Iterator[None]:
    """Answer that nothing is free where that is so."""
    try:
        yield
    except Unavailable as error:
        raise NothingFree(error) from error


class AvailableView(APIView):
    """What the endpoints share: a parent that must be visible, and resources that get a permitted change."""

    queryset: QuerySet
    permission_classes = (TokenResolvePermission,)

    def parent(self, request: Request, pk: int) -> Any:
        """Return the object that the address names."""
        return get_object_or_404(self.queryset.restrict(request.user, 'view'), pk=pk)

    def listed(self, request: Request, answer: type[Serializer], values: Iterable[Mapping[str, Any]]) -> Response:
        """Answer with as many of the values as are asked for."""
        with _refusals():
            found = list(islice(values, max(0, get_results_limit(request))))
        return Response(answer(found, many=True).data)

    def given(
        self,
        request: Request,
        fabric: HedgehogFabric,
        wanted: type[Serializer],
        answer: type[Serializer],
        give: Callable[[Allocation, dict[str, Any]], dict[str, Any]],
    ) -> Response:
        """Give something for each item of the request, all of it or nothing."""
        items = request.data if isinstance(request.data, list) else [request.data]
        serializer = wanted(data=items, many=True)
        if not serializer.is_valid():
            raise ValidationError(get_positional_errors(serializer.errors, len(items)))
        with _refusals(), allocation(request.user, fabric) as allocated:
            found = list(_answers(request, serializer.validated_data, lambda item: give(allocated, item)))
        answers = answer(found, many=True).data
        return Response(answers if isinstance(request.data, list) else answers[0], status=status.HTTP_201_CREATED)


class AvailableVLANsView(AvailableView):
    """The free VLANs of a namespace."""

    queryset = VLANNamespace.objects.all()

    @_listing(forms.FreeVLANSerializer, _LIMIT)
    def get(self, request: Request, pk: int) -> Response:
        """List VLANs of the namespace that no VPC takes, the lowest first."""
        namespace = self.parent(request, pk)
        found = free_vlans(design_of(namespace.fabric), namespace.name)
        return self.listed(request, forms.FreeVLANSerializer, ({'vlan': vlan} for vlan in found))

    @_giving(forms.VLANRequestSerializer, forms.GivenSubnetSerializer, many=True)
    def post(self, request: Request, pk: int) -> Response:
        """Give the next free VLAN to the subnet of a VPC; for a list of subnets, each gets one."""
        namespace = self.parent(request, pk)

        def give(allocated: Allocation, wanted: dict[str, Any]) -> dict[str, Any]:
            subnet = _Subnet(allocated, wanted)
            subnet.check('vlanNamespace', namespace)
            given = {'vlan': subnet.give_vlan()}
            return subnet.answer(given | (subnet.complete(subnet.give_prefix, 'prefix') if subnet.is_new else {}))

        return self.given(request, namespace.fabric, forms.VLANRequestSerializer, forms.GivenSubnetSerializer, give)


class AvailablePrefixesView(AvailableView):
    """The free prefixes of an IPv4 namespace."""

    queryset = IPv4Namespace.objects.all()

    @_listing(forms.FreePrefixSerializer, forms.PrefixLengthSerializer, _LIMIT)
    def get(self, request: Request, pk: int) -> Response:
        """List prefixes of one length that overlap no subnet of a VPC, the lowest first."""
        namespace = self.parent(request, pk)
        length = _parameters(request, forms.PrefixLengthSerializer)['prefix_length']
        found = free_prefixes(design_of(namespace.fabric), namespace.name, length)
        return self.listed(request, forms.FreePrefixSerializer, ({'prefix': str(prefix)} for prefix in found))

    @_giving(forms.PrefixRequestSerializer, forms.GivenSubnetSerializer, many=True)
    def post(self, request: Request, pk: int) -> Response:
        """Give the next free prefix to the subnet of a VPC; for a list of subnets, each gets one."""
        namespace = self.parent(request, pk)

        def give(allocated: Allocation, wanted: dict[str, Any]) -> dict[str, Any]:
            subnet = _Subnet(allocated, wanted)
            subnet.check('ipv4Namespace', namespace)
            given = {'prefix': subnet.give_prefix()}
            return subnet.answer(given | (subnet.complete(subnet.give_vlan, 'vlan') if subnet.is_new else {}))

        return self.given(request, namespace.fabric, forms.PrefixRequestSerializer, forms.GivenSubnetSerializer, give)


class AvailableASNsView(AvailableView):
    """The free ASNs of a fabric."""

    queryset = HedgehogFabric.objects.all()

    @_listing(forms.FreeASNSerializer, forms.OptionalRoleSerializer, _LIMIT)
    def get(self, request: Request, pk: int) -> Response:
        """List ASNs that a new switch can get: those of the leaves that are free, or the one of all spines."""
        fabric = self.parent(request, pk)
        role = _parameters(request, forms.OptionalRoleSerializer)['role']
        found = free_asns(design_of(fabric), role)
        return self.listed(request, forms.FreeASNSerializer, ({'asn': asn} for asn in found))

    @_giving(forms.ASNRequestSerializer, forms.GivenASNSerializer, many=True)
    def post(self, request: Request, pk: int) -> Response:
        """Give a switch its ASN: the next free one of the leaves, or the one of all spines."""
        return self.given(
            request, self.parent(request, pk), forms.ASNRequestSerializer, forms.GivenASNSerializer, _give_asn
        )


class FabricAvailableAddressesView(AvailableView):
    """The addresses that the devices and links of a fabric lack."""

    queryset = HedgehogFabric.objects.all()

    @_listing(forms.FreeAddressSerializer, forms.RoleSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """List the addresses that a new switch of a role would get."""
        fabric = self.parent(request, pk)
        role = _parameters(request, forms.RoleSerializer)['role']
        with _refusals():
            found = addresses_for_role(design_of(fabric), role)
        return Response(forms.FreeAddressSerializer(map(_shown, found), many=True).data)

    @_giving(forms.AddressRequestSerializer, forms.GivenAddressSerializer, many=False)
    def post(self, request: Request, pk: int) -> Response:
        """Fill all blank addresses of the switches, connections and gateways of a fabric, as its installer would."""
        fabric = self.parent(request, pk)
        rows = [row for model in _ADDRESSED for row in model.objects.filter(fabric=fabric)]
        return _fill(request, fabric, rows)


class ResourceAvailableAddressesView(AvailableView):
    """The addresses that a resource lacks."""

    @_listing(forms.FreeAddressSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """List an address for each address field that is blank."""
        resource = self.parent(request, pk)
        design = design_of(resource.fabric)
        with _refusals():
            found = blank_addresses(design, _entries(design, [resource.identity]))
        return Response(forms.FreeAddressSerializer(map(_shown, found.get(resource.identity, ())), many=True).data)

    @_giving(forms.AddressRequestSerializer, forms.GivenAddressSerializer, many=False)
    def post(self, request: Request, pk: int) -> Response:
        """Fill the address fields that are blank."""
        resource = self.parent(request, pk)
        # Also where nothing is blank: the right to ask does not depend on what there is to do.
        if not self.queryset.restrict(request.user, 'change').filter(pk=resource.pk).exists():
            raise PermissionDenied
        return _fill(request, resource.fabric, [resource])


class SwitchAvailableAddressesView(ResourceAvailableAddressesView):
    """The addresses that a switch lacks."""

    queryset = Switch.objects.all()


class ConnectionAvailableAddressesView(ResourceAvailableAddressesView):
    """The addresses that the links of a connection lack."""

    queryset = Connection.objects.all()


class GatewayAvailableAddressesView(ResourceAvailableAddressesView):
    """The addresses that a gateway lacks."""

    queryset = Gateway.objects.all()


class _Subnet:
    """The subnet of a VPC that gets a VLAN, a prefix or both."""

    def __init__(self, allocated: Allocation, wanted: dict[str, Any]) -> None:
        self._allocated = allocated
        self._wanted = wanted
        self._name = wanted['subnet']
        self._vpc = allocated.find(VPC, wanted['vpc'], 'vpc')
        allocated.take_message(self._vpc, wanted)
        self.is_new = self._fields() is None
        if self.is_new and not is_dns_label(self._name):
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

    def give_vlan(self) -> int:
        """Give the subnet the next free VLAN."""
        self._check_blank('vlan')
        vlan = next_vlan(self._allocated.design, self._namespace('vlanNamespace'))
        self._put('vlan', vlan)
        return vlan

    def give_prefix(self) -> str:
        """Give the subnet the next free prefix."""
        self._check_blank('subnet')
        namespace, length = self._namespace('ipv4Namespace'), self._wanted['prefix_length']
        prefix = str(next_prefix(self._allocated.design, namespace, length))
        self._put('subnet', prefix)
        return prefix

    def complete(self, give: Callable[[], Any], name: str) -> dict[str, Any]:
        """Give a new subnet what it lacks besides: the fabric accepts none without."""
        try:
            return {name: give()}
        except PoolUnknown:
            # The rules say what the VPC lacks, or allow it for now.
            return {}

    def answer(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return what was given, and to whom."""
        return {'vpc': self._vpc.name, 'subnet': self._name, **given}

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


def _answers(
    request: Request, items: Sequence[dict[str, Any]], give: Callable[[dict[str, Any]], dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield what each item is given; of a list, a refusal tells by its position which item it is about."""
    for position, item in enumerate(items):
        try:
            yield give(item)
        except ValidationError as refused:
            if not isinstance(request.data, list):
                raise
            errors = get_positional_errors({position: refused.detail}, len(items))
            raise ValidationError(errors) from refused


def _give_asn(allocated: Allocation, wanted: dict[str, Any]) -> dict[str, Any]:
    switch = allocated.find(Switch, wanted['switch'], 'switch')
    if switch.spec.get('asn'):
        message = _('Switch {switch} has ASN {asn} already; empty it first.')
        raise ValidationError({'switch': [message.format(switch=switch.name, asn=switch.spec['asn'])]})
    allocated.take_message(switch, wanted)
    asn = next_asn(allocated.design, str(switch.spec.get('role', '')))
    allocated.put(switch, ('spec', 'asn'), asn)
    return {'switch': switch.name, 'asn': asn}


def _fill(request: Request, fabric: HedgehogFabric, resources: Iterable[Resource]) -> Response:
    serializer = forms.AddressRequestSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    by_identity = {resource.identity: resource for resource in resources}
    given = []
    with _refusals(), allocation(request.user, fabric) as allocated:
        found = blank_addresses(allocated.design, _entries(allocated.design, by_identity))
        for identity, offers in found.items():
            row = allocated.change(by_identity[identity])
            allocated.take_message(row, serializer.validated_data)
            for offer in offers:
                allocated.put(row, offer.path, offer.value)
                given.append({'kind': identity.kind, 'name': identity.name, **_shown(offer)})
    return Response(forms.GivenAddressSerializer(given, many=True).data, status=status.HTTP_201_CREATED)


def _entries(design: Design, identities: Iterable[Identity]) -> list[Any]:
    return [entry for entry in map(design.entry, identities) if entry]


def _shown(offer: Offer) -> dict[str, str]:
    return {'path': spell(offer.path), 'address': offer.value}


def _parameters(request: Request, form: type[Serializer]) -> dict[str, Any]:
    serializer = form(data=request.query_params)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
