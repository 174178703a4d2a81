"""The forms of names, and the roles of switches."""

from typing import get_args

import pytest

from netbox_hedgehog.catalog import names
from netbox_hedgehog.catalog.roles import LEAF_ROLES, SPINE, is_leaf
from netbox_hedgehog.catalog.wiring import SwitchSpec


@pytest.mark.parametrize(
    ('text', 'forms'),
    [
        ('a-1', {'is_dns_label', 'is_subdomain', 'is_label_text'}),
        ('a.b', {'is_subdomain', 'is_label_text'}),
        ('A_b', {'is_label_text'}),
        ('-a', set()),
        ('a-', set()),
        ('a..b', {'is_label_text'}),
        ('a\n', set()),
        ('é', set()),
        ('', set()),
    ],
)
def test_a_text_has_the_forms_that_kubernetes_says(text, forms):
    assert {name for name in names.__all__ if getattr(names, name)(text)} == forms


def test_every_role_is_that_of_a_spine_or_a_leaf_or_of_what_no_installer_accepts():
    roles = get_args(SwitchSpec.model_fields['role'].annotation)
    assert set(roles) == {SPINE, *LEAF_ROLES, 'virtual-edge'}
    assert [role for role in roles if is_leaf(role)] == list(LEAF_ROLES)
