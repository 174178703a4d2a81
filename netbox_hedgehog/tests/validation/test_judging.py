"""Files are judged as one fabric: a verdict on each object, with the line of each problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbox_hedgehog.catalog import FabricSettings
from netbox_hedgehog.manifests import ReasonCode, parse
from netbox_hedgehog.validation import RULES, judge_files

from .manifests import GROUP, SERVER


def judged(*texts):
    files = [parse(f'{number}.yaml', content.encode()) for number, content in enumerate(texts)]
    return judge_files(files, FabricSettings())


def found(verdict):
    return [(finding.line, finding.problem.rule, finding.problem.path) for finding in verdict.findings]


def test_a_valid_document_is_told_with_its_identity():
    (verdict,) = judged(f'# Server\n---\n{SERVER}')
    assert verdict.is_valid
    assert verdict.findings == ()
    assert (verdict.source, verdict.document) == ('0.yaml', 2)
    assert (verdict.api_version, verdict.kind) == ('wiring.githedgehog.com/v1beta1', 'Server')
    assert (verdict.namespace, verdict.name) == ('default', 'server-01')


def test_comments_and_blanks_are_no_documents():
    assert judged('# nothing\n---\n\n---\n# here\n', '') == ()


def test_every_problem_has_its_line():
    (verdict,) = judged(SERVER.replace('description: Web', 'description: 1\n  colour: red') + 'stats: {}\n')
    assert found(verdict) == [
        (6, 'wrong-type', 'spec.description'),
        (7, 'unknown-field', 'spec.colour'),
        (8, 'unknown-field', 'stats'),
    ]


def test_metadata_has_no_fields_but_those_of_kubernetes():
    fields = '  labls: {}\n  creationTimestamp: null\n  resourceVersion: "12"\n  nothing: null\n'
    (verdict,) = judged(SERVER.replace('spec:', f'{fields}spec:'))
    assert found(verdict) == [(5, 'unknown-field', 'metadata.labls')]


def test_all_files_are_one_fabric():
    lonely = SERVER.replace('kind: Server', 'kind: Connection').replace(
        '  description: Web', '  unbundled: {link: {server: {port: server-01/enp2s1}, switch: {port: leaf-01/E1/1}}}'
    )
    paths = {finding.problem.path for finding in judged(lonely)[0].findings}
    with_server = {finding.problem.path for finding in judged(lonely, SERVER)[0].findings}
    assert paths - with_server == {'spec.unbundled.link.server.port'}


def test_the_second_of_an_identity_is_a_duplicate_and_judged_by_itself():
    verdicts = judged(SERVER, f'{GROUP}---\n' + SERVER.replace('Web', '[]'))
    assert [verdict.is_valid for verdict in verdicts] == [True, True, False]
    assert found(verdicts[2]) == [(10, 'duplicate', 'metadata.name'), (12, 'wrong-type', 'spec.description')]
    assert '0.yaml:1' in verdicts[2].findings[0].problem.message


def test_a_namespace_that_is_left_out_is_the_same_as_the_default():
    verdicts = judged(SERVER, SERVER.replace('spec:', '  namespace: default\nspec:'))
    assert [verdict.is_valid for verdict in verdicts] == [True, False]


@pytest.mark.parametrize(
    ('content', 'rule', 'line', 'path', 'kind', 'name'),
    [
        ('a: [\n', 'syntax-error', 2, '', None, None),
        ('a: 1\na: 2\n', 'duplicate-key', 2, '', None, None),
        ('17\n', 'not-an-object', 1, '', None, None),
        ('kind: VPC\n', 'missing-api-version', 1, 'apiVersion', 'VPC', None),
        ('apiVersion: v1\nmetadata: {name: a}\n', 'missing-kind', 1, 'kind', None, 'a'),
        ('\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n', 'foreign-kind', 3, 'kind', 'ConfigMap', 'a'),
        (SERVER.replace('wiring', 'vpc'), 'wrong-group', 2, 'kind', 'Server', 'server-01'),
        (SERVER.replace('v1beta1', 'v3'), 'unknown-version', 2, 'kind', 'Server', 'server-01'),
        (SERVER.replace('v1beta1', 'v1alpha2'), 'version-not-served', 1, 'apiVersion', 'Server', 'server-01'),
        (SERVER.replace('Server', 'SwitchProfile'), 'controller-owned-kind', 2, 'kind', 'SwitchProfile', 'server-01'),
        (SERVER.replace('  name: server-01\n', '  labels: {}\n'), 'missing-name', 3, 'metadata.name', 'Server', None),
        (SERVER.replace('server-01', '17'), 'bad-name', 4, 'metadata.name', 'Server', None),
        (SERVER.replace('server-01', 'Server-01'), 'bad-name', 4, 'metadata.name', 'Server', 'Server-01'),
    ],
)
def test_what_cannot_be_addressed_is_invalid_for_a_reason(content, rule, line, path, kind, name):
    (verdict,) = judged(content)
    assert not verdict.is_valid
    assert found(verdict) == [(line, rule, path)]
    assert (verdict.kind, verdict.name) == (kind, name)


@pytest.mark.parametrize('name', ['', '  name: Server-01\n', '  name: 17\n', '  name: a\n  namespace: 1\n'])
def test_a_bad_name_hides_no_other_problem(name):
    (verdict,) = judged(SERVER.replace('  name: server-01\n', f'{name}  labels: {{}}\n').replace('Web', '1'))
    rules = [finding.problem.rule for finding in verdict.findings]
    assert len(rules) == 2
    assert rules[1] == 'wrong-type'


def test_a_legacy_version_is_the_only_fault_of_its_document():
    (verdict,) = judged(SERVER.replace('v1beta1', 'v1alpha2').replace('Web', '1'))
    assert [finding.problem.rule for finding in verdict.findings] == ['version-not-served']


def indented(content, margin):
    return ''.join(f'{" " * margin}{line}' for line in content.splitlines(keepends=True)).replace(' ' * margin, '- ', 1)


def as_list(*items):
    return f'apiVersion: v1\nkind: List\nitems:\n{"".join(items)}'


def test_the_items_of_a_list_are_judged():
    items = [indented(SERVER.replace('Web', '1'), 2), indented(GROUP, 2), '- 17\n', indented(SERVER, 2)]
    verdicts = judged(f'# A list.\n---\n{as_list(*items)}')
    assert [verdict.name for verdict in verdicts] == ['server-01', 'eslag-1', None, 'server-01']
    assert {verdict.document for verdict in verdicts} == {2}
    assert [found(verdict) for verdict in verdicts] == [
        [(11, 'wrong-type', 'spec.description')],
        [],
        [(17, 'not-an-object', '')],
        [(21, 'duplicate', 'metadata.name')],
    ]


def test_a_list_without_a_list_of_items_is_no_object():
    (verdict,) = judged('apiVersion: v1\nkind: List\nitems: 3\n')
    assert found(verdict) == [(3, 'not-an-object', 'items')]
    assert judged('apiVersion: v1\nkind: List\nitems: []\n') == ()


def test_each_reason_to_reject_a_document_has_a_rule():
    assert set(ReasonCode) - {code for code in ReasonCode if code.value in RULES} == {
        ReasonCode.DUPLICATE_IDENTITY,  # duplicate, as upstream calls it
        ReasonCode.NOT_YAML,  # files that are not YAML are not read
    }


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.lists(st.sampled_from([*SERVER.split('\n'), '---', '- ', '  '])).map(lambda lines: '\n'.join(lines).encode())
)
def test_no_bytes_stop_the_others_from_being_judged(data):
    verdicts = judge_files([parse('a.yaml', data), parse('b.yaml', GROUP.encode())], FabricSettings())
    assert verdicts[-1].name == 'eslag-1'
    lines = data.count(b'\n') + 1
    assert all(1 <= finding.line <= lines for verdict in verdicts[:-1] for finding in verdict.findings)
