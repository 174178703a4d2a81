"""The demonstration is there, and the plugin is in it."""

from playwright.sync_api import Page, expect

from .conftest import Demo


def test_after_logging_in_the_menu_offers_hedgehog(page: Page) -> None:
    page.goto('/')
    expect(page).to_have_title('Home | NetBox')
    expect(page.locator('nav, aside').get_by_text('Hedgehog', exact=True).first).to_be_attached()


def test_the_fabric_of_the_demonstration_is_listed(page: Page, demo: Demo) -> None:
    page.goto('/plugins/hedgehog/fabrics/')
    expect(page.get_by_role('link', name=demo.fabric, exact=True).first).to_be_visible()
