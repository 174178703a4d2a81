"""The models of switch that the fabric knows: the SwitchProfiles built into githedgehog/fabric v0.129.1."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from ..settings import FabricSettings
from .celestica import CELESTICA
from .dell import DELL
from .edgecore import EDGECORE
from .profile import Port, PortProfile, SwitchProfile
from .supermicro import SUPERMICRO
from .virtual import VIRTUAL

__all__ = ('PROFILES', 'Port', 'PortProfile', 'SwitchProfile', 'available_profiles')

PROFILES: Mapping[str, SwitchProfile] = MappingProxyType(
    {
        profile.name: profile
        for profile in sorted((*CELESTICA, *DELL, *EDGECORE, *SUPERMICRO, *VIRTUAL), key=lambda profile: profile.name)
    }
)


def available_profiles(settings: FabricSettings) -> Mapping[str, SwitchProfile]:
    """Return the profiles that a fabric has, by name: two operating systems are options of its installation."""
    return _available(settings.include_sonic_cls_plus, settings.include_cumulus)


@lru_cache
def _available(sonic_cls_plus: bool, cumulus: bool) -> Mapping[str, SwitchProfile]:  # noqa: FBT001  a key of the cache
    options = {'sonic-cls-plus-': sonic_cls_plus, 'cumulus-': cumulus}
    left_out = tuple(family for family, is_included in options.items() if not is_included)
    return MappingProxyType(
        {name: profile for name, profile in PROFILES.items() if not profile.nos.startswith(left_out)}
    )
