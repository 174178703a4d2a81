"""The REST API: a viewset per model, and the actions of a fabric."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from inspect import getdoc
from typing import Any

from django.db import router, transaction
from django.db.models import ProtectedError, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from netbox.api.viewsets import NetBoxModelViewSet, NetBoxReadOnlyModelViewSet
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import APIRootView
from rest_framework.serializers import Serializer

from .. import filtersets
from ..jobs import SyncFabricJob
from ..models import (
    RESOURCE_MODELS,
    FabricModeChoices,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    PendingChange,
    Resource,
    RunTriggerChoices,
    SyncRun,
)
from ..models.deletion import ties
from ..models.secrets import SecretUnreadable
from ..models.turns import take_turn
from ..repositories import RepositoryError
from ..sync import BidirectionalSyncOrchestrator, describe_plan
from ..sync.decisions import discard, newest_change, propose_again
from ..sync.doctor import Finding, examine_fabric, examine_repository, is_in_order
from ..sync.errors import DecisionStale
from ..sync.proposal import proposal_of
from ..sync.resolve import may_resolve, resolve_conflicts, visible_conflicts
from ..sync.schedule import outlook_of
from ..sync.webhooks import health_of, install_webhook, webhook_url
from . import serializers
from .deletion_order import referrers_first
from .errors import FabricNotActive, NothingToDecide, RepositoryUnusable, ResourceTied, StoredSecretUnreadable
from .permissions import TokenApprovePermission, TokenChangePermission, TokenResolvePermission, TokenSyncPermission
from .secrets import SecretViewSet


def _described(**schema: Any) -> Callable[[Callable], Any]:
    """Put an action's own docstring into the OpenAPI schema, where NetBox puts that of the viewset."""

    def decorate(method: Callable) -> Callable:
        return extend_schema(description=getdoc(method), **schema)(method)

    return decorate


class HedgehogRootView(APIRootView):
    """The root of the Hedgehog API."""

    def get_view_name(self) -> str:
        """Return the heading of the page."""
        return 'Hedgehog'


class GitRepositoryViewSet(NetBoxModelViewSet):
    """Git repositories."""

    queryset = GitRepository.objects.all()
    serializer_class = serializers.GitRepositorySerializer
    filterset_class = filtersets.GitRepositoryFilterSet

    def get_success_headers(self, data: Any) -> dict[str, str]:
        """Point to the new object: `url` is an address of another kind here."""
        return {'Location': data['api_url']} if 'api_url' in data else {}

    def get_permissions(self) -> list[BasePermission]:
        """Ask for the permission to change a repository where its webhook is set up, and where its server is asked."""
        if self.action in ('webhook', 'install_webhook', 'test'):
            return [TokenChangePermission()]
        return super().get_permissions()

    @_described(responses=serializers.WebhookSerializer, filters=False)
    @action(detail=True, methods=['get'])
    def webhook(self, request: Request, pk: str) -> Response:
        """Tell how the webhook of a repository stands, and what address the server is to call."""
        repository = self.get_object()
        health = health_of(repository)
        answer = {'payload_url': _webhook_url(request, repository), **asdict(health), 'works': health.works}
        return Response(serializers.WebhookSerializer(answer).data)

    @_described(
        request=serializers.WebhookRequestSerializer,
        responses={
            200: serializers.InstallationSerializer,
            409: serializers.RefusalSerializer,
            503: serializers.RefusalSerializer,
        },
    )
    @webhook.mapping.post
    def install_webhook(self, request: Request, pk: str) -> Response:
        """Make GitHub call us when something is pushed, or learn what to enter by hand where it does not let us."""
        repository = get_object_or_404(GitRepository, pk=pk)
        if not request.user.has_perm('netbox_hedgehog.change_gitrepository', obj=repository):
            raise PermissionDenied
        wanted = _validated(serializers.WebhookRequestSerializer, request)
        try:
            installation = install_webhook(
                repository, _webhook_url(request, repository), replace_secret=wanted['new_secret']
            )
        except RepositoryError as error:
            raise RepositoryUnusable(error) from error
        except SecretUnreadable as error:
            raise StoredSecretUnreadable(error) from error
        return Response(serializers.InstallationSerializer(installation).data, headers={'Cache-Control': 'no-store'})

    @_described(request=None, responses={200: serializers.ExaminationSerializer})
    @action(detail=True, methods=['post'])
    def test(self, request: Request, pk: str) -> Response:
        """Ask the server, question by question, whether the repository can be used for what is set."""
        repository = get_object_or_404(GitRepository, pk=pk)
        if not request.user.has_perm('netbox_hedgehog.change_gitrepository', obj=repository):
            raise PermissionDenied
        return _examination(examine_repository(repository, base_url=_base_url(request)))


class GitCredentialViewSet(SecretViewSet):
    """Git credentials, without their secrets."""

    queryset = GitCredential.objects.all()
    serializer_class = serializers.GitCredentialSerializer
    filterset_class = filtersets.GitCredentialFilterSet
    secret_fields = ('secret',)


class HedgehogFabricViewSet(SecretViewSet):
    """Fabrics, and what can be done with one."""

    queryset = HedgehogFabric.objects.all()
    serializer_class = serializers.HedgehogFabricSerializer
    filterset_class = filtersets.HedgehogFabricFilterSet
    secret_fields = ('git_token',)

    _permissions_of_actions: dict[str, type[BasePermission]] = {
        'sync': TokenSyncPermission,
        'approve': TokenApprovePermission,
        'resolve': TokenResolvePermission,
        'test': TokenSyncPermission,
        'propose_again': TokenApprovePermission,
        'discard': TokenApprovePermission,
    }

    def get_permissions(self) -> list[BasePermission]:
        """Ask for an action's own permission."""
        if self.action in self._permissions_of_actions:
            return [self._permissions_of_actions[self.action]()]
        return super().get_permissions()

    @_described(
        request=serializers.SyncRequestSerializer,
        responses={
            200: serializers.PlanSerializer,
            202: serializers.PassQueuedSerializer,
            409: serializers.RefusalSerializer,
            503: serializers.RefusalSerializer,
        },
    )
    @action(detail=True, methods=['post'])
    def sync(self, request: Request, pk: str) -> Response:
        """Synchronise a fabric with its Git directory in the background, or answer with the plan of a dry run."""
        fabric = self._fabric_for(request, pk, 'sync')
        wanted = _validated(serializers.SyncRequestSerializer, request)
        if wanted['dry_run']:
            return Response(_preview(fabric, complete=wanted['complete']))
        if fabric.mode == FabricModeChoices.PAUSED:
            raise FabricNotActive(fabric)
        answer = _queue_pass(request, fabric, RunTriggerChoices.API, complete=wanted['complete'])
        return Response(answer, status=status.HTTP_202_ACCEPTED)

    @_described(
        request=None,
        responses={202: serializers.PassQueuedSerializer, 409: serializers.RefusalSerializer},
    )
    @action(detail=True, methods=['post'])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve the held deletions of a fabric: one pass, in the background, carries them out."""
        fabric = self._fabric_for(request, pk, 'approve')
        if fabric.mode != FabricModeChoices.ACTIVE:
            raise FabricNotActive(fabric)
        answer = _queue_pass(request, fabric, RunTriggerChoices.APPROVAL, approve_deletions=True)
        return Response(answer, status=status.HTTP_202_ACCEPTED)

    @_described(responses=serializers.ConflictSerializer(many=True), filters=False)
    @action(detail=True, methods=['get'])
    def conflicts(self, request: Request, pk: str) -> Response:
        """List the fields of a fabric's resources that were changed to different values on both sides."""
        page = self.paginate_queryset(visible_conflicts(self.get_object(), request.user))
        return self.get_paginated_response(serializers.ConflictSerializer(page, many=True).data)

    @_described(
        request=serializers.ResolveRequestSerializer,
        responses={
            202: serializers.ResolvedSerializer,
            404: serializers.RefusalSerializer,
            409: serializers.RefusalSerializer,
        },
    )
    @action(detail=True, methods=['post'])
    def resolve(self, request: Request, pk: str) -> Response:
        """Settle the conflicts of one resource, all or a single field, in favour of one side.

        A pass in the background carries the decision to the other side.
        """
        fabric = get_object_or_404(HedgehogFabric, pk=pk)
        wanted = _validated(serializers.ResolveRequestSerializer, request)
        identity = (wanted['kind'], wanted['namespace'], wanted['name'])
        if not may_resolve(request.user, fabric, *identity):
            raise PermissionDenied(_('Settling a conflict takes the permission to change the resource.'))
        if fabric.mode != FabricModeChoices.ACTIVE:
            raise FabricNotActive(fabric)
        count = resolve_conflicts(fabric, *identity, wanted['side'], wanted['path'])
        if not count:
            raise NotFound(_('There is no such conflict; it may have been settled already.'))
        answer = {'resolved': count, **_queue_pass(request, fabric, RunTriggerChoices.API)}
        return Response(answer, status=status.HTTP_202_ACCEPTED)

    @_described(request=None, responses={200: serializers.ExaminationSerializer})
    @action(detail=True, methods=['post'])
    def test(self, request: Request, pk: str) -> Response:
        """Ask the server, question by question, whether the branch and the directory of a fabric can be used."""
        fabric = self._fabric_for(request, pk, 'sync')
        return _examination(examine_fabric(fabric, base_url=_base_url(request)))

    @_described(responses={200: serializers.BudgetSerializer, 404: serializers.RefusalSerializer}, filters=False)
    @action(detail=True, methods=['get'])
    def budget(self, request: Request, pk: str) -> Response:
        """Tell what is left of the limits of GitHub, and when the changes that wait are expected in Git."""
        outlook = outlook_of(self.get_object())
        if outlook is None:
            raise NotFound(_('No budget limits this fabric: its repository is not reached through the GitHub API.'))
        return Response(serializers.BudgetSerializer(outlook).data)

    @_described(
        request=None,
        responses={202: serializers.PassQueuedSerializer, 409: serializers.RefusalSerializer},
    )
    @action(detail=True, methods=['post'], url_path='propose-again')
    def propose_again(self, request: Request, pk: str) -> Response:
        """Propose again what was in a pull request that was closed without being merged."""
        fabric = self._fabric_to_decide(request, pk)
        try:
            propose_again(fabric)
        except DecisionStale as stale:
            raise NothingToDecide from stale
        answer = _queue_pass(request, fabric, RunTriggerChoices.API)
        return Response(answer, status=status.HTTP_202_ACCEPTED)

    @_described(
        request=None,
        responses={202: serializers.DiscardedSerializer, 409: serializers.RefusalSerializer},
    )
    @action(detail=True, methods=['post'])
    def discard(self, request: Request, pk: str) -> Response:
        """Give up the changes of a pull request that was closed without being merged, and take over what Git holds.

        All pending changes of the fabric are lost.
        """
        fabric = self._fabric_to_decide(request, pk)
        try:
            count = discard(fabric, newest_change(fabric))
        except DecisionStale as stale:
            raise NothingToDecide from stale
        answer = {'discarded': count, **_queue_pass(request, fabric, RunTriggerChoices.API)}
        return Response(answer, status=status.HTTP_202_ACCEPTED)

    def _fabric_to_decide(self, request: Request, pk: str) -> HedgehogFabric:
        """Return a fabric whose closed pull request waits for a decision."""
        fabric = self._fabric_for(request, pk, 'approve')
        if fabric.mode != FabricModeChoices.ACTIVE:
            raise FabricNotActive(fabric)
        if not proposal_of(fabric).is_refused:
            raise NothingToDecide
        return fabric

    @staticmethod
    def _fabric_for(request: Request, pk: str, permission: str) -> HedgehogFabric:
        """Return a fabric, which the user need not be allowed to view, if the permission's constraints include it."""
        fabric = get_object_or_404(HedgehogFabric, pk=pk)
        if not request.user.has_perm(f'netbox_hedgehog.{permission}_hedgehogfabric', obj=fabric):
            raise PermissionDenied
        return fabric


class SyncRunViewSet(NetBoxReadOnlyModelViewSet):
    """The record of passes."""

    queryset = SyncRun.objects.all()
    serializer_class = serializers.SyncRunSerializer
    filterset_class = filtersets.SyncRunFilterSet


class PendingChangeViewSet(NetBoxReadOnlyModelViewSet):
    """Accepted changes that are not yet in a confirmed commit."""

    queryset = PendingChange.objects.all()
    serializer_class = serializers.PendingChangeSerializer
    filterset_class = filtersets.PendingChangeFilterSet


class ResourceViewSet(NetBoxModelViewSet):
    """What the viewsets of all kinds share."""

    def get_queryset(self) -> QuerySet[Resource]:
        """Read the state of synchronisation in the same query, unless it is not asked for."""
        queryset = super().get_queryset()
        return queryset.with_sync() if 'sync' in self.response_fields else queryset

    def perform_update(self, serializer: Serializer) -> None:
        """Save a changed resource, in turn."""
        with self._turn(serializer.instance):
            super().perform_update(serializer)

    def perform_destroy(self, instance: Resource) -> None:
        """Delete a resource, in turn."""
        with self._turn(instance):
            super().perform_destroy(instance)

    @contextmanager
    def _turn(self, resource: Resource) -> Iterator[None]:
        """Take the turn before NetBox locks the row, which it does for `If-Match`: as everybody else does."""
        using = router.db_for_write(type(resource))
        with transaction.atomic(using=using):
            if 'If-Match' in self.request.headers:
                take_turn(resource.fabric_id, using)
            yield

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete a resource, or name what keeps it: NetBox would leave out the kinds."""
        try:
            return super().destroy(request, *args, **kwargs)
        except ProtectedError:
            for tie in ties([self.get_object()], request.user):
                raise ResourceTied(tie) from None
            raise

    def perform_bulk_destroy(self, objects: QuerySet[Resource], *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Delete each resource after those of the selection that refer to it, or name what keeps it."""
        errors, total, code = super().perform_bulk_destroy(referrers_first(objects, objects), *args, **kwargs)
        if code == status.HTTP_409_CONFLICT:
            tied = ties(objects.select_related('fabric'), self.request.user)
            refusals = {tie.resource.pk: tie.refusal for tie in tied if tie.keeps}
            for error in errors:
                if error['id'] in refusals:
                    error['errors'] = {'__all__': [refusals[error['id']]]}
        return errors, total, code


def _viewset_for(model: type[Resource]) -> type[ResourceViewSet]:
    attributes = {
        '__module__': __name__,
        '__doc__': model.kind.description,
        'queryset': model.objects.all(),
        'serializer_class': serializers.RESOURCE_SERIALIZERS[model.kind.name],
        'filterset_class': getattr(filtersets, f'{model.__name__}FilterSet'),
    }
    return type(f'{model.__name__}ViewSet', (ResourceViewSet,), attributes)


RESOURCE_VIEWSETS = {model.kind.slug: _viewset_for(model) for model in RESOURCE_MODELS}

# A bulk write in the background finds its viewset by name.
globals().update({viewset.__name__: viewset for viewset in RESOURCE_VIEWSETS.values()})


def _validated(serializer_class: type[Serializer], request: Request) -> dict[str, Any]:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def _webhook_url(request: Request, repository: GitRepository) -> str:
    return webhook_url(repository, _base_url(request))


def _base_url(request: Request) -> str:
    return f'{request.scheme}://{request.get_host()}'


def _examination(findings: Sequence[Finding]) -> Response:
    answer = {'ok': is_in_order(findings), 'findings': findings}
    return Response(serializers.ExaminationSerializer(answer).data)


def _preview(fabric: HedgehogFabric, *, complete: bool) -> dict[str, Any]:
    try:
        plan = BidirectionalSyncOrchestrator(fabric, trigger=RunTriggerChoices.API, complete=complete).preview()
    except RepositoryError as error:
        raise RepositoryUnusable(error) from error
    return describe_plan(fabric, plan)


def _queue_pass(request: Request, fabric: HedgehogFabric, trigger: str, **options: bool) -> dict[str, Any]:
    job = SyncFabricJob.enqueue(
        instance=fabric,
        user=request.user,
        trigger=trigger,
        **options,
    )
    return serializers.PassQueuedSerializer({'job': job, 'fabric': fabric}, context={'request': request}).data
