"""A browser, logged in to the running demonstration that HEDGEHOG_DEMO names; HEDGEHOG_DEMO_GITHUB names another."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FAILURES = Path(__file__).parents[3] / '.test' / 'failures'
VIEWPORT = {'width': 1440, 'height': 900}
# Nothing but the page itself: no look-ups, no updates, no profile of the person's.
LAUNCH_FLAGS = (
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
)


@dataclass(frozen=True, slots=True)
class Demo:
    """How to reach the demonstration; the fields of its demo.json."""

    url: str
    username: str
    password: str
    token: str
    fabric: str
    repository: str
    branch: str
    directory: str
    # The repository's page, if there is one.
    forge_url: str = ''


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


def demo_of(variable: str) -> Demo:
    """Read how to reach the demonstration whose demo.json an environment variable names."""
    return Demo(**json.loads(Path(os.environ[variable]).read_text()))


@pytest.fixture(scope='session')
def demo() -> Demo:
    return demo_of('HEDGEHOG_DEMO')


@pytest.fixture(scope='session')
def logins() -> dict[str, Any]:
    """What a browser keeps of a login, by the address of the demonstration: one serves all tests."""
    return {}


@pytest.fixture(scope='session')
def browser() -> Iterator[Browser]:
    program = os.environ.get('HEDGEHOG_BROWSER') or shutil.which('chromium')
    # Chromium's own sandbox refuses to run as root.
    flags = [*LAUNCH_FLAGS, *(['--no-sandbox'] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, demo: Demo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from open_page(browser, demo, request)


def open_page(browser: Browser, demo: Demo, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open a page for somebody who is logged in; when the test fails, what it last showed is kept as a picture."""
    logins = request.getfixturevalue('logins')
    context = browser.new_context(base_url=demo.url, viewport=VIEWPORT, storage_state=logins.get(demo.url))
    page = context.new_page()
    if demo.url not in logins:
        log_in(page, demo)
        logins[demo.url] = context.storage_state()
    failed_before = request.session.testsfailed
    yield page
    if request.session.testsfailed > failed_before:
        FAILURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=FAILURES / f'{request.node.name}.png', full_page=True)
    context.close()


def log_in(page: Page, demo: Demo) -> None:
    """Log in as a person does."""
    page.goto('/login/')
    page.get_by_label('Username').fill(demo.username)
    page.get_by_label('Password').fill(demo.password)
    page.get_by_role('button', name='Sign In').click()
    page.wait_for_url('**/')
