"""The promise of the first page: an edit in the browser is a commit, a commit is an edit in the browser."""

import random
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from .conftest import Demo

PATIENCE_SECONDS = 60


def git(directory: Path, *arguments: str) -> str:
    identity = ('-c', 'user.name=Grace', '-c', 'user.email=grace@example.com')
    answer = subprocess.run(['git', *identity, *arguments], cwd=directory, capture_output=True, text=True, check=True)
    return answer.stdout


def until[T](what: Callable[[], T | None], description: str) -> T:
    """Wait for something that the worker does; the test fails with the description."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if (found := what()) is not None:
            return found
        time.sleep(0.3)
    raise AssertionError(description)


def open_resource(page: Page, plural: str, name: str) -> None:
    page.goto(f'/plugins/hedgehog/{plural}/?q={name}')
    page.get_by_role('link', name=name, exact=True).first.click()
    expect(page.get_by_role('heading', name=re.compile(name)).first).to_be_visible()


def edit_spec(page: Page, pattern: str, replacement: str) -> None:
    field = page.locator('textarea[name=spec]')
    text = field.input_value()
    changed = re.sub(pattern, replacement, text, count=1)
    assert changed != text, text
    field.fill(changed)


def test_editing_a_vpc_in_the_browser_is_a_commit_that_changes_only_that_line(page: Page, demo: Demo) -> None:
    repository = Path(demo.repository)
    vlan = random.randrange(2100, 2900)
    before = git(repository, 'rev-parse', demo.branch).strip()

    open_resource(page, 'vpcs', 'shop')
    page.get_by_role('button', name='Edit', exact=True).first.click()
    edit_spec(page, r'vlan: \d+', f'vlan: {vlan}')
    page.locator('[name=changelog_message]').fill(f'CHG-{vlan} move the shop')
    page.get_by_role('button', name=re.compile('^Save')).click()
    expect(page.locator('.alert-success, .toast').first).to_be_visible()

    def committed() -> str | None:
        head = git(repository, 'rev-parse', demo.branch).strip()
        return head if head != before else None

    commit = until(committed, 'the edit was not committed')
    diff = git(repository, 'show', '--format=', '--unified=0', commit)
    lines = [line for line in diff.splitlines() if re.match(r'[+-](?![+-])', line)]
    assert len(lines) == 2, diff
    assert f'vlan: {vlan}' in lines[1]
    assert git(repository, 'log', '-1', '--format=%s', commit).strip() == f'CHG-{vlan} move the shop'
    assert git(repository, 'log', '-1', '--format=%an', commit).strip() == demo.username

    def shown() -> bool | None:
        page.reload()
        return True if page.get_by_text('In sync').count() and page.get_by_text(commit[:7]).count() else None

    until(shown, 'the page does not show the commit')


def test_a_pushed_commit_is_an_edit_on_the_page(page: Page, demo: Demo, tmp_path: Path) -> None:
    git(tmp_path, 'clone', '--quiet', demo.repository, 'work')
    work = tmp_path / 'work'
    path = work / demo.directory / 'managed/switches/leaf-01.yaml'
    description = f'Hall {random.randrange(10_000)}'
    path.write_text(re.sub(r'description: .*', f'description: {description}', path.read_text(), count=1))
    git(work, 'commit', '--quiet', '--all', '--message=Move the leaf')
    git(work, 'push', '--quiet')
    pushed = git(work, 'rev-parse', 'HEAD').strip()
    open_resource(page, 'switches', 'leaf-01')

    def shown() -> bool | None:
        page.reload()
        return True if page.get_by_text(description).count() else None

    until(shown, 'the push does not show on the page')
    assert git(Path(demo.repository), 'rev-parse', demo.branch).strip() == pushed, 'a pull caused a push'


def test_a_mistake_is_shown_beside_the_field_and_mending_it_saves(page: Page, demo: Demo) -> None:
    name = f'e2e-{random.randrange(10_000)}'
    page.goto('/plugins/hedgehog/vpcs/add/')
    page.evaluate(
        """async (slug) => {
            const answer = await fetch('/api/plugins/hedgehog/fabrics/?slug=' + slug);
            const fabric = (await answer.json()).results[0];
            const select = document.querySelector('select[name=fabric]');
            select.tomselect.addOption({id: fabric.id, display: fabric.display});
            select.tomselect.setValue(fabric.id);
        }""",
        demo.fabric,
    )
    page.locator('input[name=name]').fill(name)
    spec = 'subnets:\n  default:\n    subnet: 10.0.251.0/24\n    vlan: ten\n'
    page.locator('textarea[name=spec]').fill(spec)
    page.get_by_role('button', name='Create', exact=True).click()
    expect(page.get_by_text('spec.subnets.default.vlan').first).to_be_visible()
    page.locator('textarea[name=spec]').fill(spec.replace('ten', '2951'))
    page.get_by_role('button', name='Create', exact=True).click()
    expect(page.get_by_role('heading', name=re.compile(name)).first).to_be_visible()
    path = f'{demo.branch}:{demo.directory}/managed/vpcs/{name}.yaml'

    def written() -> str | None:
        answer = subprocess.run(['git', 'show', path], cwd=demo.repository, capture_output=True, text=True, check=False)
        return answer.stdout if answer.returncode == 0 else None

    assert 'vlan: 2951' in until(written, f'{path} was not written')


def test_sync_now_and_preview_are_on_the_fabric_page(page: Page, demo: Demo) -> None:
    page.goto(f'/plugins/hedgehog/fabrics/?q={demo.fabric}')
    page.locator('table tbody a').first.click()
    page.get_by_role('button', name='Preview').first.click()
    expect(page.get_by_text(re.compile('nothing|No changes|equal', re.I)).first).to_be_visible()
    page.go_back()
    page.get_by_role('button', name='Sync now').first.click()
    expect(page.locator('.alert, .toast').first).to_be_visible()
