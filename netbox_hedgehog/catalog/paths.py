"""Places in a document: how they are found, and how they are spelled."""

import json
import re
from collections.abc import Iterable, Mapping

from .json import JSON, JSONObject

__all__ = ('Path', 'find', 'spell')

# From the root: a field's name or a map's key, or the position of a list's item.
type Path = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r'[^\s.\[\]"]+')


def spell(path: Path) -> str:
    """Write a path as people do: `spec.permit[0].vpc-1`, with a key that has dots in quotes: `labels["a.b/c"]`."""
    spelled = ''
    for step in path:
        if isinstance(step, int):
            spelled += f'[{step}]'
        elif _PLAIN_KEY.fullmatch(step):
            spelled += f'.{step}' if spelled else step
        else:
            spelled += f'[{json.dumps(step, ensure_ascii=False)}]'
    # Half a character must not make the message unreadable that names it.
    return spelled.encode(errors='backslashreplace').decode()


def find(value: JSON | JSONObject, pattern: str) -> list[tuple[Path, JSON]]:
    """Find what a pattern such as `permit[].*.subnets` matches, with its path: `*` is any key, `[]` any item.

    What is null is absent. What has another shape than the pattern expects does not match.
    """
    found: list[tuple[Path, JSON]] = [((), dict(value) if isinstance(value, Mapping) else value)]
    for step in pattern.replace('[]', '.[]').split('.'):
        found = [
            ((*path, key), inner) for path, outer in found for key, inner in _below(outer, step) if inner is not None
        ]
    return found


def _below(value: JSON, step: str) -> Iterable[tuple[str | int, JSON]]:
    if step == '[]':
        return enumerate(value) if isinstance(value, list) else ()
    if not isinstance(value, dict):
        return ()
    return value.items() if step == '*' else [(step, value.get(step))]
