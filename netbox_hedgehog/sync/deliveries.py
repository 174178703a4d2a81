"""Deliveries of webhooks: which fabrics have to look at their branch for one, and when it is done.

A delivery is a hint that there is something to read; what is read comes from the repository alone. Any pass that reads
the branch after a delivery was stored answers it, whatever started the pass: so neither order nor completeness of the
deliveries matters, and many of them cost one pass.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ..models import (
    DeliveryStatusChoices,
    FabricModeChoices,
    FabricState,
    GitRepository,
    HedgehogFabric,
    RunStatusChoices,
    SyncRun,
    WebhookDelivery,
)
from ..repositories import Ambiguous, CommitMissing, Repository, RepositoryError
from ..repositories.github.events import Push, RequestSettled
from .opening import ledger_for, open_fabric

__all__ = (
    'LONGEST_GUID',
    'Receipt',
    'accept',
    'are_repeated',
    'drop_old_deliveries',
    'fail',
    'has_overdue_delivery',
    'is_about_a_request',
    'not_on_branch_yet',
    'open_deliveries',
    'settle',
)

LONGEST_GUID = WebhookDelivery._meta.get_field('guid').max_length

# A wake-up that was not lost has begun by then.
_OVERDUE = timedelta(seconds=30)
_KEPT = timedelta(days=7)
_ENDED_WELL = (RunStatusChoices.SUCCESS, RunStatusChoices.ATTENTION)
_LONGEST_BRANCH = WebhookDelivery._meta.get_field('branch').max_length


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery: whether it was done with before, and the keys of the fabrics that have to look."""

    is_done_already: bool
    fabrics: tuple[int, ...]


def accept(repository: GitRepository, guid: str, name: str, event: Push | RequestSettled) -> Receipt:
    """Store a delivery, whose signature is proved, and tell which fabrics it concerns.

    A delivery that was processed is not processed again. One that failed, or whose processing was lost, is.
    """
    branch, after = (event.branch, event.after) if isinstance(event, Push) else ('', '')
    received = {'event': name, 'branch': branch[:_LONGEST_BRANCH], 'after': after}
    with transaction.atomic():
        delivery, _ = WebhookDelivery.objects.select_for_update().get_or_create(
            repository=repository, guid=guid, defaults=received
        )
        if delivery.status == DeliveryStatusChoices.PROCESSED:
            return Receipt(is_done_already=True, fabrics=())
        concerned = _concerned(repository, event)
        delivery.fabrics = concerned
        delivery.received = timezone.now()
        delivery.status = DeliveryStatusChoices.RECEIVED
        if not concerned:
            _complete(delivery)
        delivery.save()
    return Receipt(is_done_already=False, fabrics=tuple(concerned))


def open_deliveries(fabric: HedgehogFabric) -> list[WebhookDelivery]:
    """Return the deliveries for which a fabric has still to look, oldest first.

    To be asked before the branch is read: what arrives afterwards may tell of something that the reading missed.
    """
    return list(_open().filter(repository=fabric.repository_id, fabrics__contains=[fabric.pk]).order_by('pk'))


def are_repeated(deliveries: Iterable[WebhookDelivery]) -> bool:
    """Tell whether one of them failed before, and was delivered again: somebody wants another attempt now."""
    return any(
        delivery.status == DeliveryStatusChoices.RECEIVED and delivery.completed is not None for delivery in deliveries
    )


def is_about_a_request(deliveries: Iterable[WebhookDelivery]) -> bool:
    """Tell whether one of them is about a pull request, which no look at the fabric's branch answers."""
    return any(not delivery.branch for delivery in deliveries)


def has_overdue_delivery(fabric: HedgehogFabric) -> bool:
    """Tell whether a delivery waits for a fabric for longer than a wake-up takes."""
    overdue = Q(received__lt=timezone.now() - _OVERDUE)
    return _open().filter(overdue, repository=fabric.repository_id, fabrics__contains=[fabric.pk]).exists()


def settle(fabric: HedgehogFabric, deliveries: Iterable[WebhookDelivery]) -> None:
    """Record that a fabric looked at its branch for these; the last fabric to do so completes a delivery."""
    _let_go({fabric.pk}, deliveries)


def fail(deliveries: Iterable[WebhookDelivery]) -> None:
    """Record that the pass for these failed. The next that ends well completes them all the same."""
    keys = [delivery.pk for delivery in deliveries]
    _open().filter(pk__in=keys).update(status=DeliveryStatusChoices.FAILED, completed=timezone.now())


def not_on_branch_yet(fabric: HedgehogFabric, deliveries: Sequence[WebhookDelivery]) -> WebhookDelivery | None:
    """Return the latest delivery whose commit was not seen, if any: a server may show a branch as it was before.

    Only about the latest is the server asked, and only if its commit is none that the fabric was compared at.
    """
    named = [delivery for delivery in deliveries if delivery.after]
    if not named or _has_compared(fabric, named[-1].after):
        return None
    try:
        with open_fabric(fabric, ledger_for(fabric.repository, for_people=False)) as repository:
            return None if _is_in_history(repository, named[-1].after) else named[-1]
    except RepositoryError:
        return named[-1]


def drop_old_deliveries() -> None:
    """Forget what is old, and let go of fabrics that are gone or no longer active: nothing is read for them."""
    now = timezone.now()
    WebhookDelivery.objects.filter(received__lt=now - _KEPT).delete()
    active = set(HedgehogFabric.objects.filter(mode=FabricModeChoices.ACTIVE).values_list('pk', flat=True))
    for delivery in _open().filter(received__lt=now - _OVERDUE):
        if gone := set(delivery.fabrics) - active:
            _let_go(gone, [delivery])


def _open() -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.exclude(status=DeliveryStatusChoices.PROCESSED)


def _let_go(fabrics: Collection[int], deliveries: Iterable[WebhookDelivery]) -> None:
    with transaction.atomic():
        keys = [delivery.pk for delivery in deliveries]
        for delivery in _open().select_for_update().filter(pk__in=keys).order_by('pk'):
            delivery.fabrics = [key for key in delivery.fabrics if key not in fabrics]
            if not delivery.fabrics:
                _complete(delivery)
            delivery.save(update_fields=('fabrics', 'status', 'completed'))


def _complete(delivery: WebhookDelivery) -> None:
    delivery.status, delivery.completed = DeliveryStatusChoices.PROCESSED, timezone.now()


def _concerned(repository: GitRepository, event: Push | RequestSettled) -> list[int]:
    """Return the keys of the active fabrics that an event tells something new."""
    fabrics = HedgehogFabric.objects.filter(repository=repository, mode=FabricModeChoices.ACTIVE).order_by('pk')
    if isinstance(event, RequestSettled):
        return list(fabrics.filter(state__proposal__number=event.number).values_list('pk', flat=True))
    fabrics = fabrics.filter(branch=event.branch)
    if event.is_rewrite:
        return list(fabrics.exclude(state__commit=event.after).values_list('pk', flat=True))
    if _is_ours(repository, event):
        return []
    return [fabric.pk for fabric in fabrics if not _has_compared(fabric, event.after)]


def _is_ours(repository: GitRepository, event: Push) -> bool:
    """Tell whether a pass made the commit: one that began at it took it over from somebody else."""
    runs = SyncRun.objects.filter(fabric__repository=repository, fabric__branch=event.branch, commit_after=event.after)
    return runs.exclude(commit_before=F('commit_after')).exists()


def _has_compared(fabric: HedgehogFabric, commit: str) -> bool:
    if FabricState.objects.filter(fabric=fabric, commit=commit).exists():
        return True
    runs = SyncRun.objects.filter(Q(commit_before=commit) | Q(commit_after=commit), fabric=fabric)
    return runs.filter(status__in=_ENDED_WELL).exists()


def _is_in_history(repository: Repository, commit: str) -> bool:
    try:
        return repository.is_ancestor(commit, repository.head())
    except (Ambiguous, CommitMissing):
        return False
