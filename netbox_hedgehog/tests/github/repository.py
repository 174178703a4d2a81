"""A hosted repository: its directory, its rules, its hooks, and what other people do to it."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dulwich.objects import Commit

from .callers import Caller
from .exchange import Refusal
from .objects import FILE, NOTHING, TREE, ObjectStore, Signature
from .pull_requests import PullRequest, PullRequests
from .webhooks import Hook

if TYPE_CHECKING:
    from .forge import Forge

__all__ = ('HostedRepository', 'Rule')

RULE_TEXTS = {
    'pull_request': 'Changes must be made through a pull request.',
    'required_signatures': 'Commits must have verified signatures.',
}
CLASSIC_TEXT = 'At least one approving review is required by reviewers with write access.'
RULE_NAMES = {'signatures': 'required_signatures'}

type Content = bytes | tuple[int, bytes | str]


@dataclass(frozen=True)
class Rule:
    """A rule for a branch: of a ruleset, or ('classic') branch protection."""

    kind: str
    # Logins that the rule does not bind.
    bypass: frozenset[str] = frozenset()


@dataclass
class HostedRepository:
    """A bare repository with a name. Its directory may be read, and pushed to, with plain Git."""

    forge: 'Forge' = field(repr=False)
    number: int
    owner: str
    name: str
    default_branch: str
    store: ObjectStore = field(repr=False)
    created: datetime
    private: bool = True
    archived: bool = False
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    hooks: list[Hook] = field(default_factory=list)
    pulls: PullRequests = field(init=False, repr=False)
    # What each reference pointed to before it was last moved, and when that was; None for a new one.
    _previous: dict[str, tuple[str | None, datetime]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.pulls = PullRequests(self)

    # What a test looks at

    @property
    def full_name(self) -> str:
        return f'{self.owner}/{self.name}'

    @property
    def url(self) -> str:
        return f'{self.forge.url}/{self.full_name}'

    @property
    def api_url(self) -> str:
        return f'{self.forge.api_url}/repos/{self.full_name}'

    @property
    def node_id(self) -> str:
        return f'R_kgDO{self.number:08d}'

    @property
    def path(self) -> Path:
        return self.store.path

    @property
    def pull_requests(self) -> list[PullRequest]:
        return self.pulls.all

    def head(self, branch: str = '') -> str:
        """Return what a branch points to; the empty text where there is no such branch."""
        return self.store.reference(f'refs/heads/{branch or self.default_branch}') or ''

    def files(self, branch: str = '') -> dict[str, bytes]:
        """Return the content of every file, links included and submodules not."""
        with self.forge.lock:
            head = self.head(branch)
            found = self.store.files(self.store.tree_of(head)) if head else {}
            blobs = {path: self.store.blob(entry.sha) for path, entry in found.items()}
        return {path: content for path, content in blobs.items() if content is not None}

    def log(self, branch: str = '') -> list[Commit]:
        """List a branch's commits, oldest first."""
        with self.forge.lock:
            head = self.head(branch)
            found = [self.store.commit(sha) for sha in reversed(self.store.history(head))] if head else []
        return [commit for commit in found if commit]

    def fsck(self) -> str:
        """Return what `git fsck` complains of."""
        done = subprocess.run(
            ['git', '-C', str(self.path), 'fsck', '--full', '--strict', '--no-dangling', '--no-progress'],
            capture_output=True,
            text=True,
            check=False,
        )
        lines = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith('notice:')]
        return '\n'.join(lines) or ('' if not done.returncode else f'git fsck ended with {done.returncode}')

    # What somebody else does

    def push(
        self,
        files: Mapping[str, Content | None],
        message: str = 'Change from elsewhere',
        branch: str = '',
        author: str = 'Somebody <somebody@example.com>',
        force_parent: str | None = None,
    ) -> str:
        """Commit as somebody else; a file is its content, or a mode and a content or id, or None to delete it.

        With `force_parent` the commit is put on top of that one, whatever the branch holds.
        """
        with self.forge.lock:
            branch = branch or self.default_branch
            current = self.head(branch) or None
            parent = force_parent or current
            base = self.store.tree_of(parent) if parent else None
            tree = self.store.edit(base, self._changes(base, files))
            signature = Signature.of(author.encode(), int(self.forge.now().timestamp()), 0)
            sha = self.store.add_commit(
                tree=tree, parents=[parent] if parent else [], message=message, author=signature, committer=signature
            )
            self.move(f'refs/heads/{branch}', sha, expected=current, actor=signature.name)
            return sha

    def rewind(self, branch: str, sha: str) -> None:
        """Force-push a branch to another commit."""
        with self.forge.lock:
            self.move(f'refs/heads/{branch}', sha, expected=self.head(branch) or None, actor='Somebody')

    def _changes(
        self, base: str | None, files: Mapping[str, Content | None]
    ) -> list[tuple[str, tuple[int, str] | None]]:
        changes: list[tuple[str, tuple[int, str] | None]] = []
        contents: list[tuple[str, int, bytes]] = []
        for path, value in files.items():
            if value is None:
                changes.append((path, None))
            elif isinstance(value, tuple):
                mode, content = value
                if isinstance(content, str):
                    changes.append((path, (mode, content)))
                else:
                    contents.append((path, mode, content))
            else:
                present = self.store.at(base, path) if base else None
                contents.append((path, present[0] if present and present[0] != TREE else FILE, value))
        ids = self.store.write_all(('blob', content) for _, _, content in contents)
        changes += [(path, (mode, sha)) for (path, mode, _), sha in zip(contents, ids, strict=True)]
        return changes

    def protect(self, branch: str, kind: str = 'pull_request', *, bypass: frozenset[str] = frozenset()) -> None:
        """Add a rule: 'pull_request', 'signatures', 'classic', or another type that is only listed."""
        self.rules.setdefault(branch, []).append(Rule(RULE_NAMES.get(kind, kind), bypass))

    def unprotect(self, branch: str) -> None:
        self.rules.pop(branch, None)

    def rename(self, name: str) -> None:
        """Give the repository another name; the old one is redirected."""
        with self.forge.lock:
            self.forge.rename(self, name)

    def merge_pull(self, number: int, how: str = 'merge') -> str:
        """Merge a pull request as a person does, and return the new head of its base."""
        with self.forge.lock:
            return self.pulls.merge(self.pulls.get(number), how, actor='Somebody')

    def close_pull(self, number: int) -> None:
        with self.forge.lock:
            self.pulls.close(self.pulls.get(number), actor='Somebody')

    # What the API does

    def resolve(self, name: str) -> str | None:
        """Return the commit that a branch, a tag, a full reference or an id names."""
        for candidate in (name, f'refs/{name}', f'refs/heads/{name}', f'refs/tags/{name}'):
            if candidate.startswith('refs/') and (sha := self.store.reference(candidate)):
                return sha
        return name if self.store.type_of(name) == 'commit' else None

    def move(self, name: str, new: str | None, *, expected: str | None, actor: str) -> bool:
        """Move, make or remove a reference and tell those who want to know; False if it is not where expected."""
        if not self.store.set_reference(name, new, expected=expected):
            return False
        self.moved(name, expected or NOTHING, new or NOTHING, actor=actor)
        return True

    def moved(self, name: str, before: str, after: str, *, actor: str) -> None:
        """Take note of a reference that was moved, here or by a plain push."""
        if before == after:
            return
        self._previous[name] = (None if before == NOTHING else before, self.forge.now())
        self.forge.webhooks.announce_push(self, name, before, after, actor)
        self.pulls.follow(name, after, actor=actor)

    def previous(self, name: str) -> tuple[str | None, datetime] | None:
        return self._previous.get(name)

    def binding_rules(self, branch: str, caller: Caller) -> list[Rule]:
        return [rule for rule in self.rules.get(branch, []) if caller.login not in rule.bypass]

    def rule_violation(self, branch: str, new: str, caller: Caller) -> str:
        """Return what GitHub says when a rule forbids a branch to be moved to a commit, and nothing otherwise."""
        texts = []
        for rule in self.binding_rules(branch, caller):
            if rule.kind == 'classic':
                return CLASSIC_TEXT
            if rule.kind == 'required_signatures':
                commit = self.store.commit(new)
                if commit and commit.gpgsig:
                    continue
            if rule.kind in RULE_TEXTS:
                texts.append(RULE_TEXTS[rule.kind])
        return 'Repository rule violations found\n\n' + ''.join(f'{text}\n\n' for text in texts) if texts else ''

    def require_objects(self) -> None:
        """Refuse, as every route of Git data does, when there is no commit yet."""
        if self.store.is_empty():
            raise Refusal(409, 'Git Repository is empty.')


def is_sound_reference(name: str) -> bool:
    """Tell whether a full reference name is one that Git accepts."""
    return (
        name.startswith('refs/')
        and name.count('/') >= 2
        and re.search(r'[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|\.lock(/|$)|/\.|/$|\.$', name) is None
    )
