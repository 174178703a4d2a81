"""Set up and examine the webhook of a repository from the command line."""

import argparse
from collections.abc import Iterable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from netbox_hedgehog.models import GitRepository, WebhookState
from netbox_hedgehog.models.secrets import SecretUnreadable
from netbox_hedgehog.repositories import RepositoryError
from netbox_hedgehog.repositories.github.hooks import EVENTS, Delivery, Hook
from netbox_hedgehog.sync.webhooks import (
    Installation,
    WebhookHealth,
    health_of,
    hooks_of,
    install_webhook,
    wait_for_delivery,
    webhook_url,
)

_NOT_WORKING, _NOT_RUN = 1, 2
_WAIT_SECONDS = 10
# For longer GitHub repeats no delivery.
_LOOK_BACK = timedelta(days=3)

_DESCRIPTION = """\
Have GitHub call NetBox when something is pushed, so that nobody waits for the next poll.

  install  make the webhook at GitHub, or bring it up to date, with a secret that is kept encrypted
  test     have GitHub call now, and see whether the call arrives and is accepted
  status   tell how the webhook stands, and which deliveries did not arrive"""

_EPILOG = """\
exit status:
  0  the webhook is installed, or works
  1  it does not work: what is in the way is printed
  2  the command was not understood, or the server could not be asked"""


class Command(BaseCommand):
    """Install, test or examine the webhook of one repository."""

    help = _DESCRIPTION

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> argparse.ArgumentParser:
        """Keep the lines of the help as they are."""
        kwargs |= {'formatter_class': argparse.RawDescriptionHelpFormatter, 'epilog': _EPILOG}
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare what the command takes."""
        parser.add_argument('action', choices=('install', 'test', 'status'))
        parser.add_argument('repository', metavar='REPOSITORY', help='name of a Git repository in NetBox')
        parser.add_argument(
            '--url',
            metavar='URL',
            default='',
            help='where GitHub reaches this NetBox, such as https://netbox.example.com',
        )
        parser.add_argument('--new-secret', action='store_true', help='install: replace the secret')
        parser.add_argument(
            '--show-secret',
            action='store_true',
            help='install: where it has to be entered by hand, make a new secret and print it, this once',
        )
        parser.add_argument('--redeliver', action='store_true', help='status: have GitHub repeat what did not arrive')

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the three; whatever keeps the server from being asked ends with 2."""
        repository = _find(options['repository'])
        url = webhook_url(repository, options['url'])
        act = {'install': self._install, 'test': self._test, 'status': self._status}[options['action']]
        try:
            act(repository, url, options)
        except RepositoryError as error:
            raise CommandError(f'{error.message} {error.remedy}', returncode=_NOT_RUN) from error
        except SecretUnreadable as error:
            raise CommandError(str(error), returncode=_NOT_RUN) from error

    def _install(self, repository: GitRepository, url: str, options: dict[str, Any]) -> None:
        if not url:
            message = 'Where GitHub reaches this NetBox is not known: give --url, or set webhook_base_url.'
            raise CommandError(message, returncode=_NOT_RUN)
        shows = options['show_secret']
        installation = install_webhook(repository, url, replace_secret=options['new_secret'])
        if shows and not installation.hook and not installation.secret:
            installation = install_webhook(repository, url, replace_secret=True)
        self.stdout.write(f'URL: {url}')
        if installation.hook:
            self.stdout.write(f'GitHub calls it for: {", ".join(installation.hook.events)}')
            return
        for line in _instructions(installation, shows=shows):
            self.stdout.write(line)
        raise CommandError('The webhook is to be set up by hand.', returncode=_NOT_WORKING)

    def _test(self, repository: GitRepository, url: str, options: dict[str, Any]) -> None:
        hook = _hook(repository, url)
        before = WebhookState.objects.get(repository=repository)
        hooks_of(repository).ping(hook.id)
        after = wait_for_delivery(before, seconds=_WAIT_SECONDS)
        if after.last_delivery != before.last_delivery:
            self.stdout.write(self.style.SUCCESS('GitHub called, and the call was genuine: the webhook works.'))
            return
        if after.rejections != before.rejections:
            message = 'A call arrived with another secret: run install to give GitHub the right one.'
        else:
            message = (
                f'GitHub was asked to call, and nothing arrived within {_WAIT_SECONDS} seconds. '
                f'Check that GitHub reaches {hook.url}, and what it says under Settings, Webhooks.'
            )
        raise CommandError(message, returncode=_NOT_WORKING)

    def _status(self, repository: GitRepository, url: str, options: dict[str, Any]) -> None:
        health = health_of(repository)
        for line in _health_lines(health):
            self.stdout.write(line)
        hook = _hook(repository, url)
        hooks = hooks_of(repository)
        self.stdout.write(f'URL: {hook.url}')
        state = 'active' if hook.active else 'switched off'
        self.stdout.write(f'At GitHub: {state}, last answer {hook.last_status or "none"} {hook.last_message}'.rstrip())
        missed = hooks.failed_deliveries(hook.id, since=timezone.now() - _LOOK_BACK)
        for line in _missed_lines(missed):
            self.stdout.write(line)
        if options['redeliver']:
            for delivery in missed:
                hooks.redeliver(hook.id, delivery.id)
            self.stdout.write(f'Asked GitHub to repeat {len(missed)} delivery(ies).')
        # Anybody can send a call that is not genuine: while GitHub's own are accepted, those say nothing.
        is_accepted = HTTPStatus.OK <= hook.last_status < HTTPStatus.MULTIPLE_CHOICES
        is_heard = health.works or (is_accepted and health.last_delivery is not None and not health.failed)
        if missed or not (hook.active and is_heard):
            raise CommandError('The webhook does not work as it should.', returncode=_NOT_WORKING)


def _find(name: str) -> GitRepository:
    repository = GitRepository.objects.filter(name=name).first()
    if repository is None:
        known = ', '.join(GitRepository.objects.values_list('name', flat=True)) or 'none'
        raise CommandError(f'There is no repository {name}. Known repositories: {known}', returncode=_NOT_RUN)
    return repository


def _hook(repository: GitRepository, url: str) -> Hook:
    """Return GitHub's record of our webhook: the one that was made here, or else one that calls the same URL."""
    if not repository.is_on_github:
        message = f'{repository} is not reached through the GitHub API: look at the webhook on its server.'
        raise CommandError(message, returncode=_NOT_RUN)
    state = WebhookState.objects.filter(repository=repository).first()
    known = state.hook_id if state else None
    for hook in hooks_of(repository).installed() if state else ():
        if hook.id == known or (url and hook.url == url):
            return hook
    raise CommandError('The webhook is not installed at GitHub: run install.', returncode=_NOT_WORKING)


def _instructions(installation: Installation, *, shows: bool) -> Iterable[str]:
    yield installation.obstacle
    yield 'Enter this at the server, in the settings of the repository under Webhooks:'
    yield f'  Payload URL   {installation.url}'
    yield '  Content type  application/json'
    if shows:
        yield f'  Secret        {installation.secret}'
    else:
        yield '  Secret        run install again with --show-secret to have a new one printed'
    yield f'  Events        {", ".join(EVENTS)}'


def _health_lines(health: WebhookHealth) -> Iterable[str]:
    if not health.has_secret:
        yield 'There is no secret yet: run install.'
    if health.is_replacing_secret:
        yield 'The secret is being replaced: the former one is valid until a call carries the new one.'
    yield f'Last call: {_time(health.last_delivery)}'
    yield f'Deliveries here: {health.waiting} waiting, {health.failed} failed'
    yield f'Rejected calls: {health.rejections}, the last: {_time(health.last_rejection)}'


def _missed_lines(missed: Iterable[Delivery]) -> Iterable[str]:
    for delivery in missed:
        yield f'Did not arrive: {delivery.event} {delivery.guid} of {_time(delivery.delivered_at)} ({delivery.status})'


def _time(moment: datetime | None) -> str:
    return f'{moment:%Y-%m-%d %H:%M:%S %Z}' if moment else 'none'
