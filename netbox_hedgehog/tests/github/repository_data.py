"""What the API tells of a repository, its branches and its history, and its archive."""

import io
import tarfile
from functools import lru_cache
from typing import Any

from .exchange import Answer, Refusal
from .faults import FaultKind
from .objects import EXECUTABLE, SUBMODULE, SYMLINK, TREE, ObjectStore
from .repository import HostedRepository, Rule
from .representations import branch_json, commit_json, file_change_json, repository_json
from .routing import Call, operation

__all__ = ('archive',)

REPOSITORY = '/repos/{owner}/{repo}'
READ = ('contents', 'read')
COMPARED_COMMITS, COMPARED_FILES = 250, 300


@operation('repos/get', f'GET {REPOSITORY}', permission=('metadata', 'read'))
def get_repository(call: Call) -> Answer:
    return Answer(200, repository_json(call.repository, call.caller, is_full=True))


# History


@operation('repos/list-commits', f'GET {REPOSITORY}/commits', permission=READ)
def list_commits(call: Call) -> Answer:
    repository = call.repository
    repository.require_objects()
    start = repository.resolve(call.query.get('sha') or repository.default_branch)
    if start is None:
        raise Refusal(404, 'Not Found')
    path = call.query.get('path', '').strip('/')
    found = repository.store.path_history(start, path) if path else repository.store.history(start)
    page, links = call.paged(found)
    return Answer(200, [commit_json(repository, sha) for sha in page], links)


@operation('repos/get-commit', f'GET {REPOSITORY}/commits/{{ref}}', permission=READ)
def get_commit(call: Call) -> Answer:
    repository = call.repository
    repository.require_objects()
    name = call.parameters['ref']
    sha = call.forge.stale.read(repository, f'refs/heads/{name}') or repository.resolve(name)
    if sha is None:
        raise Refusal(422, f'No commit found for SHA: {name}')
    if 'vnd.github.sha' in call.request.accept:
        return Answer(200, text=sha.encode(), content_type='application/vnd.github.sha; charset=utf-8')
    parents = repository.store.parents(sha)
    files, links = call.paged(_files(repository, parents[0] if parents else None, sha))
    changes = [change['changes'] for change in files]
    added, removed = (sum(change[name] for change in files) for name in ('additions', 'deletions'))
    value = commit_json(repository, sha)
    value |= {'stats': {'additions': added, 'deletions': removed, 'total': sum(changes)}, 'files': files}
    return Answer(200, value, links)


@operation('repos/compare-commits-with-basehead', f'GET {REPOSITORY}/compare/{{basehead}}', permission=READ)
def compare_commits(call: Call) -> Answer:
    repository = call.repository
    store = repository.store
    base_name, dots, head_name = call.parameters['basehead'].partition('...')
    base, head = (repository.resolve(name.rpartition(':')[2]) for name in (base_name, head_name))
    if not dots or base is None or head is None:
        raise Refusal(404, 'Not Found')
    fork = store.merge_base(base, head)
    if fork is None:
        raise Refusal(404, f'No common ancestor between {base_name} and {head_name}.')
    old = store.ancestors(base)
    ahead = [sha for sha in reversed(store.history(head)) if sha not in old]
    behind = len(old - store.ancestors(head))
    page, size = call.request.page(COMPARED_COMMITS)
    listed = ahead[(page - 1) * size : page * size]
    status = {(False, False): 'identical', (True, False): 'ahead', (False, True): 'behind', (True, True): 'diverged'}
    html = f'{repository.url}/compare/{base_name}...{head_name}'
    value: dict[str, Any] = {
        'url': f'{repository.api_url}/compare/{base_name}...{head_name}',
        'html_url': html,
        'permalink_url': html,
        'diff_url': f'{html}.diff',
        'patch_url': f'{html}.patch',
        'base_commit': commit_json(repository, base),
        'merge_base_commit': commit_json(repository, fork),
        'status': status[bool(ahead), bool(behind)],
        'ahead_by': len(ahead),
        'behind_by': behind,
        'total_commits': len(ahead),
        'commits': [commit_json(repository, sha) for sha in listed],
    }
    if page == 1:
        value['files'] = _files(repository, fork, head)[:COMPARED_FILES]
    return Answer(200, value)


def _files(repository: HostedRepository, old: str | None, new: str) -> list[dict[str, Any]]:
    store = repository.store
    changes = store.changed_files(store.tree_of(old) if old else None, store.tree_of(new))
    return [file_change_json(repository, new, *change) for change in changes[: COMPARED_FILES + 1]]


# Branches


@operation('repos/list-branches', f'GET {REPOSITORY}/branches', permission=READ)
def list_branches(call: Call) -> Answer:
    repository = call.repository
    found = list(repository.store.references('refs/heads/').items())
    page, links = call.paged(found)
    rows = [
        {
            'name': name.removeprefix('refs/heads/'),
            'commit': {'sha': sha, 'url': f'{repository.api_url}/commits/{sha}'},
            'protected': bool(repository.rules.get(name.removeprefix('refs/heads/'))),
        }
        for name, sha in page
    ]
    return Answer(200, rows, links)


@operation('repos/get-branch', f'GET {REPOSITORY}/branches/{{branch}}', permission=READ)
def get_branch(call: Call) -> Answer:
    name = call.parameters['branch']
    sha = call.forge.stale.read(call.repository, f'refs/heads/{name}')
    if sha is None:
        raise Refusal(404, 'Branch not found')
    return Answer(200, branch_json(call.repository, name, sha))


@operation(
    'repos/get-branch-protection',
    f'GET {REPOSITORY}/branches/{{branch}}/protection',
    permission=('administration', 'read'),
)
def get_branch_protection(call: Call) -> Answer:
    name = call.parameters['branch']
    if not any(rule.kind == 'classic' for rule in call.repository.rules.get(name, [])):
        raise Refusal(404, 'Branch not protected')
    url = f'{call.repository.api_url}/branches/{name}/protection'
    reviews = {
        'url': f'{url}/required_pull_request_reviews',
        'dismiss_stale_reviews': False,
        'require_code_owner_reviews': False,
        'required_approving_review_count': 1,
    }
    return Answer(200, {'url': url, 'required_pull_request_reviews': reviews})


@operation('repos/get-branch-rules', f'GET {REPOSITORY}/rules/branches/{{branch}}', permission=('metadata', 'read'))
def get_branch_rules(call: Call) -> Answer:
    rules = [rule for rule in call.repository.rules.get(call.parameters['branch'], []) if rule.kind != 'classic']
    page, links = call.paged(rules)
    return Answer(200, [_rule_json(call.repository, rule) for rule in page], links)


def _rule_json(repository: HostedRepository, rule: Rule) -> dict[str, Any]:
    value: dict[str, Any] = {
        'type': rule.kind,
        'ruleset_source_type': 'Repository',
        'ruleset_source': repository.full_name,
        'ruleset_id': 1,
    }
    if rule.kind == 'pull_request':
        value['parameters'] = {
            'dismiss_stale_reviews_on_push': False,
            'require_code_owner_review': False,
            'require_last_push_approval': False,
            'required_approving_review_count': 1,
            'required_review_thread_resolution': False,
        }
    return value


# The archive


@operation('repos/download-tarball-archive', f'GET {REPOSITORY}/tarball/{{ref}}', permission=READ)
def download_tarball(call: Call) -> Answer:
    """Send the client to another host, with a ticket instead of its token."""
    repository = call.repository
    sha = repository.resolve(call.parameters['ref'] or repository.default_branch)
    if sha is None:
        raise Refusal(404, 'Not Found')
    return Answer(302, None, {'Location': call.forge.archive_address(repository, sha)})


def archive(repository: HostedRepository, commit: str, faults: frozenset[FaultKind]) -> bytes:
    """Return the gzipped archive of a commit, as the archive host makes it."""
    store = repository.store
    entries = [
        (entry.path, entry.mode, store.blob(entry.sha) or b'')
        for entry in store.listing(store.tree_of(commit))
        if entry.mode != SUBMODULE
    ]
    files = [position for position, (_, mode, _) in enumerate(entries) if mode not in {TREE, SYMLINK}]
    stated = commit
    if FaultKind.WRONG_TARBALL in faults and files:
        path, mode, content = entries[files[0]]
        entries[files[0]] = (path, mode, content + b'# altered\n')
    if FaultKind.MISSING_FILE in faults and files:
        del entries[files[-1]]
    if FaultKind.WRONG_COMMIT in faults:
        stated = next(iter(store.parents(commit)), 'f' * 40)
    top = f'{repository.owner}-{repository.name}-{stated[:7]}'
    if faults:
        return _packed(entries, top, stated, _moment(store, commit))
    return _packed_once(repository.full_name, tuple(entries), top, stated, _moment(store, commit))


def _moment(store: ObjectStore, commit: str) -> int:
    found = store.commit(commit)
    return found.commit_time if found else 0


@lru_cache(maxsize=4)
def _packed_once(_name: str, entries: tuple[tuple[str, int, bytes], ...], top: str, commit: str, when: int) -> bytes:
    return _packed(entries, top, commit, when)


def _packed(
    entries: tuple[tuple[str, int, bytes], ...] | list[tuple[str, int, bytes]], top: str, commit: str, when: int
) -> bytes:
    """Pack a tree below one directory, with the commit's id in the header as `git archive` puts it there."""
    buffer = io.BytesIO()
    with tarfile.open(
        fileobj=buffer, mode='w:gz', format=tarfile.PAX_FORMAT, pax_headers={'comment': commit}, compresslevel=1
    ) as tar:
        for path, mode, content in [('', TREE, b''), *entries]:
            member = tarfile.TarInfo(f'{top}/{path}'.rstrip('/'))
            member.mtime, member.uname, member.gname = when, 'root', 'root'
            if mode == TREE:
                member.type, member.mode = tarfile.DIRTYPE, 0o775
                tar.addfile(member)
            elif mode == SYMLINK:
                member.type, member.linkname, member.mode = tarfile.SYMTYPE, content.decode(), 0o777
                tar.addfile(member)
            else:
                member.size, member.mode = len(content), 0o775 if mode == EXECUTABLE else 0o664
                tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
