"""Places in a document: how they are found, and how they are spelled."""

import json
import re
from collections.abc import Iterable, Mapping

from .json import JSON, JSONObject

__all__ = ('Path', 'at', 'find', 'parse', 'spell')

# From the root: a field's name or a map's key, or the position of a list's item.
type Path = tuple[str | int, ...]

# Half a character is none to put on a line as it is: in quotes, what stands for it can be read back.
_PLAIN_KEY = re.compile(r'[^\s.\[\]"\ud800-\udfff]+')
_STEP = re.compile(r'(?P<dot>\.?)(?P<key>[^\s.\[\]"]+)|\[(?P<position>[0-9]{1,9})\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\]')


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


def parse(spelled: str) -> Path:
    """Read a path as `spell` writes it; ValueError if it is none."""
    steps: list[str | int] = []
    at = 0
    while at < len(spelled):
        found = _STEP.match(spelled, at)
        # A dot stands between two steps, and nowhere else.
        if found is None or (found['key'] is not None and bool(found['dot']) != bool(steps)):
            raise ValueError(f'{spelled!r} is no path; write it as in spec.permit[0]["a.b"].')
        if found['position'] is not None:
            steps.append(int(found['position']))
        elif found['quoted'] is not None:
            steps.append(json.loads(found['quoted'], strict=False))
        else:
            steps.append(found['key'])
        at = found.end()
    return tuple(steps)


def at(value: JSON | JSONObject, path: Path) -> JSON:
    """Return what stands at a path; None where there is nothing."""
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return dict(value) if isinstance(value, Mapping) else value


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
