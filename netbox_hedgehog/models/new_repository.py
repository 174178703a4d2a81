"""A repository that is recorded together with its first fabric: from an address, a token and a branch."""

from dataclasses import dataclass
from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from utilities.exceptions import AbortRequest, PermissionsViolation

from ..repositories import AddressRefused, RemoteAddress, parse_address
from .choices import CredentialTypeChoices
from .credential import GitCredential
from .repository import GitRepository, local_repository_root
from .secret_text import read_secret

__all__ = ('NewRepository', 'may_add_credentials', 'may_add_repositories')


def may_add_repositories(user: AbstractBaseUser) -> bool:
    """Tell whether a user may record a repository on the way."""
    return user.has_perm('netbox_hedgehog.add_gitrepository')


def may_add_credentials(user: AbstractBaseUser) -> bool:
    """Tell whether a user may give a token with it."""
    return may_add_repositories(user) and user.has_perm('netbox_hedgehog.add_gitcredential')


@dataclass(frozen=True)
class NewRepository:
    """The repository of an address, found or made, and a new credential for it if a token was given.

    Nothing is stored before `save`. A repository that has a credential keeps it: which of two secrets is the right one
    is not for us to decide.
    """

    user: AbstractBaseUser
    repository: GitRepository
    credential: GitCredential | None

    @classmethod
    def prepare(cls, user: AbstractBaseUser, url: str, token: str = '', branch: str = '') -> Self:
        """Find or make the two; raises `ValidationError` for the fields `url`, `token` and `branch`."""
        if not may_add_repositories(user):
            raise ValidationError({'url': _('You may not add Git repositories; choose one that is there.')})
        if token and not may_add_credentials(user):
            raise ValidationError({'token': _('You may not add Git credentials; leave the token blank.')})
        try:
            address = parse_address(url, local_repository_root())
        except AddressRefused as refused:
            raise ValidationError({'url': str(refused)}) from refused
        repository = GitRepository.objects.filter(address_key=address.key).first()
        if repository and not _is_within(user, 'view', repository):
            raise ValidationError({'url': _('This repository is there already, and you may not view it.')})
        if repository and token and repository.credential:
            text = _('The repository {name} has the credential {credential} already; leave the token blank.')
            message = text.format(name=repository.name, credential=repository.credential)
            raise ValidationError({'token': message})
        if repository and token and not _is_within(user, 'change', repository):
            text = _('The token would change the repository {name}, which you may not; leave the token blank.')
            raise ValidationError({'token': text.format(name=repository.name)})
        if repository is None:
            name = _free_name(GitRepository, address.path if isinstance(address, RemoteAddress) else url.strip())
            repository = GitRepository(name=name, url=url.strip(), **({'default_branch': branch} if branch else {}))
        credential = None
        if token:
            if not isinstance(address, RemoteAddress):
                raise ValidationError({'token': _('A repository on this machine needs no token.')})
            credential = _make_credential(_free_name(GitCredential, repository.name), address.host, token)
            if repository.pk:
                repository.snapshot()
            repository.credential = credential
        _check(repository)
        return cls(user, repository, credential)

    def save(self) -> GitRepository:
        """Store what is new, and return the repository; raises `PermissionsViolation` and `AbortRequest`."""
        is_new = self.repository.pk is None
        try:
            with transaction.atomic():
                if self.credential:
                    self.credential.save()
                    self._require('add', self.credential)
                    self.repository.credential = self.credential
                if is_new or self.credential:
                    self.repository.save()
                    self._require('add' if is_new else 'change', self.repository)
        except IntegrityError as error:
            raise AbortRequest(_('Somebody has just added this repository; send the form once more.')) from error
        return self.repository

    def _require(self, action: str, row: GitRepository | GitCredential) -> None:
        if not _is_within(self.user, action, row):
            raise PermissionsViolation


def _is_within(user: AbstractBaseUser, action: str, row: Model) -> bool:
    """Tell whether a permission and its constraints include a row as it is stored."""
    return type(row)._default_manager.restrict(user, action).filter(pk=row.pk).exists()


def _make_credential(name: str, host: str, token: str) -> GitCredential:
    credential = GitCredential(name=name, type=CredentialTypeChoices.TOKEN, host=host)
    try:
        credential.set_secret(read_secret(credential.type, token))
    except ValidationError as refused:
        raise ValidationError({'token': refused.messages}) from refused
    try:
        credential.full_clean()
    except ValidationError as refused:
        raise ValidationError({'url': refused.messages}) from refused
    return credential


def _check(repository: GitRepository) -> None:
    """Check the repository as its own form would, and name what is wrong by what was entered here."""
    fields = {'default_branch': 'branch', 'credential': 'token'}
    try:
        repository.full_clean()
    except ValidationError as refused:
        errors: dict[str, Any] = {}
        for field, messages in refused.message_dict.items():
            errors.setdefault(fields.get(field, 'url'), []).extend(messages)
        raise ValidationError(errors) from refused


def _free_name(model: type[Model], wanted: str) -> str:
    """Return a name that no row has: the wanted one, or with a number behind it."""
    length = model._meta.get_field('name').max_length
    names, number = model._default_manager, 1
    name = wanted[-length:]
    while names.filter(name=name).exists():
        number += 1
        ending = f' ({number})'
        name = wanted[-(length - len(ending)) :] + ending
    return name
