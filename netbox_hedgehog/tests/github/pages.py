"""Pages for people, so that a link to a repository, a commit or a pull request leads somewhere."""

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import TYPE_CHECKING

from .exchange import Answer, Refusal, Request
from .objects import TREE
from .pull_requests import PullRequest
from .representations import file_change_json, signatures_of

if TYPE_CHECKING:
    from .forge import Forge
    from .repository import HostedRepository

__all__ = ('answer_page',)

LISTED_COMMITS = 50
NOT_FOUND = 404
STYLE = (
    'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328}'
    'pre{background:#f6f8fa;padding:1rem;overflow:auto}a{color:#0969da}button{margin-right:.5rem}'
    '.added{color:#1a7f37}.removed{color:#d1242f}'
)

type Page = Callable[['HostedRepository', str], Answer]


def answer_page(forge: 'Forge', request: Request) -> Answer:
    """Answer what a browser asks for."""
    parts = request.path.strip('/').split('/', 2)
    repository = forge.repository('/'.join(parts[:2])) if len(parts) > 1 else None
    if request.path == '/':
        links = (_link(one.url, one.full_name) for one in forge.repositories.values())
        return _page('Repositories', _list(links))
    if repository is None:
        return _page('Not found', '<p>There is no such page.</p>', NOT_FOUND)
    rest = parts[2] if len(parts) > 2 else ''
    if request.method == 'POST':
        return _act(repository, rest)
    with forge.lock:
        for pattern, page in PAGES:
            if match := re.fullmatch(pattern, rest):
                return page(repository, match[1] if match.groups() else '')
    return _page('Not found', '<p>There is no such page.</p>', NOT_FOUND)


def _overview(repository: 'HostedRepository', branch: str) -> Answer:
    store = repository.store
    head = repository.resolve(branch or repository.default_branch)
    pulls = _list(_link(pull.url, f'#{pull.number} {pull.title} ({_state(pull)})') for pull in repository.pull_requests)
    if head is None:
        return _page(repository.full_name, f'<p>There is no commit yet.</p><h2>Pull requests</h2>{pulls}')
    commits = _list(_commit_line(repository, sha) for sha in store.history(head)[:LISTED_COMMITS])
    files = _list(
        _link(f'{repository.url}/blob/{head}/{entry.path}', entry.path)
        for entry in store.listing(store.tree_of(head))
        if entry.mode != TREE
    )
    return _page(
        repository.full_name,
        f'<h2>Pull requests</h2>{pulls}<h2>Commits</h2>{commits}<h2>Files</h2>{files}',
    )


def _commit(repository: 'HostedRepository', name: str) -> Answer:
    sha = repository.resolve(name)
    found = repository.store.commit(sha) if sha else None
    if sha is None or found is None:
        return _page('Not found', '<p>There is no such commit.</p>', NOT_FOUND)
    parents = repository.store.parents(sha)
    author, _ = signatures_of(repository, sha)
    body = (
        f'<p>{escape(author.name)} &lt;{escape(author.email)}&gt;, {author.date}</p>'
        f'<pre>{escape(found.message.decode("utf-8", "replace"))}</pre>'
        f'{_changes(repository, parents[0] if parents else None, sha)}'
    )
    return _page(f'Commit {sha[:10]}', _back(repository) + body)


def _pull(repository: 'HostedRepository', number: str) -> Answer:
    try:
        pull = repository.pulls.get(int(number))
    except Refusal:
        return _page('Not found', '<p>There is no such pull request.</p>', NOT_FOUND)
    buttons = ''
    if pull.state == 'open':
        names = {'merge': 'Merge', 'squash': 'Squash and merge', 'rebase': 'Rebase and merge', 'close': 'Close'}
        buttons = ''.join(f'<button formaction="{pull.url}/{action}">{name}</button>' for action, name in names.items())
    fork = repository.store.merge_base(pull.base_sha, pull.head_sha)
    body = (
        f'<p><b id="state">{_state(pull)}</b>: {escape(pull.user)} wants to bring <code>{escape(pull.head)}</code> '
        f'into <code>{escape(pull.base)}</code></p><form method="post">{buttons}</form>'
        f'<pre>{escape(pull.body or "")}</pre>{_changes(repository, fork, pull.head_sha)}'
    )
    return _page(f'#{pull.number} {pull.title}', _back(repository) + body)


def _blob(repository: 'HostedRepository', rest: str) -> Answer:
    name, _, path = rest.partition('/')
    commit = repository.resolve(name)
    found = repository.store.at(repository.store.tree_of(commit), path) if commit else None
    content = repository.store.blob(found[1]) if found else None
    if content is None:
        return _page('Not found', '<p>There is no such file.</p>', NOT_FOUND)
    return _page(path, f'{_back(repository)}<pre>{escape(content.decode("utf-8", "replace"))}</pre>')


def _act(repository: 'HostedRepository', rest: str) -> Answer:
    """Do what a button says, and show the pull request again."""
    match = re.fullmatch(r'pull/(\d+)/(merge|squash|rebase|close)', rest)
    if match is None:
        return _page('Not found', '<p>There is no such page.</p>', NOT_FOUND)
    number, action = int(match[1]), match[2]
    try:
        if action == 'close':
            repository.close_pull(number)
        else:
            repository.merge_pull(number, action)
    except Refusal as refusal:
        return _page('Not done', f'<p>{escape(refusal.message)}</p>', refusal.status)
    return Answer(303, headers={'Location': f'{repository.url}/pull/{number}'})


def _changes(repository: 'HostedRepository', old: str | None, new: str) -> str:
    store = repository.store
    parts = []
    for change in store.changed_files(store.tree_of(old) if old else None, store.tree_of(new)):
        told = file_change_json(repository, new, *change)
        lines = '\n'.join(_coloured(line) for line in told['patch'].splitlines())
        parts.append(f'<h3>{escape(told["filename"])} ({told["status"]})</h3><pre>{lines}</pre>')
    return ''.join(parts)


def _coloured(line: str) -> str:
    kind = {'+': 'added', '-': 'removed'}.get(line[:1])
    return f'<span class="{kind}">{escape(line)}</span>' if kind else escape(line)


def _commit_line(repository: 'HostedRepository', sha: str) -> str:
    found = repository.store.commit(sha)
    assert found is not None
    headline = found.message.decode('utf-8', 'replace').partition('\n')[0]
    author, _ = signatures_of(repository, sha)
    return f'{_link(f"{repository.url}/commit/{sha}", sha[:10])} {escape(headline)} <i>{escape(author.name)}</i>'


def _state(pull: PullRequest) -> str:
    return 'merged' if pull.merged else pull.state


def _back(repository: 'HostedRepository') -> str:
    return f'<p>{_link(repository.url, repository.full_name)}</p>'


def _link(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>'


def _list(items: Iterable[str]) -> str:
    return f'<ul>{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def _page(title: str, body: str, status: int = 200) -> Answer:
    text = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>'
    )
    return Answer(status, text=text.encode(), content_type='text/html; charset=utf-8')


PAGES: tuple[tuple[str, Page], ...] = (
    ('', _overview),
    ('(?:tree|commits)/(.+)', _overview),
    ('commit/([^/]+)', _commit),
    (r'pull/(\d+)(?:/.*)?', _pull),
    ('(?:blob|raw)/(.+)', _blob),
)
