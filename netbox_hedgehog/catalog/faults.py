"""Where the structure of a resource is at fault: what stands there, the rules have nothing to say about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .paths import Path, parse
from .problems import Problem, Severity

__all__ = ('NO_FAULTS', 'Faults')


@dataclass(frozen=True, slots=True)
class Faults:
    """The faulty fields of a resource, and all that they stand in."""

    fields: frozenset[Path]
    around: frozenset[Path]

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> 'Faults':
        """Return where the errors among some problems are."""
        fields = frozenset(parse(problem.path) for problem in problems if problem.severity is Severity.ERROR)
        return cls(fields, frozenset(outer for field in fields for outer in _outwards(field))) if fields else NO_FAULTS

    def hold(self, path: Path) -> bool:
        """Tell whether a field is at fault: itself, or what it stands in."""
        return bool(self.fields) and any(outer in self.fields for outer in _outwards(path))

    def touch(self, path: Path) -> bool:
        """Tell whether a field is at fault: itself, something in it, or what it stands in."""
        return path in self.around or self.hold(path)

    def explain(self, path: Path) -> bool:
        """Tell whether something may be wrong at a place because of a fault: there, or in it."""
        return path in self.around


NO_FAULTS = Faults(frozenset(), frozenset())


def _outwards(path: Path) -> Iterator[Path]:
    """Yield a path and those of all that it stands in, the document last."""
    return (path[:length] for length in range(len(path), -1, -1))
