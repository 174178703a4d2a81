"""What NetBox asks of a plugin."""

from typing import ClassVar

from netbox.plugins import PluginConfig

from . import __version__

__all__ = ('HedgehogConfig',)


class HedgehogConfig(PluginConfig):
    """Register the plugin with NetBox."""

    # NetBox looks for the parts of a plugin beside the module of this class: in the package.
    __module__ = __package__

    name = 'netbox_hedgehog'
    verbose_name = 'Hedgehog'
    description = 'Hedgehog Open Network Fabric, kept identical with Git'
    version = __version__
    author = 'The netbox_hedgehog developers'
    base_url = 'hedgehog'
    min_version = '4.7.0'
    max_version = '4.7.99'
    default_settings: ClassVar[dict[str, object]] = {
        # The directory below which repositories on this machine may lie; without it only remote ones are accepted.
        'local_repository_root': None,
        # Seconds that a Git server may take for one answer.
        'git_timeout_seconds': 30,
        # The domain of the mail address under which a user without one appears as the author of a commit.
        'author_email_domain': 'netbox.invalid',
        # Passphrases for the secrets at rest, newest first; without any, one is derived from SECRET_KEY.
        'encryption_keys': [],
        # Environment variables that a credential may name; a * at the end stands for any ending.
        'credential_variables': ['GITHUB_TOKEN', 'HEDGEHOG_*'],
        # The directory below which files lie that a credential may name; without it none are read.
        'credential_directory': None,
        # Where servers that call webhooks reach NetBox, as https://netbox.example.com; without it, where people do.
        'webhook_base_url': None,
        # Days for which the records of passes are kept.
        'run_retention_days': 90,
    }

    def ready(self) -> None:
        """Register jobs and signal handlers."""
        super().ready()
        from . import jobs, signals  # noqa: F401  importing registers; models are loaded only now
