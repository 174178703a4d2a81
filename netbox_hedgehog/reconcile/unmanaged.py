"""Keeping what could not be taken over: word for word, beside a note that says why."""

from dataclasses import dataclass

from ..repositories import blob_id
from .directory import Directory
from .layout import RAW, UNMANAGED
from .plan import FileProblem, FileReason

__all__ = ('Refused', 'keep', 'keep_comments', 'remove_orphaned_notes')

NOTE_SUFFIX = '.reason.txt'
COMMENTS_SUFFIX = '.comments.txt'


@dataclass(frozen=True, slots=True)
class Refused:
    """One reason why a document, or a whole file, was not taken over."""

    code: str
    line: int
    column: int
    message: str
    position: int = 1
    count: int = 1


def keep(directory: Directory, source: str, data: bytes, *refusals: Refused, is_part: bool) -> tuple[FileProblem, ...]:
    """Store refused bytes with their reasons, and return these as problems of the place where they now are.

    `is_part` tells that other documents of the same file were taken over: the name then carries the position.
    """
    target = _below_raw(source)
    if is_part:
        stem, dot, suffix = target.rpartition('.')
        target = f'{stem}.{refusals[0].position}.{suffix}' if dot else f'{target}.{refusals[0].position}'
    path = _store(directory, f'{UNMANAGED}/{target}', data)
    note = _note(source, directory.original_blob(source), refusals)
    directory.write(f'{path}{NOTE_SUFFIX}', note.encode(), FileReason.INGEST)
    return tuple(
        FileProblem(source, each.line, each.column, each.code, f'{each.message} Kept as {path}.') for each in refusals
    )


def keep_comments(directory: Directory, source: str, data: bytes) -> None:
    """Store comments that stood between documents: they are usually documents that somebody switched off."""
    _store(directory, f'{UNMANAGED}/{_below_raw(source)}{COMMENTS_SUFFIX}', data)


def remove_orphaned_notes(directory: Directory) -> None:
    """Take away the reasons whose file is gone: it was mended and moved back, or deleted."""
    for path in directory.paths(f'{UNMANAGED}/'):
        if path.endswith(NOTE_SUFFIX) and not directory.exists(path.removesuffix(NOTE_SUFFIX)):
            directory.delete(path, FileReason.INGEST)


def _store(directory: Directory, path: str, data: bytes) -> str:
    """Write bytes beside what is there already; bytes that are there under this name are not stored twice."""
    stem, dot, suffix = path.rpartition('.')
    number = 1
    target = path
    while directory.exists(target) and directory.blob(target) != blob_id(data):
        number += 1
        target = f'{stem}-{number}.{suffix}' if dot else f'{path}-{number}'
    if directory.blob(target) is None:
        directory.write(target, data, FileReason.INGEST)
    return target


def _below_raw(source: str) -> str:
    return source.removeprefix(f'{RAW}/')


def _note(source: str, blob: str, refusals: tuple[Refused, ...]) -> str:
    """Return the reason in words. It holds no time, so that the same input gives the same bytes."""
    lines = [f'Not taken over from {source} (blob {blob}).', '']
    lines += [
        f'- {each.code}, document {each.position} of {each.count}, '
        f'line {each.line}, column {each.column}: {each.message}'
        for each in refusals
    ]
    lines += ['', 'To try again, mend the file and move it back to raw/. To give it up, delete it and this note.', '']
    return '\n'.join(lines)
