"""Items of a list are paired so that the least of the text changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_hedgehog.manifests.alignment import Difference, align

from .strategies import simple_values

ROUTES = [{'prefix': f'10.{n}.0.0/16', 'nextHops': [f'10.0.0.{n}'], 'metric': n} for n in range(4)]
ZERO, ONE, TWO, THREE = ROUTES

CASES = {
    'nothing': ([], [], []),
    'all the same': ([1, 2], [1, 2], [(0, 0), (1, 1)]),
    'one more at the end': ([1], [1, 2], [(0, 0), (None, 1)]),
    'one more at the beginning': ([1, 2], [0, 1, 2], [(None, 0), (0, 1), (1, 2)]),
    'one less in the middle': ([1, 2, 3], [1, 3], [(0, 0), (1, None), (2, 1)]),
    'one changed': ([1, 2, 3], [1, 9, 3], [(0, 0), (1, 1), (2, 2)]),
    'true is not one': ([1], [True], [(0, 0)]),
    'one gone, one new': ([1, 2, 3], [2, 3, 4], [(0, None), (1, 0), (2, 1), (None, 2)]),
    'a map changed and another gone': ([ZERO, ONE], [{**ONE, 'metric': 9}], [(0, None), (1, 0)]),
    'a map changed and another new': ([ONE], [TWO, {**ONE, 'metric': 9}], [(None, 0), (0, 1)]),
    'a map in place of a text': (['a', ONE], [TWO, ONE], [(0, 0), (1, 1)]),
    'equal items': ([1, 1, 1], [1, 1], [(0, 0), (1, 1), (2, None)]),
    'all gone': ([1, 2], [], [(0, None), (1, None)]),
}


@pytest.mark.parametrize(('old', 'new', 'expected'), CASES.values(), ids=CASES.keys())
def test_the_cheapest_way_is_found(old, new, expected):
    assert align(old, new) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(simple_values, max_size=5), st.lists(simple_values, max_size=5))
def test_every_item_has_its_place(old, new):
    pairs = align(old, new)
    assert [i for i, _ in pairs if i is not None] == list(range(len(old)))
    assert [j for _, j in pairs if j is not None] == list(range(len(new)))
    assert (None, None) not in pairs


def test_very_long_lists_are_paired_by_position():
    old, new = list(range(1000)), list(range(5000, 5998))
    assert align(old, new) == [*((at, at) for at in range(998)), (998, None), (999, None)]


def test_a_difference_groups_neighbours():
    difference = Difference.of_items([0, 1, 2, 3, 4, 5], [7, 0, 3, 5, 8, 9])
    assert difference.kept == ((0, 1), (3, 2), (5, 3))
    assert difference.removed == ((1, 2), (4, 4))
    assert difference.added == ((None, (0,)), (5, (4, 5)))


def test_new_keys_come_last():
    difference = Difference.of_keys(['a', 'b', 'c'], ['x', 'c', 'y', 'a'])
    assert difference.kept == ((0, 3), (2, 1))
    assert difference.removed == ((1, 1),)
    assert difference.added == ((2, (0, 2)),)
