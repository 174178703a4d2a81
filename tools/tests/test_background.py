"""A program in the background is known by its process, not by a number that may be another's."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tools.background import Background, start_of


def start_sleeping(directory: Path) -> Background:
    sleeping = Background('sleeping', directory)
    sleeping.start([sys.executable, '-c', 'import time; time.sleep(60)'], environment={}, directory=directory)
    return sleeping


def test_a_later_command_finds_and_stops_what_an_earlier_one_started(tmp_path: Path) -> None:
    pid = start_sleeping(tmp_path).pid()
    later = Background('sleeping', tmp_path)
    assert later.pid() == pid
    assert later.stop()
    assert later.pid() is None
    assert not later.stop()


def test_a_killed_program_counts_as_ended(tmp_path: Path) -> None:
    sleeping = start_sleeping(tmp_path)
    os.kill(sleeping.pid() or 0, signal.SIGKILL)
    time.sleep(0.1)
    assert sleeping.pid() is None


def test_a_process_that_got_the_id_of_an_ended_one_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']) as stranger:
        ended = Background('ended', tmp_path)
        ended.pid_file.write_text(f'{stranger.pid} {int(start_of(stranger.pid) or 0) - 1}')
        assert ended.pid() is None
        assert not ended.stop()
        assert stranger.poll() is None
        stranger.kill()


def test_a_program_that_does_not_listen_is_ended_all_the_same(tmp_path: Path) -> None:
    deaf = Background('deaf', tmp_path)
    deaf.start(
        ['sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done'], environment={'PATH': os.defpath}, directory=tmp_path
    )
    time.sleep(0.3)
    assert deaf.stop(grace_seconds=0.3)
    assert deaf.pid() is None
