"""Webhooks are believed only with the signature of a secret that both sides know."""

import pytest

from netbox_hedgehog.repositories.github.signature import is_signed, sign

# GitHub's own example of a secret, a body and their signature.
SECRET = "It's a Secret to Everybody"
BODY = b'Hello, World!'
SIGNATURE = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'


def test_the_signature_is_githubs():
    assert sign(SECRET, BODY) == SIGNATURE


def test_a_signed_body_is_accepted():
    assert is_signed([SECRET], BODY, SIGNATURE)


def test_while_a_secret_is_replaced_both_are_accepted():
    assert is_signed(['new', SECRET], BODY, SIGNATURE)
    assert is_signed(['new', SECRET], BODY, sign('new', BODY))


@pytest.mark.parametrize(
    'header',
    [
        '',
        'sha256=',
        SIGNATURE.removeprefix('sha256='),
        SIGNATURE.upper(),
        SIGNATURE[:-1],
        SIGNATURE + '0',
        'sha1=' + SIGNATURE.removeprefix('sha256='),
        'sha256=ä€',
        '\ud800',
    ],
)
def test_anything_else_is_refused(header):
    assert not is_signed([SECRET], BODY, header)


def test_one_changed_byte_is_refused():
    assert not is_signed([SECRET], b'Hello, World?', SIGNATURE)


def test_an_empty_secret_proves_nothing():
    assert not is_signed([''], BODY, sign('', BODY))
    assert not is_signed([], BODY, sign('', BODY))


def test_the_raw_bytes_count():
    body = b'\xff\x00{"a": 1}\r\n'
    assert is_signed(['s'], body, sign('s', body))
    assert not is_signed(['s'], body.replace(b'\r\n', b'\n'), sign('s', body))
