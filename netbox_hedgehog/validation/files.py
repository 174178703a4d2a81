"""The manifests among the files and directories that somebody names."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from netbox_hedgehog.manifests import Limits, ManifestFile, parse

from .errors import CannotRead

__all__ = ('SUFFIXES', 'read_manifests')

# How a file in a directory ends that is read.
SUFFIXES = ('.yaml', '.yml', '.json')
_GIT = '.git'
_MANAGED, _UNMANAGED = 'managed', 'unmanaged'


def read_manifests(
    names: Iterable[str], notice: Callable[[str], None], limits: Limits | None = None
) -> Iterator[ManifestFile]:
    """Read the named files, and all manifests below the named directories; each file once, however often it is named.

    Hidden files are files like others. Left out, each with a notice, are symbolic links below a directory and what a
    synchronisation put aside (`unmanaged/` beside `managed/`). Raises `CannotRead`.
    """
    limits = limits or Limits()
    seen: set[tuple[int, int]] = set()
    for name in names:
        if not name:
            # A variable that is not set, most likely: to take the current directory for it would surprise.
            raise CannotRead("''", FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)))
        for path in _files(Path(name), notice):
            try:
                status = path.stat()
                if (status.st_dev, status.st_ino) in seen:
                    continue
                seen.add((status.st_dev, status.st_ino))
                with path.open('rb') as file:
                    # One byte more shows that the file is too large, however large it is.
                    data = file.read(limits.file_bytes + 1)
            except OSError as error:
                raise CannotRead(str(path), error) from error
            yield parse(str(path), data, limits)


def _files(path: Path, notice: Callable[[str], None]) -> Iterator[Path]:
    """Yield a file, or the manifests below a directory in the order of their names."""
    if not path.is_dir():
        yield path
        return
    try:
        # By bytes, as everywhere: the result does not depend on the machine.
        inner = sorted(path.iterdir(), key=lambda entry: entry.name.encode(errors='surrogateescape'))
    except OSError as error:
        raise CannotRead(str(path), error) from error
    has_managed = any(entry.name == _MANAGED for entry in inner)
    for entry in inner:
        is_manifest = entry.suffix in SUFFIXES
        if entry.is_symlink():
            if is_manifest or entry.is_dir():
                notice(f'{entry}: a symbolic link, left out; name it to have it judged.')
        elif entry.is_dir():
            if entry.name == _UNMANAGED and has_managed:
                if any(_files(entry, _ignore)):
                    notice(f'{entry}: put aside by a synchronisation, left out; name it to have it judged.')
            elif entry.name != _GIT:
                yield from _files(entry, notice)
        elif is_manifest and entry.is_file():
            yield entry


def _ignore(_: str) -> None:
    """Take a notice about what is left out anyway."""
