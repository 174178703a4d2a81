"""The secrets of an instance are its own, stay the same, and are for their owner's eyes."""

from pathlib import Path

from tools.instance import Instance


def test_settings_are_kept_and_private(tmp_path: Path) -> None:
    first = Instance(tmp_path / 'demo', durable=True)
    first.remember(web_port=8123)
    again = Instance(tmp_path / 'demo', durable=True)
    assert again.settings == first.settings
    assert again.settings.web_port == 8123
    assert first.settings_path.stat().st_mode & 0o777 == 0o600


def test_no_two_instances_share_a_secret(tmp_path: Path) -> None:
    one, other = (Instance(tmp_path / name, durable=True).settings for name in ('one', 'other'))
    for name in ('database_password', 'cache_password', 'secret_key', 'token_pepper', 'password', 'token'):
        assert getattr(one, name) != getattr(other, name)
