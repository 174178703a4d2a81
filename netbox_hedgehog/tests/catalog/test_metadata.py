import pytest

from netbox_hedgehog.catalog import KINDS, Severity, check_metadata


def check(kind_name='Server', *, namespace=None, name='ok', labels=None, annotations=None):
    problems = check_metadata(KINDS[kind_name], namespace, name, labels, annotations)
    return [(problem.path, problem.rule, problem.severity) for problem in problems]


def error(path, rule):
    return (path, rule, Severity.ERROR)


def warning(path, rule):
    return (path, rule, Severity.WARNING)


@pytest.mark.parametrize('name', ['a', 'server-01', 'server-01--eslag--leaf-01', 'a.b-c.d', '0', 'ext.dc'])
def test_a_kubernetes_name_is_fine(name):
    assert check(name=name) == []


@pytest.mark.parametrize('name', ['Server', '-a', 'a-', 'a..b', '.a', 'a.', 'a_b', 'a b', 'ä', '../a', 'a\n', 'a/b'])
def test_any_other_name_is_not(name):
    assert check(name=name) == [error('metadata.name', 'bad-name')]


@pytest.mark.parametrize(
    ('name', 'rule'), [(None, 'required'), ('', 'required'), (12, 'wrong-type'), ([], 'wrong-type')]
)
def test_a_document_needs_a_name_that_is_a_text(name, rule):
    assert check(name=name) == [error('metadata.name', rule)]


@pytest.mark.parametrize('kind_name', ['VPC', 'External', 'IPv4Namespace'])
def test_names_in_device_tables_have_at_most_11_characters(kind_name):
    assert check(kind_name, name='a' * 11) == []
    assert check(kind_name, name='a' * 12) == [error('metadata.name', 'name-too-long')]


@pytest.mark.parametrize('kind_name', ['Switch', 'SwitchGroup', 'Server', 'Connection', 'VLANNamespace'])
def test_names_that_do_not_fit_in_a_label_are_only_warned_of(kind_name):
    assert check(kind_name, name='a' * 63) == []
    assert check(kind_name, name='a' * 64) == [warning('metadata.name', 'name-too-long-for-label')]
    assert check(kind_name, name='a' * 251) == [warning('metadata.name', 'name-too-long-for-file')]
    assert check(kind_name, name='a' * 254) == [error('metadata.name', 'name-too-long')]


@pytest.mark.parametrize('kind_name', ['VPCAttachment', 'VPCPeering', 'ExternalPeering', 'Gateway', 'GatewayPeering'])
def test_names_that_do_not_fit_in_a_file_name_are_warned_of_and_those_that_kubernetes_knows_not_refused(kind_name):
    assert check(kind_name, name='a' * 250) == []
    assert check(kind_name, name='a' * 251) == [warning('metadata.name', 'name-too-long-for-file')]
    assert check(kind_name, name='a' * 253) == [warning('metadata.name', 'name-too-long-for-file')]
    assert check(kind_name, name='a' * 254) == [error('metadata.name', 'name-too-long')]


def test_a_vpc_must_not_look_like_an_external():
    assert check('VPC', name='ext.9') == [error('metadata.name', 'reserved-name')]
    assert check('VPC', name='ext-9') == []
    assert check('External', name='ext.9') == []


@pytest.mark.parametrize('namespace', [None, '', 'default', 'fab', 'a' * 63])
def test_a_namespace_may_be_left_out_or_named(namespace):
    assert check(namespace=namespace) == []


@pytest.mark.parametrize(
    ('namespace', 'rule'),
    [('a.b', 'bad-namespace'), ('a' * 64, 'bad-namespace'), ('Default', 'bad-namespace'), (1, 'wrong-type')],
)
def test_a_namespace_is_a_dns_label(namespace, rule):
    assert check(namespace=namespace) == [error('metadata.namespace', rule)]


@pytest.mark.parametrize(
    'entries',
    [
        {},
        {'a': ''},
        {'env': 'prod', 'team.example.com/owner': 'Net_Ops.1'},
        {'k' * 63: 'v' * 63},
        {'.'.join(['d' * 63] * 3) + '/k': 'v'},
        {'gone': None},
    ],
)
def test_labels_of_the_right_form_are_fine(entries):
    assert check(labels=entries) == []
    assert check(annotations=entries) == []


@pytest.mark.parametrize(
    'key', ['', '/a', 'a/', 'a/b/c', '-a', 'a-', 'a b', 'a' * 64, '_a/b', 'ä', 'd' * 254 + '/a', '\ud800']
)
def test_a_key_is_a_name_after_an_optional_domain(key):
    (label,) = check(labels={key: 'x'})
    (annotation,) = check(annotations={key: 'x'})
    assert label[1:] == annotation[1:] == ('bad-key', Severity.ERROR)


def test_the_domain_of_a_key_may_have_capitals_only_in_annotations():
    assert check(labels={'Example.com/a': 'x'}) == [error('metadata.labels["Example.com/a"]', 'bad-key')]
    assert check(annotations={'Example.com/a': 'x'}) == []


@pytest.mark.parametrize('value', ['-a', 'a-', 'a b', 'a/b', 'v' * 64, 'ä', '.'])
def test_the_value_of_a_label_has_a_form_but_not_that_of_an_annotation(value):
    assert check(labels={'a': value}) == [error('metadata.labels.a', 'bad-label-value')]
    assert check(annotations={'a': value}) == []


@pytest.mark.parametrize('value', [True, 1, 1.5, [], {}])
def test_values_are_texts(value):
    assert check(labels={'a': value}) == [error('metadata.labels.a', 'wrong-type')]
    assert check(annotations={'a': value}) == [error('metadata.annotations.a', 'wrong-type')]


@pytest.mark.parametrize('value', [[], 'a=b', 1, True])
def test_labels_and_annotations_are_maps(value):
    assert check(labels=value, annotations=value) == [
        error('metadata.labels', 'wrong-type'),
        error('metadata.annotations', 'wrong-type'),
    ]


def test_annotations_have_a_size_limit_in_all():
    assert check(annotations={'a': 'x' * (256 * 1024 - 1)}) == []
    assert check(annotations={'a': 'x' * 256 * 1024}) == [error('metadata.annotations', 'annotations-too-large')]
    assert check(annotations={'a': 'ä' * 128 * 1024}) == [error('metadata.annotations', 'annotations-too-large')]


@pytest.mark.parametrize(
    'key',
    [
        'fabric.githedgehog.com/vpc',
        'switch.fabric.githedgehog.com/leaf-01',
        'gateway.githedgehog.com/x',
        'vpc.gateway.githedgehog.com/vpc-1',
    ],
)
def test_labels_that_the_fabric_computes_are_pointed_out(key):
    assert check(labels={key: 'true'}) == [warning(f'metadata.labels["{key}"]', 'controller-label')]


def test_annotations_that_steer_the_fabric_are_the_users_own():
    assert check(annotations={'fabric.githedgehog.com/p2p-link': '10.0.0.0/31'}) == []
    assert check(labels={'hnp.githedgehog.com/x': 'y'}) == []


def test_all_problems_are_reported_at_once():
    problems = check('VPC', namespace='A', name='ext.TOO_LONG.', labels={'-': '-'}, annotations=3)
    assert [rule for _, rule, _ in problems] == [
        'bad-name',
        'name-too-long',
        'reserved-name',
        'bad-namespace',
        'bad-key',
        'bad-label-value',
        'wrong-type',
    ]


def test_the_form_of_a_name_and_its_length_are_told_apart():
    assert [problem.message for problem in check_metadata(KINDS['VPC'], None, 'Bad_name_for_a_VPC', None, None)] == [
        'Not a name; write lower-case letters, digits, hyphens and dots, '
        'with a letter or digit at both ends and beside each dot.',
        'This name is too long with 18 characters; write 11 or fewer.',
    ]


@pytest.mark.parametrize(('kind_name', 'limit'), [('VPC', 11), ('Switch', 63), ('Gateway', 250)])
def test_a_name_is_told_the_limit_of_its_kind_however_long_it_is(kind_name, limit):
    for length in (251, 254):
        (problem,) = check_metadata(KINDS[kind_name], None, 'a' * length, None, None)
        assert problem.message == f'This name is too long with {length} characters; write {limit} or fewer.'
