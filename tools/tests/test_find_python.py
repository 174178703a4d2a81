"""A usable Python is found wherever it lies, and an unusable one is passed over."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.checkout import ROOT

PROGRAM = ROOT / 'tools' / 'find-python'
SYSTEM_PLACES = (Path('/usr/local/bin/python3.12'), Path('/usr/bin/python3.12'))


def find_python(**variables: str) -> subprocess.CompletedProcess[str]:
    environment = {'PATH': os.defpath, **variables}
    return subprocess.run([PROGRAM], env=environment, capture_output=True, text=True, check=False)


def make_program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\n{text}\n')
    path.chmod(0o755)
    return path


@pytest.mark.skipif(any(place.exists() for place in SYSTEM_PLACES), reason='the system has a Python 3.12 of its own')
def test_a_python_of_pyenv_is_found_behind_a_shim_that_is_switched_off(tmp_path: Path) -> None:
    make_program(tmp_path / 'bin' / 'python3.12', 'echo "pyenv: python3.12: command not found" >&2; exit 127')
    hidden = make_program(tmp_path / '.pyenv/versions/3.12.99/bin/python3', f'exec {sys.executable} "$@"')
    found = find_python(HOME=str(tmp_path), PATH=f'{tmp_path}/bin:{os.defpath}')
    assert found.stdout.strip() == str(hidden)


def test_what_is_found_can_make_virtual_environments() -> None:
    found = find_python(HOME=os.environ.get('HOME', '/'), PATH=os.environ['PATH'])
    probe = 'import sys, venv, ssl, ensurepip; print((3, 12) <= sys.version_info[:2] <= (3, 14))'
    answer = subprocess.run([found.stdout.strip(), '-c', probe], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == 'True'


def test_a_python_that_is_named_is_the_only_one_considered(tmp_path: Path) -> None:
    old = make_program(tmp_path / 'python3.9', 'exit 1')
    refused = find_python(PYTHON=str(old))
    assert refused.returncode == 1
    assert str(old) in refused.stderr
    assert find_python(PYTHON=sys.executable).stdout.strip() == sys.executable
