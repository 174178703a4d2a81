"""The settings of a fabric, out of upstream's own file."""

from collections.abc import Iterable
from pathlib import Path

from netbox_hedgehog.catalog import FabricSettings, Problem
from netbox_hedgehog.catalog.settings import SettingsRefused, check_settings, settings_from_config
from netbox_hedgehog.manifests import Unreadable, read_value

from .errors import CannotRead, UnusableSettings

__all__ = ('read_settings',)


def read_settings(path: str) -> FabricSettings:
    """Read a FabricConfig; raises `CannotRead` or `UnusableSettings`."""
    try:
        text = Path(path).read_bytes().decode('utf-8', 'surrogateescape')
    except OSError as error:
        raise CannotRead(path, error) from error
    try:
        config = read_value(text)
    except Unreadable as fault:
        raise UnusableSettings(path, (str(fault),)) from fault
    if not isinstance(config, dict):
        raise UnusableSettings(path, ('Not a map; write the settings, each with a colon.',))
    try:
        settings = settings_from_config(config)
    except SettingsRefused as refusal:
        raise _unusable(path, refusal.problems) from refusal
    if problems := check_settings(settings):
        raise _unusable(path, problems)
    return settings


def _unusable(path: str, problems: Iterable[Problem]) -> UnusableSettings:
    return UnusableSettings(path, tuple(map(str, problems)))
