"""What is asked of the subnets of a VPC, by the VPC itself and by what refers to them."""

from ..design import Entry
from ..kind import LABEL_LIMIT
from ..names import is_dns_label, is_label_text
from ..vpc import VPCSpec

__all__ = ('has_label_form', 'has_name_form', 'lacks_subnet')


def lacks_subnet(vpc: Entry[VPCSpec], name: str) -> bool:
    """Tell whether a VPC has no subnet of a name, not even a faulty one. One that is null is not there."""
    found = (vpc.spec.subnets or {}).get(name)
    return found is None and not vpc.is_faulty(('spec', 'subnets', name))


def has_name_form(name: str) -> bool:
    """Tell whether a subnet's name may become part of the name of a DHCPSubnet: an RFC 1123 label."""
    return len(name) <= LABEL_LIMIT and is_dns_label(name)


def has_label_form(name: str) -> bool:
    """Tell whether a subnet's name may become the value of a label, as attaching the subnet makes it."""
    return len(name) <= LABEL_LIMIT and is_label_text(name)
