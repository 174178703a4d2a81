import pytest

from netbox_hedgehog.catalog.paths import find, spell


@pytest.mark.parametrize(
    ('path', 'spelled'),
    [
        (('spec', 'subnets', 'default', 'vlan'), 'spec.subnets.default.vlan'),
        (('spec', 'permit', 0), 'spec.permit[0]'),
        (('spec', 'permit', 0, 1), 'spec.permit[0][1]'),
        (('spec', 'portSpeeds', 'E1/1'), 'spec.portSpeeds.E1/1'),
        (('spec', 'peering', 'ext.dc', 'expose'), 'spec.peering["ext.dc"].expose'),
        (('metadata', 'labels', 'a.b/c'), 'metadata.labels["a.b/c"]'),
        (('spec', 'subnets', 'a "b"[]'), 'spec.subnets["a \\"b\\"[]"]'),
        (('spec', 'subnets', ''), 'spec.subnets[""]'),
    ],
)
def test_a_path_is_spelled_so_that_it_means_one_place(path, spelled):
    assert spell(path) == spelled


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
