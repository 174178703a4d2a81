"""The next free values of a fabric: GET lists them, POST gives them to resources, as NetBox's own endpoints do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from inspect import getdoc
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from ipam.api.views import get_results_limit
from rest_framework import status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView
from utilities.api import get_positional_errors

from ..catalog import Design, Identity
from ..catalog.allocation import Unavailable, free_asns, free_prefixes, free_vlans, next_asn
from ..catalog.blank_addresses import Offer, addresses_for_role, blank_addresses
from ..catalog.paths import spell
from ..models import Connection, Gateway, HedgehogFabric, Resource, Switch, design_of
from ..models.permissions import may, permission_needed
from . import serializers
from .allocation import Allocation, allocation
from .errors import NothingFree
from .permissions import TokenResolvePermission
from .serializers import available as forms
from .subnets import GivenSubnet, SubnetValue

__all__ = (
    'ADDRESSED',
    'AvailableASNsView',
    'AvailablePrefixesView',
    'AvailableVLANsView',
    'AvailableView',
    'FabricAvailableAddressesView',
    'ResourceAvailableAddressesView',
)

# The kinds with addresses that the installer fills.
ADDRESSED: tuple[type[Resource], ...] = (Switch, Connection, Gateway)

_LIMIT = OpenApiParameter('limit', OpenApiTypes.INT, description='Number of results; 0 for as many as are allowed.')


def _listing(*parameters: Any) -> Callable[[Callable], Any]:
    """Describe a method that lists addresses in the OpenAPI schema, by its own text."""

    def decorate(method: Callable) -> Callable:
        responses = {200: forms.FreeAddressSerializer(many=True), 409: serializers.RefusalSerializer}
        return extend_schema(description=getdoc(method), parameters=list(parameters), responses=responses)(method)

    return decorate


def _filling(method: Callable) -> Callable:
    """Describe a method that fills blank addresses in the OpenAPI schema, by its own text."""
    given = forms.GivenAddressSerializer(many=True)
    return extend_schema(
        description=getdoc(method),
        request=forms.AddressRequestSerializer,
        responses={200: given, 201: given, 409: serializers.RefusalSerializer},
    )(method)


@contextmanager
def _refusals() -> Iterator[None]:
    """Answer that nothing is free where that is so."""
    try:
        yield
    except Unavailable as error:
        raise NothingFree(error) from error


class AvailableView(APIView):
    """What the endpoints share: a parent that must be visible, and resources that get a permitted change.

    Which objects an address names (`queryset`) is said where the addresses are: `urls`.
    """

    queryset: QuerySet = QuerySet()
    permission_classes = (TokenResolvePermission,)

    def parent(self, request: Request, pk: int) -> Any:
        """Return the object that the address names."""
        model = self.queryset.model
        if not may(request.user, model):
            raise PermissionDenied(permission_needed(model))
        return get_object_or_404(self.queryset.restrict(request.user, 'view'), pk=pk)

    def permission_denied(self, request: Request, message: str | None = None, code: str | None = None) -> None:
        """Name the permission that listing takes; what keeps a user from writing here is the token."""
        if request.method in SAFE_METHODS:
            message = permission_needed(self.queryset.model)
        super().permission_denied(request, message, code)


class PoolView(AvailableView):
    """A pool: GET lists what is free in it, POST gives of it to whoever the request names, one or a list of them."""

    query_form: type[Serializer] | None = None
    free_form: type[Serializer]
    wanted_form: type[Serializer]
    given_form: type[Serializer]

    def fabric_of(self, parent: Any) -> HedgehogFabric:
        """Return the fabric of what the address names."""
        return parent.fabric

    def free(self, parent: Any, query: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Yield what is free; the text describes GET."""
        raise NotImplementedError

    def give(self, allocated: Allocation, parent: Any, wanted: dict[str, Any]) -> dict[str, Any]:
        """Give what one item of the request asks for; the text describes POST."""
        raise NotImplementedError

    def get(self, request: Request, pk: int) -> Response:
        """List as much of what is free as is asked for."""
        parent = self.parent(request, pk)
        query = _parameters(request, self.query_form) if self.query_form else {}
        with _refusals():
            found = list(islice(self.free(parent, query), max(0, get_results_limit(request))))
        return Response(self.free_form(found, many=True).data)

    def post(self, request: Request, pk: int) -> Response:
        """Give something for each item of the request, all of it or nothing."""
        parent = self.parent(request, pk)
        many = isinstance(request.data, list)
        form = self.wanted_form(data=request.data, many=many)
        if not form.is_valid():
            raise ValidationError(get_positional_errors(form.errors, len(request.data)) if many else form.errors)
        with _refusals(), allocation(request.user, self.fabric_of(parent)) as allocated:
            if many:
                found: Any = list(self._each(allocated, parent, form.validated_data))
            else:
                found = self.give(allocated, parent, form.validated_data)
        return Response(self.given_form(found, many=many).data, status=status.HTTP_201_CREATED)

    def _each(self, allocated: Allocation, parent: Any, items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield what each item is given; a refusal tells by its position which item it is about."""
        for position, item in enumerate(items):
            try:
                yield self.give(allocated, parent, item)
            except ValidationError as refused:
                errors = get_positional_errors({position: refused.detail}, len(items))
                raise ValidationError(errors) from refused


def _described[V: type[PoolView]](view: V) -> V:
    """Put what a pool lists and gives into the OpenAPI schema."""
    return extend_schema_view(
        get=extend_schema(
            description=getdoc(view.free),
            parameters=[*filter(None, [view.query_form]), _LIMIT],
            responses={200: view.free_form(many=True), 409: serializers.RefusalSerializer},
        ),
        post=extend_schema(
            description=getdoc(view.give),
            request=view.wanted_form(many=True),
            responses={201: view.given_form(many=True), 409: serializers.RefusalSerializer},
        ),
    )(view)


class NamespaceView(PoolView):
    """A namespace, whose values go to the subnets of the VPCs that use it."""

    # The field of a VPC that names its namespace, and what a subnet gets of it.
    field: str
    value: SubnetValue
    given_form = forms.GivenSubnetSerializer

    def give(self, allocated: Allocation, parent: Any, wanted: dict[str, Any]) -> dict[str, Any]:
        """Give the next free value to the subnet of a VPC; for a list of subnets, each gets one."""
        subnet = GivenSubnet(allocated, wanted)
        subnet.check(self.field, parent)
        return subnet.give(self.value)


@_described
class AvailableVLANsView(NamespaceView):
    """The free VLANs of a namespace."""

    field = 'vlanNamespace'
    value = 'vlan'
    free_form = forms.FreeVLANSerializer
    wanted_form = forms.VLANRequestSerializer

    def free(self, parent: Any, query: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """List VLANs of the namespace that no VPC takes, the lowest first."""
        return ({'vlan': vlan} for vlan in free_vlans(design_of(parent.fabric), parent.name))


@_described
class AvailablePrefixesView(NamespaceView):
    """The free prefixes of an IPv4 namespace."""

    field = 'ipv4Namespace'
    value = 'prefix'
    query_form = forms.PrefixLengthSerializer
    free_form = forms.FreePrefixSerializer
    wanted_form = forms.PrefixRequestSerializer

    def free(self, parent: Any, query: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """List prefixes of one length that overlap no subnet of a VPC, the lowest first."""
        found = free_prefixes(design_of(parent.fabric), parent.name, query['prefix_length'])
        return ({'prefix': str(prefix)} for prefix in found)


@_described
class AvailableASNsView(PoolView):
    """The free ASNs of a fabric."""

    query_form = forms.OptionalRoleSerializer
    free_form = forms.FreeASNSerializer
    wanted_form = forms.ASNRequestSerializer
    given_form = forms.GivenASNSerializer

    def fabric_of(self, parent: Any) -> HedgehogFabric:
        """Return the fabric, which the address names itself."""
        return parent

    def free(self, parent: Any, query: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """List ASNs that a new switch can get: those of the leaves that are free, or the one of all spines."""
        return ({'asn': asn} for asn in free_asns(design_of(parent), query['role']))

    def give(self, allocated: Allocation, parent: Any, wanted: dict[str, Any]) -> dict[str, Any]:
        """Give a switch its ASN: the next free one of the leaves, or the one of all spines."""
        switch = allocated.find(Switch, wanted['switch'], 'switch')
        if switch.spec.get('asn'):
            message = _('Switch {switch} has ASN {asn} already; empty it first.')
            raise ValidationError({'switch': [message.format(switch=switch.name, asn=switch.spec['asn'])]})
        allocated.take_message(switch, wanted)
        asn = next_asn(allocated.design, str(switch.spec.get('role', '')))
        allocated.put(switch, ('spec', 'asn'), asn)
        return {'switch': switch.name, 'asn': asn}


class FabricAvailableAddressesView(AvailableView):
    """The addresses that the devices and links of a fabric lack."""

    @_listing(forms.RoleSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """List the addresses that a new switch of a role would get."""
        fabric = self.parent(request, pk)
        role = _parameters(request, forms.RoleSerializer)['role']
        with _refusals():
            found = addresses_for_role(design_of(fabric), role)
        return Response(forms.FreeAddressSerializer(map(_shown, found), many=True).data)

    @_filling
    def post(self, request: Request, pk: int) -> Response:
        """Fill all blank addresses of the switches, connections and gateways of a fabric, as its installer would."""
        fabric = self.parent(request, pk)
        return _fill(request, fabric, [row for model in ADDRESSED for row in model.objects.filter(fabric=fabric)])


class ResourceAvailableAddressesView(AvailableView):
    """The addresses that a switch or gateway, or the links of a connection lack."""

    @_listing()
    def get(self, request: Request, pk: int) -> Response:
        """List an address for each address field that is blank."""
        resource = self.parent(request, pk)
        design = design_of(resource.fabric)
        with _refusals():
            found = blank_addresses(design, _entries(design, [resource.identity]))
        return Response(forms.FreeAddressSerializer(map(_shown, found.get(resource.identity, ())), many=True).data)

    @_filling
    def post(self, request: Request, pk: int) -> Response:
        """Fill the address fields that are blank."""
        resource = self.parent(request, pk)
        # Also where nothing is blank: the right to ask does not depend on what there is to do.
        if not self.queryset.restrict(request.user, 'change').filter(pk=resource.pk).exists():
            raise PermissionDenied(permission_needed(self.queryset.model, 'change'))
        return _fill(request, resource.fabric, [resource])


def _fill(request: Request, fabric: HedgehogFabric, resources: Iterable[Resource]) -> Response:
    """Fill what is blank; where nothing is, nothing was created, and the answer is 200."""
    form = forms.AddressRequestSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    by_identity = {resource.identity: resource for resource in resources}
    given = []
    with _refusals(), allocation(request.user, fabric) as allocated:
        found = blank_addresses(allocated.design, _entries(allocated.design, by_identity))
        for identity, offers in found.items():
            row = allocated.change(by_identity[identity])
            allocated.take_message(row, form.validated_data)
            for offer in offers:
                allocated.put(row, offer.path, offer.value)
                given.append({'kind': identity.kind, 'name': identity.name, **_shown(offer)})
    answer = forms.GivenAddressSerializer(given, many=True).data
    return Response(answer, status=status.HTTP_201_CREATED if given else status.HTTP_200_OK)


def _entries(design: Design, identities: Iterable[Identity]) -> list[Any]:
    return [entry for entry in map(design.entry, identities) if entry]


def _shown(offer: Offer) -> dict[str, str]:
    return {'path': spell(offer.path), 'address': offer.value}


def _parameters(request: Request, form: type[Serializer]) -> dict[str, Any]:
    serializer = form(data=request.query_params)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
