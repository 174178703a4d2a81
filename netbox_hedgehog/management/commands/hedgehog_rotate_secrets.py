"""Encrypt every stored secret with the newest key."""

import argparse
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Model

from netbox_hedgehog.models import GitCredential, InstallationToken, WebhookState
from netbox_hedgehog.models.secrets import SecretUnreadable, rotate

_FAILED = 1

_DESCRIPTION = """\
Encrypt every stored secret anew, with the first of the plugin's encryption_keys. Those that the secrets are encrypted
with now have to be among the keys. Once this has succeeded, the former keys can be removed."""

_EPILOG = """\
exit status:
  0  every secret is encrypted with the newest key
  1  some secrets could not be decrypted; they are named and left as they are, the others are done"""

# Where secrets are stored: the model, what its rows are called here, and the columns.
_PLACES: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (GitCredential, 'credential', ('_secret',)),
    (WebhookState, 'webhook', ('secret', 'previous_secret')),
    (InstallationToken, 'short-lived token', ('token',)),
)


class Command(BaseCommand):
    """Encrypt every stored secret with the newest key."""

    help = _DESCRIPTION

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> argparse.ArgumentParser:
        """Keep the lines of the help as they are."""
        kwargs |= {'formatter_class': argparse.RawDescriptionHelpFormatter, 'epilog': _EPILOG}
        return super().create_parser(prog_name, subcommand, **kwargs)

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through all secrets; one that cannot be decrypted does not keep the others waiting."""
        unreadable: list[str] = []
        with transaction.atomic():
            for model, label, columns in _PLACES:
                done, failed = _rotate(model, columns)
                self.stdout.write(f'{label}: {done} encrypted with the newest key')
                unreadable += [f'{label} {name}' for name in failed]
        if unreadable:
            message = f'{len(unreadable)} cannot be decrypted: {"; ".join(unreadable)}. {SecretUnreadable.remedy}'
            raise CommandError(message, returncode=_FAILED)


def _rotate(model: type[Model], columns: tuple[str, ...]) -> tuple[int, list[str]]:
    """Encrypt the secrets of one model anew; return how many, and the names of rows that kept an old one.

    Nothing but the column is written: the secret stays the same, so there is nothing for a change log to tell.
    """
    done, failed = 0, []
    for row in _locked(model):
        try:
            changed = {column: rotate(getattr(row, column)) for column in columns if getattr(row, column)}
        except SecretUnreadable:
            failed.append(str(row))
            continue
        if changed:
            model._default_manager.filter(pk=row.pk).update(**changed)
            done += len(changed)
    return done, failed


def _locked(model: type[Model]) -> Iterator[Model]:
    """Yield the rows, locked so that a secret that is entered meanwhile is not overwritten with its predecessor."""
    yield from model._default_manager.order_by('pk').select_for_update()
