"""What a rule is: an id that stays, how far it looks, and how bad it is to break it."""

from dataclasses import dataclass
from enum import StrEnum

from ..paths import Path, spell
from ..problems import Problem, Severity

__all__ = ('Rule', 'Scope')


class Scope(StrEnum):
    """How far a rule looks."""

    # The document alone, as Kubernetes sees it: metadata, and the structure of the spec.
    DOCUMENT = 'document'
    # The resource alone, with the settings of its fabric.
    RESOURCE = 'resource'
    # The other resources of the fabric. While a design is under way, errors of this scope may count as warnings.
    FABRIC = 'fabric'
    # No resource at all, but the settings of the fabric themselves.
    SETTINGS = 'settings'


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the catalogue.

    `id` is kebab-case, unique and stable; `summary` is a sentence that states the rule, for the documentation. A rule
    is a warning where only a live cluster can decide, or where upstream accepts by accident what makes no sense.
    """

    id: str
    summary: str
    scope: Scope
    severity: Severity = Severity.ERROR

    def at(self, path: Path, message: str) -> Problem:
        """Report that the field at a path below the document breaks this rule; the message tells what to write."""
        # Half a character in the key of a map must not make the message unreadable that quotes it.
        readable = message.encode(errors='backslashreplace').decode()
        return Problem(spell(path), self.id, readable, self.severity)
