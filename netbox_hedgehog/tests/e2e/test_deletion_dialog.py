"""The dialog in which NetBox asks before a deletion."""

from playwright.sync_api import Page, expect

from netbox_hedgehog.tests.e2e.steps import open_resource


def test_the_dialog_that_asks_before_a_deletion_names_what_refers_to_the_resource(page: Page) -> None:
    open_resource(page, 'vpcs', 'shop')
    page.get_by_role('button', name='Delete', exact=True).first.click()
    dialog = page.locator('#htmx-modal-content')
    expect(dialog).to_contain_text('This deletion will be refused')
    expect(dialog.get_by_role('link', name='office--shop')).to_be_visible()
