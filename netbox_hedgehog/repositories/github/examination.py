"""Ask GitHub, question by question, whether a connection can work; each answer is a line with what to do about it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..errors import (
    BranchMissing,
    CredentialUnusable,
    EmptyRepository,
    Forbidden,
    NotFound,
    RateLimited,
    RepositoryError,
    Unauthorized,
)
from .answers import fields, pages, reading
from .credentials import AppKey, Credential
from .findings import (
    Check,
    Finding,
    judge_budget,
    judge_clock,
    judge_hook,
    judge_repository,
    judge_rules,
    judge_server,
    judge_token,
)
from .hooks import Hooks
from .refusals import AnswerLost
from .rules import obstacles
from .transport import GitHubServer

__all__ = ('Subject', 'examine')

# What has to be answered before a question can be asked at all.
_NEEDS: dict[Check, Check] = {
    'clock': 'address',
    'authentication': 'address',
    'budget': 'authentication',
    'repository': 'authentication',
    'write permission': 'repository',
    'branch': 'repository',
    'rules': 'repository',
    'directory': 'branch',
    'webhook': 'repository',
}

# Always the same content, so that all examinations together leave one unreachable blob behind.
PROBE = 'May netbox_hedgehog write here? This text is part of no commit.\n'


@dataclass(frozen=True, slots=True)
class Subject:
    """What the service is set to do with the repository.

    `prefixes` are the directories of the fabrics, `hook_url` the address that a webhook should call, or empty.
    `proposes`: changes go through pull requests; `verified`: commits are made so that GitHub signs them.
    """

    branch: str
    prefixes: Collection[str] = ()
    hook_url: str = ''
    proposes: bool = False
    verified: bool = False


def examine(server: GitHubServer, subject: Subject, credential: Credential) -> Iterator[Finding]:
    """Ask all questions in turn; every one gives a line, those that cannot be asked the verdict `skipped`.

    Nothing is changed, but that GitHub keeps one small content that belongs to no commit.
    """
    return _Examination(server, subject, credential).findings()


class _Examination:
    """One run over all questions; what an answer tells for later ones is kept."""

    def __init__(self, server: GitHubServer, subject: Subject, credential: Credential) -> None:
        self._server = server
        self._subject = subject
        self._credential = credential
        self._repository = server.at('')
        self._unanswered: set[Check] = set()
        self._denial: RepositoryError | None = None
        self._date = ''
        self._default_branch = ''
        self._head = ''

    def findings(self) -> Iterator[Finding]:
        yield from self._ask('address', self._address)
        yield from self._ask('clock', self._clock)
        yield from self._ask('authentication', self._authentication)
        yield from self._ask('budget', self._budget)
        yield from self._ask('repository', self._repository_state)
        yield from self._ask('write permission', self._write_permission)
        yield from self._ask('branch', self._branch)
        yield from self._ask('rules', self._rules)
        yield from self._ask('directory', self._directories)
        yield from self._ask('webhook', self._webhook)

    def _ask(self, check: Check, question: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
        needed = _NEEDS.get(check)
        if needed in self._unanswered:
            self._unanswered.add(check)
            yield Finding(check, 'skipped', f'Not asked: the {needed} has to be in order first.')
            return
        try:
            yield from question()
        except RateLimited as error:  # says nothing about the connection, and later questions may be free
            yield Finding(check, 'skipped', f'Not asked: {error.message}', error.remedy)
        except RepositoryError as error:
            self._unanswered.add(check)
            yield Finding(check, 'failed', error.message, error.remedy)

    def _address(self) -> Iterator[Finding]:
        try:
            answer = self._server.get('/meta', allow=frozenset({401, 403, 404}))
        except CredentialUnusable as error:
            self._denial = error
            yield Finding('address', 'skipped', 'Not asked: there is nothing to sign in with.')
            return
        except (Forbidden, NotFound, Unauthorized) as error:  # a GitHub App signs in before its first question
            self._denial = error
            yield Finding('address', 'ok', 'The server answers.')
            return
        self._date = answer.headers.get('date', '')
        if answer.status == 404:
            self._unanswered.add('address')
            yield Finding(
                'address',
                'failed',
                'There is a server, but it does not speak the GitHub API.',
                'Check the host; for a server other than GitHub choose the plain Git backend.',
            )
            return
        yield judge_server(answer.headers)

    def _clock(self) -> Iterator[Finding]:
        yield judge_clock(self._date, self._server.now())

    def _authentication(self) -> Iterator[Finding]:
        if self._denial is not None:
            raise self._denial
        if isinstance(self._credential, AppKey):
            self._server.get('/installation/repositories', params={'per_page': 1})
            yield Finding('authentication', 'ok', f'Signed in as the GitHub App {self._credential.app_id}.')
            return
        try:
            answer = self._server.get('/user')
        except Forbidden:
            # The token of an installation is no user. It proves itself with the repository.
            yield Finding('authentication', 'ok', 'The token is accepted; it belongs to a GitHub App.')
            return
        yield judge_token(str(fields(answer, '/user').get('login')), answer.headers, self._server.now())

    def _budget(self) -> Iterator[Finding]:
        path = '/rate_limit'
        answer = self._server.get(path, allow=frozenset({404}))
        if answer.status == 404:
            yield Finding('budget', 'ok', 'The server does not limit the number of requests.')
            return
        found = fields(answer, path)
        with reading(path):
            core = found['resources']['core']
            remaining, limit = int(core['remaining']), int(core['limit'])
            reset = datetime.fromtimestamp(int(core['reset']), tz=self._server.now().tzinfo)
        yield judge_budget(remaining, limit, reset)

    def _repository_state(self) -> Iterator[Finding]:
        found = fields(self._server.get(self._repository), self._repository)
        with reading(self._repository):
            self._default_branch = str(found.get('default_branch') or '')
            verdict = judge_repository(
                self._server.repository,
                str(found['full_name']),
                archived=bool(found.get('archived')),
                disabled=bool(found.get('disabled')),
            )
        yield verdict

    def _write_permission(self) -> Iterator[Finding]:
        path = self._server.at('git/blobs')
        try:
            self._server.write('POST', path, {'content': PROBE, 'encoding': 'utf-8'})
        except EmptyRepository:
            yield Finding(
                'write permission',
                'skipped',
                'Not asked: the repository holds no commits yet. The first commit will show it.',
            )
        except AnswerLost:
            yield Finding(
                'write permission', 'warning', 'The connection broke off before the answer.', 'Examine once more.'
            )
        else:
            yield Finding('write permission', 'ok', 'The account may write contents.')
        if self._subject.proposes:
            yield from self._proposal_permission()

    def _proposal_permission(self) -> Iterator[Finding]:
        # Only reading is tried: there is no harmless way to open a pull request. Who may read may yet not write.
        try:
            self._server.get(self._server.at('pulls'), params={'per_page': 1})
        except Forbidden:
            yield Finding(
                'write permission',
                'failed',
                'The account may not propose: it does not even see pull requests.',
                'Grant it the permission to read and write pull requests.',
            )

    def _branch(self) -> Iterator[Finding]:
        branch = self._subject.branch
        path = self._server.at(f'git/ref/heads/{branch}')
        try:
            answer = self._server.get(path)
        except EmptyRepository:
            self._unanswered.add('branch')
            yield Finding(
                'branch',
                'warning',
                f'The repository holds no commits yet, so there is no branch {branch}.',
                'Nothing is to be done: the first synchronisation makes the first commit.',
            )
            return
        except (BranchMissing, NotFound):
            self._unanswered.add('branch')
            other = self._default_branch
            hint = f' The default branch is {other}.' if other and other != branch else ''
            yield Finding(
                'branch',
                'failed',
                f'The repository has no branch {branch}.{hint}',
                'Check the name of the branch, or create it from the one it continues.',
            )
            return
        found = fields(answer, path)
        with reading(path):
            self._head = str(found['object']['sha'])
        yield Finding('branch', 'ok', f'The branch {branch} stands at {self._head}.')

    def _rules(self) -> Iterator[Finding]:
        try:
            listed = list(pages(self._server, self._server.at(f'rules/branches/{self._subject.branch}')))
        except NotFound:
            yield Finding('rules', 'skipped', 'The server does not tell the rules of branches.')
            return
        with reading(self._repository):
            found = obstacles([str(rule['type']) for rule in listed])
        subject = self._subject
        trouble = list(judge_rules(subject.branch, found, proposes=subject.proposes, verified=subject.verified))
        if not listed and self._head:
            trouble += self._classic_protection()
        yield from trouble or [Finding('rules', 'ok', f'No rule of the branch {subject.branch} is in the way.')]

    def _classic_protection(self) -> Iterator[Finding]:
        path = self._server.at(f'branches/{self._subject.branch}')
        if fields(self._server.get(path), path).get('protected') and not self._subject.proposes:
            yield Finding(
                'rules',
                'warning',
                f'The branch {self._subject.branch} is protected; by what rules, only administrators see.',
                'If commits are refused, let the service propose its changes, or allow its account to push.',
            )

    def _directories(self) -> Iterator[Finding]:
        if not self._head:
            yield Finding('directory', 'skipped', 'Not asked: it is not known where the branch stands.')
            return
        commit_path = self._server.at(f'git/commits/{self._head}')
        found = fields(self._server.get(commit_path), commit_path)
        with reading(commit_path):
            root = str(found['tree']['sha'])
        for prefix in self._subject.prefixes or ('',):
            yield self._directory(root, prefix.strip('/'))

    def _directory(self, tree: str, prefix: str) -> Finding:
        for part in prefix.split('/') if prefix else ():
            entry = self._entry(tree, part)
            if entry is None:
                return Finding(
                    'directory',
                    'warning',
                    f'There is no directory {prefix} yet.',
                    'If the name is right, nothing is to be done: the first synchronisation creates it.',
                )
            kind, tree = entry
            if kind != 'tree':
                return Finding(
                    'directory', 'failed', f'{prefix} is no directory: {part!r} is a file.', 'Correct the directory.'
                )
        return Finding('directory', 'ok', f'The directory {prefix or "/"} is there.')

    def _entry(self, tree: str, name: str) -> tuple[str, str] | None:
        """Return the kind and the object of a name in one directory."""
        path = self._server.at(f'git/trees/{tree}')
        found = fields(self._server.get(path), path)
        with reading(path):
            entry: dict[str, Any]
            for entry in found['tree']:
                if entry['path'] == name:
                    return str(entry['type']), str(entry['sha'])
        return None

    def _webhook(self) -> Iterator[Finding]:
        url = self._subject.hook_url
        if not url:
            yield Finding('webhook', 'skipped', 'Not asked: it is not known which address a webhook should call.')
            return
        try:
            hook = Hooks(self._server).find(url)
        except (Forbidden, NotFound):  # GitHub hides webhooks rather than refuse
            yield Finding(
                'webhook',
                'skipped',
                'The account may not see the webhooks of the repository.',
                f'Grant it the permission for webhooks, or see by hand that one calls {url}.',
            )
            return
        if hook is None:
            yield Finding(
                'webhook',
                'warning',
                f'No webhook calls {url}: changes are noticed only when the branch is polled.',
                'Install the webhook.',
            )
            return
        yield judge_hook(hook)
