"""A file is read into resources, lists, comments, and what cannot be taken over, with line and reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_hedgehog.catalog import KINDS, Identity, check_metadata
from netbox_hedgehog.catalog.paths import spell
from netbox_hedgehog.manifests import Address, ReasonCode, Rejected, Unaddressable, address, parse

from .reading import yaml

VPC = yaml("""
    apiVersion: vpc.githedgehog.com/v1beta1
    kind: VPC
    metadata:
      name: vpc-1
      namespace: default
    spec:
      subnets:
        default: {subnet: 10.0.1.0/24, vlan: 1001}
""")


def rejected(text: str) -> Rejected:
    (piece,) = parse('raw/a.yaml', text.encode()).pieces
    assert isinstance(piece, Rejected)
    return piece


def test_a_resource_has_identity_kind_content_and_text():
    file = parse('raw/a.yaml', f'# head\n---\n\n# about it\n{VPC}'.encode())
    (document,) = file.documents
    assert (document.index, document.line, document.text) == (1, 3, f'\n# about it\n{VPC}')
    assert document.identity == Identity('vpc.githedgehog.com', 'VPC', 'default', 'vpc-1')
    assert document.kind is KINDS['VPC']
    assert document.api_version == 'vpc.githedgehog.com/v1beta1'
    assert document.content['spec'] == {'subnets': {'default': {'subnet': '10.0.1.0/24', 'vlan': 1001}}}
    assert [(comment.index, comment.line, comment.text) for comment in file.comments] == [(0, 1, '# head\n')]


@pytest.mark.parametrize('namespace', ['', '  namespace:\n', '  namespace: ""\n', '  namespace: default\n'])
def test_a_missing_namespace_means_the_default(namespace):
    (document,) = parse('a.yaml', VPC.replace('  namespace: default\n', namespace).encode()).documents
    assert document.identity.namespace == 'default'


def test_a_resource_that_breaks_every_rule_is_a_document_all_the_same():
    text = VPC.replace('subnets:', 'subnets: 17\n  nonsense:').replace('spec', 'status: [1]\nspec')
    (document,) = parse('a.yaml', text.encode()).documents
    assert document.content['spec']['subnets'] == 17


def test_a_legacy_version_is_kept():
    (document,) = parse('a.yaml', VPC.replace('v1beta1', 'v1alpha2').encode()).documents
    assert document.api_version == 'vpc.githedgehog.com/v1alpha2'
    assert document.identity.group == 'vpc.githedgehog.com'


REJECTED = {
    'text': ('hello\n', 'not-an-object', 1, 1),
    'list': ('# head\n- a\n', 'not-an-object', 2, 1),
    'null': ('null\n', 'not-an-object', 1, 1),
    'no version': (VPC.replace('apiVersion', 'version'), 'missing-api-version', 1, 1),
    'version that is no text': (VPC.replace('vpc.githedgehog.com/v1beta1', '1'), 'missing-api-version', 1, 13),
    'no kind': (VPC.replace('kind: VPC\n', ''), 'missing-kind', 1, 1),
    'kind without value': (VPC.replace('kind: VPC', 'kind:'), 'missing-kind', 2, 6),
    'no metadata': (VPC.replace('metadata', 'meta'), 'missing-name', 1, 1),
    'no name': (VPC.replace('  name: vpc-1\n', ''), 'missing-name', 4, 3),
    'empty name': (VPC.replace('name: vpc-1', 'name: ""'), 'missing-name', 4, 9),
    'number as name': (VPC.replace('name: vpc-1', 'name: 17'), 'bad-name', 4, 9),
    'capital letters': (VPC.replace('vpc-1', 'VPC-1'), 'bad-name', 4, 9),
    'name with a slash': (VPC.replace('vpc-1', '../../etc'), 'bad-name', 4, 9),
    'name with a line break': (VPC.replace('vpc-1', '"vpc-1\\n"'), 'bad-name', 4, 9),
    'long name': (VPC.replace('vpc-1', 'a' * 251), 'bad-name', 4, 9),
    'namespace with a dot': (VPC.replace(': default', ': a.b'), 'bad-name', 5, 14),
    'namespace that is a map': (VPC.replace(': default\n', ': {}\n', 1), 'bad-name', 5, 14),
    'ConfigMap': ('kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n', 'foreign-kind', 1, 7),
    'kind of another group': (VPC.replace('vpc.git', 'wiring.git'), 'wrong-group', 2, 7),
    'kind of the controller': (
        VPC.replace('vpc.git', 'agent.git').replace(': VPC', ': Agent'), 'controller-owned-kind', 2, 7
    ),
    'version to come': (VPC.replace('v1beta1', 'v2'), 'unknown-version', 2, 7),
    'broken': (VPC.replace('kind: VPC', 'kind: VPC: x'), 'syntax-error', 2, 10),
    'key twice': (VPC.replace('  name:', '  name: x\n  name:'), 'duplicate-key', 5, 3),
    'List without objects': ('apiVersion: v1\nkind: List\nitems:\n- {}\n- a\n', 'not-an-object', 5, 3),
    'List that is none': ('apiVersion: v1\nkind: List\nitems: {a: 1}\n', 'not-an-object', 3, 8),
}  # fmt: skip


@pytest.mark.parametrize(('text', 'code', 'line', 'column'), REJECTED.values(), ids=REJECTED.keys())
def test_what_is_no_resource_is_rejected_with_its_place(text, code, line, column):
    piece = rejected(text)
    assert (piece.code, piece.line, piece.column) == (code, line, column)
    assert piece.text == text
    assert piece.message.endswith('.')


@pytest.mark.parametrize(
    'metadata',
    [
        {'name': 'VPC-1'},
        {'name': 'a' * 251},
        {'name': 17},
        {'name': 'vpc-1', 'namespace': 'a.b'},
        {'name': 'vpc-1', 'namespace': {}},
    ],
)
def test_a_name_from_git_is_refused_in_the_words_of_every_other_face(metadata):
    refused = address({'apiVersion': 'vpc.githedgehog.com/v1beta1', 'kind': 'VPC', 'metadata': metadata})
    assert isinstance(refused, Unaddressable)
    (problem,) = check_metadata(KINDS['VPC'], metadata.get('namespace'), metadata['name'], None, None)
    assert (spell(refused.path), refused.message) == (problem.path, problem.message)


def test_a_place_is_counted_in_the_file():
    text = f'# 1\n---\n{VPC}---\n\n\nkind: VPC\napiVersion: vpc.githedgehog.com/v1beta1\nmetadata:\n  name: Bad\n'
    (piece,) = parse('a.yaml', text.replace('\n', '\r\n').encode()).rejected
    assert (piece.index, piece.line, piece.column) == (2, 17, 9)


def test_all_codes_that_reading_gives_are_known():
    assert {code for _, code, _, _ in REJECTED.values()} <= set(ReasonCode)


def test_a_list_holds_objects():
    text = 'apiVersion: v1\nkind: List\nmetadata: {}\nitems:\n- apiVersion: v1\n  kind: Secret\n- a: 1\n'
    (piece,) = parse('a.yaml', text.encode()).lists
    assert piece.items == ({'apiVersion': 'v1', 'kind': 'Secret'}, {'a': 1})
    assert piece.text == text


def test_an_item_of_a_list_has_an_address_too():
    content = {'apiVersion': 'wiring.githedgehog.com/v1beta1', 'kind': 'Server', 'metadata': {'name': 'server-1'}}
    assert address(content) == Address(
        content, KINDS['Server'], Identity('wiring.githedgehog.com', 'Server', 'default', 'server-1')
    )
    refused = address({**content, 'kind': 'Sever'})
    assert isinstance(refused, Unaddressable)
    assert (refused.code, refused.path) == (ReasonCode.FOREIGN_KIND, ('kind',))


@settings(max_examples=60, deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(['apiVersion', 'kind', 'metadata', 'name', 'namespace']), inner),
))  # fmt: skip
def test_any_content_has_an_address_or_a_reason(content):
    assert isinstance(address(content), Address | Unaddressable)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_file(data):
    file = parse('any.yaml', data)
    assert not file.documents
    assert all(piece.data in data for piece in file.pieces)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_manifest_with_any_damage_is_a_file(data):
    text = bytearray(f'# head\n---\n{VPC}---\n{VPC}'.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place : place + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from(
                [b'', b'\n', b'- ', b'---', b'\t', b'"', b'{', b'&a ', b'*a ', b'!!x ', b'\xff', b'\x00', b': ', b'|']
            )
        )
    for piece in parse('any.yaml', bytes(text)).pieces:
        if isinstance(piece, Rejected):
            assert 1 <= piece.line <= text.count(b'\n') + 1
            assert piece.message
