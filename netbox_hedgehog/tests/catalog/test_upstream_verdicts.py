"""What the fabric accepts is no error here, and what it cannot decode or its schema refuses is found."""

import json

import pytest

from netbox_hedgehog.catalog import Kind, Severity, Unsupported, check_metadata, check_structure, find_kind
from netbox_hedgehog.tests.catalog.reference_data import REFERENCE, load_documents, needs_reference

pytestmark = needs_reference


def problems_of(document):
    """Collect what structure and metadata say about a document of one of our kinds."""
    kind, metadata = find_kind(document['apiVersion'], document['kind']), document['metadata']
    assert isinstance(kind, Kind), document
    names = (metadata.get(field) for field in ('namespace', 'name', 'labels', 'annotations'))
    return (*check_metadata(kind, *names), *check_structure(kind, document.get('spec')))


def errors_of(document):
    return [problem for problem in problems_of(document) if problem.severity is Severity.ERROR]


def files(folder):
    return sorted((REFERENCE / folder).glob('*.yaml')) if REFERENCE.is_dir() else []


@pytest.mark.parametrize(
    'path',
    [*files('samples/vlab'), *files('samples/agent-testdata'), *files('samples/canonical')],
    ids=lambda path: path.name,
)
def test_real_fabrics_have_no_structural_problem(path):
    documents = load_documents(path)
    assert documents
    for document in documents:
        assert problems_of(document) == (), document['metadata']['name']


@pytest.mark.parametrize('path', files('samples/docs/complete'), ids=lambda path: path.stem)
def test_the_examples_of_the_documentation_have_only_their_known_faults(path):
    for document in load_documents(path):
        if isinstance(find_kind(document['apiVersion'], document['kind']), Unsupported):
            continue
        rules = {problem.rule for problem in errors_of(document)}
        match path.stem:
            case 'user-guide__external-01' | 'user-guide__external-03' | 'user-guide__external-05':
                assert rules == {'required'}  # no name
            case 'user-guide__gateway-failover-03':
                assert rules == {'wrong-type'}  # `expose: [..]`
            case _:
                assert rules == set()


def verdicts():
    path = REFERENCE / 'verdicts' / 'verdicts.json'
    return json.loads(path.read_text()) if path.is_file() else []


@pytest.mark.parametrize('verdict', verdicts(), ids=lambda verdict: verdict['file'])
def test_no_error_is_reported_where_the_fabric_sees_none(verdict):
    culprits = {verdict['object'], *verdict.get('also_rejected', ())} if verdict['expected'] == 'invalid' else set()
    for document in load_documents(REFERENCE / 'verdicts' / verdict['file']):
        name = f'{document["kind"]}/{document["metadata"]["name"]}'
        if name not in culprits:
            assert errors_of(document) == [], name


@pytest.mark.parametrize(
    ('file', 'rule'),
    [
        ('group-extra-spec.yaml', 'unknown-field'),
        ('vpc-vlan-70000.yaml', 'out-of-range'),
        ('switch-linkflap-51.yaml', 'out-of-range'),
        ('peer-11-permits.yaml', 'too-many-items'),
        ('peer-empty-permit.yaml', 'too-few-items'),
        ('vpc-bad-mode.yaml', 'not-a-choice'),
        ('vpc-name-uppercase.yaml', 'bad-name'),
        ('vpc-name-ext-prefix.yaml', 'reserved-name'),
        ('ext-name-long.yaml', 'name-too-long'),
    ],
)
def test_faults_of_structure_and_name_are_found(file, rule):
    (verdict,) = (verdict for verdict in verdicts() if verdict['file'] == file)
    kind_name, name = verdict['object'].split('/')
    (document,) = (
        document
        for document in load_documents(REFERENCE / 'verdicts' / file)
        if (document['kind'], document['metadata']['name']) == (kind_name, name)
    )
    assert [problem.rule for problem in problems_of(document)] == [rule]
