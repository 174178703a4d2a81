"""What people write as an address names one repository, or is refused with a reason."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_hedgehog.repositories import AddressRefused, LocalAddress, RemoteAddress, parse_address

ROOT = Path('/srv/git')


@pytest.mark.parametrize(
    ('text', 'url'),
    [
        ('https://github.com/acme/fabric', 'https://github.com/acme/fabric'),
        ('  https://github.com/acme/fabric.git\n', 'https://github.com/acme/fabric.git'),
        ('HTTPS://GitHub.COM:443/acme//fabric/', 'https://github.com/acme/fabric'),
        ('http://git.example.com.:80/r', 'http://git.example.com/r'),
        ('http://git.example.com:3000/Team/Repo', 'http://git.example.com:3000/Team/Repo'),
        ('https://h/%7euser/a%2db%c3%9f', 'https://h/~user/a-b%C3%9F'),
        ('https://h/größe', 'https://h/gr%C3%B6%C3%9Fe'),
        ('https://bücher.example/r', 'https://xn--bcher-kva.example/r'),
        ('https://[2001:DB8::1]:8443/r', 'https://[2001:db8::1]:8443/r'),
        ('http://localhost/r', 'http://localhost/r'),
    ],
)
def test_a_url_has_one_normal_form(text, url):
    assert parse_address(text, None) == RemoteAddress(url)
    assert str(parse_address(url, None)) == url


@pytest.mark.parametrize(
    'text',
    [
        'https://github.com/acme/fabric',
        'https://github.com/acme/fabric.git',
        'https://GITHUB.com:443/acme/fabric.git/',
        'https://github.com//acme/fabric/',
        'https://github.com/%61cme/fabric',
    ],
)
def test_two_spellings_are_one_repository(text):
    assert parse_address(text, None).key == 'https://github.com/acme/fabric'


def test_other_repositories_have_other_keys(tmp_path):
    texts = ['https://h/a', 'https://h/b', 'https://h/A', 'http://h/a', 'https://h:444/a', 'a', 'a.git', 'd/a']
    assert len({parse_address(text, tmp_path).key for text in texts}) == len(texts)


@pytest.mark.parametrize(
    ('text', 'word'),
    [
        ('', 'empty'),
        ('   ', 'empty'),
        ('git@github.com:acme/fabric.git', 'SSH'),
        ('github.com:acme/fabric', 'SSH'),
        ('ssh://git@github.com/acme/fabric', 'SSH'),
        ('git+ssh://github.com/acme/fabric', 'SSH'),
        ('git://github.com/acme/fabric', 'git://'),
        ('ftp://github.com/acme/fabric', 'ftp://'),
        ('file:///srv/git/a', 'file://'),
        ('ext::sh -c true', 'SSH'),
        ('https://ann:s3cret@github.com/acme/fabric', 'user name or a password'),
        ('https://s3cret@github.com/acme/fabric', 'user name or a password'),
        ('https://github.com/acme/fabric?token=s3cret', 'query'),
        ('https://github.com/acme/fabric?', 'query'),
        ('https://github.com/acme/fabric#main', 'fragment'),
        ('https:///acme/fabric', 'host'),
        ('https://-x/acme/fabric', 'host'),
        ('https://a b/acme/fabric', 'host'),
        ('https://a..b/acme/fabric', 'host'),
        ('https://github.com', 'no repository'),
        ('https://github.com//', 'no repository'),
        ('https://github.com:port/a', 'URL'),
        ('https://github.com:99999/a', 'URL'),
        ('https://[::1/a', 'URL'),
        ('https://h/a/../b', '..'),
        ('https://h/a/%2E%2e/b', '..'),
        ('https://h/a%2Fb', '..'),
        ('https://h/a b', 'space'),
        ('https://h/a\\b', 'backslash'),
        ('https://h/100%', 'character'),
        ('https://h/a\0', 'character'),
        ('https://h/\ud800', 'character'),
    ],
)
def test_what_is_no_address_of_ours_is_refused_with_a_reason(text, word):
    with pytest.raises(AddressRefused) as refused:
        parse_address(text, ROOT)
    assert word in refused.value.reason
    assert refused.value.remedy
    assert 's3cret' not in f'{refused.value!r} {refused.value.reason} {refused.value.remedy}'


@pytest.mark.parametrize(
    ('text', 'path'),
    [
        ('fabric.git', 'fabric.git'),
        ('./fabric.git/', 'fabric.git'),
        ('site//fabric.git', 'site/fabric.git'),
        ('{root}/site/./fabric.git', 'site/fabric.git'),
        ('with space & ümlaut', 'with space & ümlaut'),
    ],
)
def test_a_path_lies_below_the_allowed_directory(tmp_path, text, path):
    address = parse_address(text.format(root=tmp_path), tmp_path)
    assert address == LocalAddress(tmp_path / path)
    assert address.key == str(address) == str(tmp_path / path)
    assert parse_address(str(address), tmp_path) == address


@pytest.mark.parametrize(
    'text',
    [
        '/etc/git',
        '{root}',
        '.',
        '/',
        '{root}/../other',
        'a/../../other',
        '..',
        '{root}-beside/a',
        '~/git',
        'a\0b',
        'a\nb',
        'a/ /',
    ],
)
def test_a_path_elsewhere_is_refused(tmp_path, text):
    with pytest.raises(AddressRefused):
        parse_address(text.format(root=tmp_path), tmp_path)


def test_without_an_allowed_directory_there_are_no_local_repositories():
    with pytest.raises(AddressRefused, match='not allowed'):
        parse_address('/srv/git/fabric.git', None)


def test_a_symbolic_link_does_not_lead_out(tmp_path):
    root, outside = tmp_path / 'root', tmp_path / 'outside'
    for directory in (root / 'inside', outside):
        directory.mkdir(parents=True)
    (root / 'out').symlink_to(outside)
    (root / 'back').symlink_to(root / 'out' / '..' / 'root' / 'inside')
    (root / 'loop').symlink_to('loop')
    for text in ('out', 'out/fabric.git', str(root / 'out' / 'fabric.git')):
        with pytest.raises(AddressRefused, match='does not lie below'):
            parse_address(text, root)
    assert parse_address('back/fabric.git', root).path == root / 'inside' / 'fabric.git'


def test_an_allowed_directory_may_itself_be_a_symbolic_link(tmp_path):
    (tmp_path / 'real').mkdir()
    (tmp_path / 'link').symlink_to(tmp_path / 'real')
    for text in ('fabric.git', f'{tmp_path}/link/fabric.git', f'{tmp_path}/real/fabric.git'):
        assert parse_address(text, tmp_path / 'link').path == tmp_path / 'real' / 'fabric.git'


# fmt: off
PIECES = st.sampled_from([
    'https', 'http', 'ssh', '://', ':', '/', '//', '..', '.', '.git', 'a', 'B', '~', 'ü', '%41', '%2f', '%', '@', '?',
    '#', ' ', '\0', '\\', '[', ']', '443', '80', 'out', 'in', '-', '\ud800', 'x' * 300,
])
# fmt: on


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=10).map(''.join) | st.text(max_size=20))
def test_an_address_is_stable_or_refused_and_never_outside(tmp_path_factory, text):
    root = tmp_path_factory.getbasetemp() / 'addresses'
    if not root.exists():
        (root / 'in').mkdir(parents=True)
        (root / 'out').symlink_to('/etc')
    for spelling in (text, f'https://{text}', f'https://h/{text}', f'{root}/{text}', f'in/{text}', f'out/{text}'):
        try:
            address = parse_address(spelling, root)
        except AddressRefused:
            continue
        again = parse_address(str(address), root)
        assert (again, again.key) == (address, address.key)
        if isinstance(address, LocalAddress):
            assert Path(os.path.realpath(root)) in Path(os.path.realpath(address.path)).parents
        else:
            assert address.url.startswith(('http://', 'https://'))
            assert '@' not in address.url.split('/')[2]
