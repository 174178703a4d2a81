"""The rules of the settings of a fabric; `check_settings` and `settings_from_config` report what breaks them."""

from collections.abc import Mapping
from types import MappingProxyType

from .rule import Rule, Scope

__all__ = ('SETTINGS_RULES',)

_SUMMARIES = {
    'setting-release-unknown': 'The release is one that the catalogue knows, or newer.',
    'setting-empty': 'Reserved subnets and ranges of VLANs are not empty.',
    'setting-not-a-prefix': 'Subnets are prefixes.',
    'setting-not-an-address': 'Addresses are IP addresses.',
    'setting-dhcp-outside-management': 'The DHCP range lies in the management subnet.',
    'setting-not-vlans': 'A range of VLANs lies within 1-4094, its first VLAN not after the last.',
    'setting-not-an-asn': 'An ASN is a number from 1 to 4294967295.',
    'setting-asns-reversed': 'The first ASN of the leaves is not after the last.',
    'setting-spine-asn-of-leaf': 'The ASN of the spines is outside the range for leaves.',
    'setting-mtu': 'The MTU of the fabric is a number from 1 to 9216.',
    'setting-mtu-offset': 'The offset of the MTU towards servers is 1 or more.',
    'setting-not-a-community': 'A gateway community is two numbers up to 65535.',
    'unknown-setting': 'A FabricConfig has only keys that upstream knows, and release.',
}
# By id. `wrong-type`, of the rules for any document, holds for settings too.
SETTINGS_RULES: Mapping[str, Rule] = MappingProxyType(
    {rule: Rule(rule, summary, Scope.SETTINGS) for rule, summary in _SUMMARIES.items()}
)
