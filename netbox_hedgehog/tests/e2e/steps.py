"""What the tests do again and again: steps of a person at the browser and at a clone."""

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

PATIENCE_SECONDS = 60


def git(directory: Path, *arguments: str) -> str:
    """Run Git as somebody who is no user of NetBox."""
    identity = ('-c', 'user.name=Grace', '-c', 'user.email=grace@example.com')
    answer = subprocess.run(['git', *identity, *arguments], cwd=directory, capture_output=True, text=True, check=True)
    return answer.stdout


def push_change(repository: str, work: Path, path: str, pattern: str, replacement: str) -> str:
    """Change one place of a file in a fresh clone, push it, and return the commit."""
    git(work, 'clone', '--quiet', repository, 'work')
    clone = work / 'work'
    file = clone / path
    text = file.read_text()
    changed = re.sub(pattern, replacement, text, count=1)
    assert changed != text, text
    file.write_text(changed)
    git(clone, 'commit', '--quiet', '--all', '--message=Change it beside NetBox')
    git(clone, 'push', '--quiet')
    return git(clone, 'rev-parse', 'HEAD').strip()


def until[T](what: Callable[[], T | None], description: str, *, pause_seconds: float = 0.3) -> T:
    """Wait for something that the worker does; the test fails with the description."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if (found := what()) is not None:
            return found
        time.sleep(pause_seconds)
    raise AssertionError(description)


def next_commit(repository: Path, branch: str, before: str) -> str:
    """Wait until a branch moves on from a commit."""

    def moved() -> str | None:
        head = git(repository, 'rev-parse', branch).strip()
        return head if head != before else None

    return until(moved, f'{branch} did not move on from {before}')


def open_resource(page: Page, plural: str, name: str) -> None:
    """Find a resource in the list of its kind."""
    page.goto(f'/plugins/hedgehog/{plural}/?q={name}')
    page.get_by_role('link', name=name, exact=True).first.click()
    expect(page.get_by_role('heading', name=re.compile(name)).first).to_be_visible()


def open_fabric(page: Page, name: str) -> None:
    """Find a fabric in the list."""
    page.goto(f'/plugins/hedgehog/fabrics/?q={name}')
    page.locator('table tbody').get_by_role('link', name=name, exact=True).first.click()
    expect(page.get_by_role('heading', name=name).first).to_be_visible()


def edit(page: Page) -> None:
    """Open the form of the object on the page."""
    page.get_by_role('button', name='Edit', exact=True).first.click()


def edit_spec(page: Page, pattern: str, replacement: str) -> None:
    """Change one place of a spec in its form, as YAML."""
    page.get_by_role('tab', name='YAML').click()
    field = page.locator('textarea[name=spec]')
    expect(field).to_be_visible()
    text = field.input_value()
    changed = re.sub(pattern, replacement, text, count=1)
    assert changed != text, text
    field.fill(changed)


def choose(page: Page, name: str, value: str) -> None:
    """Choose from a list: NetBox puts a widget of its own in the place of the browser's."""
    field = page.locator(f'select[name={name}].tomselected')
    field.evaluate('(select, value) => select.tomselect.setValue(value)', value)


def save(page: Page, message: str = '') -> None:
    """Send the form, with a message for the change log."""
    page.locator('[name=changelog_message]').fill(message)
    page.get_by_role('button', name=re.compile('^Save')).click()
    expect(page.locator('.alert-success, .toast').first).to_be_visible()
