"""The files of a Fabric GitOps Directory at one commit, and what a plan changes in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..catalog import Identity
from ..manifests import Document, Limits, ManifestFile, parse, remove, replace
from ..repositories import Entry, blob_id
from .layout import KEEP, folded, is_managed_manifest
from .plan import FileChange, FileReason

__all__ = ('Directory', 'Place', 'is_regular')

# A file's modes; the others are symbolic links (120000) and submodules (160000).
_FILE_MODES = frozenset({0o100644, 0o100664, 0o100755})


def is_regular(entry: Entry) -> bool:
    """Tell a file from a symbolic link and from a submodule."""
    return entry.mode in _FILE_MODES


@dataclass(frozen=True, slots=True)
class Place:
    """A document and the file that holds it."""

    path: str
    document: Document


class Directory:
    """A view of the directory in which changes can be tried; nothing leaves it but `changes`.

    `entries` lists every file below the directory at the commit, by relative path; `texts` holds the bytes of those
    that this pass has read, and `parsed` what is already parsed of them. Manifests that were not read take no part.
    """

    def __init__(
        self,
        entries: Mapping[str, Entry],
        texts: Mapping[str, bytes],
        parsed: Mapping[str, ManifestFile] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._entries = entries
        self._texts = texts
        self._limits = limits or Limits()
        self._changed: dict[str, tuple[bytes | None, FileReason, tuple[Identity, ...]]] = {}
        self._folded = {folded(path) for path in entries}
        self._files: dict[str, ManifestFile] = {}
        self._places: dict[Identity, list[str]] = {}
        for path in sorted(texts, key=str.encode):
            if is_managed_manifest(path):
                self._index(path, (parsed or {}).get(path) or parse(path, texts[path], self._limits))

    # What is there

    def paths(self, prefix: str = '') -> list[str]:
        """Return the paths below a prefix as they stand now, in byte order."""
        gone = {path for path, (data, *_) in self._changed.items() if data is None}
        found = (set(self._entries) | set(self._changed)) - gone
        return sorted((path for path in found if path.startswith(prefix)), key=str.encode)

    def is_regular(self, path: str) -> bool:
        """Tell a file from a symbolic link and from a submodule."""
        return path in self._changed or is_regular(self._entries[path])

    def exists(self, path: str) -> bool:
        """Tell whether the path, or one that a file system takes for the same, is in use."""
        return folded(path) in self._folded

    def blob(self, path: str) -> str | None:
        """Return the blob id of a file, without needing its bytes."""
        if path in self._changed:
            data = self._changed[path][0]
            return None if data is None else blob_id(data)
        entry = self._entries.get(path)
        return entry.blob if entry else None

    def original_blob(self, path: str) -> str:
        """Return the blob id of a file at the commit, also when this plan takes it away."""
        return self._entries[path].blob

    def data(self, path: str) -> bytes:
        """Return the bytes of a file that was read or written."""
        if path in self._changed:
            data = self._changed[path][0]
            if data is None:
                raise KeyError(path)
            return data
        return self._texts[path]

    def was_read(self, path: str) -> bool:
        """Tell whether the bytes of a file are known."""
        return path in self._changed or path in self._texts

    def places(self, identity: Identity) -> list[Place]:
        """Return every managed document of an identity, in byte order of the paths and order of the documents."""
        return [
            Place(path, document)
            for path in sorted(set(self._places.get(identity, ())), key=str.encode)
            for document in self._files[path].documents
            if document.identity == identity
        ]

    def managed_files(self) -> Iterator[ManifestFile]:
        """Yield the managed manifests that were read, as they stand now."""
        yield from self._files.values()

    # What a plan does

    def write(self, path: str, data: bytes, reason: FileReason, *identities: Identity) -> None:
        """Put bytes at a path."""
        self._put(path, data, reason, identities)
        if is_managed_manifest(path):
            self._index(path, parse(path, data, self._limits))

    def delete(self, path: str, reason: FileReason, *identities: Identity) -> None:
        """Take a file away."""
        self._put(path, None, reason, identities)
        self._forget(path)

    def replace_document(self, place: Place, text: str, reason: FileReason) -> None:
        """Put an edited document back; every other byte of its file stays."""
        data = replace(self.data(place.path), place.document.index, text)
        self.write(place.path, data, reason, place.document.identity)

    def remove_document(self, place: Place, reason: FileReason) -> None:
        """Cut a document out of its file; the last one takes the file with it."""
        data = remove(self.data(place.path), place.document.index)
        if data is None:
            self.delete(place.path, reason, place.document.identity)
        else:
            self.write(place.path, data, reason, place.document.identity)

    def keep_directories(self, wanted: Iterator[str], *, complete: bool) -> None:
        """Put `.gitkeep` into the directories that would not exist otherwise; `complete` puts one into each."""
        present = {path.rpartition('/')[0] for path in self.paths()}
        parents = {
            '/'.join(parts[:end]) for parts in (p.split('/') for p in present) for end in range(1, len(parts) + 1)
        }
        for directory in wanted:
            path = f'{directory}/{KEEP}'
            if path not in self._entries and (complete or directory not in parents):
                self._put(path, b'', FileReason.INIT, ())

    def changes(self) -> tuple[FileChange, ...]:
        """Return the files that differ from the commit, in byte order."""
        return tuple(
            FileChange(path, data, reason, identities)
            for path, (data, reason, identities) in sorted(self._changed.items(), key=lambda item: item[0].encode())
            if self._differs(path, data)
        )

    def _differs(self, path: str, data: bytes | None) -> bool:
        entry = self._entries.get(path)
        if data is None:
            return entry is not None
        return entry is None or entry.blob != blob_id(data)

    def _put(self, path: str, data: bytes | None, reason: FileReason, identities: tuple[Identity, ...]) -> None:
        earlier = self._changed.get(path)
        known = earlier[2] if earlier else ()
        # A file that is ingested and then edited in the same pass is an ingest.
        first_reason = earlier[1] if earlier else reason
        self._changed[path] = (data, first_reason, tuple(dict.fromkeys((*known, *identities))))
        if data is None:
            self._folded.discard(folded(path))
        else:
            self._folded.add(folded(path))

    def _index(self, path: str, file: ManifestFile) -> None:
        self._forget(path)
        self._files[path] = file
        for document in file.documents:
            self._places.setdefault(document.identity, []).append(path)

    def _forget(self, path: str) -> None:
        file = self._files.pop(path, None)
        for document in file.documents if file else ():
            paths = self._places.get(document.identity, [])
            if path in paths:
                paths.remove(path)
            if not paths:
                self._places.pop(document.identity, None)
