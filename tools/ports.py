"""Ports on the loopback interface; the tools listen nowhere else."""

import socket

from .errors import PortTaken

__all__ = ('LOOPBACK', 'free_port', 'is_free')

LOOPBACK = '127.0.0.1'
NEIGHBOURS = 20


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        # As servers do: a connection that was closed a moment ago does not keep the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(wanted: int | None = None, *, exactly: bool = False) -> int:
    """Choose the wanted port when it is free, else one close to it; any free one when none is wanted.

    Raises `PortTaken` when it must be exactly the wanted one.
    """
    if wanted is None:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            return int(probe.getsockname()[1])
    if is_free(wanted):
        return wanted
    if exactly:
        raise PortTaken(f'Port {wanted} is taken by another program; choose another one with PORT=…')
    return next((port for port in range(wanted + 1, wanted + NEIGHBOURS) if is_free(port)), None) or free_port()
