"""Bring an instance's database up to date, and put its user and its API token into it.

Runs as a process of its own with NetBox's settings. One process for all of it, because starting NetBox is the
slowest part.
"""

import argparse
import os
import sys
from pathlib import Path

from .instance import Settings

__all__ = ('main',)


def main() -> int:
    """Migrate, then make what is missing; a user or a token that is there stays as it is."""
    parser = argparse.ArgumentParser(prog='tools.provision', description=__doc__)
    parser.add_argument('settings', type=Path, help='the settings.json of the instance')
    settings = Settings.load(parser.parse_args().settings)

    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'netbox.settings')
    # NetBox can be imported only once it is known which one.
    import django

    django.setup()
    from django.core.management import call_command

    call_command('migrate', interactive=False)
    _make_user_and_token(settings)
    return 0


def _make_user_and_token(settings: Settings) -> None:
    from users.choices import TokenVersionChoices
    from users.models import Token, User

    user = User.objects.filter(username=settings.username).first()
    if user is None:
        user = User.objects.create_superuser(username=settings.username, password=settings.password)
    if not Token.objects.filter(key=settings.token_key).exists():
        Token.objects.create(
            user=user,
            version=TokenVersionChoices.V2,
            key=settings.token_key,
            token=settings.token_secret,
            description='The demonstration',
        )


if __name__ == '__main__':
    sys.exit(main())
