"""Where NetBox tells us that something was written."""

from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from .jobs import wake
from .models import (
    RESOURCE_MODELS,
    ChangeActionChoices,
    FabricState,
    GitCredential,
    GitRepository,
    HedgehogFabric,
    Resource,
    resources_written,
)
from .sync import capture, capture_many

_IN_OUR_CARE = frozenset(RESOURCE_MODELS)


@receiver(post_save, dispatch_uid='netbox_hedgehog.resource_saved')
def resource_saved(sender: type[Model], instance: Model, *, created: bool, using: str, **kwargs: object) -> None:
    """Put a saved resource into the outbox. Also when `raw`: merging a NetBox branch creates rows that way."""
    if sender in _IN_OUR_CARE:
        action = ChangeActionChoices.CREATE if created else ChangeActionChoices.UPDATE
        if capture(instance, action, using=using):
            wake(instance.fabric_id)


@receiver(post_delete, dispatch_uid='netbox_hedgehog.resource_deleted')
def resource_deleted(sender: type[Model], instance: Model, using: str, origin: object = None, **kwargs: object) -> None:
    """Put a deleted resource into the outbox, unless it went with its fabric: the files stay then."""
    if sender in _IN_OUR_CARE and not _is_fabric(origin) and capture(instance, ChangeActionChoices.DELETE, using=using):
        wake(instance.fabric_id)


@receiver(resources_written, dispatch_uid='netbox_hedgehog.resources_written')
def resources_saved_in_bulk(
    sender: type[Resource], keys: list[tuple[int, str, str]], action: str, using: str, **kwargs: object
) -> None:
    """Put the rows of a bulk operation into the outbox."""
    if capture_many(sender.kind, keys, action, using=using):
        for fabric_id in {fabric_id for fabric_id, *_ in keys}:
            wake(fabric_id)


@receiver(post_save, sender=HedgehogFabric, dispatch_uid='netbox_hedgehog.fabric_saved')
def fabric_saved(instance: HedgehogFabric, **kwargs: object) -> None:
    """Make a pass over a new or changed fabric: it initialises the directory and takes over what is there."""
    wake(instance.pk)


@receiver(post_save, sender=GitCredential, dispatch_uid='netbox_hedgehog.credential_saved')
def credential_saved(instance: GitCredential, **kwargs: object) -> None:
    """Try a changed credential at once: whoever has just renewed it looks at the result."""
    _try_again(HedgehogFabric.objects.filter(repository__credential=instance))


@receiver(post_save, sender=GitRepository, dispatch_uid='netbox_hedgehog.repository_saved')
def repository_saved(instance: GitRepository, **kwargs: object) -> None:
    """Try a changed repository at once."""
    _try_again(HedgehogFabric.objects.filter(repository=instance))


def _try_again(fabrics: QuerySet[HedgehogFabric]) -> None:
    failed = FabricState.objects.filter(fabric__in=fabrics).exclude(error='')
    keys = list(failed.values_list('pk', flat=True))
    failed.update(retry_at=None)
    for fabric_id in keys:
        wake(fabric_id)


def _is_fabric(origin: object) -> bool:
    model = origin.model if isinstance(origin, QuerySet) else type(origin)
    return model is HedgehogFabric
