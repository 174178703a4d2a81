"""Contents come whole and unaltered, whatever the way did to them; listings are complete, or there is an error."""

import json
import re
from dataclasses import replace
from typing import override

import pytest
import requests

from netbox_hedgehog.repositories import RateLimited, Unavailable, Unsupported, blob_id
from netbox_hedgehog.repositories.github import Answer, GitHubServer
from netbox_hedgehog.repositories.github.downloads import follow_download
from netbox_hedgehog.tests.github import FaultKind

from .git_host import SUBMODULE, SYMLINK, add_commits
from .on_github import numbered

MANY = numbered(60)
LFS = b'version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 12345\n' % (b'a' * 64)


@pytest.fixture
def many(hub):
    hub.hosted.push(MANY | {'binary': bytes(range(256)), 'pointer': LFS, 'link': (SYMLINK, b'pointer')})
    hub.forge.requests.clear()
    return hub


def read_all(hub, prefix: str = '') -> dict[str, bytes]:
    with hub.open() as repository:
        tree = repository.tree(repository.head(), prefix)
        found = repository.read({entry.blob for entry in tree.values() if entry.mode != SUBMODULE})
    return {path: found[entry.blob] for path, entry in tree.items() if entry.mode != SUBMODULE}


def expected() -> dict[str, bytes]:
    return MANY | {'binary': bytes(range(256)), 'pointer': LFS, 'link': b'pointer', 'README.md': b'Network\n'}


def test_many_contents_come_in_one_archive_without_the_token(many):
    assert read_all(many) == expected()
    assert many.operations()['codeload'] == 1
    # What is a link is no file in the archive.
    assert many.operations()['git/get-blob'] == 1


@pytest.mark.parametrize('kind', [FaultKind.WRONG_TARBALL, FaultKind.WRONG_COMMIT, FaultKind.MISSING_FILE])
def test_an_archive_that_is_not_what_was_asked_for_does_no_harm(many, kind):
    many.fail(kind)
    assert read_all(many) == expected()


def test_without_an_archive_contents_come_a_hundred_at_once(many):
    many.fail(FaultKind.NOT_FOUND, operation='repos/download-tarball-archive')
    assert read_all(many) == expected()
    assert many.operations()['graphql/repository'] == 1
    assert many.operations()['git/get-blob'] == 1


def test_without_archive_and_graphql_contents_come_one_by_one(many):
    many.fail(FaultKind.NOT_FOUND, operation='repos/download-tarball-archive')
    many.fail(FaultKind.FORBIDDEN, operation='graphql/repository', times=9)
    assert read_all(many) == expected()
    assert many.operations()['git/get-blob'] == len(expected())


def test_a_limit_is_not_taken_for_a_missing_archive(many):
    many.fail(FaultKind.RATE_LIMIT_403, operation='repos/download-tarball-archive')
    with pytest.raises(RateLimited):
        read_all(many)


def test_an_archive_that_would_leave_for_an_unsafe_place_is_left(many, monkeypatch):
    monkeypatch.setattr(
        type(many.forge), 'archive_address', lambda *_: 'http://169.254.169.254/latest/meta-data', raising=True
    )
    monkeypatch.setattr('netbox_hedgehog.repositories.github.downloads.is_number', lambda host: host != '127.0.0.1')
    assert read_all(many) == expected()
    assert many.operations()['graphql/repository'] == 1


def test_an_altered_content_is_an_error(hub, monkeypatch):
    hub.warm()
    monkeypatch.setattr('netbox_hedgehog.repositories.github.contents.blob_id', lambda data: 'f' * 40)
    with hub.open() as repository, pytest.raises(Unavailable, match='altered'):
        repository.read([blob_id(b'Network\n')])


# ---- Listings


@pytest.mark.parametrize('prefix', ['', 'fabric', 'fabric/3', 'nothing', 'README.md', 'fabric/3/00003.yaml'])
def test_a_repository_too_large_to_be_listed_at_once_is_listed_in_parts(many, prefix):
    with many.open() as repository:
        head = repository.head()
        whole = repository.tree(head, prefix)
    many.forge.truncate_trees(above=8)
    with many.open() as repository:
        assert repository.tree(head, prefix) == whole
        assert list(whole) == sorted(whole)


def test_a_repository_that_was_too_large_is_not_listed_at_once_again(many):
    many.forge.truncate_trees(above=20)
    with many.open() as repository:
        head = repository.head()
        repository.tree(head, 'fabric/3')
    assert many.memory.listing_truncated
    many.forge.requests.clear()
    with many.open() as repository:
        assert len(repository.tree(head, 'fabric/3')) == 9
    assert many.operations() == {'git/get-tree': 3}


def test_a_commit_needs_no_whole_listing(many):
    many.forge.truncate_trees(above=20)
    head = many.hosted.head()
    new = many.commit({'fabric/3/00003.yaml': b'changed', 'fabric/new/a': b'a', 'top': b't'}, head)
    assert many.hosted.head() == new
    assert many.hosted.files().items() >= {'fabric/3/00003.yaml': b'changed', 'fabric/new/a': b'a', 'top': b't'}.items()
    assert len(many.hosted.files()) == len(expected()) + 2


class Cutting(GitHubServer):
    """Says of every listing that it is not complete."""

    @override
    def get(self, path, **more) -> Answer:
        answer = super().get(path, **more)
        if '/git/trees/' not in path:
            return answer
        return replace(answer, body=json.dumps({**answer.json(), 'truncated': True}).encode())


def test_a_directory_too_large_for_any_listing_is_an_error(hub):
    with hub.open(kind=Cutting) as repository, pytest.raises(Unavailable, match='more entries'):
        repository.tree(repository.head(), '')


class Replacing(GitHubServer):
    """Puts the replacement character in the place of every byte that is not UTF-8."""

    @override
    def get(self, path, **more) -> Answer:
        answer = super().get(path, **more)
        return replace(answer, body=re.sub(rb'\\udc[0-9a-f]{2}', rb'\\ufffd', answer.body))


def test_names_that_github_does_not_tell_apart_are_an_error(hub):
    alike = {f'legacy/{letter}': b'x' for letter in '\udce4\udcf6'}
    add_commits(hub.hosted.path, [alike], onto=hub.hosted.head())
    with hub.open(kind=Replacing) as repository, pytest.raises(Unsupported, match='not UTF-8'):
        repository.tree(repository.head(), '')


def test_one_such_name_is_listed_and_stands_in_nobodys_way(hub):
    add_commits(hub.hosted.path, [{'legacy/\udce4': b'a'}], onto=hub.hosted.head())
    with hub.open(kind=Replacing) as repository:
        head = repository.head()
        assert list(repository.tree(head, '')) == ['README.md', 'legacy/\ufffd']
        new = hub.commit({'a': b'1'}, head, repository=repository)
    assert hub.hosted.head() == new


@pytest.mark.parametrize(
    ('url', 'api_url', 'is_refused'),
    [
        ('http://codeload.github.com/x', 'https://api.github.com', True),
        ('https://169.254.169.254/x', 'https://api.github.com', True),
        ('https://[::1]/x', 'https://api.github.com', True),
        ('https://localhost/x', 'https://api.github.com', True),
        ('ftp://codeload.github.com/x', 'https://api.github.com', True),
        ('', 'https://api.github.com', True),
        ('https://codeload.github.com/x', 'https://api.github.com', False),
        ('http://localhost:1/x', 'http://127.0.0.1:1/api/v3', False),
    ],
)
def test_a_download_stays_encrypted_and_in_public(url, api_url, is_refused):
    class Session:
        def get(self, *_, **__):
            raise requests.ConnectionError

    with pytest.raises(Unavailable) as refused:
        follow_download(Session(), url, api_url=api_url, timeout=(1, 1))
    assert ('not safe' in str(refused.value)) is is_refused
