"""What a root tree holds, complete or not at all; a tree never changes, so each is asked for once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..errors import Unavailable, Unsupported
from ..objects import encode_path
from ..protocol import Entry
from .answers import fields, reading
from .memory import BranchMemory
from .transport import GitHubServer

__all__ = ('EMPTY_TREE', 'Listings')

# The tree without entries, which need not be stored anywhere.
EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

_MISSING = frozenset({404, 422})


@dataclass(frozen=True, slots=True)
class _Item:
    """One name in a directory."""

    mode: int
    sha: str
    is_directory: bool


class Listings:
    """The directories of one repository, named by their trees."""

    def __init__(self, server: GitHubServer, memory: BranchMemory) -> None:
        self._server = server
        self._memory = memory
        # By tree: everything below it, in the order of paths; and its own names.
        self._deep: dict[str, dict[str, Entry]] = {EMPTY_TREE: {}}
        self._flat: dict[str, dict[str, _Item]] = {EMPTY_TREE: {}}

    def whole(self, root: str) -> Mapping[str, Entry] | None:
        """Return everything below a root tree if it is known already."""
        return self._deep.get(root)

    def learn(self, root: str, entries: Mapping[str, Entry]) -> None:
        """Remember everything below a root tree that was just made."""
        self._deep[root] = _in_order(entries)

    def below(self, root: str, prefix: str) -> dict[str, Entry]:
        """List everything below a directory of a root tree."""
        names = [name for name in prefix.split('/') if name]
        start = ''.join(f'{name}/' for name in names)
        whole = self._everything(root)
        if whole is not None:
            return {path: entry for path, entry in whole.items() if path.startswith(start)}
        tree = self._directory(root, names)
        return {start + path: entry for path, entry in self._walk(tree).items()} if tree else {}

    def at(self, root: str, paths: Iterable[str]) -> dict[str, Entry | None]:
        """Say what stands at some paths of a root tree, which is asked for as a whole if it is not too large."""
        whole = self._everything(root)
        if whole is not None:
            return {path: whole.get(path) for path in paths}
        return {path: self._entry(root, path) for path in paths}

    def _everything(self, root: str) -> dict[str, Entry] | None:
        """Return all below a root tree, None if it is more than GitHub lists at once."""
        if root in self._deep or not self._memory.listing_truncated:
            found = self._recursive(root)
            self._memory.listing_truncated = found is None
            return found
        return None

    def _walk(self, tree: str) -> dict[str, Entry]:
        """List a directory part by part, as large parts as GitHub lists at once."""
        found = self._recursive(tree)
        if found is not None:
            return found
        parts: dict[str, Entry] = {}
        for name, item in self._names(tree).items():
            if item.is_directory:
                parts |= {f'{name}/{path}': entry for path, entry in self._walk(item.sha).items()}
            else:
                parts[name] = Entry(item.mode, item.sha)
        self._deep[tree] = _in_order(parts)
        return self._deep[tree]

    def _directory(self, root: str, names: Iterable[str]) -> str | None:
        tree = root
        for name in names:
            item = self._names(tree).get(name)
            if item is None or not item.is_directory:
                return None
            tree = item.sha
        return tree

    def _entry(self, root: str, path: str) -> Entry | None:
        *names, name = path.split('/')
        tree = self._directory(root, names)
        item = self._names(tree).get(name) if tree else None
        return Entry(item.mode, item.sha) if item and not item.is_directory else None

    def _recursive(self, tree: str) -> dict[str, Entry] | None:
        if tree not in self._deep:
            items, is_truncated = self._fetch(tree, recursive=True)
            if is_truncated:
                return None
            self._deep[tree] = _in_order(
                {path: Entry(item.mode, item.sha) for path, item in items.items() if not item.is_directory}
            )
        return self._deep[tree]

    def _names(self, tree: str) -> dict[str, _Item]:
        if tree not in self._flat:
            items, is_truncated = self._fetch(tree, recursive=False)
            if is_truncated:
                reason = f'{self._server.address} has a directory with more entries than GitHub lists.'
                raise Unavailable(reason, 'Spread its files over several directories.')
            self._flat[tree] = items
        return self._flat[tree]

    def _fetch(self, tree: str, *, recursive: bool) -> tuple[dict[str, _Item], bool]:
        path = self._server.at(f'git/trees/{tree}')
        # Any value of `recursive` means true.
        answer = self._server.get(path, params={'recursive': 1} if recursive else None, allow=_MISSING)
        if answer.status in _MISSING:
            raise Unavailable(f'{self._server.address} does not hold the directory {tree}.')
        found = fields(answer, path)
        with reading(path):
            items = {
                str(entry['path']): _Item(int(entry['mode'], 8), str(entry['sha']), entry['type'] == 'tree')
                for entry in found['tree']
            }
            is_truncated = bool(found['truncated'])
            are_alike = len(items) < len(found['tree'])
        if are_alike:
            reason = 'it has files whose names are not UTF-8, and the API of GitHub does not tell them apart'
            raise Unsupported(self._server.address, reason, 'Rename them, or choose the plain Git backend.')
        return items, is_truncated


def _in_order(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    return {path: entries[path] for path in sorted(entries, key=encode_path)}
