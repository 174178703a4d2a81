"""The mutations that compare before they swap, and the few questions that are answered."""

import base64

import pytest

UPDATE = 'mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }'
COMMIT = """
mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid message } ref { target { oid } } }
}
"""
NOTHING = '0' * 40


def update(client, repository, *moves):
    rows = [
        {'name': name, 'beforeOid': before, 'afterOid': after, **more}
        for name, before, after, more in ((*move[:3], move[3] if len(move) > 3 else {}) for move in moves)
    ]
    return client.query(UPDATE, input={'repositoryId': repository.node_id, 'refUpdates': rows})


def commit(client, repository, *, expected=None, branch='main', additions=None, deletions=(), headline='Change'):
    changes = {
        'additions': [
            {'path': path, 'contents': base64.b64encode(content).decode()}
            for path, content in (additions or {}).items()
        ],
        'deletions': [{'path': path} for path in deletions],
    }
    return client.query(
        COMMIT,
        input={
            'branch': {'repositoryNameWithOwner': repository.full_name, 'branchName': branch},
            'expectedHeadOid': expected or repository.head(),
            'message': {'headline': headline, 'body': 'A body'},
            'fileChanges': changes,
        },
    )


class TestUpdateRefs:
    """References move only from where the client thinks they are, all of them or none."""

    def test_a_reference_moves(self, client, repository):
        old, new = repository.head(), client.commit(repository, {'x': '1\n'})
        told = update(client, repository, ('refs/heads/main', old, new))
        assert told == {'data': {'updateRefs': {'clientMutationId': None}}}
        assert repository.head() == new

    def test_the_rewind_hole_is_closed(self, client, repository):
        old = repository.head()
        dropped = repository.push({'dropped': b'1'})
        ours = client.commit(repository, {'ours': '1\n'})
        repository.rewind('main', old)
        told = update(client, repository, ('refs/heads/main', dropped, ours))
        assert told['data'] == {'updateRefs': None}
        assert 'but expected' in told['errors'][0]['message']
        assert repository.head() == old

    def test_none_moves_when_one_may_not(self, client, repository):
        old, new = repository.head(), client.commit(repository, {'x': '1\n'})
        told = update(client, repository, ('refs/heads/main', old, new), ('refs/heads/other', old, new))
        assert told['data'] == {'updateRefs': None}
        assert repository.head() == old

    def test_zeros_stand_for_nothing(self, client, repository):
        head = repository.head()
        assert 'errors' not in update(client, repository, ('refs/heads/new', NOTHING, head))
        assert repository.head('new') == head
        assert 'errors' in update(client, repository, ('refs/heads/new', NOTHING, head))
        assert 'errors' not in update(client, repository, ('refs/heads/new', head, NOTHING))
        assert repository.head('new') == ''

    def test_going_back_takes_force(self, client, repository):
        old = repository.head()
        new = repository.push({'x': b'1'})
        assert 'errors' in update(client, repository, ('refs/heads/main', new, old))
        assert 'errors' not in update(client, repository, ('refs/heads/main', new, old, {'force': True}))

    def test_a_rule_forbids(self, client, repository):
        new = client.commit(repository, {'x': '1\n'})
        repository.protect('main')
        told = update(client, repository, ('refs/heads/main', repository.head(), new))
        assert 'Changes must be made through a pull request.' in told['errors'][0]['message']
        repository.unprotect('main')
        repository.protect('main', 'classic')
        told = update(client, repository, ('refs/heads/main', repository.head(), new))
        assert told['errors'][0]['message'].startswith("protected branch 'main' check failed:")


class TestCreateCommit:
    """GitHub makes the commit, and signs it."""

    def test_files_are_added_and_removed(self, client, repository):
        told = commit(client, repository, additions={'new': b'1\n'}, deletions=['README.md'])
        sha = told['data']['createCommitOnBranch']['commit']['oid']
        assert sha == repository.head()
        assert repository.files().keys() == {'fabric/switches.yaml', 'fabric/vpcs.yaml', 'new'}
        verification = client.get(f'/repos/acme/network/git/commits/{sha}').json()['verification']
        assert verification['verified'] is True

    def test_a_stale_head_is_told(self, client, repository):
        old = repository.head()
        repository.push({'x': b'1'})
        told = commit(client, repository, expected=old, additions={'y': b'1'})
        assert told['data'] == {'createCommitOnBranch': None}
        assert told['errors'][0]['type'] == 'STALE_DATA'
        assert told['errors'][0]['message'].endswith('but it did not.  Pull and try again.')

    def test_an_unknown_branch_is_not_made(self, client, repository):
        assert commit(client, repository, branch='none')['errors'][0]['message'] == 'Branch not found'

    def test_deleting_what_is_not_there_stops_everything(self, client, repository):
        old = repository.head()
        assert 'errors' in commit(client, repository, additions={'x': b'1'}, deletions=['none'])
        assert repository.head() == old

    def test_signatures_are_what_a_rule_wants(self, client, repository):
        repository.protect('main', 'signatures')
        assert 'errors' not in commit(client, repository, additions={'x': b'1'})


def test_questions_are_answered(client, repository):
    told = client.query(
        """query($owner: String!, $name: String!) {
          viewer { login }
          rateLimit { limit remaining resetAt cost }
          repository(owner: $owner, name: $name) {
            id nameWithOwner defaultBranchRef { name target { oid } }
            ref(qualifiedName: "refs/heads/main") { name }
            object(expression: "main:README.md") { ... on Blob { text byteSize isTruncated } }
            none: object(oid: "ffffffffffffffffffffffffffffffffffffffff") { oid }
          }
        }""",
        owner='acme',
        name='network',
    )
    assert 'errors' not in told
    found = told['data']['repository']
    assert found['id'] == client.get('/repos/acme/network').json()['node_id']
    assert found['defaultBranchRef'] == {'name': 'main', 'target': {'oid': repository.head()}}
    assert (found['object']['text'], found['none']) == ('# Network\n', None)


def test_a_missing_permission_and_a_missing_repository_are_told_apart(client, repository, forge):
    forge.add_token('ghp_reader', permissions={'metadata': 'read', 'contents': 'read'})
    client.token = 'ghp_reader'
    assert commit(client, repository, additions={'x': b'1'})['errors'][0]['type'] == 'FORBIDDEN'
    told = client.query('{ repository(owner: "acme", name: "none") { id } }')
    assert (told['data'], told['errors'][0]['type']) == ({'repository': None}, 'NOT_FOUND')


@pytest.mark.usefixtures('wrong_on_purpose')
@pytest.mark.parametrize(
    'document',
    [
        'mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { ref { name } } }',
        '{ viewer { nickname } }',
        '{ viewer ',
    ],
)
def test_what_is_not_in_githubs_schema_is_refused_and_noticed(client, repository, forge, document):
    assert 'errors' in client.query(document)
    assert forge.violations


@pytest.mark.usefixtures('wrong_on_purpose')
def test_a_missing_variable_is_refused_and_noticed(client, repository, forge):
    told = client.query(COMMIT, input={'branch': {}, 'message': {'headline': 'x'}})
    assert 'expectedHeadOid' in told['errors'][0]['message']
    assert forge.violations
