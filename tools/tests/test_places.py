"""A demonstration keeps its manifests in one place, which it was made with, and which another start finds again."""

import socket
from pathlib import Path

import pytest

from tools import demo
from tools.errors import ToolError
from tools.history import BRANCH, git, has_commits
from tools.instance import Instance
from tools.places import OnGitHub, OnThisMachine, place_of
from tools.ports import LOOPBACK


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path / 'demo', durable=True)


def test_both_demonstrations_have_a_home_and_a_person_may_name_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(demo.DIRECTORY_VARIABLE, raising=False)
    assert [home.name for home in demo.directories().values()] == ['.demo', '.demo-github']
    monkeypatch.setenv(demo.DIRECTORY_VARIABLE, str(tmp_path))
    assert set(demo.directories().values()) == {tmp_path}


@pytest.mark.parametrize(('made', 'asked'), [('', 'github'), ('github', '')])
def test_a_demonstration_does_not_move_to_another_place(instance: Instance, made: str, asked: str) -> None:
    instance.remember(forge=made, prepared='before')
    with pytest.raises(ToolError, match='make demo-clean'):
        demo.start(instance.home, forge=asked)
    assert Instance(instance.home, durable=True).settings.forge == made


def test_the_stand_in_comes_back_at_the_port_that_netbox_knows_or_not_at_all(instance: Instance) -> None:
    with socket.socket() as stranger:
        stranger.bind((LOOPBACK, 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        instance.remember(forge='github', forge_port=port)
        with pytest.raises(ToolError, match=f'took port {port}'):
            place_of(instance).start()
    assert instance.settings.forge_port == port


def test_the_history_is_pushed_once(instance: Instance) -> None:
    place = OnThisMachine(instance)
    place.fill()
    assert has_commits(place.repository)
    head = git(place.repository, 'rev-parse', BRANCH)
    place.fill()
    assert git(place.repository, 'rev-parse', BRANCH) == head
    assert int(git(place.repository, 'rev-list', '--count', BRANCH)) > 1


def test_the_token_of_the_stand_in_is_for_the_owners_eyes_and_in_no_description(instance: Instance) -> None:
    instance.remember(forge='github', forge_port=1)
    place = OnGitHub(instance)
    assert instance.settings.forge_token not in repr(place.access)
    assert instance.settings_path.stat().st_mode & 0o777 == 0o600
