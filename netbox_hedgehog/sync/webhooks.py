"""The webhook of a repository: its secrets, its installation at GitHub, and whether a call is genuine."""

import logging
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from netbox.plugins import get_plugin_config

from ..models import DeliveryStatusChoices, GitRepository, WebhookDelivery, WebhookState
from ..models.secrets import SecretUnreadable, decrypt, encrypt
from ..repositories import CredentialUnusable, Forbidden, NotFound, Unauthorized
from ..repositories.github.hooks import Hook, Hooks
from ..repositories.github.signature import is_signed
from .opening import github_server

__all__ = (
    'Installation',
    'WebhookHealth',
    'health_of',
    'hooks_of',
    'install_webhook',
    'is_genuine',
    'note_delivery',
    'note_rejection',
    'wait_for_delivery',
    'webhook_url',
)

logger = logging.getLogger('netbox.plugins.netbox_hedgehog.sync')

_SECRET_BYTES = 32
_BETWEEN_COUNTS = timedelta(seconds=1)
_LOOK_EVERY_SECONDS = 0.2

# What GitHub answers a token that may not see or make webhooks.
_NOT_ALLOWED = (CredentialUnusable, Forbidden, NotFound, Unauthorized)


@dataclass(frozen=True, slots=True)
class Installation:
    """What became of a webhook: GitHub's record of it, or else what a person has to do.

    `secret` is there exactly when it was made just now and nobody but a person can give it to the server: it is shown
    this once.
    """

    url: str
    hook: Hook | None
    obstacle: str = ''
    secret: str = field(default='', repr=False)


@dataclass(frozen=True, slots=True)
class WebhookHealth:
    """What is known here of the calls of a repository's webhook; `waiting` and `failed` count deliveries."""

    has_secret: bool
    is_replacing_secret: bool
    hook_id: int | None
    last_delivery: datetime | None
    last_rejection: datetime | None
    rejections: int
    waiting: int
    failed: int

    @property
    def is_rejecting(self) -> bool:
        """Whether the last call was not genuine."""
        if self.last_rejection is None:
            return False
        return self.last_delivery is None or self.last_delivery < self.last_rejection

    @property
    def works(self) -> bool:
        """Whether a call arrived, the last one was genuine, and none is left that could not be answered."""
        return self.last_delivery is not None and not self.is_rejecting and not self.failed


def health_of(repository: GitRepository) -> WebhookHealth:
    """Return how the webhook of a repository stands, without asking the server."""
    state = WebhookState.objects.filter(repository=repository).first() or WebhookState(repository=repository)
    deliveries = WebhookDelivery.objects.filter(repository=repository)
    return WebhookHealth(
        has_secret=bool(state.secret),
        is_replacing_secret=bool(state.previous_secret),
        hook_id=state.hook_id,
        last_delivery=state.last_delivery,
        last_rejection=state.last_rejection,
        rejections=state.rejections,
        waiting=deliveries.filter(status=DeliveryStatusChoices.RECEIVED).count(),
        failed=deliveries.filter(status=DeliveryStatusChoices.FAILED).count(),
    )


def webhook_url(repository: GitRepository, base_url: str = '') -> str:
    """Return the address that the server is to call, or nothing where the address of this NetBox is not known.

    The setting `webhook_base_url` goes before `base_url`: behind a proxy only the administrator knows the way in.
    """
    base_url = get_plugin_config('netbox_hedgehog', 'webhook_base_url') or base_url
    path = reverse('plugins:netbox_hedgehog:github_webhook', args=[repository.pk])
    return f'{base_url.rstrip("/")}{path}' if base_url else ''


def hooks_of(repository: GitRepository) -> Hooks:
    """Return the webhooks at GitHub; raises `RepositoryError`."""
    return Hooks(github_server(repository))


def install_webhook(repository: GitRepository, url: str, *, replace_secret: bool = False) -> Installation:
    """Make GitHub call a URL, with a secret that is made unless there is one already.

    A secret that is replaced stays valid until a call arrives that carries the new one. Where the server is none that
    can be told, or does not let us, the installation says what a person has to do.
    Raises `RepositoryError` where trying again may help, and `SecretUnreadable`.
    """
    if replace_secret and _is_in_doubt(repository) and repository.is_on_github:
        # GitHub may have either of two secrets, and only one of them would stay valid beside a third.
        with suppress(*_NOT_ALLOWED):
            _tell(repository, url)
    is_new = _provide_secret(repository, replace=replace_secret)
    shown = decrypt(WebhookState.objects.get(repository=repository).secret) if is_new else ''
    if not repository.is_on_github:
        return Installation(url, None, 'This repository is not reached through the GitHub API.', shown)
    try:
        return Installation(url, _tell(repository, url))
    except _NOT_ALLOWED as error:
        return Installation(url, None, f'{error.message} {error.remedy}', shown)


def is_genuine(state: WebhookState, body: bytes, signature: str) -> bool:
    """Tell whether a body was signed with a secret of the repository.

    Two are valid while one replaces the other. The first call that carries the new one ends the life of the old one.
    """
    by_current = is_signed([_secret_of(state, state.secret)], body, signature)
    by_previous = is_signed([_secret_of(state, state.previous_secret)], body, signature)
    if by_current and state.previous_secret:
        replaced = WebhookState.objects.filter(pk=state.pk, previous_secret=state.previous_secret, secret=state.secret)
        replaced.update(previous_secret='')
    return by_current or by_previous


def note_delivery(state: WebhookState) -> None:
    """Remember that a genuine call arrived."""
    WebhookState.objects.filter(pk=state.pk).update(last_delivery=timezone.now())


def note_rejection(state: WebhookState) -> None:
    """Count a call that was not genuine: one a second at most, so that a flood of them costs no writing."""
    now = timezone.now()
    is_due = Q(last_rejection=None) | Q(last_rejection__lte=now - _BETWEEN_COUNTS)
    counted = WebhookState.objects.filter(is_due, pk=state.pk)
    if counted.update(rejections=F('rejections') + 1, last_rejection=now):
        logger.warning('GitOps repository=%s rejected a webhook call that was not signed', state.repository_id)


def wait_for_delivery(before: WebhookState, *, seconds: float) -> WebhookState:
    """Wait until a call has arrived, genuine or not, and return the state then, or as it is when the time is up."""
    end = time.monotonic() + seconds
    while True:
        state = WebhookState.objects.get(pk=before.pk)
        has_been_called = (state.last_delivery, state.rejections) != (before.last_delivery, before.rejections)
        if has_been_called or time.monotonic() >= end:
            return state
        time.sleep(_LOOK_EVERY_SECONDS)


def _is_in_doubt(repository: GitRepository) -> bool:
    """Tell whether a secret was replaced without word from GitHub that it has the new one."""
    return WebhookState.objects.filter(repository=repository, is_told=False).exclude(previous_secret='').exists()


def _tell(repository: GitRepository, url: str) -> Hook:
    """Give GitHub the newest secret, and take down that it has it; raises `RepositoryError`, `SecretUnreadable`."""
    state = WebhookState.objects.get(repository=repository)
    hook = hooks_of(repository).install(url, decrypt(state.secret))
    WebhookState.objects.filter(pk=state.pk).update(hook_id=hook.id)
    # Not of a secret that somebody has put in its place meanwhile.
    WebhookState.objects.filter(pk=state.pk, secret=state.secret).update(is_told=True)
    return hook


def _provide_secret(repository: GitRepository, *, replace: bool) -> bool:
    """Make a secret if there is none, or a new one is wanted; return whether one was made."""
    with transaction.atomic():
        state, _ = WebhookState.objects.select_for_update().get_or_create(repository=repository)
        if state.secret and not replace:
            return False
        # What the server has stays valid: the newest secret if it has confirmed it, or else the last one that it used.
        if state.is_told or not state.previous_secret:
            state.previous_secret = state.secret
        state.secret, state.is_told = encrypt(secrets.token_hex(_SECRET_BYTES)), False
        state.save(update_fields=('secret', 'previous_secret', 'is_told'))
    return True


def _secret_of(state: WebhookState, stored: str) -> str:
    """Return a stored secret, and none for one that cannot be read: no call is genuine then, and the log says why."""
    try:
        return decrypt(stored)
    except SecretUnreadable as error:
        logger.error('GitOps repository=%s webhook: %s', state.repository_id, error)  # noqa: TRY400  no trace is needed
        return ''
