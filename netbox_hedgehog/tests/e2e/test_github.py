"""The promise with a fabric on GitHub: commits over its API, webhooks, pull requests, and what the pages say."""

import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tools.api import Api, fetch

from .conftest import Demo, demo_of, open_page
from .steps import choose, edit, edit_spec, git, next_commit, open_fabric, open_resource, push_change, save, until

PUSH_SECONDS = 3
API = 'plugins/hedgehog'


@pytest.fixture(scope='module')
def demo() -> Demo:
    return demo_of('HEDGEHOG_DEMO_GITHUB')


@pytest.fixture
def page(browser: Browser, demo: Demo, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from open_page(browser, demo, request)


@pytest.fixture
def api(demo: Demo) -> Api:
    return Api(demo.url, demo.token)


@pytest.fixture
def repository(demo: Demo) -> Path:
    return Path(demo.repository)


def webhook(api: Api) -> dict[str, Any]:
    repository = api.first(f'{API}/git-repositories/')
    assert repository
    return api.get(f'{API}/git-repositories/{repository["id"]}/webhook/')


def wait_for_idle_worker(api: Api) -> None:
    """Wait until the jobs of earlier changes are done: one worker does them all, one after the other."""

    def idle() -> bool | None:
        queues = api.get('core/background-queues/default/')
        return True if not queues['jobs'] and not queues['started_jobs'] else None

    until(idle, 'the worker does not come to rest')


def description_of(api: Api, name: str) -> str:
    server = api.first(f'{API}/servers/', name=name)
    assert server
    return str(server['spec'].get('description', ''))


def push_description(demo: Demo, work: Path, name: str) -> str:
    """Push a new description of a server; return it."""
    description = f'Rack {random.randrange(100_000)}'
    path = f'{demo.directory}/managed/servers/{name}.yaml'
    push_change(demo.repository, work, path, r'description: .*', f'description: {description}')
    return description


def test_an_edit_in_the_form_is_a_commit_by_its_user(page: Page, demo: Demo, repository: Path) -> None:
    vlan = random.randrange(2100, 2900)
    before = git(repository, 'rev-parse', demo.branch).strip()
    open_resource(page, 'vpcs', 'shop')
    edit(page)
    edit_spec(page, r'vlan: \d+', f'vlan: {vlan}')
    save(page, f'CHG-{vlan} move the shop')
    commit = next_commit(repository, demo.branch, before)

    told = git(repository, 'show', '--no-patch', '--format=%an|%ae|%cn|%P|%s', commit).strip()
    author, address, committer, parent, subject = told.split('|')
    assert (author, address) == (demo.username, f'{demo.username}@netbox.invalid')
    assert committer == 'netbox_hedgehog'
    assert parent == before
    assert subject == f'CHG-{vlan} move the shop'
    trailers = git(repository, 'show', '--no-patch', '--format=%(trailers:only,unfold)', commit)
    assert f'HNP-Fabric: {demo.fabric}\n' in trailers
    assert 'HNP-Operation: sync\n' in trailers
    assert f'HNP-User: {demo.username}\n' in trailers
    assert re.search(r'^HNP-Batch: [0-9a-f-]{36}$', trailers, re.M)
    assert re.search(r'^HNP-Change: \d+ update VPC default shop$', trailers, re.M)
    diff = git(repository, 'show', '--format=', '--unified=0', commit)
    assert len([line for line in diff.splitlines() if re.match(r'[+-](?![+-])', line)]) == 2, diff

    def shown() -> bool | None:
        page.reload()
        return True if page.get_by_text('In sync').count() and page.get_by_text(commit[:7]).count() else None

    until(shown, 'the page does not show the commit')
    page.get_by_role('link', name=re.compile(f'^{commit[:7]}')).first.click()
    expect(page).to_have_url(f'{demo.forge_url}/commit/{commit}')
    expect(page.get_by_text(f'vlan: {vlan}').first).to_be_visible()


def test_a_push_is_in_netbox_within_three_seconds(
    demo: Demo, api: Api, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wait_for_idle_worker(api)
    called_before = webhook(api)['last_delivery']
    description = push_description(demo, tmp_path, 'server-06')
    pushed = time.monotonic()
    until(
        lambda: True if description_of(api, 'server-06') == description else None,
        'the push did not reach NetBox',
        pause_seconds=0.05,
    )
    took = time.monotonic() - pushed
    with capsys.disabled():
        sys.stdout.write(f'\nfrom the end of the push to the row in NetBox: {took:.2f} s\n')
    assert took < PUSH_SECONDS
    assert webhook(api)['last_delivery'] > called_before
    run = api.first(f'{API}/sync-runs/', ordering='-started')
    assert run
    assert run['trigger']['value'] == 'webhook'
    assert run['commit_after'] == git(Path(demo.repository), 'rev-parse', demo.branch).strip(), 'a pull caused a push'


def test_a_call_with_a_wrong_signature_does_nothing_but_count(api: Api) -> None:
    wait_for_idle_worker(api)
    before, jobs = webhook(api), api.get('core/jobs/', name='Hedgehog fabric sync')['count']
    body = b'{"ref": "refs/heads/main"}'
    headers = {
        'Content-Type': 'application/json',
        'X-GitHub-Event': 'push',
        'X-GitHub-Delivery': f'forged-{time.time_ns()}',
        'X-Hub-Signature-256': f'sha256={"0" * 64}',
    }
    answer = fetch(before['payload_url'], method='POST', headers=headers, data=body)
    assert answer.status == 403
    after = webhook(api)
    assert after['rejections'] == before['rejections'] + 1
    assert [after[name] for name in ('last_delivery', 'waiting', 'failed')] == [
        before[name] for name in ('last_delivery', 'waiting', 'failed')
    ]
    assert api.get('core/jobs/', name='Hedgehog fabric sync')['count'] == jobs


def test_the_connection_is_tested_line_by_line(page: Page, demo: Demo) -> None:
    open_fabric(page, demo.fabric)
    page.get_by_role('button', name='Test connection').click()
    expect(page.get_by_text('Can be used')).to_be_visible()
    for check in ('authentication', 'write permission', 'rules', 'webhook', 'budget'):
        row = page.locator('table tbody tr').filter(has=page.get_by_text(check, exact=True))
        expect(row.get_by_text('ok', exact=True)).to_be_visible()


def test_the_page_tells_what_is_left_of_the_budget(page: Page, demo: Demo) -> None:
    open_fabric(page, demo.fabric)
    panel = page.locator('.card').filter(has=page.get_by_role('heading', name='API budget'))
    expect(panel.get_by_text(re.compile(r'\d+ of 5000 left until'))).to_be_visible()
    expect(panel.get_by_text(re.compile(r'\d+ of 500 used'))).to_be_visible()


def test_a_pull_request_carries_an_edit_until_it_is_merged(page: Page, demo: Demo, repository: Path) -> None:
    set_way_of_writing(page, demo, 'pull-request')
    try:
        before = git(repository, 'rev-parse', demo.branch).strip()
        vlan = random.randrange(2100, 2900)
        open_resource(page, 'vpcs', 'office')
        edit(page)
        edit_spec(page, r'vlan: \d+', f'vlan: {vlan}')
        save(page, f'CHG-{vlan} move the office')
        vpc = page.url

        def proposed() -> bool | None:
            page.goto(vpc)
            return True if page.get_by_text('Proposed', exact=True).count() else None

        until(proposed, 'the edit is not shown as proposed')
        assert git(repository, 'rev-parse', demo.branch).strip() == before
        open_fabric(page, demo.fabric)
        expect(page.get_by_text(re.compile(r'1 proposed in pull request #\d+')).first).to_be_visible()
        page.get_by_role('link', name=re.compile(r'^(Pull request )?#\d+', re.I)).first.click()
        expect(page.get_by_text(f'vlan: {vlan}').first).to_be_visible()
        page.get_by_role('button', name='Merge', exact=True).click()
        expect(page.locator('#state')).to_have_text('merged')

        def green() -> bool | None:
            page.goto(vpc)
            return True if page.get_by_text('In sync', exact=True).count() else None

        until(green, 'the merged edit is not shown as in sync')
        content = git(repository, 'show', f'{demo.branch}:{demo.directory}/managed/vpcs/office.yaml')
        assert f'vlan: {vlan}' in content
        until(
            lambda: None if git(repository, 'for-each-ref', 'refs/heads/hedgehog/') else True,
            'the branch of the merged request is still there',
        )
    finally:
        set_way_of_writing(page, demo, 'push')


def set_way_of_writing(page: Page, demo: Demo, value: str) -> None:
    open_fabric(page, demo.fabric)
    edit(page)
    choose(page, 'write_method', value)
    save(page)
