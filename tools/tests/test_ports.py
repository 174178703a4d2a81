"""A port that another program holds is never taken from it."""

import socket
from collections.abc import Iterator

import pytest

from tools.errors import PortTaken
from tools.ports import LOOPBACK, free_port, is_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_neighbour_stands_in_for_a_port_that_is_taken(taken: int) -> None:
    chosen = free_port(taken)
    assert chosen != taken
    assert is_free(chosen)


def test_a_port_that_was_asked_for_is_not_replaced_in_silence(taken: int) -> None:
    with pytest.raises(PortTaken, match=f'{taken}.*PORT='):
        free_port(taken, exactly=True)
