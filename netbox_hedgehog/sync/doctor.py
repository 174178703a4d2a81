"""Whether a repository or a fabric can be used, asked of the server itself, question by question.

Nothing secret is in a finding: a credential is named, its value never.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..models import AuthorshipChoices, FabricState, GitRepository, HedgehogFabric
from ..repositories import (
    Address,
    AddressRefused,
    BranchMissing,
    CredentialUnusable,
    EmptyRepository,
    Forbidden,
    LocalAddress,
    NotFound,
    RepositoryError,
    Unauthorized,
    Unsupported,
)
from ..repositories.github.examination import Subject, examine
from ..repositories.github.findings import Check, Finding
from .access import Access, access_to
from .opening import github_server, open_git
from .proposal import is_proposing, proposal_of
from .webhooks import webhook_url

__all__ = ('Finding', 'examine_fabric', 'examine_repository', 'is_in_order', 'report_of')

# What one reading of a plain Git repository proves, in the order in which it does.
_ORDER: tuple[Check, ...] = ('address', 'authentication', 'repository', 'branch', 'directory')
_FAILS_AT: tuple[tuple[type[RepositoryError], Check], ...] = (
    (Unauthorized, 'authentication'),
    (Forbidden, 'authentication'),
    (NotFound, 'repository'),
    (Unsupported, 'repository'),
    (EmptyRepository, 'branch'),
    (BranchMissing, 'branch'),
)


@dataclass(frozen=True, slots=True)
class _Case:
    """What is to be examined: one branch of a repository, for the fabrics that use it."""

    repository: GitRepository
    branch: str
    fabrics: Sequence[HedgehogFabric]
    base_url: str

    @property
    def prefixes(self) -> list[str]:
        """The directories of the fabrics."""
        return [fabric.prefix for fabric in self.fabrics]

    def subject(self) -> Subject:
        """Return what the fabrics are set to do; several agree, or the more demanding question is asked."""
        return Subject(
            branch=self.branch,
            prefixes=self.prefixes,
            hook_url=webhook_url(self.repository, self.base_url),
            proposes=bool(self.fabrics) and all(is_proposing(one, proposal_of(one)) for one in self.fabrics),
            verified=bool(self.fabrics) and all(one.authorship == AuthorshipChoices.VERIFIED for one in self.fabrics),
        )


def examine_repository(repository: GitRepository, branch: str = '', *, base_url: str = '') -> list[Finding]:
    """Examine one branch of a repository, the default one unless another is named, for all fabrics on it.

    `base_url` is where this NetBox was reached just now; a setting, where there is one, goes before it.
    """
    branch = branch or repository.default_branch
    fabrics = list(HedgehogFabric.objects.filter(repository=repository, branch=branch))
    return list(_findings(_Case(repository, branch, fabrics, base_url)))


def examine_fabric(fabric: HedgehogFabric, *, base_url: str = '') -> list[Finding]:
    """Examine the branch and the directory of a fabric."""
    return list(_findings(_Case(fabric.repository, fabric.branch, [fabric], base_url)))


def is_in_order(findings: Sequence[Finding]) -> bool:
    """Tell whether nothing failed; a warning does not keep a fabric from synchronising."""
    return all(finding.verdict != 'failed' for finding in findings)


def report_of(findings: Sequence[Finding]) -> str:
    """Return the findings as text, a line each."""
    width = max((len(finding.check) for finding in findings), default=0)
    return '\n'.join(f'{finding.verdict:7}  {finding.check:{width}}  {_sentences(finding)}' for finding in findings)


def _sentences(finding: Finding) -> str:
    return f'{finding.message} — {finding.remedy}' if finding.remedy else finding.message


def _findings(case: _Case) -> Iterator[Finding]:
    try:
        address = case.repository.address
    except AddressRefused as refused:
        yield Finding('address', 'failed', refused.message, refused.remedy)
        return
    try:
        access = access_to(case.repository)
    except CredentialUnusable as error:
        yield Finding('credential', 'failed', error.message, error.remedy)
        return
    if case.repository.is_on_github:
        yield from _on_github(case, access)
        return
    yield Finding('credential', 'ok', f'In use: {access.source}.')
    yield from _in_git(case, address, access)


def _on_github(case: _Case, access: Access) -> Iterator[Finding]:
    if access.credential is None:
        yield Finding(
            'credential',
            'failed',
            'GitHub takes changes from nobody without a credential, and this repository has none.',
            'Give the repository a credential.',
        )
        return
    yield Finding('credential', 'ok', f'In use: {access.source}.')
    server = github_server(case.repository)
    try:
        yield from examine(server, case.subject(), access.credential)
    finally:
        server.close()


def _in_git(case: _Case, address: Address, access: Access) -> Iterator[Finding]:
    if isinstance(address, LocalAddress) and not address.path.exists() and not _was_synchronised(case.repository):
        yield from _to_be_created(address)
        return
    try:
        with open_git(case.repository, case.branch) as opened:
            head = opened.head()
            found = {prefix: bool(opened.tree(head, prefix)) for prefix in case.prefixes or ['']}
    except RepositoryError as error:
        yield from _until(error, access)
    else:
        yield from _proved(access)
        yield Finding('branch', 'ok', f'The branch {case.branch} stands at {head}.')
        for prefix, holds_files in found.items():
            yield _directory(prefix, holds_files=holds_files)
    yield _write_permission(address)


def _proved(access: Access) -> list[Finding]:
    """Return what is known once a branch could be asked for."""
    accepted = f'Accepted: {access.source}.' if access.credential else 'Reading takes no credential.'
    return [
        Finding('address', 'ok', 'The repository answers.'),
        Finding('authentication', 'ok', accepted),
        Finding('repository', 'ok', 'The repository is there.'),
    ]


def _until(error: RepositoryError, access: Access) -> Iterator[Finding]:
    """Give a line for what was proved before a reading failed, for the failure, and for what is left open."""
    failed: Check = next((check for kind, check in _FAILS_AT if isinstance(error, kind)), 'address')
    position = _ORDER.index(failed)
    yield from _proved(access)[:position]
    if isinstance(error, EmptyRepository):
        message = 'The repository holds no commits yet.'
        yield Finding('branch', 'warning', message, 'Nothing is to be done: the first synchronisation makes one.')
    else:
        yield Finding(failed, 'failed', error.message, error.remedy)
    for check in _ORDER[position + 1 :]:
        yield Finding(check, 'skipped', f'Not asked: the {failed} has to be in order first.')


def _directory(prefix: str, *, holds_files: bool) -> Finding:
    if holds_files:
        return Finding('directory', 'ok', f'The directory {prefix or "/"} is there.')
    return Finding(
        'directory',
        'warning',
        f'There is no directory {prefix or "/"} yet.',
        'If the name is right, nothing is to be done: the first synchronisation creates it.',
    )


def _write_permission(address: Address) -> Finding:
    if not isinstance(address, LocalAddress):
        return Finding('write permission', 'skipped', 'Not asked: a plain Git server tells it only at the first push.')
    places = [address.path / name for name in ('objects', 'refs')] if address.path.is_dir() else [address.path]
    if all(os.access(place, os.W_OK) for place in places):
        return Finding('write permission', 'ok', 'The account of this process may write the repository.')
    return Finding(
        'write permission',
        'failed',
        f'The account of this process may not write {address}.',
        'Make the account that runs NetBox and its workers the owner of the repository.',
    )


def _to_be_created(address: LocalAddress) -> Iterator[Finding]:
    remedy = 'If the address is right, nothing is to be done: the first synchronisation creates it.'
    yield Finding('address', 'warning', f'There is no repository at {address} yet.', remedy)
    above = next(parent for parent in address.path.parents if parent.exists())
    if os.access(above, os.W_OK):
        yield Finding('write permission', 'ok', f'The account of this process may create it in {above}.')
    else:
        yield Finding(
            'write permission',
            'failed',
            f'The account of this process may not create it in {above}.',
            'Let the account that runs NetBox and its workers write there.',
        )


def _was_synchronised(repository: GitRepository) -> bool:
    return FabricState.objects.filter(fabric__repository=repository).exclude(commit='').exists()
