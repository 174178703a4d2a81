"""`hedgehog-validate` at a shell: what it prints, what it reads, and how it ends."""

import io
import json
import os
import subprocess
import sys
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from netbox_hedgehog.validation.command import main

from .manifests import GROUP, SERVER

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, '-m', 'netbox_hedgehog.validation.command']
BROKEN = SERVER.replace('Web', '1')


def run(*arguments):
    """Call the command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


def start(*arguments, command=COMMAND, **environment):
    """Start the command as a process of its own."""
    variables = {'PATH': os.environ['PATH'], 'PYTHONPATH': str(ROOT)} | environment
    return subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True, check=False, env=variables)


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def test_everything_is_valid(tmp_path):
    path = write(tmp_path / 'a.yaml', f'{SERVER}---\n{GROUP}')
    done = start(path)
    assert (done.returncode, done.stderr) == (0, '')
    assert done.stdout == '2 documents in 1 file: 2 valid, 0 invalid (0 errors, 0 warnings)\n'


def test_something_is_invalid(tmp_path):
    path = write(tmp_path / 'a.yaml', BROKEN)
    done = start(path)
    assert (done.returncode, done.stderr) == (1, '')
    first, last = done.stdout.splitlines()
    assert first.startswith(f'{path}:6: error: Server/server-01: spec.description: ')
    assert first.endswith('. [wrong-type]')
    assert last == '1 document in 1 file: 0 valid, 1 invalid (1 error, 0 warnings)'


@pytest.mark.parametrize(
    ('written', 'advice'),
    [
        ('70000', 'Too large; write a whole number from 1 to 4094. [out-of-range]'),
        ('ten', 'This is a text; write a whole number from 1 to 4094. [wrong-type]'),
        ('"1001"', 'This is a text; write it without quotes. [wrong-type]'),
    ],
)
def test_a_number_is_told_once_with_those_that_the_fabric_takes(tmp_path, written, advice):
    text = GROUP.replace('SwitchGroup', 'VLANNamespace').replace('{}', f'{{ranges: [{{from: {written}}}]}}')
    done = run(write(tmp_path / 'a.yaml', text))
    line, last = done.stdout.splitlines()
    assert line.endswith(f'VLANNamespace/eslag-1: spec.ranges[0].from: {advice}')
    assert last == '1 document in 1 file: 0 valid, 1 invalid (1 error, 0 warnings)'


def test_a_warning_is_shown_and_fails_nothing(tmp_path):
    labels = '  labels: {fabric.githedgehog.com/x: z}\nspec:'
    path = write(tmp_path / 'a.yaml', SERVER.replace('spec:', labels))
    done = run(path)
    assert done.returncode == 0
    assert ':5: warning: Server/server-01: metadata.labels["fabric.githedgehog.com/x"]: ' in done.stdout
    assert done.stdout.endswith('1 valid, 0 invalid (0 errors, 1 warning)\n')
    (line,) = run('--json', path).stdout.splitlines()
    document = json.loads(line)
    assert document['ok'] is True
    assert [problem['severity'] for problem in document['problems']] == ['warning']


def test_json_has_one_line_per_document(tmp_path):
    path = write(tmp_path / 'a.yaml', f'# banner\n---\n{BROKEN}---\n{GROUP}---\n[\n')
    done = run('--json', path)
    assert (done.returncode, done.stderr) == (1, '')
    broken, group, unreadable = map(json.loads, done.stdout.splitlines())
    (problem,) = broken.pop('problems')
    message = problem.pop('message')
    assert message.endswith('.')
    assert problem == {'rule': 'wrong-type', 'severity': 'error', 'path': 'spec.description', 'line': 8}
    assert broken == {
        'source': str(path),
        'document': 2,
        'apiVersion': 'wiring.githedgehog.com/v1beta1',
        'kind': 'Server',
        'namespace': 'default',
        'name': 'server-01',
        'ok': False,
    }
    assert (group['document'], group['ok'], group['problems']) == (3, True, [])
    assert [unreadable[key] for key in ('apiVersion', 'kind', 'namespace', 'name')] == [None] * 4
    assert (unreadable['document'], unreadable['ok'], unreadable['problems'][0]['rule']) == (4, False, 'syntax-error')


def test_a_directory_stands_for_the_manifests_below_it(tmp_path):
    names = [
        'a.yaml',
        'deep/er/b.yml',
        '.hidden/c.json',
        '.d.yaml',
        'b/.git/x.yaml',
        'README.md',
        'e.txt',
        'f.yaml.bak',
    ]
    for number, name in enumerate(names):
        write(tmp_path / name, json.dumps({'apiVersion': 'wiring.githedgehog.com/v1beta1', 'kind': 'Server',
                                           'metadata': {'name': f'server-{number}'}, 'spec': {}}))  # fmt: skip
    done = run('--json', tmp_path)
    assert done.returncode == 0
    read = [Path(json.loads(line)['source']).relative_to(tmp_path) for line in done.stdout.splitlines()]
    assert [str(path) for path in read] == ['.d.yaml', '.hidden/c.json', 'a.yaml', 'deep/er/b.yml']


def test_what_was_put_aside_is_left_out_unless_it_is_named(tmp_path):
    write(tmp_path / 'managed' / 'servers' / 'server-01.yaml', SERVER)
    aside = write(tmp_path / 'unmanaged' / 'old.yaml', BROKEN)
    done = run(tmp_path)
    assert done.returncode == 0
    assert f'{tmp_path}/unmanaged: put aside' in done.stderr
    assert run(aside).returncode == 1
    assert run(tmp_path / 'unmanaged').returncode == 1
    aside.unlink()
    assert run(tmp_path).stderr == ''


def test_a_link_in_a_directory_is_not_followed(tmp_path):
    outside = write(tmp_path / 'outside' / 'a.yaml', BROKEN)
    inside = tmp_path / 'inside'
    inside.mkdir()
    (inside / 'link.yaml').symlink_to(outside)
    (inside / 'loop').symlink_to(inside)
    done = run(inside)
    assert done.returncode == 0
    assert done.stdout.startswith('0 documents in 0 files')
    assert done.stderr.count('a symbolic link, left out') == 2
    assert run(inside / 'link.yaml').returncode == 1


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    path = write(tmp_path / 'a.yaml', SERVER)
    assert run(path, tmp_path, tmp_path / '..' / tmp_path.name / 'a.yaml').returncode == 0
    done = run(path, write(tmp_path / 'b.yaml', SERVER))
    assert done.returncode == 1
    assert '[duplicate]' in done.stdout


@pytest.mark.parametrize('arguments', [[], ['missing.yaml'], ['--nonsense', '.'], ['--settings', 'missing.yaml', '.']])
def test_what_cannot_be_done_is_told_apart_from_what_is_invalid(arguments):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, '')
    assert done.stderr


def test_a_valid_file_does_not_make_up_for_a_missing_one(tmp_path):
    done = start(write(tmp_path / 'a.yaml', SERVER), tmp_path / 'b.yaml')
    assert (done.returncode, done.stdout) == (2, '')
    assert done.stderr.startswith(f'hedgehog-validate: {tmp_path}/b.yaml: No such file or directory')


VPC = """\
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata: {name: vpc-1}
spec:
  subnets: {default: {subnet: 10.0.1.0/24, vlan: 1001, gateway: 10.0.1.1}}
"""


def test_on_day_0_the_default_namespaces_are_there(tmp_path):
    path = write(tmp_path / 'a.yaml', VPC)
    assert run(path).returncode == 1
    assert run('--day0', path).returncode == 0


def test_the_settings_are_those_of_the_fabric(tmp_path):
    path = write(tmp_path / 'a.yaml', VPC)
    settings = write(tmp_path / 'config' / 'settings.yaml', 'reservedSubnets: [10.0.0.0/8]\n')
    done = run('--day0', '--settings', settings, path)
    assert done.returncode == 1
    assert ' spec.subnets.default.subnet: ' in done.stdout


@pytest.mark.parametrize(
    'content', ['', '[', '17', 'reservedSubnets: nonsense', 'spineASN: -1', 'spineASN: 65200', 'spine: 1']
)
def test_settings_that_make_no_sense_stop_the_command(tmp_path, content):
    settings = write(tmp_path / 'settings.yaml', content)
    done = run('--settings', settings, write(tmp_path / 'a.yaml', SERVER))
    assert (done.returncode, done.stdout) == (2, '')
    assert done.stderr.startswith(f'hedgehog-validate: {settings}: ')


def test_a_terminal_is_not_at_the_mercy_of_a_file(tmp_path):
    path = write(tmp_path / 'a.yaml', 'apiVersion: v1\nkind: "\\e[2J\\n"\nmetadata: {name: "é"}\n')
    done = start(path, LC_ALL='C', PYTHONIOENCODING='ascii')
    assert done.returncode == 1
    assert '\x1b' not in done.stdout
    assert r'\x1b[2J\n/\xe9' in done.stdout


def test_whoever_reads_may_stop_early(tmp_path):
    path = write(tmp_path / 'a.yaml', '---\n'.join([BROKEN] * 5000))
    environment = {'PATH': os.environ['PATH'], 'PYTHONPATH': str(ROOT)}
    with subprocess.Popen([*COMMAND, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b''
    assert process.returncode == 1


WITHOUT_NETBOX = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in {'django', 'netbox', 'core', 'extras', 'utilities', 'psycopg'}:
            raise ModuleNotFoundError(f'no {name} here', name=name)

sys.meta_path.insert(0, Absent())
"""


def test_it_runs_where_there_is_no_netbox(tmp_path):
    path = write(tmp_path / 'a.yaml', SERVER)
    program = f'{WITHOUT_NETBOX}\nfrom netbox_hedgehog.validation.command import main\nsys.exit(main())'
    done = start(path, command=[sys.executable, '-c', program])
    assert (done.returncode, done.stderr) == (0, '')


def test_what_netbox_asks_for_still_fails_loudly_without_it():
    program = f'{WITHOUT_NETBOX}\nimport netbox_hedgehog\nnetbox_hedgehog.config'
    done = start(command=[sys.executable, '-c', program])
    assert 'ModuleNotFoundError: no netbox' in done.stderr


def test_the_program_is_installed_under_its_name():
    scripts = tomllib.loads((ROOT / 'pyproject.toml').read_text())['project']['scripts']
    module, _, function = scripts['hedgehog-validate'].partition(':')
    program = f'import {module} as command; raise SystemExit(command.{function}(["--help"]))'
    done = start(command=[sys.executable, '-c', program])
    assert done.returncode == 0
    assert 'usage: hedgehog-validate' in done.stdout
