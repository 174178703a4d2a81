"""The page that lists the rules is what the rules say now."""

from netbox_hedgehog.catalog import RULES
from netbox_hedgehog.catalog.rules import SETTINGS_RULES
from netbox_hedgehog.validation import RULES as FILE_RULES
from tools.rules_page import PAGE, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding='utf-8') == page(), 'run `make rules-page`'


def test_the_page_has_every_rule() -> None:
    text = page()
    assert [rule for rule in (*RULES, *FILE_RULES, *SETTINGS_RULES) if f'| `{rule}` |' not in text] == []
