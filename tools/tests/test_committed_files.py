"""What the tools read from the repository holds what it should, and nothing else."""

import gzip
import re
import tomllib

import pytest
import yaml

from netbox_hedgehog import HedgehogConfig
from tools.checkout import BASELINES, REQUIREMENTS, ROOT


@pytest.mark.parametrize('name', ['demo', 'development'])
def test_lists_of_packages_hold_names_and_versions_only(name: str) -> None:
    lines = (REQUIREMENTS / f'{name}.txt').read_text().splitlines()
    wrong = [line for line in lines if not re.fullmatch(r'#.*|[a-z0-9-]+==[0-9][a-z0-9.]*', line)]
    assert not wrong


def test_there_is_a_database_for_the_netbox_that_is_pinned() -> None:
    pinned = re.search(r'^netbox==(.+)$', (REQUIREMENTS / 'demo.txt').read_text(), re.MULTILINE)
    assert pinned
    assert (BASELINES / f'netbox-{pinned[1]}.sql.gz').is_file()


def test_the_database_holds_no_user_no_plugin_and_one_date() -> None:
    (script,) = BASELINES.glob('*.sql.gz')
    text = gzip.decompress(script.read_bytes()).decode()
    assert re.search(r'^COPY public\.users_user .*\n\\\.$', text, re.MULTILINE)
    assert 'netbox_hedgehog' not in text
    assert set(re.findall(r'\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d', text)) == {'2000-01-01 00:00:00'}
    assert not re.search(r'^\\(un)?restrict', text, re.MULTILINE)


def test_all_places_name_the_same_releases() -> None:
    project = tomllib.loads((ROOT / 'pyproject.toml').read_text())['project']
    newest = yaml.safe_load((ROOT / 'netbox-plugin.yaml').read_text())['compatibility'][0]
    assert newest['release'] == project['version'] == HedgehogConfig.version
    assert newest['netbox_min'] == HedgehogConfig.min_version
    assert newest['netbox_max'] == HedgehogConfig.max_version
    row = f'| {HedgehogConfig.version} | {HedgehogConfig.min_version} to {HedgehogConfig.max_version} |'
    assert row in (ROOT / 'COMPATIBILITY.md').read_text()
