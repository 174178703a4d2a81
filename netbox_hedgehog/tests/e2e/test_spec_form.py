"""The form of a resource in a browser: rows, choices by keyboard, free values, both editors and the preview."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from netbox_hedgehog.tests.e2e.conftest import Demo
from tools.api import Api
from tools.netbox import PLUGIN_API


@pytest.fixture
def fabric(demo: Demo) -> Any:
    return Api(demo.url, demo.token).first(f'{PLUGIN_API}/fabrics/', name=demo.fabric)


def open_form(page: Page, plural: str, fabric: Any) -> None:
    page.goto(f'/plugins/hedgehog/{plural}/add/?fabric={fabric["id"]}&name=form-test', wait_until='networkidle')


def field(page: Page, name: str) -> Any:
    return page.locator(f'[name="{name}"]')


def test_rows_free_values_and_both_editors(page: Page, fabric: Any) -> None:
    open_form(page, 'vpcs', fabric)
    field(page, 'spec.subnets.0.key').fill('first')
    page.get_by_role('button', name='Next free VLAN').click()
    expect(field(page, 'spec.subnets.0.vlan')).not_to_have_value('')
    page.get_by_role('button', name='Next free Prefix').first.click()
    expect(field(page, 'spec.subnets.0.subnet')).not_to_have_value('')
    page.get_by_role('button', name='Subnet', exact=True).press('Enter')
    expect(field(page, 'spec.subnets.1.key')).to_be_focused()
    field(page, 'spec.subnets.1.key').fill('second')
    page.get_by_role('button', name='Next free VLAN').nth(1).click()
    expect(field(page, 'spec.subnets.1.vlan')).not_to_have_value('')
    vlans = {field(page, f'spec.subnets.{number}.vlan').input_value() for number in (0, 1)}
    assert len(vlans) == 2
    expect(page.locator('[data-preview-lines]')).to_contain_text('+    second:')
    page.get_by_role('tab', name='YAML').click()
    expect(field(page, 'spec')).to_be_visible()
    text = field(page, 'spec').input_value()
    assert 'second:' in text
    field(page, 'spec').fill(text.replace('second:', 'second:\n    nonsense: 1'))
    expect(page.locator('[data-preview-notes]')).to_contain_text('spec.subnets.second.nonsense: ')
    field(page, 'spec').fill(text.replace('second:', 'third:'))
    page.get_by_role('tab', name='Fields').click()
    expect(field(page, 'spec.subnets.1.key')).to_have_value('third')
    page.get_by_role('button', name='Remove Subnet third').click()
    expect(field(page, 'spec.subnets.1.key')).to_have_count(0)


def test_choices_by_keyboard_and_a_problem_at_its_field(page: Page, fabric: Any) -> None:
    open_form(page, 'vpc-attachments', fabric)
    for name in ('spec.subnet', 'spec.subnet.part', 'spec.connection'):
        field(page, name).focus()
        expect(page.get_by_role('option').first).to_be_visible()
        page.keyboard.press('ArrowDown')
        page.keyboard.press('Enter')
        expect(field(page, name)).not_to_have_value('')
        expect(page.get_by_role('listbox')).to_be_hidden()
    field(page, 'spec.connection').fill('nonsense')
    expect(page.locator('[id="id_spec.connection_errors"]')).to_contain_text('no Connection nonsense')


def test_a_connection_shows_the_fields_of_its_type_and_the_ports_of_its_switch(page: Page, fabric: Any) -> None:
    open_form(page, 'connections', fabric)
    server = field(page, 'spec.unbundled.link.server.port')
    expect(server).to_be_hidden()
    field(page, 'spec.choice').select_option('unbundled')
    expect(server).to_be_visible()
    field(page, 'spec.unbundled.link.switch.port').fill('leaf-01')
    field(page, 'spec.unbundled.link.switch.port.part').focus()
    field(page, 'spec.unbundled.link.switch.port.part').fill('E1/1')
    expect(page.get_by_role('option').filter(has_text='used by').first).to_be_visible()
    field(page, 'spec.choice').select_option('fabric')
    expect(server).to_be_hidden()


def test_choices_do_not_cover_the_button_that_adds_the_next_row(page: Page, demo: Demo) -> None:
    leaf = Api(demo.url, demo.token).first(f'{PLUGIN_API}/switches/', name='leaf-01')
    page.goto(f'/plugins/hedgehog/switches/{leaf["id"]}/edit/', wait_until='networkidle')
    speeds = page.locator('[data-rows="spec.portSpeeds"]')
    add, rows = speeds.locator(':scope > [data-add]'), speeds.locator(':scope > [data-list] > [data-row]')
    choices = page.locator('#spec-offers')
    before = rows.count()
    add.click()
    key = rows.last.locator('input[name$=".key"]')
    expect(key).to_be_focused()
    expect(choices).to_be_hidden()
    key.press_sequentially('E1/')
    expect(choices.get_by_role('option').first).to_be_visible()
    # Playwright does not click on what something else covers.
    add.click(timeout=5000)
    expect(rows).to_have_count(before + 2)
    expect(choices).to_be_hidden()
    rows.last.locator('input[name$=".key"]').click()
    expect(choices.get_by_role('option').first).to_be_visible()


def test_an_edit_shows_its_difference_before_it_is_saved(page: Page, demo: Demo) -> None:
    vpc = Api(demo.url, demo.token).first(f'{PLUGIN_API}/vpcs/', name='shop')
    page.goto(f'/plugins/hedgehog/vpcs/{vpc["id"]}/edit/', wait_until='networkidle')
    expect(page.locator('[data-preview-notes]')).to_contain_text('Nothing changes in Git.')
    vlan = page.locator('[name^="spec.subnets."][name$=".vlan"]').first
    before = vlan.input_value()
    vlan.fill('1999')
    expect(page.locator('[data-preview-lines]')).to_contain_text(f'vlan: {before}')
    expect(page.locator('[data-preview-lines]')).to_contain_text('vlan: 1999')


def test_rows_that_yaml_cannot_hold_keep_the_fields_and_say_why(page: Page, fabric: Any) -> None:
    open_form(page, 'vpcs', fabric)
    field(page, 'spec.subnets.0.key').fill('twice')
    page.get_by_role('button', name='Subnet', exact=True).press('Enter')
    field(page, 'spec.subnets.1.key').fill('twice')
    page.get_by_role('tab', name='YAML').click()
    expect(page.locator('#spec-editors-error')).to_contain_text('used twice')
    expect(page.locator('[id="id_spec.subnets.1.row_errors"]')).to_contain_text('used twice')
    expect(field(page, 'spec.subnets.1.key')).to_have_value('twice')
    expect(field(page, 'spec')).to_be_hidden()


def test_nothing_can_be_entered_while_the_editor_changes(page: Page, fabric: Any) -> None:
    open_form(page, 'vpcs', fabric)
    held = []
    page.route('**/vpcs/preview/', lambda route: held.append(route))
    page.get_by_role('tab', name='YAML').click()
    expect(page.locator('#spec-fields')).to_have_js_property('inert', value=True)
    while not held:
        page.wait_for_timeout(50)
    held.pop().continue_()
    expect(field(page, 'spec')).to_be_visible()
    expect(page.locator('#spec-fields')).to_have_js_property('inert', value=False)


def test_an_old_failure_does_not_replace_a_newer_answer(page: Page, fabric: Any) -> None:
    open_form(page, 'vpcs', fabric)
    field(page, 'spec.subnets.0.key').fill('default')
    field(page, 'spec.subnets.0.vlan').fill('ten')
    notes = page.locator('[data-preview-notes]')
    expect(notes).to_contain_text('cannot be saved')
    held = []
    page.route('**/vpcs/preview/', lambda route: held.append(route) if not held else route.continue_())
    preview = page.get_by_role('button', name='Preview', exact=True)
    preview.click()
    expect(page.locator('[data-preview-lines]')).not_to_contain_text('vlan: eleven')
    field(page, 'spec.subnets.0.vlan').fill('eleven')
    expect(page.locator('[data-preview-lines]')).to_contain_text('vlan: eleven')
    held[0].abort()
    page.wait_for_timeout(300)
    expect(page.locator('[data-preview-lines]')).to_contain_text('vlan: eleven')
    # A failure of the newest one is told, and what was refused stays so.
    page.route('**/vpcs/preview/', lambda route: route.abort())
    preview.click()
    expect(page.locator('[data-preview-lines]')).to_be_hidden()
    expect(notes).to_contain_text('cannot be saved')
