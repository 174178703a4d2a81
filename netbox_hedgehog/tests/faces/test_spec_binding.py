"""What a form makes of what was posted, without a page around it: no field is lost, and none is made up."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_hedgehog.catalog import KINDS
from netbox_hedgehog.forms.spec import NAME, bind, draft_of, draft_posted, show, spec_fields
from netbox_hedgehog.forms.spec.fields import Entries, Group, Leaf, LeafType, Rows, Variants
from netbox_hedgehog.forms.spec.shown import ShownLeaf, ShownRow, ShownVariants
from netbox_hedgehog.tests.specimens import SPECIMENS

SPECS = [(name, spec) for name, specimen in SPECIMENS.items() for spec in (*specimen.specs, specimen.update)]


def posted_by(shown):
    """Return what a browser posts of what is shown."""
    data = {}
    match shown:
        case ShownLeaf():
            if shown.widget == 'pair':
                data = {shown.name: shown.value, f'{shown.name}.part': shown.part}
            elif shown.widget != 'checkbox':
                data = {shown.name: shown.value.replace('\n', '\r\n')}
            elif shown.value:
                data = {shown.name: 'true'}
        case ShownRow():
            data = {f'{shown.name}.was': shown.was, f'{shown.name}.key': shown.key}
        case ShownVariants():
            data = {f'{shown.name}.choice': shown.chosen}
    for child in shown.children:
        data |= posted_by(child)
    return data


def post(kind_name, spec, **changes):
    """Show a spec, change what is in some inputs, and return what that comes to, with what is wrong about it."""
    node = spec_fields(KINDS[kind_name])
    data = posted_by(show(node, draft_of(node, spec), spec, ()))
    for name, value in changes.items():
        data[name.replace('__', '.')] = value
    data = {name: value for name, value in data.items() if value is not None}
    before = copy.deepcopy(spec)
    bound = bind(node, draft_posted(node, data, NAME, spec), spec)
    assert spec == before
    return bound


def like(node):
    """Generate values of a node: most of the right shape, some of any, and fields that nobody knows."""
    match node:
        case Leaf(type=LeafType.TEXT):
            right = st.text(max_size=8) | st.sampled_from(['a/b', '10.0.0.0/24', ''])
        case Leaf(type=LeafType.NUMBER):
            right = (
                st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text('0123456789"', max_size=4)
            )
        case Leaf(type=LeafType.FLAG):
            right = st.booleans()
        case Leaf(type=LeafType.TEXTS):
            right = st.lists(st.text(max_size=4) | st.sampled_from(['a', 'b']), max_size=3)
        case Rows():
            right = st.lists(like(node.item), max_size=3)
        case Entries():
            right = st.dictionaries(st.text(max_size=4), like(node.item), max_size=3)
        case Group() | Variants():
            fields = {field.name: like(field.node) for field in node.fields}
            right = st.fixed_dictionaries({}, optional=fields | {'futureField': JSON})
    return st.one_of(right, right, right, JSON)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize('kind_name', KINDS)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_what_is_not_changed_stays_whatever_it_is(kind_name, data):
    spec = data.draw(like(spec_fields(KINDS[kind_name])).filter(lambda value: isinstance(value, dict)))
    bound, faults = post(kind_name, spec)
    # To Python 1 is 1.0 is True; to YAML they are three things.
    assert json.dumps(bound, sort_keys=True) == json.dumps(spec, sort_keys=True)
    assert not faults


@pytest.mark.parametrize(('kind_name', 'spec'), SPECS)
def test_a_form_that_is_filled_in_from_nothing_gives_the_same_spec(kind_name, spec):
    node = spec_fields(KINDS[kind_name])
    data = posted_by(show(node, draft_of(node, spec), spec, ()))
    for name in data:
        if name.endswith('.was'):
            data[name] = ''
    bound, faults = bind(node, draft_posted(node, data, NAME, {}), {})
    assert not faults
    # A structure that is empty has no inputs to be filled in; only one of several to choose from has a choice.
    assert bound == without_empty(spec)


def without_empty(value):
    if isinstance(value, dict):
        return {key: without_empty(item) for key, item in value.items() if key in CHOSEN or item != {}}
    return [without_empty(item) for item in value] if isinstance(value, list) else value


CHOSEN = ('static', 'item-1', 'item-2', 'item-3')


def test_another_name_of_a_row_keeps_what_it_holds():
    spec = {'subnets': {'a': {'vlan': 1, 'futureField': 1}}}
    bound, _ = post('VPC', spec, spec__subnets__0__key='b')
    assert bound == {'subnets': {'b': {'vlan': 1, 'futureField': 1}}}


def test_two_rows_can_swap_their_names():
    spec = {'subnets': {'a': {'vlan': 1}, 'b': {'vlan': 2}}}
    bound, faults = post('VPC', spec, spec__subnets__0__key='b', spec__subnets__1__key='a')
    assert (bound, faults) == ({'subnets': {'b': {'vlan': 1}, 'a': {'vlan': 2}}}, ())


def test_another_type_of_connection_replaces_the_old_one():
    spec = SPECIMENS['Connection'].specs[0] | {'futureField': 1}
    changes = {'spec.choice': 'external', 'spec.external.link.switch.port': 'leaf-01'}
    bound, _ = post('Connection', spec, **changes, **{'spec.external.link.switch.port.part': 'E1/9'})
    assert bound == {'external': {'link': {'switch': {'port': 'leaf-01/E1/9'}}}, 'futureField': 1}


def test_a_structure_without_fields_can_be_chosen_and_left():
    spec = {'peering': {'vpc-1': {'expose': [{'ips': [{'cidr': '10.0.0.0/24'}]}]}}}
    choice = 'spec.peering.0.expose.0.nat.choice'
    bound, _ = post('GatewayPeering', spec, **{choice: 'static'})
    assert bound['peering']['vpc-1']['expose'][0]['nat'] == {'static': {}}
    bound, _ = post('GatewayPeering', bound, **{choice: ''})
    assert bound == spec


def test_a_structure_that_is_required_stays_when_it_is_emptied():
    spec = {'external': 'e', 'neighbor': {'asn': 1}, 'switch': {}}
    bound, _ = post('ExternalAttachment', spec, spec__neighbor__asn='')
    assert bound == {'external': 'e', 'neighbor': {}, 'switch': {}}


def test_an_item_whose_row_is_emptied_goes():
    spec = {'staticRoutes': [{'prefix': '10.1.0.0/16'}, {'prefix': '10.2.0.0/16'}]}
    bound, _ = post('VPC', spec, spec__staticRoutes__0__prefix='')
    assert bound == {'staticRoutes': [{'prefix': '10.2.0.0/16'}]}


def test_a_flag_in_a_map_has_a_value_either_way():
    spec = {'portAutoNegs': {'E1/1': True}}
    assert post('Switch', spec, **{'spec.portAutoNegs.0.value': None})[0] == {'portAutoNegs': {'E1/1': False}}


def test_a_name_that_is_used_twice_is_a_fault_and_nothing_of_it_is_bound():
    spec = {'subnets': {'a': {'vlan': 1}, 'b': {'vlan': 2}}}
    bound, faults = post('VPC', spec, spec__subnets__1__key='a')
    assert bound == {'subnets': {'a': {'vlan': 1}}}
    assert [fault.path for fault in faults] == ['spec.subnets.a']


# Names of inputs, of rows and of nothing, and what may stand in them.
TEXTS = st.text(max_size=6) | st.sampled_from(
    ['0', '1', '007', '9' * 5000, '-1', '\u00b2', '\0', '"', 'a/b', '{{', 'true']
)


def posted_names(node, name=NAME):
    """Generate the names of the inputs of a node."""
    match node:
        case Leaf():
            return st.sampled_from([name, f'{name}.part'])
        case Group() | Variants():
            fields = [posted_names(field.node, f'{name}.{field.name}') for field in node.fields]
            return st.one_of(st.just(f'{name}.choice'), *fields)
    rows = st.tuples(TEXTS, st.sampled_from(['was', 'key', 'value', 'remove'])).map(
        lambda row: f'{name}.{".".join(row)}'
    )
    return st.one_of(rows, rows, *(posted_names(node.item, f'{name}.{index}{last}') for index in '01' for last in LAST))


LAST = ('', '.value')


@pytest.mark.parametrize('kind_name', KINDS)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(data=st.data())
def test_nothing_that_is_posted_is_too_odd(kind_name, data):
    node = spec_fields(KINDS[kind_name])
    names = posted_names(node)
    base = data.draw(like(node).filter(lambda value: isinstance(value, dict)))
    posted = data.draw(st.dictionaries(names | names.map(lambda name: f'{name}.was'), TEXTS, max_size=12))
    draft = draft_posted(node, posted, NAME, base)
    bound, faults = bind(node, draft, base)
    json.dumps(bound)
    for shown in show(node, draft, base, faults).walk():
        assert shown.html_id


def test_a_row_that_was_at_no_position_is_a_new_one():
    was = {'spec.staticRoutes.0.was': '9' * 5000, 'spec.staticRoutes.0.prefix': '10.1.0.0/16'}
    base = {'staticRoutes': [{'prefix': '10.0.0.0/16', 'futureField': 1}]}
    node = spec_fields(KINDS['VPC'])
    bound, _ = bind(node, draft_posted(node, was, NAME, base), base)
    assert bound == {'staticRoutes': [{'prefix': '10.1.0.0/16'}]}


@pytest.mark.parametrize(
    ('posted', 'wanted'),
    [
        ('7', 7),
        (' 7 ', 7),
        ('-7', -7),
        ('007', 7),
        ('7.5', '7.5'),
        ('seven', 'seven'),
        ('"7"', '"7"'),
        ('\u0667', '\u0667'),
    ],
)
def test_what_is_a_number_becomes_one(posted, wanted):
    assert post('Switch', {'asn': 1}, spec__asn=posted)[0] == {'asn': wanted}
