import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbox_hedgehog.catalog.paths import find, parse, spell

SPELLED = pytest.mark.parametrize(
    ('path', 'spelled'),
    [
        ((), ''),
        (('spec', 'subnets', 'default', 'vlan'), 'spec.subnets.default.vlan'),
        (('spec', 'permit', 0), 'spec.permit[0]'),
        (('spec', 'permit', 0, 1), 'spec.permit[0][1]'),
        (('spec', 'portSpeeds', 'E1/1'), 'spec.portSpeeds.E1/1'),
        (('spec', 'peering', 'ext.dc', 'expose'), 'spec.peering["ext.dc"].expose'),
        (('metadata', 'labels', 'a.b/c'), 'metadata.labels["a.b/c"]'),
        (('spec', 'subnets', 'a "b"[]'), 'spec.subnets["a \\"b\\"[]"]'),
        (('spec', 'subnets', ''), 'spec.subnets[""]'),
        (('spec', 'subnets', '\ud800'), 'spec.subnets["\\ud800"]'),
        (('spec', 'subnets', '0'), 'spec.subnets.0'),
        ((3, 'name'), '[3].name'),
    ],
)
STEPS = st.text(st.characters(exclude_categories=['Cs'])) | st.integers(0, 10**8)


@SPELLED
def test_a_path_is_spelled_so_that_it_means_one_place(path, spelled):
    assert spell(path) == spelled


@SPELLED
def test_a_spelled_path_is_read_back(path, spelled):
    assert parse(spelled) == path


@given(st.lists(STEPS).map(tuple))
def test_reading_is_the_inverse_of_spelling(path):
    assert parse(spell(path)) == path


@given(st.text())
def test_what_is_no_path_is_refused_and_nothing_else_happens(text):
    try:
        path = parse(text)
    except ValueError:
        return
    assert parse(spell(path)) == path


@pytest.mark.parametrize('text', ['a..b', '.a', 'a.', 'a b', 'a[x]', 'a["x]', '[1', 'a.[0]', '"a"', '[0]a'])
def test_what_is_no_path_is_refused(text):
    with pytest.raises(ValueError, match='is no path'):
        parse(text)


SPEC = {'permit': [{'a': {'subnets': ['x', 'y']}, 'b': None}, 3, None], 'name': 'n', '[]': 1, '*': 2}


@pytest.mark.parametrize(
    ('pattern', 'found'),
    [
        ('name', [(('name',), 'n')]),
        ('permit[].*.subnets[]', [(('permit', 0, 'a', 'subnets', 0), 'x'), (('permit', 0, 'a', 'subnets', 1), 'y')]),
        ('permit[].b', []),
        ('name.deeper', []),
        ('name[]', []),
        ('absent.*', []),
        ('permit.a', []),
    ],
)
def test_a_pattern_finds_what_has_its_shape_and_is_not_null(pattern, found):
    assert find(SPEC, pattern) == found


@pytest.mark.parametrize('value', [None, True, 1, 'text', [], {}])
def test_nothing_is_found_where_there_is_nothing(value):
    assert find(value, 'a.*.b[]') == []
