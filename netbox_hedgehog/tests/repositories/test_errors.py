"""Errors say what happened and what to do, and nothing secret."""

import inspect
from datetime import UTC, datetime

import pytest

from netbox_hedgehog import repositories
from netbox_hedgehog.repositories import RepositoryError, blob_id, errors
from netbox_hedgehog.repositories.errors import without_userinfo

ADDRESS = 'https://ann:s3cret@git.example.com/r'

FAMILY = [
    errors.AddressRefused(f'{ADDRESS} is refused.'),
    errors.Ambiguous(ADDRESS, 'whether it took it', sha='d' * 40),
    errors.Archived(ADDRESS),
    errors.BranchMissing(ADDRESS, 'main'),
    errors.CommitMissing('d' * 40),
    errors.CredentialUnusable('The key cannot be read.', 'Enter it again.'),
    errors.EmptyRepository(ADDRESS),
    errors.Forbidden(ADDRESS, 'write'),
    errors.Forbidden(ADDRESS, 'write', needs='contents=write', answer=f'no way to {ADDRESS}'),
    errors.Forbidden(ADDRESS, 'read', sso_url=ADDRESS),
    errors.HeadMoved('main', expected=None, found='d' * 40, answer=f'{ADDRESS} moved'),
    errors.InvalidChange('a/b', 'is absent'),
    errors.NotFound(ADDRESS),
    errors.NotFound(ADDRESS, occupied=True),
    errors.ProtectedBranch('main', f'no push to {ADDRESS}'),
    errors.RateLimited(ADDRESS, None),
    errors.RateLimited(ADDRESS, datetime(2026, 1, 1, tzinfo=UTC)),
    errors.Unauthorized(ADDRESS, presented=True),
    errors.Unauthorized(ADDRESS, presented=False),
    errors.Unavailable(f'{ADDRESS} is down.'),
    errors.Unsupported(ADDRESS, 'it is odd', 'Use another.'),
]


@pytest.mark.parametrize('error', FAMILY, ids=lambda error: type(error).__name__)
def test_an_error_is_two_sentences_without_a_secret(error):
    assert str(error) == error.message
    assert error.remedy.endswith('.')
    assert error.remedy[0].isupper()
    told = [str(error), repr(error), *(str(value) for value in vars(error).values())]
    assert not any('s3cret' in text for text in told)


def test_the_family_is_closed_and_public():
    members = {
        name for name, value in vars(errors).items() if inspect.isclass(value) and value.__module__ == errors.__name__
    }
    assert {type(error).__name__ for error in FAMILY} == members - {'RepositoryError'}
    assert members <= set(repositories.__all__)
    assert all(issubclass(getattr(errors, name), RepositoryError) for name in members)


@pytest.mark.parametrize(
    ('text', 'shown'),
    [
        ('https://ann:s3cret@h/r', 'https://h/r'),
        ('https://s3cret@h/r and http://a:b@c', 'https://h/r and http://c'),
        ('https://a:p@ss@h/r', 'https://h/r'),
        ('https://h/r@v1', 'https://h/r@v1'),
        ('mail ann@example.com', 'mail ann@example.com'),
    ],
)
def test_userinfo_is_cut_out_of_every_url(text, shown):
    assert without_userinfo(text) == shown


@pytest.mark.parametrize(
    ('data', 'name'),
    [(b'', 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'), (b'hello\n', 'ce013625030ba8dba906f756967f9e9ca394464a')],
)
def test_contents_have_the_names_that_git_gives_them(data, name):
    assert blob_id(data) == name
