"""Pull requests: opened and edited through the API, merged or refused by people."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .exchange import Refusal
from .objects import NOTHING, Entry, Signature
from .representations import repository_json, user_json

if TYPE_CHECKING:
    from .repository import HostedRepository

__all__ = ('PullRequest', 'PullRequests')


@dataclass
class PullRequest:
    """A proposal to bring what a branch holds into another."""

    repository: 'HostedRepository' = field(repr=False)
    number: int
    title: str
    head: str
    base: str
    body: str | None
    user: str
    created: datetime
    draft: bool = False
    state: str = 'open'
    merged: bool = False
    merged_at: datetime | None = None
    closed_at: datetime | None = None
    merged_by: str | None = None
    merge_commit: str | None = None
    # The head's commit; it stays when the branch is removed.
    head_sha: str = ''
    base_sha: str = ''
    reviewers: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f'{self.repository.url}/pull/{self.number}'

    def json(self, *, is_full: bool = True) -> dict[str, Any]:
        """Describe the pull request; in lists some of it is left out."""
        repository, forge = self.repository, self.repository.forge
        api, issue = f'{repository.api_url}/pulls/{self.number}', f'{repository.api_url}/issues/{self.number}'
        links = {
            'self': api,
            'html': self.url,
            'issue': issue,
            'comments': f'{issue}/comments',
            'review_comments': f'{api}/comments',
            'review_comment': f'{repository.api_url}/pulls/comments{{/number}}',
            'commits': f'{api}/commits',
            'statuses': f'{repository.api_url}/statuses/{self.head_sha}',
        }
        value: dict[str, Any] = {
            'url': api,
            'id': repository.number * 10_000 + self.number,
            'node_id': f'PR_kwDO{repository.number:08d}{self.number:06d}',
            'html_url': self.url,
            'diff_url': f'{self.url}.diff',
            'patch_url': f'{self.url}.patch',
            'issue_url': issue,
            'commits_url': links['commits'],
            'review_comments_url': links['review_comments'],
            'review_comment_url': links['review_comment'],
            'comments_url': links['comments'],
            'statuses_url': links['statuses'],
            'number': self.number,
            'state': self.state,
            'locked': False,
            'title': self.title,
            'user': user_json(forge.url, self.user),
            'body': self.body,
            'labels': [_label_json(repository, name) for name in self.labels],
            'milestone': None,
            'active_lock_reason': None,
            'created_at': _moment(self.created),
            'updated_at': _moment(self.merged_at or self.closed_at or self.created),
            'closed_at': _moment(self.closed_at),
            'merged_at': _moment(self.merged_at),
            'merge_commit_sha': self.merge_commit,
            'assignee': None,
            'assignees': [],
            'requested_reviewers': [user_json(forge.url, login) for login in self.reviewers],
            'requested_teams': [],
            'head': self._end(self.head, self.head_sha),
            'base': self._end(self.base, self.base_sha),
            '_links': {name: {'href': url} for name, url in links.items()},
            'author_association': 'CONTRIBUTOR',
            'auto_merge': None,
            'draft': self.draft,
        }
        return value | self._details() if is_full else value

    def _details(self) -> dict[str, Any]:
        store = self.repository.store
        fork = store.merge_base(self.base_sha, self.head_sha)
        old = store.ancestors(fork) if fork else set()
        changed = store.changed_files(store.tree_of(fork) if fork else None, store.tree_of(self.head_sha))
        is_mergeable = None if self.state == 'closed' else self.repository.pulls.combined(self) is not None
        state = {None: 'unknown', True: 'clean', False: 'dirty'}[is_mergeable]
        return {
            'merged': self.merged,
            'mergeable': is_mergeable,
            'rebaseable': is_mergeable,
            'mergeable_state': state,
            'merged_by': user_json(self.repository.forge.url, self.merged_by) if self.merged_by else None,
            'comments': 0,
            'review_comments': 0,
            'maintainer_can_modify': False,
            'commits': len(store.ancestors(self.head_sha) - old),
            'additions': 0,
            'deletions': 0,
            'changed_files': len(changed),
        }

    def _end(self, branch: str, sha: str) -> dict[str, Any]:
        owner = self.repository.owner
        return {
            'label': f'{owner}:{branch}',
            'ref': branch,
            'sha': sha,
            'user': user_json(self.repository.forge.url, owner, 'Organization'),
            'repo': repository_json(self.repository),
        }


class PullRequests:
    """The pull requests of a repository, and what becomes of them when branches move."""

    def __init__(self, repository: 'HostedRepository') -> None:
        self.all: list[PullRequest] = []
        self._repository = repository

    def get(self, number: int) -> PullRequest:
        for pull in self.all:
            if pull.number == number:
                return pull
        raise Refusal(404, 'Not Found')

    def open(
        self, *, title: str, head: str, base: str, body: str | None, user: str, draft: bool = False
    ) -> PullRequest:
        repository = self._repository
        head = head.removeprefix(f'{repository.owner}:')
        head_sha, base_sha = repository.head(head), repository.head(base)
        for name, sha in (('base', base_sha), ('head', head_sha)):
            if not sha:
                raise _invalid(name, 'invalid')
        if any(pull.state == 'open' and (pull.head, pull.base) == (head, base) for pull in self.all):
            raise _invalid('', 'custom', f'A pull request already exists for {repository.owner}:{head}.')
        if repository.store.is_ancestor(head_sha, base_sha):
            raise _invalid('', 'custom', f'No commits between {base} and {head}')
        number = max((pull.number for pull in self.all), default=0) + 1
        pull = PullRequest(
            repository,
            number,
            title,
            head,
            base,
            body,
            user,
            repository.forge.now(),
            draft,
            head_sha=head_sha,
            base_sha=base_sha,
        )
        self.all.append(pull)
        repository.forge.changed()
        repository.forge.webhooks.announce_pull(pull, 'opened', user)
        return pull

    def close(self, pull: PullRequest, *, actor: str) -> None:
        if pull.state == 'open':
            pull.state, pull.closed_at = 'closed', self._repository.forge.now()
            self._repository.forge.changed()
            self._repository.forge.webhooks.announce_pull(pull, 'closed', actor)

    def reopen(self, pull: PullRequest, *, actor: str) -> None:
        if pull.merged or not self._repository.head(pull.head):
            raise _invalid('state', 'custom', 'state cannot be changed.')
        if pull.state == 'closed':
            pull.state, pull.closed_at = 'open', None
            self._repository.forge.changed()
            self._repository.forge.webhooks.announce_pull(pull, 'reopened', actor)

    def follow(self, name: str, after: str, *, actor: str) -> None:
        """See what a moved branch means for open pull requests."""
        branch = name.removeprefix('refs/heads/')
        for pull in [pull for pull in self.all if pull.state == 'open']:
            if pull.head == branch and after == NOTHING:
                self.close(pull, actor=actor)
            elif pull.head == branch:
                before, pull.head_sha = pull.head_sha, after
                self._repository.forge.changed()
                self._repository.forge.webhooks.announce_pull(
                    pull, 'synchronize', actor, {'before': before, 'after': after}
                )
            elif pull.base == branch and after != NOTHING:
                if self._repository.store.is_ancestor(pull.head_sha, after):
                    self._settle(pull, after, actor)
                else:
                    pull.base_sha = after

    def merge(self, pull: PullRequest, how: str, *, actor: str, title: str = '') -> str:
        """Merge by 'merge', 'squash' or 'rebase', and return the base's new head; raises Refusal."""
        if pull.state != 'open' or pull.draft:
            raise Refusal(405, 'Pull Request is not mergeable')
        tree = self.combined(pull)
        if tree is None:
            raise Refusal(405, 'Pull Request is not mergeable')
        make: dict[str, Callable[[PullRequest, str, str, str], str]] = {
            'merge': self._merge,
            'squash': self._squash,
            'rebase': self._rebase,
        }
        sha = make[how](pull, tree, actor, title)
        expected = self._repository.head(pull.base)
        # Settled before the branch moves, so that a listener to the push finds the pull request merged.
        self._settle(pull, sha, actor, is_announced=False)
        self._repository.move(f'refs/heads/{pull.base}', sha, expected=expected, actor=actor)
        self._repository.forge.webhooks.announce_pull(pull, 'closed', actor)
        return sha

    def update_branch(self, pull: PullRequest, *, actor: str) -> None:
        """Bring the base's commits into the head by a merge commit; raises Refusal."""
        repository = self._repository
        base, head = repository.head(pull.base), repository.head(pull.head)
        if repository.store.is_ancestor(base, head):
            raise Refusal(422, 'There are no new commits on the base branch.')
        tree = self.combined(pull)
        if tree is None:
            raise Refusal(422, 'merge conflict between base and head')
        message = f"Merge branch '{pull.base}' into {pull.head}"
        sha = self._commit(tree, [head, base], message, actor)
        repository.move(f'refs/heads/{pull.head}', sha, expected=head, actor=actor)

    def _settle(self, pull: PullRequest, sha: str, actor: str, *, is_announced: bool = True) -> None:
        now = self._repository.forge.now()
        pull.state, pull.merged, pull.merge_commit = 'closed', True, sha
        pull.merged_at, pull.closed_at, pull.merged_by = now, now, actor
        self._repository.forge.changed()
        if is_announced:
            self._repository.forge.webhooks.announce_pull(pull, 'closed', actor)

    def combined(self, pull: PullRequest) -> str | None:
        """Return the tree of both sides together, None where both changed the same file."""
        base = self._repository.head(pull.base)
        return self._combine(base, pull.head_sha) if base else None

    def _combine(self, base: str, head: str) -> str | None:
        store = self._repository.store
        fork = store.merge_base(base, head)
        if fork is None:
            return None
        ancestor, ours = store.files(store.tree_of(fork)), store.files(store.tree_of(base))
        changes: list[tuple[str, tuple[int, str] | None]] = []
        for path, _, after in store.changed_files(store.tree_of(fork), store.tree_of(head)):
            mine = ours.get(path)
            if _value(mine) == _value(after):
                continue
            if _value(mine) != _value(ancestor.get(path)):
                return None
            changes.append((path, _value(after)))
        return store.edit(store.tree_of(base), changes)

    def _merge(self, pull: PullRequest, tree: str, actor: str, title: str) -> str:
        owner = self._repository.owner
        message = title or f'Merge pull request #{pull.number} from {owner}/{pull.head}\n\n{pull.title}'
        return self._commit(tree, [self._repository.head(pull.base), pull.head_sha], message, actor)

    def _squash(self, pull: PullRequest, tree: str, actor: str, title: str) -> str:
        message = title or f'{pull.title} (#{pull.number})'
        return self._commit(tree, [self._repository.head(pull.base)], message, actor)

    def _rebase(self, pull: PullRequest, tree: str, actor: str, _title: str) -> str:
        store = self._repository.store
        onto = self._repository.head(pull.base)
        known = store.ancestors(onto)
        for sha in [sha for sha in reversed(store.history(pull.head_sha)) if sha not in known]:
            parents, commit = store.parents(sha), store.commit(sha)
            assert commit is not None
            if len(parents) > 1:
                continue
            changes = store.changed_files(store.tree_of(parents[0]) if parents else None, store.tree_of(sha))
            step = store.edit(store.tree_of(onto), [(path, _value(after)) for path, _, after in changes])
            author = Signature.of(commit.author, commit.author_time, commit.author_timezone)
            onto = self._commit(step, [onto], commit.message.decode(), actor, author)
        assert store.tree_of(onto) == tree
        return onto

    def _commit(self, tree: str, parents: list[str], message: str, actor: str, author: Signature | None = None) -> str:
        now = self._repository.forge.now().replace(microsecond=0)
        committer = Signature(actor, f'{actor.lower()}@users.noreply.github.com', now)
        return self._repository.store.add_commit(
            tree=tree, parents=parents, message=message, author=author or committer, committer=committer
        )


def _value(entry: Entry | None) -> tuple[int, str] | None:
    return (entry.mode, entry.sha) if entry else None


def _invalid(field_name: str, code: str, message: str = '') -> Refusal:
    error = {'resource': 'PullRequest', 'code': code}
    error |= {'field': field_name} if field_name else {}
    error |= {'message': message} if message else {}
    return Refusal(422, 'Validation Failed', errors=[error])


def _moment(when: datetime | None) -> str | None:
    return when.strftime('%Y-%m-%dT%H:%M:%SZ') if when else None


def _label_json(repository: 'HostedRepository', name: str) -> dict[str, Any]:
    return {
        'id': sum(name.encode()),
        'node_id': f'LA_{name}',
        'url': f'{repository.api_url}/labels/{name}',
        'name': name,
        'description': '',
        'color': 'ededed',
        'default': False,
    }
