"""The models agree with the CRDs, field by field."""

import re
from functools import cache

import pytest

from netbox_hedgehog.catalog import KINDS
from netbox_hedgehog.tests.catalog.reference_data import REFERENCE, load_documents, needs_reference

pytestmark = needs_reference

CONSTRAINTS = ('type', 'enum', 'pattern', 'minimum', 'maximum', 'minItems', 'maxItems', 'required')

# What we know of a field beyond its CRD: the choices that the admission code allows, and the form that Go decodes.
STRICTER = {
    ('VPC', 'spec.mode'): 'enum',
    ('GatewayPeering', 'spec.peering.*.expose[].nat.masquerade.idleTimeout'): 'pattern',
    ('GatewayPeering', 'spec.peering.*.expose[].nat.portForward.idleTimeout'): 'pattern',
}


@cache
def crd(kind):
    return load_documents(REFERENCE / 'crds' / f'{kind.group}_{kind.plural}.yaml')[0]['spec']


def crd_spec(kind):
    (version,) = crd(kind)['versions']
    return version['schema']['openAPIV3Schema']['properties']['spec']


def our_spec(kind):
    """Write our model as the CRD would have it: without references, and without null beside a type."""
    schema = kind.spec.model_json_schema()

    def plain(node):
        if '$ref' in node:
            return plain(schema['$defs'][node['$ref'].removeprefix('#/$defs/')]) | {
                key: value for key, value in node.items() if key != '$ref'
            }
        if 'anyOf' in node:
            (value,) = (option for option in node['anyOf'] if option.get('type') != 'null')
            return plain(value) | {key: value for key, value in node.items() if key == 'description'}
        return node

    def expand(node):
        node = plain(node)
        inner = {}
        if 'properties' in node:
            inner['properties'] = {name: expand(field) for name, field in node['properties'].items()}
        if 'items' in node:
            inner['items'] = expand(node['items'])
        if isinstance(node.get('additionalProperties'), dict):
            inner['additionalProperties'] = expand(node['additionalProperties'])
        return {**{key: node[key] for key in (*CONSTRAINTS, 'description') if key in node}, **inner}

    return expand(schema)


def fields(schema, path='spec'):
    """Yield path and schema of a value and of everything below it."""
    yield path, schema
    for name, field in schema.get('properties', {}).items():
        yield from fields(field, f'{path}.{name}')
    if 'items' in schema:
        yield from fields(schema['items'], f'{path}[]')
    if isinstance(schema.get('additionalProperties'), dict):
        yield from fields(schema['additionalProperties'], f'{path}.*')


def go_widths(kind):
    """Read the width of each integer from the field reference, where alone it is written."""
    text = (REFERENCE / 'hedgehog-fields.md').read_text()
    section = re.search(rf'^## {kind.name} \(.*?(?=^## |\Z)', text, re.MULTILINE | re.DOTALL).group()
    return {
        path: int(bits)
        for path, bits in re.findall(r'^\| `(\S+)` \| integer \|[^|]*Go uint(\d+)', section, re.MULTILINE)
    }


each_kind = pytest.mark.parametrize('kind', KINDS.values(), ids=list(KINDS))


@each_kind
def test_the_fields_are_those_of_the_crd_in_its_order(kind):
    assert [path for path, _ in fields(our_spec(kind))] == [path for path, _ in fields(crd_spec(kind))]


@each_kind
def test_the_constraints_are_those_of_the_crd(kind):
    widths = go_widths(kind)
    ours = dict(fields(our_spec(kind)))
    for path, theirs in fields(crd_spec(kind)):
        expected = {key: theirs[key] for key in CONSTRAINTS if key in theirs}
        if expected['type'] == 'integer':
            expected = {'minimum': 0, 'maximum': 2 ** widths[path] - 1} | expected
        if 'pattern' in expected:
            # Go's \d is a digit of ASCII, Rust's is one of any script.
            expected['pattern'] = expected['pattern'].replace(r'\d', '[0-9]')
        found = {key: ours[path][key] for key in CONSTRAINTS if key in ours[path]}
        if extra := STRICTER.get((kind.name, path)):
            assert extra not in expected
            del found[extra]
        if 'required' in expected:
            expected['required'], found['required'] = set(expected['required']), set(found['required'])
        assert found == expected, path


@each_kind
def test_every_field_is_described_in_words_of_our_own(kind):
    theirs = {path: field.get('description') for path, field in fields(crd_spec(kind))}
    for path, field in fields(our_spec(kind)):
        if not path.endswith(('.*', '[]')):
            assert field['description'].endswith('.'), path
            assert field['description'].rstrip('.') != (theirs[path] or '').rstrip('.'), path


@each_kind
def test_group_version_and_plural_are_those_of_the_crd(kind):
    names = crd(kind)['names']
    assert (crd(kind)['group'], names['kind'], names['plural']) == (kind.group, kind.name, kind.plural)
    assert [version['name'] for version in crd(kind)['versions']] == [kind.version]
