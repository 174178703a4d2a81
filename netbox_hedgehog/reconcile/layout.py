"""Every path of a Fabric GitOps Directory.

Paths in this room are relative to the fabric's directory; `below` puts the directory before one and checks it again.
"""

import re
import unicodedata
from collections.abc import Iterator

from ..catalog import DEFAULT_NAMESPACE, KINDS, Identity
from .errors import DirectoryRefused

__all__ = (
    'KEEP',
    'MANAGED',
    'RAW',
    'README',
    'README_TEXT',
    'UNMANAGED',
    'below',
    'canonical_path',
    'folded',
    'is_managed_manifest',
    'is_yaml',
    'normalise_directory',
    'overlap',
    'required_directories',
)

RAW, MANAGED, UNMANAGED = 'raw', 'managed', 'unmanaged'
KEEP = '.gitkeep'
README = 'README.md'

# Constant: a date or a version in it would be a change at every release.
README_TEXT = """\
# Fabric GitOps Directory

This directory holds the wanted state of one Hedgehog fabric. NetBox and these files are kept identical, in both
directions.

- `managed/`: one resource per file. Point Argo CD (directory mode, recursive) or Flux here, and nowhere else.
- `raw/`: drop manifests here; the next synchronisation takes them over into `managed/`.
- `unmanaged/`: what could not be taken over, word for word, each with its reason beside it. To try again, mend the
  file and move it back to `raw/`.
"""

_MAX_SEGMENTS = 10
_MAX_BYTES = 255
_SEGMENT = re.compile(r'[A-Za-z0-9][A-Za-z0-9._-]*')
# `.git` and the names that file systems take for it, and the directories in which forges look for instructions.
_FORBIDDEN_SEGMENTS = frozenset({'.', '..', '.git', 'git~1', '.github', '.gitlab'})
_FORBIDDEN_LAST = frozenset({RAW, MANAGED, UNMANAGED})


def normalise_directory(text: str) -> str:
    """Return the directory without leading and trailing slashes; `.` means the whole repository.

    Raises `DirectoryRefused` for one that is empty, leaves the repository, or could be mistaken for another thing.
    """
    directory = text.strip().strip('/')
    if directory == '.':
        return directory
    if not directory:
        raise DirectoryRefused('Name a directory; enter . to use the whole repository for this fabric.')
    segments = directory.split('/')
    if len(segments) > _MAX_SEGMENTS or len(directory.encode()) > _MAX_BYTES:
        raise DirectoryRefused(f'Use at most {_MAX_SEGMENTS} segments and {_MAX_BYTES} bytes.')
    for segment in segments:
        if segment.lower() in _FORBIDDEN_SEGMENTS or not _SEGMENT.fullmatch(segment):
            raise DirectoryRefused(
                f'{segment!r} is not allowed: a segment uses letters, digits, ".", "_" and "-" and starts with a '
                'letter or digit.'
            )
        if segment.endswith('.') or segment.lower().endswith('.lock'):
            raise DirectoryRefused(f'{segment!r} is not allowed: a segment does not end with "." or ".lock".')
    if segments[-1].lower() in _FORBIDDEN_LAST:
        raise DirectoryRefused(
            f'{segments[-1]!r} is a part of a fabric directory; name the directory that will hold it.'
        )
    return directory


def overlap(one: str, other: str) -> bool:
    """Tell whether two normalised directories are equal or nested, on any file system."""
    first, second = folded(one), folded(other)
    if '.' in (first, second):
        return True
    return f'{first}/'.startswith(f'{second}/') or f'{second}/'.startswith(f'{first}/')


def folded(path: str) -> str:
    """Return the form in which paths that a file system may take for the same are equal."""
    return unicodedata.normalize('NFC', path).casefold()


def below(directory: str, path: str) -> str:
    """Return the path from the root of the repository.

    Raises `DirectoryRefused` when it would not lie below the directory: the last check before a commit.
    """
    segments = path.split('/')
    if not path or '\\' in path or '\0' in path or any(part in ('', '.', '..', '.git') for part in segments):
        raise DirectoryRefused(f'{path!r} does not lie below {directory!r}.')
    return path if directory == '.' else f'{directory}/{path}'


def canonical_path(identity: Identity) -> str:
    """Return where the file of an identity belongs. A namespace has no dot, so its directory is never a file name."""
    directory = f'{MANAGED}/{KINDS[identity.kind].plural}'
    if identity.namespace != DEFAULT_NAMESPACE:
        directory = f'{directory}/{identity.namespace}'
    return f'{directory}/{identity.name}.yaml'


def required_directories() -> Iterator[str]:
    """Yield the directories that exist after initialisation."""
    yield RAW
    for kind in KINDS.values():
        yield f'{MANAGED}/{kind.plural}'
    yield UNMANAGED


def is_yaml(path: str) -> bool:
    """Tell whether a file is read as YAML."""
    return path.endswith(('.yaml', '.yml'))


def is_managed_manifest(path: str) -> bool:
    """Tell whether a file is state: only YAML below `managed/` is."""
    return path.startswith(f'{MANAGED}/') and is_yaml(path)
