"""What is wrong with a resource, as data."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ('Problem', 'Severity')


class Severity(StrEnum):
    """An error is what the fabric refuses; a warning is what a person should look at."""

    ERROR = 'error'
    WARNING = 'warning'


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding about one field.

    `path` starts at the document (`spec.subnets.default.vlan`, `spec.permit[0]`, `metadata.name`), `rule` is a stable
    kebab-case id, and `message` tells what to write instead.
    """

    path: str
    rule: str
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f'{self.path}: {self.message}'
