"""Every way in which a repository may refuse, as one closed family.

A caller decides by class and attributes; a person reads `message` and `remedy`. Nothing secret is in either: whatever
stands before the `@` of a URL is cut out, and credentials are never handed to this module.
"""

import re
from datetime import datetime
from typing import Literal

__all__ = (
    'AddressRefused',
    'Ambiguous',
    'Archived',
    'BranchMissing',
    'CommitMissing',
    'CredentialUnusable',
    'EmptyRepository',
    'Forbidden',
    'HeadMoved',
    'InvalidChange',
    'NotFound',
    'ProtectedBranch',
    'RateLimited',
    'RepositoryError',
    'Unauthorized',
    'Unavailable',
    'Unsupported',
    'without_userinfo',
)

_USERINFO = re.compile(r'(?<=://)[^/?#\s]*@')


def without_userinfo(text: str) -> str:
    """Cut user names and passwords out of every URL in a text."""
    return _USERINFO.sub('', text)


class RepositoryError(Exception):
    """A repository did not do what it was asked: what happened, and what a person can do about it."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message = without_userinfo(message)
        self.remedy = remedy
        super().__init__(self.message)


class AddressRefused(RepositoryError):
    """The words that should say where a repository or branch is do not name one that may be used."""

    def __init__(self, reason: str, remedy: str = 'Correct the address.') -> None:
        self.reason = without_userinfo(reason)
        super().__init__(reason, remedy)


class NotFound(RepositoryError):
    """There is no repository at the address; `occupied` says that something else is there instead."""

    def __init__(self, address: str, *, occupied: bool = False) -> None:
        self.address = without_userinfo(address)
        self.occupied = occupied
        if occupied:
            message, remedy = f'{address} exists, but is no Git repository.', 'Give another address.'
        else:
            message = f'There is no Git repository at {address}.'
            remedy = 'Check the address, and that the account may see the repository: servers often tell no difference.'
        super().__init__(message, remedy)


class Unsupported(RepositoryError):
    """There is a repository, but of a kind that cannot be used."""

    def __init__(self, address: str, reason: str, remedy: str) -> None:
        self.address = without_userinfo(address)
        super().__init__(f'{address} cannot be used: {reason}.', remedy)


class EmptyRepository(RepositoryError):
    """The repository has no branch and no tag at all: a first commit may create the branch."""

    def __init__(self, address: str) -> None:
        self.address = without_userinfo(address)
        super().__init__(f'{address} holds no commits yet.', 'Initialise the repository with a first commit.')


class BranchMissing(RepositoryError):
    """The repository holds commits, but not the branch."""

    def __init__(self, address: str, branch: str) -> None:
        self.address = without_userinfo(address)
        self.branch = branch
        super().__init__(
            f'{address} has no branch {branch}.',
            'Check the name of the branch, or create it from the one it continues.',
        )


class CommitMissing(RepositoryError):
    """The repository does not hold a commit, or no longer hands it out."""

    def __init__(self, sha: str) -> None:
        self.sha = sha
        super().__init__(
            f'The repository does not hold the commit {sha}.', 'Read the branch again: its history may be rewritten.'
        )


class HeadMoved(RepositoryError):
    """The branch is not, or not for long, where the caller believed it: nothing was written.

    `found` is what was seen at the refusal. It equals `expected` when another writer holds the branch locked.
    """

    def __init__(self, branch: str, *, expected: str | None, found: str | None, answer: str = '') -> None:
        self.branch = branch
        self.expected = expected
        self.found = found
        self.answer = without_userinfo(answer)
        message = f'Another writer moved the branch {branch}: expected {expected or "none"}, found {found or "none"}.'
        super().__init__(
            f'{message} The server says: {answer}' if answer else message,
            'Read the branch again and repeat the work on its new head.',
        )


class Unauthorized(RepositoryError):
    """The server wants credentials, or does not accept those that were `presented`."""

    def __init__(self, address: str, *, presented: bool, remedy: str = '') -> None:
        self.address = without_userinfo(address)
        self.presented = presented
        if presented:
            message, usual = f'{address} does not accept the credentials.', 'Renew the token of this repository.'
        else:
            message, usual = f'{address} asks for credentials.', 'Give this repository a user name and a token.'
        super().__init__(message, remedy or usual)


class CredentialUnusable(RepositoryError):
    """The secret that a credential names is not there or cannot be read; nothing was sent to the server."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)


class Forbidden(RepositoryError):
    """The account is known, but lacks a permission.

    `needs` is what it lacks in the server's own words, `sso_url` where a token is authorised for an organisation, and
    `answer` is the server's sentence; each is empty where the server does not say it.
    """

    def __init__(
        self,
        address: str,
        permission: Literal['read', 'write'],
        *,
        needs: str = '',
        sso_url: str = '',
        answer: str = '',
    ) -> None:
        self.address = without_userinfo(address)
        self.permission = permission
        self.needs = needs
        self.sso_url = without_userinfo(sso_url)
        self.answer = without_userinfo(answer)
        message = f'The account may not {permission} {address}.'
        if sso_url:
            remedy = f'Authorise the token for the organisation: open {self.sso_url}.'
        elif needs:
            remedy = f'Grant the account {needs}.'
        else:
            remedy = f'Grant the account the permission to {permission}.'
        super().__init__(f'{message} The server says: {answer}' if answer else message, remedy)


class Archived(RepositoryError):
    """The repository is archived: it may be read, and nobody writes to it."""

    def __init__(self, address: str) -> None:
        self.address = without_userinfo(address)
        super().__init__(f'{address} is archived.', 'Unarchive the repository, or give another address.')


class ProtectedBranch(RepositoryError):
    """The server understood the commit and declined it by a rule of its own; `answer` is its sentence."""

    def __init__(self, branch: str, answer: str) -> None:
        self.branch = branch
        self.answer = without_userinfo(answer)
        super().__init__(
            f'The server declined the commit on the branch {branch}: {answer}',
            'Allow the account to write to this branch, or propose the change through another branch.',
        )


class RateLimited(RepositoryError):
    """The server asks to wait, `until` a moment if it named one."""

    def __init__(self, address: str, until: datetime | None) -> None:
        self.address = without_userinfo(address)
        self.until = until
        super().__init__(
            f'{address} limits the number of requests.',
            f'Wait until {until.isoformat(timespec="seconds")}.' if until else 'Wait some minutes.',
        )


class Unavailable(RepositoryError):
    """The repository cannot be used at present, for a reason that the message states; nothing was written.

    `status` is the HTTP status, where that was the answer.
    """

    def __init__(
        self,
        message: str,
        remedy: str = 'Try again later; if it stays so, check the repository and the way to it.',
        *,
        status: int | None = None,
    ) -> None:
        self.status = status
        super().__init__(message, remedy)


class Ambiguous(RepositoryError):
    """What was asked about the commit `sha` may or may not be so: nothing may be concluded."""

    def __init__(self, address: str, doubt: str, *, sha: str) -> None:
        self.address = without_userinfo(address)
        self.sha = sha
        super().__init__(
            f'{address} left open {doubt}.', 'Read the branch again and look for the commit before acting on it.'
        )


class InvalidChange(RepositoryError):
    """The change set contradicts itself or the commit it builds on; `path` is the first that does."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f'{path!r} {reason}.', 'Read the repository again; if it stays, report this as a fault.')
