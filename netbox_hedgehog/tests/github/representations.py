"""The JSON shapes of GitHub's answers."""

import base64
import difflib
from typing import TYPE_CHECKING, Any
from zlib import crc32

from .callers import Caller
from .objects import Entry, Signature

if TYPE_CHECKING:
    from .repository import HostedRepository

__all__ = (
    'branch_json',
    'commit_json',
    'file_change_json',
    'git_commit_json',
    'reference_json',
    'repository_json',
    'signatures_of',
    'user_json',
    'verification_json',
)

# The signature of GitHub's own key; nobody verifies it here, but it is part of the commit as a real one is.
GITHUB_SIGNATURE = (
    '-----BEGIN PGP SIGNATURE-----\n\n'
    'wsFcBAABCAAQBQJpMadeByTheDoubleCRC17pk7FHcAAA==\n=double\n'
    '-----END PGP SIGNATURE-----\n'
)
DIFFED_BYTES = 100_000
PATTERNS = {
    'archive': '{/archive_format}{/ref}',
    'assignees': '{/user}',
    'blobs': '/git/blobs{/sha}',
    'branches': '{/branch}',
    'collaborators': '{/collaborator}',
    'comments': '{/number}',
    'commits': '{/sha}',
    'compare': '/compare/{base}...{head}',
    'contents': '/contents/{+path}',
    'contributors': '',
    'deployments': '',
    'downloads': '',
    'events': '',
    'forks': '',
    'git_commits': '/git/commits{/sha}',
    'git_refs': '/git/refs{/sha}',
    'git_tags': '/git/tags{/sha}',
    'hooks': '',
    'issue_comment': '/issues/comments{/number}',
    'issue_events': '/issues/events{/number}',
    'issues': '{/number}',
    'keys': '{/key_id}',
    'labels': '{/name}',
    'languages': '',
    'merges': '',
    'milestones': '{/number}',
    'notifications': '{?since,all,participating}',
    'pulls': '{/number}',
    'releases': '{/id}',
    'stargazers': '',
    'statuses': '{/sha}',
    'subscribers': '',
    'subscription': '',
    'tags': '',
    'teams': '',
    'trees': '/git/trees{/sha}',
}


def number_of(text: str) -> int:
    """Return a number that stays the same for the same text."""
    return crc32(text.encode()) % 90_000_000 + 1


def user_json(url: str, login: str, kind: str = '') -> dict[str, Any]:
    api = f'{url}/api/v3/users/{login}'
    kind = kind or ('Bot' if login.endswith('[bot]') else 'User')
    return {
        'login': login,
        'id': number_of(login),
        'node_id': f'U_kgDO{number_of(login):08d}',
        'avatar_url': f'{url}/avatars/{login}',
        'gravatar_id': '',
        'url': api,
        'html_url': f'{url}/{login}',
        'followers_url': f'{api}/followers',
        'following_url': f'{api}/following{{/other_user}}',
        'gists_url': f'{api}/gists{{/gist_id}}',
        'starred_url': f'{api}/starred{{/owner}}{{/repo}}',
        'subscriptions_url': f'{api}/subscriptions',
        'organizations_url': f'{api}/orgs',
        'repos_url': f'{api}/repos',
        'events_url': f'{api}/events{{/privacy}}',
        'received_events_url': f'{api}/received_events',
        'type': kind,
        'site_admin': False,
    }


def repository_json(
    repository: 'HostedRepository', caller: Caller | None = None, *, is_full: bool = False
) -> dict[str, Any]:
    api, html = repository.api_url, repository.url
    created = repository.created.strftime('%Y-%m-%dT%H:%M:%SZ')
    urls = {
        f'{name}_url': api + (pattern if pattern.startswith('/') else f'/{name}{pattern}')
        for name, pattern in PATTERNS.items()
    }
    open_pulls = sum(pull.state == 'open' for pull in repository.pull_requests)
    value: dict[str, Any] = {
        'id': repository.number,
        'node_id': repository.node_id,
        'name': repository.name,
        'full_name': repository.full_name,
        'owner': user_json(repository.forge.url, repository.owner, 'Organization'),
        'private': repository.private,
        'html_url': html,
        'description': None,
        'fork': False,
        'url': api,
        **urls,
        'git_url': f'{html}.git',
        'ssh_url': f'git@127.0.0.1:{repository.full_name}.git',
        'clone_url': f'{html}.git',
        'svn_url': html,
        'mirror_url': None,
        'homepage': None,
        'language': None,
        'forks_count': 0,
        'stargazers_count': 0,
        'watchers_count': 0,
        'size': 0,
        'default_branch': repository.default_branch,
        'open_issues_count': open_pulls,
        'is_template': False,
        'topics': [],
        'has_issues': True,
        'has_projects': False,
        'has_wiki': False,
        'has_pages': False,
        'has_downloads': True,
        'has_discussions': False,
        'archived': repository.archived,
        'disabled': False,
        'visibility': 'private' if repository.private else 'public',
        'pushed_at': created,
        'created_at': created,
        'updated_at': created,
        'license': None,
        'forks': 0,
        'open_issues': open_pulls,
        'watchers': 0,
    }
    if caller:
        may_write, may_administer = caller.may('contents', 'write'), caller.may('administration', 'write')
        value['permissions'] = {
            'admin': may_administer,
            'maintain': may_administer,
            'push': may_write,
            'triage': may_write,
            'pull': True,
        }
    if is_full:
        value |= {
            'subscribers_count': 0,
            'network_count': 0,
            'allow_rebase_merge': True,
            'allow_squash_merge': True,
            'allow_merge_commit': True,
            'allow_auto_merge': False,
            'delete_branch_on_merge': False,
            'organization': user_json(repository.forge.url, repository.owner, 'Organization'),
        }
    return value


def reference_json(repository: 'HostedRepository', name: str, sha: str) -> dict[str, Any]:
    kind = repository.store.type_of(sha) or 'commit'
    return {
        'ref': name,
        'node_id': f'REF_{base64.b64encode(name.encode()).decode()}',
        'url': f'{repository.api_url}/git/{name}',
        'object': {'sha': sha, 'type': kind, 'url': f'{repository.api_url}/git/{kind}s/{sha}'},
    }


def signatures_of(repository: 'HostedRepository', sha: str) -> tuple[Signature, Signature]:
    commit = repository.store.commit(sha)
    assert commit is not None
    return (
        Signature.of(commit.author, commit.author_time, commit.author_timezone),
        Signature.of(commit.committer, commit.commit_time, commit.commit_timezone),
    )


def _person(signature: Signature) -> dict[str, str]:
    return {'name': signature.name, 'email': signature.email, 'date': signature.date}


def verification_json(repository: 'HostedRepository', sha: str) -> dict[str, Any]:
    commit = repository.store.commit(sha)
    assert commit is not None
    if not commit.gpgsig:
        return {'verified': False, 'reason': 'unsigned', 'signature': None, 'payload': None, 'verified_at': None}
    is_ours = commit.gpgsig.decode('ascii', 'replace').strip() == GITHUB_SIGNATURE.strip()
    return {
        'verified': is_ours,
        'reason': 'valid' if is_ours else 'unknown_key',
        'signature': commit.gpgsig.decode('ascii', 'replace'),
        'payload': f'tree {commit.tree.decode()}\n',
        'verified_at': signatures_of(repository, sha)[1].date if is_ours else None,
    }


def git_commit_json(repository: 'HostedRepository', sha: str) -> dict[str, Any]:
    """Describe a commit as the routes of Git data do."""
    commit = repository.store.commit(sha)
    assert commit is not None
    author, committer = signatures_of(repository, sha)
    api, html, tree = repository.api_url, repository.url, commit.tree.decode()
    return {
        'sha': sha,
        'node_id': f'C_kwDO{sha}',
        'url': f'{api}/git/commits/{sha}',
        'html_url': f'{html}/commit/{sha}',
        'author': _person(author),
        'committer': _person(committer),
        'tree': {'sha': tree, 'url': f'{api}/git/trees/{tree}'},
        'message': commit.message.decode('utf-8', 'replace'),
        'parents': [
            {'sha': parent, 'url': f'{api}/git/commits/{parent}', 'html_url': f'{html}/commit/{parent}'}
            for parent in repository.store.parents(sha)
        ],
        'verification': verification_json(repository, sha),
    }


def commit_json(repository: 'HostedRepository', sha: str) -> dict[str, Any]:
    """Describe a commit as the other routes do."""
    inner = git_commit_json(repository, sha)
    api, html = repository.api_url, repository.url
    return {
        'sha': sha,
        'node_id': inner['node_id'],
        'commit': {
            'author': inner['author'],
            'committer': inner['committer'],
            'message': inner['message'],
            'tree': inner['tree'],
            'url': inner['url'],
            'comment_count': 0,
            'verification': inner['verification'],
        },
        'url': f'{api}/commits/{sha}',
        'html_url': f'{html}/commit/{sha}',
        'comments_url': f'{api}/commits/{sha}/comments',
        'author': None,
        'committer': None,
        'parents': [
            {'sha': parent['sha'], 'url': f'{api}/commits/{parent["sha"]}', 'html_url': parent['html_url']}
            for parent in inner['parents']
        ],
    }


def file_change_json(
    repository: 'HostedRepository', commit: str, path: str, before: Entry | None, after: Entry | None
) -> dict[str, Any]:
    """Describe what a comparison says of one file."""
    store = repository.store
    old, new = (((store.blob(entry.sha) if entry else None) or b'') for entry in (before, after))
    patch: list[str] = []
    if len(old) + len(new) <= DIFFED_BYTES:
        before_lines, after_lines = (text.decode('utf-8', 'replace').splitlines() for text in (old, new))
        patch = list(difflib.unified_diff(before_lines, after_lines, lineterm=''))[2:]
    added = sum(line.startswith('+') for line in patch)
    removed = sum(line.startswith('-') for line in patch)
    entry = after or before
    assert entry is not None
    return {
        'sha': entry.sha,
        'filename': path,
        'status': 'added' if before is None else 'removed' if after is None else 'modified',
        'additions': added,
        'deletions': removed,
        'changes': added + removed,
        'blob_url': f'{repository.url}/blob/{commit}/{path}',
        'raw_url': f'{repository.url}/raw/{commit}/{path}',
        'contents_url': f'{repository.api_url}/contents/{path}?ref={commit}',
        'patch': '\n'.join(patch),
    }


def branch_json(repository: 'HostedRepository', name: str, sha: str) -> dict[str, Any]:
    api = f'{repository.api_url}/branches/{name}'
    is_protected = any(rule.kind == 'classic' for rule in repository.rules.get(name, []))
    return {
        'name': name,
        'commit': commit_json(repository, sha),
        '_links': {'self': api, 'html': f'{repository.url}/tree/{name}'},
        'protected': bool(repository.rules.get(name)),
        'protection': {
            'enabled': is_protected,
            'required_status_checks': {'enforcement_level': 'off', 'contexts': [], 'checks': []},
        },
        'protection_url': f'{api}/protection',
    }
