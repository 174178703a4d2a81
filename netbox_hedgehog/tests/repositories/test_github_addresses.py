"""Where the API of a GitHub server is."""

import pytest

from netbox_hedgehog.repositories import AddressRefused, RemoteAddress, open_repository
from netbox_hedgehog.repositories.github import GitHubAccess, GitHubRepository, Token, api_of, is_github_host


@pytest.mark.parametrize(
    ('url', 'api', 'graphql'),
    [
        ('https://github.com/acme/net.work', 'https://api.github.com', 'https://api.github.com/graphql'),
        ('https://www.github.com/acme/net.work', 'https://api.github.com', 'https://api.github.com/graphql'),
        ('https://github.com/acme/net.work.git', 'https://api.github.com', 'https://api.github.com/graphql'),
        ('https://octo.ghe.com/acme/net.work', 'https://api.octo.ghe.com', 'https://api.octo.ghe.com/graphql'),
        ('https://git.corp/acme/net.work', 'https://git.corp/api/v3', 'https://git.corp/api/graphql'),
        ('http://127.0.0.1:80/acme/net.work', 'http://127.0.0.1:80/api/v3', 'http://127.0.0.1:80/api/graphql'),
    ],
)
def test_the_api_of_an_address(url, api, graphql):
    assert api_of(RemoteAddress(url)) == (api, graphql, 'acme', 'net.work')


@pytest.mark.parametrize('path', ['acme', 'acme/network/tree/main', 'a/b/c'])
def test_an_address_that_names_no_repository_is_refused(path):
    with pytest.raises(AddressRefused):
        api_of(RemoteAddress(f'https://github.com/{path}'))


@pytest.mark.parametrize(
    ('host', 'is_githubs'),
    [('github.com', True), ('GitHub.com', True), ('octo.ghe.com', True), ('git.corp', False), ('notgithub.com', False)],
)
def test_githubs_own_hosts_are_known(host, is_githubs):
    assert is_github_host(host) is is_githubs


def test_an_address_is_opened_by_the_api_where_that_is_wanted():
    address = RemoteAddress('https://github.com/acme/network')
    with open_repository(address, 'main', github=GitHubAccess(Token('x'))) as repository:
        assert isinstance(repository, GitHubRepository)
    with open_repository(address, 'main') as repository:
        assert not isinstance(repository, GitHubRepository)


def test_a_branch_that_cannot_exist_is_refused():
    with pytest.raises(AddressRefused):
        open_repository(RemoteAddress('https://github.com/a/b'), 'a..b', github=GitHubAccess(Token('x')))
