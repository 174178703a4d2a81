"""Field names as people read them."""

import re
from collections.abc import Mapping

__all__ = ('label_of',)

# A run of capitals is one word, and so is what begins with one: `dhcpOptions`, `pxeURL`, `portFECs`.
_WORD = re.compile(r'IPv4|ipv4|RoCE|[A-Z]{2,}s?(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]+')
_ABBREVIATIONS = (
    'ACK ACL ASN BGP CIDR DHCP DNS ECMP ESLAG FEC FECs FIN ICMP IP IPs IPv4 MAC MCLAG MTU NAT PCI PSH PXE QPN RST RoCE '
    'SYN TCP URG URL VLAN VPC VTEP'
)
_SHORTENED = {
    'dst': 'destination',
    'err': 'error',
    'len': 'length',
    'max': 'longest',
    'mclagdomain': 'MCLAG domain',
    'min': 'shortest',
    'negs': 'negotiation',
    'proto': 'protocol',
    'seq': 'number',
    'src': 'source',
}
_SPELLED: Mapping[str, str] = {word.lower(): word for word in _ABBREVIATIONS.split(' ')} | _SHORTENED


def label_of(name: str) -> str:
    """Return the label of a field: `vlanNamespace` is `VLAN namespace`."""
    words = [_SPELLED.get(word.lower(), word.lower()) for word in _WORD.findall(name)]
    label = ' '.join(words) or name
    return label if label[:1].isupper() else label[:1].upper() + label[1:]
