"""The rules of the interfaces of a gateway: the admission code of Gateway.interfaces."""

import re
from collections.abc import Iterator

from ..addresses import parse_interface
from ..design import Entry
from ..fields import entries
from ..gateway import GatewayInterface, GatewaySpec
from ..paths import Path
from ..problems import Problem
from ..settings import FabricSettings
from .rule import Rule, Scope

__all__ = ('RULES', 'check')

MISSING = Rule('gateway-interface-missing', 'A gateway has at least one interface.', Scope.RESOURCE)
NAME = Rule(
    'gateway-interface-name',
    'The name of an interface, in the kernel too, has 2 to 10 letters, digits, underscores, dots and hyphens; it '
    'begins with a letter and ends with a letter or digit.',
    Scope.RESOURCE,
)
ADDRESS_MISSING = Rule('gateway-interface-address-missing', 'An interface has at least one address.', Scope.RESOURCE)
ADDRESS = Rule(
    'gateway-interface-address', 'An address of an interface is an IPv4 address with prefix length.', Scope.RESOURCE
)
PCI_OR_KERNEL = Rule(
    'gateway-interface-pci-or-kernel',
    'An interface has a PCI address or a name in the kernel, not both.',
    Scope.RESOURCE,
)
PCI = Rule('gateway-interface-pci', 'A PCI address has the form 0000:02:00.0.', Scope.RESOURCE)
KERNEL_NAME = Rule(
    'gateway-interface-kernel-name',
    'An interface and its interface in the kernel have different names.',
    Scope.RESOURCE,
)

RULES = (MISSING, NAME, ADDRESS_MISSING, ADDRESS, PCI_OR_KERNEL, PCI, KERNEL_NAME)

_NAME = re.compile(r'[a-zA-Z][a-zA-Z0-9_.-]{0,8}[a-zA-Z0-9]')
_NAME_ADVICE = 'write 2 to 10 letters, digits, underscores, dots and hyphens, with a letter first.'
# Domain, bus, device up to 1f and function up to 7.
_PCI = re.compile(r'[0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[01][0-9a-fA-F]\.[0-7]')


def check(entry: Entry[GatewaySpec], settings: FabricSettings) -> Iterator[Problem]:
    """Check the interfaces of a gateway."""
    interfaces = dict(entries(entry.spec.interfaces))
    if not interfaces and not entry.is_faulty(('spec', 'interfaces')):
        yield MISSING.at(('spec', 'interfaces'), 'Missing; write at least one interface with its addresses.')
    for name, interface in interfaces.items():
        path: Path = ('spec', 'interfaces', name)
        if not _NAME.fullmatch(name):
            yield NAME.at(path, f'Not the name of an interface; {_NAME_ADVICE}')
        yield from _check_addresses(path, interface, settings)
        yield from _check_hardware(path, name, interface)


def _check_addresses(path: Path, interface: GatewayInterface, settings: FabricSettings) -> Iterator[Problem]:
    if not interface.ips and settings.is_installed:
        yield ADDRESS_MISSING.at((*path, 'ips'), 'Missing; write at least one address such as 172.30.128.1/31.')
    for position, text in enumerate(interface.ips or []):
        found = parse_interface(text)
        if found is None or found[0].family != 4:
            message = 'Not an IPv4 address with prefix length; write one such as 172.30.128.1/31.'
            yield ADDRESS.at((*path, 'ips', position), message)


def _check_hardware(path: Path, name: str, interface: GatewayInterface) -> Iterator[Problem]:
    if interface.pci and interface.kernel:
        yield PCI_OR_KERNEL.at((*path, 'pci'), 'Not together with kernel; leave one of the two out.')
    if interface.pci and not _PCI.fullmatch(interface.pci):
        yield PCI.at((*path, 'pci'), 'Not a PCI address; write one such as 0000:02:00.0.')
    if not interface.kernel:
        return
    if not _NAME.fullmatch(interface.kernel):
        yield NAME.at((*path, 'kernel'), f'Not the name of an interface; {_NAME_ADVICE}')
    elif interface.kernel == name:
        message = f'The interface itself is called {name}; write another name for one of them.'
        yield KERNEL_NAME.at((*path, 'kernel'), message)
