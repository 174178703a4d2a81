"""The double is held to GitHub's description, and so are its clients."""

import json
from pathlib import Path

import pytest

from .conformance import described_operations
from .exchange import Answer
from .graphql import schema
from .routing import routes

pytestmark = pytest.mark.usefixtures('wrong_on_purpose')

AT = '/repos/acme/network'
EXTRACT = Path(__file__).parent / 'extract'


def test_exactly_the_described_operations_are_served():
    assert {route.name for route in routes()} == described_operations().keys()


def test_the_addresses_are_the_described_ones():
    described = json.loads((EXTRACT / 'rest.json').read_text())['paths']
    wanted = {
        (operation['operationId'], method.upper(), path)
        for path, methods in described.items()
        for method, operation in methods.items()
    }
    assert {(route.name, route.method, route.template) for route in routes()} == wanted


def test_the_extract_says_where_it_is_from():
    header = json.loads((EXTRACT / 'rest.json').read_text())['_source']
    assert (header['package'], header['license']) == ('@octokit/openapi', 'MIT')
    assert header['all_operations_also_in'] == 'ghes-3.17'
    assert 'MIT License' in (EXTRACT / 'rest.LICENSE').read_text() + (EXTRACT / 'schema.LICENSE').read_text()


def test_what_matches_is_not_noted(client, repository, forge):
    client.get(AT)
    client.get(f'{AT}/git/trees/main', params={'recursive': '1'})
    client.get(f'{AT}/git/ref/heads/none')
    assert forge.violations == []


@pytest.mark.parametrize(
    ('status', 'change', 'noted'),
    [
        (200, {'object': None}, 'None is not of type'),
        (200, {'ref': 7}, '$.ref'),
        (200, {'surprise': 1}, '$.surprise is not described'),
        (202, {}, 'answer 202 is not described'),
    ],
)
def test_a_wrong_answer_is_noted(client, repository, forge, status, change, noted):
    right = client.get(f'{AT}/git/ref/heads/main').json()
    forge.conformance.check_answer('git/get-ref', Answer(status, right | change))
    assert noted in forge.violations[0]


def test_a_missing_key_is_noted(client, repository, forge):
    right = client.get(f'{AT}/git/ref/heads/main').json()
    del right['node_id']
    forge.conformance.check_answer('git/get-ref', Answer(200, right))
    assert 'node_id' in forge.violations[0]


def test_an_error_without_words_is_noted(forge):
    forge.conformance.check_answer('git/get-ref', Answer(404, {'message': ''}))
    assert 'no message or no documentation_url' in forge.violations[0]


@pytest.mark.parametrize(
    ('body', 'noted'),
    [
        ({'bse_tree': 'x', 'tree': []}, '$.bse_tree is not described'),
        ({'tree': [{'pth': 'x'}]}, '$.tree[0].pth is not described'),
        ({'tree': 'x'}, 'is not of type'),
        ({}, "'tree' is a required property"),
    ],
)
def test_a_wrong_request_is_noted(client, repository, forge, body, noted):
    client.ask('POST', f'{AT}/git/trees', body)
    assert any(noted in violation for violation in forge.violations)


def test_an_unknown_parameter_is_noted(client, repository, forge):
    client.get(f'{AT}/commits', params={'branch': 'main'})
    assert forge.violations == ['repos/list-commits: request has an unknown parameter branch']


def test_an_unknown_operation_is_noted(client, repository, forge):
    assert client.get(f'{AT}/stargazers').status_code == 404
    assert 'does not know' in forge.violations[0]


def test_a_wrong_event_is_noted(forge):
    forge.conformance.check_event('push', {'ref': 'refs/heads/main'})
    assert "'before' is a required property" in ' '.join(forge.violations)


def test_long_lists_are_sampled(client, forge):
    files = {f'd{number % 7}/{number}.yaml': b'x: %d\n' % number for number in range(3_000)}
    repository = forge.create_repository('acme', 'large', files=files)
    told = client.get(f'/repos/acme/large/git/trees/{repository.head()}', params={'recursive': '1'}).json()
    assert len(told['tree']) == 3_007
    assert (forge.violations, repository.fsck()) == ([], '')


def test_the_schema_has_the_mutations():
    mutation = schema().mutation_type
    assert mutation is not None
    assert {'createCommitOnBranch', 'updateRefs'} <= mutation.fields.keys()
