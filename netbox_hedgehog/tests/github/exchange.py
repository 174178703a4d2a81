"""What goes over the wire: a request, an answer, and a refusal in GitHub's words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from enum import Enum
from functools import cached_property
from typing import Any

__all__ = ('Answer', 'Ending', 'Recorded', 'Refusal', 'Request')

JSON_TYPE = 'application/json; charset=utf-8'


class Ending(Enum):
    """How the connection fares while an answer is sent."""

    WHOLE = 'whole'
    CUT_OFF = 'cut off in the middle of the body'
    RESET = 'reset before the answer'


@dataclass(frozen=True)
class Request:
    """What a client asked; the names of headers are compared without case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Message
    body: bytes = b''

    @property
    def accept(self) -> str:
        return self.headers.get('Accept') or '*/*'

    def page(self, default: int = 30) -> tuple[int, int]:
        """Return page (from 1) and entries per page, as GitHub reads them: 100 at most."""
        per_page = self.query.get('per_page', '')
        page = self.query.get('page', '')
        size = min(int(per_page), 100) if per_page.isdecimal() and int(per_page) else default
        return (int(page) if page.isdecimal() and int(page) else 1), size


@dataclass
class Answer:
    """What the client is told: a JSON value, text of another type, or nothing."""

    status: int
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    text: bytes | None = None
    content_type: str = JSON_TYPE
    ending: Ending = Ending.WHOLE
    # An answer that a fault put in place; it is not held to the description of the API.
    is_fault: bool = False
    # Whether the headers tell what is left of the limits.
    has_counters: bool = True

    @cached_property
    def body(self) -> bytes:
        if self.text is not None:
            return self.text
        return b'' if self.value is None else json.dumps(self.value, separators=(',', ':')).encode()


class Refusal(Exception):
    """A request is answered with an error."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.errors, self.headers = status, message, errors, dict(headers or {})

    def answer(self, documentation_url: str) -> Answer:
        value: dict[str, Any] = {'message': self.message}
        if self.errors:
            value['errors'] = list(self.errors)
        value |= {'documentation_url': documentation_url, 'status': str(self.status)}
        return Answer(self.status, value, dict(self.headers))


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request as a test wants to count it. Of a connection that broke before an answer, the status is 0."""

    method: str
    path: str
    operation: str
    status: int
    conditional: bool
    points: int
    is_write: bool
    at: datetime
    body_size: int
    query: str = ''
