"""The exact answers per failure: status and text."""

import pytest

pytestmark = pytest.mark.usefixtures('wrong_on_purpose')

AT = '/repos/acme/network'
GIT = f'{AT}/git'
MISSING = 'f' * 40
ENTRY = {'path': 'x', 'mode': '100644', 'type': 'blob'}


@pytest.fixture
def ids(repository):
    """What the rows of the tables speak of by name."""
    old = repository.head()
    head = repository.push({'second': b'2'})
    repository.push({'side': b'1'}, branch='side', force_parent=old)
    store = repository.store
    return {
        'HEAD': head,
        'OLD': old,
        'TREE': store.tree_of(head),
        'SIDE': repository.head('side'),
        'BLOB': store.at(store.tree_of(head), 'second')[1],
        'FABRIC': store.at(store.tree_of(head), 'fabric')[1],
    }


def filled(value, ids):
    """Put ids in place of their names."""
    if isinstance(value, dict):
        return {key: filled(inner, ids) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, ids) for inner in value]
    if isinstance(value, str):
        for name, sha in ids.items():
            value = value.replace(f'<{name}>', sha)
    return value


def trees(**entry):
    return {'base_tree': '<TREE>', 'tree': [ENTRY | entry]}


COMMIT = {'message': 'm', 'tree': '<TREE>', 'parents': ['<HEAD>']}
ROWS = [
    ('branch missing', 'GET', f'{GIT}/ref/heads/none', None, 404, 'Not Found'),
    ('not a descendant', 'PATCH', f'{GIT}/refs/heads/main', {'sha': '<SIDE>'}, 422, 'Update is not a fast forward'),
    ('going back', 'PATCH', f'{GIT}/refs/heads/main', {'sha': '<OLD>'}, 422, 'Update is not a fast forward'),
    ('reference missing', 'PATCH', f'{GIT}/refs/heads/none', {'sha': '<HEAD>'}, 422, 'Reference does not exist'),
    ('object missing', 'PATCH', f'{GIT}/refs/heads/main', {'sha': MISSING}, 422, 'Object does not exist'),
    ('singular', 'PATCH', f'{GIT}/ref/heads/main', {'sha': '<HEAD>'}, 404, 'Not Found'),
    (
        'reference exists',
        'POST',
        f'{GIT}/refs',
        {'ref': 'refs/heads/main', 'sha': '<HEAD>'},
        422,
        'Reference already exists',
    ),
    ('reference is gone', 'DELETE', f'{GIT}/refs/heads/none', None, 422, 'Reference does not exist'),
    (
        'a commit as base',
        'POST',
        f'{GIT}/trees',
        {'base_tree': '<HEAD>', 'tree': [ENTRY | {'content': ''}]},
        422,
        'base_tree is not a valid tree oid',
    ),
    (
        'no base',
        'POST',
        f'{GIT}/trees',
        {'base_tree': MISSING, 'tree': [ENTRY | {'content': ''}]},
        422,
        'base_tree is not a valid tree oid',
    ),
    ('deleting nothing', 'POST', f'{GIT}/trees', trees(path='none', sha=None), 422, 'GitRPC::BadObjectState'),
    ('below a file', 'POST', f'{GIT}/trees', trees(path='second/x', content=''), 422, 'GitRPC::BadObjectState'),
    ('over a directory', 'POST', f'{GIT}/trees', trees(path='fabric', content=''), 422, 'GitRPC::BadObjectState'),
    ('mode and id disagree', 'POST', f'{GIT}/trees', trees(mode='040000', sha='<BLOB>'), 422, 'GitRPC::BadObjectState'),
    (
        'neither',
        'POST',
        f'{GIT}/trees',
        trees(),
        422,
        'Must supply either tree.sha or tree.content. Request will be rejected if both are present.',
    ),
    (
        'both',
        'POST',
        f'{GIT}/trees',
        trees(sha='<BLOB>', content=''),
        422,
        'Must supply either tree.sha or tree.content. Request will be rejected if both are present.',
    ),
    ('no blob', 'POST', f'{GIT}/trees', trees(sha=MISSING), 422, f'tree.sha {MISSING} is not a valid blob'),
    ('mode', 'POST', f'{GIT}/trees', trees(mode='100600', content=''), 422, 'Must supply a valid tree.mode'),
    ('slash', 'POST', f'{GIT}/trees', trees(path='/x', content=''), 422, 'tree.path cannot start with a slash'),
    (
        'malformed path',
        'POST',
        f'{GIT}/trees',
        trees(path='a/../b', content=''),
        422,
        'tree.path contains a malformed path component',
    ),
    ('tree missing', 'POST', f'{GIT}/commits', COMMIT | {'tree': MISSING}, 422, 'Tree SHA does not exist'),
    (
        'parent missing',
        'POST',
        f'{GIT}/commits',
        COMMIT | {'parents': [MISSING]},
        422,
        'Parent SHA does not exist or is not a commit object',
    ),
    (
        'half an author',
        'POST',
        f'{GIT}/commits',
        COMMIT | {'author': {'name': 'Ann'}},
        422,
        'Invalid request.\n\n"email" wasn\'t supplied.',
    ),
    ('unknown tree', 'GET', f'{GIT}/trees/{MISSING}', None, 404, 'Not Found'),
    ('unknown blob', 'GET', f'{GIT}/blobs/{MISSING}', None, 404, 'Not Found'),
    ('unknown commit', 'GET', f'{GIT}/commits/{MISSING}', None, 404, 'Not Found'),
    ('unknown repository', 'GET', '/repos/acme/none', None, 404, 'Not Found'),
    (
        'file without its id',
        'PUT',
        f'{AT}/contents/second',
        {'message': 'm', 'content': ''},
        422,
        'Invalid request.\n\n"sha" wasn\'t supplied.',
    ),
    (
        'file with another id',
        'PUT',
        f'{AT}/contents/second',
        {'message': 'm', 'content': '', 'sha': MISSING},
        409,
        f'second does not match {MISSING}',
    ),
    (
        'file on no branch',
        'PUT',
        f'{AT}/contents/second',
        {'message': 'm', 'content': '', 'branch': 'none'},
        404,
        'Branch none not found',
    ),
    (
        'request for nothing new',
        'POST',
        f'{AT}/pulls',
        {'title': 't', 'head': 'main', 'base': 'main'},
        422,
        'Validation Failed',
    ),
]


@pytest.mark.parametrize(
    ('method', 'path', 'body', 'status', 'text'), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_a_refusal_has_githubs_status_and_words(client, ids, method, path, body, status, text):
    answer = client.ask(method, path, filled(body, ids))
    assert (answer.status_code, answer.json()['message']) == (status, text)
    assert answer.json()['documentation_url'].startswith('https://docs.github.com/')


@pytest.mark.parametrize(
    ('method', 'path', 'body'),
    [
        ('GET', 'git/ref/heads/main', None),
        ('POST', 'git/refs', {'ref': 'refs/heads/main', 'sha': MISSING}),
        ('POST', 'git/trees', {'tree': [ENTRY | {'content': ''}]}),
        ('POST', 'git/commits', {'message': 'm', 'tree': MISSING}),
        ('POST', 'git/blobs', {'content': 'x', 'encoding': 'utf-8'}),
        ('GET', 'commits', None),
    ],
)
def test_every_route_of_git_data_refuses_an_empty_repository(client, forge, method, path, body):
    forge.create_repository('acme', 'empty')
    answer = client.ask(method, f'/repos/acme/empty/{path}', body)
    assert (answer.status_code, answer.json()['message']) == (409, 'Git Repository is empty.')


@pytest.mark.parametrize(
    ('kind', 'text'),
    [
        ('pull_request', 'Changes must be made through a pull request.'),
        ('signatures', 'Commits must have verified signatures.'),
        ('classic', 'At least one approving review is required'),
    ],
)
def test_a_protected_branch_does_not_move(client, repository, kind, text):
    repository.protect('main', kind)
    head, sha = repository.head(), client.commit(repository, {'x': '1\n'})
    answer = client.ask('PATCH', f'{GIT}/refs/heads/main', {'sha': sha, 'force': False})
    assert answer.status_code == 422
    assert text in answer.json()['message']
    put = client.ask('PUT', f'{AT}/contents/x', {'message': 'm', 'content': ''})
    assert put.status_code == 409
    assert repository.head() == head


def test_whom_a_rule_does_not_bind_may_push(client, repository):
    repository.protect('main', bypass=frozenset({'hedgehog-bot'}))
    sha = client.commit(repository, {'x': '1\n'})
    assert client.ask('PATCH', f'{GIT}/refs/heads/main', {'sha': sha}).status_code == 200


@pytest.mark.parametrize('count', [251, 1], ids=['too many', 'too big'])
def test_a_tree_that_takes_too_long_times_out(client, repository, count):
    content = 'x' * (3_000_000 // count)
    tree = [ENTRY | {'path': f'f{number}', 'content': content} for number in range(count)]
    answer = client.ask(
        'POST', f'{GIT}/trees', {'base_tree': repository.store.tree_of(repository.head()), 'tree': tree}
    )
    assert answer.status_code == 422
    assert answer.json()['message'].startswith('Sorry, your request timed out.')


class TestAccess:
    """Who may not ask is told so, or is told that there is nothing."""

    def test_an_unknown_token_is_refused(self, client, repository):
        client.token = 'ghp_unknown'
        answer = client.get(AT)
        assert (answer.status_code, answer.json()['message']) == (401, 'Bad credentials')

    def test_a_revoked_token_is_refused(self, client, repository, forge):
        forge.revoke(client.token)
        assert client.get(AT).status_code == 401

    def test_an_expired_token_is_refused_and_the_end_is_announced(self, client, repository, forge, clock):
        forge.add_token('ghp_short', expires=clock().replace(hour=13))
        client.token = 'ghp_short'
        assert client.get(AT).headers['github-authentication-token-expiration'] == '2026-03-01 13:00:00 UTC'
        clock.pass_(hours=1)
        assert client.get(AT).status_code == 401

    def test_a_private_repository_is_not_there_for_strangers(self, client, repository, forge):
        forge.add_token('ghp_other', repositories=['acme/other'])
        for client.token in ('ghp_other', ''):
            assert client.get(AT).status_code == 404

    def test_a_missing_permission_is_named(self, client, repository, forge):
        forge.add_token('ghp_reader', permissions={'metadata': 'read', 'contents': 'read'})
        client.token = 'ghp_reader'
        assert client.get(f'{GIT}/ref/heads/main').status_code == 200
        answer = client.ask('POST', f'{GIT}/blobs', {'content': 'x'})
        assert (answer.status_code, answer.json()['message']) == (
            403,
            'Resource not accessible by personal access token',
        )
        assert answer.headers['x-accepted-github-permissions'] == 'contents=write'

    def test_an_archived_repository_is_only_read(self, client, repository):
        repository.archived = True
        answer = client.ask('POST', f'{GIT}/blobs', {'content': 'x'})
        assert (answer.status_code, answer.json()['message']) == (403, 'Repository was archived so is read-only.')

    def test_a_classic_token_tells_its_scopes(self, client, repository, forge):
        forge.add_token('ghp_classic', classic=True)
        client.token = 'ghp_classic'
        assert client.get('/user').headers['x-oauth-scopes'] == 'repo'

    def test_a_request_without_an_agent_is_turned_away(self, client, repository):
        assert client.get(AT, headers={'User-Agent': ''}).status_code == 403

    def test_an_old_name_leads_to_the_address_that_never_changes(self, client, repository):
        repository.rename('fabric')
        answer = client.get(f'{GIT}/ref/heads/main')
        assert answer.status_code == 301
        path = answer.headers['Location'].removeprefix(client.forge.api_url)
        assert client.get(path).json()['object']['sha'] == repository.head()
        assert client.ask('POST', f'{GIT}/blobs', {'content': 'x'}).status_code == 307
        assert client.get(path.partition('/git')[0]).json()['full_name'] == 'acme/fabric'

    def test_what_is_no_json_is_refused(self, client, repository):
        answer = client.ask('POST', f'{GIT}/blobs', headers={'Content-Type': 'application/json'}, data=b'{')
        assert (answer.status_code, answer.json()['message']) == (400, 'Problems parsing JSON')
