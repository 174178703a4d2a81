"""A canonical manifest has one form, and every reader reads the same in it."""

import re

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_hedgehog.catalog import KINDS
from netbox_hedgehog.manifests import ManifestError, Unwritable, dump, edit, same
from netbox_hedgehog.manifests.quoting import scalar_text
from netbox_hedgehog.manifests.scalars import resolve

from .reading import meaning, yaml
from .strategies import json_values, texts

VPC = KINDS['VPC']


def manifest(spec, **metadata):
    return {
        'apiVersion': VPC.api_version,
        'kind': 'VPC',
        'metadata': {'name': 'vpc-1', 'namespace': 'default', **metadata},
        'spec': spec,
    }


def test_the_order_is_that_of_the_kind_and_of_the_alphabet_where_it_has_none():
    content = {
        'spec': {
            'zone': 1,
            'area': 2,
            'vlanNamespace': 'default',
            'subnets': {'two': {'vlan': 1002, 'subnet': '10.0.2.0/24'}, 'one': {'subnet': '10.0.1.0/24', 'new': True}},
            'ipv4Namespace': 'default',
        },
        'metadata': {
            'zeta': 1,
            'annotations': {'b': '2', 'a': '1'},
            'labels': {'y': 'x'},
            'namespace': 'default',
            'name': 'vpc-1',
        },
        'kind': 'VPC',
        'extra': [],
        'apiVersion': VPC.api_version,
    }
    assert dump(content, VPC) == yaml("""
        apiVersion: vpc.githedgehog.com/v1beta1
        kind: VPC
        metadata:
          name: vpc-1
          namespace: default
          labels:
            "y": x
          annotations:
            a: "1"
            b: "2"
          zeta: 1
        spec:
          ipv4Namespace: default
          subnets:
            one:
              subnet: 10.0.1.0/24
              new: true
            two:
              subnet: 10.0.2.0/24
              vlan: 1002
          vlanNamespace: default
          area: 2
          zone: 1
        extra: []
    """)


def test_an_empty_spec_is_written():
    group = KINDS['SwitchGroup']
    content = {'apiVersion': group.api_version, 'kind': group.name, 'metadata': {'name': 'empty'}, 'spec': {}}
    assert dump(content, group).endswith('\nspec: {}\n')


def test_the_form_of_every_value():
    spec = {
        'permit': [['a', 'b'], [], [['c']], {}, {'d': 1, 'e': [2]}, None],
        'text': 'line\n\n  indented\nlast\n',
        'open': 'line\nlast',
        'kept': 'line\n\n',
        'blank': 'trailing \nline',
        'long': 'word ' * 60 + 'end',
        'numbers': [1, 1.0, 1.5, -0.0, 1e-7, 1e22, 0.1, 2**63 - 1],
        'words': [True, False, None, 'true', 'null', ''],
    }
    assert dump(manifest(spec), VPC) == yaml(f"""
        apiVersion: vpc.githedgehog.com/v1beta1
        kind: VPC
        metadata:
          name: vpc-1
          namespace: default
        spec:
          permit:
          - - a
            - b
          - []
          - - - c
          - {{}}
          - d: 1
            e:
            - 2
          - null
          blank: "trailing \\nline"
          kept: "line\\n\\n"
          long: {'word ' * 60}end
          numbers:
          - 1
          - 1
          - 1.5
          - 0
          - 1.0e-07
          - 1.0e+22
          - 0.1
          - 9223372036854775807
          open: |-
            line
            last
          text: |
            line

              indented
            last
          words:
          - true
          - false
          - null
          - "true"
          - "null"
          - ""
    """)


PLAIN = [
    'a', 'vpc-1', '10.0.0.0/24', '1.2.3', 'leaf-01/E1/1', 'fe80::1', 'S-01 MCLAG leaf-01 leaf-02', 'a:b', 'a#b', '1k',
    '10Gi', 'é', '漢字', '😀', '/dev/null', '(a)', '$a', '~a', '=a', 'a=', '_1', 'yEs', 'a,b', 'a - b', '1-2', "it's",
    'a"b', '\\n', 'vpc.githedgehog.com/v1beta1', '0.0.0.0/0', '<a>', 'hnp.githedgehog.com/fabric',
]  # fmt: skip

QUOTED = [
    '65000:50', '10:20:30:40:50:10', '0c:20:12:fe:01:00', '12:30', '1:2:3.5', 'y', 'N', 'yes', 'Off', 'on', 'NULL',
    '~', '', '2024-01-01', '2024-01-01T10:00:00Z', '2024-1-1 1:1:1', '1e3', '12e03', '1.0e3', '0777', '0o17', '08',
    '0888', '0x1F', '0X1F', '0b11', '1_000', '1.10', '1.', '.5', '+.5', '1e400', '0x1FFFFFFFFFFFFFFFF', '9' * 26,
    '0X1FFFFFFFFFFFFFFFFF', '.inf', '.NaN', '=', '<<', '- a', '-a', '? a', ':a', ',a', '[a', ']a', '{a', '}a', '#a',
    '&a', '*a', '!a', '|a', '>a', "'a", '"a', '%a', '@a', '`a', 'a: b', 'a #b', 'a:', ' a', 'a ', '---', '...', '...a',
    'a\tb', 'a\nb', 'a\r', '\x07', '\x7f', '\x85', '\u2028', '\ufeff', '\xa0a', '0012345', '+5', '-0', '0.', '1e5_0',
]  # fmt: skip


@pytest.mark.parametrize('text', PLAIN)
def test_a_text_that_nobody_misreads_is_plain(text):
    assert scalar_text(text) == text


@pytest.mark.parametrize('text', QUOTED)
def test_a_text_that_somebody_misreads_is_quoted(text):
    assert scalar_text(text).startswith('"')
    assert scalar_text(text).endswith('"')
    assert meaning(f'a: {scalar_text(text)}') == {'a': text}


# What YAML 1.2 (core schema) reads as something other than a text.
YAML_1_2 = re.compile(
    r'true|True|TRUE|false|False|FALSE|null|Null|NULL|~||[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+'
    r'|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)'
)


@settings(max_examples=100, deadline=None)
@given(texts | st.text('0123456789_.eE+-xXoObBaf: yYnNtT~=<', max_size=8))
def test_every_reader_reads_the_same_text(text):
    for written in (scalar_text(text), scalar_text(text, in_flow=True)):
        assert meaning(f'a: {written}') == {'a': text}
        assert meaning(f'a: [{scalar_text(text, in_flow=True)}, b]') == {'a': [text, 'b']}
        assert pyyaml.safe_load(f'a: {written}') == {'a': text}
        assert pyyaml.load(f'{written}: a', pyyaml.SafeLoader) == {text: 'a'} or len(text) > 100
        if not written.startswith('"'):
            assert written == text == resolve(text)
            assert not YAML_1_2.fullmatch(text)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(texts, json_values, max_size=4))
def test_what_is_written_is_read_back_and_written_the_same_again(spec):
    content = manifest(spec)
    text = dump(content, VPC)
    assert same(meaning(text), content)
    assert dump(meaning(text), VPC) == text
    assert edit(text, content) is text
    theirs = pyyaml.safe_load(text)
    assert same(theirs, content)
    assert '\r' not in text
    assert not text.startswith('---')
    assert text.endswith('\n')
    assert not text.endswith('\n\n')
    assert not re.search(r'[ \t]$', text, re.MULTILINE)


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(texts, json_values, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_a_map_does_not_matter(spec, random):
    def shuffled(value):
        if isinstance(value, dict):
            items = list(value.items())
            random.shuffle(items)
            return {key: shuffled(inner) for key, inner in items}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    assert dump(shuffled(manifest(spec)), VPC) == dump(manifest(spec), VPC)


def nested(depth):
    value = 'x'
    for _ in range(depth):
        value = [value]
    return value


UNWRITABLE = {
    'NaN': (float('nan'), 'spec.x'),
    'infinity': ([1, float('inf')], 'spec.x[1]'),
    'number beyond all floats': (10**400, 'spec.x'),
    'NUL': ({'a': 'b\0c'}, 'spec.x.a'),
    'lone surrogate': ('\ud800', 'spec.x'),
    'NUL in a key': ({'a\0': 1}, 'spec.x'),
    'number as key': ({1: 1}, 'spec.x'),
    'long key': ({'k' * 1025: 1}, 'spec.x'),
    'long text': ('x' * (2**18 + 1), 'spec.x'),
    'bytes': (b'a', 'spec.x'),
    'too deep': (nested(100), 'spec.x' + '[0]' * 62),
    'deeper than Python goes': (nested(5000), 'spec.x' + '[0]' * 62),
    'more bytes than a document has': (['x' * 2**17] * 9, ''),
}


@pytest.mark.parametrize(('value', 'path'), UNWRITABLE.values(), ids=UNWRITABLE.keys())
def test_what_no_manifest_can_hold_is_refused(value, path):
    with pytest.raises(Unwritable) as caught:
        dump(manifest({'x': value}), VPC)
    assert caught.value.path == path
    assert caught.value.reason.endswith('.')
    with pytest.raises(ManifestError):
        edit(dump(manifest({'x': 1}), VPC), manifest({'x': value}))
