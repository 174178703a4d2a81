"""The promise of the first page: an edit in the browser is a commit, a commit is an edit in the browser."""

import random
import re
import subprocess
from pathlib import Path

from playwright.sync_api import Page, expect

from .conftest import Demo
from .steps import edit, edit_spec, git, next_commit, open_fabric, open_resource, push_change, save, until


def test_editing_a_vpc_in_the_browser_is_a_commit_that_changes_only_that_line(page: Page, demo: Demo) -> None:
    repository = Path(demo.repository)
    vlan = random.randrange(2100, 2900)
    before = git(repository, 'rev-parse', demo.branch).strip()

    open_resource(page, 'vpcs', 'shop')
    edit(page)
    edit_spec(page, r'vlan: \d+', f'vlan: {vlan}')
    save(page, f'CHG-{vlan} move the shop')
    commit = next_commit(repository, demo.branch, before)
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
    description = f'Hall {random.randrange(10_000)}'
    path = f'{demo.directory}/managed/switches/leaf-01.yaml'
    pushed = push_change(demo.repository, tmp_path, path, r'description: .*', f'description: {description}')
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
    vlan, prefix = page.locator('[name="spec.subnets.0.vlan"]'), page.locator('[name="spec.subnets.0.subnet"]')
    page.locator('[name="spec.subnets.0.key"]').fill('default')
    page.get_by_role('button', name='Next free Prefix').first.click()
    expect(prefix).not_to_have_value('')
    vlan.fill('ten')
    page.get_by_role('button', name='Create', exact=True).click()
    page.wait_for_load_state()
    expect(page.locator('[id="id_spec.subnets.0.vlan_errors"]')).to_contain_text('write a whole number')
    page.get_by_role('button', name='Next free VLAN').click()
    expect(vlan).not_to_have_value('ten')
    free = vlan.input_value()
    page.get_by_role('button', name='Create', exact=True).click()
    expect(page.get_by_role('heading', name=re.compile(name)).first).to_be_visible()
    path = f'{demo.branch}:{demo.directory}/managed/vpcs/{name}.yaml'

    def written() -> str | None:
        answer = subprocess.run(['git', 'show', path], cwd=demo.repository, capture_output=True, text=True, check=False)
        return answer.stdout if answer.returncode == 0 else None

    assert f'vlan: {free}' in until(written, f'{path} was not written')


def test_sync_now_and_preview_are_on_the_fabric_page(page: Page, demo: Demo) -> None:
    open_fabric(page, demo.fabric)
    page.get_by_role('button', name='Preview').first.click()
    expect(page.get_by_text(re.compile('nothing|No changes|equal', re.I)).first).to_be_visible()
    page.go_back()
    page.get_by_role('button', name='Sync now').first.click()
    expect(page.locator('.alert, .toast').first).to_be_visible()
